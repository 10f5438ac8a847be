"""Runs of the demographic core alone, under a named set of parameters: what a projection of people rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model import clock
from xiancheng.model.build import BuiltRun
from xiancheng.model.core import core_only
from xiancheng.model.reading import EVIDENCE, Findings, number, one_of, read_rows, read_study_rows, read_table
from xiancheng.model.tidy import TAIL, year_of
from xiancheng.outputs import indicators, journey
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
_YEAR_END = 1 / 6
"""From 1 November to the end of the year [years]."""
_YEARLY = ("place", "year", "quantity")
_UNITS = {"10,000 persons": 1e4, "%": 0.01}


def sets(study: Study) -> dict[str, dict[str, float]]:
    """Return the named sets of parameters: what each puts in the place of the tables [unit of the variable].

    Raises:
        StudyError: everything wrong in calibration/sets.csv, at once.
    """
    file = study.calibration / FILE
    values: dict[str, dict[str, float]] = {BASELINE: {}}
    if not file.is_file():
        return values
    findings = Findings(str(file))
    for row in read_rows(file, COLUMNS, findings):
        one_of(row, "evidence", EVIDENCE, findings)
        values.setdefault(row["set"], {})[row["variable"]] = number(row, "value", findings)
    findings.stop()
    return values


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
    values = sets(study)
    if named not in values:
        raise StudyError(Problem("--set", phrase("against.set_unknown", name=repr(named)), phrase_list(values),
                                 did_you_mean(named, values)))
    complete = journey.prepare(study, start=start, end=end)
    return replace(complete, text=core_only(complete.text, study), parameters={**complete.parameters, **values[named]})


def run(run: BuiltRun, names: Sequence[str]) -> tuple[xr.Dataset, PlainRun]:
    """Run the core and return its result by calendar year, and the run by time that it comes from."""
    needed = results.needed(run.study, list(names), [], ())
    data = builder.simulate(run, variables=needed)
    return results.result(data, run, variables=list(names)), PlainRun.of(data)


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
class HoldOut:
    """One figure of the province after the census, which no fit has seen.

    Attributes:
        measure: what it is.
        year: calendar year.
        published: [persons, share].
        model: what the run says.
        error: in % of persons, in points of a share.
    """

    measure: Measure
    year: int
    published: float
    model: float
    error: float


def measures(study: Study) -> list[Measure]:
    """Return what a run is held against after the census.

    Raises:
        StudyError: everything wrong in calibration/held_out.csv, at once.
    """
    findings = Findings(str(study.root / HELD_OUT))
    rows = read_study_rows(study, HELD_OUT, HELD_OUT_COLUMNS, findings)
    measures = [
        Measure(row["measure"], {"en": row["title_en"], "zh": row["title_zh"]},
                one_of(row, "reading", READINGS, findings), row["above"], row["below"], row["quantity"],
                number(row, "bar", findings, low=0.0))
        for row in rows
    ]
    findings.stop()
    return measures


def check(study: Study) -> None:
    """Check what runs of the core are held against: known indicators, and every published figure in order.

    Raises:
        StudyError: everything wrong in calibration/held_out.csv and what it reads, at once.
    """
    if not (study.root / HELD_OUT).is_file():
        return
    rows, shown = measures(study), indicators.read(study)
    findings = Findings(str(study.root / HELD_OUT))
    published = {quantity for quantity, _ in _published(study, rows)}
    for line, measure in enumerate(rows, start=2):
        for name in (measure.above, measure.below):
            if name and name not in shown:
                findings.add(phrase("indicator.unknown", id=name), phrase("indicator.allowed"),
                             did_you_mean(name, shown), line)
        if measure.id not in published:
            findings.add(phrase("table.row_missing", names=measure.quantity), phrase("table.some_rows"), row=line)
    findings.stop()


def hold_out(study: Study, named: str) -> list[HoldOut]:
    """Return the years after the census beside what a set of parameters says of them, from the census on.

    A change is that since the end of the year of the census, which takes out the step from the census to the
    communique.
    """
    rows = measures(study)
    published = _published(study, rows)
    begun, last = clock.of(study).last_census, max(year for _, year in published)
    core = built(study, begun, last, named)
    result, data = run(core, list(dict.fromkeys(name for measure in rows for name in (measure.above, measure.below)
                                                if name)))
    span = list(range(begun, last + 1))
    by_year = {measure.id: dict(zip(span, _modelled(measure, result, data, span).tolist(), strict=True))
               for measure in rows}
    return [
        _hold_out(measure, begun, year, published, by_year[measure.id])
        for measure in rows
        for year in span[1:]
        if (measure.id, year) in published
    ]


def published(study: Study) -> dict[str, dict[float, float]]:
    """Return what was published of the province after the census, by indicator and time [unit of the indicator].

    A time is where the figure stands beside readings of 1 November: the year for a flow, two months on for a year end.

    Raises:
        StudyError: everything wrong in calibration/held_out.csv and what it reads.
    """
    if not (study.root / HELD_OUT).is_file():
        return {}
    rows, points = measures(study), dict[str, dict[float, float]]()
    shown = indicators.read(study)
    by_id = {measure.id: measure for measure in rows}
    for (name, year), value in _published(study, rows).items():
        measure = by_id[name]
        indicator = measure.id if measure.id in shown else measure.above
        points.setdefault(indicator, {})[year + (0.0 if measure.reading == FLOW else _YEAR_END)] = value
    return points


def _modelled(measure: Measure, result: xr.Dataset, data: PlainRun, span: Sequence[int]) -> Floats:
    """Return what a run says of the province by year [persons, share]."""
    if measure.reading == FLOW:
        return np.asarray(result[measure.above].sel(year=list(span)).sum("place").values)
    ends = Calendar.of(span, data.times)
    above: Floats = ends.at_ends(data.arrays[measure.above][0]).sum(axis=1)
    return above / ends.at_ends(data.arrays[measure.below][0]).sum(axis=1) if measure.below else above


def _hold_out(measure: Measure, begun: int, year: int, published: Mapping[tuple[str, int], float],
              run: Mapping[int, float]) -> HoldOut:
    value, modelled = published[measure.id, year], run[year]
    if measure.reading == CHANGE:
        modelled = published[measure.id, begun] + (run[year] - run[begun])
        return HoldOut(measure, year, value, modelled, 100 * (modelled - value) / value)
    if measure.reading == SHARE:
        return HoldOut(measure, year, value, modelled, 100 * (modelled - value))
    return HoldOut(measure, year, value, modelled, 100 * (modelled / value - 1))


def _published(study: Study, rows: Sequence[Measure]) -> dict[tuple[str, int], float]:
    """Return what was published of the province, by measure and year [persons, share]."""
    begun = clock.of(study).last_census
    file, names = study.tables / "province_yearly.csv", {measure.quantity: measure.id for measure in rows}
    figures, findings = {}, Findings(file.name)
    for row in read_table(file, (*_YEARLY, *TAIL), findings):
        if row["quantity"] not in names:
            continue
        calendar, unit = year_of(row, findings), one_of(row, "unit", tuple(_UNITS), findings)
        if calendar >= begun:
            figures[names[row["quantity"]], calendar] = number(row, "value", findings) * _UNITS.get(unit, 0.0)
    findings.stop()
    return figures
