"""`cqa feedback`: what is written, given, seen, decided and done, and everything that is refused."""

import io
import json
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cqa import cli
from cqa.files.journal import read_journal
from cqa.world import World
from tests.casework import Ran, Run
from tests.commands.leaders.test_replace import verify
from tests.fed_back import ALL_MET, SHEET, cases, feedback, sheet_of, sign_off, signed, standing
from tests.workbook_lint import lint


def journals(sample: Path) -> list[Path]:
    return list((sample / "feedback").glob("*.jsonl"))


def test_a_sheet_is_written_given_seen_and_done(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    before = standing(run, sample, case)
    assert before["due"] is True and before["version"] == 0 and not journals(sample)
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 0 and "version 1" in ran.out and "--given today" in ran.out
    assert feedback(run, sample, case, "--given", "2026-03-02", "--how", "in person").code == 0
    assert feedback(run, sample, case, "--seen", "today").code == 0
    assert feedback(run, sample, case, "--done", "1", "--on", "2026-03-02").code == 0
    after = standing(run, sample, case)
    assert (after["version"], after["strength"], after["given"], after["how"], after["given_by"], after["seen"]) == (
        1, "A clear theory of the case.", "2026-03-02", "in person", "lead", "2026-03-02")
    assert after["actions"] == [{
        "number": 1, "what": "Chase the schedule", "owner": "h1", "due": "2026-04-01", "done": "2026-03-02",
        "again_in": "", "again": None, "again_sample": ""}]
    reading = read_journal(journals(sample)[0])
    assert not reading.problems
    assert [line["kind"] for line in reading.lines if line["kind"] != "opened"] == ["written", "given", "seen", "done"]
    assert verify(run, sample) == (0, [])
    said = feedback(run, sample, case).out
    assert "done on 2026-03-02" in said and "Given on 2026-03-02: in person" in said and str(sheet_of(sample, case)
                                                                                             ) in said


def test_writing_giving_and_seeing_can_be_one_command(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    ran = feedback(run, sample, case, *SHEET, "--given", "today", "--how", "by phone", "--seen", "today", "--json")
    told = json.loads(ran.out)
    assert ran.code == 0 and len(told["events"]) == 3 and told["seen"] == "2026-03-02"
    assert [Path(path).suffix for path in told["files"]] == [".xlsx", ".txt", ".html"]


def test_the_same_thing_twice_is_nothing_new(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 0 and "Nothing new" in ran.out and standing(run, sample, case)["version"] == 1
    feedback(run, sample, case, "--given", "today", "--how", "by phone")
    lines = len(read_journal(journals(sample)[0]).lines)
    assert "Nothing new" in feedback(run, sample, case, "--given", "today", "--how", "by phone").out
    assert len(read_journal(journals(sample)[0]).lines) == lines


def test_a_new_version_is_yet_to_be_given_and_keeps_what_was_done(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET, "--given", "today", "--how", "by phone")
    feedback(run, sample, case, "--done", "1", "--on", "today")
    ran = feedback(run, sample, case, "--strength", "Another.", "--next", "Write to the victim; h1; 2026-04-02",
                   "--next", "Chase the schedule; h1; 2026-04-01")
    after = standing(run, sample, case)
    assert ran.code == 0 and after["version"] == 2 and after["given"] == after["seen"] == ""
    assert [step["done"] for step in after["actions"]] == ["", "2026-03-02"]


def test_an_amendment_is_told_and_calls_for_a_new_sheet(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    sheet = sheet_of(sample, case).read_bytes()
    lines = ({"case": case["case_id"], "question": "q1", "mark": "fully_met"},
             {"case": case["case_id"], "do": "sign_off"})
    ran = run("amend", str(case["case_id"]), "--sample", "march", "--as", str(case["reviewer"]), "--reason", "found",
              "--script", "-", typed="".join(json.dumps(line) + "\n" for line in lines), folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    assert "amended since the sheet was made" in standing(run, sample, case)["outdated"]
    refused = feedback(run, sample, case, "--given", "today", "--how", "by phone")
    assert refused.code == 4 and "J045" in refused.err and "makes version 2" in refused.err
    assert feedback(run, sample, case, *SHEET).code == 0
    assert standing(run, sample, case)["version"] == 2 and not standing(run, sample, case)["outdated"]
    assert sheet_of(sample, case).read_bytes() != sheet


def test_nothing_is_written_before_every_marker_has_signed(run: Run, sample: Path) -> None:
    case = next(iter(cases(run, sample, twice=True)))
    sign_off(run, sample, case, str(case["reviewer"]), ALL_MET)
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 4 and "J040" in ran.err and str(case["second_reviewer"]) in ran.err and not journals(sample)
    assert standing(run, sample, case)["due"] is False


def test_whoever_is_still_to_mark_the_case_sees_and_does_nothing(run: Run, sample: Path) -> None:
    case = next(iter(cases(run, sample, twice=True)))
    sign_off(run, sample, case, str(case["reviewer"]), ALL_MET)
    for options in ((), ("--json",), SHEET):
        ran = feedback(run, sample, case, *options, who=str(case["second_reviewer"]))
        assert ran.code == 4 and "J042" in ran.err and ran.out == "" and "Fully" not in ran.err
    assert not journals(sample)


def test_nobody_feeds_back_on_their_own_work_and_may_say_that_they_saw_it(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    handler = str(case["handler"])
    ran = feedback(run, sample, case, *SHEET, who=handler.upper())
    assert ran.code == 4 and "J041" in ran.err and not journals(sample)
    feedback(run, sample, case, *SHEET, "--given", "today", "--how", "by phone")
    assert feedback(run, sample, case, "--given", "today", "--how", "again", who=handler).code == 4
    assert feedback(run, sample, case, "--seen", "today", who=handler).code == 0


def test_what_was_given_before_anybody_wrote_a_sheet_is_kept_and_the_sheet_holds_the_marks_alone(
    run: Run, sample: Path
) -> None:
    case = signed(run, sample)
    ran = feedback(run, sample, case, "--given", "today", "--how", "by phone")
    assert ran.code == 0 and "W027" in ran.err and sheet_of(sample, case).exists()
    told = standing(run, sample, case)
    assert (told["version"], told["strength"], told["given"], told["how"]) == (1, "", "2026-03-02", "by phone")
    assert lint(sheet_of(sample, case).read_bytes()) == []
    again = feedback(run, sample, case, *SHEET)
    assert again.code == 0 and "W027" not in again.err
    told = standing(run, sample, case)
    assert (told["version"], told["given"]) == (2, "")  # a new sheet is yet to be given


@pytest.mark.parametrize(("options", "code"), [
    (("--seen", "today"), "J044"),
    (("--done", "1", "--on", "today"), "J044"),
    (("--decide", "q1=keep", "--reason", "so"), "J044"),
    (("--strength", "Good.", "--next", "A; h1; 2026-02-01", "--next", "B; h1; 2026-01-01"), "J043"),
])
def test_what_a_rule_forbids_is_exit_4_and_leaves_no_file(
    run: Run, sample: Path, options: tuple[str, ...], code: str
) -> None:
    case = signed(run, sample)
    ran = feedback(run, sample, case, *options)
    assert ran.code == 4 and ran.out == "" and not journals(sample) and not sheet_of(sample, case).exists()
    assert {line.split()[0] for line in ran.err.splitlines()} >= {code}
    assert code != "J043" or ran.err.count("is past") == 2


@pytest.mark.parametrize(("options", "told"), [
    (("--given", "2026-03-03", "--how", "x"), "still to come"),
    (("--given", "2026-03-01", "--how", "x"), "signed off on 2026-03-02"),
    (("--decide", "q1=keep", "--reason", "so"), "no reply to question 'q1'"),
    (("--done", "4", "--on", "today"), "has 1 action"),
    (("--done", "1", "--on", "2026-03-09"), "still to come"),
    (("--done", "0", "--on", "today"), "There is no action 0"),
    (("--seen", "today"), "was not given yet"),
    (("--again", "1", "--in-case", "nowhere", "--no"), "no other case of the same handler"),
])
def test_what_cannot_have_happened_is_exit_4(run: Run, sample: Path, options: tuple[str, ...], told: str) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    before = standing(run, sample, case)
    ran = feedback(run, sample, case, *options)
    assert ran.code == 4 and told in ran.err and standing(run, sample, case) == before


def test_it_is_not_seen_before_it_was_given(run: Run, world: World, sample: Path) -> None:
    case = signed(run, sample)
    later = replace(world, now=lambda: datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    def lead(*options: str) -> Ran:
        inside = replace(later, stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO(),
                         folder=sample.parent.parent)
        code = cli.run(("feedback", str(case["case_id"]), "--as", "Lead", *options), inside)
        return Ran(code, inside.stdout.getvalue(), inside.stderr.getvalue())  # type: ignore[attr-defined]
    assert lead(*SHEET, "--given", "2026-03-10", "--how", "in person").code == 0
    ran = lead("--seen", "2026-03-09")
    assert ran.code == 4 and "it was given on 2026-03-10" in ran.err
    assert lead("--seen", "2026-03-10").code == 0


@pytest.mark.parametrize(("options", "told"), [
    (("--strength", "Good."), "What to do next is missing"),
    (("--next", "A; h1; 2026-04-01"), "--strength is blank"),
    (("--strength", " ", "--none", " "), "--none is blank"),
    (("--strength", "Good.", "--none", "x", "--next", "A; h1; 2026-04-01"), "Leave one of them out"),
    (("--strength", "Good.", *(4 * ("--next", "A; h1; 2026-04-01"))), "too many"),
    (("--strength", "Good.", *(2 * ("--next", "A; h1; 2026-04-01"))), "Say each once"),
    (("--strength", "Good.", "--next", "A; 2026-04-01"), "is not a thing to do next"),
    (("--strength", "Good.", "--next", "; h1; 2026-04-01"), "what to do is blank"),
    (("--strength", "Good.", "--next", "A; ; 2026-04-01"), "its owner is blank"),
    (("--strength", "Good.", "--next", "A; h1; 03/04/2026"), "can be read in two ways"),
    (("--strength", "Good.", "--next", "A; h1; 2026-02-30"), "there is no day 2026-02-30"),
    (("--strength", "x" * 8_001, "--none", "x"), "8,001 characters"),
    (("--strength", "half \ud800", "--none", "x"), "half a character"),
    (("--given", "today"), "--given needs --how"),
    (("--how", "by phone"), "--how is for --given"),
    (("--given", "today", "--how", " "), "--how is blank"),
    (("--seen", "yesterday"), "no day that is certain"),
    (("--seen", "1/2/26"), "can be read in two ways"),
    (("--seen", "\u0662\u0660\u0662\u0666-03-02"), "no day that is certain"),
    (("--decide", "q1=keep"), "--decide needs --reason"),
    (("--decide", "q1=keeep", "--reason", "so"), "Did you mean keep?"),
    (("--decide", "keep", "--reason", "so"), "QUESTION=keep"),
    (("--reason", "so"), "--reason is for --decide"),
    (("--done", "1"), "--done needs --on"),
    (("--again", "1", "--yes"), "--again needs --in-case"),
    (("--again", "1", "--in-case", "x"), "--again needs --yes or --no"),
    (("--in-sample", "march"), "--in-sample is for --again"),
])
def test_options_that_cannot_be_used_are_exit_2(run: Run, sample: Path, options: tuple[str, ...], told: str) -> None:
    case = signed(run, sample)
    ran = feedback(run, sample, case, *options)
    assert ran.code == 2 and told in ran.err and ran.out == "" and not journals(sample)


def test_all_that_is_wrong_with_the_options_is_said_at_once(run: Run, sample: Path) -> None:
    ran = feedback(run, sample, signed(run, sample), "--strength", "", "--next", "A", "--next", "B; ; 1/2/26",
                   "--given", "soon", "--seen", "later", "--decide", "q1", "--done", "1")
    assert ran.code == 2 and ran.err.count("S018") == 10, ran.err


def test_an_action_may_hold_semicolons(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, "--strength", "Good.", "--next", "One; two; three ; h1 ; 2026-04-01")
    step = standing(run, sample, case)["actions"][0]
    assert (step["what"], step["owner"], step["due"]) == ("One; two; three", "h1", "2026-04-01")


def test_nothing_to_do_next_needs_a_reason_and_stands_on_the_sheet(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    assert feedback(run, sample, case, "--strength", "Good.", "--none", "Every mark is the best one.").code == 0
    assert standing(run, sample, case)["nothing"] == "Every mark is the best one."
    assert "Nothing: Every mark is the best one." in sheet_of(sample, case, "txt").read_text(encoding="utf-8")


def test_unknown_names_are_exit_2_and_a_case_not_in_use_exit_4(run: Run, sample: Path) -> None:
    folder = sample.parent.parent
    assert run("feedback", "nowhere", "--sample", "march", "--as", "Lead", folder=folder).code == 2
    assert run("feedback", "1", "--sample", "april", "--as", "Lead", folder=folder).code == 2
    assert run("feedback", "1", "--sample", "march", folder=folder).code == 2
    case = signed(run, sample)
    assert run("withdraw", str(case["case_id"]), "--reason", "sealed", "--as", "Lead", folder=folder).code == 0
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 4 and "withdrawn" in ran.err


def test_a_damaged_journal_is_exit_7_and_nothing_is_written(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    path = journals(sample)[0]
    path.write_bytes(path.read_bytes().replace(b"clear theory", b"clean theory"))
    before = path.read_bytes()
    assert feedback(run, sample, case, "--given", "today", "--how", "by phone").code == 7
    assert feedback(run, sample, case).code == 7 and path.read_bytes() == before


def test_an_action_is_looked_for_in_a_later_case_of_the_same_handler(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    same = [one for twice in (False, True) for one in cases(run, sample, twice, (str(case["handler"]),))
            if one["case_id"] != case["case_id"]]
    other = [one for one in cases(run, sample) if one["handler"] != case["handler"]]
    assert same and other
    looked = ("--again", "1", "--in-case")
    assert "no other case" in feedback(run, sample, case, *looked, str(other[0]["case_id"]), "--no").err
    assert "not signed off by all" in feedback(run, sample, case, *looked, str(same[0]["case_id"]), "--no").err
    for who in filter(None, (same[0]["reviewer"], same[0]["second_reviewer"])):
        sign_off(run, sample, same[0], str(who), ALL_MET)
    assert feedback(run, sample, case, *looked, str(same[0]["case_id"]), "--yes").code == 0
    step = standing(run, sample, case)["actions"][0]
    assert (step["again_in"], step["again"], step["again_sample"]) == (same[0]["case_id"], True, "march")
    assert "seen again" in " ".join(feedback(run, sample, case).out.split())


def test_a_case_signed_before_the_sheet_was_written_is_no_later_case(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    same = next(one for one in cases(run, sample, False, (str(case["handler"]),)) if one["case_id"] != case["case_id"])
    sign_off(run, sample, same, str(same["reviewer"]), ALL_MET)
    feedback(run, sample, case, *SHEET)
    ran = feedback(run, sample, case, "--again", "1", "--in-case", str(same["case_id"]), "--no")
    assert ran.code == 4 and "before this feedback was written" in ran.err


def test_the_files_bear_neither_case_nor_handler_in_their_names(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    names = [path.name for path in (sample / "books").iterdir()]
    assert sorted(names) == sorted(sheet_of(sample, case, ending).name for ending in ("xlsx", "txt", "html"))
    assert not any(str(case["case_id"]) in name or str(case["handler"]) in name for name in names)


def test_the_second_marker_is_not_named_on_the_sheet(run: Run, sample: Path) -> None:
    case = signed(run, sample, twice=True)
    assert feedback(run, sample, case, *SHEET).code == 0
    for ending in ("txt", "html"):
        text = sheet_of(sample, case, ending).read_text(encoding="utf-8")
        assert str(case["reviewer"]) in text and str(case["second_reviewer"]) not in text.replace("handle", "")


def test_a_sheet_that_was_deleted_is_made_again_byte_for_byte(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    before = {ending: sheet_of(sample, case, ending).read_bytes() for ending in ("xlsx", "txt", "html")}
    for ending in before:
        sheet_of(sample, case, ending).unlink()
    assert feedback(run, sample, case).code == 0
    assert before == {ending: sheet_of(sample, case, ending).read_bytes() for ending in before}


class Terminal(io.StringIO):
    """A console at which somebody types."""

    def isatty(self) -> bool:
        return True


def at_terminal(world: World, sample: Path, case: str, typed: str) -> Ran:
    inside = replace(world, stdin=Terminal(typed), stdout=Terminal(), stderr=io.StringIO(), folder=sample.parent.parent)
    code = cli.run(("feedback", case, "--sample", "march", "--as", "Lead"), inside)
    return Ran(code, inside.stdout.getvalue(), inside.stderr.getvalue())  # type: ignore[attr-defined]


def test_at_a_terminal_it_asks_line_by_line_and_shows_what_it_took(run: Run, world: World, sample: Path) -> None:
    case = signed(run, sample)
    ran = at_terminal(world, sample, str(case["case_id"]), "\nA clear theory.\nA; b\nA; h1; 2026-04-01\n\ny\n")
    assert ran.code == 0, ran.err
    assert "What was good is blank." in ran.out and "Good: A clear theory." in ran.out
    assert "'A; b' is not a thing to do next." in ran.out and "A - h1, by 2026-04-01" in ran.out
    assert standing(run, sample, case)["actions"][0]["what"] == "A"


def test_at_a_terminal_nothing_is_said_of_options_that_nobody_typed(run: Run, world: World, sample: Path) -> None:
    case = signed(run, sample)
    ran = at_terminal(world, sample, str(case["case_id"]),
                      "Good.\n; h1; 2026-04-01\nA; ; 2026-04-01\nA; h1; soon\nA; h1; 2026-04-01\n\ny\n")
    assert ran.code == 0 and "--" not in ran.out.split("Save it?")[0]
    assert "what to do next, 1, what to do is blank." in ran.out and "what to do next, 1, its owner is blank" in ran.out
    assert "what to do next, 1: 'soon' is no day that is certain." in ran.out


def test_a_further_mark_is_awaited_where_a_sheet_stands_already(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    who = next(one for one in ("ann", "bob", "cat", "dee") if one not in (case["reviewer"], case["handler"]))
    ran = run("assign", str(case["case_id"]), "--sample", "march", "--turn", "triggered", "--trigger", "asked_for",
              "--to", who, "--reason", "so", "--as", "Lead", folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    said = " ".join(feedback(run, sample, case).out.split())
    assert f"A further mark is awaited from {who}. Nothing new is given until then. Version 1" in said
    assert "No feedback" not in said and "sign off" not in said


@pytest.mark.parametrize("typed", ["", "Good.\n", "Good.\nA; h1; 2026-04-01\n\nn\n", "Good.\n\nNothing.\n"])
def test_leaving_off_keeps_nothing(run: Run, world: World, sample: Path, typed: str) -> None:
    case = signed(run, sample)
    ran = at_terminal(world, sample, str(case["case_id"]), typed)
    assert ran.code == 130 and "Nothing was kept." in ran.out and not journals(sample)


def test_at_a_terminal_a_sheet_that_stands_is_only_shown(run: Run, world: World, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    ran = at_terminal(world, sample, str(case["case_id"]), "Good.\n\nNothing.\ny\n")
    assert ran.code == 0 and "Version 1" in ran.out and "What was good?" not in ran.out
    assert standing(run, sample, case)["version"] == 1


def test_at_a_terminal_nothing_is_asked_before_all_have_signed(run: Run, world: World, sample: Path) -> None:
    case = next(iter(cases(run, sample)))
    ran = at_terminal(world, sample, str(case["case_id"]), "Good.\n\nNothing.\ny\n")
    assert ran.code == 0 and "Still to sign off" in ran.out and not journals(sample)


def test_without_a_terminal_the_case_alone_shows_where_it_stands(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    ran = feedback(run, sample, case)
    assert ran.code == 0 and "Feedback is due" in ran.out and "q1 (Partly met)" in ran.out and not journals(sample)


def test_a_moderated_case_hands_out_the_agreed_mark_and_says_so(run: Run, sample: Path) -> None:
    case = signed(run, sample, twice=True)
    assert feedback(run, sample, case, *SHEET).code == 0
    moderate(run, sample, case)
    assert "moderation" in standing(run, sample, case)["outdated"]
    assert feedback(run, sample, case, *SHEET).code == 0
    text = sheet_of(sample, case, "txt").read_text(encoding="utf-8")
    assert "Fully met (agreed in moderation)" in text and "Seen again together" in text
    assert "stop short" not in text and standing(run, sample, case)["version"] == 2


def moderate(run: Run, sample: Path, case: object, settle: bool = True) -> None:
    """An agreed mark as `cqa moderate` writes it down, straight into a journal of moderation."""
    from cqa.files.journal import Journal  # noqa: PLC0415
    from cqa.marking.entries import Entry, entry_line  # noqa: PLC0415

    case_id, over = str(case["case_id"]), _signed_ids(run, sample, case)  # type: ignore[index]
    path = sample / "moderation" / "mod.11111111.jsonl"
    journal = Journal.open(path, lambda: "2026-03-02T10:00:00.000Z")
    at = "2026-03-02T10:00:00.000Z"
    journal.append({"at": at, "kind": "opened", "person": "mod", "device": "11111111"})
    entry = Entry("mod", "mod.11111111", 2, at, "agreed", case_id, "q1", {
        "purpose": "moderation", "agreed": "fully_met", "cause": "judgement", "reason": "Seen again together."})
    journal.append(entry_line(entry))
    if settle:
        journal.append(entry_line(Entry("mod", "mod.11111111", 3, at, "settled", case_id, "", {
            "purpose": "moderation", "over": over})))
    journal.close()


def _signed_ids(run: Run, sample: Path, case: object) -> str:
    from cqa.commands.records import read_record  # noqa: PLC0415
    from cqa.files.sample_folder import open_sample  # noqa: PLC0415
    from cqa.files.workspace import open_workspace  # noqa: PLC0415

    record = read_record(open_sample(open_workspace(sample.parent.parent), "march"))
    return " ".join(one.assessment.signed_id for one in record.of_case(str(case["case_id"])))  # type: ignore[index]


def test_a_moderation_that_is_not_settled_is_told(run: Run, sample: Path) -> None:
    case = signed(run, sample, twice=True)
    moderate(run, sample, case, settle=False)
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 0 and "is not settled" in ran.out
    assert "agreed in moderation)" not in sheet_of(sample, case, "txt").read_text(encoding="utf-8")


def test_a_moderation_over_marks_that_were_amended_is_refused(run: Run, sample: Path) -> None:
    case = signed(run, sample, twice=True)
    moderate(run, sample, case)
    lines = ({"case": case["case_id"], "question": "q2", "mark": "partly_met", "reason": "so"},
             {"case": case["case_id"], "do": "sign_off"})
    run("amend", str(case["case_id"]), "--sample", "march", "--as", str(case["reviewer"]), "--reason", "found",
        "--script", "-", typed="".join(json.dumps(line) + "\n" for line in lines), folder=sample.parent.parent)
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 4 and "J045" in ran.err and "cqa moderate" in ran.err and not journals(sample)


def test_after_an_amendment_of_a_moderated_case_it_is_said_at_once_to_settle_it_again(
    run: Run, world: World, sample: Path
) -> None:
    case = signed(run, sample, twice=True)
    moderate(run, sample, case)
    assert feedback(run, sample, case, *SHEET).code == 0
    lines = ({"case": case["case_id"], "question": "q2", "mark": "partly_met", "reason": "so"},
             {"case": case["case_id"], "do": "sign_off"})
    run("amend", str(case["case_id"]), "--sample", "march", "--as", str(case["reviewer"]), "--reason", "found",
        "--script", "-", typed="".join(json.dumps(line) + "\n" for line in lines), folder=sample.parent.parent)
    told = f"settle the case again first (cqa moderate {case['case_id']} --sample march), then write the sheet again"
    assert told in " ".join(feedback(run, sample, case).out.split())
    refused = feedback(run, sample, case, "--given", "today", "--how", "by phone")
    assert refused.code == 4 and told in refused.err
    assert "What was good?" not in at_terminal(world, sample, str(case["case_id"]), "Good.\n").out


def test_markers_who_differ_are_told_until_moderation_has_settled_it(run: Run, sample: Path) -> None:
    case = cases(run, sample, twice=True)[0]
    sign_off(run, sample, case, str(case["reviewer"]))
    assert "J049" not in feedback(run, sample, case, who=str(case["reviewer"])).err
    sign_off(run, sample, case, str(case["second_reviewer"]), ALL_MET)
    told = ("warning: J049 The markers of this case differ on 1 question, and moderation has not settled it: the sheet "
            f"holds the first marker's marks. Settle it first: cqa moderate {case['case_id']} --sample march\n")
    for options in ((), SHEET, ("--given", "today", "--how", "by phone")):
        ran = feedback(run, sample, case, *options)
        assert ran.code == 0 and ran.err == told
    assert feedback(run, sample, case, "--seen", "today").err == ""
    moderate(run, sample, case)
    assert feedback(run, sample, case, *SHEET).err == ""


def test_markers_who_agree_are_not_told_to_differ(run: Run, sample: Path) -> None:
    assert feedback(run, sample, signed(run, sample, twice=True), *SHEET).err == ""


def test_given_again_says_what_it_replaces(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    first = feedback(run, sample, case, *SHEET, "--given", "today", "--how", "by phone")
    ran = feedback(run, sample, case, "--given", "today", "--how", "in person")
    assert "is replaced" not in first.out
    assert "That it was given on 2026-03-02 (by phone) is replaced by this." in " ".join(ran.out.split())
    feedback(run, sample, case, *SHEET[:2], "--none", "so")
    assert "is replaced" not in feedback(run, sample, case, "--given", "today", "--how", "by mail").out


def test_the_help_shows_an_example_that_runs(run: Run, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("feedback", "--help").code == 0
    example = " ".join(capsys.readouterr().out.split()).split("Example: cqa ")[1]
    words, case = shlex.split(example), signed(run, sample)
    words[1] = str(case["case_id"])
    ran = run(*words, folder=sample.parent.parent)
    assert ran.code == 0 and standing(run, sample, case)["actions"][0]["due"] == "2030-01-31"
