"""The conditions of the rule that decides a trial, of one trial or of many at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_TINY = 1e-12
"""Less than this is rounding."""


def large_enough(difference: ArrayLike, least: float) -> NDArray[np.bool_]:
    """The first condition: a difference of `least` or more, in either direction."""
    return np.asarray(np.abs(np.asarray(difference, dtype=float)) >= least - _TINY)


def clear_of_zero(low: ArrayLike, high: ArrayLike) -> NDArray[np.bool_]:
    """The second: the interval does not reach 0. An interval that is not there is not clear of anything."""
    return np.asarray((np.asarray(low, dtype=float) > 0) | (np.asarray(high, dtype=float) < 0))


def not_contradicted(difference: ArrayLike, beside: ArrayLike, least: float) -> NDArray[np.bool_]:
    """The third: the measure beside does not point the other way by `least` or more. What is not known (NaN) does not
    count as agreeing."""
    toward = np.sign(np.asarray(difference, dtype=float)) * np.asarray(beside, dtype=float)
    return np.asarray(toward > -least + _TINY)


def within(low: ArrayLike, high: ArrayLike, least: float) -> NDArray[np.bool_]:
    """Whether the whole interval lies within `least` of 0."""
    return np.asarray((np.asarray(low, dtype=float) >= -least - _TINY) & (
        np.asarray(high, dtype=float) <= least + _TINY))


def called_alike(low: ArrayLike, high: ArrayLike, beside: ArrayLike, least: float) -> NDArray[np.bool_]:
    """Whether the forms agree alike: the whole interval within `least` of 0, and the measure beside not apart by as
    much. What is not known (NaN) does not count as alike."""
    return np.asarray(within(low, high, least) & (np.abs(np.asarray(beside, dtype=float)) < least - _TINY))


def form_taken(
    difference: ArrayLike, low: ArrayLike, high: ArrayLike, beside: ArrayLike, least: float
) -> NDArray[np.int64]:
    """Which form the rule takes: 1 the variant, -1 the parent, 0 neither; of one trial or of many at once."""
    taken = (large_enough(difference, least) & clear_of_zero(low, high) & not_contradicted(difference, beside, least))
    return np.asarray(np.where(taken, np.sign(np.asarray(difference, dtype=float)), 0), dtype=np.int64)
