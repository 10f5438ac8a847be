"""Bands over members and how sure a sign is: small functions on arrays, with missing members left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats

LOW, HIGH = 0.05, 0.95
"""Ends of a band."""
ROBUST = 0.95
"""Share of members on one sign from which a change may be robust."""
SAME = 1e-6
"""A change of so small a share of the level is none: runs are stored in 4 bytes."""


@dataclass(frozen=True)
class Band:
    """What members make of a value.

    Attributes:
        low: 5 % of the members lie below; median: half; high: 95 % [unit of the value].
        members: how many there are.
    """

    low: float
    median: float
    high: float
    members: int

    @property
    def is_wide(self) -> bool:
        """Whether there is more than one member, so that the ends mean something."""
        return self.members > 1

    @property
    def is_apart_from_zero(self) -> bool:
        """Whether both ends lie on the same side of zero."""
        return self.low > 0 or self.high < 0


def band(values: Floats) -> Band:
    """Return the band of the values of members, missing ones left out."""
    present = np.asarray(values, dtype=float).ravel()
    present = present[np.isfinite(present)]
    if not len(present):
        return Band(np.nan, np.nan, np.nan, 0)
    present.sort()
    low, median, high = (_quantile(present, share) for share in (LOW, 0.5, HIGH))
    return Band(low, median, high, len(present))


def _quantile(ordered: Floats, share: float) -> float:
    """Return a quantile of sorted values, linear between them; thousands are taken for one report."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def change(option: Floats, baseline: Floats) -> Floats:
    """Return what an option changes, pair by pair; a difference within rounding is 0.

    Args:
        option: values of an option (…, member) [unit].
        baseline: values of the baseline of the same members [unit].
    """
    difference = np.asarray(option, dtype=float) - baseline
    size = np.maximum(np.abs(option), np.abs(baseline))
    return np.where(np.abs(difference) <= SAME * size, 0.0, difference)


def agreement(changes: Floats) -> float:
    """Return the share of members whose change has the sign of the median change; 1 where nothing changes at all."""
    finite = changes[np.isfinite(changes)]
    if not len(finite):
        return float("nan")
    return float((np.sign(finite) == np.sign(np.median(finite))).mean())


def beats(first: Floats, second: Floats, direction: str) -> float:
    """Return the share of members in which one option does better than another, ties counted half.

    Args:
        first: values of one option by member [unit].
        second: values of the other by the same member [unit].
        direction: "higher" or "lower" is better; missing for "neither".
    """
    apart = change(first, second)
    apart = apart[np.isfinite(apart)]
    if direction not in ("higher", "lower") or not len(apart):
        return float("nan")
    wins = np.sign(apart) * (1 if direction == "higher" else -1)
    return float(((wins + 1) / 2).mean())


def sign(changes: Floats) -> int:
    """Return the sign of the median change, 0 for none."""
    finite = changes[np.isfinite(changes)]
    return int(np.sign(np.median(finite))) if len(finite) else 0


def holds(changes: Floats) -> bool:
    """Tell whether the sign of the median holds in every stress.

    Args:
        changes: by stress and member (stress, member) [unit].
    """
    signs = {sign(row) for row in changes}
    return len(signs) == 1 and 0 not in signs


def is_robust(changes: Floats, least: Sequence[float]) -> bool:
    """Tell whether the change has one sign, by nearly all members, and counts by its median in every stress.

    Args:
        changes: by stress and member (stress, member) [unit].
        least: change that counts in each stress [unit].
    """
    return holds(changes) and all(
        np.isfinite(row).sum() > 1 and agreement(row) >= ROBUST and abs(float(np.nanmedian(row))) >= smallest
        for row, smallest in zip(changes, least, strict=True))
