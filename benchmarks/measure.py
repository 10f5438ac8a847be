"""One measurement in a process of its own: `python -m benchmarks.measure MODEL WHAT` writes one line of JSON."""

from __future__ import annotations

import csv
import json
import resource
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import cohort_model, county_model

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "model" / "urbanisation.mdl"
RUNS = 100
STEPS_OF_STUDY = 122
ENOUGH = 10.0  # [s] of repeating one thing

Measured = dict[str, float | str]


@dataclass(frozen=True)
class Model:
    """What is measured on one model.

    Attributes:
        path: the .mdl.
        outputs: headline variables asked for.
        inputs: constants that a batch changes, with the model's own value.
        of: the variable whose sum at the last saved time is derived.
        steps: steps of the hand-written core of the same length, 0 where there is none.
        text: what replaces the file's content, or None.
        fixed: parameters that every run has.
    """

    path: Path
    outputs: tuple[str, ...]
    inputs: dict[str, float]
    of: str
    steps: int = 0
    text: str | None = field(default=None, repr=False)
    fixed: Mapping[str, Any] = field(default_factory=dict, repr=False)


def model(name: str, folder: Path) -> Model:
    """Find a model by name; the two invented ones are written into the folder."""
    if name == "counties":
        path = folder / "counties.mdl"
        path.write_text(county_model.text(), encoding="utf-8")
        scalars = [line.split(" = ") for line in county_model.equations() if "[" not in line and "(" not in line]
        inputs = {key: float(value) for key, value in scalars if value.replace(".", "").isdigit()}
        outputs = ("residents", "province residents", "province town share", "province product")
        return Model(path, outputs, dict(list(inputs.items())[:8]), "province residents")
    if name == "cohorts":
        path = folder / "cohorts.mdl"
        path.write_text(cohort_model.text(), encoding="utf-8")
        inputs = {"mobility factor": 1.0, "mortality factor": 1.0, "fertility factor": 1.0}
        return Model(path, ("residents", "all residents"), inputs, "all residents", cohort_model.STEPS)
    return study(whole=name == "study")


def study(whole: bool = True) -> Model:
    """Describe the study's own model in its baseline, headline variables by place, twenty constants open.

    Args:
        whole: with homes, work, services, money and emissions; else people alone, as they are fitted to the censuses.
    """
    from xiancheng.model.build import build
    from xiancheng.model.core import core_only
    from xiancheng.scenarios.scenario import read
    from xiancheng.study import find

    found = find(ROOT)
    built = build(found, read(found, "baseline"))
    with (ROOT / "model" / "tables" / "parameters.csv").open(encoding="utf-8", newline="") as table:
        values = {row["name"]: float(row["value"]) for row in csv.DictReader(table) if float(row["value"])}
    inputs = {name: value for name, value in values.items() if name not in built.parameters}
    outputs = ("residents", "town residents")
    return Model(
        found.equations, outputs, dict(list(inputs.items())[:20]), outputs[0], STEPS_OF_STUDY,
        built.text if whole else core_only(built.text, found),
        dict(built.parameters),
    )


def repeated(act: Callable[[], Any]) -> Measured:
    """Median over repeats, after one call that is not counted, until enough time has gone by."""
    began = time.perf_counter()
    act()
    first = time.perf_counter() - began
    times: list[float] = []
    while len(times) < 3 or (sum(times) < ENOUGH and len(times) < 21):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return {"first": first, "median": statistics.median(times), "repeats": float(len(times))}


def once(act: Callable[[], Any]) -> Measured:
    """Time of a single call, for what takes tens of seconds."""
    began = time.perf_counter()
    act()
    return {"median": time.perf_counter() - began, "repeats": 1.0}


def by_pysd(case: Model) -> Measured:
    """Run by PySD, translation apart; with the study's paths in time, together."""
    if case.text is not None:
        from xiancheng import engine

        return once(lambda: engine.reference.run(case.path, case.fixed, outputs=case.outputs, text=case.text))
    import pysd  # type: ignore[import-untyped]

    with np.printoptions(precision=17, floatmode="unique"):
        began = time.perf_counter()
        translated = pysd.read_vensim(str(case.path))
        compiled = time.perf_counter() - began
    return once(lambda: translated.run(return_columns=list(case.outputs), flatten_output=False)) | {"compile": compiled}


def by_simlin(case: Model) -> Measured:
    """Run by pysimlin's engine, reading apart; series are not copied out."""
    import simlin  # type: ignore[import-not-found, import-untyped, unused-ignore]

    began = time.perf_counter()
    loaded = simlin.load(case.path)
    compiled = time.perf_counter() - began

    def run() -> None:
        with loaded.simulate() as simulation:
            simulation.run_to_end()

    return repeated(run) | {"compile": compiled}


def by_hand(case: Model, make: Callable[..., Callable[[], Any]]) -> Measured:
    """Run the hand-written core with as many steps as the model has."""
    return repeated(make(cohort_model.inputs(), case.steps))


def compiled(case: Model) -> tuple[Any, float]:
    from xiancheng import engine

    began = time.perf_counter()
    program = engine.compile(case.path, outputs=case.outputs, inputs=[*case.inputs, *case.fixed], text=case.text)
    return program, time.perf_counter() - began


def one_run(case: Model) -> tuple[Callable[[], Any], float]:
    """Return a run by itself, in double precision, and the seconds of reading; its first call compiles."""
    from xiancheng import engine

    program, seconds = compiled(case)
    return lambda: engine.run(program, {**case.fixed, **case.inputs}), seconds


def single(case: Model) -> Measured:
    """Run alone; the first run compiles."""
    act, seconds = one_run(case)
    measured = repeated(act)
    return measured | {"compile": seconds + float(measured["first"])}


def sample(case: Model, runs: int) -> dict[str, Any]:
    """Every input within a twentieth of its own value, differently in every run."""
    random = np.random.default_rng(7)
    return {name: value * random.uniform(0.95, 1.05, runs) for name, value in case.inputs.items()}


def many_runs(case: Model, dtype: str = "float64", runs: int = RUNS) -> tuple[Callable[[], Any], float]:
    """Return a batch, and the seconds of reading; its first call compiles."""
    from xiancheng import engine

    program, seconds = compiled(case)
    parameters = {**case.fixed, **sample(case, runs)}
    return lambda: engine.batch(program, parameters, dtype=dtype), seconds


def batched(case: Model, dtype: str = "float64", runs: int = RUNS) -> Measured:
    """Run many at once; the median is for one of them."""
    act, seconds = many_runs(case, dtype, runs)
    if runs > RUNS:
        measured = once(act)
        return measured | {"median": float(measured["median"]) / runs}
    measured = repeated(act)
    per_run = float(measured["median"]) / runs
    return measured | {"median": per_run, "compile": seconds + float(measured["first"])}


def gradient(case: Model) -> Measured:
    """Take the slope of one number at the last time by every input."""
    from xiancheng import engine

    program, seconds = compiled(case)
    parameters = {**case.fixed, **case.inputs}

    def last(outputs: Mapping[str, Any]) -> Any:
        return outputs[case.of][-1].sum()

    measured = repeated(lambda: engine.gradient(program, last, parameters, by=list(case.inputs)))
    return measured | {"compile": seconds + float(measured["first"]), "parameters": float(len(case.inputs))}


WHAT: dict[str, Callable[[Model], Measured]] = {
    "PySD": by_pysd,
    "pysimlin": by_simlin,
    "core by hand, NumPy": lambda case: by_hand(case, cohort_model.by_numpy),
    "core by hand, numba": lambda case: by_hand(case, cohort_model.by_numba),
    "compiled, single": single,
    "compiled, 100 runs": batched,
    "compiled, 100 runs, float32": lambda case: batched(case, "float32"),
    "compiled, 1,000 runs": lambda case: batched(case, runs=1000),
    "compiled, gradient": gradient,
}


def main(name: str, what: str) -> Measured:
    """Measure one thing; a failure is a result, told in one line."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            measured = WHAT[what](model(name, Path(folder)))
        except Exception as error:
            return {"failed": f"{type(error).__name__}: {str(error)[:160]}"}
    return measured | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:3])) + "\n")
