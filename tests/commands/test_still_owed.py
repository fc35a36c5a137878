"""A case that somebody is still to mark in one sample tells them nothing from another sample that holds it."""

import json
from pathlib import Path

from cqa.commands.still_owed import still_owed
from tests.casework import Ran, Run
from tests.commands.leaders.test_assigning import WHY, calibrated
from tests.commands.marked_twice import sign_off

LEVELS = ("partly", "fully", "not met", "not_met")


def slipped_in(run: Run, root: Path, who: str = "dee") -> list[str]:
    """Cases of march, all signed and with reference marks, that somebody is to mark in april, for calibration."""
    calibrated(run, root)
    given = run("assign", "--calibration", "--sample", "april", *WHY, "--json", folder=root)
    cases: list[str] = json.loads(given.out)["given"][who]
    return cases


def looks(run: Run, root: Path, case_id: str, who: str = "dee") -> list[Ran]:
    return [run(*words, "--sample", "march", "--as", who, folder=root) for words in (
        ("moderate", case_id), ("moderate", case_id, "--reference"), ("feedback", case_id),
        ("feedback", case_id, "--json"))]


def test_nobody_looks_up_in_its_own_sample_a_case_that_they_mark_for_calibration(run: Run, sample: Path) -> None:
    root = sample.parent.parent
    case_id, *_ = slipped_in(run, root)
    ran = looks(run, root, case_id)
    assert [(one.code, one.err.split()[0]) for one in ran] == [(4, "S060"), (4, "S060"), (4, "J042"), (4, "J042")]
    assert f"cqa assess {case_id} --sample april" in ran[2].err
    assert not any(level in (one.out + one.err).casefold() for one in ran for level in LEVELS)
    for options in ((), ("--reference",)):
        told = run("moderate", "--sample", "march", "--as", "dee", *options, "--all", "--json", folder=root)
        assert told.code == 0 and case_id not in told.out
    # A leader who marks nothing sees it all the time, and so does whoever has signed it.
    assert [one.code for one in looks(run, root, case_id, "lee")] == [0] * 4
    sign_off(run, root, case_id, "dee", sample="april")
    assert [one.code for one in looks(run, root, case_id)] == [0] * 4


def test_what_somebody_owes_is_told_by_sample_whatever_the_letter_case(run: Run, sample: Path) -> None:
    root = sample.parent.parent
    before = still_owed(sample.parent, "Ann")
    assert set(before) == {sample}
    case_id = min(before[sample])
    sign_off(run, root, case_id, "ann")
    assert still_owed(sample.parent, "ann") == {sample: before[sample] - {case_id}}
    assert still_owed(sample.parent, "lead") == still_owed(sample.parent, "") == {}


def test_a_sample_that_cannot_be_read_keeps_nobody_from_another(run: Run, sample: Path) -> None:
    root = sample.parent.parent
    case_id, *_ = slipped_in(run, root)
    record = sample.with_name("april") / "sample.yaml"
    record.write_text(record.read_text(encoding="utf-8") + "#\n", encoding="utf-8", newline="\n")
    assert [one.code for one in looks(run, root, case_id)] == [0] * 4
