"""The plan of a draw, as it is committed to before a seed exists, and everything that follows from plan and seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from cqa.errors import Problem
from cqa.sampling.draw import DrawnCase, Stratum, draw
from cqa.sampling.frame import COLLAPSE_RULES, Collapse, Columns, Frame
from cqa.sampling.pairing import (
    ASSIGN_RULE,
    SECOND_RULE,
    Assignment,
    Person,
    assign,
    barred_by_handler,
    managed_by,
    second_marks,
)
from cqa.sampling.ticket import TICKET_RULE
from cqa.tree import Items, Node, Plain, Reader, Tree

PLAN_FORMAT = "cqa-plan/1"
RULES = {"ticket": TICKET_RULE, "assignment": ASSIGN_RULE, "second": SECOND_RULE}


@dataclass(frozen=True, slots=True)
class Source:
    """What an export file is: its fingerprint, and how it was read."""

    name: str
    bytes: int
    sha256: str
    rows: int
    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class RubricRef:
    """Which rubric a sample is marked against."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was to be drawn. `second` is a share of the main cases; `keep` and the facts are all that is copied."""

    sample: str
    columns: Columns
    keep: tuple[str, ...]
    collapse: Collapse
    take: int
    reserves: int
    second: Fraction
    reviewers: tuple[str, ...]
    people: tuple[Person, ...]
    rubric: RubricRef | None


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from plan, frame and seed: cases in ticket order, strata, assignments, and warnings in words."""

    cases: tuple[DrawnCase, ...]
    strata: tuple[Stratum, ...]
    assignments: tuple[Assignment, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as recorded: the plan, the seed, where it came from, and what was drawn and assigned."""

    plan: Plan
    seed: str
    seed_source: str
    drawn_at: str
    source: Source
    frame_digest: str
    frame_cases: int
    strata: tuple[Stratum, ...]
    cases: tuple[DrawnCase, ...]
    assignments: tuple[Assignment, ...]

    @property
    def name(self) -> str:
        """The sample's name as typed."""
        return self.plan.sample

    def reviewer(self, case_id: str, turn: str) -> str:
        """Who marks the case at that turn; empty where nobody does."""
        return next((mark.reviewer for mark in self.assignments
                     if mark.case_id == case_id and mark.turn == turn), "")


def derive(plan: Plan, frame: Frame, seed: str) -> Derived:
    """The draw and the assignments. A pure function: the same three give the same sample on any machine."""
    barred = barred_by_handler(plan.people, plan.reviewers)
    cases, strata = draw(frame, seed, plan.take, plan.reserves, barred)
    assignments, warnings = assignments_for(plan, cases, seed)
    short = [Problem("S011", f"Stratum '{stratum.name}' holds {stratum.size} cases, {stratum.shortfall} fewer than "
                     "wanted.", "All of them were taken; the shortfall is recorded.", severity="warning")
             for stratum in strata if stratum.shortfall]
    return Derived(cases, strata, assignments, (*short, *warnings))


def assignments_for(
    plan: Plan, cases: tuple[DrawnCase, ...], seed: str
) -> tuple[tuple[Assignment, ...], tuple[Problem, ...]]:
    """First and second markers of drawn cases, with warnings; none at all when the plan names no reviewer."""
    if not plan.reviewers:
        return (), (Problem("S010", "No reviewers were named, so the cases belong to nobody yet.",
                            "Name them with --reviewers a,b,c or in people.csv.", severity="warning"),)
    first, unmarked = assign(cases, plan.reviewers, seed)
    second, unpaired = second_marks(cases, first, plan.reviewers, seed, plan.second, managed_by(plan.people))
    return (*first, *second), (*unmarked, *unpaired)


def plan_record(plan: Plan, source: Source, frame: Frame) -> dict[str, Plain]:
    """The plan as it is written and hashed: with the export's fingerprint and the frame's digest."""
    columns = plan.columns
    return {
        "format": PLAN_FORMAT,
        "sample": plan.sample,
        "export": source_record(source),
        "frame": {"digest": frame.digest, "cases": len(frame.cases)},
        "case_id": columns.case_id,
        "by": list(columns.by),
        "take": plan.take,
        "reserves": plan.reserves,
        "second": str(plan.second),
        "handled_by": list(columns.handled_by),
        "keep": list(plan.keep),
        "case_facts": dict(columns.facts),
        "absent_facts": list(frame.absent),
        "collapse": {"otherwise": plan.collapse.otherwise, "rules": dict(plan.collapse.rules)},
        "reviewers": list(plan.reviewers),
        "people": [
            {"person": person.name, "manager": person.manager, "conflicts": list(person.conflicts)}
            for person in plan.people if person.manager or person.conflicts
        ],
        "rubric": None if plan.rubric is None else {
            "id": plan.rubric.id, "version": plan.rubric.version, "sha256": plan.rubric.sha256},
        "rules": dict(RULES),
    }


def source_record(source: Source) -> dict[str, Plain]:
    """An export's fingerprint as it is written."""
    return {"name": source.name, "bytes": source.bytes, "sha256": source.sha256, "rows": source.rows,
            "encoding": source.encoding, "delimiter": source.delimiter}


def read_source(reader: Reader, node: Node | None) -> Source:
    """An export's fingerprint from its record."""
    tree = reader.mapping(node, "export")
    number = {key: reader.parsed(tree.get(key), key, int, 0, "a whole number") for key in ("bytes", "rows")}
    text = {key: reader.text(tree.get(key), key) for key in ("name", "sha256", "encoding", "delimiter")}
    return Source(text["name"], number["bytes"], text["sha256"], number["rows"], text["encoding"], text["delimiter"])


def read_plan(reader: Reader, root: Node) -> Plan:
    """A plan from its record; problems are kept by the reader."""
    tree = reader.mapping(root, "the plan")
    reader.choice(tree.get("format"), "format", (PLAN_FORMAT,), "")
    facts = reader.mapping(tree.get("case_facts"), "case_facts")
    pairs = tuple((key.value, reader.text(node, key.value)) for key, node in facts)
    keep = reader.texts(tree.get("keep"), "keep")
    return Plan(
        sample=reader.text(reader.required(tree, "sample", "The plan"), "sample"),
        columns=Columns(
            case_id=reader.text(reader.required(tree, "case_id", "The plan"), "case_id"),
            by=reader.texts(tree.get("by"), "by"),
            handled_by=reader.texts(tree.get("handled_by"), "handled_by"),
            facts=pairs,
            optional=tuple(fact for fact, _ in pairs if fact not in keep),
        ),
        keep=keep,
        collapse=_read_collapse(reader, tree),
        take=reader.parsed(reader.required(tree, "take", "The plan"), "take", int, 0, "a whole number"),
        reserves=reader.parsed(tree.get("reserves"), "reserves", int, 0, "a whole number"),
        second=reader.parsed(tree.get("second"), "second", Fraction, Fraction(0), "a share such as 1/5"),
        reviewers=reader.texts(tree.get("reviewers"), "reviewers"),
        people=_read_people(reader, tree),
        rubric=_read_rubric(reader, tree),
    )


def _read_collapse(reader: Reader, tree: Tree) -> Collapse:
    node = reader.mapping(tree.get("collapse"), "collapse")
    rules: Mapping[str, str] = {
        key.value: reader.choice(rule, key.value, COLLAPSE_RULES, "same")
        for key, rule in reader.mapping(node.get("rules"), "rules")
    }
    otherwise = reader.text(node.get("otherwise"), "otherwise")
    return Collapse(rules, otherwise if otherwise in COLLAPSE_RULES else None)


def _read_people(reader: Reader, tree: Tree) -> tuple[Person, ...]:
    node = tree.get("people")
    trees = [reader.mapping(item, "people") for item in node.values] if isinstance(node, Items) else []
    return tuple(
        Person(reader.text(item.get("person"), "person"), manager=reader.text(item.get("manager"), "manager"),
               conflicts=reader.texts(item.get("conflicts"), "conflicts"))
        for item in trees
    )


def _read_rubric(reader: Reader, tree: Tree) -> RubricRef | None:
    node = tree.get("rubric")
    if not isinstance(node, Tree):
        return None
    return RubricRef(*(reader.text(node.get(key), key) for key in ("id", "version", "sha256")))
