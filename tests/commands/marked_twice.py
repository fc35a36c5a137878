"""A sample in which everything is marked and signed off, with known differences between the two markers."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.casework import Ran, Run

Case = dict[str, object]


def mains(run: Run, root: Path, sample: str = "march") -> list[Case]:
    """The main cases of a sample in ticket order, as `show` tells them."""
    told = json.loads(run("show", sample, "--json", folder=root).out)
    return [case for case in told["cases"] if case["role"] == "main"]


def twice(run: Run, root: Path, sample: str = "march") -> list[Case]:
    """Those of them that are marked twice."""
    return [case for case in mains(run, root, sample) if case["second_reviewer"]]


def script(run: Run, root: Path, command: str, lines: Sequence[dict[str, object]], *words: str) -> Ran:
    """Runs a command that reads JSON lines."""
    return run(command, *words, "--script", "-", typed="".join(json.dumps(line) + "\n" for line in lines), folder=root)


def sign_off(run: Run, root: Path, case_id: object, who: object, q1: str = "fully_met", sample: str = "march",
             q2: str = "fully_met") -> None:
    """Marks a case and signs it off; a case without a child, so that q3 is not asked unless the export says so."""
    texts = {"reason": "The letter was late.", "evidence": "page 2"}
    lines: list[dict[str, object]] = [
        {"case": case_id, "fact": "child", "value": "N"},
        {"case": case_id, "question": "q1", "mark": q1, **texts},
        {"case": case_id, "question": "q2", "mark": q2, **texts},
        {"case": case_id, "question": "q3", "mark": "partly_met" if q1 == "not_met" else "fully_met", **texts},
        {"case": case_id, "do": "sign_off"}]
    ran = script(run, root, "assess", lines, "--sample", sample, "--as", str(who))
    assert json.loads(ran.out.splitlines()[-1])["saved"], ran.out


def all_signed(run: Run, root: Path, differing: int = 3, sample: str = "march") -> list[str]:
    """Signs everything off; of the first so many cases that are marked twice the second marker gave q1 a level lower.
    Gives these cases."""
    differ = [str(case["case_id"]) for case in twice(run, root, sample)[:differing]]
    for case in mains(run, root, sample):
        sign_off(run, root, case["case_id"], case["reviewer"], sample=sample)
        if case["second_reviewer"]:
            lower = "partly_met" if case["case_id"] in differ else "fully_met"
            sign_off(run, root, case["case_id"], case["second_reviewer"], lower, sample)
    return differ


def settle(run: Run, root: Path, case_id: str, *words: str, agreed: str = "fully_met", sample: str = "march",
           cause: str = "slip", **more: object) -> Ran:
    """Agrees on q1 of a case and settles it, as lead."""
    lines: list[dict[str, object]] = [
        {"case": case_id, "question": "q1", "agreed": agreed, "cause": cause, "reason": "Page 2 settles it.", **more},
        {"case": case_id, "do": "settle"}]
    return script(run, root, "moderate", lines, "--sample", sample, "--as", "lead", *words)
