"""A scenario: a named set of lever paths and assumptions, read from a file or put together on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, places
from xiancheng.model.settings import AssumptionSetting, LeverSetting, Scenario
from xiancheng.provenance import fingerprint
from xiancheng.scenarios import assumptions, document, levers, shape, words
from xiancheng.scenarios.check import Book, assumption_settings, late, lever_settings, not_in_the_model, resting
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.files import BASELINE, DESIGNS, files, find, other_ids
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

__all__ = ["BASELINE", "DESIGNS", "Scenario", "book", "combined", "files", "from_document", "from_settings",
           "other_ids", "read", "stressed"]

PLUS = "+"
"""Between the ids of a scenario and of the stress it runs under."""
_MONEY = "public investment"
"""The variable of equations that hold public finance."""


def book(study: Study) -> Book:
    """Return the levers, assumptions and places that a scenario of this study may name."""
    has_money = _MONEY in catalogue.names(study)
    return Book(levers.read(study), assumptions.read(study), places.read(study.tables), has_money)


def read(study: Study, name: str | Path) -> Scenario:
    """Read a scenario.

    Args:
        study: the study it is for.
        name: the id of one of the study's scenarios, or a TOML file.

    Raises:
        StudyError: every problem of the file, each with its line.
    """
    found = document.read(find(study, str(name)))
    known = book(study)
    problems = [found.problem(*finding) for finding in shape.findings(shape.ScenarioFile, found.values)]
    settings, faults = lever_settings(known, found)
    given, strange = assumption_settings(known, found)
    missing, unclear = not_in_the_model(known, found)
    problems += faults + strange + unclear
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: problem.row or 0))
    return _with(_described(found, missing), known, settings, given)


def stressed(scenario: Scenario, stress: Scenario | None) -> Scenario:
    """Return a scenario under the assumptions of a stress, which hold before its own."""
    if stress is None:
        return scenario
    return replace(scenario, assumptions={**scenario.assumptions, **stress.assumptions})


def combined(study: Study, name: str) -> Scenario:
    """Return a scenario by its id, or one under a stress by both ids, "county_town_first+stress_births".

    Raises:
        StudyError: every problem of the files.
    """
    first, plus, second = name.partition(PLUS)
    found = stressed(read(study, first), read(study, second) if plus else None)
    return replace(found, id=name) if plus else found


def _described(found: Document, missing: tuple[str, ...]) -> Scenario:
    values = found.values
    absent = phrase("scenario.not_in_the_model", count=len(missing), levers=phrase_list(missing))
    return Scenario(
        Path(found.file).stem,
        values["title"],
        values["sentence"],
        notes=(absent,) if missing else (),
        question=values.get("question", {}),
        trade_off=values.get("trade_off", {}),
        missing=missing,
    )


def from_settings(study: Study, settings: Sequence[str], base: Scenario | str = BASELINE) -> Scenario:
    """Put settings such as "county_industry=3@2028:莘县" on top of a scenario.

    Args:
        study: the study they are for.
        settings: id=value[@year][:place], id a lever, an assumption or a constant of the model.
        base: the scenario they change.

    Raises:
        StudyError: every problem of the settings.
    """
    under = base if isinstance(base, Scenario) else read(study, base)
    if not settings:
        return under
    known = book(study)
    wishes, problems = words.read(settings)
    lists = {name: [wish for wish in wishes if _kind(known, wish) == name] for name in ("lever", "assumption", "other")}
    chosen, faults = _all(lever_settings, known, words.lever_documents(lists["lever"]))
    given, strange = _all(assumption_settings, known, words.assumption_documents(lists["assumption"]))
    constants, unknown = _constants(study, known, lists["other"])
    problems += faults + strange + unknown + [_placed(wish) for wish in lists["assumption"] if wish.places is not None]
    if problems:
        raise StudyError(problems)
    changed = replace(under, constants={**under.constants, **constants})
    return _named(_with(changed, known, chosen, given), settings)


def from_document(known: Book, document: Document, base: Scenario) -> Scenario:
    """Put the [levers] and [assumptions] of a document on top of a scenario.

    Args:
        known: what it may name.
        document: what is asked for, in the form of a scenario file.
        base: the scenario it changes.

    Raises:
        StudyError: every problem of the document.
    """
    settings, faults = lever_settings(known, document)
    given, strange = assumption_settings(known, document)
    if faults or strange:
        raise StudyError([*faults, *strange])
    if not settings and not given:
        return base
    changed = _with(base, known, settings, given)
    return replace(changed, id=f"{base.id}_{fingerprint(changed.plain())[:6]}")


def _all(read_settings: Any, known: Book, documents: Sequence[Document]) -> tuple[list[Any], list[Problem]]:
    results = [read_settings(known, found) for found in documents]
    return [setting for found, _ in results for setting in found], [fault for _, faults in results for fault in faults]


def _kind(known: Book, wish: words.Wish) -> str:
    if wish.name in known.levers:
        return "lever"
    return "assumption" if wish.name in known.assumptions else "other"


def _placed(wish: words.Wish) -> Problem:
    return Problem(wish.file, phrase("set.only_levers", id=wish.name), phrase("set.form"))


def _constants(
    study: Study, known: Book, wishes: Sequence[words.Wish]
) -> tuple[dict[str, float], list[Problem]]:
    if not wishes:
        return {}, []
    constants = {variable.id: variable for variable in catalogue.read(study) if variable.kind == "constant"}
    values: dict[str, float] = {}
    problems: list[Problem] = []
    for wish in wishes:
        if wish.name not in constants:
            hint = did_you_mean(wish.name, [*known.levers, *known.assumptions, *constants])
            found = phrase("set.unknown", id=wish.name)
            problems.append(Problem(wish.file, found, phrase("set.ids"), hint))
        elif wish.number is None:
            problems.append(Problem(wish.file, phrase("set.not_number", value=wish.value), phrase("table.number")))
        elif wish.year is not None or wish.places is not None:
            problems.append(_placed(wish))
        else:
            values[constants[wish.name].name] = wish.number
    return values, problems


def _with(
    scenario: Scenario, known: Book, settings: Sequence[LeverSetting], given: Sequence[AssumptionSetting]
) -> Scenario:
    pulled = dict(scenario.levers)
    for setting in settings:
        pulled[setting.lever] = (*pulled.get(setting.lever, ()), setting)
    notes = [note for setting in settings if (note := late(setting))]
    costly = [] if known.has_money else [name for name in pulled if known.levers[name].costs]
    money = [phrase("lever.money_missing", levers=phrase_list(costly))] if costly else []
    kept = [note for note in scenario.notes if note.key != "lever.money_missing"]
    return replace(
        scenario,
        levers=pulled,
        assumptions={**scenario.assumptions, **{setting.assumption: setting for setting in given}},
        notes=(*kept, *notes, *money),
        resting=resting(known),
    )


def _named(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    return replace(
        scenario,
        id=f"{scenario.id}_{fingerprint(scenario.plain())[:6]}",
        title={language: f"{title} + {', '.join(settings)}" for language, title in scenario.title.items()},
    )
