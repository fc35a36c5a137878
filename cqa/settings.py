"""cqa.yaml: what a workspace sets once. A flag on the command line goes before it, a default after it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from cqa.errors import BadInput, Problem
from cqa.facts import number, whole_number
from cqa.keys import FORM, NEVER_OFF, OFF, SHIPPED, doubled, is_key
from cqa.tree import Node, Reader, Tree

KNOWN: dict[str, tuple[str, ...]] = {
    "organisation": (),
    "language": (),
    "export": ("case_id", "columns", "handled_by", "collapse", "encoding", "dates"),
    "draw": ("by", "take", "allocation", "reserves", "second", "keep", "where"),
    "replacement": ("reasons", "findings"),
    "plan": ("per", "cases", "period", "second"),
    "due": ("mark", "feedback", "holidays"),
    "calibration": ("rate", "tolerance", "clearance"),
    "report": ("margin", "small", "names"),
    "keys": tuple(SHIPPED),
    "screen": (),
}

ALLOCATIONS = ("equal", "proportional", "neyman", "largest-remainder")
NOT_USED_YET = ("plan", "due", "calibration")
"""Settings that the contract knows and no command reads yet. Setting one is no mistake, but it does nothing."""

DEFAULT_SECOND = Fraction(1, 5)
REASONS = ("not_applicable", "out_of_scope", "conflict_of_everyone")
FINDINGS = ("file_missing", "no_time")

DEFAULT_LANGUAGE = "en-GB"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace. Shares are exact fractions; `take` and `reserves` are None where not set.

    `reasons` are the codes for which a case may be replaced; `findings` those that are recorded instead.
    `warnings` names the settings that have no effect yet; commands print them.
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
    margin: Fraction = Fraction(5)
    small: int = 5
    names: str = "shown"
    screen: Literal["auto", "plain", "full"] = "auto"
    keys: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def share(text: str) -> Fraction:
    """A share between 0 and 1, typed as 0.2 or 20%. Raises ValueError for anything else."""
    value = number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def count(text: str) -> int:
    """A whole number of 0 or more. Raises ValueError for anything else."""
    return whole_number(text)


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
    for name in ("plan", "due", "calibration"):
        _part(reader, tree, name)
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
        take=reader.parsed(draw.get("take"), "draw.take", count, None, "a whole number"),
        allocation=reader.choice(draw.get("allocation"), "draw.allocation", ("", *ALLOCATIONS), ""),
        where=reader.texts(draw.get("where"), "draw.where"),
        reserves=reader.parsed(draw.get("reserves"), "draw.reserves", count, None, "a whole number"),
        second=reader.parsed(draw.get("second"), "draw.second", share, DEFAULT_SECOND, "a share such as 0.2 or 20%"),
        keep=reader.texts(draw.get("keep"), "draw.keep"),
        reasons=_codes(reader, replacement.get("reasons"), "replacement.reasons", REASONS),
        findings=_codes(reader, replacement.get("findings"), "replacement.findings", FINDINGS),
        margin=reader.parsed(report.get("margin"), "report.margin", points, Fraction(5),
                             "a number of points from 0 to 100"),
        small=reader.parsed(report.get("small"), "report.small", count, 5, "a whole number"),
        names=reader.choice(report.get("names"), "report.names", ("shown", "hidden"), "shown"),
        screen=_screen(reader.choice(tree.get("screen"), "screen", ("auto", "plain", "full"), "auto")),
        keys=_keys(reader, tree.get("keys")),
        warnings=tuple(_without_effect(tree, where)),
    )
    if reader.problems:
        raise BadInput(reader.problems)
    return settings


def _without_effect(tree: Tree, where: str) -> Iterator[Problem]:
    """A warning, with its line, for every setting that no command reads yet."""
    for name in NOT_USED_YET:
        part, _, key = name.partition(".")
        node: Node | None = tree
        place = None
        for step in filter(None, (part, key)):
            place = next((text for text, _ in node if text.value == step), None) if isinstance(node, Tree) else None
            node = node.get(step) if isinstance(node, Tree) else None
        if place is not None:
            yield Problem("P002", f"'{name}' is not used by any command yet.", "Take the line out, or know that it "
                          "does nothing.", where, place.line, place.column, "warning")


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
