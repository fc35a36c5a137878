"""The ticket rule: a case's place in the draw depends on the seed and its own id, and on nothing else."""

import hashlib
import unicodedata
from collections.abc import Sequence

from cqa.errors import Problem, WrongUse

TICKET_RULE = "cqa-ticket/1"
SEED_DIGITS = 24
"""How many digits a seed has that is made from the system's randomness."""

# Besides what Python calls white space: a stray byte-order mark, a zero-width no-break space, a NUL.
_INVISIBLE = "\ufeff\x00"


def normal_id(text: str) -> str:
    """A case id as the rule sees it: Unicode NFC, with outer white space, byte-order marks and NULs removed."""
    if text.isascii() and (not text or (text[0] > " " and text[-1] > " ")):
        return text  # plain already, as nearly every field of a large export is
    text = unicodedata.normalize("NFC", text)
    while (stripped := text.strip().strip(_INVISIBLE)) != text:
        text = stripped
    return text


def ticket(seed: str, case_id: str, purpose: str = "") -> str:
    """`cqa-ticket/1`: SHA-256 of `seed|id` as 64 lower-case hex digits.

    `purpose` suffixes the seed (`seed/assign`), so that one sub-draw says nothing about another.
    """
    spoken = f"{seed}/{purpose}" if purpose else seed
    return hashlib.sha256(f"{spoken}|{case_id}".encode()).hexdigest()


def tickets(seed: str, ids: Sequence[str]) -> list[bytes]:
    """The tickets of many ids at once, 32 bytes each, in their order; ids hold no line feed."""
    if not ids:
        return []
    before = f"{seed}|".encode()
    spoken = (before + "\n".join(ids).encode().replace(b"\n", b"\n" + before)).split(b"\n")
    sha256 = hashlib.sha256
    return [sha256(message).digest() for message in spoken]


def checked_seed(seed: str) -> str:
    """The seed as typed. Raises WrongUse unless it is printable ASCII without `|`; it is never read as a number."""
    if not seed or "|" in seed or not all(" " <= letter <= "~" for letter in seed) or seed != seed.strip():
        raise WrongUse(Problem("S015", "The seed must be printable plain characters without '|' and outer spaces.",
                               "Twenty or more dice digits are best, for example --seed 73129048561093847562."))
    return seed
