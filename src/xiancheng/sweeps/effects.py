"""`xiancheng.effects`: what one step of every lever in every place does to one figure, and what the step costs.

Slopes come from ways back through one run (`gradient`): one for the figure, one for each purse. A lever's path gains by
the ramp's law; at a kink where it rests, such as an end of its range, it is the side to which the step goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration import stand_ins
from xiancheng.engine.backward import Slopes
from xiancheng.engine.source import key
from xiancheng.model.build import BuiltRun
from xiancheng.model.places import PROVINCE
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, journey, spots, views
from xiancheng.outputs.spots import Spot
from xiancheng.scenarios import scenario
from xiancheng.study import Study, study_of
from xiancheng.sweeps import gradient
from xiancheng.sweeps.directions import BOTH, DOWN, UP, Direction, directions, moved
from xiancheng.sweeps.gradient import GradientRun

__all__ = ["BOTH", "DOWN", "UP", "Direction", "Effect", "Effects", "along", "directions", "effects", "moved"]

if TYPE_CHECKING:
    import pandas as pd

PURSES = ("public", "private")
"""Views whose first indicator is the money of a payer [yuan a year]."""
MILLION = 1e6
_BAND = (5, 50, 95)
_LEAST_COST = 1.0


@dataclass(frozen=True)
class Effect:
    """What one step of a lever in a place does to a figure.

    Attributes:
        lever: id; place: code, "" where the lever has one value for the province.
        position: of the place in the equations, -1 for none.
        setting: where the lever stands at last [its unit]; step: how far it is moved, down where up is its end.
        side: BOTH, UP or DOWN: the sides to which it can be moved.
        effect: change of the figure for the step [its unit].
        costs: what the step costs until the year of the figure, by purse [yuan].
        low: 5 % of the members lie below; median; high: 95 % [unit of the figure]; missing without members.
        share: of members in which it has the sign that it has here, missing without members.
    """

    lever: str
    place: str
    position: int
    setting: float
    step: float
    side: str
    effect: float
    costs: Mapping[str, float] = field(default_factory=dict)
    low: float = np.nan
    median: float = np.nan
    high: float = np.nan
    share: float = np.nan

    @property
    def payer(self) -> str:
        """The purse that pays most of the step, "" where none pays a yuan."""
        payer = max(self.costs, key=lambda purse: self.costs[purse], default="")
        return payer if payer and self.costs[payer] >= _LEAST_COST else ""

    @property
    def per_million(self) -> float:
        """The change of the figure for a million yuan of its payer [its unit], missing where none pays."""
        return self.effect / self.costs[self.payer] * MILLION if self.payer else np.nan


@dataclass(frozen=True)
class Effects:
    """Effects of all levers in all places on one figure.

    Attributes:
        built: the run; spot: the figure; value: what it is [unit].
        unit: of the figure.
        rows: the effects, largest first.
        members: how many members the bands come from.
    """

    built: BuiltRun
    spot: Spot
    value: float
    unit: str
    rows: tuple[Effect, ...]
    members: int = 0

    def by_money(self) -> Effects:
        """Return the same, sorted by what a million yuan does; what costs nothing stands last."""
        def size(row: Effect) -> float:
            return abs(row.per_million) if row.payer else -1.0

        return replace(self, rows=tuple(sorted(self.rows, key=size, reverse=True)))

    def records(self) -> list[dict[str, Any]]:
        """Return the effects as rows of plain values."""
        levers = scenario.book(self.built.study).levers
        names = {place.code: place.names for place in self.built.places}
        bands = ("low", "median", "high", "share") if self.members else ()
        return [{
            "lever": row.lever, "place": row.place, "name_en": names[row.place]["en"] if row.place else "",
            "name_zh": names[row.place]["zh"] if row.place else "", "setting": row.setting, "step": row.step,
            "lever_unit": levers[row.lever].unit, "side": row.side, "effect": row.effect, "unit": self.unit,
            **{f"{purse}_cost": cost for purse, cost in row.costs.items()},
            "payer": row.payer, "per_million_yuan": row.per_million, **{name: getattr(row, name) for name in bands},
        } for row in self.rows]

    def table(self) -> pd.DataFrame:
        """Return the effects as a table."""
        import pandas as pd

        return pd.DataFrame(self.records())


def effects(
    figure: str, scenario: str | Path | Scenario = "baseline", *, members: int = 0, since: int | None = None,
    settings: Sequence[str] = (), study: Study | str | Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Effects:
    """Return what one step of every lever in every place does to one figure, and what the step costs.

    Args:
        figure: an indicator with a year and an area, such as "residents@2035:68".
        scenario: what runs.
        members: how many members of the whole model give the band; 0 for none.
        since: year in which levers that are not set reach their values; the first year of settings when None.
        settings: on top of the scenario, `id=value[@year][:place]`.
        study: the study or its folder; found as the command line finds it when None.
        progress: called with the share of the ways back that are done, 0 to 1.

    Returns:
        `rows`, largest first; `table()`, `by_money()`.

    Raises:
        StudyError: an unknown figure or scenario, fewer members than asked for.
    """
    built = journey.prepare(study_of(study), scenario, settings)
    spot = spots.spots(built, [figure])[0]
    ways = directions(built, since)
    progress(0.0)
    run = gradient.run(built)
    own = _effects(run, ways, spot)
    progress(1 / (1 + members))
    costs = {purse: _costs(run, ways, purse, spot.year) for purse in PURSES if views.leading(built.study, purse)}
    drawn = []
    for number, other in enumerate(_members(built, members), start=2):
        drawn.append(_effects(gradient.run(other), ways, spot))
        progress(number / (1 + members))
    rows = [_row(built, way, float(own[at]), {purse: float(cost[at]) for purse, cost in costs.items()},
                 np.array([effect[at] for effect in drawn])) for at, way in enumerate(ways)]
    ordered = sorted((row for row in rows if row.effect), key=lambda row: abs(row.effect), reverse=True)
    unit = indicators.read(built.study)[spot.indicator].unit
    return Effects(built, spot, float(run.values([spot])[0]), unit, tuple(ordered), members)


def _row(
    built: BuiltRun, way: Direction, effect: float, costs: Mapping[str, float], drawn: Floats
) -> Effect:
    place = built.places.rows[way.position].code if way.position >= 0 else ""
    low, median, high = map(float, np.percentile(drawn, _BAND) if len(drawn) else np.full(len(_BAND), np.nan))
    share = float(np.mean(np.sign(drawn) == np.sign(effect))) if len(drawn) else np.nan
    return Effect(way.lever.id, place, way.position, list(way.points.values())[-1], way.step, way.side, effect, costs,
                  low, median, high, share)


def _effects(run: GradientRun, ways: Sequence[Direction], spot: Spot) -> Floats:
    """Return what a step each way does to a figure (way,)."""
    return along(run, ways, run.slopes([spot], np.ones(1)))


def _costs(run: GradientRun, ways: Sequence[Direction], purse: str, year: int) -> Floats:
    """Return what a step each way costs a purse of the whole province until the end of a year (way,) [yuan]."""
    money = views.leading(run.built.study, purse)
    years = range(run.built.clock.first_setting, year + 1)
    paid = [Spot(money, calendar, PROVINCE) for calendar in years]
    return along(run, ways, run.slopes(paid, np.ones(len(paid)))) if paid else np.zeros(len(ways))


def along(run: GradientRun, ways: Sequence[Direction], slopes: Slopes) -> Floats:
    """Return what a step each way does to the number that slopes are of (way,)."""
    gains: dict[Any, Floats] = {}
    departure, effects = run.built.clock.departure, []
    for way in ways:
        mark = way.lever.id, tuple(way.points.items())
        if mark not in gains:
            gains[mark] = way.gain(departure, slopes.times)
        slope = slopes.paths[key(way.lever.variable)]
        effects.append(float(gains[mark] @ (slope if way.position < 0 else slope[:, way.position])) * way.step)
    return np.array(effects)


def _members(built: BuiltRun, count: int) -> Iterator[BuiltRun]:
    """Yield the run under each member of the whole model; what the scenario sets is not theirs."""
    if not count:
        return
    drawn = stand_ins.draws(built.study, stand_ins.numbers(built.study, count)).but(set(built.scenario.constants))
    for row in range(count):
        yield replace(built, parameters={**built.parameters, **drawn.member(row)})
