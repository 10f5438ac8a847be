"""Runs of the demographic core alone, under a named set of parameters: what a projection of people rests on."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.engine.results import PlainRun
from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.model.core import core_only
from xiancheng.model.reading import EVIDENCE, Findings, number, one_of, read_rows, read_study_rows, read_text
from xiancheng.outputs import journey
from xiancheng.outputs import result as results
from xiancheng.outputs.moments import Calendar
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

FILE = "sets.csv"
COLUMNS = ("set", "variable", "value", "unit", "evidence", "source")
BASELINE = "baseline"
"""The set that changes nothing: the tables as they are."""
HELD_OUT = "calibration/held_out.csv"
HELD_OUT_COLUMNS = ("measure", "title_en", "title_zh", "reading", "above", "below", "quantity", "bar")
CHANGE, SHARE, FLOW = "change at year end", "share at year end", "of the year"
READINGS = (CHANGE, SHARE, FLOW)
_UNITS = {"10,000 persons": 1e4, "%": 0.01}


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
    return replace(whole, text=core_only(whole.text, study), parameters={**whole.parameters, **known[named]})


def run(told: BuiltRun, names: Sequence[str]) -> tuple[xr.Dataset, PlainRun]:
    """Run the core and return its result by calendar year, and the run by time that it comes from."""
    wanted = results.needed(told.study, list(names), [], ())
    data = builder.simulate(told, variables=wanted)
    return results.result(data, told, variables=list(names)), PlainRun.of(data)


@dataclass(frozen=True)
class Measure:
    """One line of held_out.csv: a published figure of the province and what of a run stands beside it.

    Attributes:
        id: its name; title: by language.
        reading: of READINGS.
        above: the indicator; below: what it is a share of, or "".
        quantity: what province_yearly.csv calls it.
        bar: the most it may be off [% of persons, points of a share].
    """

    id: str
    title: Mapping[str, str]
    reading: str
    above: str
    below: str
    quantity: str
    bar: float


@dataclass(frozen=True)
class Held:
    """One figure of the province after the census, which no fit has seen.

    Attributes:
        measure: what it is.
        year: calendar year.
        published: [persons, share].
        said: what the run says.
        error: in % of persons, in points of a share.
    """

    measure: Measure
    year: int
    published: float
    said: float
    error: float


def measures(study: Study) -> list[Measure]:
    """Return what a run is held against after the census.

    Raises:
        StudyError: everything wrong in calibration/held_out.csv, at once.
    """
    findings = Findings(str(study.root / HELD_OUT))
    rows = read_study_rows(study, HELD_OUT, HELD_OUT_COLUMNS, findings)
    found = [
        Measure(row["measure"], {"en": row["title_en"], "zh": row["title_zh"]},
                one_of(row, "reading", READINGS, findings), row["above"], row["below"], row["quantity"],
                number(row, "bar", findings, low=0.0))
        for row in rows
    ]
    findings.stop()
    return found


def hold_out(study: Study, named: str) -> list[Held]:
    """Return the years after the census beside what a set of parameters says of them, from the census on.

    A change is that since the end of the year of the census, which takes out the step from the census to the
    communique.
    """
    known = measures(study)
    published = _published(study, known)
    begun, last = builder.START, max(year for _, year in published)
    told = built(study, begun, last, named)
    result, data = run(told, list(dict.fromkeys(name for one in known for name in (one.above, one.below) if name)))
    span = list(range(begun, last + 1))
    by_year = {one.id: dict(zip(span, _said(one, result, data, span).tolist(), strict=True)) for one in known}
    return [
        _held(one, year, published, by_year[one.id])
        for one in known
        for year in span[1:]
        if (one.id, year) in published
    ]


def _said(measure: Measure, result: xr.Dataset, data: PlainRun, span: Sequence[int]) -> Floats:
    """Return what a run says of the province by year [persons, share]."""
    if measure.reading == FLOW:
        return np.asarray(result[measure.above].sel(year=list(span)).sum("place").values)
    ends = Calendar.of(span, data.times)
    above: Floats = ends.at_ends(data.arrays[measure.above][0]).sum(axis=1)
    return above / ends.at_ends(data.arrays[measure.below][0]).sum(axis=1) if measure.below else above


def _held(measure: Measure, year: int, published: Mapping[tuple[str, int], float], run: Mapping[int, float]) -> Held:
    value, said = published[measure.id, year], run[year]
    if measure.reading == CHANGE:
        said = published[measure.id, builder.START] + (run[year] - run[builder.START])
        return Held(measure, year, value, said, 100 * (said - value) / value)
    if measure.reading == SHARE:
        return Held(measure, year, value, said, 100 * (said - value))
    return Held(measure, year, value, said, 100 * (said / value - 1))


def _published(study: Study, known: Sequence[Measure]) -> dict[tuple[str, int], float]:
    """Return what was published of the province, by measure and year [persons, share]."""
    file, names = study.tables / "province_yearly.csv", {one.quantity: one.id for one in known}
    found = {}
    for row in csv.DictReader(io.StringIO(read_text(file, Findings(file.name)))):
        if row["quantity"] in names and int(row["year"]) >= builder.START:
            found[names[row["quantity"]], int(row["year"])] = float(row["value"]) * _UNITS[row["unit"]]
    return found
