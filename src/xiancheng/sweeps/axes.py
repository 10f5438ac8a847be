"""What the axes of a store mean, as arrays beside its values, so that any reader of Zarr finds it there.

Runs have number, scenario, status and the factors of the design; indicators their unit and titles; areas level and
names. The receipts stay the only state: `status` repeats what they say, for those who do not read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.sweeps import chunks, drawn
from xiancheng.sweeps.design import Design, from_plain
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.store import STATES, STATUS, VALUES, Store, group
from xiancheng.texts import LANGUAGES

RUN, SCENARIO = "run", "scenario"
DESCRIPTION = "zarr.json"
_CHUNK = 100_000
"""Runs in a chunk of what is told of each run."""


def write(store: Store) -> None:
    """Write the arrays of a store that has none yet, the status of what is done among them.

    Raises:
        StudyError: the place does not take files, or is full.
    """
    if (store.folder / STATUS / DESCRIPTION).is_file():
        return
    design = from_plain(store.manifest["design"])
    names = [_put(store, name, *rest) for name, rest in _labels(store).items()]
    names += [_put(store, name, (RUN,), values, about) for name, values, about in _columns(store, design)]
    for block in range(store.blocks):
        receipt = store.receipt(block)
        if receipt is not None:
            store.write_status(block, receipt.runs, receipt.bad)
    _finish(store, names, {"title": design.title["en"], "title_zh": design.title["zh"]})


def _finish(store: Store, names: Sequence[str], about: Mapping[str, str]) -> None:
    """Write what describes the group and, last, the status."""
    flags = {"flag_values": list(range(len(STATES))), "flag_meanings": " ".join(STATES),
             "comment": "of each run; the values of a run that is absent or failed are NaN"}
    files = chunks.files((store.runs,), (store.block,), np.dtype(np.int8), (RUN,), flags, fill=len(STATES) - 1)
    arrays = {name: json.loads((store.folder / name / DESCRIPTION).read_bytes()) for name in (VALUES, *names)}
    arrays[STATUS] = json.loads(files[DESCRIPTION])
    store.write(store.folder / DESCRIPTION, group(about, arrays))
    store.write(store.folder / STATUS / DESCRIPTION, files[DESCRIPTION])


def folder_name(factor: Factor, indicators: Sequence[str]) -> str:
    """Return the name of the array of a factor in the store, which is a folder on every system."""
    return re.sub(r'[<>:"/\\|?*]', "_", own_name(factor, indicators))


def own_name(factor: Factor, indicators: Sequence[str]) -> str:
    """Return the name of a factor beside indicators and axes."""
    names = (*indicators, *chunks.DIMS, *chunks.COORDINATES, VALUES)
    return f"{factor.kind}_{factor.id}" if factor.id in names else factor.id


def _labels(store: Store) -> dict[str, tuple[tuple[str, ...], Any, dict[str, str]]]:
    """Return what is known of years, indicators and areas: dims, values and attributes by name."""
    manifest = store.manifest
    labels = manifest["labels"]
    names = labels["indicator"]
    about: dict[str, Any] = {
        "year": (("year",), np.array(labels["year"], np.int32), {"long_name": "calendar year"}),
        "indicator": (("indicator",), _words(names), {}),
        "unit": (("indicator",), _words(manifest["units"][name] for name in names), {}),
        "area": (("area",), _words(labels["area"]), {}),
    }
    for language in LANGUAGES:
        titles = _words(manifest["titles"][name][language] for name in names)
        about[f"title_{language}"] = ("indicator",), titles, {}
    for key in ("level", *(f"name_{language}" for language in LANGUAGES)):
        about[key] = ("area",), _words(area[key] for area in manifest["areas"]), {}
    return about


def _columns(store: Store, design: Design) -> Iterator[tuple[str, NDArray[Any], dict[str, str]]]:
    """Yield what is known of every run: name, values and attributes."""
    file = store.folder / drawn.FILE
    yield RUN, np.arange(store.runs, dtype=np.int64), {}
    yield SCENARIO, _words(drawn.column(file, SCENARIO)), {}
    for factor in design.factors:
        cells = drawn.column(file, factor.id)
        values = _words(cells) if factor.discrete else np.array(cells, dtype=float)
        yield folder_name(factor, store.manifest["labels"]["indicator"]), values, about_factor(factor)


def about_factor(factor: Factor) -> dict[str, str]:
    """Return the attributes of a factor."""
    return {"units": factor.unit, "long_name": factor.title["en"], "title_zh": factor.title["zh"],
            "title_en": factor.title["en"]}


def _words(words: Any) -> NDArray[Any]:
    return np.array(list(words), dtype=object)


def _put(store: Store, name: str, dims: tuple[str, ...], values: NDArray[Any], about: Mapping[str, Any]) -> str:
    length = max(min(len(values), _CHUNK), 1)
    kind = str if values.dtype == object else values.dtype
    for place, content in chunks.files(values.shape, (length,), kind, dims, about, values=values).items():
        store.write(store.folder / name / place, content)
    return name
