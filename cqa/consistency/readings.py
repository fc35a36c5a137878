"""What a figure of agreement means in words, and never more than its number of pairs can bear."""

from cqa.consistency.intervals import wilson

ENOUGH_PAIRS = 20
"""Below this no coefficient is given: its interval covers only about half of what it should."""
ROUGH_PAIRS = 50
"""Below this coefficients come with a warning."""
COUNTS_ONLY = 5
"""Below this only counts are said."""
FEW_IN_TEN = 0.05


def pairs_said(count: int) -> str:
    """`1 pair`, `2 pairs`."""
    return f"{count} pair" if count == 1 else f"{count:,} pairs"


def marks_said(count: int) -> str:
    """`1 mark`, `2 marks`."""
    return f"{count} mark" if count == 1 else f"{count:,} marks"


def cases_said(count: int) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} case" if count == 1 else f"{count:,} cases"


def counted(part: int, whole: int) -> str:
    """A share of few as a count in words: `3 of 4`."""
    return f"{part} of {whole}"


def agreement_reading(differing: int, pairs: int, two_each: bool) -> str:
    """How many of the pairs differ: counts under 5 pairs, counts with a warning under 20, else a share with Wilson's
    interval where every case has exactly two marks (`two_each`), under 50 with a warning. Raises ValueError without
    pairs."""
    if pairs < 1:
        raise ValueError("no pairs")
    verb = "differs" if differing == 1 and pairs == 1 else "differ"
    if pairs < COUNTS_ONLY:
        return f"{differing} of {pairs_said(pairs)} {verb}."
    if pairs < ENOUGH_PAIRS:
        return f"Too few pairs: {counted(differing, pairs)} {verb}."
    low, high = wilson(differing, pairs)
    spread = f" ({low:.0%} to {high:.0%})" if two_each else ""
    rough = f" Under {ROUGH_PAIRS} pairs: coefficients are rough." if pairs < ROUGH_PAIRS else ""
    return f"{_share_said(differing, pairs)}{spread}.{rough}"


def _share_said(differing: int, pairs: int) -> str:
    share = differing / pairs
    if differing == 0:
        return f"None of {pairs} pairs differs"
    if differing == pairs:
        return f"All {pairs} pairs differ"
    if share < FEW_IN_TEN:
        return f"About 1 in {round(1 / share)} pairs differs"
    tenths = min(9, max(1, round(10 * share)))
    return f"About {tenths} in 10 pairs {'differs' if tenths == 1 else 'differ'}"


def lost_reading(one_sided: int, lost: int) -> str:
    """Why no pair has two levels: one or both of each pair lie outside the scale."""
    if one_sided == lost:
        return f"Reviewers disagree whether this question can be answered: {counted(lost, lost)} pairs."
    if one_sided == 0:
        return f"Both reviewers say that it cannot be answered or does not apply: {counted(lost, lost)} pairs."
    return (f"No pair has two levels: in {counted(one_sided, lost)} pairs reviewers disagree whether this question can "
            f"be answered, in {lost - one_sided} both say that it cannot.")
