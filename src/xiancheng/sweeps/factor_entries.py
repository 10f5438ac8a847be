"""The tables [constants], [assumptions] and [levers] of a design as factors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from xiancheng.calibration import priors
from xiancheng.engine.source import key
from xiancheng.errors import StudyError
from xiancheng.model import catalogue, members
from xiancheng.model.catalogue import Variable
from xiancheng.model.clock import FIRST_YEAR
from xiancheng.model.places import GROUPS
from xiancheng.scenarios import scenario
from xiancheng.scenarios.book import Book
from xiancheng.study import Study
from xiancheng.sweeps.entries import Entries, Path
from xiancheng.sweeps.factors import ASSUMPTION, CONSTANT, DISTRIBUTIONS, LEVER, Factor
from xiancheng.texts import catalogue as words_of_all
from xiancheng.texts import did_you_mean, phrase, phrase_list, text, unit_name

_SPREAD = ("distribution", "low", "high", "mode", "mean", "sd")
PRIOR, TABLE = "prior", "table"
_ORIGINS = (TABLE, PRIOR)


def factors_of(study: Study, entries: Entries, last: int) -> tuple[Factor, ...]:
    """Return the factors of a design; `last` is the last year of its runs."""
    book = scenario.book(study)
    found = [
        *_constants(study, entries),
        *_assumptions(book, entries, last),
        *_levers(book, entries, last),
    ]
    return tuple(one for one in found if one is not None)


def _constants(study: Study, entries: Entries) -> list[Factor | None]:
    asked = entries.table(("constants",))
    if not asked:
        return []
    known = {variable.id: variable for variable in catalogue.read(study) if variable.kind == "constant"}
    drawn = _drawn_with_members(study, entries)
    found = []
    for name in asked:
        path: Path = ("constants", name)
        variable = known.get(key(name))
        if variable is None:
            wrong = phrase("sweep.constant_unknown", id=name)
            entries.add(path, wrong, phrase("sweep.constant_allowed"), did_you_mean(name, known))
        elif variable.dims:
            entries.add(path, phrase("sweep.constant_dims", id=name), phrase("sweep.constant_allowed"))
        elif variable.name in drawn:
            entries.add(path, phrase("sweep.constant_in_members", id=name), phrase("sweep.constant_or_members"))
        else:
            found.append(_constant(study, entries, path, variable))
    return found


def _drawn_with_members(study: Study, entries: Entries) -> set[str]:
    if entries.value(("runs", "members"), 0) == 0:
        return set()
    try:
        return set(next(iter(members.read(study).values()), {}))
    except StudyError:
        return set()  # what is wrong with the file is told where the members are read


def _constant(study: Study, entries: Entries, path: Path, variable: Variable) -> Factor | None:
    entries.known(path, ("from", *_SPREAD))
    origin = entries.table(path).get("from")
    if origin is None:
        spread = _distribution(entries, path)
    elif origin == TABLE and variable.low is not None and variable.high is not None:
        spread = "uniform", {"low": variable.low, "high": variable.high}
    elif origin == PRIOR:
        spread = _prior(study, variable.name)
    else:
        spread = None
    if origin is not None and spread is None:
        wrong = phrase("sweep.no_origin", id=path[1], origin=repr(origin))
        entries.add((*path, "from"), wrong, phrase_list(_ORIGINS), phrase("sweep.no_origin_hint"))
    if spread is None:
        return None
    return Factor(variable.id, CONSTANT, variable.name, variable.unit, _title(variable), *spread)


def _title(variable: Variable) -> dict[str, str]:
    """Return what a constant is called: its term, else the sentence of the equations, which are in English."""
    term = f"term.{variable.id}"
    if term in words_of_all():
        return dict(words_of_all()[term])
    sentence = variable.sentence.rstrip(".")
    return {"en": sentence, "zh": text("sweep.constant_title", "zh", sentence=sentence)}


def _prior(study: Study, name: str) -> tuple[str, dict[str, float]] | None:
    if not (study.root / priors.FILE).is_file():
        return None
    found = {one.parameter: one for one in priors.read(study)}.get(name)
    if found is None:
        return None
    return "lognormal" if found.scale == priors.LOG else "normal", {"mean": found.mean, "sd": found.sd}


def _distribution(
    entries: Entries, path: Path, low: float = -math.inf, high: float = math.inf, allowed: str = ""
) -> tuple[str, dict[str, float]] | None:
    """Read a distribution; its numbers lie between bounds and make sense together."""
    known = entries.table(path)
    kind = entries.one_of((*path, "distribution"), list(DISTRIBUTIONS), "uniform")
    wanted = DISTRIBUTIONS[kind]
    for name in _SPREAD[1:]:
        if name in known and name not in wanted:
            wrong = phrase("sweep.not_of", key=".".join((*path, name)), kind=kind)
            entries.add((*path, name), wrong, phrase_list(wanted))
    least = 1e-300 if kind.startswith("log") else -math.inf
    positive = phrase("sweep.positive")
    numbers: dict[str, float] = {}
    for name in wanted:
        limits = (1e-300, math.inf) if name == "sd" else (max(low, least), high)
        said = positive if name == "sd" or (least > low and not allowed) else allowed
        value = entries.number((*path, name), *limits, said)
        if value is not None:
            numbers[name] = value
    if len(numbers) < len(wanted):
        return None
    if "high" in numbers:
        order = [numbers["low"], numbers.get("mode", numbers["low"]), numbers["high"]]
        if order != sorted(order) or numbers["low"] == numbers["high"]:
            written = ", ".join(f"{name} {numbers[name]:g}" for name in wanted)
            entries.add(path, phrase("sweep.order", key=".".join(path), numbers=written), "low < high")
            return None
    return kind, numbers


def _year(entries: Entries, path: Path, last: int) -> int:
    return entries.whole((*path, "year"), FIRST_YEAR, max(last, FIRST_YEAR), FIRST_YEAR)


def _range_of(low: float, high: float, unit: str) -> str:
    return phrase("scenario.range", low=low, high=high, unit=unit_name(unit))


def _assumptions(book: Book, entries: Entries, last: int) -> list[Factor | None]:
    found: list[Factor | None] = []
    for name in entries.table(("assumptions",)):
        path: Path = ("assumptions", name)
        known = book.assumptions.get(name)
        if known is None:
            hint = did_you_mean(name, book.assumptions)
            entries.add(path, phrase("assumption.unknown", id=name), phrase("assumption.allowed"), hint)
        elif known.kind == "column":
            entries.known(path, ("choices",))
            usual = (known.baseline,)
            choices = entries.words((*path, "choices"), known.columns, usual, phrase_list(known.columns))
            found.append(Factor(name, ASSUMPTION, name, known.unit, known.title, choices=choices))
        else:
            entries.known(path, ("year", *_SPREAD))
            allowed = _range_of(known.low, known.high, known.unit)
            spread = _distribution(entries, path, known.low, known.high, allowed)
            year = _year(entries, path, last)
            if spread is not None:
                found.append(Factor(name, ASSUMPTION, name, known.unit, known.title, *spread, year=year,
                                    bounds=(known.low, known.high)))
    return found


def _levers(book: Book, entries: Entries, last: int) -> list[Factor | None]:
    found: list[Factor | None] = []
    for name, written in entries.table(("levers",)).items():
        path: Path = ("levers", name)
        lever = book.levers.get(name)
        if lever is None:
            entries.add(path, phrase("lever.unknown", id=name), phrase("lever.allowed"),
                        did_you_mean(name, book.levers))
            continue
        entries.known(path, ("year", "places", *_SPREAD))
        allowed = _range_of(lever.low, lever.high, lever.unit)
        spread = _distribution(entries, path, lever.low, lever.high, allowed)
        year = _year(entries, path, last)
        where = written.get("places", "all") if isinstance(written, Mapping) else "all"
        chosen = _places(book, entries, (*path, "places"), where)
        if lever.scope == "province" and 0 < len(chosen) < len(book.places):
            entries.add((*path, "places"), phrase("lever.one_value", id=name), '"all"')
        if spread is not None:
            held = () if len(chosen) == len(book.places) else chosen
            found.append(Factor(name, LEVER, name, lever.unit, lever.title, *spread, year=year, places=held,
                                bounds=(lever.low, lever.high)))
    return found


def _places(book: Book, entries: Entries, path: Path, where: Any) -> tuple[str, ...]:
    words = where if isinstance(where, list) else [where]
    allowed = phrase("place.allowed", groups=phrase_list(GROUPS))
    if not words or any(isinstance(word, bool) or not isinstance(word, (str, int)) for word in words):
        entries.add(path, phrase("sweep.wrong_value", key=".".join(path), value=repr(where)), allowed)
        return ()
    chosen, unknown = book.places.choose(words)
    for word in unknown:
        entries.add(path, word.reason, allowed, word.hint)
    return tuple(place.element for place in chosen)
