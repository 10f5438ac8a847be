"""What a scenario asks for, held against levers, assumptions and places: settings, or every problem at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiancheng.errors import Problem
from xiancheng.model.clock import BASELINE_YEAR, FIRST_YEAR, LAST_YEAR, day, new_year
from xiancheng.model.places import GROUPS, Place, Places
from xiancheng.model.settings import AssumptionSetting, LeverSetting
from xiancheng.scenarios import ramp, shape
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.levers import Lever
from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list, unit_name

Path = tuple[str | int, ...]
RULE = "losing_more_than"
"""The one rule that may stand for places: the share of its residents that a place loses in a year."""


@dataclass(frozen=True)
class Book:
    """What a scenario may name: the levers, assumptions and places of a study.

    Attributes:
        levers: by id; assumptions likewise.
        places: of the study.
        has_money: the equations hold public finance, so that a lever's cost is paid in a run.
    """

    levers: Mapping[str, Lever]
    assumptions: Mapping[str, Assumption]
    places: Places
    has_money: bool = False


def resting(book: Book) -> tuple[LeverSetting | AssumptionSetting, ...]:
    """Return every lever and assumption at its baseline."""
    start = new_year(BASELINE_YEAR)
    everywhere = book.places.elements
    pulled = [
        LeverSetting(lever.id, lever.variable, {}, "all", everywhere, lever.baseline, ((start, lever.baseline),),
                     lever.scope == "province", lever.model_factor)
        for lever in book.levers.values()
    ]
    assumed = [
        AssumptionSetting(one.id, one.variable, one.table, one.baseline) if one.kind == "column"
        else AssumptionSetting(one.id, one.variable, path=((start, float(one.baseline)),))
        for one in book.assumptions.values()
    ]
    return (*pulled, *assumed)


def not_in_the_model(book: Book, document: Document) -> tuple[tuple[str, ...], list[Problem]]:
    """Read the levers that a document would pull and that the model has not yet; each is indeed none of its levers."""
    written = document.values.get("not_in_the_model", [])
    names = [name for name in written if isinstance(name, str)] if isinstance(written, list) else []
    path: Path = ("not_in_the_model",)
    problems = []
    for position, name in enumerate(names):
        if name in book.levers:
            found, hint = phrase("scenario.in_the_model", id=name), phrase("scenario.in_the_model_hint", id=name)
            problems.append(document.problem(path, found, phrase("scenario.absent_ids"), hint))
        elif not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in names[:position]:
            found = phrase("scenario.wrong_type", key=path[0], value=repr(name))
            problems.append(document.problem(path, found, phrase("scenario.absent_ids"), ""))
    return tuple(names), problems


def lever_settings(book: Book, document: Document) -> tuple[list[LeverSetting], list[Problem]]:
    """Read the [levers] of a document."""
    settings: list[LeverSetting] = []
    problems: list[Problem] = []
    for name, written in _table(document, "levers").items():
        path: Path = ("levers", name)
        if name not in book.levers:
            hint = did_you_mean(name, book.levers)
            problems.append(document.problem(path, phrase("lever.unknown", id=name), phrase("lever.allowed"), hint))
            continue
        listed = isinstance(written, list)
        for position, entry in enumerate(written if listed else [written]):
            found, faults = _lever_setting(book, document, (*path, position) if listed else path, entry)
            settings += [found] if found else []
            problems += faults
    return settings, problems


def _lever_setting(
    book: Book, document: Document, path: Path, entry: Any
) -> tuple[LeverSetting | None, list[Problem]]:
    lever = book.levers[str(path[1])]
    problems = [document.problem(*finding) for finding in shape.findings(shape.LeverEntry, entry, path)]
    if not isinstance(entry, dict) or not isinstance(entry.get("points"), dict):
        return None, problems
    points, faults = _points(document, (*path, "points"), entry["points"], lever.low, lever.high, lever.unit)
    where = entry.get("places", "all")
    rule, chosen, strange = _where(book, document, (*path, "places"), where)
    problems += faults + strange
    if lever.scope == "province" and len(chosen) < len(book.places):
        problems.append(document.problem((*path, "places"), phrase("lever.one_value", id=lever.id), '"all"', ""))
    if problems or not points:
        return None, problems
    corners = [(new_year(BASELINE_YEAR), lever.baseline), *((new_year(year), value) for year, value in points.items())]
    return LeverSetting(
        lever=lever.id,
        variable=lever.variable,
        points=points,
        where=_written(where),
        places=tuple(place.element for place in chosen),
        baseline=lever.baseline,
        everywhere=lever.scope == "province",
        factor=lever.model_factor,
        path=tuple(ramp.follow(corners, lever.fastest)),
        fastest=lever.fastest,
        losing_more_than=rule,
        awaits=rule is not None,
    ), []


def _where(
    book: Book, document: Document, path: Path, where: Any
) -> tuple[float | None, tuple[Place, ...], list[Problem]]:
    if isinstance(where, dict):
        rule, problems = _rule(document, path, where)
        return rule, (), problems
    return None, *_places(book, document, path, where)


def _written(where: Any) -> str:
    if isinstance(where, dict):
        return ", ".join(f"{name} = {value:g}" for name, value in where.items())
    return where if isinstance(where, str) else ", ".join(str(word) for word in where)


def _rule(document: Document, path: Path, where: Mapping[str, Any]) -> tuple[float | None, list[Problem]]:
    """Read {losing_more_than = 0.01}: the share of residents that a place loses in a year."""
    allowed = phrase("place.rule_allowed", name=RULE)
    wrong = [name for name in where if name != RULE]
    if wrong or RULE not in where:
        found = phrase("place.rule", rule=", ".join(where))
        return None, [document.problem((*path, *wrong[:1]), found, allowed, did_you_mean("".join(wrong[:1]), [RULE]))]
    share = where[RULE]
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share < 1:
        found = phrase("scenario.wrong_type", key=RULE, value=repr(share))
        return None, [document.problem((*path, RULE), found, allowed, phrase("place.rule_hint"))]
    return float(share), []


def _places(book: Book, document: Document, path: Path, where: Any) -> tuple[tuple[Place, ...], list[Problem]]:
    allowed = phrase("place.allowed", groups=phrase_list(GROUPS))
    words = where if isinstance(where, list) else [where]
    if not words or any(isinstance(word, bool) or not isinstance(word, (str, int)) for word in words):
        found = phrase("scenario.wrong_type", key=".".join(map(str, path)), value=repr(where))
        return (), [document.problem(path, found, allowed, "")]
    chosen, unknown = book.places.choose(words)
    return chosen, [document.problem(path, word.reason, allowed, word.hint) for word in unknown]


def assumption_settings(book: Book, document: Document) -> tuple[list[AssumptionSetting], list[Problem]]:
    """Read the [assumptions] of a document."""
    settings: list[AssumptionSetting] = []
    problems: list[Problem] = []
    for name, written in _table(document, "assumptions").items():
        path: Path = ("assumptions", name)
        if name not in book.assumptions:
            hint = did_you_mean(name, book.assumptions)
            found = phrase("assumption.unknown", id=name)
            problems.append(document.problem(path, found, phrase("assumption.allowed"), hint))
            continue
        read = _column if book.assumptions[name].kind == "column" else _path
        setting, faults = read(book.assumptions[name], document, path, written)
        settings += [setting] if setting else []
        problems += faults
    return settings, problems


def _column(
    assumption: Assumption, document: Document, path: Path, written: Any
) -> tuple[AssumptionSetting | None, list[Problem]]:
    if written in assumption.columns:
        return AssumptionSetting(assumption.id, assumption.variable, assumption.table, written), []
    found = phrase("assumption.no_column", id=assumption.id, value=repr(written))
    hint = did_you_mean(str(written), assumption.columns)
    return None, [document.problem(path, found, phrase_list(assumption.columns), hint)]


def _path(
    assumption: Assumption, document: Document, path: Path, written: Any
) -> tuple[AssumptionSetting | None, list[Problem]]:
    asked = written if isinstance(written, dict) else {str(FIRST_YEAR): written}
    points, problems = _points(document, path, asked, assumption.low, assumption.high, assumption.unit)
    if problems or not points:
        return None, problems or [
            document.problem(path, phrase("scenario.wrong_type", key=assumption.id, value=repr(written)),
                     phrase("scenario.type_points"), "")
        ]
    corners = [(new_year(BASELINE_YEAR), float(assumption.baseline))]
    corners += [(new_year(year), value) for year, value in points.items()]
    return AssumptionSetting(assumption.id, assumption.variable, points=points, path=tuple(corners)), []


def _points(
    document: Document, path: Path, written: Mapping[str, Any], low: float, high: float, unit: str
) -> tuple[dict[int, float], list[Problem]]:
    points: dict[int, float] = {}
    problems: list[Problem] = []
    allowed = phrase("scenario.range", low=low, high=high, unit=unit_name(unit))
    for year, value in written.items():
        here: Path = (*path, year)
        if not re.fullmatch(r"\d{4}", year) or not FIRST_YEAR <= int(year) <= LAST_YEAR:
            found = phrase("scenario.wrong_year", id=path[1], year=year)
            years = phrase("scenario.years", first=FIRST_YEAR, last=LAST_YEAR)
            problems.append(document.problem(here, found, years, ""))
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            found = phrase("scenario.not_number", id=path[1], year=year, value=repr(value))
            problems.append(document.problem(here, found, allowed, ""))
        elif not low <= value <= high:
            found = phrase("scenario.out_of_range", id=path[1], year=year, value=float(value))
            problems.append(document.problem(here, found, allowed, ""))
        elif re.fullmatch(r"\d+", year):
            points[int(year)] = float(value)
    return dict(sorted(points.items())), problems


def _table(document: Document, name: str) -> dict[str, Any]:
    found = document.values.get(name, {})
    return found if isinstance(found, dict) else {}


def late(setting: LeverSetting) -> Phrase | None:
    """Return the sentence that says where the ramp held a lever back, or None."""
    for year, asked in setting.points.items():
        reached = ramp.at(setting.path, new_year(year))
        if not math.isclose(reached, asked, rel_tol=1e-9, abs_tol=1e-9):
            final = max(setting.points)
            end = day(max(new_year(final), setting.path[-1][0]))
            return phrase("lever.late", id=setting.lever, asked=asked, year=year, reached=reached,
                          final=setting.points[final], end=end)
    return None
