"""`cqa history`: everything about one person's work over time, in counts, and never in rates of a few cases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from cqa.commands.handlers.feedback_told import reply_json
from cqa.commands.handlers.handled import (
    NOT_SHOWN,
    HandledCase,
    ToLookFor,
    handled_by,
    handlers_of,
    levels_together,
    to_look_for,
)
from cqa.commands.here import acting, workspace_here
from cqa.commands.records import exit_of, read_samples
from cqa.errors import Problem, WrongUse
from cqa.facts import how_many
from cqa.marking.feedback import ANSWERS, DECISIONS
from cqa.screen.clean import one_line
from cqa.screen.printer import NARROW, Printer
from cqa.table import Column, Row, Table
from cqa.tree import did_you_mean
from cqa.world import World

_MOST_NAMED = 20
"""More names than that are not listed when one is unknown."""


def run(world: World, printer: Printer, handler: str, who: str = "") -> int:
    """Shows a handler's cases over all samples, what was fed back, and which actions are still to be looked for.

    Raises WrongUse for a name that no drawn case has. Damage inside a journal ends with exit 7, after everything that
    can be read was shown.
    """
    workspace = workspace_here(world)
    viewer, small = acting(world, who), workspace.settings.small
    records = read_samples(workspace, (), viewer)
    printer.problems(problem for record in records for problem in record.problems)
    name = _known(handler, handlers_of(records))
    cases = handled_by(records, name, viewer, world.now().astimezone().date())
    if printer.as_json:
        printer.json(_as_json(name, cases, small))
    else:
        _tell(printer, name, cases, small)
    return exit_of(records)


def _known(handler: str, known: tuple[str, ...]) -> str:
    """The name as the exports write it. Raises WrongUse, with what is near, where there is no such handler."""
    found = next((name for name in known if name.casefold() == handler.casefold()), None)
    if found is not None:
        return found
    near = did_you_mean(handler, known)
    told = near if near.startswith("Did") or len(known) <= _MOST_NAMED else "cqa show SAMPLE lists them."
    raise WrongUse(Problem("J048", f"No drawn case is the work of '{handler[:80]}'.",
                           told or "No export named handlers: draw with --handled-by COLUMN."))


def _as_json(name: str, cases: Sequence[HandledCase], small: int) -> dict[str, object]:
    return {
        "handler": name, "small": small, "levels": dict(levels_together(cases)), "shares": _shares(cases, small),
        "cases": [{**case.as_json(), "to_look_for": [_wanted(one) for one in to_look_for(cases) if (
            one.later_sample, one.later_case) == (case.sample, case.case_id)]} for case in cases],
        "actions": [{"sample": case.sample, "case_id": case.case_id, **asdict(step)}
                    for case in cases for step in case.feedback.actions],
        "replies": [{"sample": case.sample, "case_id": case.case_id, **reply_json(reply)}
                    for case in cases for reply in case.feedback.replies.values()],
    }


def _wanted(one: ToLookFor) -> dict[str, object]:
    return {"sample": one.sample, "case_id": one.case_id, "action": one.step.number, "what": one.step.what}


def _shares(cases: Sequence[HandledCase], small: int) -> Mapping[str, float] | None:
    """Each label's share of the marks, as a fraction of 1; None where too few cases are signed off for shares."""
    levels = levels_together(cases)
    if sum(bool(case.signed_at) for case in cases) < max(small, 1):
        return None
    return {label: count / levels.total() for label, count in levels.items()}


def _tell(printer: Printer, name: str, cases: Sequence[HandledCase], small: int) -> None:
    signed = sum(bool(case.signed_at) for case in cases)
    samples = how_many(len({case.sample for case in cases}), "sample")
    printer.paragraph(f"{name}: {how_many(len(cases), 'case')} in {samples}, {signed} signed off by all who mark them.")
    for line in _levels_said(cases, small):
        printer.paragraph(line)
    printer.line()
    for table in (_cases_table(cases), _actions_table(cases), _replies_table(cases)):
        if table.rows:
            printer.table(table, NARROW)
            printer.line()
    for one in to_look_for(cases):
        printer.paragraph(
            f"To look for in case {one.later_case} of {one.later_sample}: action {one.step.number} of case "
            f"{one.case_id} of {one.sample}, {one_line(one.step.what)}. Record it with: cqa feedback {one.case_id} "
            f"--sample {one.sample} --again {one.step.number} --in-case {one.later_case} --in-sample "
            f"{one.later_sample} --yes (or --no)", hanging=2)


def _levels_said(cases: Sequence[HandledCase], small: int) -> Iterator[str]:
    levels, shares = levels_together(cases), _shares(cases, small)
    if not levels:
        yield "No marks may be told yet: they are once everyone who marks a case has signed it off."
    elif shares is None:
        yield (f"Marks: {', '.join(f'{label} {count}' for label, count in levels.items())}. Counts only: under "
               f"{small} signed-off cases, shares would say more than they know.")
    else:
        told = ", ".join(f"{label} {count} ({shares[label]:.0%})" for label, count in levels.items())
        yield f"Marks: {told}."


def _cases_table(cases: Sequence[HandledCase]) -> Table:
    columns = (Column("Sample"), Column("Case", "id"), Column("State"), Column("Band"), Column("Marks"),
               Column("Feedback"), Column("Amended", "number"))
    rows: tuple[Row, ...] = tuple(
        (case.sample, case.case_id, f"{case.state} {case.signed_on}".rstrip(), case.band or "-",
         ", ".join(f"{label} {count}" for label, count in case.levels.items()) or "-", _feedback_said(case),
         case.amendments) for case in cases)
    return Table("Cases", "Cases", "", columns, rows)


def _feedback_said(case: HandledCase) -> str:
    """How far the feedback on a case is."""
    feedback = case.feedback
    if case.state == NOT_SHOWN:
        return "-"
    if not feedback.version:
        return "due" if case.signed_at else "-"
    told = f"seen {feedback.seen}" if feedback.seen else f"given {feedback.given}" if feedback.given else "written"
    return f"{told}, to be written again" if case.outdated else told


def _actions_table(cases: Sequence[HandledCase]) -> Table:
    columns = (Column("Case", "id"), Column("Action", "long"), Column("Owner"), Column("Due"), Column("Done"),
               Column("Later"))
    rows: tuple[Row, ...] = tuple(
        (case.case_id, f"{step.number}. {step.what}", step.owner, step.due, step.done or "open",
         "not looked for" if step.again is None else
         f"{'seen again' if step.again else 'not seen again'} in {step.again_in}")
        for case in cases for step in case.feedback.actions)
    return Table("Actions", "What was to be done", "", columns, rows)


def _replies_table(cases: Sequence[HandledCase]) -> Table:
    columns = (Column("Case", "id"), Column("Question", "id"), Column("Answer"), Column("In their words", "long"),
               Column("Decided", "long"))
    rows: tuple[Row, ...] = tuple(
        (case.case_id, reply.question_id, ANSWERS.get(reply.answer, reply.answer), reply.words or "-",
         f"{DECISIONS.get(reply.decision, reply.decision)}: {reply.reason}" if reply.decision else
         "not yet" if reply.answer == "disagree" else "-")
        for case in cases for reply in case.feedback.replies.values())
    return Table("Replies", "What they replied", "", columns, rows)
