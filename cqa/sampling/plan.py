"""The plan of a draw, as it is committed to before a seed exists, and everything that follows from plan and seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cqa.errors import Problem
from cqa.facts import ratio, recorded_number
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.frame import COLLAPSE_RULES, Collapse, Columns
from cqa.sampling.pairing import ASSIGN_RULE, SECOND_RULE, TURNS, Assignment, Person
from cqa.sampling.ticket import TICKET_RULE
from cqa.sampling.trial import Trial, read_trial, trial_record
from cqa.sampling.weighted import WEIGHTED_RULE
from cqa.tree import Node, Plain, Reader, Tree

PLAN_FORMAT = "cqa-plan/1"


@dataclass(frozen=True, slots=True)
class Source:
    """What an export file is: its fingerprint, and how it was read. Empty names and zeros where nothing is known."""

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
class Amount:
    """How much is drawn: `take` of each stratum, or `total` in all, spread by `allocation`.

    `least` and `most` bound every stratum (or cell); `refill` lets a shortfall be made up by other strata; `rates` are
    the last round's failure rates by stratum, for Neyman's allocation. `reserves` is None for as many as are taken.
    """

    take: int | None = None
    total: int | None = None
    allocation: str = "equal"
    least: int = 0
    most: int | None = None
    refill: bool = False
    rates: Mapping[str, Fraction] = field(default_factory=dict)
    reserves: int | None = None

    def told(self, columns: Columns) -> str:
        """In words, how much is drawn of what."""
        each = f" of each {', '.join(columns.by)}" if columns.by else " in all"
        spread = f"{self.total} in all, {self.allocation} over each {', '.join(columns.by)}" if columns.by else \
            f"{self.total} in all"
        parts = [spread if self.total is not None else f"{self.take}{each}"]
        if columns.per:
            parts.append(f"spread over each {', '.join(columns.per)}")
        if self.least or self.most is not None:
            parts.append(f"at least {self.least}" + ("" if self.most is None else f" and at most {self.most}"))
        if columns.weight:
            parts.append(f"weighted by {columns.weight}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Register:
    """Which earlier samples' cases are left out: those drawn within so many months, by name and time of drawing."""

    months: int = 0
    samples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What was to be drawn. `second` is a share of the main cases; `keep` and the facts are all that is copied.

    `where` holds the conditions as typed; `dates` the patterns of each column that holds dates. `trial` is there where
    the sample is an arm of one.
    """

    sample: str
    columns: Columns
    keep: tuple[str, ...]
    collapse: Collapse
    amount: Amount
    second: Fraction
    reviewers: tuple[str, ...]
    people: tuple[Person, ...]
    rubric: RubricRef | None
    where: tuple[str, ...] = ()
    register: Register = Register()
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trial: Trial | None = None

    @property
    def rules(self) -> dict[str, str]:
        """The rules by name that the draw follows."""
        ticket = WEIGHTED_RULE if self.columns.weight else TICKET_RULE
        return {"ticket": ticket, "assignment": ASSIGN_RULE, "second": SECOND_RULE,
                **(self.trial.rules if self.trial else {})}


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
    sources: tuple[Source, ...]
    frame_digest: str
    frame_cases: int
    excluded: Mapping[str, int]
    strata: tuple[Stratum, ...]
    cases: tuple[DrawnCase, ...]
    assignments: tuple[Assignment, ...]

    @property
    def name(self) -> str:
        """The sample's name as typed."""
        return self.plan.sample

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Everyone who marks: the plan's reviewers as named there, then those to whom cases were handed on."""
        others = {mark.reviewer for mark in self.assignments}.difference(self.plan.reviewers)
        return (*self.plan.reviewers, *sorted(others))

    @property
    def marking(self) -> tuple[str, ...]:
        """Those of them whose marks are part of results and agreement: who marks first, or second by the draw."""
        drawn = {mark.reviewer for mark in self.assignments if mark.turn in TURNS}
        return tuple(name for name in self.reviewers if name in drawn or name in self.plan.reviewers)

    def reviewer(self, case_id: str, turn: str) -> str:
        """Who marks the case at that turn; empty where nobody does."""
        return next((mark.reviewer for mark in self.assignments
                     if mark.case_id == case_id and mark.turn == turn), "")


@dataclass(frozen=True, slots=True)
class Committed:
    """A plan as it was written down: with the export's fingerprint and the frame's digest, before the draw."""

    plan: Plan
    sources: tuple[Source, ...]
    paths: tuple[str, ...]
    digest: str
    cases: int


def plan_record(
    plan: Plan, sources: Sequence[Source], digest: str, cases: int, absent: Sequence[str], paths: Sequence[str] = ()
) -> dict[str, Plain]:
    """The plan as it is written and hashed: with the export's fingerprint and the frame's digest.

    `absent` are case facts that the export has no column for; `paths` where its files are, as seen from the workspace.
    """
    columns, amount = plan.columns, plan.amount
    return {
        "format": PLAN_FORMAT,
        "sample": plan.sample,
        "export": [source_record(source) for source in sources],
        "paths": list(paths),
        "frame": {"digest": digest, "cases": cases},
        "case_id": columns.case_id,
        "where": list(plan.where),
        "assessed_within": {"months": plan.register.months, "samples": dict(plan.register.samples)},
        "by": list(columns.by),
        "per": list(columns.per),
        "amount": {
            "take": amount.take, "total": amount.total, "allocation": amount.allocation, "least": amount.least,
            "most": amount.most, "refill": amount.refill, "reserves": amount.reserves,
            "rates": {name: str(rate) for name, rate in sorted(amount.rates.items())},
        },
        "weight": columns.weight,
        "second": str(plan.second),
        "handled_by": list(columns.handled_by),
        "keep": list(plan.keep),
        "case_facts": dict(columns.facts),
        "absent_facts": list(absent),
        "dates": {column: list(patterns) for column, patterns in sorted(plan.dates.items())},
        "collapse": {"otherwise": plan.collapse.otherwise, "rules": dict(plan.collapse.rules)},
        "reviewers": list(plan.reviewers),
        "people": [
            {"person": person.name, "manager": person.manager, "conflicts": list(person.conflicts)}
            for person in plan.people if person.manager or person.conflicts
        ],
        "rubric": None if plan.rubric is None else {
            "id": plan.rubric.id, "version": plan.rubric.version, "sha256": plan.rubric.sha256},
        "rules": dict(plan.rules),
        **({"trial": trial_record(plan.trial)} if plan.trial else {}),
    }


def source_record(source: Source) -> dict[str, Plain]:
    """An export's fingerprint as it is written."""
    return {"name": source.name, "bytes": source.bytes, "sha256": source.sha256, "rows": source.rows,
            "encoding": source.encoding, "delimiter": source.delimiter}


def read_sources(reader: Reader, node: Node | None) -> tuple[Source, ...]:
    """The fingerprints of an export's files from their record."""
    return tuple(_read_source(reader, tree) for tree in reader.mappings(node, "export"))


def _read_source(reader: Reader, tree: Tree) -> Source:
    number = {key: reader.parsed(tree.get(key), key, recorded_number, 0, "a whole number") for key in ("bytes", "rows")}
    text = {key: reader.text(tree.get(key), key) for key in ("name", "sha256", "encoding", "delimiter")}
    return Source(text["name"], number["bytes"], text["sha256"], number["rows"], text["encoding"], text["delimiter"])


def read_plan(reader: Reader, root: Node) -> Committed:
    """A plan from its record; problems are kept by the reader."""
    tree = reader.mapping(root, "the plan")
    reader.choice(reader.required(tree, "format", "The plan"), "format", (PLAN_FORMAT,), "")
    frame = reader.mapping(tree.get("frame"), "frame")
    plan = Plan(
        sample=reader.text(reader.required(tree, "sample", "The plan"), "sample"),
        columns=_read_columns(reader, tree),
        keep=reader.texts(tree.get("keep"), "keep"),
        collapse=_read_collapse(reader, tree),
        amount=_read_amount(reader, reader.mapping(reader.required(tree, "amount", "The plan"), "amount")),
        second=reader.parsed(tree.get("second"), "second", ratio, Fraction(0), "a share such as 1/5"),
        reviewers=reader.texts(tree.get("reviewers"), "reviewers"),
        people=_read_people(reader, tree),
        rubric=_read_rubric(reader, tree),
        where=reader.texts(tree.get("where"), "where"),
        register=_read_register(reader, reader.mapping(tree.get("assessed_within"), "assessed_within")),
        dates={key.value: reader.texts(node, key.value) for key, node in reader.mapping(tree.get("dates"), "dates")},
        trial=read_trial(reader, tree.get("trial")),
    )
    _check_rules(reader, tree, plan.rules)
    return Committed(
        plan, read_sources(reader, tree.get("export")), reader.texts(tree.get("paths"), "paths"),
        reader.text(frame.get("digest"), "digest"),
        reader.parsed(frame.get("cases"), "cases", recorded_number, 0, "a whole number"))


def _check_rules(reader: Reader, tree: Tree, rules: Mapping[str, str]) -> None:
    """A plan that names other rules than these cannot be drawn by them."""
    recorded = reader.mapping(tree.get("rules"), "rules")
    for what, rule in rules.items():
        reader.choice(reader.required(recorded, what, "rules"), what, (rule,), rule)


def _read_columns(reader: Reader, tree: Tree) -> Columns:
    pairs = tuple((key.value, reader.text(node, key.value))
                  for key, node in reader.mapping(tree.get("case_facts"), "case_facts"))
    keep = reader.texts(tree.get("keep"), "keep")
    return Columns(
        case_id=reader.text(reader.required(tree, "case_id", "The plan"), "case_id"),
        by=reader.texts(tree.get("by"), "by"),
        handled_by=reader.texts(tree.get("handled_by"), "handled_by"),
        facts=pairs,
        optional=tuple(fact for fact, _ in pairs if fact not in keep),
        per=reader.texts(tree.get("per"), "per"),
        weight=reader.text(tree.get("weight"), "weight"),
        where=condition_columns(reader.texts(tree.get("where"), "where")),
    )


def condition_columns(where: Sequence[str]) -> tuple[str, ...]:
    """The columns that conditions, as typed, look at."""
    return tuple(dict.fromkeys(text.partition("=")[0].strip() for text in where))


def _read_amount(reader: Reader, tree: Tree) -> Amount:
    def number(key: str) -> int | None:
        node = tree.get(key)
        none: int | None = None
        return reader.parsed(node, key, recorded_number, none, "a whole number") if reader.text(node, key) not in (
            "", "null") else None

    rates = reader.mapping(tree.get("rates"), "rates")
    return Amount(
        take=number("take"), total=number("total"), allocation=reader.text(tree.get("allocation"), "allocation"),
        least=number("least") or 0, most=number("most"), refill=reader.flag(tree.get("refill"), "refill", False),
        rates={key.value: reader.parsed(node, key.value, ratio, Fraction(0), "a share") for key, node in rates},
        reserves=number("reserves"))


def _read_register(reader: Reader, tree: Tree) -> Register:
    samples = tuple((key.value, reader.text(node, key.value))
                    for key, node in reader.mapping(tree.get("samples"), "samples"))
    return Register(reader.parsed(tree.get("months"), "months", recorded_number, 0, "a whole number"), samples)


def _read_collapse(reader: Reader, tree: Tree) -> Collapse:
    node = reader.mapping(tree.get("collapse"), "collapse")
    rules: Mapping[str, str] = {
        key.value: reader.choice(rule, key.value, COLLAPSE_RULES, "same")
        for key, rule in reader.mapping(node.get("rules"), "rules")
    }
    otherwise = reader.text(node.get("otherwise"), "otherwise")
    return Collapse(rules, otherwise if otherwise in COLLAPSE_RULES else None)


def _read_people(reader: Reader, tree: Tree) -> tuple[Person, ...]:
    return tuple(
        Person(reader.text(item.get("person"), "person"), manager=reader.text(item.get("manager"), "manager"),
               conflicts=reader.texts(item.get("conflicts"), "conflicts"))
        for item in reader.mappings(tree.get("people"), "people")
    )


def _read_rubric(reader: Reader, tree: Tree) -> RubricRef | None:
    node = tree.get("rubric")
    if not isinstance(node, Tree):
        return None
    return RubricRef(*(reader.text(node.get(key), key) for key in ("id", "version", "sha256")))
