"""What each lever does at both ends of its range, in the places that it aims at, against the baseline and its corridor.

All settings are runs of one compiled program, which takes every lever as an input: which levers are asked for does not
change it. Money and people are sums over places, which the 4 bytes that runs keep hold better than sums of a province.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import LIST, PLACE, PROVINCE, Place
from xiancheng.outputs import corridors, formulas, indicators, views
from xiancheng.outputs.corridors import Corridor
from xiancheng.scenarios import scenario
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.levers import Lever
from xiancheng.study import Study
from xiancheng.sweeps import kernel, setting
from xiancheng.sweeps.design import DRAWN, Design
from xiancheng.sweeps.factors import LEVER, Factor
from xiancheng.sweeps.setting import Rows
from xiancheng.texts import did_you_mean, phrase

HOLDS_SOMEBODY = 1_000
"""Residents from which on money by resident says something [persons]."""
TONNES: Mapping[str, float] = {"Mt a year": 1e6, "kt a year": 1e3, "t a year": 1.0}
LEAST_TONNES = 1e6
"""Carbon dioxide avoided directly from which on its price says something [t]."""
PAYERS, LEFT = ("public", "private"), "unfunded"
"""Money that is added up over years, and need that is not: one that stays unpaid is the same the next year."""
FAR = 10
"""How many times cheaper than all others a lever has to be to owe an explanation."""
_TOGETHER = 12
"""Runs that are computed at once."""


@dataclass(frozen=True)
class Effect:
    """A lever at a value against the baseline.

    Attributes:
        lever: the lever; value: what it is set to from the first year of settings on [unit of the lever].
        own_before, own: its own indicator in the last year of the baseline and with it [unit of the indicator].
        thing: the indicator of the places of service, posts or homes that it brings, "" for none.
        amounts: by name, missing where there is none: corridors.MEASURES, and from the first year of settings to the
            last, of the places it aims at, PAYERS [yuan] and the mean of LEFT [yuan a year], and emissions of the
            province, `tonnes` [t].
        verdicts: each corridor it must lie in, and whether it does.
    """

    lever: Lever
    value: float
    own_before: float
    own: float
    thing: str
    amounts: Mapping[str, float]
    verdicts: tuple[tuple[Corridor, bool], ...]


def effects(
    study: Study, names: Sequence[str] = (), progress: Callable[[float], None] = lambda share: None
) -> tuple[Effect, ...]:
    """Run levers to both ends of their ranges, and to the settings that corridors name.

    Args:
        study: the study.
        names: ids of levers; all when empty.
        progress: called with the share of runs that are done.

    Raises:
        StudyError: every problem of the names, the study, or a run without a result.
    """
    book, bounds = scenario.book(study), corridors.read(study)
    if unknown := [name for name in names if name not in book.levers]:
        raise StudyError([Problem("", phrase("lever.unknown", id=name), phrase("lever.allowed"),
                                  did_you_mean(name, book.levers)) for name in unknown])
    settings = [(book.levers[name], value) for name in names or book.levers
                for value in _values(book.levers[name], bounds)]
    baseline = {lever.id: lever.baseline for lever in book.levers.values()}
    rows = [baseline, *({**baseline, lever.id: value} for lever, value in settings)]
    runs = _runs(study, _design(study, book), np.array([list(row.values()) for row in rows]), progress)
    return tuple(_effect(study, book, runs.isel(run=[0, run]), lever, value, bounds)
                 for run, (lever, value) in enumerate(settings, start=1))


def bargains(effects: Sequence[Effect]) -> list[Effect]:
    """Return effects that hold a resident for a tenth or less of what every other lever takes: they owe a sentence."""
    prices = [(effect.amounts[corridors.PER_PERSON], effect) for effect in effects
              if math.isfinite(effect.amounts[corridors.PER_PERSON])]
    return [effect for price, effect in prices
            if (others := [other for other, own in prices if own.lever.id != effect.lever.id])
            and price * FAR <= min(others)]


def reason(effect: Effect, language: str) -> str:
    """Return why an effect is so cheap, as the notes of the lever's own corridors say; "" for nothing."""
    return " ".join(bound.note[language] for bound, _ in effect.verdicts if not bound.is_rule and bound.note[language])


def _values(lever: Lever, bounds: Sequence[Corridor]) -> list[float]:
    ends = {lever.low, lever.high, *(corridor.value(lever) for corridor in bounds if corridor.lever == lever.id)}
    return sorted(value for value in ends if value is not None and value != lever.baseline)


def _design(study: Study, book: Book) -> Design:
    shown = [name for view in ("people", *PAYERS, LEFT, "emissions", "abatement", "product", "services")
             for name in views.of(study, view)]
    names = tuple(dict.fromkeys([*shown, *(lever.own_indicator for lever in book.levers.values())]))
    return Design(
        id=LEVER, title={}, sentence={}, sampler=DRAWN, n=1, seed=0, levels=0, scenarios=(scenario.BASELINE,),
        start=book.clock.start, end=book.clock.end, block=_TOGETHER, precision="float64", indicators=names,
        years=tuple(range(book.clock.first_setting, book.clock.end + 1)), areas=(LIST, PROVINCE, PLACE), quantiles=(),
        factors=tuple(Factor(lever.id, LEVER, lever.id, lever.unit, lever.title, year=book.clock.first_setting,
                             places=tuple(place.element for place in _aim(book, lever)))
                      for lever in book.levers.values()),
    )


def _aim(book: Book, lever: Lever) -> tuple[Place, ...]:
    """Return the places that a lever aims at; all where a study has none of that group."""
    return book.places.choose(lever.default_scope)[0] or book.places.rows


def _runs(
    study: Study, design: Design, rows: NDArray[np.float64], progress: Callable[[float], None]
) -> xr.DataArray:
    """Return what is kept of each row of levers (run, indicator, year, area)."""
    ready = setting.prepare(study, design)
    parts = []
    for first in range(0, len(rows), _TOGETHER):
        some = rows[first : first + _TOGETHER]
        computed = kernel.compute(ready, Rows(np.zeros(len(some), dtype=np.int64), some), _TOGETHER)
        if computed.bad:
            raise StudyError(Problem(computed.bad[0].variable, phrase("compare.some_run")))
        parts.append(computed.values.astype(float))
        progress(min(1.0, (first + _TOGETHER) / len(rows)))
    labels = {"indicator": list(design.indicators), "year": list(design.years),
              "area": [area["area"] for area in kernel.areas(ready.built[0], design.areas)]}
    return xr.DataArray(np.concatenate(parts), dims=("run", *labels), coords=labels)


def _effect(
    study: Study, book: Book, pair: xr.DataArray, lever: Lever, value: float, bounds: Sequence[Corridor]
) -> Effect:
    """Return what a lever does from a pair of runs: the baseline, and that with it."""
    area = LIST if lever.default_scope == LIST else PROVINCE
    own_before, own = map(float, pair.sel(indicator=lever.own_indicator, year=book.clock.end, area=area))
    row = formulas.read(study)[lever.own_indicator]
    thing = next((name for name in (row.of, row.over) if name in views.of(study, "services")), "")
    amounts = _amounts(study, book, pair, lever, thing)
    amounts["own"] = (own - own_before) / abs(own_before) if own_before else math.nan
    verdicts = tuple((corridor, corridor.holds(amounts[corridor.measure])) for corridor in bounds
                     if corridor.lever in (corridors.ANY, lever.id) and corridor.value(lever) in (None, value))
    return Effect(lever, value, own_before, own, thing, amounts, verdicts)


def _amounts(study: Study, book: Book, pair: xr.DataArray, lever: Lever, thing: str) -> dict[str, float]:
    """Return the amounts of an effect but its own indicator."""
    change = pair.isel(run=1) - pair.isel(run=0)
    aim, everywhere = ([place.code for place in some] for some in (_aim(book, lever), book.places))
    end, every = [book.clock.end], change["year"]
    emissions, people, product = (views.leading(study, view) for view in ("emissions", "people", "product"))

    def total(name: str, areas: list[str], years: object) -> float:
        return float(change.sel(indicator=name, area=areas, year=years).sum()) if name else math.nan

    money = {kind: total(views.leading(study, kind), aim, every) for kind in PAYERS}
    unpaid = {LEFT: total(views.leading(study, LEFT), aim, every) / every.size}
    residents = total(people, aim, end)
    output = pair.sel(indicator=product, area=PROVINCE, year=book.clock.end) if product else None
    tonnes, abates = math.nan, lever.own_indicator in views.of(study, "emissions")
    if abates:
        tonnes = total(emissions, everywhere, every) * TONNES.get(indicators.read(study)[emissions].unit, math.nan)
    return {
        "people": residents, "people_of_province": total(people, everywhere, end), **money, **unpaid,
        "tonnes": tonnes,
        "product": math.nan if output is None else float(output[1] / output[0] - 1),
        corridors.PER_PERSON: _per(money["public"], residents, HOLDS_SOMEBODY),
        corridors.SAVED_PER_PERSON: _per(-money["public"], -residents, HOLDS_SOMEBODY),
        corridors.WHOLE_PER_PERSON: _per(money["public"] + money["private"], residents, HOLDS_SOMEBODY),
        corridors.PER_TONNE: _per(money["public"] + money["private"], -tonnes, 1.0),
        corridors.PER_THING: _per(money["public"], total(thing, aim, end), 1.0),
        **_by_life(study, [total(name, everywhere, every) for name in views.of(study, "abatement")] if abates else []),
    }


def _by_life(study: Study, changes: Sequence[float]) -> dict[str, float]:
    """Return prices of a tonne avoided directly, first costs spread over the life of what stands [yuan/t].

    Args:
        study: the study.
        changes: of the indicators of the view `abatement`, over all years [unit of the indicator]; none for a lever
            that is not to lower emissions: that it has more or less produced, and saved with it, is no measure.
    """
    prices = dict.fromkeys((corridors.LIFE_PER_TONNE, corridors.NET_PER_TONNE, corridors.PUBLIC_PER_TONNE), math.nan)
    if not changes:
        return prices
    cost, public, bills, avoided = changes
    tonnes = avoided * TONNES.get(indicators.read(study)[views.of(study, "abatement")[-1]].unit, math.nan)
    if not tonnes >= LEAST_TONNES:
        return prices
    return dict(zip(prices, (cost / tonnes, (cost - bills) / tonnes, public / tonnes), strict=True))


def _per(money: float, gain: float, least: float) -> float:
    """Return money by gain: infinite where it is spent and gains less than `least`, missing where none is spent."""
    if math.isnan(gain) or not money > 0:
        return math.nan
    return money / gain if gain >= least else math.inf
