"""Copies of one journal held against each other: which goes on where the other ends, and where two part ways."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cqa.marking.chain import Chain
from cqa.marking.events import JOURNAL_FORMAT

What = Literal["new", "longer", "known", "shorter", "forked"]
Seals = Sequence[str]
"""The seals of a journal's lines in their order: each of them stands for its line and all before it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a copy is beside the journal that is here: `what`, and of a fork the first line, from 1, that differs."""

    what: What
    line: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose journal of marks it is by its own opened lines, and on what ground they mark: the sample with its time of
    drawing and its frame, and the SHA-256 of every rubric that a sitting was opened with."""

    reviewer: str
    device: str
    sample: str
    drawn_at: str
    frame: str
    rubrics: frozenset[str]

    @property
    def ground(self) -> tuple[str, str, str]:
        """What makes a sample this one and no other."""
        return self.sample, self.drawn_at, self.frame


def claims_of(lines: Iterable[Mapping[str, object]]) -> tuple[Claim, ...]:
    """What the opened lines of a journal of marks say, each different one once; of one owner and ground a single one.
    None where no line is one."""
    found: dict[tuple[str, str, str, str, str], set[str]] = {}
    for line in lines:
        if line.get("kind") == "opened" and line.get("format") == JOURNAL_FORMAT:
            reviewer, device, sample, drawn_at, frame = (
                str(line.get(key, "")) for key in ("reviewer", "device", "sample", "drawn_at", "frame"))
            told = (reviewer.casefold(), device, sample, drawn_at, frame)
            found.setdefault(told, set()).add(str(line.get("rubric_sha256", "")))
    return tuple(Claim(*told, frozenset(rubrics)) for told, rubrics in found.items())


def seals_of(chain: Chain) -> tuple[str, ...]:
    """The seal of each sealed line."""
    return tuple(line.seal for line in chain.lines)


def raw_lines(data: bytes, chain: Chain) -> tuple[bytes, ...]:
    """The bytes of each sealed line with its line feed; the chain must be that of `data`, and not damaged."""
    whole = data[: chain.end].removesuffix(b"\n")
    return tuple(line + b"\n" for line in whole.split(b"\n")) if chain.lines else ()


def parting(one: Seals, other: Seals) -> int:
    """The first line, from 1, at which the two differ; 0 where one is the beginning of the other."""
    pairs = enumerate(zip(one, other, strict=False), start=1)
    return next((number for number, (first, second) in pairs if first != second), 0)


def judged(ours: Seals, copies: Sequence[Seals]) -> tuple[Verdict, ...]:
    """What each of the copies is beside ours. At most one, the longest, is to be taken.

    A copy that goes on where ours ends is not taken when another copy goes on there in another way: nobody but the
    reviewer can tell which of the two holds their marks.
    """
    sound = [copy for copy in copies if not parting(ours, copy)]
    best = max((copy for copy in sound if not any(parting(copy, other) for other in sound)), key=len, default=ours)
    taken = False
    verdicts: list[Verdict] = []
    for copy in copies:
        at = parting(ours, copy) or next((at for other in sound if copy in sound and len(copy) > len(ours)
                                          and (at := parting(copy, other))), 0)
        if at:
            verdicts.append(Verdict("forked", at))
        elif len(copy) > len(ours) and copy == best and not taken:
            taken = True
            verdicts.append(Verdict("longer" if ours else "new"))
        else:
            known = len(copy) == len(ours) or len(copy) == len(best) > len(ours)
            verdicts.append(Verdict("known" if known else "shorter"))
    return tuple(verdicts)
