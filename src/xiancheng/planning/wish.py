"""What a search for the least setting is told: goals, levers, places, members; all of it held against the study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import places, spots, views
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import Spot
from xiancheng.planning import figure, trials, where
from xiancheng.planning.least import Aim
from xiancheng.planning.moves import Moves
from xiancheng.planning.trials import Futures
from xiancheng.scenarios import scenario
from xiancheng.scenarios.book import Book
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

_FORM = re.compile(r"\s*(?P<figure>[^<>=]+?)\s*(?P<sign>>=|<=|≥|≤)\s*(?P<value>[^<>=]+?)\s*")
WEIGHTS, MONEY = "weights", "money"
SMALL = (WEIGHTS, MONEY)
"""What may be made small: how far levers move, each by its range and weight, or public money until the last target."""


@dataclass(frozen=True)
class Goal:
    """What is to be met.

    Attributes:
        indicator: id.
        at_least: whether the value is the least allowed, else the largest.
        value: [unit of the indicator].
        year: calendar year.
        area: id of the area, or name of a place.
    """

    indicator: str
    at_least: bool
    value: float
    year: int
    area: str

    @property
    def figure(self) -> Spot:
        """What has to have the value."""
        return Spot(self.indicator, self.year, self.area)


@dataclass(frozen=True)
class Wish:
    """What a search for the least setting is told.

    Attributes:
        goals: all of them have to be met.
        levers: ids of the levers that may move.
        under: the scenario that they stand on.
        since: year in which they reach their settings, as far as their ramps allow; the first one when None.
        where: the places, as planning.where takes them.
        small: of SMALL.
        weights: of a lever's whole range, by id; 1 where none is named.
        share: of members that have to meet all goals.
        members: how many, as `compare` takes it; none for the table of constants.
    """

    goals: tuple[Goal, ...]
    levers: tuple[str, ...]
    under: str = scenario.BASELINE
    since: int | None = None
    where: str | tuple[str, ...] = "all"
    small: str = WEIGHTS
    weights: Mapping[str, float] | None = None
    share: float = 1.0
    members: int | str | None = 0


def goal(words: str, year: int, area: str = places.LIST) -> Goal:
    """Take a goal such as "urban_share>=0.6" or "refuge_area@2035:68>=2.5" apart.

    Raises:
        StudyError: it has another form.
    """
    match = _FORM.fullmatch(words)
    try:
        if match is not None:
            own = spots.parsed(match["figure"], year, area)
            return Goal(own.indicator, match["sign"] in (">=", "≥"), float(match["value"]), own.year, own.area)
    except ValueError:
        pass
    raise StudyError(Problem("", phrase("target.form", words=words), phrase("target.form_allowed")))


@dataclass(frozen=True)
class Request:
    """A wish, held against a study.

    Attributes:
        wish: with the ids of its areas.
        moves: what may move.
        futures: what every setting has to stand.
        figures: what is read: goals, public money by year, unfunded need of the last year.
        money: how many of them are money.
        start: census year of the runs; end: their last whole calendar year; last: last year of the goals.
    """

    wish: Wish
    moves: Moves
    futures: Futures
    figures: tuple[Spot, ...]
    money: int
    start: int
    end: int
    last: int

    @property
    def weights(self) -> Floats | None:
        """Weights of the levers' ranges (value,); None for money."""
        own = self.wish.weights or {}
        return None if self.wish.small == MONEY else np.array([own.get(name, 1.0) for name in self.wish.levers])

    @property
    def aim(self) -> Aim:
        """What the search is told."""
        low, high = self.moves.bounds.T
        signs = np.array([1.0 if goal.at_least else -1.0 for goal in self.wish.goals])
        values = np.array([goal.value for goal in self.wish.goals])
        return Aim(low, high, self.moves.baseline, self.weights, signs, values, self.wish.share)


def checked(study: Study, wish: Wish) -> Request:
    """Hold a wish against a study.

    Raises:
        StudyError: everything unknown in the words of the user.
    """
    book = scenario.book(study)
    clock = book.clock
    reader = Reader.over(study, book.places, range(clock.start, clock.last + 1))
    chosen, problems = where.of(book.places, list(wish.where) if isinstance(wish.where, tuple) else wish.where)
    problems = [*_problems(study, book, wish), *_of_goals(study, book, reader, wish), *problems]
    if problems:
        raise StudyError(dict.fromkeys(problems))
    kind, members = trials.members_of(study, wish.members)
    goals = tuple(replace(goal, area=str(figure.code(reader, book.places, goal.area))) for goal in wish.goals)
    last = max(goal.year for goal in goals)
    since = clock.first_setting if wish.since is None else wish.since
    moves = Moves(tuple(where.move(book.levers[name], chosen, book.places, clock, [since]) for name in wish.levers))
    public, unfunded = views.leading(study, "public"), views.leading(study, "unfunded")
    money = [Spot(public, year, places.PROVINCE) for year in range(clock.first_setting, last + 1)] if public else []
    need = [Spot(unfunded, last, places.PROVINCE)] if unfunded else []
    figures = (*(goal.figure for goal in goals), *money, *need)
    return Request(replace(wish, goals=goals), moves, Futures((wish.under,), members, kind), figures, len(money),
                   clock.start, max(last, clock.end), last)


def _problems(study: Study, book: Book, wish: Wish) -> Iterator[Problem]:
    first, last = book.clock.first_setting, book.clock.last
    for name in wish.levers:
        if name not in book.levers:
            hint = did_you_mean(name, book.levers)
            yield Problem("--using", phrase("lever.unknown", id=name), phrase("lever.allowed"), hint)
    for name in sorted(set(wish.weights or {}) - set(wish.levers)):
        yield Problem("--weight", phrase("target.weight", id=name), phrase_list(wish.levers))
    if wish.since is not None and not first <= wish.since <= last:
        years = phrase("scenario.years", first=first, last=last)
        yield Problem("--from", phrase("target.year", year=wish.since), years)
    if wish.under not in scenario.files(study):
        hint = did_you_mean(wish.under, scenario.files(study))
        yield Problem("", phrase("scenario.unknown", name=wish.under), phrase("scenario.allowed"), hint)
    if not 0 < wish.share <= 1:
        yield Problem("--in", phrase("target.share", share=f"{wish.share:g}"), phrase("target.share_allowed"))
    if wish.small not in SMALL:
        yield Problem("--least", phrase("target.small", word=wish.small), phrase_list(SMALL))


def _of_goals(study: Study, book: Book, reader: Reader, wish: Wish) -> Iterable[Problem]:
    first, last = book.clock.first_setting, book.clock.last
    for goal in wish.goals:
        unknown = list(figure.problems_of(study, reader, book.places, replace(goal.figure, year=last)))
        yield from unknown
        if not first <= goal.year <= last:
            years = phrase("scenario.years", first=first, last=last)
            yield Problem("--by", phrase("target.year", year=goal.year), years)
