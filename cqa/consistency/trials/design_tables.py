"""The sheets on how a trial was made: who marks what in which order, both rubrics side by side, and what compares."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations, zip_longest

from cqa.consistency.marks import QuestionScale
from cqa.consistency.trials.data import PARENT, VARIANT, FormData, TrialData, by_case
from cqa.consistency.trials.notes import counted_note, note
from cqa.facts import how_many
from cqa.rubric.compare import Comparison
from cqa.rubric.matched import Matched, Unmatched
from cqa.rubric.model import Rubric
from cqa.rubric.steps import STEPS
from cqa.sampling.crossover import doubts_of
from cqa.table import Column, Row, Table

NONE = "none"
DESIGNS = {"crossover": "Crossover: the same cases under both forms, by different people.",
           "parallel": "Parallel: other cases under each form, so a difference may be that of the cases too."}
COMPARED, NOT_COMPARABLE, NEW, DROPPED = "compared", "not comparable", "not comparable: new", "not comparable: dropped"


def design_tables(data: TrialData, changes: Comparison, variant: Rubric) -> tuple[Table, ...]:
    """Design, who marked what, pairs, both rubrics, what changed, and what compares; `changes` are from the parent to
    the variant."""
    return (design_table(data), order_table(data), pairs_table(data), rubrics_table(data), changes_table(changes),
            map_table(data, variant))


def design_table(data: TrialData) -> Table:
    """What was settled before anything was marked, and what is to say of the balance."""
    trial = data.trial
    doubts = [f"{one.message} {one.remedy}" for one in doubts_of(data.balance)]
    rows: list[Row] = [
        ("Trial", trial.name), ("Design", DESIGNS[trial.design]),
        *((form.form.capitalize(), f"{form.name}, {how_many(len(data.cases[form.form]), 'case')}, sample "
           f"{trial.name}-{form.arm}") for form in data.forms),
        ("Withdrawn since", ", ".join(data.withdrawn) or NONE), ("Seed", data.seed),
        ("Rules followed", ", ".join(dict.fromkeys(trial.rules.values()))),
        *(("Balance", doubt) for doubt in doubts or ["Even and connected: nothing to say against it."]),
        ("Cases without both markers", ", ".join(data.balance.bare) or NONE),
        ("Who used one form alone", ", ".join(data.balance.nested) or "nobody"),
        ("Rule for the verdict", trial.verdict.words), ("SHA-256 of that rule", trial.verdict.sha256),
        ("Power, said before", trial.power or "Nothing was said."),
        ("Signed off", f"{sum(len(form.signed) for form in data.forms)} of "
         f"{how_many(sum(len(form.assessed) for form in data.forms), 'assessment')}")]
    return Table("Design", "How the trial was made", "Written down before anything was marked, but for what is "
                 "withdrawn and signed off.", (Column("What", "text", 30), Column("Says", "long", 100)), tuple(rows))


def order_table(data: TrialData) -> Table:
    """For each reviewer the order of the forms, and the cases planned and signed under each."""
    columns = (Column("Reviewer", "text", 20), Column("Order of the forms", "text", 26),
               *(Column(f"{what}, {form.form}", "number", 12) for form in data.forms
                 for what in ("Cases to mark", "Signed off")))
    arms = {form.arm: form.form for form in data.forms}
    signed = Counter((one.reviewer.casefold(), form.form) for form in data.forms for one in form.signed)
    rows: list[Row] = []
    for share in data.balance.shares:
        counts = [(share.cases[form.arm], signed[share.reviewer.casefold(), form.form]) for form in data.forms]
        order = ", then ".join(arms[arm] for arm in share.order) or "not told"
        rows.append((share.reviewer, order, *counts[0], *counts[1]))
    return Table("Who marked what", "Who marks what, in which order", counted_note(
        data,
        "Each reviewer marks all cases of one form, then all of the other, and is not told which is which."),
        columns, tuple(rows))


def pairs_table(data: TrialData) -> Table:
    """Who marks cases together with whom under each form."""
    columns = (Column("Reviewer", "text", 22), Column("With", "text", 22),
               *(Column(f"Cases, {form.form}", "number", 14) for form in data.forms))
    counts = {form.form: _pairs(form) for form in data.forms}
    pairs = sorted({pair for counted in counts.values() for pair in counted})
    return Table("Pairs", "Who marks cases together with whom", "Cases that the two have to mark, signed off or not.",
                 columns,
                 tuple((*pair, *(counts[form.form][pair] for form in data.forms)) for pair in pairs))


def _pairs(form: FormData) -> Counter[tuple[str, str]]:
    return Counter(pair for listed in by_case(form.assessed).values()
                   for pair in combinations(sorted(one.reviewer for one in listed), 2))


def rubrics_table(data: TrialData) -> Table:
    """Both forms side by side: what they are, their bands, and each scale with its levels best first."""
    matched = {PARENT: len({name for one in data.matched for name in one.parents}), VARIANT: len(data.matched)}
    alone = Counter(one.form for one in data.unmatched)
    heads = ("Id", "Version", "Title", "SHA-256 of the file", "Questions on a scale", "Questions that compare",
             "Questions that do not", "Bands")
    parent, variant = ((form.rubric, form.version, form.title or NONE, form.sha256, str(len(form.scales)),
                        str(matched[form.form]), str(alone[form.form]), ", ".join(form.bands) or NONE)
                       for form in data.forms)
    scales = zip_longest(*map(_scales, data.forms), fillvalue=NONE)
    columns = (Column("What", "text", 26), Column("Parent", "long", 52), Column("Variant", "long", 52))
    return Table("Rubrics", "Both forms side by side", "Scales: the most used first, levels best first, then answers "
                 "off the scale.", columns, (*zip(heads, parent, variant, strict=True),
                                             *(("Scale", one, other) for one, other in scales)))


def _scales(form: FormData) -> list[str]:
    """Each scale of the form in words, with how many questions are answered on it."""
    used = Counter(_levels(scale) for scale in form.scales)
    return [f"{levels} ({how_many(count, 'question')})" for levels, count in used.most_common()]


def _levels(scale: QuestionScale) -> str:
    outside = f"; off the scale: {', '.join(scale.labels[answer] for answer in scale.outside)}" if scale.outside else ""
    return ", ".join(scale.labels[level] for level in reversed(scale.levels)) + outside


def changes_table(changes: Comparison) -> Table:
    """Every change from the parent to the variant with its kind, the weightiest first."""
    columns = (Column("Kind", "text", 12), Column("Asks for a step", "text", 10), Column("Question", "id", 14),
               Column("What", "text", 24), Column("In the parent", "long", 40), Column("In the variant", "long", 40))
    ordered = sorted(changes.changes, key=lambda one: changes.kinds.index(one.kind))
    return Table("Changes", "What the variant changes", "The weightiest kinds first. The step is what such a change "
                 "would ask of the version if the parent itself were changed.", columns, tuple(
                     (one.kind, STEPS[one.kind], one.question or "the whole form", one.what or NONE, one.before or NONE,
                      one.after or NONE) for one in ordered))


def map_table(data: TrialData, variant: Rubric) -> Table:
    """Which questions compare, on which levels and why; then those that do not, new and dropped ones named so."""
    columns = (Column("Variant", "id", 14), Column("Parent", "id", 16), Column("State", "text", 16),
               Column("Asked", "long", 30), Column("Levels, variant = parent", "long", 32), Column("Why", "long", 34))
    asked = {(form.form, scale.question): scale.ask for form in data.forms for scale in form.scales}
    rows = (*((one.question, ", ".join(one.parents), COMPARED, asked.get((VARIANT, one.question), NONE),
               _common(data, one), one.why) for one in data.matched),
            *_alone(data.unmatched, variant))
    return Table("Map", "Which questions compare, and on which levels", note(
        f"Of the variant's questions {len(data.matched)} can be compared; only these enter agreement, strictness and "
        "the verdict. Where several of the parent are named, the lowest of their marks counts."
    ), columns, rows)


def _alone(unmatched: Iterable[Unmatched], variant: Rubric) -> Iterable[Row]:
    for one in unmatched:
        places = (one.question, "-") if one.form == VARIANT else ("-", one.question)
        yield (*places, _state(one, variant), one.ask, "-", one.why)


def _state(one: Unmatched, variant: Rubric) -> str:
    """Whether the variant itself calls the question new, or leaves it out."""
    if one.form == PARENT:
        return DROPPED if one.question in variant.dropped else NOT_COMPARABLE
    question = variant.by_id.get(one.question)
    told = question.corresponds_to if question else None
    return NEW if told and told.kind == "none" else NOT_COMPARABLE


def _common(data: TrialData, one: Matched) -> str:
    """For each common level, best first, the labels of both forms that come to it."""
    mine = {scale.question: scale for scale in data.variant.scales}.get(one.question)
    theirs = [scale for scale in data.parent.scales if scale.question in one.parents]
    own = [mine] if mine else []
    return "; ".join(f"{_labels(own, one.of_variant, level)} = {_labels(theirs, one.of_parent, level)}"
                     for level in reversed(one.levels))


def _labels(scales: Iterable[QuestionScale], reached: Mapping[str, str], level: str) -> str:
    found = dict.fromkeys(scale.labels[own] for scale in scales for own in reversed(scale.levels)
                          if reached.get(own) == level)
    return " or ".join(found) or "no level"
