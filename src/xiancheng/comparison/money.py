"""What options cost: by year, payer and lever; debt against its ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands
from xiancheng.comparison.bands import Band
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model import clock
from xiancheng.model.clock import Clock
from xiancheng.outputs import views
from xiancheng.outputs.pricetag import SUMS
from xiancheng.study import Study


@dataclass(frozen=True)
class Accounts:
    """The indicators of a study's money, "" or none where it has no such one, and the years it is added up over.

    Attributes:
        payers: kinds of money of the price tag [yuan a year], public operation and investment among them.
        public: all public money; private: what households, firms and insurance pay; unfunded: what nobody pays.
        debt: bonds outstanding; ceiling: what is allowed; hidden: debt outside the ceiling [yuan].
        clock: the years of the study.
    """

    payers: tuple[str, ...]
    public: str
    private: str
    unfunded: str
    debt: str
    ceiling: str
    hidden: str
    clock: Clock

    def years(self, areas: xr.Dataset) -> list[int]:
        """Return the years of indicators of Runs over which money is added up."""
        return self.clock.policy(areas.variables["year"].values)


def accounts(study: Study) -> Accounts:
    """Return the accounts that the views of a study name.

    Raises:
        StudyError: views that cannot be read.
    """
    kinds = ("public", "private", "unfunded", "debt", "ceiling", "hidden")
    return Accounts(
        payers=views.of(study, SUMS),
        clock=clock.of(study),
        **{kind: views.leading(study, kind) for kind in kinds},
    )


@dataclass(frozen=True)
class Flow:
    """Money of one kind in an area, above the baseline, by year.

    Attributes:
        indicator: id; about: its attributes; option: letter; area: id.
        extra: change against the baseline by year [yuan a year].
        total: over all years of the policy [yuan]; present: the same, discounted to the first of them [yuan].
    """

    indicator: str
    about: dict[str, Any]
    option: str
    area: str
    extra: dict[int, Band]
    total: Band
    present: Band


@dataclass(frozen=True)
class LeverCost:
    """What a lever takes: the option with it less the option without it, over the years of the policy.

    Attributes:
        option: letter; lever: id; area: id.
        public: public money [yuan]; private: what households, firms and insurance pay [yuan].
    """

    option: str
    lever: str
    area: str
    public: Band
    private: Band


def options(areas: xr.Dataset) -> list[str]:
    """Return the letters of the options."""
    return [str(value) for value in areas.variables["scenario"].values if value != BASELINE]


def flows(
    areas: xr.Dataset, area: str, names: Sequence[str], accounts: Accounts, stress: str = REFERENCE, *,
    discount: float = 0.0,
) -> list[Flow]:
    """Return the extra money of every option by kind, as far as the study has money.

    Args:
        areas: indicators of Runs.
        area: id.
        names: indicators in yuan a year.
        accounts: the accounts of the study.
        stress: id.
        discount: what a yuan of the next year is worth less [share a year].
    """
    years = accounts.years(areas)
    flows = []
    for option in options(areas) if years else []:
        for name in names:
            if name in areas:
                extra = _extra(areas, name, option, area, stress, years)
                by_year = {year: bands.band(extra[:, column]) for column, year in enumerate(years)}
                total, present = bands.band(extra.sum(axis=1)), bands.band(extra @ weights(years, discount))
                flows.append(Flow(name, about(areas, name), option, area, by_year, total, present))
    return flows


def weights(years: Sequence[int], discount: float) -> Floats:
    """Return what a yuan of each year is worth in the first one (year).

    Args:
        years: calendar years.
        discount: what a yuan of the next year is worth less [share a year].
    """
    return np.array([(1 + discount) ** (years[0] - year) for year in years])


def _extra(areas: xr.Dataset, name: str, option: str, area: str, stress: str, years: list[int]) -> Floats:
    """Return the change of a yearly flow in some years (member, year)."""
    values = cut(areas, name, ("scenario", "member", "year"), scenario=[option, BASELINE], area=area, stress=stress,
                 year=years)
    return bands.change(*values)


def by_lever(areas: xr.Dataset, without: xr.Dataset, area: str, accounts: Accounts) -> list[LeverCost]:
    """Return what each lever of each option takes, in the reference.

    Args:
        areas: indicators of Runs.
        without: those of options without one of their levers.
        area: id.
        accounts: the accounts of the study.
    """
    names = [str(name).partition("-") for name in without["scenario"].values]
    rows = [[str(name) for name in areas.variables["scenario"].values].index(option) for option, _, _ in names]
    spent = [_spent(areas, without, kind, rows, area, accounts.years(areas))
             for kind in (accounts.public, accounts.private)]
    return [LeverCost(option, lever, area, *pair) for (option, _, lever), *pair in zip(names, *spent, strict=True)]


def _spent(
    areas: xr.Dataset, without: xr.Dataset, name: str, rows: list[int], area: str, years: list[int]
) -> list[Band]:
    """Return what options take above themselves without a lever; the rows are those of the options."""
    if name not in areas:
        return [Band(np.nan, np.nan, np.nan, 0)] * len(rows)
    dims, members = ("scenario", "member", "year"), without["member"].values
    own = cut(areas, name, dims, stress=REFERENCE, area=area, member=members, year=years)
    rest = cut(without, name, dims, area=area, year=years)
    return [bands.band(bands.change(own[row], less).sum(axis=1)) for row, less in zip(rows, rest, strict=True)]


@dataclass(frozen=True)
class DebtRoom:
    """Debt against its ceiling in a year.

    Attributes:
        scenario: BASELINE or a letter; area: id; year: calendar year.
        debt: bonds outstanding; ceiling: what is allowed; hidden: debt outside the ceiling [yuan].
        used: debt over ceiling [share].
    """

    scenario: str
    area: str
    year: int
    debt: Band
    ceiling: Band
    hidden: Band
    used: Band


def debt_room(
    areas: xr.Dataset, area: str, years: Sequence[int], accounts: Accounts, stress: str = REFERENCE
) -> list[DebtRoom]:
    """Return how much of the ceiling of debt is used, as far as the study has one."""
    if accounts.debt not in areas or accounts.ceiling not in areas:
        return []
    rooms = []
    for scenario in areas.variables["scenario"].values:
        for year in years:
            where = {"scenario": scenario, "stress": stress, "area": area, "year": year}
            debt, ceiling = (cut(areas, name, ("member",), **where) for name in (accounts.debt, accounts.ceiling))
            hidden = (cut(areas, accounts.hidden, ("member",), **where) if accounts.hidden in areas
                      else np.full_like(debt, np.nan))
            used = debt / np.where(ceiling > 0, ceiling, np.nan)
            rooms.append(DebtRoom(str(scenario), area, year, *(bands.band(item) for item in
                                                              (debt, ceiling, hidden, used))))
    return rooms
