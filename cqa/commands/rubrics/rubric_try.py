"""`cqa rubric try`: invented cases through the real gates and scoring, and the golden cases that must keep passing."""

from collections.abc import Iterable
from pathlib import Path

from cqa.errors import BadInput, ExitCode, Problem
from cqa.facts import how_many
from cqa.files.practice import Course, practice_file
from cqa.files.rubrics import read_rubric
from cqa.files.yaml_tree import read_tree
from cqa.rubric.golden import failures, read_golden
from cqa.rubric.model import Rubric
from cqa.rubric.rehearsal import ASSUMED, Rehearsal, Spread, rehearse
from cqa.screen.printer import NARROW, Printer
from cqa.table import Column, Table
from cqa.world import World

GOLDEN = "golden"
"""The folder beside a rubric in which its golden cases lie, under its name."""


def run(world: World, printer: Printer, file: str, cases: int, seed: str) -> int:
    """Tries the rubric of a file; exit 1 when a golden case fails, or a practice case no longer fits.

    Raises BadInput for the rubric, and for golden or practice cases that cannot be read.
    """
    path = world.folder / file
    rubric = read_rubric(path).rubric
    with printer.progress("Inventing cases", cases) as steps:
        found = rehearse(rubric, cases, seed, steps.advance)
    passed, failed = golden_of(path, rubric)
    practice, unfit = practice_of(path, rubric)
    if printer.as_json:
        printer.json(_json(found, seed, passed, failed) | {
            "practice": {"cases": practice, "problems": [problem.as_json() for problem in unfit]}})
    else:
        _show(printer, rubric, found, seed)
    printer.problems((*failed, *unfit))
    if not printer.as_json:
        printer.paragraph(_said(golden_file(path), passed, failed))
        if practice:
            fits = f"{how_many(len(unfit), 'problem')}, told above" if unfit else "they fit the rubric"
            printer.paragraph(f"Practice cases: {practice}, {fits}.")
    return ExitCode.ANSWER_IS_NO if failed or unfit else ExitCode.DONE


def golden_file(path: Path) -> Path:
    """Where the golden cases of a rubric's file are kept: out of the way of whoever checks all rubrics of a folder."""
    return path.parent / GOLDEN / path.name


def golden_of(path: Path, rubric: Rubric) -> tuple[int, tuple[Problem, ...]]:
    """How many golden cases passed, and what the others came to instead; none where there is no such file."""
    place = golden_file(path)
    if not place.is_file():
        return 0, ()
    cases, problems = read_golden(read_tree(place)[0], rubric, str(place))
    if problems:
        raise BadInput(problems)
    failed = [tuple(failures(case, rubric, str(place))) for case in cases]
    return sum(not found for found in failed), tuple(problem for found in failed for problem in found)


def practice_of(path: Path, rubric: Rubric) -> tuple[int, tuple[Problem, ...]]:
    """How many practice cases lie beside a rubric's file, and where they do not fit it."""
    place = practice_file(path, rubric)
    cases, problems = Course(rubric, place, "").checked() if place.is_file() else ((), ())
    return len(cases), problems


def _said(place: Path, passed: int, failed: tuple[Problem, ...]) -> str:
    if not passed and not failed:
        return (f"No golden cases: {GOLDEN}/{place.name} is not there. It would hold cases with what must come of "
                "them, and be tried each time.")
    broken = len({problem.line for problem in failed})
    return f"Golden cases: {passed} passed, {broken} failed." if broken else f"Golden cases: all {passed} passed."


def _show(printer: Printer, rubric: Rubric, found: Rehearsal, seed: str) -> None:
    printer.paragraph(f"{found.cases} invented cases of {rubric.id} {rubric.version}, seed '{seed}'. They are spread "
                      "over every quality of work and every value of the facts: what could be, not what will be.")
    printer.line()
    finished = found.cases - found.unfinished
    columns = (Column("Band"), Column("Cases", "number"), Column("Share", "percent"))
    if found.bands:
        printer.table(Table("bands", "", "", columns, tuple(
            (band, cases, cases / finished if finished else "-") for band, cases in found.bands.items())), NARROW)
        printer.line()
    numbers = (Column(name, "number") for name in ("Least", "Median", "Mean", "Most"))
    printer.table(Table("spread", "", "", (Column("In one case"), *numbers), (
        ("questions asked", *_row(found.questions, 1)), ("minutes to mark", *_row(found.seconds, 60)))), NARROW)
    printer.paragraph(ASSUMED)
    printer.line()
    for sentence in remarks(rubric, found):
        printer.paragraph(sentence, hanging=2)


def _row(spread: Spread, unit: int) -> tuple[str, ...]:
    least, median, most = (f"{value / unit:.0f}" for value in (spread.least, spread.median, spread.most))
    return least, median, f"{float(spread.mean) / unit:.1f}", most


def remarks(rubric: Rubric, found: Rehearsal) -> Iterable[str]:
    """What the working group should look at, in sentences; one that says so where there is nothing."""
    scored = [question.id for question in rubric.questions if question.scale]
    never_asked = set(found.never_asked)
    idle = [name for name in scored if name not in found.moves_score | found.moves_band | never_asked]
    weak = [name for name in scored if name in found.moves_score - found.moves_band] if rubric.bands else []
    words = [question.id for question in rubric.questions if not question.scale]
    told = (
        (found.never_given, "Bands that no case came to: {}."),
        (found.never_asked, "Questions that no case was asked: {}."),
        (idle, "Questions whose mark never changes score or band: {}."),
        (weak, "Questions that move the score and never the band: {}."),
        (words, "Answered in words or by choice, and so not scored: {}."),
    )
    yield from (sentence.format(", ".join(names)) for names, sentence in told if names)
    if found.unfinished:
        yield f"Cases that broke a rule however often they were made again: {found.unfinished}."
    if not (found.never_given or found.never_asked or idle or found.unfinished):
        yield "Every band was reached, every question asked, and every scored question decides something."


def _json(found: Rehearsal, seed: str, passed: int, failed: tuple[Problem, ...]) -> dict[str, object]:
    return {
        "cases": found.cases, "seed": seed, "unfinished": found.unfinished, "bands": dict(found.bands),
        "asked": dict(found.asked), "never_given": list(found.never_given), "never_asked": list(found.never_asked),
        "moves_score": sorted(found.moves_score), "moves_band": sorted(found.moves_band),
        "questions": _spread(found.questions), "seconds": _spread(found.seconds), "assumed": ASSUMED,
        "golden": {"passed": passed, "failed": [problem.as_json() for problem in failed]},
    }


def _spread(spread: Spread) -> dict[str, object]:
    return {"least": spread.least, "median": spread.median, "mean": float(spread.mean), "most": spread.most}
