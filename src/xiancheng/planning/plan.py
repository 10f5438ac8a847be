"""A plan: what is made large, what it has to keep, what may move, and what it has to stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import LIST
from xiancheng.outputs import indicators, least_changes
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import Spot
from xiancheng.planning import figure, plan_document, trials, where
from xiancheng.planning.moves import Move, Moves
from xiancheng.planning.plan_document import LeverMoves, PlanDocument, document_type
from xiancheng.planning.trials import Futures
from xiancheng.provenance import fingerprint
from xiancheng.scenarios import document, scenario, translator
from xiancheng.scenarios import schema as schemas
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.files import PLANS
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase


@dataclass(frozen=True)
class Weight:
    """A figure that counts, above 0 where more of it is better [1 / its unit]."""

    figure: Spot
    weight: float


@dataclass(frozen=True)
class Row:
    """One thing that an answer has to keep.

    Attributes:
        figure: what is limited.
        sign: 1 where the bound is the least allowed, -1 where it is the largest.
        bound: [unit of the indicator].
        is_change: whether the bound holds for the change from no policy.
        least: part of the level, and amount, below which a change is none; the bound gives way by it.
        limit: the limit of the file that it belongs to, its number, or -1 for a duty.
        margin: what a search has to stay away from the bound, for what is not known [unit of the indicator].
    """

    figure: Spot
    sign: float
    bound: float
    is_change: bool
    least: tuple[float, float]
    limit: int
    margin: float = 0.0


@dataclass(frozen=True)
class Plan:
    """A plan, held against its study.

    Attributes:
        id: name of its file.
        title: by language; sentence likewise.
        base: the scenario below the moves.
        aims: what is made large; two of them make a front.
        rows: what an answer has to keep.
        moves: what may move.
        futures: what an answer has to stand.
        hold_for: MEAN, WORST or the share of futures.
        search: how it is searched for.
        start: census year of the runs; end: their last year.
        mark: what two plans share exactly when they say the same of the same study.
    """

    id: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    base: str
    aims: tuple[Weight, ...]
    rows: tuple[Row, ...]
    moves: Moves
    futures: Futures
    hold_for: str | float
    search: plan_document.SearchTable
    start: int
    end: int
    mark: str

    @property
    def figures(self) -> tuple[Spot, ...]:
        """Everything that is read of a run, each once."""
        return tuple(dict.fromkeys([*(aim.figure for aim in self.aims), *(row.figure for row in self.rows)]))


def files(study: Study) -> dict[str, Path]:
    """Return the plans of a study by id."""
    return {file.stem: file for file in sorted((study.scenarios / PLANS).glob("*.toml"))}


def read(study: Study, name: str | Path) -> Plan:
    """Read a plan: one of the study by id, or a TOML file.

    Raises:
        StudyError: every problem of the file, each with its line.
    """
    own = files(study)
    if str(name) not in own and not Path(name).is_file() and not str(name).endswith(".toml"):
        hint = did_you_mean(str(name), own)
        raise StudyError(Problem("", phrase("plan.unknown", name=str(name)), phrase("plan.unknown_allowed"), hint))
    return of(study, document.read(own.get(str(name), Path(name))), Path(name).stem)


def schema(study: Study, language: str) -> dict[str, Any]:
    """Return the JSON schema of a plan of a study, its sentences in a language."""
    book = scenario.book(study)
    return schemas.of_shape(document_type(study, book, {"levers": dict.fromkeys(book.levers)}), language)


def of(study: Study, text: Document, name: str) -> Plan:
    """Return the plan that a document tells.

    Raises:
        StudyError: every problem of it at once.
    """
    book = scenario.book(study)
    entries = translator.read(document_type(study, book, text.values), text, book.places)
    clock = book.clock
    rows = tuple(_rows(study, book, entries))
    years = [clock.end, *(aim.year for aim in entries.aims), *(row.figure.year for row in rows)]
    reader = Reader.over(study, book.places, range(clock.start, max(years) + 1))
    sides = {plan_document.HIGH: 1.0, plan_document.LOW: -1.0}
    aims = [Weight(_coded(reader, book, Spot(aim.indicator, aim.year, aim.area)),
                   aim.weight * sides[aim.direction]) for aim in entries.aims]
    moves = tuple(move for id_, lever in entries.levers.items() for move in _moves(book, id_, lever))
    problems = [*_of_areas(study, book, reader, text, entries), *_apart(book, text, moves)]
    if problems:
        raise StudyError(problems)
    under = (entries.base, *(f"{entries.base}{scenario.PLUS}{stress}" for stress in entries.futures.stresses))
    wish = None if entries.futures.members == plan_document.ALL else entries.futures.members
    kind, members = trials.members_of(study, wish)
    coded = tuple(Row(_coded(reader, book, row.figure), row.sign, row.bound, row.is_change, row.least, row.limit)
                  for row in rows)
    return Plan(name, entries.title.model_dump(), entries.sentence.model_dump(), entries.base, tuple(aims), coded,
                Moves(moves), Futures(under, members, kind), entries.futures.hold_for, entries.search, clock.start,
                max(years), fingerprint([text.values, study.data_hash]))


def _coded(reader: Reader, book: Book, named: Spot) -> Spot:
    return Spot(named.indicator, named.year, figure.code(reader, book.places, named.area) or named.area)


def _rows(study: Study, book: Book, entries: PlanDocument) -> Iterator[Row]:
    catalogue, by_unit = indicators.read(study), least_changes.read(study)
    clock = book.clock
    for number, limit in enumerate(entries.limits):
        least = least_changes.of(catalogue[limit.indicator], by_unit)
        give = (least.part, least.amount) if limit.beyond_least_change else (0.0, 0.0)
        years = range(clock.first_setting, clock.end + 1) if limit.years == plan_document.ALL else limit.years
        sign, bound = (1.0, limit.at_least) if limit.at_least is not None else (-1.0, limit.at_most)
        places = where.of(book.places, limit.each_of or [])[0].places
        areas: list[str] = [place.code for place in places] or [limit.area or LIST]
        for area in areas:
            for year in years:
                yield Row(Spot(limit.indicator, int(year), area), sign, float(bound or 0.0),
                          limit.against == plan_document.BASELINE, give, number)
    for name in entries.duties:
        row = catalogue[name].row
        sign = -1.0 if row["direction"] == "lower" else 1.0
        yield Row(Spot(name, int(row["target_year"]), LIST), sign, float(row["target_value"]), False,
                  (0.0, 0.0), -1)


def _moves(book: Book, name: str, entry: LeverMoves) -> Iterator[Move]:
    """Yield what moves of a lever: as one, by type of places, or place by place."""
    lever, places = book.levers[name], book.places
    chosen = where.of(places, entry.places)[0]
    parts = [chosen]
    if entry.by == plan_document.PLACE:
        parts = [where.of(places, place.code)[0] for place in chosen.places]
    elif entry.by == plan_document.TYPE:
        inside = {place.element for place in chosen.places}
        types = [where.of(places, f"{where.TYPE}{kind.id}")[0] for kind in places.types]
        parts = [kind for kind in types if {place.element for place in kind.places} <= inside]
    for part in parts if lever.scope != where.PROVINCE else [chosen]:
        yield where.move(lever, part, places, book.clock, entry.years, entry.low, entry.high)


def _of_areas(study: Study, book: Book, reader: Reader, text: Document, entries: PlanDocument) -> Iterator[Problem]:
    named = [(("aims", number, "area"), aim.indicator, aim.area) for number, aim in enumerate(entries.aims)]
    named += [(("limits", number, "area"), limit.indicator, limit.area or LIST)
              for number, limit in enumerate(entries.limits)]
    for path, indicator, area in named:
        for problem in figure.problems_of(study, reader, book.places, Spot(indicator, reader.years[-1], area)):
            yield text.problem(path, *problem.sentences)


def _apart(book: Book, text: Document, moves: tuple[Move, ...]) -> Iterator[Problem]:
    """Yield levers whose places are none."""
    for move in moves:
        if move.positions == ():
            yield text.problem(("levers", move.lever.id, "places"), phrase("plan.nowhere", id=move.lever.id),
                               phrase("plan.places"))
