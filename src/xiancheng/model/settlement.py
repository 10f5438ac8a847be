"""Town and village: how far their ages differ, and the split of a place that keeps both margins."""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.ages import OPEN_AGE, exact, group_middles

SHRINKAGE = 0.7
"""Share of the regression's log odds that is believed; the rest may be context, not the person's settlement."""

_LEAST = 1e-4


def town_log_odds(persons: Floats, urban_share: Floats) -> Floats:
    """Estimate how much more townspeople than villagers are of each age (ecological regression, Goodman 1953).

    Args:
        persons: persons of the units [person] (unit, sex, group).
        urban_share: share of townspeople in the units [1] (unit).

    Returns:
        ln(share of the group among townspeople / its share among villagers) x SHRINKAGE, by class (sex, age).
    """
    residents = persons.sum(axis=(1, 2))
    weight = np.sqrt(residents)
    design = np.stack([urban_share, 1 - urban_share], axis=-1) * weight[:, None]
    composition = persons.reshape(len(persons), -1) / residents[:, None] * weight[:, None]
    town, village = np.linalg.lstsq(design, composition, rcond=None)[0]
    odds = np.log(np.maximum(town, _LEAST) / np.maximum(village, _LEAST)).reshape(persons.shape[1:])
    classes = np.append(np.arange(OPEN_AGE) + 0.5, group_middles()[-1])
    return SHRINKAGE * np.stack([np.interp(classes, group_middles(), by_group) for by_group in odds])


def split(persons: Floats, town_total: Floats, log_odds: Floats) -> tuple[Floats, Floats]:
    """Split persons over town and village; the odds hold and both margins are met.

    This is iterative proportional fitting of two columns in closed form: in every cell the town's share is
    1 / (1 + exp(-level - odds)), and one level for each place meets its town total.

    Args:
        persons: [person] (place, sex, age).
        town_total: townspeople [person] (place).
        log_odds: (sex, age).

    Returns:
        townspeople and villagers [person] (place, sex, age).
    """
    total = persons.sum(axis=(1, 2))
    share = np.divide(town_total, total, out=np.zeros_like(total), where=total > 0)
    level = _level(persons, share, log_odds)
    chance = _chance(level[:, None, None] + log_odds)
    chance = np.where(share[:, None, None] >= 1, 1.0, np.where(share[:, None, None] <= 0, 0.0, chance))
    town = exact(_close(persons * chance, persons, town_total))
    return town, persons - town


def _chance(odds: Floats) -> Floats:
    """Return the chance of log odds."""
    return 1 / (1 + np.exp(-odds))


def _level(persons: Floats, share: Floats, log_odds: Floats) -> Floats:
    low, high = np.full(len(share), -40.0), np.full(len(share), 40.0)
    target = share * persons.sum(axis=(1, 2))
    for _ in range(80):
        middle = (low + high) / 2
        urban = (persons * _chance(middle[:, None, None] + log_odds)).sum(axis=(1, 2))
        low, high = np.where(urban < target, middle, low), np.where(urban < target, high, middle)
    level: Floats = (low + high) / 2
    return level


def _close(town: Floats, persons: Floats, town_total: Floats) -> Floats:
    """Give what rounding left to the largest cell that can take it, so that the town total holds to the last digit."""
    town = exact(town)
    rest = exact(town_total) - town.sum(axis=(1, 2))
    flat = town.reshape(len(town), -1)
    room = np.minimum(flat, (persons - town).reshape(len(town), -1))
    cell = np.argmax(room, axis=1)
    flat[np.arange(len(flat)), cell] += rest
    closed: Floats = flat.reshape(town.shape)
    return closed
