"""The clock: model time in years counts from censuses, 2020.0 = 1 November 2020; people see dates.

The years of a study, from its censuses to the last one of its tables, are model/clock.csv.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import pairwise

from xiancheng.model.reading import Findings, no_duplicates, number, one_of, read_study_rows
from xiancheng.study import CLOCK, Study
from xiancheng.texts import phrase

COLUMNS = ("name", "year", "why")
_RISING = ("first_census", "last_census", "baseline", "end", "last")
FOUR_DIGITS = (1000, 9999)
"""The first and the last year that a table may write."""
_AFTER_NEW_YEAR = 5 / 6
_BEFORE_NEW_YEAR = 1 / 6


@dataclass(frozen=True)
class Clock:
    """The years of a study.

    Attributes:
        first_census: of the fit's start; last_census: of its end.
        start: usual start of a run, a census; end: its usual last whole year, and the last that a price tag adds up.
        baseline: the last year before the policy; last: the last year that the tables reach.
        first_products: of the products of prefectures that stand for those of the first census; last_products: of the
            last one; prices: that money is in; town_register: the last one that tells who is registered in town. 0
            where a study prepares no census.
    """

    first_census: int
    last_census: int
    start: int
    baseline: int
    end: int
    last: int
    first_products: int = 0
    last_products: int = 0
    prices: int = 0
    town_register: int = 0

    @property
    def first_setting(self) -> int:
        """The first year in which a setting can be reached."""
        return self.baseline + 1

    @property
    def departure(self) -> float:
        """The model time at which levers leave their baseline at the earliest."""
        return new_year(self.baseline)

    @property
    def closing(self) -> float:
        """The model time at which every path of the tables is closed; constant after."""
        return census_day(self.last + 1)

    @property
    def censuses(self) -> tuple[int, int]:
        """Both censuses."""
        return self.first_census, self.last_census

    @property
    def periods(self) -> tuple[str, ...]:
        """Five years each, such as "2005-2010", from before the first census to after the usual end."""
        return tuple(before(year + 5) for year in range(self.first_census - 5, self.end + 1, 5))

    def products(self, census: int) -> int:
        """Return the year whose products of prefectures stand for those of a census."""
        return self.first_products if census == self.first_census else self.last_products

    def policy(self, years: Iterable[int]) -> list[int]:
        """Return those of some years over which the money of a policy is added up."""
        return [int(year) for year in years if self.first_setting <= year <= self.end]


def before(census: int) -> str:
    """Return the period of five years before a census as tables name it."""
    return f"{census - 5}-{census}"


def of(study: Study) -> Clock:
    """Return the years of a study.

    Raises:
        StudyError: everything wrong in model/clock.csv, at once.
    """
    findings = Findings(str(study.root / CLOCK))
    rows = read_study_rows(study, CLOCK, COLUMNS, findings)
    no_duplicates(rows, ("name",), findings)
    names = [field.name for field in fields(Clock)]
    low, high = FOUR_DIGITS
    years = {
        one_of(row, "name", names, findings): int(number(row, "year", findings, low=low, high=high)) for row in rows
    }
    for name in ("start", *_RISING):
        if name not in years:
            findings.add(phrase("clock.missing", name=name), phrase("clock.needed"))
    findings.stop()
    for first, second in pairwise(_RISING):
        if not years[first] < years[second]:
            findings.add(phrase("clock.order", first=first, second=second), " < ".join(_RISING))
    findings.stop()
    return Clock(**years)


def census_day(year: float) -> float:
    """Return the model time of 1 November of `year`, the day of a census and of a stock's value."""
    return float(year)


def new_year(year: float) -> float:
    """Return the model time of 1 January of `year`, when a lever's value of that year holds."""
    return year - _AFTER_NEW_YEAR


def year_end(year: float) -> float:
    """Return the model time of the end of `year`, when its year-end figures and running totals are read."""
    return year + _BEFORE_NEW_YEAR


def day(time: float) -> datetime.date:
    """Return the date of a model time [year], to the nearest day."""
    census, part = divmod(time, 1.0)
    first = datetime.date(int(census), 11, 1)
    days = (datetime.date(int(census) + 1, 11, 1) - first).days
    return first + datetime.timedelta(days=round(part * days))
