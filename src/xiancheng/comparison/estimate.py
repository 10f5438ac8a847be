"""What a comparison would take, without compiling or running anything: runs, time, disk and memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from xiancheng.comparison import attribution, runs
from xiancheng.comparison.gathering import AREAS, ENDS
from xiancheng.comparison.request import ComparisonRequest
from xiancheng.model import places, tables
from xiancheng.study import Study
from xiancheng.sweeps import drawn, reading, store
from xiancheng.sweeps.journey import free_space

_COMPILING = 50.0
"""Seconds of one core before the first run, where nothing is compiled yet."""
_RUN = 0.13 / 84 / 16
"""Seconds of one core for a run, for each place and year."""
_PROGRAM = 2.6 * 2**30
"""Bytes of the program with compiled equations and the runs in hand."""
_SCENARIO = 2.0 * 2**20
"""Bytes of the paths of a scenario."""
_NUMBER, _AT_PLACE = 8, 4
"""Bytes of a number in a store and in memory, and of one by place in the passing file."""


@dataclass(frozen=True)
class Estimate:
    """What a comparison would take.

    Attributes:
        runs: in all; stored: of these found in the store; scenarios: that differ, stresses counted.
        without: runs of options without one of their levers; grouped: runs that tell where the bands come from.
        seconds: on this machine, by the measurements of the documentation.
        cores: of this machine.
        disk: at most; memory: at most, about; free: where the runs go [bytes].
    """

    runs: int
    stored: int
    scenarios: int
    without: int
    grouped: int
    seconds: float
    cores: int
    disk: float
    memory: float
    free: int


def estimate(
    study: Study, request: ComparisonRequest, *, by_lever: bool = True, by_group: bool = False,
    folder: Path | None = None,
) -> Estimate:
    """Return what a comparison would take.

    Args:
        study: the study.
        request: what is compared.
        by_lever: whether each option runs without each of its levers too.
        by_group: whether runs tell where the bands come from.
        folder: the store, if any.

    Raises:
        StudyError: every problem of the study, or a sweep in the store that holds nothing of use.
    """
    tables.check(study.root)
    axes = runs.axes(request, by_lever)
    design = runs.design(study, request, axes)
    count = len(places.read(study.tables))
    own, stored = len(axes.rows), _stored(study, request, axes, folder)
    grouped = len(attribution.rows(request)) if by_group else 0
    total = own + grouped
    cells = len(design.indicators) * len(design.years)
    cores = os.cpu_count() or 1
    work = (total - stored) * count * len(design.years) * _RUN + (_COMPILING if total > stored else 0.0)
    less = set(axes.without.values()) - set(axes.owner.values())
    disk_bytes = own * _AT_PLACE * len(design.indicators) * ENDS * count
    return Estimate(
        total, stored, len(axes.told), sum(name in less for name, _ in axes.rows), grouped,
        work / cores, cores, (own - stored) * _NUMBER * cells * (count + len(AREAS)) + disk_bytes,
        _PROGRAM + len(axes.told) * _SCENARIO * count / 84 + total * _NUMBER * cells * len(AREAS),
        free_space(folder or Path.cwd()),
    )


def _stored(study: Study, request: ComparisonRequest, axes: runs.Axes, folder: Path | None) -> int:
    """Return how many of the runs a store has; those of a comparison count where its runs are the same."""
    rows = runs.held_by(study, request, axes, folder)
    if rows is not None:
        return len(rows.rows)
    if folder is None or not (folder / store.MANIFEST).is_file():
        return 0
    at_hand = store.opened(folder)
    same = drawn.digest(iter(runs.lines(runs.design(study, request, axes), axes.rows))) == at_hand.manifest["drawn"]
    return sum(receipt.runs for receipt in reading.receipts(at_hand) if not receipt.failure) if same else 0
