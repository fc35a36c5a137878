"""The risk-weighted order: a case of twice the weight is about twice as likely to be drawn, and anyone can check it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

WEIGHTED_RULE = "cqa-weighted/1"

HEAVIEST = 2**32 - 1
_TICKETS = 2**256
_PLACES = 6


@dataclass(frozen=True, slots=True)
class WeightedCase:
    """A case that may be drawn: its ticket of 64 hex digits, and its weight of 1 to 2^32 - 1."""

    case_id: str
    ticket: str
    weight: int


def read_weight(text: str) -> int:
    """A weight from an export's field. Raises ValueError unless it is digits alone that say 1 to 2^32 - 1."""
    digits = text.lstrip("0")
    if not (text.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= HEAVIEST):
        raise ValueError(f"not a whole number from 1 to {HEAVIEST}")
    return int(digits)


def order_key(ticket: str, weight: int) -> int:
    """`cqa-weighted/1`: a case's place by q = T/w, smallest first, T being the ticket as a number and w the weight.

    Sequential Poisson or priority sampling (Ohlsson 1998, Journal of Official Statistics 14(2); Duffield, Lund and
    Thorup 2007, Journal of the ACM 54(6)). The key floor(2^64 T/w) has exactly the order of q: equal q give equal
    keys, and unequal T/w and U/v differ by |Tv - Uw|/(wv) >= 1/(wv) > 2^-64, because weights are below 2^32; so
    2^64 T/w and 2^64 U/v differ by more than 1, and rounding down keeps them apart and in their order.
    """
    return (int(ticket, 16) << 64) // weight


def estimation_weights(ordered: Sequence[WeightedCase], count: int) -> tuple[Fraction, ...]:
    """How many cases each of the first `count` cases in the order of `order_key` stands for, to 6 decimals (halves to
    even).

    A drawn case stands for max(w, tau)/w cases, with tau = 1/q of the first case not drawn and its ticket as a
    fraction of 2^256; sums of marks under these weights are unbiased (Duffield, Lund and Thorup 2007). Every
    case stands for itself when all are drawn.
    """
    drawn = ordered[:count]
    if count >= len(ordered) or not drawn:
        return (Fraction(1),) * len(drawn)
    out = ordered[count]
    # A ticket of 0 behind another would take two ids with one digest of nothing but zeros.
    tau = Fraction(out.weight * _TICKETS, int(out.ticket, 16))
    return tuple(round(max(Fraction(1), tau / case.weight), _PLACES) for case in drawn)


def certainties(weights: Mapping[str, int], count: int) -> tuple[str, ...]:
    """The ids, sorted, of cases so heavy that a draw of `count` owes them a place: count * w >= the sum of weights.

    The order by q passes such a case over now and then all the same (weights 1, 1, 1, 3 and two cases: 1 time in 11).
    """
    whole = sum(weights.values())
    return tuple(sorted(case_id for case_id, weight in weights.items() if count * weight >= whole))
