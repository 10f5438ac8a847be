"""A scenario: a named set of lever paths and assumptions, read from a file or put together on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xiancheng.characters import amount, id_of, near, titles
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, clock, places, roles
from xiancheng.model import constants as constant_values
from xiancheng.model.reading import Findings, read_table
from xiancheng.model.settings import Scenario
from xiancheng.provenance import fingerprint
from xiancheng.scenarios import assumptions, document, former, levers, translator, words
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.files import BASELINE, DESIGNS, files, find, other_ids
from xiancheng.scenarios.scenario_document import ScenarioDocument, Settings, scenario_type, settings_type
from xiancheng.scenarios.settings import everywhere, late, settings_of
from xiancheng.study import Study
from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list

__all__ = ["BASELINE", "DESIGNS", "Scenario", "book", "check_variables", "combined", "every", "files", "from_settings",
           "of", "on_top", "other_ids", "read", "stressed"]

PLUS = "+"
"""Between the ids of a scenario and of the stress it runs under."""


def book(study: Study) -> Book:
    """Return the levers, assumptions and places that a scenario of this study may name."""
    has_money = bool(roles.of(study, "public_finance"))
    return Book(levers.read(study), assumptions.read(study), places.read(study.tables), clock.of(study), has_money,
                tuple(levers.indicators(study) or ()), former.read(study))


def check_variables(study: Study) -> None:
    """Check that the equations have the variable of every assumption and lever.

    Raises:
        StudyError: every variable that they have not, with the row that names it.
    """
    names = catalogue.names(study)
    problems: list[Problem] = []
    for file, column in ((assumptions.FILE, "variable"), (levers.FILE, "id")):
        findings = Findings(str(study.scenarios / file))
        for row in read_table(study.scenarios / file, (column,), findings):
            name = row[column].replace("_", " ")
            if name.lower() not in names:
                unknown = phrase("constant.unknown", name=name)
                findings.add(unknown, phrase("constant.of_the_equations"), did_you_mean(name, names), row.number)
        problems += findings.problems
    if problems:
        raise StudyError(problems)


def read(study: Study, name: str | Path, names: Book | None = None) -> Scenario:
    """Read a scenario.

    Args:
        study: the study it is for.
        name: the id of one of the study's scenarios, or a TOML file.
        names: what it may name, where several are read; read when None.

    Raises:
        StudyError: every problem of the file, each with its line.
    """
    return _of_file(find(study, str(name)), names or book(study))


def every(study: Study, names: Book) -> dict[str, Scenario]:
    """Read the scenarios of a study, by id; `names` is what they may name.

    Raises:
        StudyError: every problem of the first file that has any.
    """
    return {name: _of_file(file, names) for name, file in files(study).items()}


def _of_file(file: Path, names: Book) -> Scenario:
    text = document.read(file)
    entries = translator.read(scenario_type(names, text.values), text, names.places)
    return _with(_described(entries, Path(text.file).stem), names, entries)


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
    scenario = stressed(read(study, first), read(study, second) if plus else None)
    return replace(scenario, id=name) if plus else scenario


def _described(entries: ScenarioDocument, name: str) -> Scenario:
    return Scenario(
        name,
        entries.title.model_dump(),
        entries.sentence.model_dump(),
        question=entries.question.model_dump() if entries.question else {},
        trade_off=entries.trade_off.model_dump() if entries.trade_off else {},
        named_for=dict(entries.named_for),
    )


def from_settings(
    study: Study, settings: Sequence[str], base: Scenario | str = BASELINE, names: Book | None = None,
) -> Scenario:
    """Put settings such as "county_industry=3@2028:莘县" on top of a scenario.

    Args:
        study: the study they are for.
        settings: id=value[@year][:place], id a lever, an assumption or a constant of the model.
        base: the scenario they change.
        names: what settings may name, where many are put together; read when None.

    Raises:
        StudyError: every problem of the settings.
    """
    under = base if isinstance(base, Scenario) else read(study, base)
    if not settings:
        return under
    names = names or book(study)
    wishes, problems = words.read(settings)
    wishes = [_named_by_title(names, wish) for wish in wishes]
    lists = {name: [wish for wish in wishes if _kind(names, wish) == name] for name in ("lever", "assumption", "other")}
    first = names.clock.first_setting
    documents = [*words.lever_documents(lists["lever"], first), *words.assumption_documents(lists["assumption"], first)]
    answers = [
        translator.validated(settings_type(names, document.values), document, names.places) for document in documents
    ]
    constants, notes, unknown = _constants(study, names, lists["other"])
    problems += [problem for _, faults in answers for problem in faults]
    problems += unknown + [_placed(wish) for wish in lists["assumption"] if wish.places is not None]
    if problems:
        raise StudyError(problems)
    changed = _with_constants(under, constants, notes)
    return _named(_with(changed, names, *(entries for entries, _ in answers)), settings)


def of(
    study: Study,
    *,
    levers: Mapping[str, Any] | None = None,
    assumptions: Mapping[str, Any] | None = None,
    constants: Mapping[str, float] | None = None,
    base: Scenario | str | Path = BASELINE,
    names: Book | None = None,
) -> Scenario:
    """Put values on top of a scenario.

    Args:
        study: the study they are for.
        levers: by id: a value from the first year of the policy on, values by calendar year, or a table with `points`
            and `places` as a scenario file has it, or a list of such tables [unit of the lever].
        assumptions: by id: a named path, a value or values by calendar year [unit of the assumption].
        constants: by id of a constant of the model, in its unit.
        base: the scenario they change.
        names: `book` of the study, where many scenarios are made; read when None.

    Raises:
        StudyError: every problem of the values.
    """
    under = base if isinstance(base, Scenario) else read(study, base)
    names = names or book(study)
    values = {
        "levers": {name: _entry(value, names.clock.first_setting) for name, value in (levers or {}).items()},
        "assumptions": {name: _by_year(value) for name, value in (assumptions or {}).items()},
    }
    entries, problems = translator.validated(settings_type(names, values), Document("", values, {}), names.places)
    wishes = [words.Wish(name, key(name), str(value), None, None) for name, value in (constants or {}).items()]
    numbers, notes, unknown = _constants(study, names, wishes)
    if problems or unknown:
        raise StudyError([*problems, *unknown])
    return _marked(_with(_with_constants(under, numbers, notes), names, entries), under.id)


def _with_constants(under: Scenario, numbers: Mapping[str, float], notes: Sequence[Phrase]) -> Scenario:
    return replace(under, constants={**under.constants, **numbers},
                   notes=tuple(dict.fromkeys((*under.notes, *notes))))


def _entry(value: Any, first: int) -> Any:
    """Return what stands for a lever as a scenario file writes it."""
    if isinstance(value, (list, tuple)):
        return [_entry(part, first) for part in value]
    if not isinstance(value, Mapping):
        return {"points": {str(first): value}}
    if all(str(year).isdecimal() for year in value):
        return {"points": _by_year(value)}
    return {name: _by_year(part) for name, part in value.items()}


def _by_year(value: Any) -> Any:
    return {str(year): part for year, part in value.items()} if isinstance(value, Mapping) else value


def on_top(base: Scenario, book: Book, entries: Settings) -> Scenario:
    """Put settings that were held against a study on top of a scenario.

    Args:
        base: the scenario they change.
        book: what they may name.
        entries: levers and assumptions.
    """
    if not entries.levers and not entries.assumptions:
        return base
    return _marked(_with(base, book, entries), base.id)


def _marked(changed: Scenario, name: str) -> Scenario:
    """Return a changed scenario under the name of its base with a fingerprint of its settings."""
    return replace(changed, id=f"{name}_{fingerprint(changed.plain())[:6]}")


def _named_by_title(book: Book, wish: words.Wish) -> words.Wish:
    """Return a wish under the id of the lever or assumption whose title it names."""
    return replace(wish, name=id_of(wish.name, {**titles(book.levers), **titles(book.assumptions)}) or wish.name)


def _kind(book: Book, wish: words.Wish) -> str:
    if wish.name in book.levers:
        return "lever"
    return "assumption" if wish.name in book.assumptions else "other"


def _placed(wish: words.Wish) -> Problem:
    return Problem(wish.file, phrase("set.only_levers", id=wish.name), phrase("set.form"))


def _constants(
    study: Study, book: Book, wishes: Sequence[words.Wish]
) -> tuple[dict[str, float], tuple[Phrase, ...], list[Problem]]:
    """Return the constants that are wished for, what is to be said of them, and what is wrong with them."""
    if not wishes:
        return {}, (), []
    constants = {variable.id: variable for variable in catalogue.read(study) if variable.kind == "constant"}
    values: dict[str, float] = {}
    places_of: dict[str, str] = {}
    problems: list[Problem] = []
    for wish in wishes:
        if wish.name not in constants:
            unknown = phrase("set.unknown", id=wish.name)
            sentence, hint = former.unknown(former.read(study), wish.name, constants, unknown)
            hint = hint and near(wish.name, {**titles(book.levers), **titles(book.assumptions)}, constants)
            problems.append(Problem(wish.file, sentence, phrase("set.ids"), hint))
        elif wish.number is None:
            sentence = phrase("set.not_number", value=wish.value)
            problems.append(Problem(wish.file, sentence, phrase("table.number"), amount(wish.value)))
        elif wish.year is not None or wish.places is not None:
            problems.append(_placed(wish))
        else:
            values[constants[wish.name].name] = wish.number
            places_of[constants[wish.name].name] = wish.file
    judgement = constant_values.judge(study, values)
    problems += [replace(problem, file=places_of[name]) for name, problem in judgement.problems.items()]
    return values, judgement.notes, problems


def _with(scenario: Scenario, book: Book, *documents: Settings) -> Scenario:
    read_settings = [settings_of(book, entries) for entries in documents]
    settings = [setting for levers, _ in read_settings for setting in levers]
    assumptions = {setting.assumption: setting for _, several in read_settings for setting in several}
    levers = dict(scenario.levers)
    for setting in settings:
        levers[setting.lever] = (*levers.get(setting.lever, ()), setting)
    notes = [note for setting in settings if (note := late(setting))]
    wide = everywhere(book, documents)
    notes += [phrase("lever.everywhere", levers=phrase_list(wide), first=wide[0])] if wide else []
    costly = [] if book.has_money else [name for name in levers if book.levers[name].costs]
    money = [phrase("lever.money_missing", levers=phrase_list(costly))] if costly else []
    before = [note for note in scenario.notes if note.key != "lever.money_missing"]
    return replace(
        scenario,
        levers=levers,
        assumptions={**scenario.assumptions, **assumptions},
        notes=(*before, *notes, *money),
        resting=book.resting(),
    )


def _named(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    title = {language: f"{title} + {', '.join(settings)}" for language, title in scenario.title.items()}
    return _marked(replace(scenario, title=title), scenario.id)
