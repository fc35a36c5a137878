"""The sheets on the reviewers: severity and spread, how they were found, levels used, what is worth a second look."""

from cqa.consistency.calibration import CLEARED
from cqa.consistency.cells import NONE, first_few, labels_of, or_word, share_cell
from cqa.consistency.report import MIXED, ConsistencyReport
from cqa.consistency.reviewers import MIXED_LEADS, Panel, ReviewerResult
from cqa.consistency.severity import Estimate, SeverityFit
from cqa.table import Cell, Column, Row, Table


def reviewers_table(report: ConsistencyReport) -> Table:
    """Each reviewer: severity by the estimate that leads, the within-case one beside it, spread, and the class."""
    panel = report.panel
    clearance = report.after.clearance
    apart = (Column("Group", "number", 8),) if not panel.fit.connected else ()
    columns = (Column("Reviewer", "text", 14), *apart, Column("Cases", "number", 8),
               Column("Cases shared", "number", 8), Column("Severity, points of 100", "decimal", 11),
               Column("Low", "decimal", 9), Column("High", "decimal", 9), Column("Within cases", "decimal", 9),
               Column("Within cases, low", "decimal", 9), Column("Within cases, high", "decimal", 9),
               Column("Spread", "decimal", 9), *((Column("Clearance", "text", 13),) if clearance else ()),
               Column("Reading", "text", 24))
    rows: tuple[Row, ...] = tuple(
        (one.reviewer, *((one.group,) if apart else ()), one.cases, one.severity.cases,
         *or_word((one.severity.value, one.severity.low, one.severity.high), "-"),
         *or_word((one.severity.within.value, one.severity.within.low, one.severity.within.high), "-"),
         *or_word((one.spread.sd,), "-"), *((report.after.uncleared.get(one.reviewer, CLEARED),) if clearance else ()),
         _reading(one))
        for one in panel.reviewers)
    note = (f"Positive is more severe than {'the panel' if panel.fit.connected else 'others of the same group'}. "
            "Severity is not error. How it was found: sheet Severity.")
    return Table("Reviewers", "How severe each reviewer is", f"{note} {MIXED}" if report.mixed else note, columns, rows)


def _reading(one: ReviewerResult) -> str:
    return f"{one.reading}; {one.severity.why}" if one.severity.why else one.reading


def severity_table(report: ConsistencyReport) -> Table:
    """How severity was found, who shares cases with whom, and whether own units are marked otherwise."""
    panel = report.panel
    fit = panel.fit
    rows: list[tuple[Cell, ...]] = [
        ("Which estimate leads", f"{_leading_said(panel)} {panel.because}".strip()),
        ("Variation", _variances_said(fit)),
        ("Connected by shared cases", _components_said(fit)),
        ("Reviewers on whom a connection hangs", _weak_said(fit)),
        ("Own unit against others", _own_said(panel.own_unit, panel.own_cases)),
    ]
    rows += [(f"Cases shared by {one.reviewer}",
              ", ".join(f"{name} {count}" for name, count in one.partners.items()) or NONE)
             for one in panel.reviewers]
    return Table("Severity", "How severity was found", "Read this before anyone is told that they are severe.",
                 (Column("What", "text", 34), Column("Finding", "long", 80)), tuple(rows))


def _leading_said(panel: Panel) -> str:
    return ("The mixed model, over all cases." if panel.leads == MIXED_LEADS else
            "The within-case estimate, over shared cases alone.")


def _variances_said(fit: SeverityFit) -> str:
    known = fit.variances
    if known is None:
        return f"Not known: {fit.why}." if fit.why else "Not known."
    told = (f"Standard deviation between cases {known.case**0.5:.1f}, between reviewers {known.reviewer**0.5:.1f}, of "
            f"the error of a single score {known.error**0.5:.1f} points.")
    return f"{told} There is {fit.why}." if fit.why else told


def _components_said(fit: SeverityFit) -> str:
    if fit.connected:
        return "All reviewers." if fit.components else "Nobody."
    told = "; ".join(f"group {number}: {', '.join(names)}" for number, names in enumerate(fit.components, start=1))
    return f"{told}. Nothing can be said between groups."


def _weak_said(fit: SeverityFit) -> str:
    if not fit.weak_links:
        return "None."
    return (f"{', '.join(fit.weak_links)}: without them others would no longer be connected. More shared cases between "
            "the others would help.")


def _own_said(effect: Estimate, cases: int) -> str:
    if effect.value is None:
        return f"Not said: {effect.why}."
    side = "higher" if effect.value >= 0 else "lower"
    told = (f"Reviewers mark cases of their own unit {abs(effect.value):.1f} points {side} than others do, on {cases} "
            "cases marked from inside and from outside.")
    if effect.low is None or effect.high is None:
        return f"{told} {effect.why.capitalize()}."
    clear = effect.low > 0 or effect.high < 0
    return (f"{told} 95% interval {effect.low:.1f} to {effect.high:.1f}"
            f"{'.' if clear else ': no difference that the data can bear.'}")


def reviewer_levels_table(report: ConsistencyReport) -> Table:
    """Each reviewer: the share of every answer among all their answers."""
    labels = labels_of(result.scale for result in report.results)
    columns = (Column("Reviewer", "text", 18), Column("Answers", "number", 11),
               *(Column(label, "percent", 14) for label in labels.values()))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.reviewer, one.marks, *(share_cell(one.counts.get(level, 0), one.marks, report.small) for level in labels))
        for one in report.reviewers)
    note = "Reviewers mark different cases: compare on the sheet Reviewers."
    return Table("Reviewer levels", "Share of each answer, by reviewer", f"{note} {MIXED}" if report.mixed else note,
                 columns, rows)


def second_look_table(report: ConsistencyReport) -> Table:
    """Each reviewer and sign: what was seen, what is to be expected, and which cases to look at."""
    columns = (Column("Reviewer", "text", 14), Column("Sign", "text", 22), Column("What was seen", "text", 27),
               Column("To be expected", "text", 27), Column("More than that", "text", 9), Column("Cases", "text", 20))
    rows: list[tuple[Cell, ...]] = []
    for one in report.second_look:
        rows.append((one.reviewer, "taken together", one.reading, "-", "-", "-"))
        rows += [(one.reviewer, sign.sign, sign.told, sign.usual, "yes" if sign.noticed else "no",
                  first_few(sign.cases)) for sign in one.signs]
    return Table("Second look", "What is worth a second look", "Patterns that the cases may explain: questions to ask, "
                 "never a finding and never a score.", columns, tuple(rows))
