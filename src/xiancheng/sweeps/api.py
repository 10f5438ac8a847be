"""`xiancheng.sweep`: a sweep from Python, with factors as dictionaries, and its results as a lazily read Dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from xiancheng.model import tables as blocks
from xiancheng.provenance import fingerprint
from xiancheng.scenarios.document import Document
from xiancheng.study import Study
from xiancheng.sweeps import design as designs
from xiancheng.sweeps import journey, reading, work
from xiancheng.sweeps.design import Design

_NAME = "sweep"
Told = Mapping[str, Any]


def sweep(
    study: Study, design: str | Path | None, tables: Told, sampling: Told, running: Told, output: Told,
    store: str | Path | None, progress: Callable[[work.RunTally], None] | None,
) -> xr.Dataset:
    """Do a sweep, or what is missing of it, and return its results; see `xiancheng.sweep`."""
    blocks.check(study.root)
    plan = _design(study, design, tables, sampling, running, output)
    folder = Path(store) if store is not None else Path(f"{plan.id}.zarr")
    stored = journey.done(study, plan, folder, **({} if progress is None else {"progress": progress}))
    return reading.dataset(stored.folder)


def _design(
    study: Study, design: str | Path | None, tables: Told, sampling: Told, running: Told, output: Told
) -> Design:
    drawing = {name: value for name, value in sampling.items() if value is not None}
    if design is not None:
        return designs.read(study, design, drawing)
    values: dict[str, Any] = {
        "sampling": drawing,
        "runs": {name: _listed(value) for name, value in running.items() if value is not None},
        "output": {name: _listed(value) for name, value in output.items() if value is not None},
        **{name: {key: _entry(entry) for key, entry in (table or {}).items()} for name, table in tables.items()},
    }
    mark = fingerprint(values)[:6]
    words = {"zh": f"批次 {mark}", "en": f"Sweep {mark}"}
    values |= {"title": words, "sentence": words}
    return designs.of(study, Document(f"xiancheng.{_NAME}", values, {}), f"{_NAME}_{mark}")


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _entry(written: Any) -> Any:
    """Return what stands for a factor as a design writes it: (low, high), words to choose from, or a table."""
    if isinstance(written, Mapping):
        return dict(written)
    if isinstance(written, (tuple, list)) and written and all(isinstance(word, str) for word in written):
        return {"choices": list(written)}
    if isinstance(written, (tuple, list)) and len(written) == 2:
        return {"low": written[0], "high": written[1]}
    return {"from": written} if isinstance(written, str) else {"low": written}
