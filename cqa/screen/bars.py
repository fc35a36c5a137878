"""Figures as bars of ASCII, so that they can be seen in any console and read aloud."""

from collections.abc import Sequence

FILLED, HALF, EMPTY = "#", "+", "."


def parts_bar(parts: Sequence[int], width: int) -> str:
    """What is done, begun and open of a whole, `width` characters in all; nothing that is not 0 goes unseen.

    Raises ValueError for more parts than there are signs.
    """
    signs = (FILLED, HALF, EMPTY)
    if len(parts) > len(signs):
        raise ValueError(f"{len(parts)} parts")
    whole = sum(parts)
    if not whole:
        return ""
    lengths = [max(1, round(width * part / whole)) if part else 0 for part in parts]
    longest = max(range(len(parts)), key=lambda place: lengths[place])
    lengths[longest] += width - sum(lengths)
    return "".join(sign * length for sign, length in zip(signs, lengths, strict=False))


def interval_bar(
    value: float, low: float | None, high: float | None, least: float, most: float, width: int,
    zero: float | None = None,
) -> str:
    """A line from `least` to `most` with `o` at the value, hyphens over its interval, and a bar at `zero`."""
    def place(at: float) -> int:
        return min(width - 1, max(0, int((at - least) / (most - least) * width)))

    line = [EMPTY] * width
    if low is not None and high is not None:
        for at in range(place(low), place(high) + 1):
            line[at] = "-"
    if zero is not None:
        line[place(zero)] = "|"
    line[place(value)] = "o"
    return "".join(line)
