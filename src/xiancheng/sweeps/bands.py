"""What a run says with every member: median and the band that holds nine in ten of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats, Singles
from xiancheng.calibration import stand_ins, whole_members
from xiancheng.engine.batches import pieces
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.results import prepare
from xiancheng.engine.variants import complete
from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model import members, roles
from xiancheng.model.build import BuiltRun
from xiancheng.model.places import PLACE
from xiancheng.model.reading import Findings, number, read_table
from xiancheng.outputs import places, targets, views
from xiancheng.outputs import result as results
from xiancheng.outputs.moments import steps_around
from xiancheng.outputs.reader import Reader
from xiancheng.study import Study
from xiancheng.sweeps import kernel
from xiancheng.texts import phrase

SHARES = (0.05, 0.5, 0.95)
SUMMARY = "posterior_summary.csv"
_WEAK = 0.2
_LOGARITHM = members.FEATURES[0]
"""The feature whose error is one of its logarithm."""


def run(
    built: BuiltRun, members: int | str, variables: Sequence[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Run the first members and return the bands of their results.

    Args:
        built: the run with the parameters of the equations; what its scenario sets holds in every member.
        members: how many: a number of those of the whole model, or of people where a study has no others; or "people"
            or "people:N". As many as there are stand-ins are these.
        variables: indicators; all when None.
        progress: called with the share of members done.

    Returns:
        Dims quantile (0.05, 0.5, 0.95), year and area: the list, prefectures, the province and every place.

    Raises:
        StudyError: no members, fewer than asked for, or a run of them that has no numbers.
    """
    kind, numbers, moved = _chosen(built, members)
    names = results.requested(built.study, variables)[0]
    reader, parts = Reader.of(built), []
    for run in _runs(built, moved, names):
        parts.append(_everywhere(reader, run, names))
        if progress is not None:
            progress(len(parts) / len(numbers))
    shown = [name for name in dict.fromkeys([*names, *reader.indicators]) if name in parts[0]]
    about = results.attributes(built, shown, is_corrected=results.is_corrected(run, built.study))
    bands = _quantiles(built, parts, about)
    _mark_targets(bands, built, parts)
    _refuse_nothing(bands, views.leading(built.study, "people"), numbers, parts)
    _widen(bands, built)
    return bands.assign_attrs(members=len(numbers), kind=kind)


def last_year(
    built: BuiltRun, moved: Mapping[str, Any], count: int, variables: Sequence[str], areas: Sequence[str],
    progress: Callable[[float], None] | None = None,
) -> dict[str, dict[str, Floats]]:
    """Run some draws and return by area and indicator what each of them says in the last year (draw,).

    Args:
        built: the run with the parameters of the equations.
        moved: what each draw puts in the place of the equations, by variable, as of `Draws.parameters`.
        count: of draws.
        variables: indicators; those that the areas have not are left out.
        areas: of places.LEVELS.
        progress: called with the share of draws done.
    """
    reader, parts = Reader.of(built), []
    order = [item["area"] for item in kernel.areas(built, places.LEVELS)]
    columns = [order.index(area) for area in areas]
    for run in _runs(built, moved, variables):
        parts.append({name: values[-1, columns] for name, values in _everywhere(reader, run, variables).items()})
        if progress is not None:
            progress(len(parts) / count)
    ends = {name: np.array([part[name] for part in parts], dtype=float) for name in variables if name in parts[0]}
    return {area: {name: values[:, row] for name, values in ends.items()} for row, area in enumerate(areas)}


def _runs(built: BuiltRun, moved: Mapping[str, Any], names: Sequence[str]) -> Iterator[PlainRun]:
    """Run members by what each of them puts in the place of the equations."""
    needed = tuple(results.needed(built.study, names, [], ()))
    program = builder.program(built.study, built.text, needed, tuple(dict.fromkeys([*built.parameters, *moved])))
    prepared = complete(program, prepare(program, {**built.parameters, **moved}, batch=True))
    for runs, _ in pieces(program, prepared, steps_around(program.grid.saved, built.start, built.end)):
        yield from runs


def _chosen(built: BuiltRun, word: int | str) -> tuple[str, list[int], dict[str, Any]]:
    """Return the kind of members, their numbers, and what each of them puts in the place of the equations."""
    kind, count = whole_members.kind_and_count(built.study, word)
    if kind == whole_members.WHOLE:
        numbers = stand_ins.numbers(built.study, count)
        drawn = stand_ins.draws(built.study, numbers).but(built.scenario.constants)
        return kind, list(numbers), drawn.parameters()
    posterior = members.read(built.study)
    count = len(posterior) if count is None else count
    if not 0 < count <= len(posterior):
        raise StudyError(Problem("--members", phrase("bands.count", count=count),
                                 phrase("bands.count_allowed", count=len(posterior))))
    chosen = dict(list(posterior.items())[:count])
    names = next(iter(chosen.values()))
    return kind, list(chosen), {name: np.array([member[name] for member in chosen.values()]) for name in names}


def _everywhere(reader: Reader, run: PlainRun, names: Sequence[str]) -> dict[str, Singles]:
    """Return indicators of a member and what they are made of (year, area): areas by level, then every place."""
    values = reader.at_places(run, reader.available(run, names))
    at_areas = reader.at_areas(values, list(values))
    columns = reader.areas.at(*places.LEVELS)
    with np.errstate(all="ignore"):  # members that went wrong are refused later
        return {name: np.concatenate([at_areas[name][:, columns], own], axis=1).astype(np.float32)
                for name, own in values.items()}


def _refuse_nothing(
    bands: xr.Dataset, people: str, numbers: Sequence[int], parts: Sequence[Mapping[str, Singles]]
) -> None:
    """Stop where residents of a member are no number."""
    name = people if people in bands else str(next(iter(bands.data_vars)))
    province = bands["area"].values.tolist().index(places.PROVINCE)
    wrong = [str(number) for number, part in zip(numbers, parts, strict=True)
             if not np.isfinite(part[name][1:, province]).all()]
    if wrong:
        raise StudyError(Problem(members.FILE, phrase("bands.no_numbers", names=", ".join(wrong[:10])),
                                 phrase("bands.numbers")))


def _quantiles(built: BuiltRun, parts: Sequence[Mapping[str, Singles]], about: Mapping[str, Any]) -> xr.Dataset:
    """Return the quantiles of the members (quantile, year, area)."""
    variables = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # areas without a value at this level stay missing
        for name, labels in about.items():
            spread = np.nanquantile(np.stack([part[name] for part in parts]).astype(float), SHARES, axis=0)
            variables[name] = (("quantile", "year", "area"), spread, labels)
    areas = kernel.areas(built, (*places.LEVELS, PLACE))
    words = {column: ("area", [area[column] for area in areas]) for column in ("name_zh", "name_en")}
    return xr.Dataset(variables, {"quantile": list(SHARES), "year": list(range(built.start, built.end + 1)),
                              "area": [area["area"] for area in areas], **words}, results.header(built))


def _mark_targets(bands: xr.Dataset, built: BuiltRun, parts: Sequence[Mapping[str, Singles]]) -> None:
    """Write to every indicator with a target the share of members that meet it, by area; single places have none."""
    areas = [area["area"] for area in kernel.areas(built, places.LEVELS)]
    years = [int(year) for year in bands["year"].values]
    for name, values in bands.data_vars.items():
        if values.attrs.get("target"):
            each = np.stack([part[str(name)][:, : len(areas)] for part in parts]).astype(float)
            values.attrs.update(targets.meeting(each, years, areas, values.attrs))


def _widen(bands: xr.Dataset, built: BuiltRun) -> None:
    """Widen the bands of single places by what fits without their prefecture missed there between the censuses.

    Members hold what the equations can say; the error out of fold holds the rest. It is added as if independent, in
    proportion to the years since the start. Sums stay: there the errors of places offset each other.
    """
    missed = members.misses(built.study)
    if not missed:
        return
    censuses = builder.starts(built.study)
    years = (bands["year"].values - built.start) / (censuses[-1] - censuses[0])
    indicators = dict(zip(members.FEATURES, views.of(built.study, "features"), strict=False))
    row = {str(area): position for position, area in enumerate(bands["area"].values)}
    for (place, feature), width in missed.items():
        name, code = indicators.get(feature, ""), place.removeprefix("p")
        if name not in bands or code not in row:
            continue
        values = bands[name].values[:, :, row[code]]
        middle = values[1]
        scale = middle if feature == _LOGARITHM else np.ones_like(middle)
        more = np.maximum(years, 0.0) * width * scale
        low, high = middle - np.hypot(middle - values[0], more), middle + np.hypot(values[2] - middle, more)
        bands[name].values[0, :, row[code]] = np.maximum(low, 0.0)
        bands[name].values[2, :, row[code]] = high if feature == _LOGARITHM else np.minimum(high, 1.0)


def weak(study: Study) -> list[tuple[str, float]]:
    """Return the parameters that the censuses tell little of, with their shrinkage, the least known first.

    The general rate of moves is always among them: its level and what offsets it are told apart by the priors alone.
    """
    file = study.calibration / SUMMARY
    if not file.is_file():
        return []
    always = roles.of(study, "weakly_measured")
    findings = Findings(str(file))
    rows = read_table(file, ("parameter", "place", "shrinkage"), findings)
    shrinkages = [(row["parameter"], number(row, "shrinkage", findings)) for row in rows if not row["place"]]
    findings.stop()
    return sorted([pair for pair in shrinkages if pair[1] < _WEAK or pair[0] == always], key=lambda pair: pair[1])
