"""What `sweep` does: the plan told, runs until done or stopped, and what has no result."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xiancheng.cli.frame import command_line
from xiancheng.cli.outcome import INTERRUPTED
from xiancheng.cli.session import Session
from xiancheng.cli.sweep_progress import rate, size, told
from xiancheng.model import tables
from xiancheng.sweeps import cluster, journey, reading, store, work
from xiancheng.sweeps import design as designs

if TYPE_CHECKING:
    from xiancheng.sweeps.journey import SweepPlan
    from xiancheng.sweeps.store import Store
    from xiancheng.sweeps.work import Part, RunTally

SOME_FAILED = 5
_SHOWN = 5
"""Runs without a result that are told one by one."""


def ready(
    session: Session, name: str, sampling: Mapping[str, Any], own: Path | None, output: str
) -> tuple[SweepPlan, Path]:
    """Tell what a design will run, and return it with the folder of its store."""
    tables.check(session.study.root)
    design = designs.read(session.study, name, {"sampling": dict(sampling)})
    plan = journey.plan(session.study, design, own=own, command=command_line())
    folder = Path(output or f"{design.id}.zarr")
    journey.check(plan, folder)
    _tell_plan(session, plan, folder)
    return plan, folder


def run(session: Session, plan: SweepPlan, folder: Path, *, address: str, part: Part, verify: bool) -> None:
    """Do what is missing in a store and tell how it went."""
    target = journey.begin(plan, folder)
    damaged = work.verify(target) if verify else []
    if damaged:
        session.say("cli.sweep.damaged", count=len(damaged))
    with told(session, folder) as progress, _asked_to_stop() as stopped:
        tally = _run(plan, target, address, part, progress, stopped)
    _tell_end(session, target, tally, stopped())


def _tell_plan(session: Session, ready: SweepPlan, folder: Path) -> None:
    target = store.Store(folder, ready.manifest)
    done = sum(target.size(block) for block in range(target.blocks) if target.receipt(block) is not None)
    design = ready.setting.design
    session.say(
        "cli.sweep.plan", runs=f"{ready.runs:,}", points=f"{ready.runs // len(design.scenarios):,}",
        scenarios=len(design.scenarios), blocks=f"{target.blocks:,}", size=size(ready.size),
        free=size(journey.free_space(folder)), done=f"{done:,}",
    )


def _run(
    ready: SweepPlan, store: Store, address: str, part: Part, progress: Callable[[RunTally], None],
    stopped: Callable[[], bool],
) -> RunTally:
    if address:
        return cluster.run(ready.setting, store, address, part=part, progress=progress, stopped=stopped)
    return work.run(ready.setting, store, part=part, progress=progress, stopped=stopped)


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop after the block in hand; the second one interrupts as usual."""
    flag = [False]

    def note(number: int, frame: Any) -> None:
        flag[0] = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: flag[0]
    finally:
        signal.signal(signal.SIGINT, before)


def _tell_end(session: Session, store: Store, tally: RunTally, stopped: bool) -> None:
    session.say("cli.sweep.done", done=f"{tally.done:,}", total=f"{tally.total:,}", store=str(store.folder),
                failed=tally.bad, rate=rate(tally.rate))
    if tally.bad:
        for run, bad in _bad_runs(store)[:_SHOWN]:
            session.say("cli.sweep.bad", run=run, status=bad.status, variable=bad.variable, place=bad.place,
                        date=bad.date)
    if stopped and tally.done < tally.total:
        session.say("cli.sweep.resume", command=command_line())
        raise typer.Exit(INTERRUPTED)
    if tally.bad:
        raise typer.Exit(SOME_FAILED)


def _bad_runs(store: Store) -> list[tuple[int, Any]]:
    return [(receipt.block * store.block + bad.run, bad) for receipt in reading.receipts(store) for bad in receipt.bad]
