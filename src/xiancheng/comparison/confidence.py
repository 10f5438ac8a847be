"""How sure a claim is: evidence marks in words, share of members, who beats whom, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import xarray as xr
from scipy import stats

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, changes
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import Line
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model.reading import EVIDENCE
from xiancheng.model.settings import Scenario

SURE, LIKELY = 0.95, 0.8
"""Shares of members that agree on a sign for high and for moderate confidence."""
WEAK = "assumed"
HIGH, MODERATE, LOW = "high", "moderate", "low"
LEADING = 3
"""Assumptions that are told for each claim."""
FEWEST = 10
"""Members below which no parameter can be called leading."""
PARAMETER, STRESS = "parameter", "stress"


def confidence(line: Line, marks: Sequence[str]) -> str:
    """Return HIGH, MODERATE or LOW for a claim.

    High takes marks better than assumed, nearly all members on one sign and every stress on it. Moderate takes most
    members and every stress, whatever the marks. Without members no claim is better than low.

    Args:
        line: the claim.
        marks: evidence marks of the indicator and of the levers behind it.
    """
    if line.change.members < 2 or not line.robust or line.agreement < LIKELY:
        return LOW
    return HIGH if line.agreement >= SURE and weakest(marks) != WEAK else MODERATE


def weakest(marks: Sequence[str]) -> str:
    """Return the weakest of some evidence marks; the strongest there is of none."""
    return max(marks, key=EVIDENCE.index, default=EVIDENCE[0])


@dataclass(frozen=True)
class Duel:
    """Two options against each other in one indicator, last year, reference, same members.

    Attributes:
        indicator: id; about: its attributes; area: id; first, second: letters.
        apart: second less first [unit].
        first_wins: share of members in which the first does better, ties counted half.
        robust: whether the sign holds in every stress.
    """

    indicator: str
    about: dict[str, Any]
    area: str
    first: str
    second: str
    apart: Band
    first_wins: float
    robust: bool


def duels(areas: xr.Dataset, names: Sequence[str], area: str) -> list[Duel]:
    """Return how every pair of options stands in every indicator with a better direction."""
    scenarios = [str(first_values) for first_values in areas["scenario"].values]
    judged = [name for name in names if areas[name].attrs["direction"] in ("higher", "lower")]
    last = {name: areas[name].sel(area=area).isel(year=-1).transpose("scenario", "stress", "member").values
            for name in judged}
    duels = []
    for first, second in combinations([first_values for first_values in scenarios if first_values != BASELINE], 2):
        for name in judged:
            about = dict(areas[name].attrs)
            first_values, other = (last[name][scenarios.index(letter)] for letter in (first, second))
            if np.isfinite(first_values).any():
                row = list(areas["stress"].values).index(REFERENCE)
                apart = bands.change(other, first_values)
                wins = bands.beats(first_values[row], other[row], str(about["direction"]))
                duels.append(Duel(name, about, area, first, second, bands.band(apart[row]), wins,
                                  bands.is_robust(apart)))
    return duels


@dataclass(frozen=True)
class Turning:
    """What an assumption does to a claim.

    Attributes:
        kind: PARAMETER or STRESS; name: of the constant, or id of the stress.
        pull: how far the change moves: over one standard deviation of the parameter, or from the reference to the
            stress [unit of the indicator].
        at: value of the parameter, or of the way from the reference to the stress (0 to 1), at which the change is
            nothing; missing where the line through the runs does not cross zero within what was run.
        low, high: values that were run.
        middle: of the parameter in the median member; 0 for a stress.
    """

    kind: str
    name: str
    pull: float
    at: float
    low: float
    high: float
    middle: float


def turnings(areas: xr.Dataset, line: Line, parameters: Mapping[str, Floats], against: str = BASELINE) -> list[Turning]:
    """Return the assumptions that move a claim most, each with its break-even.

    Args:
        areas: indicators of Runs.
        line: the claim, in the reference.
        parameters: values by member of every parameter that members bring, in the order of the members.
        against: the scenario the claim is against.
    """
    values = areas[line.indicator].sel(area=line.area, year=line.year).transpose("scenario", "stress", "member")
    apart = bands.change(values.sel(scenario=line.option).values, values.sel(scenario=against).values)
    order = [str(value) for value in areas["stress"].values]
    reference = apart[order.index(REFERENCE)]
    turnings = [_of_stress(name, reference, apart[row]) for row, name in enumerate(order) if name != REFERENCE]
    finite = np.isfinite(reference)
    if finite.sum() >= FEWEST:
        turnings += [_of_parameter(name, drawn[finite], reference[finite]) for name, drawn in parameters.items()]
    moving = [turning for turning in turnings if np.isfinite(turning.pull) and turning.pull != 0]
    return sorted(moving, key=lambda turning: -abs(turning.pull))[:LEADING]


def _of_stress(name: str, reference: Floats, stressed: Floats) -> Turning:
    """Compare the same members under both."""
    both = np.isfinite(reference) & np.isfinite(stressed)
    here, present = (float(np.median(item[both])) if both.any() else np.nan for item in (reference, stressed))
    share = here / (here - present) if here != present else np.nan
    return Turning(STRESS, name, present - here, share if 0 <= share <= 1 else np.nan, 0.0, 1.0, 0.0)


def _of_parameter(name: str, drawn: Floats, reference: Floats) -> Turning:
    low, high = float(drawn.min()), float(drawn.max())
    if low == high or np.ptp(reference) == 0:
        return Turning(PARAMETER, name, 0.0, np.nan, low, high, float(np.median(drawn)))
    fit = stats.linregress(drawn, reference)
    zero = -fit.intercept / fit.slope if fit.slope else np.nan
    pull = float(fit.slope * drawn.std()) if fit.pvalue < 0.05 else 0.0
    at = float(zero) if low <= zero <= high else np.nan
    return Turning(PARAMETER, name, pull, at, low, high, float(np.median(drawn)))


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


def marks_behind(line: Line, scenario: Scenario, evidence: Mapping[str, str]) -> list[str]:
    """Return the marks of an indicator at the start and of the levers of an option that bear on it.

    Args:
        line: the claim.
        scenario: the option.
        evidence: mark of the effect of each lever by id.
    """
    own = str(line.about.get("evidence_at_start", EVIDENCE[0]))
    return [own, *(evidence[name] for name, lever in scenario.levers.items() if lever and name in evidence)]
