"""Whether a rubric is used on the cases it is for."""

from collections.abc import Iterable, Iterator, Mapping

from cqa.errors import Problem
from cqa.rubric.gates import fact_holds, holds, leaves
from cqa.rubric.model import FactIs, Rubric

_NAMED = 5


def used_beside(rubric: Rubric, cases: Iterable[tuple[str, Mapping[str, str]]], where: str) -> Iterator[Problem]:
    """Warnings for the cases (id and facts) that the rubric is not for, and for those of which nothing tells.

    One warning for each kind; it counts the cases and names the first five.
    """
    facts = ", ".join(f"{leaf.fact}: {' or '.join(leaf.values)}" for leaf in leaves(rubric.use_for)
                      if isinstance(leaf, FactIs))
    beside: dict[bool | None, list[str]] = {False: [], None: []}
    for case_id, known in cases:
        state = holds(rubric.use_for, lambda leaf: fact_holds(leaf, known) if isinstance(leaf, FactIs) else None)  # noqa: B023
        if state is not True:
            beside[state].append(case_id)
    if beside[False]:
        yield Problem("R055", f"The rubric '{rubric.id}' is for cases with {facts}. {_cases(beside[False])} not.",
                      "Draw only such cases with --where, or name another rubric.", where, severity="warning")
    if beside[None]:
        yield Problem("R055", f"The rubric '{rubric.id}' is for cases with {facts}, and the export does not say it of "
                      f"{_cases(beside[None]).removesuffix(' are').removesuffix(' is')}.", "Fill the column in before "
                      "the draw, or look into the files.", where, severity="warning")


def _cases(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    verb = "is" if len(names) == 1 else "are"
    return f"{len(names)} drawn ({', '.join(names[:_NAMED])}{more}) {verb}"
