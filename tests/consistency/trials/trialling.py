"""Trials made up for tests: marks by form, case and reviewer, put together as the figures want them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from cqa.consistency.marks import QuestionScale
from cqa.consistency.trials.data import FORMS, PARENT, VARIANT, Assessed, FormData, TrialData
from cqa.rubric.matched import Matched, Unmatched
from cqa.sampling.crossover import Balance
from cqa.sampling.trial import Design, Form, Measure, Trial, Verdict

Given = Mapping[tuple[str, str], Mapping[str, str]]
"""(Case, reviewer) to question to mark."""
Marked = dict[str, dict[str, list[int]]]
"""Question to case to the two marks, as positions on the scale."""
LEVELS = ("not", "partly", "fully")


def matched(question: str, levels: Sequence[str] = LEVELS) -> Matched:
    same = {level: level for level in levels}
    return Matched(question, (question,), tuple(levels), same, same, "")


def form_data(form: str, given: Given, unsigned: Iterable[tuple[str, str]] = ()) -> FormData:
    """`unsigned` are the (case, reviewer) places that are still open."""
    seen: dict[str, int] = {}
    assessed = []
    for (case, reviewer), marks in given.items():
        seen[case] = seen.get(case, 0) + 1
        turn = "first" if seen[case] == 1 else "second"
        assessed.append(Assessed(form, case, reviewer, turn, marks, (case, reviewer) not in set(unsigned)))
    scale = QuestionScale(form, "1", "q", "S", "Ask", LEVELS, (), {}, {}, ())
    name = "default" if form == PARENT else "short"
    return FormData(form, FORMS.index(form) + 1, name, "0.1", "", name.title(), (scale,), (), tuple(assessed))


def trial_data(
    parent: Given, variant: Given, questions: Sequence[Matched], design: Design = "crossover", measure: Measure = "ac2",
    least: Fraction = Fraction(1, 20), only: Mapping[str, int] | None = None, unmatched: Sequence[Unmatched] = (),
) -> TrialData:
    forms = (Form("default", "0.1", ""), Form("short", "0.1", ""))
    trial = Trial("pilot", design, 1, forms, 1, Verdict(measure, least), only or {})
    cases = {PARENT: tuple(dict.fromkeys(case for case, _ in parent)),
             VARIANT: tuple(dict.fromkeys(case for case, _ in variant))}
    if design == "crossover":
        cases = dict.fromkeys(FORMS, tuple(dict.fromkeys((*cases[PARENT], *cases[VARIANT]))))
    return TrialData(trial, "1", form_data(PARENT, parent), form_data(VARIANT, variant), tuple(questions),
                     tuple(unmatched), cases, Balance((), {}, (), ()))


def turned(data: TrialData) -> TrialData:
    """The same trial with parent and variant the other way round."""
    parent, variant = (
        replace(form, form=name, assessed=tuple(replace(one, form=name) for one in form.assessed))
        for form, name in ((data.variant, PARENT), (data.parent, VARIANT)))
    return replace(data, parent=parent, variant=variant, cases={
        PARENT: data.cases[VARIANT], VARIANT: data.cases[PARENT]})


@st.composite
def some_trials(draw: st.DrawFn, design: Design = "crossover", most: int = 24) -> TrialData:
    """A few questions of two to four levels, marked by pairs of six reviewers; some marks are off the scale."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    questions = [matched(f"q{place}", [f"l{level}" for level in range(size)]) for place, size in enumerate(sizes)]
    count = draw(st.integers(3, most))
    numbers = draw(st.randoms(use_true_random=False))
    forms: list[dict[tuple[str, str], dict[str, str]]] = []
    for form in (0, 1):
        given: dict[tuple[str, str], dict[str, str]] = {}
        for number in range(count):
            case = f"c{number if design == 'crossover' else 100 * form + number}"
            for reviewer in (f"r{2 * form}", f"r{2 * form + 1}") if number % 2 else (f"r{2 - 2 * form}", "r5"):
                given[case, reviewer] = {
                    one.question: numbers.choice(one.levels) if numbers.random() < 0.9 else "cannot_tell"
                    for one in questions if numbers.random() < 0.95}
        forms.append(given)
    return trial_data(forms[0], forms[1], questions, design)


def marks_of(form: FormData, data: TrialData) -> Marked:
    """Question to case to the two positions on the scale, by plain loops; only cells with two."""
    found: Marked = {one.question: {} for one in data.matched}
    for one in data.matched:
        for assessed in form.assessed:
            mark = assessed.marks.get(one.question)
            if assessed.signed and mark in one.levels:
                found[one.question].setdefault(assessed.case_id, []).append(one.levels.index(str(mark)))
    return {name: {case: pair for case, pair in marks.items() if len(pair) == 2} for name, marks in found.items()}


def both(data: TrialData) -> tuple[Marked, Marked]:
    parent, variant = (marks_of(form, data) for form in data.forms)
    if data.trial.design == "parallel":
        return parent, variant
    return tuple({name: {case: pair for case, pair in marks[name].items() if case in other[name]} for name in marks}
                 for marks, other in ((parent, variant), (variant, parent)))  # type: ignore[return-value]


def sizes(data: TrialData) -> dict[str, int]:
    return {one.question: len(one.levels) for one in data.matched}


def pair(case: int, marks: tuple[str, str], reviewers: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(f"c{case:02d}", who): {"q": mark} for who, mark in zip(reviewers, marks, strict=True)}


def simple(count: int = 24) -> TrialData:
    """One question; the parent's markers differ on every third case, the variant's on every sixth."""
    parent: dict[tuple[str, str], dict[str, str]] = {}
    variant: dict[tuple[str, str], dict[str, str]] = {}
    for case in range(count):
        level = LEVELS[2 if case % 4 else case // 4 % 3]
        parent |= pair(case, (level, "partly" if case % 3 == 0 else level), "ab" if case % 2 else "cd")
        variant |= pair(case, (level, "partly" if case % 6 == 0 else level), "cd" if case % 2 else "ab")
    return trial_data(parent, variant, [matched("q")])


def remarked(form: FormData, mark: Callable[[Assessed], Mapping[str, str]]) -> FormData:
    """The same assessments with other marks."""
    return replace(form, assessed=tuple(replace(one, marks=mark(one)) for one in form.assessed))
