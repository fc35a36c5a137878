"""cqa.yaml: what a workspace sets once. A flag on the command line goes before it, a default after it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from cqa.errors import BadInput
from cqa.facts import number, share, whole_number
from cqa.keys import FORM, NEVER_OFF, OFF, SHIPPED, doubled, is_key
from cqa.scheme import (
    CALIBRATION_KEYS,
    DUE_KEYS,
    PLAN_KEYS,
    CalibrationSettings,
    DueSettings,
    PlanSettings,
    read_calibration,
    read_due,
    read_plan,
)
from cqa.tree import Node, Reader, Tree

KNOWN: dict[str, tuple[str, ...]] = {
    "organisation": (),
    "language": (),
    "export": ("case_id", "columns", "handled_by", "collapse", "encoding", "dates"),
    "draw": ("by", "take", "allocation", "reserves", "second", "keep", "where"),
    "replacement": ("reasons", "findings"),
    "plan": PLAN_KEYS,
    "due": DUE_KEYS,
    "calibration": CALIBRATION_KEYS,
    "report": ("margin", "small", "names"),
    "keys": tuple(SHIPPED),
    "screen": (),
}

ALLOCATIONS = ("equal", "proportional", "neyman", "largest-remainder")

DEFAULT_SECOND = Fraction(1, 5)
REASONS = ("not_applicable", "out_of_scope", "conflict_of_everyone")
FINDINGS = ("file_missing", "no_time")

DEFAULT_LANGUAGE = "en-GB"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace. Shares are exact fractions; `take` and `reserves` are None where not set.

    `reasons` are the codes for which a case may be replaced; `findings` those that are recorded instead. `plan` and
    `calibration` are None where the scheme has none.
    """

    organisation: str = ""
    language: str = DEFAULT_LANGUAGE
    case_id: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    handled_by: tuple[str, ...] = ()
    collapse: tuple[str, ...] = ()
    encoding: str = ""
    dates: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    take: int | None = None
    allocation: str = ""
    where: tuple[str, ...] = ()
    reserves: int | None = None
    second: Fraction = DEFAULT_SECOND
    keep: tuple[str, ...] = ()
    reasons: tuple[str, ...] = REASONS
    findings: tuple[str, ...] = FINDINGS
    plan: PlanSettings | None = None
    due: DueSettings = field(default_factory=DueSettings)
    calibration: CalibrationSettings | None = None
    margin: Fraction = Fraction(5)
    small: int = 5
    names: str = "shown"
    screen: Literal["auto", "plain", "full"] = "auto"
    keys: Mapping[str, str] = field(default_factory=dict)


def points(text: str) -> Fraction:
    """A number of points of 100, 0 or more. Raises ValueError for anything else."""
    value = number(text)
    if not 0 <= value <= 100:
        raise ValueError(text)
    return value


def read_settings(root: Node | None, where: str) -> Settings:
    """Settings from the tree of cqa.yaml (None: the file is empty). Raises BadInput with every problem found."""
    reader = Reader(where, ("P002", "P002", "P002"))
    tree = reader.mapping(root, "the settings", tuple(KNOWN))
    export = _part(reader, tree, "export")
    draw = _part(reader, tree, "draw")
    report = _part(reader, tree, "report")
    replacement = _part(reader, tree, "replacement")
    columns = reader.mapping(export.get("columns"), "export.columns")
    settings = Settings(
        organisation=reader.text(tree.get("organisation"), "organisation"),
        language=_language(reader, tree.get("language")),
        case_id=reader.text(export.get("case_id"), "export.case_id"),
        columns={key.value: reader.text(node, key.value) for key, node in columns},
        handled_by=reader.texts(export.get("handled_by"), "export.handled_by"),
        collapse=_collapse(reader, export.get("collapse")),
        encoding=reader.text(export.get("encoding"), "export.encoding"),
        dates=reader.texts(export.get("dates"), "export.dates"),
        by=reader.texts(draw.get("by"), "draw.by"),
        take=reader.parsed(draw.get("take"), "draw.take", whole_number, None, "a whole number"),
        allocation=reader.choice(draw.get("allocation"), "draw.allocation", ("", *ALLOCATIONS), ""),
        where=reader.texts(draw.get("where"), "draw.where"),
        reserves=reader.parsed(draw.get("reserves"), "draw.reserves", whole_number, None, "a whole number"),
        second=reader.parsed(draw.get("second"), "draw.second", share, DEFAULT_SECOND, "a share such as 0.2 or 20%"),
        keep=reader.texts(draw.get("keep"), "draw.keep"),
        reasons=_codes(reader, replacement.get("reasons"), "replacement.reasons", REASONS),
        findings=_codes(reader, replacement.get("findings"), "replacement.findings", FINDINGS),
        plan=read_plan(reader, tree.get("plan")),
        due=read_due(reader, tree.get("due")),
        calibration=read_calibration(reader, tree.get("calibration")),
        margin=reader.parsed(report.get("margin"), "report.margin", points, Fraction(5),
                             "a number of points from 0 to 100"),
        small=reader.parsed(report.get("small"), "report.small", whole_number, 5, "a whole number"),
        names=reader.choice(report.get("names"), "report.names", ("shown", "hidden"), "shown"),
        screen=_screen(reader.choice(tree.get("screen"), "screen", ("auto", "plain", "full"), "auto")),
        keys=_keys(reader, tree.get("keys")),
    )
    if reader.problems:
        raise BadInput(reader.problems)
    return settings


def _part(reader: Reader, tree: Tree, name: str) -> Tree:
    return reader.mapping(tree.get(name), name, KNOWN[name])


def _language(reader: Reader, node: Node | None) -> str:
    language = reader.text(node, "language") or DEFAULT_LANGUAGE
    if node is not None and not _LANGUAGE.fullmatch(language):
        reader.malformed(node, f"language cannot be '{language[:40]}'.", "Write it as in en-GB or cy.")
    return language


def _screen(text: str) -> Literal["auto", "plain", "full"]:
    return "plain" if text == "plain" else "full" if text == "full" else "auto"


def _keys(reader: Reader, node: Node | None) -> dict[str, str]:
    """The person's own keys: what can be done, and the key for it."""
    own: dict[str, str] = {}
    for deed, key in reader.mapping(node, "keys", KNOWN["keys"]):
        if deed.value not in SHIPPED:
            continue
        text = reader.text(key, f"keys.{deed.value}").casefold()
        if text == OFF and deed.value in NEVER_OFF:
            reader.malformed(key, f"keys.{deed.value} cannot be off.", "Give it another key.")
        elif text != OFF and not is_key(text):
            reader.malformed(key, f"keys.{deed.value} is '{text[:40]}', which is no key for this.", f"Use {FORM}.")
        else:
            own[deed.value] = text
    for one, other, text in doubled(own):
        if node is not None:
            reader.malformed(node, f"'{text}' is the key of both {one} and {other}.", "Give one of them another key.")
    return own


def _codes(reader: Reader, node: Node | None, what: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """A list of codes, such as out_of_scope; `[]` allows none."""
    codes = reader.texts(node, what)
    for code in codes:
        if node is not None and not _CODE.fullmatch(code):
            reader.malformed(node, f"{what} holds '{code[:40]}', which is no code.",
                             "Use small letters, digits and underscores, as in out_of_scope.")
    return default if node is None else codes


def _collapse(reader: Reader, node: Node | None) -> tuple[str, ...]:
    """`same`, a list of `column=rule`, or a mapping of column to rule; as the option takes them."""
    if isinstance(node, Tree):
        return tuple(f"{key.value}={reader.text(rule, key.value)}" for key, rule in node)
    return reader.texts(node, "export.collapse")
