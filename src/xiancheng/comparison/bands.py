"""Bands over members and how sure a sign is: small functions on arrays, with missing members left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, eq=False)
class Ordered:
    """Values of members in their order, many rows at once: thousands of bands are taken for one report.

    Attributes:
        values: of each row from the smallest to the largest, missing ones behind (…, member) [unit].
        counts: how many of a row are not missing (…).
    """

    values: Floats
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, values: Floats) -> Ordered:
        """Return the values of members in their order.

        Args:
            values: of the members, in any order (…, member) [unit].
        """
        own = np.array(values, dtype=float)
        is_present = np.isfinite(own)
        own[~is_present] = np.nan
        own.sort(axis=-1)
        return cls(own, is_present.sum(axis=-1))

    def bands(self) -> NDArray[np.object_]:
        """Return the band of each row, as `band` of the row alone (…)."""
        ends = [self.quantiles(share).ravel().tolist() for share in (LOW, 0.5, HIGH)]
        own = np.empty(self.counts.shape, dtype=object)
        own.ravel()[:] = [Band(*row) for row in zip(*ends, self.counts.ravel().tolist(), strict=True)]
        return own

    def quantiles(self, share: float) -> Floats:
        """Return a quantile of each row, linear between its values, as that of a band (…) [unit].

        Args:
            share: of the members that lie below.
        """
        place = share * (self.counts - 1)
        below = place.astype(int)
        first, second = self._at(below), self._at(np.minimum(below + 1, self.counts - 1))
        between: Floats = first + (second - first) * (place - below)
        return between

    def medians(self) -> Floats:
        """Return the median of each row, as numpy takes it; missing where all its values are (…) [unit]."""
        middle: Floats = (self._at((self.counts - 1) // 2) + self._at(self.counts // 2)) / 2
        return middle

    def agreements(self) -> Floats:
        """Return the share of the members of each row whose value has the sign of its median (…)."""
        with np.errstate(invalid="ignore"):
            agree = (np.sign(self.values) == np.sign(self.medians())[..., None]).sum(axis=-1)
            shares: Floats = agree / self.counts
        return shares

    def _at(self, places: NDArray[np.int64]) -> Floats:
        """Return the value of each row at a place of its order, the first or last where there is no such (…)."""
        within = np.clip(places, 0, self.values.shape[-1] - 1)
        return np.take_along_axis(self.values, within[..., None], axis=-1)[..., 0]


def change(option: Floats, baseline: Floats) -> Floats:
    """Return what an option changes, pair by pair; a difference within rounding is 0.

    Args:
        option: values of an option (…, member) [unit].
        baseline: values of the baseline of the same members [unit].
    """
    difference = np.asarray(option, dtype=float) - baseline
    size = np.maximum(np.abs(option), np.abs(baseline))
    return np.where(np.abs(difference) <= SAME * size, 0.0, difference)


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


def robust(changes: Ordered, least: Floats) -> NDArray[np.bool_]:
    """Tell of which changes the sign is one, by nearly all members, and the median counts, in every stress.

    Args:
        changes: by stress and member (…, stress, member) [unit].
        least: change that counts (…, stress) [unit].
    """
    medians, agreements = changes.medians(), changes.agreements()
    with np.errstate(invalid="ignore"):
        is_sure = (changes.counts > 1) & (agreements >= ROBUST) & (np.abs(medians) >= least)
    return np.asarray(keeps_sign(medians) & is_sure.all(axis=-1))


def keeps_sign(medians: Floats) -> NDArray[np.bool_]:
    """Tell which changes have one sign in every stress; one that is missing has none.

    Args:
        medians: by stress (…, stress) [unit].
    """
    with np.errstate(invalid="ignore"):
        return np.asarray((medians > 0).all(axis=-1) | (medians < 0).all(axis=-1))
