"""What earlier marks give under another rubric, in sentences and as typed rows."""

from collections.abc import Iterable, Iterator
from itertools import chain

from cqa.consistency.cells import NONE
from cqa.consistency.headlines import Headline
from cqa.consistency.rescored import UNTOUCHED, RescoredCase, RescoredReport, points
from cqa.facts import how_many
from cqa.rubric.band_order import Move
from cqa.table import Cell, Column, Row, Table

_SAID: dict[Move, str] = {"same": "the same", "up": "higher", "down": "lower",
                          "aside": "another, neither higher nor lower"}


def rescored_said(report: RescoredReport) -> tuple[Headline, ...]:
    """The findings in sentences."""
    to = report.to
    told = [Headline("Nothing was changed", UNTOUCHED),
            Headline(f"Re-scored under {to.id} {to.version} ({to.file})", " ".join(_moves_said(report)))]
    if report.partly:
        told.append(Headline("Not fully re-scored", _partly_said(report)))
    told += [Headline("Not re-scored", f"{how_many(one.assessments, 'assessment')} under {one.rubric} {one.version}: "
                      f"{one.why}") for one in report.under if one.why]
    return tuple(told)


def _moves_said(report: RescoredReport) -> Iterator[str]:
    whole, moves, shift = len(report.whole), report.moves(report.whole), report.shift
    if not whole:
        yield "No assessment has a mark on everything that this rubric asks of its case."
        return
    changed = len(report.changed)
    aside = f", {moves['aside']} neither higher nor lower" if moves["aside"] else ""
    yield (f"Of {how_many(whole, 'signed-off assessment')} that it can be said of, {changed} would change band: "
           f"{moves['down']} lower, {moves['up']} higher{aside}.")
    if shift.before is not None and shift.after is not None:
        yield (f"Mean score {shift.before:.1f} points of 100 as signed off, {shift.after:.1f} re-scored "
               f"({shift.after - shift.before:+.1f}; {how_many(shift.assessments, 'assessment')}).")
    broken = sum(bool(one.came.broken) for one in report.whole)
    if broken:
        yield f"{how_many(broken, 'assessment')} hold marks that its rules forbid together." if broken > 1 else \
            "1 assessment holds marks that its rules forbid together."


def _partly_said(report: RescoredReport) -> str:
    count, moves = len(report.partly), report.moves(report.partly)
    return (f"{how_many(count, 'assessment')}, counted in none of these figures: the rubric asks what has no mark that "
            "means the same under it, or needs a case fact that is not known. From the marks that do carry over, "
            f"{count - moves['same']} of them would have another band. Marks left out are often low ones, so such a "
            "band may be too good.")


def rescored_tables(report: RescoredReport) -> tuple[Table, ...]:
    """The sheets: from which band to which, every assessment, what changes in the scoring, what does not carry over."""
    return (cross_table(report), cases_table(report, _ordered(report)), changes_table(report), gaps_table(report))


def _ordered(report: RescoredReport) -> tuple[RescoredCase, ...]:
    """Those that change band first, then those with a caution."""
    same = tuple(one for one in report.whole if one.came.moved == "same")
    return (*report.changed, *report.partly, *same)


def cross_table(report: RescoredReport) -> Table:
    """Old band by new band, over the fully re-scored assessments."""
    cross = report.cross
    before = _in_order(report, (was for was, _ in cross))
    now = _in_order(report, chain(report.to.bands, (to for _, to in cross)))
    columns = (Column("Band as signed off", "text", 28), *(Column(f"Now: {name}", "number", 16) for name in now),
               Column("All of these", "number", 12))
    rows: tuple[Row, ...] = tuple((was, *(cross[was, to] for to in now), sum(cross[was, to] for to in now))
                                  for was in before)
    return Table("Re-scored", "From which band to which", "Signed-off assessments of first and second markers that are "
                 "fully re-scored. Nothing was changed.", columns, rows)


def _in_order(report: RescoredReport, names: Iterable[str]) -> list[str]:
    """The bands, each once, in the new rubric's order; those that it does not know come last."""
    known = report.to.bands
    return sorted(dict.fromkeys(names), key=lambda name: known.index(name) if name in known else len(known))


def cases_table(report: RescoredReport, cases: Iterable[RescoredCase]) -> Table:
    """Assessments with both bands and scores, and what makes the new ones doubtful."""
    several = len({one.sample for one in report.cases}) > 1
    sample = (Column("Sample", "id", 12),) if several else ()
    columns = (*sample, Column("Case", "id", 11), Column("Reviewer", "text", 17),
               Column("Band as signed off", "text", 20), Column("Re-scored", "text", 20),
               Column("The new band is", "text", 15), Column("Points as signed off", "decimal", 11),
               Column("Points re-scored", "decimal", 11), Column("Caution", "long", 34))
    rows = tuple(((one.sample,) if several else ()) + _case(one) for one in cases)
    return Table("Re-scored cases", "Each assessment as signed off and re-scored", "Points of 100. Those that change "
                 "band come first, then those with a caution, which count in no other figure.", columns, rows)


def _case(one: RescoredCase) -> tuple[Cell, ...]:
    scores = (points(one.came.before.score), points(one.came.after.score))
    return (one.case_id, f"{one.reviewer} ({one.turn})", one.was, one.now, _SAID[one.came.moved],
            *("no score" if score is None else score for score in scores), one.caution or NONE)


def changed_table(cases: Iterable[RescoredCase]) -> Table:
    """Assessments that change band, for the screen."""
    columns = (Column("Case", "id"), Column("Reviewer", "id"), Column("Band as signed off"), Column("Re-scored"),
               Column("Points", "id"))
    rows = tuple((one.case_id, one.reviewer, one.was, one.now, " to ".join(
        "none" if score is None else f"{score:.1f}"
        for score in (points(one.came.before.score), points(one.came.after.score)))) for one in cases)
    return Table("changed", "Which assessments change band", "", columns, rows)


def doubtful_table(cases: Iterable[RescoredCase]) -> Table:
    """Assessments that are not fully re-scored and would have another band by the marks that carry over, for the
    screen."""
    columns = (Column("Case", "id"), Column("Reviewer", "id"), Column("Band as signed off"), Column("Re-scored"),
               Column("Caution"))
    rows = tuple((one.case_id, one.reviewer, one.was, one.now, one.caution) for one in cases)
    return Table("doubtful", "Not fully re-scored, and another band by what carries over", "", columns, rows)


def changes_table(report: RescoredReport) -> Table:
    """What changes in scoring: weights, points, critical questions, gates, rules and bands."""
    columns = (Column("Signed off under", "text", 20), Column("Question", "id", 12), Column("What", "text", 24),
               Column("Before", "long", 38), Column("New", "long", 38))
    rows = tuple((f"{one.rubric} {one.version}", change.question or "-", change.what, change.before, change.after)
                 for one in report.under for change in one.changes)
    return Table("Re-scored changes", "What changes in the scoring", "Questions, weights, points, critical answers, "
                 "gates, rules and bands that are not the same. cqa rubric diff shows the wording too.", columns, rows)


def gaps_table(report: RescoredReport) -> Table:
    """Marks that do not carry over, by question and reason, and questions without a mark."""
    columns = (Column("Signed off under", "text", 20), Column("Question", "id", 12), Column("Marks", "number", 9),
               Column("Cases", "number", 9), Column("Why", "long", 70))
    rows = tuple((f"{one.rubric} {one.version}", one.question, one.marks, one.cases, one.why)
                 for one in report.not_carried)
    return Table("Re-scored gaps", "What does not carry over", "No mark is guessed: one that means something else "
                 "under the new rubric counts for nothing in it.", columns, rows)
