"""Many runs of any model: values or ranges of its constants, or a table with a row a run; no study needed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xiancheng import cells
from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.model.reading import Findings, number, read_table
from xiancheng.sweeps import draw
from xiancheng.texts import phrase

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.engine import Program

BETWEEN = ".."
"""What stands between the ends of a range."""
MOST_NUMBERS = 250_000_000
"""Numbers that the results of all runs may have together."""
MOST_RUNS = 1_000_000
_AT_ONCE = 256
"""Runs after which progress is told."""


@dataclass(frozen=True)
class Design:
    """What runs are told: by name of a constant a value for all of them, or a value for each.

    Attributes:
        shared: values that hold for all runs; own: a value a run.
        runs: how many.
    """

    shared: Mapping[str, float]
    own: Mapping[str, Floats]
    runs: int


def of_ranges(settings: Sequence[str], runs: int | None, seed: int) -> Design:
    """Return a Latin hypercube over the ranges among some settings (McKay and others 1979).

    Args:
        settings: name=value, or name=low..high.
        runs: how many runs.
        seed: of the draws.

    Raises:
        StudyError: every setting that is none, a name twice, no range, or no number of runs.
    """
    shared, ends, problems = _settings(settings)
    if not ends and not problems:
        problems.append(Problem.of("--set", "engines.sweep.no_range"))
    if runs is None or not 0 < runs <= MOST_RUNS:
        count = phrase("engines.sweep.none") if runs is None else str(runs)
        problems.append(Problem.of("-n", "engines.sweep.runs", count=count, most=f"{MOST_RUNS:,}"))
    if problems or runs is None:
        raise StudyError(problems)
    unit = np.concatenate(list(draw.points(draw.LHS, runs, len(ends), seed)))
    own = {name: low + (high - low) * unit[:, column] for column, (name, (low, high)) in enumerate(ends.items())}
    return Design(shared, own, runs)


def of_table(file: Path, settings: Sequence[str], runs: int | None) -> Design:
    """Return the runs of a table: a column for each constant, a row for each run.

    Args:
        file: a csv.
        settings: name=value for all runs.
        runs: how many were asked for, which a table answers by itself.

    Raises:
        StudyError: every cell that is no number, a range or a number of runs beside a table, or a name twice.
    """
    shared, ends, problems = _settings(settings)
    problems += [Problem.of(f"--set {name}", "engines.sweep.range_beside_table") for name in ends]
    if runs is not None:
        problems.append(Problem.of("-n", "engines.sweep.runs_beside_table"))
    findings = Findings(str(file))
    rows = read_table(file, (), findings, marked=True)
    columns = list(rows[0].fields) if rows else []
    own = {name: np.array([number(row, name, findings) for row in rows]) for name in columns}
    problems += [Problem.of(f"--set {name}", "engines.sweep.twice", name=name) for name in columns if name in shared]
    if problems or findings.problems:
        raise StudyError([*problems, *findings.problems])
    return Design(shared, own, len(rows))


def _settings(
    settings: Sequence[str],
) -> tuple[dict[str, float], dict[str, tuple[float, float]], list[Problem]]:
    """Return values and ranges by name, and what is wrong with them."""
    shared: dict[str, float] = {}
    ends: dict[str, tuple[float, float]] = {}
    problems: list[Problem] = []
    for setting in settings:
        name, equals, written = (part.strip() for part in setting.partition("="))
        low, between, high = (part.strip() for part in written.partition(BETWEEN))
        numbers = [cells.number(word) for word in ((low, high) if between else (low,))]
        values = [value for value in numbers if value is not None and np.isfinite(value)]
        if not equals or not name or len(values) < len(numbers):
            problems.append(Problem.of(f"--set {setting}", "engines.sweep.setting"))
        elif name in shared or name in ends:
            problems.append(Problem.of(f"--set {setting}", "engines.sweep.twice", name=name))
        elif not between:
            shared[name] = values[0]
        elif values[0] < values[1]:
            ends[name] = values[0], values[1]
        else:
            problems.append(Problem.of(f"--set {setting}", "engines.sweep.order"))
    return shared, ends, problems


def run(program: Program, design: Design, progress: Callable[[float], None]) -> tuple[xr.Dataset, list[Problem]]:
    """Run a program as often as a design says.

    Args:
        program: compiled with the names of the design as inputs.
        design: what runs are told.
        progress: called with the share of runs done, 0 to 1.

    Returns:
        The results, with the dim run in front and what each run was told; and which runs are no finite numbers.

    Raises:
        StudyError: results that are too large to be held at once, or values that do not fit their variables.
    """
    import xarray as xr

    from xiancheng.engine import NotFiniteWarning, ShortDelayWarning, batch  # JAX is heavy and only needed here

    _refuse_large(program, design)
    at_once = min(_AT_ONCE, design.runs)
    parts: list[xr.Dataset] = []
    problems: list[Problem] = []
    for first in range(0, design.runs, at_once):
        rows = np.minimum(np.arange(first, first + at_once), design.runs - 1)
        with warnings.catch_warnings(record=True) as doubts:
            warnings.simplefilter("always")
            part = batch(program, {**design.shared, **{name: values[rows] for name, values in design.own.items()}})
        problems += [doubt.message.problem for doubt in doubts
                     if isinstance(doubt.message, NotFiniteWarning | ShortDelayWarning)]
        parts.append(part.isel(run=slice(0, design.runs - first)))
        progress(min(first + at_once, design.runs) / design.runs)
    result = xr.concat(parts, "run", data_vars="all") if len(parts) > 1 else parts[0]
    inputs = {name: ("run", values) for name, values in design.own.items() if name not in result}
    return result.assign(inputs).assign_coords(run=np.arange(design.runs)), problems


def _refuse_large(program: Program, design: Design) -> None:
    cells_of_all = sum(int(np.prod(program.compiled.shape(name))) for name in program.outputs)
    count = design.runs * len(program.grid.saved) * cells_of_all
    if count > MOST_NUMBERS:
        raise StudyError(Problem.of("", "engines.sweep.large", count=f"{count:,}", most=f"{MOST_NUMBERS:,}"))


def table(result: xr.Dataset) -> bytes:
    """Return results as a csv in UTF-8: a row for each run and time, a column for each variable and its elements."""
    import pandas as pd

    runs, times = result.sizes["run"], result["time"].values
    columns: dict[str, Floats] = {"run": np.repeat(np.arange(runs), len(times)), "time": np.tile(times, runs)}
    for name, values in result.data_vars.items():
        spread = values.transpose("run", ...) if "time" in values.dims else values.expand_dims(time=times)
        own = [str(dim) for dim in values.dims if dim not in ("run", "time")]
        flat = spread.transpose("run", "time", *own).values.reshape(runs * len(times), -1)
        labels = [result[dim].values for dim in own]
        for column, at in enumerate(np.ndindex(*(len(words) for words in labels))):
            element = ",".join(str(words[place]) for words, place in zip(labels, at, strict=True))
            columns[f"{name}[{element}]" if own else str(name)] = flat[:, column]
    written: str = pd.DataFrame(columns).to_csv(index=False, lineterminator="\r\n")
    return written.encode("utf-8")
