"""The scorecard of the text: article by article, what its own indicators do against the baseline and their targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from xiancheng.outputs import articles, indicators, places, targets
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.least_changes import labelled
from xiancheng.scenarios import levers
from xiancheng.study import Study

AS_ASKED, AGAINST, STILL, OPEN = "as_asked", "against", "still", "open"
"""Verdicts; OPEN where neither the indicator nor its lever says which way is asked for."""
RISE, FALL = "+", "-"
_ASKED = {"higher": RISE, "lower": FALL}


@dataclass(frozen=True)
class Demand:
    """An indicator that shows an article.

    Attributes:
        article: id of the article.
        indicator: id.
        way: RISE or FALL, "" where none is asked for.
    """

    article: str
    indicator: str
    way: str


@dataclass(frozen=True)
class Mark:
    """What becomes of an indicator of an article in one area.

    Attributes:
        demand: the article, the indicator, the way.
        title: name of the indicator by language; unit: its unit.
        baseline, value: in the last year [unit of the indicator].
        verdict: one of AS_ASKED, AGAINST, STILL, OPEN.
        target: what becomes of its target; None without one.
    """

    demand: Demand
    title: Mapping[str, str]
    unit: str
    baseline: float
    value: float
    verdict: str
    target: targets.Outcome | None


def demands(study: Study) -> list[Demand]:
    """Return the own indicators of every article's levers with the way that is asked for, each once an article."""
    text, catalogue, shown = articles.read(study), levers.read(study), indicators.read(study)
    pairs: dict[tuple[str, str], str] = {}
    for clause in text.clauses:
        for name in clause.levers:
            if name in catalogue and catalogue[name].own_indicator in shown:
                lever = catalogue[name]
                pair = (clause.article, lever.own_indicator)
                pairs[pair] = pairs.get(pair) or _way(shown[lever.own_indicator], lever)
    order = list(text.articles)
    return [Demand(*pair, way) for pair, way in sorted(pairs.items(), key=lambda item: order.index(item[0][0]))]


def _way(indicator: Indicator, lever: levers.Lever) -> str:
    return _ASKED.get(indicator.direction, lever.own_direction)


def verdict(baseline: float, value: float, way: str, least: float) -> str:
    """Return which of the verdicts a change is.

    Args:
        baseline: level of the baseline.
        value: level of what is judged [the same unit].
        way: RISE, FALL or "".
        least: what a change has to reach to count [the same unit].
    """
    change = value - baseline
    if not math.isfinite(change) or change == 0 or abs(change) < least:
        return STILL
    if way not in (RISE, FALL):
        return OPEN
    return AS_ASKED if (change > 0) == (way == RISE) else AGAINST


def marks(
    result: xr.Dataset, baseline: xr.Dataset, study: Study, language: str, level: str = places.PROVINCE
) -> list[Mark]:
    """Return the scorecard of a run.

    Args:
        result: a result with dims year and place.
        baseline: that of the baseline under the same assumptions.
        study: the study.
        language: of titles.
        level: the area.
    """
    own = [item for item in demands(study) if item.indicator in result and item.indicator in baseline]
    names = list(dict.fromkeys(item.indicator for item in own))
    if not names:
        return []
    here, base = (places.table_of(data, names, (level,))[level].isel(area=0, year=-1) for data in (result, baseline))
    aims = {item.indicator: item for item in targets.outcomes(result, language, (level,))}
    shown = indicators.read(study)
    both = [(item, float(base[item.indicator]), float(here[item.indicator])) for item in own
            if item.indicator in here and item.indicator in base]
    least = {item.indicator: labelled(result[item.indicator].attrs).at(before) for item, before, _ in both}
    return [Mark(item, shown[item.indicator].title, shown[item.indicator].unit, before, now,
                 verdict(before, now, item.way, least[item.indicator]), aims.get(item.indicator))
            for item, before, now in both]
