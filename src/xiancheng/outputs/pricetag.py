"""The price tag of a scenario: money against the baseline under the same assumptions, and what need is left unpaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr

from xiancheng.model import clock
from xiancheng.outputs import places, views
from xiancheng.study import Study

SUMS, PER = "price_tag", "person_years"
"""The views of the money that makes the tag and of whom it is spread over."""


@dataclass(frozen=True)
class PriceLine:
    """One line of the tag for an area, over all years of the tag.

    Attributes:
        area: id of the area; name: its name.
        indicator: id; title: its name.
        scenario: sum over the years in the scenario [yuan]; baseline likewise.
        per_resident: what the scenario takes above the baseline [yuan per resident a year].
        years: first and last year.
    """

    area: str
    name: str
    indicator: str
    title: str
    scenario: float
    baseline: float
    per_resident: float
    years: tuple[int, int]

    @property
    def extra(self) -> float:
        """What the scenario takes above the baseline [yuan]; negative where it saves."""
        return self.scenario - self.baseline


@dataclass(frozen=True)
class NeedLine:
    """What nobody pays for in an area, above the baseline; years are not added up, for a need stays until it is paid.

    Attributes:
        area: id of the area; name: its name.
        mean: of a year; last: in the last year [yuan a year].
        missing: capacity still missing at its end, at what it costs to build [yuan].
        years: first and last year.
    """

    area: str
    name: str
    mean: float
    last: float
    missing: float
    years: tuple[int, int]


def is_priced(result: xr.Dataset, study: Study) -> bool:
    """Tell whether a result holds money."""
    return views.leading(study, PER) in result and any(name in result for name in views.of(study, SUMS))


def tag(
    scenario: xr.Dataset,
    baseline: xr.Dataset,
    study: Study,
    language: str,
    levels: Sequence[str] = (places.LIST, places.PROVINCE),
) -> list[PriceLine]:
    """Return the price tag.

    Args:
        scenario: a result with dims year and place.
        baseline: the result of the baseline under the same assumptions, same start and end.
        study: the study.
        language: of names and titles.
        levels: areas to tag.

    Returns:
        A line for each indicator of SUMS and area, over the years of the policy up to the usual end of runs; none
        where a result holds no money or ends before the policy.
    """
    per = views.leading(study, PER)
    names = [name for name in views.of(study, SUMS) if name in scenario and name in baseline]
    years = clock.of(study).policy(scenario["year"].values)
    if not names or not years or per not in scenario:
        return []
    here, base = (places.table_of(data.sel(year=years), [*names, per], levels) for data in (scenario, baseline))
    costs = []
    for level in levels:
        for area in here[level]["area"].values:
            mine, theirs = (data[level].sel(area=area) for data in (here, base))
            person_years = float(mine[per].sum(skipna=False))
            costs += [_cost(mine[name], theirs[name], person_years, years, language) for name in names]
    return costs


def _cost(mine: xr.DataArray, theirs: xr.DataArray, person_years: float, years: list[int], language: str) -> PriceLine:
    scenario, baseline = (float(series.sum(skipna=False)) for series in (mine, theirs))
    return PriceLine(
        area=str(mine["area"].item()),
        name=str(mine[f"name_{language}"].item()),
        indicator=str(mine.name),
        title=str(mine.attrs[f"title_{language}"]),
        scenario=scenario,
        baseline=baseline,
        per_resident=(scenario - baseline) / person_years if person_years > 0 else float("nan"),
        years=(years[0], years[-1]),
    )


def left(
    scenario: xr.Dataset,
    baseline: xr.Dataset,
    study: Study,
    language: str,
    levels: Sequence[str] = (places.LIST, places.PROVINCE),
) -> list[NeedLine]:
    """Return what need a scenario leaves unpaid above the baseline; arguments as of `tag`."""
    unfunded, missing = (views.leading(study, view) for view in ("unfunded", "missing"))
    years = clock.of(study).policy(scenario["year"].values)
    if not years or any(name not in data for name in (unfunded, missing) for data in (scenario, baseline)):
        return []
    here, base = (places.table_of(data.sel(year=years), [unfunded, missing], levels) for data in (scenario, baseline))
    lines = []
    for level in levels:
        for area in here[level]["area"].values:
            mine, theirs = (data[level].sel(area=area) for data in (here, base))
            apart = mine[unfunded].values - theirs[unfunded].values
            lines.append(NeedLine(str(area), str(mine[f"name_{language}"].item()), float(apart.mean()),
                                  float(apart[-1]), float(mine[missing].values[-1] - theirs[missing].values[-1]),
                                  (years[0], years[-1])))
    return lines
