"""The way of a sweep, from a study and a design to a store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import indicators
from xiancheng.provenance import versions
from xiancheng.study import Study
from xiancheng.sweeps import axes, drawn, kernel, store, work
from xiancheng.sweeps import setting as settings
from xiancheng.sweeps.design import DRAWN, Design
from xiancheng.sweeps.identity import differing, identity
from xiancheng.sweeps.setting import SweepSetting
from xiancheng.sweeps.store import Store
from xiancheng.texts import LANGUAGES, in_language, phrase, phrase_list

_RECEIPT = 600
"""Bytes of a receipt, more or less."""
_COLUMN = 40
"""Bytes of a run in a column of the drawn design, as text and as a number."""
_TOLD = 1000
"""Bytes that tell of a column of the design, an indicator, a year or an area, more or less."""


@dataclass(frozen=True, eq=False)
class SweepPlan:
    """A sweep that is ready to start.

    Attributes:
        setting: what runs.
        manifest: what the sweep is.
        table: yields the drawn design.
    """

    setting: SweepSetting
    manifest: dict[str, Any]
    table: Callable[[], Iterable[bytes]]

    @property
    def runs(self) -> int:
        """Return how many runs there are."""
        return int(self.manifest["runs"])

    @property
    def size(self) -> int:
        """Return the most that the results take [bytes]."""
        labels = self.manifest["labels"]
        cells = len(labels["indicator"]) * len(labels["year"]) * len(labels["area"])
        blocks = -(-self.runs // self.setting.design.block)
        columns = 2 + len(self.setting.design.factors)
        told = _TOLD * (columns + sum(map(len, labels.values())))
        return blocks * (self.setting.design.block * (cells * 8 + 1) + _RECEIPT) + self.runs * _COLUMN * columns + told


def plan(study: Study, design: Design, *, own: Path | None = None, command: str = "") -> SweepPlan:
    """Make everything ready that a sweep needs.

    Args:
        study: the study.
        design: what to run.
        own: a drawn design to run instead of drawing one.
        command: the command line, for the manifest.

    Raises:
        StudyError: every problem of the study, the scenarios or the drawn design.
    """
    if own is None:
        design_run = design

        def table() -> Iterable[bytes]:
            return drawn.lines(design)

    else:
        runs = drawn.check(own, design)
        content = own.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        same = runs == design.runs and drawn.digest(drawn.lines(design)) == drawn.digest(iter([content]))
        design_run = design if same else replace(design, sampler=DRAWN, n=runs)

        def table() -> Iterable[bytes]:
            return [content]

    return of(settings.prepare(study, design_run), table, command=command)


def of(setting: SweepSetting, table: Callable[[], Iterable[bytes]], *, command: str = "") -> SweepPlan:
    """Return the plan of a sweep whose setting and drawn design are there.

    Args:
        setting: what runs.
        table: yields the drawn design.
        command: the command line, for the manifest.
    """
    return SweepPlan(setting, _manifest(setting, drawn.digest(iter(table())), command), table)


def _manifest(setting: SweepSetting, sha: str, command: str) -> dict[str, Any]:
    study, design = setting.study, setting.design
    catalogue = indicators.read(study)
    areas = kernel.areas(setting.built[0], design.areas, design.quantiles)
    label = setting.built[0].places.list_label
    return {
        "command": command,
        "study": study.root.name,
        "version": study.version,
        "versions": versions(),
        "identity": identity(setting, sha),
        "drawn": sha,
        "stored": store.DOUBLE,
        "runs": design.runs,
        "design": design.plain(),
        "labels": {
            "indicator": list(design.indicators),
            "year": list(design.years),
            "area": [run["area"] for run in areas],
        },
        "areas": areas,
        "list_label": {language: in_language(label, language) for language in LANGUAGES},
        "units": {name: catalogue[name].unit for name in design.indicators},
        "titles": {name: dict(catalogue[name].title) for name in design.indicators},
        "scenario_titles": {run.scenario.id: dict(run.scenario.title) for run in setting.built},
    }


def begin(ready: SweepPlan, folder: Path) -> Store:
    """Return the store of a sweep, made if need be and if what is left to do fits on the disk.

    Raises:
        StudyError: another sweep or something else is stored there, or it does not fit.
    """
    check(ready, folder)
    target = store.made(folder, ready.manifest, ready.table(), drawn.FILE)
    axes.write(target)
    return target


def check(ready: SweepPlan, folder: Path) -> None:
    """Refuse a folder that cannot take a sweep, and touch nothing.

    Raises:
        StudyError: as of `begin`.
    """
    store.check(folder, ready.manifest, drawn.FILE)
    place = Store(folder, ready.manifest)
    done = sum(receipt.runs for receipt in map(place.receipt, range(place.blocks)) if receipt is not None)
    free, size = free_space(folder), ready.size * (ready.runs - done) / max(ready.runs, 1)
    if size > free:
        sentence = phrase("sweep.disk", size=size / 2**30, free=free / 2**30)
        raise StudyError(Problem(str(folder), sentence, phrase("sweep.disk_allowed"), phrase("sweep.disk_hint")))


def free_space(folder: Path) -> int:
    """Return the free bytes of the disk that a folder lies on, or would lie on."""
    place = next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())
    return shutil.disk_usage(place).free


def resumed(study: Study, store: Store) -> SweepSetting:
    """Return what a stored sweep runs, on a study that has to be the same.

    Raises:
        StudyError: the study or the programs differ from those of the store.
    """
    from xiancheng.sweeps.design import from_plain

    setting = settings.prepare(study, from_plain(store.manifest["design"]))
    others = differing(store.manifest["identity"], identity(setting, store.manifest["drawn"]))
    if others:
        sentence = phrase("sweep.other_identity", names=phrase_list(others))
        raise StudyError(Problem(str(store.folder), sentence, phrase("sweep.same_identity")))
    return setting


def replay(study: Study, store: Store, run: int) -> Any:
    """Compute one run of a stored sweep again, with the same program and the same block, so that no bit differs.

    Returns:
        (indicator, year, area).

    Raises:
        StudyError: no such run, or another study.
    """
    if not 0 <= run < store.runs:
        sentence, allowed = phrase("sweep.run_unknown", run=run), phrase("sweep.run_allowed", last=store.runs - 1)
        raise StudyError(Problem(str(store.folder), sentence, allowed))
    setting = resumed(study, store)
    block, position = divmod(run, store.block)
    rows = drawn.block_of(store.folder / drawn.FILE, setting.design, block)
    return kernel.compute(setting, rows.only(position), store.block).values[0].astype(store.kind)


def done(study: Study, design: Design, folder: Path, **choices: Any) -> Store:
    """Do a whole sweep on this machine and return its store."""
    ready = plan(study, design)
    target = begin(ready, folder)
    work.run(ready.setting, target, **choices)
    return target
