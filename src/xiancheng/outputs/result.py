"""The result of a run: one Dataset by year and place, every variable with its unit, meaning, evidence and origin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.labels import PlainRun
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import lever_constants, roles
from xiancheng.model.build import BuiltRun
from xiancheng.model.reading import EVIDENCE, Findings, read_table
from xiancheng.outputs import formulas, indicators, least_changes, places
from xiancheng.outputs.aggregations import Aggregation
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.moments import STOCK
from xiancheng.outputs.reader import Reader, aggregation
from xiancheng.outputs.readings import BY_PLACE, YearReadings
from xiancheng.scenarios import former
from xiancheng.study import Study
from xiancheng.texts import in_language, phrase, phrase_list, text

DETAILS = ("settlement", "sex", "age")
"""Dims that persons may be shown by besides year and place."""
_PERSONS = "persons"
_CORRECTED = "derived"
"""The mark of a start that is corrected for what its census missed."""


def requested(
    study: Study, variables: Sequence[str] | None, details: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """Part the names a user asks for into indicators and other variables of the equations, both by id.

    Args:
        study: the study.
        variables: indicators or variables of the equations, by id or name; all indicators when None.
        details: of DETAILS.

    Returns:
        Indicators, and the variables of the equations shown as they are.

    Raises:
        StudyError: a name that is neither, or an unknown detail.
    """
    catalogue = list(indicators.read(study))
    wrong = [detail for detail in details if detail not in DETAILS]
    if wrong:
        allowed = phrase_list(DETAILS)
        raise StudyError(Problem("", phrase("result.detail_unknown", name=name), allowed) for name in wrong)
    if variables is None:
        return catalogue, []
    names = [key(name) for name in variables]
    others = [name for name in names if name not in catalogue]
    if others:
        _refuse_unknown(study, others, catalogue)
    return [name for name in names if name in catalogue] or catalogue, others


def _refuse_unknown(study: Study, names: Sequence[str], indicator_names: Sequence[str]) -> None:
    from xiancheng.model import catalogue  # reads the equations, which takes a moment

    variables = [variable.id for variable in catalogue.read(study)]
    strange = [name for name in names if name not in variables]
    if strange:
        before, names = former.read(study), [*indicator_names, *variables]
        answers = [former.unknown(before, name, names, phrase("variable.unknown", name=name)) for name in strange]
        raise StudyError(Problem("", sentence, phrase("result.names_allowed"), hint) for sentence, hint in answers)


def needed(study: Study, names: Sequence[str], others: Sequence[str], details: Sequence[str]) -> list[str]:
    """Return the variables that the engine has to save, by id."""
    people = [_PERSONS] if details else []
    coverage = _coverage(study)
    corrected = [coverage] if coverage else []
    return list(dict.fromkeys([*formulas.needed(formulas.read(study), names), *others, *people, *corrected]))


def _coverage(study: Study) -> str:
    return key(roles.of(study, "census_coverage"))


def result(
    data: xr.Dataset,
    built: BuiltRun,
    *,
    variables: Sequence[str] | None = None,
    details: Sequence[str] = (),
    engine: str = "",
) -> xr.Dataset:
    """Turn what the engine saved into the result people read.

    Args:
        data: the run as the engine returns it, dims time, place, …
        built: what ran.
        variables: indicators or variables of the equations by id; all indicators when None.
        details: of DETAILS: adds `persons` [person] by them.
        engine: the engine that ran.

    Returns:
        Dims year and place, and those of details; variables by id; coords adcode, name_zh, name_en, kind, prefecture,
        prefecture_zh, prefecture_en, in_68. A stock of year Y is that of 1 November, a flow that of the calendar year;
        flows of the year of the start are missing.

    Raises:
        StudyError: a name that is neither indicator nor variable.
    """
    elements = list(built.places.elements)
    if list(data["place"].values) != elements:
        data = data.sel(place=elements)
    run, reader = PlainRun.of(data), Reader.of(built)
    names, others = requested(built.study, variables, details)
    values = reader.at_places(run, reader.available(run, names))
    order = [name for name in dict.fromkeys([*names, *reader.indicators]) if name in values]
    about = attributes(built, order, is_corrected=is_corrected(run, built.study))
    described: dict[str, tuple[tuple[str, ...], Any, dict[str, str]]] = {
        name: (BY_PLACE, values[name], about[name]) for name in order
    }
    readings, origin = YearReadings(run, reader.years), _origin(built)
    written = {key(str(name)): name for name in data.data_vars}
    labels: dict[str, Any] = {"place": elements, "year": list(reader.years)}
    for name in others:
        numbers, dims = readings.variable(name, STOCK)
        described[name] = dims, numbers, _plain_attributes(data[written[name]], origin)
        labels |= {dim: list(run.elements[dim]) for dim in dims[1:]}
    if details:
        dims, numbers = _people(readings, details)
        described[_PERSONS] = dims, numbers, _plain_attributes(data[written[_PERSONS]], origin)
        labels |= {dim: list(run.elements[dim]) for dim in dims[2:]}
    return xr.Dataset(described, {**labels, **places.coordinates(built.places)}, header(built, engine))


def is_corrected(run: PlainRun, study: Study) -> bool:
    """Tell whether the start of a run is corrected for what its census missed."""
    coverage = _coverage(study)
    return coverage in run.arrays and bool((run.arrays[coverage][0] != 1).any())


def attributes(built: BuiltRun, names: Sequence[str], *, is_corrected: bool = False) -> dict[str, dict[str, str]]:
    """Return unit, titles, evidence, aggregation and target of indicators, as results carry them.

    Args:
        built: what ran.
        names: ids of indicators.
        is_corrected: whether the start is corrected for what its census missed.
    """
    catalogue, table = indicators.read(built.study), formulas.read(built.study)
    least = least_changes.read(built.study)
    marks, origin = _marks(built.study), _origin(built)
    start = _CORRECTED if is_corrected else EVIDENCE[0]
    return {name: _attributes(catalogue[name], aggregation(catalogue[name], table[name]), start, marks, origin,
                              built.clock.first_setting) | least_changes.of(catalogue[name], least).labels
            for name in names}


def _people(readings: YearReadings, details: Sequence[str]) -> tuple[tuple[str, ...], Any]:
    """Return persons by year, place and what is asked for, with their dims; they are summed over all else."""
    persons, dims = readings.variable(_PERSONS, STOCK)
    shown = (*BY_PLACE, *(dim for dim in DETAILS if dim in details))
    summed = persons.sum(axis=tuple(axis for axis, dim in enumerate(dims) if dim not in shown))
    rest = [dim for dim in dims if dim in shown]
    return shown, np.transpose(summed, [rest.index(dim) for dim in shown])


def _attributes(
    indicator: Indicator, own: Aggregation, start: str, marks: Sequence[str], origin: str, since: int
) -> dict[str, str]:
    attributes = {
        "units": indicator.unit,
        "long_name": indicator.title["en"],
        "title_zh": indicator.title["zh"],
        "title_en": indicator.title["en"],
        "description_zh": indicator.definition["zh"],
        "description_en": indicator.definition["en"],
        "evidence": weakest([indicator.evidence, *marks]),
        "evidence_at_start": weakest([indicator.evidence, start]),
        **own.labels,
        "resolution": indicator.resolution,
        "direction": indicator.direction,
        "headline": "1" if indicator.headline else "0",
        "provenance": origin,
    }
    if indicator.row["target_value"]:
        return attributes | {"target": indicator.row["target_value"], "target_year": indicator.row["target_year"],
                             "target_from": str(since), indicators.BINDING: indicator.binding}
    return attributes


def _plain_attributes(values: xr.DataArray, origin: str) -> dict[str, str]:
    sentence = str(values.attrs.get("description", ""))
    return {
        "units": str(values.attrs.get("units", "")),
        "description_zh": text("result.as_in_equations", "zh", sentence=sentence),
        "description_en": text("result.as_in_equations", "en", sentence=sentence),
        "evidence": EVIDENCE[-1],
        "provenance": origin,
    }


def weakest(marks: Sequence[str]) -> str:
    """Return the weakest of some evidence marks."""
    return max(marks, key=EVIDENCE.index)


def _marks(study: Study) -> list[str]:
    """Return every mark of the constants and assumptions that a run rests on."""
    marks = []
    for file in (study.parameters, study.scenarios / "assumptions.csv"):
        if file.is_file():
            rows = read_table(file, ("evidence",), Findings(str(file)))
            marks += [row["evidence"] for row in rows if row["evidence"] in EVIDENCE]
    return [*marks, *(row["evidence"] for row in lever_constants.read(study.root))]


def _origin(built: BuiltRun) -> str:
    scenario = str(built.manifest.get("scenario_sha256", ""))[:8]
    return f"xiancheng {built.manifest.get('version', '')} · {built.scenario.id} {scenario}".strip()


def header(built: BuiltRun, engine: str = "") -> dict[str, Any]:
    """Return what a result says of itself: titles, what its list of places is, start, end and manifest."""
    manifest: Mapping[str, Any] = {**built.manifest, **({"engine": engine} if engine else {})}
    words = {}
    for language in ("zh", "en"):
        words[f"title_{language}"] = built.scenario.title.get(language, built.scenario.id)
        words[f"list_label_{language}"] = in_language(built.places.list_label, language)
        words[f"list_name_{language}"] = in_language(built.places.list_name, language)
        words[f"nature_{language}"] = text("result.nature", language)
    return {
        "title": built.scenario.title.get("en", built.scenario.id),
        **words,
        "scenario": built.scenario.id,
        "start": built.start,
        "end": built.end,
        "manifest": json.dumps(manifest, ensure_ascii=False, sort_keys=True),
    }
