"""What `cqa agreement --severity` shows of the reviewers."""

from collections.abc import Iterator

from cqa.consistency.severity import Estimate, SeverityFit
from cqa.screen.clean import one_line
from cqa.screen.printer import listed
from cqa.table import Cell, Column, Table

_NONE = "-"


def severity_json(fit: SeverityFit) -> dict[str, object]:
    """The fit under the stable names of the JSON contract; what it says in words is `severity_why`."""
    made = fit.as_json()
    return {**{name: value for name, value in made.items() if name != "why"}, "severity_why": fit.why}


def severity_told(fit: SeverityFit) -> Iterator[str | Table]:
    """The reviewers, most severe first, and what can and cannot be compared."""
    yield ""
    yield _severity_table(fit)
    if fit.why:
        yield f"{fit.why[0].upper()}{fit.why[1:]}."
    if not fit.connected:
        groups = "; ".join(", ".join(map(one_line, names)) for names in fit.components)
        yield (f"Shared cases do not connect all reviewers, so these groups can be compared only as far as cases were "
               f"given out at random: {groups}.")
    elif fit.weak_links:
        yield f"Without {listed([*map(one_line, fit.weak_links)])} shared cases would not connect all reviewers."
    if fit.hausman.p is not None:
        yield (f"Do shared cases alone say something else? Hausman's check: p = {fit.hausman.p:.3f} "
               f"({fit.hausman.df} degrees of freedom). A small p says that reviewers were not given like cases: then "
               "read the figures of shared cases. A large one proves little.")
    yield "Severity is not error: a severe reviewer may be the right one."


def _severity_table(fit: SeverityFit) -> Table:
    ordered = sorted(fit.reviewers, key=lambda one: (one.mixed.value is None, -(one.mixed.value or 0.0), one.reviewer))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one_line(one.reviewer), one.marks, one.shared, *_shown(one.mixed), *_shown(one.within)) for one in ordered)
    return Table("severity", "Severity in the marks' units; positive is more severe than the panel's mean",
                 "Within: from the cases shared with others alone. Intervals are 95%.",
                 (Column("Reviewer"), Column("Marks", "number"), Column("Shared", "number"),
                  Column("Severity", "number"), Column("from", "number"), Column("to", "number"),
                  Column("Within", "number"), Column("from", "number"), Column("to", "number")), rows)


def _shown(one: Estimate) -> tuple[Cell, ...]:
    return tuple(_NONE if value is None else f"{value:.2f}" for value in (one.value, one.low, one.high))
