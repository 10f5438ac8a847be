"""What a run says with every member of the posterior: median and the band that holds nine in ten of them."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from xiancheng.engine.batches import pieces
from xiancheng.engine.results import prepare
from xiancheng.engine.variants import complete
from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model import members
from xiancheng.model.build import BuiltRun
from xiancheng.model.inputs import Constant
from xiancheng.model.reading import Findings, read_text
from xiancheng.outputs import places, views
from xiancheng.outputs import result as results
from xiancheng.outputs.years import steps_around
from xiancheng.study import Study
from xiancheng.texts import phrase

SHARES = (0.05, 0.5, 0.95)
SUMMARY = "posterior_summary.csv"
_GROSS = "migration rate"
"""Weakly known by what the censuses can say at all, however its spread shrinks: always named."""
_WEAK = 0.2
_LOGARITHM = members.FEATURES[0]
"""The feature whose error is one of its logarithm."""


def run(
    built: BuiltRun, count: int, variables: Sequence[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Run the first members of the posterior and return the bands of their results.

    Args:
        built: the run with the parameters of the equations.
        count: of members.
        variables: indicators; all when None.
        progress: called with the share of members done.

    Returns:
        Dims quantile (0.05, 0.5, 0.95), year and area: the list, prefectures, the province and every place.

    Raises:
        StudyError: no members, fewer than asked for, or a run of them that has no numbers.
    """
    drawn = _chosen(built.study, count)
    names = list(next(iter(drawn.values())))
    moved = {name: np.array([one[name] for one in drawn.values()]) for name in names}
    wanted = tuple(results.needed(built.study, results.requested(built.study, variables)[0], [], ()))
    inputs = tuple(dict.fromkeys([*built.parameters, *names]))
    program = builder.program(built.study, built.text, wanted, inputs)
    prepared = complete(program, prepare(program, {**built.parameters, **moved}, batch=True))
    parts, done = [], 0
    for data, _ in pieces(program, prepared, steps_around(program.grid.saved, built.start, built.end)):
        parts.append(_by_area(data, built, variables))
        done += data.sizes["run"]
        if progress is not None:
            progress(done / count)
    whole = xr.concat(parts, "run", data_vars="minimal", coords="minimal", compat="override", join="override")
    _refuse_nothing(whole, views.leading(built.study, "people"), list(drawn))
    found = _quantiles(whole)
    _widen(found, built)
    return found.assign_attrs({**parts[0].attrs, "members": count})


def _chosen(study: Study, count: int) -> dict[int, dict[str, Constant]]:
    known = members.read(study)
    if not 0 < count <= len(known):
        raise StudyError(Problem("--members", phrase("bands.count", count=count),
                                 phrase("bands.count_allowed", count=len(known))))
    return dict(list(known.items())[:count])


def _by_area(data: xr.Dataset, built: BuiltRun, variables: Sequence[str] | None) -> xr.Dataset:
    """Return the indicators of some members over every area, the list first, places last."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # members that went wrong are refused later
        whole = results.result(data, built, variables=variables)
        levels = [places.aggregate(whole, level) for level in places.LEVELS]
    kept = [str(name) for name, values in whole.data_vars.items() if "run" in values.dims]
    own = whole.assign_coords(place=whole["adcode"].values).rename(place="area")
    own = own.drop_vars([name for name in own.coords if name not in ("area", "year", "name_zh", "name_en")])
    parts = [*levels, own]
    filled = []
    for part in parts:
        empty = xr.DataArray(np.full((data.sizes["run"], part.sizes["year"], part.sizes["area"]), np.nan),
                             dims=("run", "year", "area"))
        shown = {name: part[name] if name in part else empty.assign_attrs(whole[name].attrs) for name in kept}
        filled.append(xr.Dataset(shown, part.coords).astype(np.float32))
    return xr.concat(filled, "area", join="override", combine_attrs="override").assign_attrs(whole.attrs)


def _refuse_nothing(whole: xr.Dataset, people: str, numbers: Sequence[int]) -> None:
    """Stop where residents of a member are no number."""
    counted = whole[people if people in whole else str(next(iter(whole.data_vars)))]
    values = counted.sel(area=places.PROVINCE).isel(year=slice(1, None)).transpose("run", ...).values
    wrong = [str(numbers[int(run)]) for run in np.flatnonzero(~np.isfinite(values).all(axis=1))]
    if wrong:
        raise StudyError(Problem(members.FILE, phrase("bands.no_numbers", names=", ".join(wrong[:10])),
                                 phrase("bands.numbers")))


def _quantiles(whole: xr.Dataset) -> xr.Dataset:
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # areas without a value at this level stay missing
        for name, values in whole.data_vars.items():
            ordered = values.transpose("run", "year", "area")
            spread = np.nanquantile(ordered.values.astype(float), SHARES, axis=0)
            found[str(name)] = (("quantile", "year", "area"), spread, values.attrs)
    labels = {name: whole.coords[name] for name in ("year", "area", "name_zh", "name_en")}
    return xr.Dataset(found, {**labels, "quantile": list(SHARES)})


def _widen(found: xr.Dataset, built: BuiltRun) -> None:
    """Widen the bands of single places by what fits without their prefecture missed there between the censuses.

    Members hold what the equations can say; the error out of fold holds the rest. It is added as if independent, in
    proportion to the years since the start. Sums stay: there the errors of places offset each other.
    """
    missed = members.misses(built.study)
    if not missed:
        return
    censuses = builder.starts(built.study)
    years = (found["year"].values - built.start) / (censuses[-1] - censuses[0])
    indicators = dict(zip(members.FEATURES, views.of(built.study, "features"), strict=False))
    row = {str(area): position for position, area in enumerate(found["area"].values)}
    for (place, feature), width in missed.items():
        name, code = indicators.get(feature, ""), place.removeprefix("p")
        if name not in found or code not in row:
            continue
        values = found[name].values[:, :, row[code]]
        middle = values[1]
        scale = middle if feature == _LOGARITHM else np.ones_like(middle)
        more = np.maximum(years, 0.0) * width * scale
        low, high = middle - np.hypot(middle - values[0], more), middle + np.hypot(values[2] - middle, more)
        found[name].values[0, :, row[code]] = np.maximum(low, 0.0)
        found[name].values[2, :, row[code]] = high if feature == _LOGARITHM else np.minimum(high, 1.0)


def weak(study: Study) -> list[tuple[str, float]]:
    """Return the parameters that the censuses tell little of, with their shrinkage, the least known first.

    The general rate of moves is always among them: its level and what offsets it are told apart by the priors alone.
    """
    file = study.calibration / SUMMARY
    if not file.is_file():
        return []
    rows = csv.DictReader(io.StringIO(read_text(file, Findings(str(file)))))
    found = [(row["parameter"], float(row["shrinkage"])) for row in rows if not row["place"]]
    return sorted([one for one in found if one[1] < _WEAK or one[0] == _GROSS], key=lambda one: one[1])
