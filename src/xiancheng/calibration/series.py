"""What was published of sectors other than people: series, how a run is read beside them, and how far off both may be.

calibration/series.csv says which, calibration/baseline_data.csv what was published. A series is one observation of many
years: what the equations leave out is alike in all of them (`shared_error`) or passes from year to year (`own_error`,
which fades by `persistence` a year), so a long series makes nothing certain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.source import key
from xiancheng.model import build, catalogue, clock
from xiancheng.model.clock import census_day, year_end
from xiancheng.model.reading import EVIDENCE, Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE, VALUES = "series.csv", "baseline_data.csv"
HEADER = ("series", "quantity", "since", "until", "start", "reading", "variable", "over", "scope", "factor",
          "shared_error", "own_error", "persistence", "use", "why")
VALUES_HEADER = ("quantity", "year", "value", "unit", "evidence", "source", "licence", "note")
RATE, YEAR_END, CENSUS_DAY, CHANGE = "mean of year", "year end", "census day", "change"
READINGS = (RATE, YEAR_END, CENSUS_DAY, CHANGE)
"""A flow over a calendar year; a stock at its end; a stock on 1 November; a flow over that of the year before."""
PROVINCE, LISTED = "province", "listed"
FIT, LEFT_OUT, HEADLINE = "fit", "left out", "headline"
USES = (FIT, LEFT_OUT, HEADLINE)
"""What members are conditioned on; what is known and not used, with the reason; what is asked of the last year."""
_ROUNDING = 1e-6
_TERM = re.compile(r"(?P<name>[^\[\]]+?)\s*(\[(?P<element>[^\[\]]+)\])?")


@dataclass(frozen=True)
class Series:
    """A series, or a figure of the last year that matters.

    Attributes:
        name: of the series; quantities: what baseline_data.csv calls it, for a change each of a span of its own.
        years: the first and the last that are read.
        start: census that the run beside it starts from.
        reading: of READINGS.
        variable, over: what is read, and what it is divided by, "" for nothing; scope: of PROVINCE, LISTED.
        factor: from the unit of the data to that of the equations.
        shared_error, own_error: standard deviations of the logarithm, of all years alike and of each year.
        persistence: what of a year's own error is left in the next one, 0 to 1.
        use: of USES.
    """

    name: str
    quantities: tuple[str, ...]
    years: tuple[float, float]
    start: int
    reading: str
    variable: str
    over: str
    scope: str
    factor: float
    shared_error: float
    own_error: float
    persistence: float
    use: str

    @property
    def variables(self) -> tuple[str, ...]:
        """Keys of the variables that it reads."""
        return tuple(key(_term(word)[0]) for word in (self.variable, self.over) if word)


@dataclass(frozen=True)
class Observation:
    """One figure: the series and the year; `logarithm` of what was published, not finite where nothing was."""

    series: Series
    year: int
    logarithm: float


@dataclass(frozen=True)
class Published:
    """Figures and the errors between them and a run, as the steps of a fit read them (see fit.Observations).

    Attributes:
        observations: in the order of a run's figures.
        weights: (figures, figures); a vector of misses of logarithms becomes one of standard deviations by it, and
            is nothing where a figure is not looked at.
    """

    observations: tuple[Observation, ...]
    weights: Floats

    @property
    def logarithms(self) -> Floats:
        """What was published, 0 where nothing was."""
        values = np.array([observation.logarithm for observation in self.observations])
        return np.where(np.isfinite(values), values, 0.0)

    @property
    def fitted(self) -> NDArray[np.bool_]:
        """Which figures are looked at (figure,)."""
        return np.asarray(self.weights.any(axis=0))

    def misses(self, run: Floats) -> Floats:
        """Return the distance of the logarithms of a run [standard deviations]."""
        return np.asarray(self.weights @ np.where(self.fitted, run - self.logarithms, 0.0))

    def slopes(self, run: Floats, moved: Floats) -> Floats:
        """Return the derivative of the misses (misses, components), from that of the run (components, figures)."""
        return np.asarray(self.weights @ np.where(self.fitted, moved, 0.0).T)

    def without(self, unseen: NDArray[np.bool_]) -> Published:
        """Return the same with some figures out of sight."""
        fitted = np.array([is_fit(observation) for observation in self.observations]) & ~unseen
        return Published(self.observations, weights(self.observations, fitted))


def is_fit(observation: Observation) -> bool:
    """Tell whether members are conditioned on a figure."""
    return observation.series.use == FIT


def published(study: Study) -> Published:
    """Return the figures of a study but those that are left out.

    Raises:
        StudyError: everything wrong in both tables, at once.
    """
    observations = tuple(row for row in _observations(study) if row.series.use != LEFT_OUT)
    return Published(observations, weights(observations, np.array([is_fit(row) for row in observations], dtype=bool)))


def covariance(observations: Sequence[Observation]) -> Floats:
    """Return the covariance of the errors of figures [squared logarithms]: none between series."""
    matrix = np.zeros((len(observations),) * 2)
    for row, first in enumerate(observations):
        for column, other in enumerate(observations):
            if first.series.name == other.series.name:
                own = first.series.own_error**2 * first.series.persistence ** abs(first.year - other.year)
                matrix[row, column] = first.series.shared_error**2 + own
    return matrix


def weights(observations: Sequence[Observation], fitted: NDArray[np.bool_]) -> Floats:
    """Return what makes standard deviations of the misses of the figures that are looked at."""
    matrix = np.zeros((len(observations),) * 2)
    chosen: list[int] = np.flatnonzero(fitted).tolist()
    root = np.linalg.cholesky(covariance([observations[row] for row in chosen]))
    matrix[np.ix_(chosen, chosen)] = np.linalg.inv(root)
    return matrix


def read(study: Study) -> tuple[Series, ...]:
    """Read calibration/series.csv.

    Raises:
        StudyError: everything wrong in it, at once.
    """
    findings = Findings(f"calibration/{FILE}")
    rows = read_rows(study.calibration / FILE, HEADER, findings)
    no_duplicates(rows, ("series",), findings)
    names, begun = {key(name): name for name in catalogue.names(study)}, [str(year) for year in build.starts(study)]
    series = tuple(_series(row, names, begun, findings) for row in rows)
    findings.stop()
    return series


def _series(row: Row, names: Mapping[str, str], begun: Sequence[str], findings: Findings) -> Series:
    start, reading = one_of(row, "start", begun, findings), one_of(row, "reading", READINGS, findings)
    scope, use = one_of(row, "scope", (PROVINCE, LISTED), findings), one_of(row, "use", USES, findings)
    for column in ("variable", "over"):
        name = _term(row[column])[0] if row[column] else ""
        if (row[column] or column == "variable") and key(name) not in names:
            findings.add(phrase("series.no_variable", column=column, name=repr(row[column])),
                         phrase("lever.variable_allowed"), did_you_mean(name, names.values()), row.number)
    if not row["why"].strip():
        findings.add(phrase("series.no_reason", name=row["series"]), phrase("series.a_reason"), row=row.number)
    shared, own = (number(row, column, findings, low=1e-4, high=2.0) if use == FIT else 0.0
                   for column in ("shared_error", "own_error"))
    persistence = number(row, "persistence", findings, low=0.0, high=0.999) if use == FIT else 0.0
    factor = number(row, "factor", findings, low=1e-12) if use != HEADLINE else 1.0
    years = (number(row, "since", findings) if row["since"] else -np.inf,
             number(row, "until", findings) if row["until"] else np.inf)
    return Series(row["series"], tuple(word.strip() for word in row["quantity"].split(";") if word.strip()), years,
                  int(start) if start in begun else 0, reading, row["variable"], row["over"], scope, factor, shared,
                  own, persistence, use)


def _term(written: str) -> tuple[str, str]:
    """Return variable and element, "" for all of them, of "variable[element]"."""
    match = _TERM.fullmatch(written.strip())
    return (match["name"], match["element"] or "") if match else (written, "")


def _observations(study: Study) -> list[Observation]:
    """Return the figures of every series by year."""
    series, findings = read(study), Findings(f"calibration/{VALUES}")
    rows = read_rows(study.calibration / VALUES, VALUES_HEADER, findings)
    no_duplicates(rows, ("quantity", "year"), findings)
    values: dict[str, dict[int, float]] = {}
    for row in rows:
        one_of(row, "evidence", EVIDENCE, findings)
        year = int(number(row, "year", findings, low=clock.FOUR_DIGITS[0], high=clock.FOUR_DIGITS[1]))
        values.setdefault(row["quantity"], {})[year] = number(row, "value", findings, low=1e-12)
    for item in series:
        for name in item.quantities:
            if name not in values:
                findings.add(phrase("series.no_values", series=item.name, quantity=name), ", ".join(values))
    findings.stop()
    end = clock.of(study).end
    return [observation for item in series for observation in _of(item, values, end)]


def _of(series: Series, values: Mapping[str, Mapping[int, float]], end: int) -> list[Observation]:
    if series.use == HEADLINE:
        return [Observation(series, end, np.nan)]
    observations = []
    for name in series.quantities:
        years = [year for year in sorted(values[name]) if series.years[0] <= year <= series.years[1]]
        if series.reading == CHANGE:
            observations += [Observation(series, later, float(np.log(values[name][later] / values[name][year])))
                             for year, later in pairwise(years) if later == year + 1]
        else:
            observations += [Observation(series, year, float(np.log(values[name][year] * series.factor)))
                             for year in years]
    return observations


def logarithm(observation: Observation, run: PlainRun, listed: NDArray[np.bool_]) -> float:
    """Return what a run says of a figure, as a logarithm; not a number where it is not above 0.

    Args:
        observation: the figure.
        run: from the census of its series, with every time step.
        listed: which places are of the list (place,).
    """
    series, year = observation.series, observation.year
    value, below = _at(series, series.variable, year, run, listed), 1.0
    if series.over:
        below *= _at(series, series.over, year, run, listed)
    if series.reading == CHANGE:
        below *= _at(series, series.variable, year - 1, run, listed)
    return float(np.log(value / below)) if value > 0 and below > 0 else float("nan")


def _at(series: Series, written: str, year: int, run: PlainRun, listed: NDArray[np.bool_]) -> float:
    """Return a variable of a run, added up over its places and whatever is not named, as the series reads it."""
    name, element = _term(written)
    values, dims = run.arrays[key(name)]
    for axis in range(len(dims) - 1, 0, -1):
        elements = [key(element) for element in run.elements[dims[axis]]]
        if element and key(element) in elements:
            values = np.take(values, elements.index(key(element)), axis=axis)
        else:
            weight = listed if dims[axis] == "place" and series.scope == LISTED else np.ones(values.shape[axis])
            values = np.tensordot(values, weight, axes=(axis, 0))
    if series.reading in (RATE, CHANGE):
        inside = (run.times > year_end(year - 1) - _ROUNDING) & (run.times <= year_end(year) + _ROUNDING)
        return float(np.mean(values[inside]))
    moment = year_end(year) if series.reading == YEAR_END else census_day(year)
    return float(np.interp(moment, run.times, values))
