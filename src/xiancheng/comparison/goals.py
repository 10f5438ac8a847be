"""What a unit of each stated goal costs: the money of the levers that serve it over what it gains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, changes
from xiancheng.comparison.bands import Band
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.money import Accounts
from xiancheng.comparison.reliance import SEPARATOR
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs.least_changes import labelled

SERVES = 0.05
"""Part of a gain that has to be lost without a lever for the lever to serve the goal."""


@dataclass(frozen=True)
class GoalCost:
    """A goal that an option states, what it gains there and what the levers that serve it take, in one area.

    Attributes:
        option: letter; indicator: id; about: its attributes; area: id.
        levers: those that serve it, by id, the strongest first.
        gained: improvement in the last year, above 0 where the indicator gets better [unit of the indicator].
        money: public and private money of these levers above the option without each, over the years of the policy
            [yuan].
        each: money over what is gained [yuan per unit]; without members where the goal is not gained or saves money.
        least: the least improvement that counts [unit of the indicator].
    """

    option: str
    indicator: str
    about: Mapping[str, Any]
    area: str
    levers: tuple[str, ...]
    gained: Band
    money: Band
    each: Band
    least: float

    @property
    def is_gained(self) -> bool:
        """Whether the goal moves the better way by what counts."""
        return changes.verdict(self.gained.median, "higher", self.least) == changes.BETTER


def of(
    areas: xr.Dataset, without: xr.Dataset, headlines: Iterable[tuple[str, str, str]], accounts: Accounts
) -> list[GoalCost]:
    """Return the cost of every stated goal that has a better direction, as far as runs without each lever tell it.

    Args:
        areas: indicators of Runs.
        without: those of options without one of their levers.
        headlines: letter of an option, id of an indicator, id of an area.
        accounts: the accounts of the study.
    """
    money = [name for name in (accounts.public, accounts.private) if name in areas]
    years = accounts.years(areas)
    if not money or not years:
        return []
    return [
        _goal(areas, without, (option, indicator, area), money, years) for option, indicator, area in headlines
        if indicator in areas and about(areas, indicator)["direction"] in ("higher", "lower") and _of(without, option)
    ]


def _of(without: xr.Dataset, option: str) -> list[str]:
    names = [str(name) for name in without["scenario"].values]
    return [name for name in names if name.partition(SEPARATOR)[0] == option]


def _goal(
    areas: xr.Dataset, without: xr.Dataset, goal: tuple[str, str, str], money: list[str], years: list[int]
) -> GoalCost:
    option, indicator, area = goal
    marks = about(areas, indicator)
    way = 1.0 if marks["direction"] == "higher" else -1.0
    few: dict[str, Any] = {"stress": REFERENCE, "area": area, "member": without["member"].values}
    last, dims = areas["year"].values[-1], ("scenario", "member")
    own, base = cut(areas, indicator, dims, scenario=[option, BASELINE], year=last, **few)
    gained, names = way * bands.change(own, base), _of(without, option)
    lost = {name: way * bands.change(own, rest) for name, rest in zip(
        names, cut(without, indicator, dims, scenario=names, area=area, year=last), strict=True)}
    middle = {name: float(np.nanmedian(values)) for name, values in lost.items()}
    serving = sorted((name for name in lost if middle[name] > max(SERVES * float(np.nanmedian(gained)), 0.0)),
                     key=lambda name: -middle[name])
    spent = _spent(areas, without, option, serving, money, few, years)
    each = np.where((gained > 0) & (spent > 0), spent / np.where(gained > 0, gained, np.nan), np.nan)
    return GoalCost(option, indicator, marks, area, tuple(name.partition(SEPARATOR)[2] for name in serving),
                    bands.band(gained), bands.band(spent), bands.band(each),
                    labelled(marks).at(bands.band(base).median))


def _spent(
    areas: xr.Dataset, without: xr.Dataset, option: str, serving: list[str], money: list[str],
    few: Mapping[str, Any], years: list[int],
) -> Floats:
    """Return what the serving levers take together, by member [yuan]."""
    total: Floats = np.zeros(len(without["member"]))
    for name in serving:
        for kind in money:
            own = cut(areas, kind, ("member", "year"), scenario=option, year=years, **few)
            rest = cut(without, kind, ("member", "year"), scenario=name, area=few["area"], year=years)
            total = total + (own.astype(float) - rest).sum(axis=1)
    return total
