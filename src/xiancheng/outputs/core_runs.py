"""Runs of the demographic core alone, under a named set of parameters: what a projection of people rests on."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import xarray as xr

from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.model.core import core_only
from xiancheng.model.reading import EVIDENCE, Findings, number, one_of, read_rows, read_text
from xiancheng.outputs import formulas, headline, journey, years
from xiancheng.outputs import result as results
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

FILE = "sets.csv"
COLUMNS = ("set", "variable", "value", "unit", "evidence", "source")
BASELINE = "baseline"
"""The set that changes nothing: the tables as they are."""
INDICATORS = tuple(name for name in headline.INDICATORS if name not in ("registered_urban_share", "entitled_share"))
"""Indicators that the core computes."""


def sets(study: Study) -> dict[str, dict[str, float]]:
    """Return the named sets of parameters: what each puts in the place of the tables [unit of the variable].

    Raises:
        StudyError: everything wrong in calibration/sets.csv, at once.
    """
    file = study.calibration / FILE
    found: dict[str, dict[str, float]] = {BASELINE: {}}
    if not file.is_file():
        return found
    findings = Findings(str(file))
    for row in read_rows(file, COLUMNS, findings):
        one_of(row, "evidence", EVIDENCE, findings)
        found.setdefault(row["set"], {})[row["variable"]] = number(row, "value", findings)
    findings.stop()
    return found


def built(study: Study, start: int, end: int, named: str = BASELINE) -> BuiltRun:
    """Return the baseline run of the core.

    Args:
        study: the study.
        start: year of the census it starts from.
        end: last whole calendar year.
        named: the set of parameters.

    Raises:
        StudyError: no such set.
    """
    known = sets(study)
    if named not in known:
        raise StudyError(Problem("--set", phrase("against.set_unknown", name=repr(named)), phrase_list(known),
                                 did_you_mean(named, known)))
    whole = journey.prepare(study, start=start, end=end)
    return replace(whole, text=core_only(whole.text), parameters={**whole.parameters, **known[named]})


def run(told: BuiltRun, names: Sequence[str]) -> tuple[xr.Dataset, xr.Dataset]:
    """Run the core and return its result by calendar year, and the run by time that it comes from."""
    wanted = results.needed(told.study, list(names), [], ())
    data = builder.simulate(told, variables=wanted)
    return results.result(data, told, variables=list(names)), formulas.by_id(data)


@dataclass(frozen=True)
class Held:
    """One figure of the province after the census, which no fit has seen.

    Attributes:
        measure: residents (change since the end of the year of the census), urban share, births or deaths.
        year: calendar year.
        published: [persons, share].
        said: what the run says.
        error: in % of residents, births or deaths, in points of the urban share.
        most: the bar.
    """

    measure: str
    year: int
    published: float
    said: float
    error: float
    most: float


_BARS = {"residents": 0.5, "urban_share": 0.7, "births": 10.0, "deaths": 8.0}
_PUBLISHED = {"residents_year_end": "residents", "urban_share": "urban_share", "births": "births", "deaths": "deaths"}
_UNITS = {"10,000 persons": 1e4, "%": 0.01}


def hold_out(study: Study, named: str) -> list[Held]:
    """Return the years after the census beside what a set of parameters says of them, from the census on.

    Residents are those at the end of the year, as their change since the end of the year of the census, which takes out
    the step from the census to the communique.
    """
    published = _published(study)
    begun = builder.START
    last = max(year for _, year in published)
    told = built(study, begun, last, named)
    result, data = run(told, ("residents", "town_residents", "births", "deaths"))
    span = list(range(begun, last + 1))
    people = years.year_end_value(data["residents"], span).sum("place")
    town = years.year_end_value(data["town_residents"], span).sum("place")
    found = []
    for measure, most in _BARS.items():
        for year in span[1:]:
            if (measure, year) not in published:
                continue
            value = published[measure, year]
            if measure == "residents":
                before = published[measure, begun]
                said = before + float(people.sel(year=year) - people.sel(year=begun))
                error = 100 * (said - value) / value
            elif measure == "urban_share":
                said = float(town.sel(year=year) / people.sel(year=year))
                error = 100 * (said - value)
            else:
                said = float(result[measure].sel(year=year).sum("place"))
                error = 100 * (said / value - 1)
            found.append(Held(measure, year, value, said, error, most))
    return found


def _published(study: Study) -> dict[tuple[str, int], float]:
    """Return what was published of the province, by measure and year [persons, share]."""
    file = study.tables / "province_yearly.csv"
    found = {}
    for row in csv.DictReader(io.StringIO(read_text(file, Findings(file.name)))):
        if row["quantity"] in _PUBLISHED and int(row["year"]) >= builder.START:
            found[_PUBLISHED[row["quantity"]], int(row["year"])] = float(row["value"]) * _UNITS[row["unit"]]
    return found
