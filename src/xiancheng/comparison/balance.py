"""The balance of sources and uses: what options want of the public purse, who pays for it, what gives way or waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands
from xiancheng.comparison.bands import Band
from xiancheng.comparison.cuts import cut
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model import clock
from xiancheng.outputs import views
from xiancheng.study import Study

WANTED, REVENUE, DEBT_SERVICE, BONDS = "wanted", "revenue", "service_of_debt", "bonds"
RESERVE, HIDDEN, PRIVATE, DISPLACED, NOT_BUILT = "reserve", "new_hidden", "partners", "displaced", "not_built"
SOURCES = (REVENUE, DEBT_SERVICE, BONDS, RESERVE, HIDDEN, PRIVATE, DISPLACED, NOT_BUILT)
"""What makes up WANTED, in the order of the table; debt service counts against revenue, so its sign is turned."""
_OTHER, _UNFUNDED = "all_else", "unfunded"
_READ = (WANTED, REVENUE, DEBT_SERVICE, BONDS, RESERVE, HIDDEN, PRIVATE, _OTHER, _UNFUNDED)
CLOSES = 1e-6
"""Part of its largest term within which a balance closes: runs are stored in 4 bytes."""


@dataclass(frozen=True)
class BalanceLine:
    """One line of a balance; means over members, because only means add up.

    Attributes:
        kind: WANTED or one of SOURCES.
        years: mean over members by year [yuan a year].
        mean: mean over members and years; band: over members, of the mean over years [yuan a year].
    """

    kind: str
    years: Mapping[int, float]
    mean: float
    band: Band


@dataclass(frozen=True)
class Balance:
    """What an option wants above the baseline and where it comes from, in an area; or the baseline's own level.

    Attributes:
        scenario: BASELINE or a letter; area: id.
        lines: WANTED, then SOURCES.
        largest: the largest level behind any line, by year [yuan a year].
    """

    scenario: str
    area: str
    lines: tuple[BalanceLine, ...]
    largest: Mapping[int, float]

    def line(self, kind: str) -> BalanceLine:
        """Return the line of a kind."""
        return next(line for line in self.lines if line.kind == kind)

    def mean(self, *kinds: str) -> float:
        """Return the sum of some lines, mean over members and years [yuan a year]."""
        return sum(self.line(kind).mean for kind in kinds)

    @property
    def gaps(self) -> dict[int, float]:
        """What is wanted less all sources, by year, over the largest level: 0 but for rounding."""
        sums = {year: sum(self.line(kind).years[year] for kind in SOURCES) for year in self.largest}
        return {year: (self.line(WANTED).years[year] - sums[year]) / size for year, size in self.largest.items()}

    @property
    def closes(self) -> bool:
        """Whether it closes in every year."""
        return all(abs(gap) <= CLOSES for gap in self.gaps.values())


def of(study: Study, areas: xr.Dataset, area: str, stress: str = REFERENCE) -> list[Balance]:
    """Return the balance of the baseline as a level, then that of every option against it, by year of the policy.

    Args:
        study: the study; one whose views name no such money has none.
        areas: indicators (scenario, stress, member, year, area) of Runs.
        area: id.
        stress: id.

    Raises:
        StudyError: views that cannot be read.
    """
    names = {kind: views.leading(study, kind) for kind in _READ}
    years = clock.of(study).policy(areas.variables["year"].values)
    if not years or any(name not in areas for name in names.values()):
        return []
    dims = ("scenario", "member", "year")
    flows = {kind: cut(areas, name, dims, area=area, stress=stress, year=years).astype(float)
             for kind, name in names.items()}
    scenarios = [str(name) for name in areas.variables["scenario"].values]
    base = scenarios.index(BASELINE)
    levels = _sources({kind: values[base] for kind, values in flows.items()}, is_level=True)
    return [_balance(BASELINE, area, levels, flows, base, years)] + [
        _balance(name, area, _sources({kind: values[row] - values[base] for kind, values in flows.items()}), flows, row,
                 years)
        for row, name in enumerate(scenarios) if name != BASELINE
    ]


def _sources(flows: Mapping[str, Floats], *, is_level: bool = False) -> dict[str, Floats]:
    """Return every line by member and year: all that is not paid is not built, but for what is paid less elsewhere."""
    displaced = np.zeros_like(flows[_OTHER]) if is_level else -flows[_OTHER]
    paid = {kind: flows[kind] for kind in (WANTED, REVENUE, BONDS, RESERVE, HIDDEN, PRIVATE)}
    return {**paid, DEBT_SERVICE: -flows[DEBT_SERVICE], DISPLACED: displaced, NOT_BUILT: flows[_UNFUNDED] - displaced}


def _balance(
    scenario: str, area: str, sources: Mapping[str, Floats], flows: Mapping[str, Floats], row: int, years: list[int]
) -> Balance:
    present = np.isfinite(sources[WANTED]).all(axis=1)
    lines = tuple(_line(kind, sources[kind][present], years) for kind in (WANTED, *SOURCES))
    sizes = np.max([np.abs(values[row][present]).max(axis=0, initial=0.0) for values in flows.values()], axis=0)
    return Balance(scenario, area, lines, {year: float(size) for year, size in zip(years, sizes, strict=True)})


def _line(kind: str, values: Floats, years: list[int]) -> BalanceLine:
    means = values.mean(axis=0) if len(values) else np.full(len(years), np.nan)
    by_year = {year: float(mean) for year, mean in zip(years, means, strict=True)}
    return BalanceLine(kind, by_year, float(means.mean()), bands.band(values.mean(axis=1)))
