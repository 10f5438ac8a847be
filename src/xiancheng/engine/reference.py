"""The reference run: the same .mdl by PySD, with exact constants and without a file written beside the model."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.entries import without_notes
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.reference_limits import refusals
from xiancheng.engine.source import decode, key, with_absolute_tables, with_utf8_header
from xiancheng.engine.tables import refuse_outside
from xiancheng.errors import Problem, StudyError, optional

Progress = Callable[[float], None]


def run(
    path: Path | str,
    parameters: Mapping[str, Any] | None = None,
    *,
    outputs: Sequence[str] | None = None,
    text: str | None = None,
    save: float | Sequence[float] | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run a Vensim model by PySD.

    Args:
        path: the .mdl file; tables are looked for relative to its folder.
        parameters: values by variable name that replace constants or data: number, array with the variable's dims,
            DataArray or TimePath.
        outputs: variable names to return; all variables but lookups when None.
        text: content that replaces the file's own.
        save: another SAVEPER [model time unit], or the times to save.
        progress: called with the share of steps done, 0 to 1.

    Returns:
        Every variable by its Vensim name, dims `time` and the subscript ranges, attrs `units` and `description`.

    Raises:
        StudyError: an unknown variable name, a model that cannot be decoded, or what PySD computes otherwise than
            Vensim.
    """
    path = Path(path)
    problems = refusals(path, text, outputs, parameters or {})
    if problems:
        raise StudyError(problems)
    source = decode(path) if text is None else text
    refuse_outside(source, path.parent)
    folder = Path(tempfile.mkdtemp(prefix="xiancheng_reference_"))
    try:
        with warnings.catch_warnings(), np.printoptions(precision=17, floatmode="unique"), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            model = _translate(source, path, folder)
            return _integrate(model, dict(parameters or {}), outputs, save, progress, str(path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _translate(source: str, path: Path, folder: Path) -> Any:
    with optional("reference", "pysd"):
        import pysd  # type: ignore[import-untyped]

    copy = folder / "model.mdl"
    copy.write_text(with_utf8_header(without_notes(with_absolute_tables(source, path.parent))), encoding="utf-8")
    return pysd.read_vensim(str(copy), initialize=False)


class _Record:
    """Collects the captured variables at each saved time."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.times: list[float] = []
        self.values: dict[str, list[Any]] = {name: [] for name in names}

    def set_capture_elements(self, elements: Any) -> None:
        """PySD hands over the captured elements here; the names are known already."""

    def initialize(self, model: Any) -> None:
        """PySD opens its output here; lists need no opening."""

    def update(self, model: Any) -> None:
        """Keep every captured value at the model's present time."""
        self.times.append(float(model.time.round()))
        for name, identifier in self.names.items():
            value = getattr(model.components, identifier)()
            self.values[name].append(value.copy() if isinstance(value, xr.DataArray) else float(value))


def _integrate(
    model: Any, parameters: dict[str, Any], outputs: Sequence[str] | None, save: Any, progress: Progress | None,
    file: str,
) -> xr.Dataset:
    identifiers = {key(name): (name, identifier) for name, identifier in model.namespace.items()}
    _refuse_unknown(identifiers, [*parameters, *(outputs or ())], file)
    captured = _captured(model, identifiers, outputs)
    _override(model, {identifiers[key(name)][1]: value for name, value in parameters.items()})
    record = _Record(captured)
    period = float(save) if isinstance(save, (int, float)) else None
    at_times = None if save is None or period is not None else [float(time) for time in save]
    model.set_stepper(
        record,
        return_columns=[name for name in captured] or None,
        return_timestamps=at_times,
        saveper=period,
    )
    _step(model, record, progress)
    return _dataset(model, record)


def _step(model: Any, record: _Record, progress: Progress | None) -> None:
    if not model.time.in_return():
        record.times.clear()
        for values in record.values.values():
            values.clear()
    start, final = model.time(), model.time.final_time()
    while model.time.in_bounds():
        model.step(1)
        if progress is not None:
            progress(min(1.0, (model.time() - start) / (final - start)))


def _refuse_unknown(identifiers: Mapping[str, Any], names: Sequence[str], file: str) -> None:
    unknown = [name for name in names if key(name) not in identifiers]
    if unknown:
        raise StudyError([Problem.of(file, "engine.unknown", name=name) for name in unknown])


def _captured(model: Any, identifiers: Mapping[str, tuple[str, str]], outputs: Sequence[str] | None) -> dict[str, str]:
    if outputs is not None:
        return dict(identifiers[key(name)] for name in outputs)
    return {
        name: identifier
        for name, identifier in identifiers.values()
        if identifier != "time" and not model.get_args(identifier)
    }


def _override(model: Any, parameters: Mapping[str, Any]) -> None:
    model.initialize_external_data()
    for identifier, value in parameters.items():
        function = getattr(model.components, identifier)
        coordinates = model.get_coords(function)
        new = _as_pysd(model, value, coordinates)
        if getattr(function, "type", None) == "Data":
            _override_data(model, function, identifier, new)
        else:
            model.set_components({identifier: new})
    model.initialize()


def _as_pysd(model: Any, value: Any, coordinates: Any) -> Any:
    if isinstance(value, TimePath):
        path = value
        return lambda: _labelled(path.at(model.time()), coordinates)
    return _labelled(value, coordinates)


def _labelled(value: Any, coordinates: Any) -> Any:
    if coordinates is None:
        return float(value)
    labels, dims = coordinates
    if isinstance(value, xr.DataArray):
        value = value.transpose(*dims).values
    shape = tuple(len(labels[dim]) for dim in dims)
    return xr.DataArray(np.broadcast_to(np.asarray(value, dtype=float), shape).copy(), labels, dims)


def _override_data(model: Any, function: Any, identifier: str, value: Any) -> None:
    """Put a plain function in the place of a data function, which takes its values from an object."""

    def replacement() -> Any:
        return value() if callable(value) else value

    replacement.__dict__.update(function.__dict__)
    replacement.__name__ = identifier
    replacement.type = "Auxiliary"  # type: ignore[attr-defined]
    model._dependencies[identifier] = {"time": 1}
    model.components._set_component(identifier, replacement)


def _dataset(model: Any, record: _Record) -> xr.Dataset:
    notes = model.doc.set_index("Py Name")
    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {"time": np.array(record.times)}
    for name, identifier in record.names.items():
        labels = model.get_coords(getattr(model.components, identifier))
        dims = list(labels[1]) if labels else []
        for dim in dims:
            coordinates[dim] = list(labels[0][dim])
        shape = (len(record.times), *(len(coordinates[dim]) for dim in dims))
        values = np.array([_plain(value, dims, shape[1:]) for value in record.values[name]]).reshape(shape)
        attributes = {"units": _note(notes, identifier, "Units"), "description": _note(notes, identifier, "Comment")}
        variables[name] = (("time", *dims), values, attributes)
    return xr.Dataset(variables, coordinates)


def _plain(value: Any, dims: list[str], shape: tuple[int, ...]) -> Any:
    if isinstance(value, xr.DataArray):
        value = (value.transpose(*dims) if set(value.dims) == set(dims) else value).values
    return np.broadcast_to(np.asarray(value, dtype=float), shape)


def _note(notes: Any, identifier: str, column: str) -> str:
    if identifier not in notes.index:
        return ""
    value = notes.loc[identifier, column]
    return "" if value is None or value != value else str(value).strip()
