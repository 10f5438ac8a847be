"""One sweep measured in a process of its own: `python -m benchmarks.sweep_measure CASE RUNS` writes a line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
STUDY_DESIGN = "levers_and_futures"
FEW = ("371522", "370115", "370829", "371321")
"""Four units of the list, far from each other."""

Measured = dict[str, float | str]


@dataclass(frozen=True)
class Case:
    """What is measured.

    Attributes:
        listed: codes of the places listed; the study's own when empty.
        all_units: every county-level unit is listed.
        end: last calendar year.
        whole: every year and every place is kept.
        workers: of a Dask cluster on this machine, 0 for none.
    """

    listed: tuple[str, ...] = ()
    all_units: bool = False
    end: int = 2035
    whole: bool = False
    workers: int = 0


CASES: Mapping[str, Case] = {
    "the study": Case(),
    "four units and the rest of 16 prefectures": Case(listed=FEW),
    "all 136 units": Case(all_units=True),
    "to 2050": Case(end=2050),
    "every year and place kept": Case(whole=True),
    "Dask, 1 worker": Case(workers=1),
    "Dask, 2 workers": Case(workers=2),
}


def study_of(case: Case, folder: Path) -> Any:
    """Return the study of a case, made from the list of places where it has one."""
    from xiancheng.model.census_units import read_units
    from xiancheng.model.new_study import new_study
    from xiancheng.study import Study

    if not case.listed and not case.all_units:
        return Study(ROOT)
    codes = case.listed
    if case.all_units:
        codes = tuple(unit.code for unit in read_units(ROOT / "model" / "tables") if unit.kind != "development_zone")
    (folder / "list.csv").write_text("\n".join(codes) + "\n", encoding="utf-8")
    return Study(new_study(ROOT, folder / "study", folder / "list.csv"))


def design_of(case: Case, folder: Path) -> Path:
    """Return the design; without members of the posterior where the places are not those it was fitted with."""
    file = ROOT / "scenarios" / "designs" / f"{STUDY_DESIGN}.toml"
    if not case.listed and not case.all_units:
        return file
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("members")]
    (folder / file.name).write_text("\n".join(kept), encoding="utf-8")
    return folder / file.name


def measured(case: Case, runs: int) -> Measured:
    """Run a sweep and tell the rate after its first block, which compiles, and the memory at its end."""
    from xiancheng.sweeps import cluster, design, design_document, journey, work

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = study_of(case, folder)
        asked = design.read(study, design_of(case, folder))
        points = -(-runs // len(asked.scenarios))
        asked = replace(asked, n=points, end=case.end)
        if case.whole:
            asked = replace(asked, years=tuple(range(asked.start, case.end + 1)), areas=design_document.AREAS)
        began = time.perf_counter()
        ready = journey.plan(study, asked)
        there = journey.begin(ready, folder / "store")
        marks: list[tuple[float, int]] = []

        def note(tally: work.RunTally) -> None:
            if tally.fresh:
                marks.append((time.perf_counter(), tally.done))

        if case.workers:
            with _workers(case.workers) as address:
                cluster.run(ready.setting, there, address, progress=note)
        else:
            work.run(ready.setting, there, progress=note)
        stored = sum(file.stat().st_size for file in there.folder.rglob("*") if file.is_file())
    skipped = max(case.workers, 1) - 1
    (first, before), (last, done) = marks[skipped], marks[-1]
    return {
        "runs": float(done), "rate": (done - before) / (last - first), "first": marks[0][0] - began,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "stored": stored / done,
        "places": float(len(ready.setting.built[0].places)),
    }


def _workers(count: int) -> Any:
    """Return a cluster of worker processes with one thread and one core each, as a context that gives its address."""
    from contextlib import contextmanager

    from distributed import LocalCluster

    @contextmanager
    def address() -> Any:
        os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=1"
        with LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=60) as local:
            yield local.scheduler_address

    return address()


def by_pysd() -> Measured:
    """Run the baseline of the study once by PySD, reading and translating included."""
    from xiancheng.engine import reference
    from xiancheng.model.build import build
    from xiancheng.outputs import indicators, result
    from xiancheng.scenarios.scenario import read
    from xiancheng.study import Study

    study = Study(ROOT)
    built = build(study, read(study, "baseline"))
    catalogue = indicators.read(study)
    names = [name for name, one in catalogue.items() if one.headline]
    began = time.perf_counter()
    reference.run(study.equations, built.parameters, outputs=result.needed(study, names, [], ()), text=built.text)
    spent = time.perf_counter() - began
    return {"runs": 1.0, "rate": 1 / spent, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def by_simlin() -> Measured:
    """Run the baseline of the study once by pysimlin's engine, reading included."""
    import simlin  # type: ignore[import-not-found, import-untyped, unused-ignore]

    began = time.perf_counter()
    with simlin.load(ROOT / "model" / "urbanisation.mdl").simulate() as simulation:
        simulation.run_to_end()
    spent = time.perf_counter() - began
    return {"runs": 1.0, "rate": 1 / spent, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main(name: str, runs: str) -> Measured:
    """Measure one case; a failure is a result, told in one line."""
    others = {"PySD": by_pysd, "pysimlin": by_simlin}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return others[name]() if name in others else measured(CASES[name], int(runs))
        except Exception as error:
            return {"failed": f"{type(error).__name__}: {str(error)[:160]}"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:3])) + "\n")
