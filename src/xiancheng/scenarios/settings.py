"""Settings of levers and assumptions from what a checked document says: values by year become paths in model time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from xiancheng.model.clock import Clock, day, new_year
from xiancheng.model.groups import GROUPS
from xiancheng.model.places import Place
from xiancheng.model.settings import AssumptionSetting, LeverSetting, Point
from xiancheng.scenarios import ramp
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.fields import Rule
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.scenario_document import LeverEntry, Settings
from xiancheng.texts import Phrase, phrase


def settings_of(book: Book, document: Settings) -> tuple[list[LeverSetting], list[AssumptionSetting]]:
    """Return the settings of a document that was held against the study of `book`."""
    levers = [
        _lever_setting(book, book.levers[name], entry)
        for name, entries in document.levers.items()
        for entry in (entries if isinstance(entries, list) else [entries])
    ]
    assumptions = [_assumption_setting(book.assumptions[name], value, book.clock)
                   for name, value in document.assumptions.items()]
    return levers, assumptions


def everywhere(book: Book, documents: Sequence[Settings]) -> list[str]:
    """Return the levers that act everywhere since a document names no places, though they aim at fewer."""
    unplaced = [
        name
        for document in documents
        for name, entries in document.levers.items()
        for entry in (entries if isinstance(entries, list) else [entries])
        if "places" not in entry.model_fields_set
    ]
    return [name for name in dict.fromkeys(unplaced) if book.levers[name].default_scope != GROUPS[0]]


def _lever_setting(book: Book, lever: Lever, entry: LeverEntry) -> LeverSetting:
    rule = entry.places if isinstance(entry.places, Rule) else Rule.model_construct()
    points = dict(sorted(entry.points.items()))
    return LeverSetting(
        lever=lever.id,
        variable=lever.variable,
        points=points,
        where=_where(entry),
        places=tuple(place.element for place in _chosen(book, entry)),
        baseline=lever.baseline,
        everywhere=lever.scope == "province",
        factor=lever.model_factor,
        path=tuple(ramp.follow(_corners(lever.baseline, points, book.clock), lever.fastest)),
        fastest=lever.fastest,
        losing_more_than=rule.losing_more_than,
        awaits=rule.losing_more_than is not None,
        of_type=rule.type or "",
    )


def _chosen(book: Book, entry: LeverEntry) -> tuple[Place, ...]:
    """Return the places that an entry names or whose type it names; a rule names none before a run."""
    if isinstance(entry.places, Rule):
        return book.places.of_type(entry.places.type) if entry.places.type else ()
    return book.places.choose(entry.places)[0]


def _corners(baseline: float, points: Mapping[int, float], clock: Clock) -> list[Point]:
    return [(clock.departure, baseline), *((new_year(year), value) for year, value in points.items())]


def _where(entry: LeverEntry) -> str:
    """Return the places as written."""
    if isinstance(entry.places, Rule):
        rule = entry.places
        return f"type = {rule.type}" if rule.type else f"losing_more_than = {rule.losing_more_than:g}"
    return ", ".join(map(str, entry.places)) if isinstance(entry.places, list) else str(entry.places)


def _assumption_setting(
    assumption: Assumption, value: str | float | Mapping[int, float], clock: Clock
) -> AssumptionSetting:
    if isinstance(value, str):
        return AssumptionSetting(assumption.id, assumption.variable, assumption.table, value)
    points = dict(sorted(value.items())) if isinstance(value, Mapping) else {clock.first_setting: float(value)}
    path = tuple(_corners(float(assumption.baseline), points, clock))
    return AssumptionSetting(assumption.id, assumption.variable, points=points, path=path)


def late(setting: LeverSetting) -> Phrase | None:
    """Return the sentence that says where the ramp held a lever back, or None."""
    for year, goal in setting.points.items():
        reached = ramp.at(setting.path, new_year(year))
        if not math.isclose(reached, goal, rel_tol=1e-9, abs_tol=1e-9):
            final = max(setting.points)
            end = day(max(new_year(final), setting.path[-1][0]))
            return phrase("lever.late", id=setting.lever, asked=goal, year=year, reached=reached,
                          final=setting.points[final], end=end)
    return None
