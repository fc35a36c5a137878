"""The plan of the settings against what the record holds."""

from collections.abc import Iterable, Sequence
from datetime import date

from cqa.commands.records import SampleRecord
from cqa.consistency.plans import PlannedCase, PlanRow, plan_rows
from cqa.errors import Problem
from cqa.facts import how_many
from cqa.files.workspace import Workspace
from cqa.marking.spent import moment_of
from cqa.scheme import Per, PlanSettings

_ROLES: dict[Per, tuple[str, ...]] = {"handler": ("handler", "prosecutor"), "reviewer": ("reviewer",)}
"""The roles of people.csv of whom the plan wants cases."""


def plan_of(
    workspace: Workspace, records: Iterable[SampleRecord], until: date | None = None
) -> tuple[tuple[PlanRow, ...], tuple[Problem, ...]]:
    """Plan against done over these samples, up to the period of `until` where it is given, and a warning where cases
    are nobody's; nothing where the settings have no plan."""
    plan = workspace.settings.plan
    if plan is None:
        return (), ()
    cases = [case for record in records for case in _planned(record, plan)]
    expected = tuple(person.name for person in workspace.people if person.role.casefold() in _ROLES[plan.per])
    return plan_rows(plan, cases, expected, until), _nobodys(plan, cases)


def _planned(record: SampleRecord, plan: PlanSettings) -> Iterable[PlannedCase]:
    """The main cases of a sample as they stand; none where it was drawn without a rubric, or nobody knows when, and
    none of a trial: what is marked to try a form is no casework done."""
    drawn = None if record.trial else moment_of(record.folder.sample.drawn_at)
    signed = {(one.case.case_id, one.turn): one.signed for one in record.assessed}
    markers = {one.case.case_id: one.reviewer for one in record.assessed if one.turn == "first"}
    for case in record.folder.sample.cases if drawn and record.rubric else ():
        if drawn and case.main:
            marker = markers.get(case.case_id)
            people = case.handlers if plan.per == "handler" else (marker,) if marker else ()
            first, second = (signed.get((case.case_id, turn), False) for turn in ("first", "second"))
            yield PlannedCase(drawn.date(), people, first, first and second)


def _nobodys(plan: PlanSettings, cases: Sequence[PlannedCase]) -> tuple[Problem, ...]:
    lost = sum(not case.people for case in cases)
    if not lost:
        return ()
    remedy = ("Draw with --handled-by, or set export.handled_by." if plan.per == "handler" else
              "Give them to somebody: cqa assign.")
    return (Problem("S051", f"{how_many(lost, 'main case')} of no known {plan.per}: the plan counts them for nobody.",
                    remedy, severity="warning"),)
