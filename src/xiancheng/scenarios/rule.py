"""Places by a rule: those that lose more than a share of their residents in a year, checked year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xiancheng.model.clock import Clock, new_year
from xiancheng.model.settings import LeverSetting, Point, Scenario
from xiancheng.scenarios import ramp
from xiancheng.texts import Phrase, phrase

Changes = Mapping[str, Mapping[int, float]]
"""Relative change of residents by element of a place and calendar year: -0.02 is a loss of 2 %."""


def settle(scenario: Scenario, changes: Changes, clock: Clock) -> Scenario:
    """Work out the rules of a scenario.

    The rule reads a run that does not have the scenario's levers, so that no lever decides on its own places: what a
    place loses in a calendar year says where the lever is heading in the next one, towards its points where the rule
    holds and back to the baseline where it does not. The ramp holds both ways.

    Args:
        scenario: a scenario whose settings may name places by a rule.
        changes: of the places the rule may choose, in the run of the baseline under the same assumptions.
        clock: the years of the study; the first whose loss counts is that of the baseline.

    Returns:
        The scenario with fixed places; of a rule, one setting for all places that follow the same path.
    """
    notes: list[Phrase] = []
    levers = {}
    for name, settings in scenario.levers.items():
        settled: list[LeverSetting] = []
        for setting in settings:
            settled += _settled(setting, changes, clock.baseline) if setting.awaits else [setting]
        levers[name] = tuple(settled)
    for share in _rules(scenario):
        notes.append(_note(share, changes, clock.baseline))
    return replace(scenario, levers=levers, notes=(*scenario.notes, *notes))


def _rules(scenario: Scenario) -> list[float]:
    every = [setting for settings in scenario.levers.values() for setting in settings if setting.awaits]
    return list(dict.fromkeys(setting.losing_more_than for setting in every if setting.losing_more_than is not None))


def _settled(setting: LeverSetting, changes: Changes, first: int) -> list[LeverSetting]:
    groups: dict[tuple[int, ...], list[str]] = {}
    for place, years in changes.items():
        chosen = tuple(_chosen(setting.losing_more_than or 0.0, years, first))
        groups.setdefault(chosen, []).append(place)
    last = max((year for years in changes.values() for year in years), default=first)
    limited = [
        replace(setting, places=tuple(places), path=tuple(path(setting, chosen, first, last)), awaits=False)
        for chosen, places in groups.items()
        if chosen
    ]
    return limited or [replace(setting, awaits=False)]


def _chosen(share: float, years: Mapping[int, float], first: int) -> Iterable[int]:
    return (year for year in sorted(years) if year >= first and years[year] < -share)


def path(setting: LeverSetting, chosen: Sequence[int], first: int, last: int) -> list[Point]:
    """Return the path of a place.

    Args:
        setting: the setting, its path that of a place the rule always names.
        chosen: calendar years in which the rule names the place.
        first: the first year that is checked.
        last: the last one.

    Returns:
        Corners in model time [year, unit of the lever]: the check of a year moves the lever during the next.
    """
    turnings = [(setting.path[0][0], setting.baseline),
                *((new_year(year), value) for year, value in setting.points.items())]
    corners = [(new_year(year), setting.baseline) for year in (first, first + 1)]
    goal = value = setting.baseline
    for year in range(first, last + 1):
        end = new_year(year + 2)
        goal = ramp.at(turnings, end) if year in chosen else setting.baseline
        value = float(ramp.toward(value, goal, setting.fastest))
        corners.append((end, value))
    return ramp.arrived(corners, goal, setting.fastest)


def _note(share: float, changes: Changes, first: int) -> Phrase:
    chosen = {place: list(_chosen(share, years, first)) for place, years in changes.items()}
    last = max((year for years in changes.values() for year in years), default=first)
    begun, final = (sum(1 for years in chosen.values() if year in years) for year in (first, last))
    ever = sum(1 for years in chosen.values() if years)
    return phrase("place.rule_found", percent=f"{share * 100:g}", ever=ever, places=len(changes),
                  first=begun, first_year=first, final=final, final_year=last)
