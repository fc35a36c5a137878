"""What changed between two rubrics, of which kind each change is, and which earlier marks it leaves comparable."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from cqa.rubric.comparable import Comparable, comparable
from cqa.rubric.model import Question, Rubric, Scale, Section
from cqa.rubric.sentences import asked_when, band_when, either, in_words, labels, plain_number, rule_in_words
from cqa.rubric.steps import SIZES, STEPS, Kind, Step


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `question` is empty where it is about the whole rubric; `before` and `after` are in words."""

    kind: Kind
    question: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rubrics side by side: every change, and for every question of either what becomes of earlier marks."""

    changes: tuple[Change, ...]
    comparable: tuple[Comparable, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of change that occur, the weightiest first."""
        found = {change.kind for change in self.changes}
        return tuple(sorted(found, key=lambda kind: (-SIZES.index(STEPS[kind]), tuple(STEPS).index(kind))))

    @property
    def needed(self) -> Step:
        """The least step of the version that the changes ask for."""
        return STEPS[self.kinds[0]] if self.changes else "none"


def compare(before: Rubric, after: Rubric) -> Comparison:
    """Every change from one rubric to the other. Questions are the same where their ids are."""
    old, new = _all_questions(before), _all_questions(after)
    changes = [*_whole(before, after)]
    for name in dict.fromkeys((*new, *old)):
        changes.extend(_of_question(old.get(name), new.get(name), before, after))
    changes.extend(_moved(before, after))
    return Comparison(tuple(changes), tuple(comparable(before, after)))


def _all_questions(rubric: Rubric) -> dict[str, Question]:
    return {question.id: question for section in rubric.sections for question in section.questions}


def _differing(
    kind: Kind, question: str, what: str, before: str, after: str, meant: tuple[object, object] | None = None
) -> Iterator[Change]:
    """A change where the words differ, or where what is `meant` differs: a label's new words change no condition."""
    one, other = meant or (before, after)
    if one != other:
        yield Change(kind, question, what, before or "none", after or "none")


def _whole(before: Rubric, after: Rubric) -> Iterator[Change]:
    """What changed outside of the questions."""
    for what, tell in _IDENTITY:
        yield from _differing("identity", "", what, tell(before), tell(after))
    yield from _differing("gate", "", "cases it is used for", in_words(before.use_for, before),
                          in_words(after.use_for, after), (before.use_for, after.use_for))
    yield from _sections(before, after)
    old_scales, new_scales = ({scale.id: scale for scale in rubric.scales} for rubric in (before, after))
    for name in dict.fromkeys((*old_scales, *new_scales)):
        yield from _scales(name, old_scales.get(name), new_scales.get(name))
    yield from _facts(before, after)
    yield from _differing("scoring", "", "bands", _bands(before), _bands(after),
                          (before.bands, after.bands))
    yield from _rules(before, after)
    yield from _differing("rules", "", "proof", _proof(before), _proof(after),
                          (before.proof, after.proof))


_IDENTITY: tuple[tuple[str, Callable[[Rubric], str]], ...] = (
    ("id", lambda rubric: rubric.id), ("version", lambda rubric: rubric.version),
    ("title", lambda rubric: rubric.title), ("status", lambda rubric: rubric.status),
    ("owner", lambda rubric: rubric.owner), ("notes", lambda rubric: rubric.notes),
    ("variant of", lambda rubric: f"{rubric.variant_of.id} {rubric.variant_of.version}" if rubric.variant_of else ""),
    ("warnings that stand", lambda rubric: "; ".join(f"{code}: {why}" for code, why in rubric.allow.items())),
    ("left out of the other rubric", lambda rubric: ", ".join(rubric.dropped)),
)


def _sections(before: Rubric, after: Rubric) -> Iterator[Change]:
    new = {section.id: section for section in after.sections}
    for old in before.sections:
        if (section := new.get(old.id)) is not None:
            yield from _differing("wording", "", f"title of section {old.id}", old.title, section.title)
            yield from _differing("guidance", "", f"notes of section {old.id}", old.notes, section.notes)
            yield from _differing("gate", "", f"when section {old.id} is asked", asked_when(old.gate, before),
                                  asked_when(section.gate, after), (old.gate, section.gate))


def _scales(name: str, before: Scale | None, after: Scale | None) -> Iterator[Change]:
    if before is None or after is None:
        yield from _differing("scale", "", f"scale {name}", _levels(before), _levels(after))
        return
    if _ids(before) != _ids(after):
        yield Change("scale", "", f"scale {name}", _levels(before), _levels(after))
    else:
        yield from _differing("wording", "", f"labels of scale {name}", _levels(before), _levels(after))
    yield from _differing("scoring", "", f"points of scale {name}", _points(before), _points(after))
    yield from _differing("scale", "", f"texts owed on scale {name}", _owed(before), _owed(after))
    yield from _differing("wording", "", f"keys of scale {name}", _keys(before), _keys(after))


def _ids(scale: Scale) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(level.id for level in scale.levels), tuple(level.id for level in scale.outside)


def _levels(scale: Scale | None) -> str:
    if scale is None:
        return ""
    outside = f"; outside: {', '.join(level.label for level in scale.outside)}" if scale.outside else ""
    return ", ".join(level.label for level in scale.levels) + outside


def _points(scale: Scale) -> str:
    return ", ".join(f"{level.id} {plain_number(level.points)}" for level in scale.levels if level.points is not None)


def _owed(scale: Scale) -> str:
    return ", ".join(f"{level.id}: {' and '.join(level.needs)}" for level in scale.answers if level.needs)


def _keys(scale: Scale) -> str:
    return ", ".join(f"{level.key} {level.id}" for level in scale.answers)


def _facts(before: Rubric, after: Rubric) -> Iterator[Change]:
    old, new = ({fact.id: f"{fact.label}: column {fact.column}, {fact.type}{', never shown' if fact.hidden else ''}"
                 for fact in rubric.facts} for rubric in (before, after))
    for name in dict.fromkeys((*old, *new)):
        yield from _differing("facts", "", f"case fact {name}", old.get(name, ""), new.get(name, ""))


def _rules(before: Rubric, after: Rubric) -> Iterator[Change]:
    old, new = ({rule.id: rule for rule in rubric.rules} for rubric in (before, after))
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name), new.get(name)
        yield from _differing("rules", "", f"rule {name}", rule_in_words(one, before) if one else "",
                              rule_in_words(other, after) if other else "",
                              (one and (one.when, one.forbid), other and (other.when, other.forbid)))
        if one and other:
            yield from _differing("wording", "", f"words of rule {name}", one.say, other.say)


def _bands(rubric: Rubric) -> str:
    return "; ".join(f"{band.name} {band_when(band, rubric)}" for band in rubric.bands)


def _proof(rubric: Rubric) -> str:
    if not rubric.proof.one_in:
        return ""
    return f"one in {rubric.proof.one_in} of {either(labels(rubric.proof.levels, None, rubric))}"


def _of_question(old: Question | None, new: Question | None, before: Rubric, after: Rubric) -> Iterator[Change]:
    if new is None:
        if old is not None:
            yield Change("removed", old.id, "question", old.ask, "none")
        return
    if old is None:
        yield Change("added", new.id, "question", "none", new.ask)
        return
    if bool(old.retired) != bool(new.retired):
        yield (Change("retired", new.id, "question", old.ask, f"retired in {new.retired}") if new.retired
               else Change("added", new.id, "question", f"retired in {old.retired}", new.ask))
        return
    for kind, what, meant, tell in _QUESTION:
        yield from _differing(kind, new.id, what, tell(old, before), tell(new, after), (meant(old), meant(new)))
    yield from _gate(old, new, before, after)
    yield from _descriptors(old, new)


def _gate(old: Question, new: Question, before: Rubric, after: Rubric) -> Iterator[Change]:
    """The question's gate; a change of its section's own is told once, at the section."""
    meant = (old.own_gate, new.own_gate) if old.section == new.section else (old.gate, new.gate)
    yield from _differing("gate", new.id, "when it is asked", asked_when(old.gate, before),
                          asked_when(new.gate, after), meant)


_QUESTION: tuple[tuple[Kind, str, Callable[[Question], object], Callable[[Question, Rubric], str]], ...] = (
    ("wording", "question", attrgetter("ask"), lambda question, _: question.ask),
    ("guidance", "look for", attrgetter("look_for"), lambda question, _: question.look_for),
    ("guidance", "guidance", attrgetter("guidance"), lambda question, _: question.guidance),
    ("guidance", "what it rests on", attrgetter("legal_basis"), lambda question, _: question.legal_basis),
    ("guidance", "examples", attrgetter("examples"), lambda question, rubric: "; ".join(
        f"{labels((level,), question, rubric)[0]}: {text}" for level, texts in question.examples.items()
        for text in texts)),
    ("guidance", "notes", attrgetter("notes"), lambda question, _: question.notes),
    ("identity", "warnings that stand", attrgetter("allow"), lambda question, _: "; ".join(
        f"{code}: {why}" for code, why in question.allow.items())),
    ("identity", "what it corresponds to", attrgetter("corresponds_to"), lambda question, _: _corresponds(question)),
    ("guidance", "role", attrgetter("role"), lambda question, _: question.role),
    ("gate", "whether it may be left out", attrgetter("required"), lambda question, _: "no" if question.required
     else "yes"),
    ("scale", "kind of answer", lambda question: question.scale.id if question.scale else question.type,
     lambda question, _: question.scale.id if question.scale else question.type),
    ("scale", "choices", attrgetter("choices"), lambda question, _: ", ".join(question.choices)),
    ("scale", "cannot be answered", attrgetter("forbid"),
     lambda question, rubric: ", ".join(labels(question.forbid, question, rubric))),
    ("scale", "texts owed", attrgetter("needs"), lambda question, _: " and ".join(question.needs)),
    ("scoring", "weight", attrgetter("weight"), lambda question, _: plain_number(question.weight)),
    ("scoring", "fails the case on", attrgetter("fails_on"),
     lambda question, rubric: ", ".join(labels(question.fails_on, question, rubric))),
    ("scoring", "tags", attrgetter("tags"), lambda question, _: ", ".join(question.tags)),
)


def _corresponds(question: Question) -> str:
    told = question.corresponds_to
    return " ".join((told.kind, *told.questions)) if told else ""


def _descriptors(old: Question, new: Question) -> Iterator[Change]:
    scale = new.scale
    names = {level.id: level.label for level in scale.answers} if scale else {}
    for level in dict.fromkeys((*names, *old.descriptors)):
        if old.scale is None or scale is None or (level in names) != (old.scale.level(level) is not None):
            continue  # the level itself came or went, which is a change of the scale
        yield from _differing("descriptor", new.id, names.get(level, level), old.descriptors.get(level, ""),
                              new.descriptors.get(level, ""))


def _moved(before: Rubric, after: Rubric) -> Iterator[Change]:
    """The fewest questions whose moving explains the new order, and those that are in another section."""
    old = {question.id: (section, question) for section in before.sections for question in section.questions}
    new = {question.id: (section, question) for section in after.sections for question in section.questions}
    places = {name: place for place, name in enumerate(old)}
    order = [name for name in new if name in old]
    steady = {order[place] for place in _longest_rise([places[name] for name in order])}
    for name in order:
        if name not in steady or old[name][0].id != new[name][0].id:
            yield Change("moved", name, "place", _place(old[name][0], name), _place(new[name][0], name))


def _longest_rise(values: Sequence[int]) -> list[int]:
    """The places of one longest rising part of the values, by patience sorting."""
    ends: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        pile = bisect_left([values[end] for end in ends], value)
        before.append(ends[pile - 1] if pile else -1)
        ends[pile:pile + 1] = [place]
    rise, place = [], ends[-1] if ends else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise


def _place(section: Section, name: str) -> str:
    names = [question.id for question in section.questions]
    place = names.index(name)
    return f"{section.title}, {f'after {names[place - 1]}' if place else 'first'}"
