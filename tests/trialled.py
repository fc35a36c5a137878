"""A trial of two forms called pilot, its two samples written as a draw is, and how people mark in it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cqa.files.sample_folder import SampleFolder, read_sample
from cqa.sampling.trial import orders
from tests.casework import RUBRIC, SEED, Ran, Run

REVIEWERS = ("ann", "bob", "cat", "dan", "eve", "fay")
PARENT, VARIANT = "small.yaml", "quince.yaml"
SECRETS = ("zzparent", "zzvariant", "Medlar form", "Quince form", "7.31", "8.47")
"""Ids, titles and versions of the two forms: words that stand nowhere else."""
QUINCE = RUBRIC.replace("id: small\n", "id: zzvariant\n").replace('"1.0"', '"8.47"').replace(
    "title: Small\n", 'title: Quince form\nvariant_of: {id: zzparent, version: "7.31"}\n').replace(
    "ask: Was it right", "ask: Was it rightly decided")
MEDLAR = RUBRIC.replace("id: small\n", "id: zzparent\n").replace('"1.0"', '"7.31"').replace(
    "title: Small\n", "title: Medlar form\n")


def designed(run: Run, root: Path, *options: str, cases: int = 12) -> Path:
    """Designs pilot-1 and pilot-2 in the workspace at `root`, and gives the folder of samples."""
    (root / PARENT).write_text(MEDLAR, encoding="utf-8", newline="\n")
    (root / VARIANT).write_text(QUINCE, encoding="utf-8", newline="\n")
    ran = run("trial", "design", "export.csv", "--trial", "pilot", "--id", "case_id", "--rubric", PARENT, "--variant",
              VARIANT, "--cases", str(cases), "--seed", SEED, "--handled-by", "handler", "--reviewers",
              ",".join(REVIEWERS), *options, folder=root)
    assert ran.code == 0, ran.err
    return root / "samples"


def arm_of(samples: Path, arm: int) -> SampleFolder:
    """An arm as drawn."""
    return read_sample(samples / f"pilot-{arm}")


def cases_in(samples: Path, arm: int, who: str) -> list[str]:
    """The cases that somebody marks in an arm by the draw, in ticket order."""
    sample = arm_of(samples, arm).sample
    mine = {mark.case_id for mark in sample.assignments if mark.reviewer == who}
    return [case.case_id for case in sample.cases if case.main and case.case_id in mine]


def order_of(samples: Path, who: str) -> tuple[int, ...]:
    """The arms in the order in which somebody marks them."""
    sample = arm_of(samples, 1).sample
    assert sample.plan.trial
    return orders(sample.plan.reviewers, sample.seed, sample.plan.trial.only)[who]


def who_begins(samples: Path, arm: int) -> str:
    """Somebody who begins with an arm."""
    return next(name for name in arm_of(samples, 1).sample.plan.reviewers if order_of(samples, name)[0] == arm)


def lines_for(cases: Iterable[str], sign: bool = True, level: str = "fully_met") -> list[dict[str, Any]]:
    """What a script says to mark these cases, and to sign them off."""
    lines: list[dict[str, Any]] = []
    for case in cases:
        text = {"reason": f"Why of {case}", "evidence": "page 2"}
        lines += [{"case": case, "fact": "child", "value": "N"},
                  *({"case": case, "question": name, "mark": level, **text} for name in ("q1", "q2", "q3"))]
        lines += [{"case": case, "do": "sign_off"}] if sign else []
    return lines


def scripted(
    run: Run, root: Path, who: str, *lines: Mapping[str, Any], sample: str = "pilot"
) -> tuple[Ran, list[dict[str, Any]]]:
    """A script of somebody's, and what is answered."""
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    ran = run("assess", "--sample", sample, "--as", who, "--script", "-", typed=typed, folder=root)
    return ran, [json.loads(line) for line in ran.out.splitlines()]


def marked(run: Run, root: Path, who: str, cases: Iterable[str], sample: str = "pilot") -> Ran:
    """Marks the cases and signs them off, which must succeed."""
    ran, answers = scripted(run, root, who, *lines_for(cases), sample=sample)
    assert ran.code == 0, ran.err
    assert all(one["saved"] for one in answers if one.get("do") == "sign_off"), answers
    return ran


def marked_by_all(run: Run, root: Path, who: Iterable[str] = REVIEWERS) -> None:
    """Everybody marks everything of theirs, in their order."""
    for name in who:
        marked(run, root, name, [case for arm in order_of(root / "samples", name)
                                 for case in cases_in(root / "samples", arm, name)])
