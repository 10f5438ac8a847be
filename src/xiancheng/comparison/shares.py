"""Shares of the variance of a change by group of what is not known, and what knowing a group would be worth.

By pick-and-freeze over groups (Sobol 2001): a run of member 7 with the levers of member 13 shares the levers with
member 13 and all else with member 7. First orders by the efficient estimator of Janon et al. (2014), totals by Jansen
(1999). Groups are drawn independently, so that first orders sum to at most one and the rest is what groups do together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from xiancheng.arrays import Floats

FEWEST = 20
"""Members that attribution takes at least."""
LEFT = 10
"""Members with every run below which no share is told: a run may fail."""
_RESAMPLES = 200
_SURE = 0.9
_SEED = 1


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the variance of a change by group, each with half the width of its interval of 90 %.

    Attributes:
        first: what a group does by itself (group,); total: with all it does together with others (group,).
        first_error, total_error: the half widths (group,).
    """

    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats

    @property
    def together(self) -> float:
        """The part that no group does by itself."""
        return max(0.0, 1.0 - float(np.clip(self.first, 0.0, None).sum()))

    @property
    def parts(self) -> Floats:
        """Parts of a bar of length one: each group by itself, then what they do together (group + 1,)."""
        own = np.clip(self.first, 0.0, None)
        return np.append(own, self.together) / max(1.0, float(own.sum()))


def partners(count: int) -> list[int]:
    """Return for each of some members the position of the one that it takes a group from."""
    return [(position + 1) % count for position in range(count)]


def of(plain: Floats, mixed: Floats) -> Shares | None:
    """Return the shares of a change; None where fewer than LEFT members have it or it is the same in all.

    Args:
        plain: the change by member (member,) [unit].
        mixed: of each member with one group from its partner (group, member) [unit].
    """
    others = plain[partners(len(plain))]
    finite = np.isfinite(plain) & np.isfinite(others) & np.isfinite(mixed).all(axis=0)
    if finite.sum() < LEFT or np.ptp(plain[finite]) == 0:
        return None
    own, other, frozen = plain[finite], others[finite], mixed[:, finite]
    (first, total), (first_error, total_error) = _resampled(_estimates, own, other, frozen)
    return Shares(first, first_error, total, total_error)


def _estimates(own: Floats, other: Floats, frozen: Floats) -> Floats:
    """Return first orders and totals (2, group)."""
    mean, variance = (other + frozen).mean(axis=1) / 2, (other**2 + frozen**2).mean(axis=1) / 2
    spread = variance - mean**2
    first = ((other * frozen).mean(axis=1) - mean**2) / np.where(spread > 0, spread, 1.0)
    total = np.concatenate([own, other]).var()
    return np.stack([first, 0.5 * ((own - frozen) ** 2).mean(axis=1) / (total if total > 0 else 1.0)])


def _resampled(function: Callable[..., Floats], *values: Floats) -> tuple[Floats, Floats]:
    """Return a function of members and half the width of its interval, by drawing the members again."""
    count = values[0].shape[-1]
    random = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(_RESAMPLES):
        chosen = random.integers(count, size=count)
        drawn.append(function(*(item[..., chosen] for item in values)))
    width = float(stats.norm.ppf(0.5 + _SURE / 2))
    return function(*values), np.asarray(width * np.std(np.array(drawn), axis=0, ddof=1))


@dataclass(frozen=True, eq=False)
class Worth:
    """What knowing would be worth for a choice between two options in one indicator.

    Attributes:
        other: probability that the option that is better on the mean is the worse one.
        everything: what knowing all would gain on the mean, with its error [unit].
        groups: what knowing each group would gain (group,); errors: half the width of the interval of 90 % [unit].
    """

    other: float
    everything: float
    everything_error: float
    groups: Floats
    errors: Floats

    def is_told(self, group: int) -> bool:
        """Whether the worth of a group is larger than its error."""
        return bool(self.groups[group] > self.errors[group])


def worth(plain: Floats, mixed: Floats, *, higher: bool) -> Worth | None:
    """Return what knowing is worth; None where the shares of variance are.

    Of a group by moment matching (Heath, Manolopoulou & Baio 2017): the difference of the options drawn towards its
    mean until its variance is the part that the group does by itself.

    Args:
        plain: first option less second by member (member,) [unit].
        mixed: of each member with one group from its partner (group, member) [unit].
        higher: whether more of the indicator is better.
    """
    others = plain[partners(len(plain))]
    finite = np.isfinite(plain) & np.isfinite(others) & np.isfinite(mixed).all(axis=0)
    if finite.sum() < LEFT or np.ptp(plain[finite]) == 0:
        return None
    sign = 1.0 if higher else -1.0
    own, other, frozen = sign * plain[finite], sign * others[finite], sign * mixed[:, finite]
    gains, errors = _resampled(_gains, own, other, frozen)
    ahead = np.sign(own.mean())
    turned = (np.sign(own) == -ahead).mean() + 0.5 * (own == 0).mean()
    return Worth(float(turned), float(gains[0]), float(errors[0]), gains[1:], errors[1:])


def _gains(own: Floats, other: Floats, frozen: Floats) -> Floats:
    """Return what knowing everything and each group gains (1 + group,)."""
    first = np.clip(_estimates(own, other, frozen)[0], 0.0, 1.0)
    mean = own.mean()
    narrowed = mean + (own - mean) * np.sqrt(np.append(1.0, first))[:, None]
    return np.asarray(np.maximum(narrowed, 0.0).mean(axis=1) - max(mean, 0.0))
