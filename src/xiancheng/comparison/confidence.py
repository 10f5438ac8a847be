"""How sure a claim is: evidence and agreement, who beats whom, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.comparison import bands, changes
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import Line
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model.reading import EVIDENCE
from xiancheng.outputs.certainty import Certainty, agreement, evidence, probability
from xiancheng.outputs.least_changes import labelled

WEAK = "assumed"
LEADING = 3
"""Claims that are told of each option."""


def certainty(line: Line, marks: Iterable[tuple[str, float]]) -> Certainty:
    """Return how sure a claim is.

    Args:
        line: the claim.
        marks: mark and weight of what moves it, as of `grounds.marks`.
    """
    own, members = str(line.about.get("evidence_at_start", EVIDENCE[0])), line.change.members
    return Certainty(evidence(marks, own), agreement(line.agreement, members, holds=line.holds),
                     probability(line.agreement, members))


@dataclass(frozen=True)
class Duel:
    """Two options against each other in one indicator, last year, reference, same members.

    Attributes:
        indicator: id; about: its attributes; area: id; first, second: letters.
        apart: second less first [unit].
        first_wins: share of members in which the first does better, ties counted half.
        holds: whether the sign holds in every stress.
        least: difference that counts [unit].
    """

    indicator: str
    about: dict[str, Any]
    area: str
    first: str
    second: str
    apart: Band
    first_wins: float
    holds: bool
    least: float

    @property
    def counts(self) -> bool:
        """Whether anybody would act on the difference of the medians."""
        return self.apart.median != 0 and abs(self.apart.median) >= self.least


def duels(areas: xr.Dataset, names: Sequence[str], area: str) -> list[Duel]:
    """Return how every pair of options stands in every indicator with a better direction."""
    scenarios = [str(name) for name in areas.variables["scenario"].values]
    judged = [name for name in names if areas[name].attrs["direction"] in ("higher", "lower")]
    last = {name: cut(areas, name, ("scenario", "stress", "member"), area=area, year=areas.variables["year"].values[-1])
            for name in judged}
    row = list(areas.variables["stress"].values).index(REFERENCE)
    duels = []
    for first, second in combinations([name for name in scenarios if name != BASELINE], 2):
        for name in judged:
            own = about(areas, name)
            first_values, other = (last[name][scenarios.index(letter)] for letter in (first, second))
            if np.isfinite(first_values).any():
                apart = bands.change(other, first_values)
                wins = bands.beats(first_values[row], other[row], str(own["direction"]))
                least = labelled(own).at(bands.band(first_values[row]).median)
                holds = bool(bands.keeps_sign(bands.Ordered.of(apart).medians()))
                duels.append(Duel(name, own, area, first, second, bands.band(apart[row]), wins, holds, least))
    return duels


def leading(lines: Sequence[Line], sizes: Mapping[tuple[str, str], float], count: int = LEADING) -> list[Line]:
    """Return the claims of an option worth telling first: the largest improvements by share or standard deviation.

    Args:
        lines: claims of one option.
        sizes: change in standard deviations by (indicator, option); missing ones count by their share of the level.
        count: how many.
    """

    def size(line: Line) -> float:
        own = sizes.get((line.indicator, line.option), np.nan)
        if np.isfinite(own):
            return abs(own)
        level = abs(line.baseline.median)
        return abs(line.change.median) / level if level > 0 else 0.0

    better = [line for line in lines if line.verdict == changes.BETTER]
    return sorted(better, key=lambda line: (not line.is_beyond_band, -size(line)))[:count]
