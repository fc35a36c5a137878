"""A drawn sample of which cases are marked and signed off twice, ready to be moderated."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.casework import Ran, Run
from tests.screen.test_script import assess

ALL = {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}


def shown(run: Run, sample: Path) -> list[dict[str, object]]:
    """The drawn cases."""
    told: dict[str, list[dict[str, object]]] = json.loads(run("show", "march", "--json",
                                                              folder=sample.parent.parent).out)
    return told["cases"]


def twice_marked(run: Run, sample: Path) -> list[dict[str, object]]:
    """The main cases with two markers, in ticket order."""
    return [case for case in shown(run, sample) if case["role"] == "main" and case["second_reviewer"]]


def signs(run: Run, sample: Path, case: str, who: str, marks: Mapping[str, str], child: str = "Y") -> None:
    """Somebody gives these marks, with reason and evidence, answers a blank fact, and signs off."""
    lines: list[dict[str, object]] = [{"case": case, "fact": "child", "value": child}]
    lines += [{"case": case, "question": name, "mark": mark, "reason": f"because {who} saw it",
               "evidence": f"page 4 as {who} read it"} for name, mark in marks.items()]
    answers = assess(run, sample, *lines, {"case": case, "do": "sign_off"}, who=who)[1]
    assert answers[-1]["saved"] is True, answers


def marked_apart(
    run: Run, sample: Path, place: int, one: Mapping[str, str], other: Mapping[str, str]
) -> tuple[str, str, str]:
    """Signs a twice-marked case off by both: its id, the first marker and the second. The two are no matter of turn."""
    case = twice_marked(run, sample)[place]
    case_id, first, second = (str(case[key]) for key in ("case_id", "reviewer", "second_reviewer"))
    for who, marks in ((first, one), (second, other)):
        child = "Y" if "q3" in marks else "N"
        signs(run, sample, case_id, who, marks, child)
    return case_id, first, second


def moderate(run: Run, sample: Path, *options: str, who: str = "lee", typed: str = "") -> Ran:
    """One run of `cqa moderate`."""
    return run("moderate", "--sample", "march", "--as", who, *options, typed=typed, folder=sample.parent.parent)


def by_script(
    run: Run, sample: Path, *lines: object, who: str = "lee", options: tuple[str, ...] = ()
) -> tuple[int, list[dict[str, object]]]:
    """The exit code of a script and its answers."""
    typed = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    ran = moderate(run, sample, "--script", "-", *options, who=who, typed=typed)
    return ran.code, [json.loads(line) for line in ran.out.splitlines()]
