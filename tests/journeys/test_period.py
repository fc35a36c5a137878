"""One whole period from the draw to the pack: every figure held to a hand count, and nobody shown what they must not.

The table says who marked what. F fully met, M mainly, P partly, N not met, ? cannot tell, - not asked, . not answered.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
import typer.main

from tests.journeys.blind_sweep import in_files, tokens
from tests.journeys.hand_count import ANSWERS, Given, apart, held, marks, standing, table, wilson
from tests.journeys.period_course import REPLIED, take_course
from tests.journeys.the_period import Period

MARKED = table("""
2026-02-03                     # the panel: reference marks are agreed on these
w-1  pia   first   F F M F
w-1  quin  second  F F M F
w-2  quin  first   F M F ?
w-2  pia   second  F M F ?
w-3  quin  first   M P M F
w-3  pia   second  M M M F
w-4  pia   first   F F F F
w-4  quin  second  F F F F
w-5  pia   first   M F P M
w-5  quin  second  F F P M
w-6  quin  first   P F F F
w-6  pia   second  F F F F
2026-03-04                     # the period begins
s-15 ann   first   F M M M
s-19 ann   first   F F - F     # urgent
s-01 ann   first   P P - P
s-04 bob   first   M M - M     # withdrawn afterwards
s-13 bob   first   F F - F
s-18 bob   first   N - P P
s-16 bob   first   M M - M
s-08 cat   first   F F - M
s-05 cat   first   F . . .  begun   # never signed
s-10 cat   first   F M - M     # and dee never gives its second mark
s-17 cat   first   F ? - F
s-20 dee   first   N - - P
s-09 dee   first   F M P F
s-06 dee   first   F F F F
s-12 dee   first   F . . .  begun   # handed on to ann
2026-03-09
s-03 ann   first   F F F F     # in the place of s-07
s-12 ann   first   P P P P     # from dee's hands
s-08 ann   second  F F - M
s-13 ann   second  F P - F
s-20 ann   second  M M - P
s-09 bob   second  F M M F
s-17 bob   second  F M - F
s-06 cat   second  F F F F
s-16 cat   second  M M - P
2026-03-13                     # calibration cases that nobody can tell from others
w-2  ann   calibration  F M F ?
w-1  ann   calibration  F F M F
w-3  bob   calibration  P P P M
w-1  bob   calibration  M M P M
w-5  dee   calibration  F F P M
2026-03-16                     # second looks that were triggered
s-18 cat   triggered    P P P P
2026-03-17                     # the second line's dip-sample; it never marks s-06
s-12 sol   dip          P N P P
s-13 sol   dip          F M - F
s-17 sol   dip          F M - F
2026-03-23                     # amended after a reply
s-09 dee   first   F M M F
2026-03-24                     # a third mark after a reply
s-01 dee   triggered    P M - P
2026-03-26                     # amended of dee's own accord
s-20 dee   first   P P - P
2026-04-02
w-5  ann   calibration  M F P M
w-4  ann   calibration  F F F F
w-5  bob   calibration  P M N P
w-2  dee   calibration  F P F F
""")


FINAL = standing(MARKED)
"""What stands in April by case and person; the amended marks of s-09 and s-20 among them."""
FIRSTS = {one.case_id: one for one in FINAL.values() if one.turn == "first" and one.case_id[0] == "s"
          and one.case_id != "s-04"}
"""The fourteen first assessments that count: sixteen cases, s-05 not signed and s-04 withdrawn."""
SECONDS = {one.case_id: one for one in FINAL.values() if one.turn == "second" and one.case_id[0] == "s"}
"""Seven of the eight that were due: s-10 lacks dee's."""
UNIT_A = {f"s-{number:02d}" for number in range(1, 11)}
REFERENCE = {"w-1": "FFMF", "w-2": "FMF?", "w-3": "MMMF", "w-4": "FFFF", "w-5": "MFPM"}
"""What the panel agreed: of w-3 that quin was too severe, of w-5 that pia was right."""


@pytest.fixture(scope="module")
def period(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Period]:
    """The period, from its draw to its end."""
    with pytest.MonkeyPatch.context() as patch:
        # To build every command of cqa anew for each of hundreds of command lines takes a third of the time.
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        one = Period(tmp_path_factory.mktemp("period"), MARKED)
        take_course(one)
        yield one


@pytest.fixture(scope="module")
def report(period: Period) -> dict[str, Any]:
    """The report on spring in the end."""
    told: dict[str, Any] = period.kept["report"]
    return told


@pytest.fixture(scope="module")
def status(period: Period) -> dict[str, Any]:
    """Where everything stands in the end."""
    told: dict[str, Any] = period.kept["status"]
    return told


def by(rows: list[dict[str, Any]], key: str) -> dict[Any, dict[str, Any]]:
    """Rows by what they are about, each of which has one."""
    found = {row[key]: row for row in rows}
    assert len(found) == len(rows)
    return found


def levels(given: Iterable[Given], question: str) -> dict[str, int]:
    """How many of these assessments give each answer to a question."""
    counted = Counter(one.marks.get(question) for one in given)
    return {level: counted[letter] for letter, level in ANSWERS.items()}


def test_the_draw_is_that_of_the_table(period: Period) -> None:
    drawn = {(case["case_id"], case["reviewer"], case["second_reviewer"]) for case in period.kept["spring"]
             if case["role"] == "main"}
    seconds = {**{case_id: one.who for case_id, one in SECONDS.items()}, "s-10": "dee"}
    given = {one.case_id: one.who for one in MARKED if one.turn == "first" and one.day == "2026-03-04"}
    assert drawn == {(case_id, who, seconds.get(case_id)) for case_id, who in {**given, "s-07": "ann"}.items()}
    assert len(drawn) == 16 and len(FIRSTS) == 14 and len(SECONDS) == 7


def test_coverage_counts_what_was_drawn_marked_changed_fed_back_and_is_late(report: dict[str, Any]) -> None:
    # Late: s-05, the second mark of s-10, and feedback on s-16 (written, not given) and s-18 (not written).
    # Given: the nine that were, s-13 and s-09 in their second versions.
    assert report["coverage"] == {
        "drawn": 16, "assessed": 14, "second_due": 8, "second_marked": 7, "replaced": 1, "withdrawn": 1,
        "withdrawn_signed": 1, "feedback_due": 11, "feedback_given": 9, "overdue": 4}
    said = by(report["headlines"], "about")["What has not been done"]["says"]
    assert said == ("Still owed: 1 to be signed off by the first marker (cat 1), 1 second mark to be signed off "
                    "(dee 1) and feedback on 2 cases. Overdue: 4. Sheets Completion and Coverage.")
    assert {name: tuple(row.values())[1:] for name, row in by(report["completion"], "reviewer").items()} == {
        # to mark, signed, begun, not begun; second marks due, signed
        "ann": (5, 5, 0, 0, 3, 3),  # four were drawn; s-03 stands for s-07, and s-12 came from dee
        "bob": (3, 3, 0, 0, 2, 2),  # s-04 is withdrawn
        "cat": (4, 3, 1, 0, 2, 2),
        "dee": (3, 3, 0, 0, 1, 0)}


def test_results_are_the_first_marks_that_count_weighed_by_the_strata(report: dict[str, Any]) -> None:
    for question, told in by(report["results"], "question").items():
        counted = levels(FIRSTS.values(), question)
        assert told["levels"] == counted
        assert told["n"] == sum(counted.values()) - counted["cannot_tell"]
        # Ten cases of each unit: six were seen in A and eight in B, so that each stands for 10/6 and 10/8.
        on_scale = [(10 / 6 if one.case_id in UNIT_A else 10 / 8, one.marks[question]) for one in FIRSTS.values()
                    if one.marks.get(question, "?") != "?"]
        best = sum(weight for weight, letter in on_scale if letter == "F")
        assert told["rate"] == pytest.approx(best / sum(weight for weight, _ in on_scale))
    assert by(report["results"], "question")["q1"]["levels"] == {
        "fully": 9, "mainly": 1, "partly": 3, "not": 1, "cannot_tell": 0}
    assert [one["n"] for one in report["results"]] == [14, 12, 6, 14]
    assert [one["case_id"] for one in report["critical_failures"]] == ["s-18"]  # s-20 failed until dee amended it


def test_agreement_is_over_the_cases_that_both_have_signed(report: dict[str, Any]) -> None:
    differing = set()
    for question, told in by(report["agreement"], "question").items():
        both = [(FIRSTS[case_id].marks.get(question, ""), one.marks.get(question, ""))
                for case_id, one in SECONDS.items()]
        pairs = [pair for pair in both if "?" not in pair and all(pair)]
        assert (told["cases"], told["pairs"], told["lost"]) == (len(pairs), len(pairs), sum("?" in one for one in both))
        assert told["exact"] == pytest.approx(sum(one == other for one, other in pairs) / len(pairs))
        assert told["within_one"] == pytest.approx(sum(abs(apart(*pair) or 0) < 2 for pair in pairs) / len(pairs))
        differing |= {(case_id, question) for case_id, (one, other) in zip(SECONDS, both, strict=True) if one != other}
    # q2: F/P on s-13, P/M on s-20 of seven, of which s-17 is lost because cat cannot tell.
    assert [(one["pairs"], round(one["exact"] * one["pairs"])) for one in report["agreement"]] == [
        (7, 6), (6, 4), (2, 2), (7, 6)]
    assert {(one["case_id"], one["question"]) for one in report["disagreements"]} == differing == {
        ("s-13", "q2"), ("s-16", "q4"), ("s-17", "q2"), ("s-20", "q1"), ("s-20", "q2")}
    assert [one["apart"] for one in report["disagreements"]] == [2, 1, 1, 1, None]


def test_moderation_counts_what_differs_what_is_settled_and_why(period: Period, report: dict[str, Any]) -> None:
    def told(found: dict[str, Any]) -> tuple[Any, ...]:
        return found["due"], found["settled"], {one["question"]: (one["causes"], one["change_rubric"])
                                                for one in found["causes"]}

    slip, unclear = ({"slip": 1}, 0), {"guidance_unclear": 1}
    assert [one["case"] for one in period.kept["queue"]["queue"]] == ["s-20", "s-13", "s-09", "s-17", "s-16"]
    assert told(period.kept["moderated"]["moderation"]) == (5, 4, {
        "q1": ({"fact_missed": 1}, 0), "q2": ({**unclear, "fact_missed": 1}, 1), "q3": ({"judgement": 1}, 0),
        "q4": slip})
    # dee's amendment takes s-09 out of those that differ, and opens it again until it is settled anew.
    assert told(period.kept["after the amendment"])[:2] == (4, 3)
    assert [one["case"] for one in period.kept["queue again"]["queue"] if one["amended_since"]] == [REPLIED]
    # dee's second amendment opens s-20: s-13 and s-16 are settled of s-13, s-16, s-17 and s-20.
    assert told(report["moderation"]) == (4, 2, {"q2": (unclear, 1), "q4": slip})
    agreed = {"s-13": "FM-F", "s-16": "MM-M", "s-09": "FMMF"}
    for name, row in by(report["moderation"]["reviewers"], "reviewer").items():
        assert {"reviewer": name, **held((FINAL[case_id, name].marks, marks(letters)) for case_id, letters in
                                         agreed.items() if (case_id, name) in FINAL)} == row
    assert by(report["moderation"]["reviewers"], "reviewer")["bob"]["lean"] == -0.1  # F for M, of ten marks


def test_calibration_is_exact_a_level_too_severe_not_done_and_too_little(
    period: Period, report: dict[str, Any], status: dict[str, Any]
) -> None:
    # Six of ten: ann has eight others and gets four, bob five and three, cat six and three, dee four and two; in the
    # order of their tickets, but for bob, who manages hal and so may not mark w-2, w-4.
    for who, wanted in {"ann": 4, "bob": 3, "cat": 3, "dee": 2}.items():
        free = [case_id for case_id in REFERENCE if who != "bob" or case_id not in ("w-2", "w-4")]
        free.sort(key=lambda case_id: hashlib.sha256(f"4712/calibration|{who}|{case_id}".encode()).hexdigest())
        assert set(period.kept["calibration"]["given"][who]) == set(free[:wanted]), who
    accuracy = by(report["calibration"]["accuracy"], "reviewer")
    # bob: of twelve marks a level too severe three on the critical q1 and one on w-1's q4, whose tolerance is 0.
    # dee: w-5's q1 too lenient, w-2's q4 on the scale where nothing can be told.
    assert {name: (row["cases"], row["marks"], row["within"], row["exact"], row["lean"], row["state"])
            for name, row in accuracy.items()} == {
        "ann": (4, 16, 16, 16, 0, "cleared"), "bob": (3, 12, 8, 0, 1, "not cleared"),
        "cat": (0, 0, 0, 0, None, "too few marks"), "dee": (2, 8, 6, 5, 0, "too few marks")}
    for name, share in {"ann": (16, 16), "bob": (8, 12)}.items():
        assert (accuracy[name]["low"], accuracy[name]["high"]) == pytest.approx(wilson(*share))
    assert status["calibration"][:4] == report["calibration"]["accuracy"]
    assert "w-" not in period.does("show", "spring", "--json"), "which cases were slipped in is nobody's to look up"
    for row in report["calibration"]["drift"]:
        assert "state" not in row  # nobody is cleared over a month
        mine = [one for one in FINAL.values() if (one.who, one.turn, one.day[:7]) == (
            row["reviewer"], "calibration", row["month"])]
        found = held((one.marks, marks(REFERENCE[one.case_id])) for one in mine)
        assert (row["cases"], row["marks"], row["exact"], row["lean"]) == (
            len(mine), found["marks"], found["same"], found["lean"])
    assert [(row["reviewer"], row["month"], row["within"]) for row in report["calibration"]["drift"]] == [
        ("ann", "2026-03", 8), ("ann", "2026-04", 8), ("bob", "2026-03", 5), ("bob", "2026-04", 3),
        ("dee", "2026-03", 3), ("dee", "2026-04", 3)]


def test_second_looks_and_the_dip_sample_stand_apart(
    period: Period, report: dict[str, Any], status: dict[str, Any]
) -> None:
    def looks(kind: str) -> dict[str, Any]:
        return {one["case_id"]: (one["of"], one["by"], one["trigger"], one["compared"]) for one in report[kind]}

    def compared(case_id: str, by_whom: str) -> dict[str, object]:
        return held([(FIRSTS[case_id].marks, FINAL[case_id, by_whom].marks)])

    # Low are a failed critical question (s-18), and the band that the lowest marks give (s-01 and s-12).
    assert {(one["case_id"], one["trigger"]) for one in period.kept["looks due"]} == {
        ("s-01", "low_overall"), ("s-12", "low_overall"), ("s-18", "low_overall"), ("s-19", "urgent")}
    assert {(one["case_id"], one["trigger"]) for one in period.kept["reply calls"]} == {
        ("s-01", "reply"), ("s-12", "low_overall")}
    assert [(one["case_id"], one["trigger"]) for one in status["second_looks"]] == [("s-12", "low_overall")]
    assert [(one["case_id"], one["reviewer"]) for one in status["urgent"]] == [("s-19", "ann")]
    assert looks("triggered") == {"s-18": ("bob", "cat", "low_overall", compared("s-18", "cat")),
                                  "s-19": ("ann", "bob", "urgent", None),
                                  "s-01": ("ann", "dee", "reply", compared("s-01", "dee"))}
    assert compared("s-18", "cat")["one_only"] == 1  # q2 is not asked after bob's q1
    assert looks("dip") == {"s-12": ("ann", "sol", None, compared("s-12", "sol")), "s-06": ("dee", "sol", None, None),
                            "s-13": ("bob", "sol", None, compared("s-13", "sol")),
                            "s-17": ("cat", "sol", None, compared("s-17", "sol"))}
    signed = sorted(FIRSTS.values(), key=lambda one: hashlib.sha256(
        f"105/dip|{one.case_id}|{one.who}".encode()).hexdigest())
    assert [one["case"] for one in period.kept["dip"]["drawn"]] == [one.case_id for one in signed[:4]]
    assert period.kept["dip"]["population"] == 14


def test_status_says_of_everyone_what_was_theirs_and_what_of_it_is_done(status: dict[str, Any]) -> None:
    columns = ("drawn", "marked", "signed", "second_due", "second_marked", "moderated", "replaced", "withdrawn",
               "feedback_due", "feedback_given", "overdue")
    assert {(row["sample"], row["reviewer"], row["unit"]): tuple(row[name] for name in columns)
            for row in status["rows"]} == {
        # Not fed back on: s-19, s-06 and s-10 lack bob's, sol's and dee's marks. Settled: s-13, s-16 and s-09.
        ("spring", "ann", "Unit A"): (5, 5, 5, 3, 3, 0, 1, 0, 4, 4, 0),
        ("spring", "bob", "Unit A"): (3, 3, 3, 2, 2, 2, 0, 1, 3, 1, 2),
        ("spring", "cat", "Unit B"): (4, 4, 3, 2, 2, 0, 0, 0, 2, 2, 1),
        ("spring", "dee", "Unit B"): (3, 3, 3, 1, 0, 1, 0, 0, 2, 2, 1),
        ("spring", "sol", ""): (0,) * 11,
        ("winter", "pia", "Unit A"): (3, 3, 3, 3, 3, 0, 0, 0, 3, 0, 3),
        ("winter", "quin", "Unit B"): (3, 3, 3, 3, 3, 0, 0, 0, 3, 0, 3)}


def test_what_is_overdue_is_so_by_the_calendar(status: dict[str, Any]) -> None:
    # Until 20 April without 25 March (closed), Good Friday, 3 April, and Easter Monday, 6 April. Marks: ten working
    # days after 2 March. Feedback: five after 9 March (cat on s-16), 16 March (cat on s-18), 3 February.
    assert [(one["case"], one["reviewer"], one["what"], one["due"], one["working_days_late"])
            for one in status["overdue"]] == [
        *((f"w-{number}", who, "feedback", "2026-02-10", 46)
          for number, who in zip(range(1, 7), ("pia", "quin", "quin", "pia", "pia", "quin"), strict=True)),
        ("s-05", "cat", "mark", "2026-03-16", 22), ("s-10", "dee", "second mark", "2026-03-16", 22),
        ("s-16", "bob", "feedback", "2026-03-16", 22), ("s-18", "bob", "feedback", "2026-03-23", 17)]


def test_the_plan_is_held_against_what_was_signed(report: dict[str, Any], status: dict[str, Any]) -> None:
    def rows(told: dict[str, Any], quarter: str) -> dict[str, tuple[int, ...]]:
        return {row["person"]: tuple(row[name] for name in ("wanted", "drawn", "done", "second_wanted", "second_done"))
                for row in told["plan"] if row["period"] == quarter}

    # kit: s-13 15 17 19; hal: s-06 08 10; ida: s-01 03 09; jon: s-12 16 18 20; ann: s-05. By both: s-13 17, 06 08, 09,
    # 16 20. In winter hal and jon had three each, all by both.
    assert rows(report, "2026-Q1") == {"ann": (5, 1, 0, 1, 0), "hal": (5, 3, 3, 2, 2), "ida": (5, 3, 3, 2, 1),
                                       "jon": (5, 4, 4, 2, 2), "kit": (5, 4, 4, 2, 2)}
    assert rows(status, "2026-Q1") == {**rows(report, "2026-Q1"), "hal": (5, 6, 6, 3, 5), "jon": (5, 7, 7, 4, 5)}
    assert rows(status, "2026-Q2") == dict.fromkeys(("hal", "ida", "jon", "kit"), (5, 0, 0, 0, 0))


def test_a_reply_is_decided_on_and_an_amendment_calls_for_moderation_and_a_new_sheet(period: Period) -> None:
    def replies(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
        return {one["question"]: (one["answer"], one["decision"]) for one in told["replies"]}

    told = period.kept["sheet again"]
    assert replies(told) == {"q1": ("agree", ""), "q3": ("disagree", "change"), "q4": ("context", "")}
    assert (told["version"], told["given"], told["seen"]) == (1, "2026-03-18", "2026-03-19")
    assert told["outdated"] == "The marks were amended since the sheet was made"
    now = json.loads(period.feeds_back(REPLIED, "--json"))
    assert (now["version"], now["given"], now["how"], now["seen"], now["outdated"]) == (
        2, "2026-03-23", "by mail", "", "")
    rewritten = json.loads(period.feeds_back("s-13", "--json"))
    assert (rewritten["version"], rewritten["seen"], replies(rewritten)) == (2, "2026-03-19", {
        "q2": ("disagree", "keep")})
    assert json.loads(period.feeds_back("s-20", "--json"))["outdated"]  # dee amended it of her own accord
    assert replies(json.loads(period.feeds_back("s-01", "--json"))) == {"q2": ("disagree", "third_mark")}
    # While the third marker of s-01 had not signed it, what had been given was given all the same.
    assert by(period.kept["third mark open"], "reviewer")["ann"]["feedback_given"] == 4


def test_the_history_of_two_handlers_holds_their_cases_and_what_came_of_them(period: Period) -> None:
    def told(handler: str) -> dict[str, dict[str, Any]]:
        return by(period.told("history", handler, "--as", "lena")["cases"], "case_id")

    ida = told("ida")
    assert ida.pop("s-07")["state"].startswith("replaced")
    # The first marks count, on s-09 the agreed one, which is dee's after the amendment.
    sheets = {case_id: (one["version"], one["given"], one["seen"], one["amendments"]) for case_id, one in ida.items()}
    assert sheets == {
        "s-01": (1, "2026-03-18", "", 0), "s-03": (1, "2026-03-18", "", 0), "s-09": (2, "2026-03-23", "", 1)}
    label = {"F": "Fully met", "M": "Mainly met", "P": "Partly met", "N": "Not met", "?": "Cannot tell"}
    assert {case_id: one["levels"] for case_id, one in ida.items()} == {
        case_id: Counter(label[letter] for letter in FIRSTS[case_id].marks.values()) for case_id in ida}
    kit = told("kit")
    assert {case_id: (one["version"], one["given"]) for case_id, one in kit.items()} == {
        "s-13": (2, "2026-03-19"), "s-15": (1, "2026-03-18"), "s-17": (1, "2026-03-18"), "s-19": (0, "")}
    # Agreed on s-13 is M where bob gave F; s-17 is not settled; of s-19 nothing is told before bob has looked at it.
    assert kit["s-13"]["levels"] == {"Fully met": 2, "Mainly met": 1}
    assert kit["s-17"]["levels"] == {"Fully met": 2, "Cannot tell": 1}
    assert kit["s-19"]["levels"] == {}


def test_nobody_is_ever_shown_what_others_wrote_of_a_case_that_they_are_still_to_mark(period: Period) -> None:
    assert period.leaks == []
    assert len(period.searched) == 11 and min(period.searched.values()) >= 20, period.searched


def test_the_search_would_find_it(period: Period) -> None:
    found = tokens(period.does("export", "--json"))
    assert found == {(one.who, one.case_id) for one in MARKED} - {("bob", "s-04"), ("dee", "s-12")}
    assert ("max", "s-13") in tokens(period.does("moderate", "--sample", "spring", "--as", "ann", "--json"))
    assert {("bob", "s-18"), ("cat", "s-18")} <= tokens(
        period.does("moderate", "s-18", "--sample", "spring", "--as", "max"))
    period.does("moderate", "--sample", "spring", "--as", "max", "--panel", "panel.xlsx")
    packed = {found for _, text in in_files(period.root / "panel.xlsx") for found in tokens(text)}
    assert {("bob", "s-18"), ("cat", "s-18")} <= packed


def test_the_export_holds_every_mark_and_the_pack_can_be_verified(period: Period) -> None:
    rows = json.loads(period.does("export", "spring", "--json"))["rows"]
    signed = {(row["case_id"], row["reviewer"], row["turn"], row["question"], row["mark"])
              for row in rows if row["signed"]}
    assert signed == {(one.case_id, one.who, one.turn, name, ANSWERS[letter]) for one in FINAL.values()
                      for name, letter in one.marks.items() if one.day > "2026-03" and one.case_id != "s-04"}
    period.does("pack", "spring", "--out", "spring.zip")
    # All that is found is the moderation of s-20, which waits to be settled again.
    for sample, found in (("winter", []), ("spring", ["J034"])):
        told = json.loads(period.does("verify", sample, "--json", "--export", f"{sample}.csv"))
        assert (told["ok"], [one["code"] for one in told["problems"]]) == (True, found), told
