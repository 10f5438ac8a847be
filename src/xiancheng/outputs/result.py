"""The result of a run: one Dataset by year and place, every variable with its unit, meaning, evidence and origin."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model.build import BuiltRun
from xiancheng.model.catalogue import names as defined_names
from xiancheng.model.reading import EVIDENCE, Findings, read_text
from xiancheng.outputs import formulas, indicators, places
from xiancheng.outputs.formulas import Formula
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.readings import STOCK
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, in_language, phrase, phrase_list, text

DETAILS = ("settlement", "sex", "age")
"""Dims that persons may be shown by besides year and place."""
_PERSONS = "persons"
_COVERAGE = "coverage_factor"
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
    known = list(indicators.read(study))
    wrong = [detail for detail in details if detail not in DETAILS]
    if wrong:
        allowed = phrase_list(DETAILS)
        raise StudyError(Problem("", phrase("result.detail_unknown", name=name), allowed) for name in wrong)
    if variables is None:
        return known, []
    wanted = [key(name) for name in variables]
    others = [name for name in wanted if name not in known]
    if others:
        _refuse_unknown(study, others, known)
    return [name for name in wanted if name in known] or known, others


def _refuse_unknown(study: Study, names: Sequence[str], known: Sequence[str]) -> None:
    from xiancheng.model import catalogue  # reads the equations, which takes a moment

    variables = [variable.id for variable in catalogue.read(study)]
    strange = [name for name in names if name not in variables]
    if strange:
        raise StudyError(
            Problem("", phrase("variable.unknown", name=name), phrase("result.names_allowed"),
                    did_you_mean(name, [*known, *variables]))
            for name in strange
        )


def needed(study: Study, names: Sequence[str], others: Sequence[str], details: Sequence[str]) -> list[str]:
    """Return the variables that the engine has to save, by id."""
    people = [_PERSONS] if details else []
    defined = {key(name) for name in defined_names(study)}
    corrected = [_COVERAGE] if _COVERAGE in defined else []
    return list(dict.fromkeys([*formulas.needed(formulas.read(study), names), *others, *people, *corrected]))


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
    run = formulas.by_id(data)
    catalogue, table = indicators.read(built.study), formulas.read(built.study)
    names, others = requested(built.study, variables, details)
    names = [name for name in names if all(variable in run for variable in formulas.needed(table, [name]))]
    readings = formulas.Readings(run, built.places, range(built.start, built.end + 1))
    values: dict[str, xr.DataArray] = formulas.evaluate(table, names, readings)
    order = [name for name in dict.fromkeys([*names, *catalogue]) if name in values]
    is_corrected = _COVERAGE in run and bool((run[_COVERAGE] != 1).any())
    about = attributes(built, order, is_corrected=is_corrected)
    described = {name: values[name].assign_attrs(about[name]) for name in order}
    origin = _origin(built)
    for name in others:
        described[name] = readings.read(name, STOCK).assign_attrs(_plain_attributes(run[name], origin))
    if details:
        described[_PERSONS] = _people(readings, details).assign_attrs(_plain_attributes(run[_PERSONS], origin))
    whole = xr.Dataset(described).assign_coords(places.coordinates(built.places))
    return whole.assign_attrs(header(built, engine))


def attributes(built: BuiltRun, names: Sequence[str], *, is_corrected: bool = False) -> dict[str, dict[str, str]]:
    """Return unit, titles, evidence, aggregation and target of indicators, as results carry them.

    Args:
        built: what ran.
        names: ids of indicators.
        is_corrected: whether the start is corrected for what its census missed.
    """
    catalogue, table = indicators.read(built.study), formulas.read(built.study)
    marks, origin = _marks(built.study), _origin(built)
    start = _CORRECTED if is_corrected else EVIDENCE[0]
    return {name: _attributes(catalogue[name], table[name], start, marks, origin) for name in names}


def _people(readings: formulas.Readings, details: Sequence[str]) -> xr.DataArray:
    persons = readings.read(_PERSONS, STOCK)
    kept = [dim for dim in DETAILS if dim in details]
    return persons.sum([dim for dim in DETAILS if dim not in details]).transpose("year", "place", *kept)


def _attributes(
    indicator: Indicator, formula: Formula, start: str, marks: Sequence[str], origin: str
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
        "aggregation": indicator.aggregation,
        "levels": "; ".join(indicator.levels),
        "resolution": indicator.resolution,
        "direction": indicator.direction,
        "headline": "1" if indicator.headline else "0",
        "provenance": origin,
    }
    parts = {"of": formula.of, "over": formula.over, "weight": formula.weight}
    if formula.over:
        parts["scale"] = f"{formula.scale:g}"
    if indicator.row["target_value"]:
        parts |= {"target": indicator.row["target_value"], "target_year": indicator.row["target_year"]}
    return {**attributes, **{name: part for name, part in parts.items() if part}}


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
            rows = csv.DictReader(io.StringIO(read_text(file, Findings(str(file)))))
            marks += [row["evidence"] for row in rows if row.get("evidence") in EVIDENCE]
    return marks


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
