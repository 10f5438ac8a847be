"""The clock: model time in years counts from censuses, 2020.0 = 1 November 2020; people see dates."""

from __future__ import annotations

import datetime

BASELINE_YEAR = 2025
"""The last year before the policy: levers leave their baseline on 1 January of it at the earliest."""

FIRST_YEAR = BASELINE_YEAR + 1
"""The first year a setting can be reached in."""

LAST_YEAR = 2050
"""The last year the tables are extended to."""

_AFTER_NEW_YEAR = 5 / 6
_BEFORE_NEW_YEAR = 1 / 6


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
