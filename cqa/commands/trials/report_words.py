"""A trial's report on the screen: the verdict and its reasons, then agreement form against form."""

from cqa.commands.reports.report_words import LETTERED, say
from cqa.consistency.trials.agreement_tables import condition_rows
from cqa.consistency.trials.headlines import trial_headlines
from cqa.consistency.trials.report import TrialReport
from cqa.sampling.trial import MEASURED
from cqa.screen.bars import interval_bar
from cqa.screen.printer import NARROW, Printer
from cqa.table import Cell, Column, Table

_BAR = 21


def tell(printer: Printer, report: TrialReport, *, hidden: bool) -> None:
    """Says what was found, and shows the means by form."""
    printer.line(LETTERED if hidden else "This report names the forms: nobody who is still to mark may see it.")
    say(printer, trial_headlines(report))
    if not all(form.signed for form in report.data.forms):
        printer.line("\nNothing is compared before something is signed off by both forms.")
        return
    printer.line()
    printer.table(_conditions(report), NARROW)
    printer.line()
    printer.table(_means(report), NARROW)
    printer.line()


def _conditions(report: TrialReport) -> Table:
    columns = (Column("Condition"), Column("Wanted"), Column("Found"), Column("Holds"))
    return Table("verdict", "The rule, condition by condition", f"SHA-256 of the rule: {report.decision.sha256}",
                 columns, condition_rows(report.decision))


def _means(report: TrialReport) -> Table:
    found = report.difference.headline
    ends = [abs(end) for one in found.values() for end in (one.difference, one.low, one.high) if end is not None]
    most = max(0.1, *ends) if ends else 0.1
    columns = (Column("Mean of"), Column("Parent", "decimal"), Column("Variant", "decimal"),
               Column("95% interval", "id"), Column(f"-{most:.2f}{'0':^{_BAR - 10}}+{most:.2f}", "id"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (MEASURED[name], *("-" if value is None else value for value in (one.parent, one.variant)),
         "-" if one.low is None or one.high is None else f"{one.low:+.2f} to {one.high:+.2f}",
         "" if one.difference is None else interval_bar(one.difference, one.low, one.high, -most, most, _BAR, zero=0))
        for name, one in found.items())
    return Table("agreement", "Agreement by form, and variant less parent", "", columns, rows)
