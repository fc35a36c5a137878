"""`cqa verify` finds what must not have been moderated by whoever did it, and what was amended since."""

import json
from pathlib import Path

from cqa.files.journal import Journal
from tests.casework import Run
from tests.commands.shared_cases import ALL, by_script, marked_apart, shown

BETWEEN = {**ALL, "q2": "partly_met"}


def problems(run: Run, sample: Path) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and the codes with the severities."""
    ran = run("verify", "march", "--json", folder=sample.parent.parent)
    return ran.code, [(one["code"], one["severity"]) for one in json.loads(ran.out)["problems"]]


def settled(run: Run, sample: Path) -> tuple[str, str]:
    """A case that lee settled, and its second marker."""
    case_id, _, second = marked_apart(run, sample, 0, ALL, BETWEEN)
    code, _ = by_script(run, sample, {"case": case_id, "question": "q2", "agreed": "partly_met", "cause": "slip",
                                      "reason": "so"}, {"case": case_id, "do": "settle"})
    assert code == 0
    return case_id, second


def forged(run: Run, sample: Path, case_id: str, who: str) -> None:
    """A well-formed line that the commands would have refused, in somebody's journal of moderation."""
    (mine,) = (sample / "moderation").glob("lee.*.jsonl")
    theirs = mine.with_name(mine.name.replace("lee", who))
    opened = json.loads(mine.read_text(encoding="utf-8").splitlines()[0])
    with_name = {**{key: opened[key] for key in opened if key not in ("seq", "prev", "seal")}, "person": who}
    owner = {"person": who, "device": opened["device"]}
    journal = Journal.open(theirs, lambda: "2026-03-02T10:00:00.000Z", owner=owner)
    journal.append(with_name)
    journal.append({"at": "2026-03-02T10:00:00.000Z", "kind": "agreed", "case": case_id, "question": "q2",
                    "purpose": "moderation", "agreed": "fully_met"})
    journal.close()


def test_a_sound_moderation_verifies(run: Run, sample: Path) -> None:
    settled(run, sample)
    assert problems(run, sample) == (0, [])


def test_a_marker_or_handler_who_moderated_their_own_case_is_found(run: Run, sample: Path) -> None:
    case_id, second = settled(run, sample)
    forged(run, sample, case_id, second)
    code, found = problems(run, sample)
    assert code == 1 and ("S063", "error") in found
    handled = next(str(case["case_id"]) for case in shown(run, sample)
                   if case["role"] == "main" and case["handler"] == "h1")
    forged(run, sample, handled, "h1")
    assert ("S061", "error") in problems(run, sample)[1]


def test_an_amendment_since_and_a_case_that_is_gone_are_warnings(run: Run, sample: Path) -> None:
    case_id, second = settled(run, sample)
    lines = ({"case": case_id, "question": "q2", "mark": "fully_met"}, {"case": case_id, "do": "sign_off"})
    amended = run("amend", case_id, "--sample", "march", "--as", second, "--reason", "page 9", "--script", "-",
                  typed="".join(json.dumps(line) + "\n" for line in lines), folder=sample.parent.parent)
    assert amended.code == 0
    assert problems(run, sample) == (0, [("J034", "warning")])
    gone = run("withdraw", case_id, "--reason", "sealed", "--as", "lee", "--sample", "march",
               folder=sample.parent.parent)
    assert gone.code == 0, gone.err
    assert ("J033", "warning") in problems(run, sample)[1]
