"""`xiancheng.sweep` and what goes with it from Python: designs as dictionaries, stores as lazily read Datasets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import xarray as xr
from typing_extensions import Unpack

from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables as blocks
from xiancheng.provenance import fingerprint
from xiancheng.scenarios.document import Document
from xiancheng.study import Study, study_of
from xiancheng.sweeps import design as designs
from xiancheng.sweeps import journey, ranges, reading, store, work
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.ranges import Changes, Tables
from xiancheng.texts import LANGUAGES, phrase_list, text

_NAME = "sweep"


def design(
    base: str | Path | None = None, *, study: Study | str | Path | None = None, **changes: Unpack[Changes]
) -> Design:
    """Make a design that `sweep` takes, from one that is there or from nothing.

    Args:
        base: a design of the study, or a TOML file, that the rest changes; from nothing when None.
        study: the study or its folder; found as the command line finds it when None.
        **changes: `levers`, `constants`, `assumptions`, `scenarios`, `stresses`, `members`, `start`, `end`,
            `time_step`, `block`, `precision`, `sampler`, `n`, `seed`, `levels`, `indicators`, `places`, `years`,
            `quantiles`; see `Changes`.

    Raises:
        StudyError: every problem of what is said.
    """
    return _of(study_of(study), base, ranges.tables(changes))


def sweep(
    design: str | Path | Design | None = None,
    *,
    store: str | Path | None = None,
    study: Study | str | Path | None = None,
    progress: Callable[[work.RunTally], None] | None = None,
    **changes: Unpack[Changes],
) -> xr.Dataset:
    """Run many variants of scenarios and return what is stored; the same call again does only what is missing.

    Args:
        design: a design of the study, a TOML file, or one that `xiancheng.design` made; the rest makes one when None.
        store: folder of the results; named after the design when None.
        study: the study or its folder; found as the command line finds it when None.
        progress: called when what is stored has been counted, and after every block.
        **changes: as of `xiancheng.design`; what they change is told in the manifest of the store.

    Returns:
        Dims run, year and area, read from disk when looked at; `status` of each run: ok, nan, failed or absent.

    Raises:
        StudyError: every problem of the design, another sweep in the store, or a full disk.
    """
    home, tables = study_of(study), ranges.tables(changes)
    blocks.check(home.root)
    chosen = _whole(design, tables) if isinstance(design, Design) else _of(home, design, tables)
    ready = journey.plan(home, chosen)
    ready = replace(ready, manifest={**ready.manifest, "changes": tables})
    stored = journey.begin(ready, Path(store) if store is not None else Path(f"{chosen.id}.zarr"))
    work.run(ready.setting, stored, progress=progress or (lambda tally: None))
    return reading.dataset(stored.folder)


def results(folder: str | Path) -> xr.Dataset:
    """Return a stored sweep, as `sweep` does, and run nothing.

    Args:
        folder: of the store.

    Raises:
        StudyError: no sweep is stored there.
    """
    return reading.dataset(folder)


def replay(folder: str | Path, run: int, *, study: Study | str | Path | None = None) -> xr.Dataset:
    """Compute one run of a stored sweep again, bit by bit as it is stored.

    Args:
        folder: of the store.
        run: its number.
        study: the study or its folder; found as the command line finds it when None.

    Returns:
        Dims year and area, the indicators in their units.

    Raises:
        StudyError: no such sweep or run, or another study.
    """
    runs_store = store.opened(Path(folder))
    values = journey.replay(study_of(study), runs_store, run)
    labels = runs_store.manifest["labels"]
    variables = {name: (("year", "area"), values[position], {"units": runs_store.manifest["units"][name]})
                 for position, name in enumerate(labels["indicator"])}
    return xr.Dataset(variables, {"year": labels["year"], "area": labels["area"]})


def _whole(design: Design, tables: Tables) -> Design:
    """Return a design that was made, which takes no changes."""
    names = [name for entries in tables.values() for name in entries]
    if names:
        raise StudyError(Problem.of("", "sweep.made_design", names=phrase_list(names)))
    return design


def _of(study: Study, base: str | Path | None, tables: Tables) -> Design:
    if base is not None:
        return designs.read(study, base, tables)
    mark = fingerprint(tables)[:6]
    words = {language: text("sweep.own_title", language, mark=mark) for language in LANGUAGES}
    values = {**ranges.laid({}, tables), "title": words, "sentence": words}
    return designs.of(study, Document(f"xiancheng.{_NAME}", values, {}), f"{_NAME}_{mark}")
