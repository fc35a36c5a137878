"""Everything a trial's report says, as values; its sheets, its JSON and its findings are made from these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cqa.consistency.trials.agreement_tables import agreement_tables, verdict_tables
from cqa.consistency.trials.bands import Bands, bands_of, bands_tables
from cqa.consistency.trials.burden import FormBurden, Marking, burden_of, burden_table
from cqa.consistency.trials.data import TrialData
from cqa.consistency.trials.difference import Difference, difference_of
from cqa.consistency.trials.discrimination import Discrimination, discrimination_of, discrimination_tables
from cqa.consistency.trials.health import QuestionHealth, health_of, health_table
from cqa.consistency.trials.said import Said, said_of, said_tables
from cqa.consistency.trials.shared import Shared, shared_of, shared_tables
from cqa.consistency.trials.strictness import Strictness, strictness_of, strictness_tables
from cqa.consistency.trials.time import Times, times_of, times_tables
from cqa.consistency.trials.verdict import Decision, decision_of
from cqa.table import Table


@dataclass(frozen=True, slots=True)
class TrialReport:
    """The figures of a trial on what is signed off so far."""

    data: TrialData
    decision: Decision
    difference: Difference
    strictness: Strictness
    shared: Shared
    bands: Bands
    times: Times
    burden: tuple[FormBurden, FormBurden]
    health: tuple[QuestionHealth, ...]
    discrimination: Discrimination
    said: Said

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        data, trial = self.data, self.data.trial
        return {
            "trial": trial.name, "design": trial.design,
            "forms": {form.form: {"rubric": form.rubric, "version": form.version, "sha256": form.sha256,
                                  "cases": len(data.cases[form.form]), "assessments": len(form.assessed),
                                  "signed": len(form.signed)} for form in data.forms},
            "withdrawn": list(data.withdrawn), "power": trial.power,
            "verdict": self.decision.as_json(), "agreement": self.difference.as_json(),
            "not_comparable": [{"form": one.form, "question": one.question, "why": one.why} for one in data.unmatched],
            "strictness": self.strictness.as_json(), "shared": self.shared.as_json(), "bands": self.bands.as_json(),
            "time": self.times.as_json(), "burden": [one.as_json() for one in self.burden],
            "health": [one.as_json() for one in self.health if one.findings],
            "discrimination": self.discrimination.as_json(), "said": self.said.as_json(),
        }


def trial_report(
    data: TrialData, with_text: Mapping[Marking, int] | None = None, *, hidden: bool = False
) -> TrialReport:
    """All figures of a trial. `with_text` says of each assessment how many marks have a reason or evidence; names are
    left out of what reviewers said where they are `hidden`."""
    difference = difference_of(data)
    return TrialReport(
        data, decision_of(data, difference), difference, strictness_of(data), shared_of(data), bands_of(data),
        times_of(data), burden_of(data, with_text), health_of(data), discrimination_of(data),
        said_of(data, hidden=hidden))


def figure_tables(report: TrialReport) -> Sequence[Table]:
    """Every sheet of figures, in the order in which a working group asks for them."""
    data = report.data
    return (
        *verdict_tables(data, report.decision), *agreement_tables(data, report.difference),
        *strictness_tables(data, report.strictness), *shared_tables(data, report.shared),
        *bands_tables(data, report.bands), *times_tables(data, report.times), burden_table(data, report.burden),
        *discrimination_tables(data, report.discrimination), health_table(data, report.health),
        *said_tables(data, report.said))
