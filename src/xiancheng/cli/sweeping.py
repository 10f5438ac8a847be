"""`sweep`: thousands of runs of a design; `sweep status`, `replay` and `export` of what is stored."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.outcome import INTERRUPTED
from xiancheng.cli.run import command_line
from xiancheng.cli.session import Session
from xiancheng.cli.sweep_progress import NONE, rate, size, span, told
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.outputs import exporting, files
from xiancheng.sweeps import cluster, drawn, journey, reading, store, work
from xiancheng.sweeps import design as designs
from xiancheng.sweeps import export as exports
from xiancheng.sweeps.store import opened
from xiancheng.texts import phrase

if TYPE_CHECKING:
    from xiancheng.sweeps.journey import SweepPlan
    from xiancheng.sweeps.store import Receipt, Store
    from xiancheng.sweeps.work import Part, RunTally

SOME_FAILED = 5
_STATUS = "status"
_LAST = 50
"""Blocks that tell how fast a sweep is."""
_SHOWN = 5
"""Runs without a result that are told one by one."""

Words = Annotated[list[str], typer.Argument(metavar="DESIGN", help="cli.sweep.words")]
Count = Annotated[int | None, typer.Option("-n", metavar="N", help="cli.sweep.n")]
Sampler = Annotated[
    str, typer.Option("--sampler", metavar="sobol|lhs|saltelli|morris|factorial", help="cli.sweep.sampler")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="cli.sweep.seed")]
Output = Annotated[str, typer.Option("-o", "--output", metavar="STORE", help="cli.sweep.output")]
Dask = Annotated[str, typer.Option("--dask", metavar="ADDRESS", help="cli.sweep.dask")]
Share = Annotated[str, typer.Option("--part", metavar="K/N", help="cli.sweep.part")]
Drawn = Annotated[Path | None, typer.Option("--design", metavar="FILE", help="cli.sweep.drawn")]
Verify = Annotated[bool, typer.Option("--verify", help="cli.sweep.verify")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cli.sweep.dry")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
Run = Annotated[int, typer.Argument(metavar="RUN", help="cli.replay.run")]
Stored = Annotated[Path, typer.Argument(metavar="STORE", help="cli.replay.store")]
Source = Annotated[Path, typer.Argument(metavar="RUN|STORE", help="cli.export.source")]
File = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="cli.export.output")]
As = Annotated[str, typer.Option("--format", metavar="netcdf|zarr|csv", help="cli.export.form")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]


def register(app: typer.Typer) -> None:
    """Offer the verbs."""
    verb(app, "sweep")(sweep)
    verb(app, "replay")(replay)
    verb(app, "export")(export)


def sweep(
    session: Session, words: Words, n: Count = None, sampler: Sampler = "", seed: Seed = None, output: Output = "",
    dask: Dask = "", part: Share = "1/1", design: Drawn = None, verify: Verify = False, dry_run: Dry = False,
    form: Form = "table",
) -> None:
    """Run a design, or say how far a store has come."""
    screen.checked(form)
    if words[0] == _STATUS:
        _show_status(session, words, form)
        return
    share = _share(part)
    tables.check(session.study.root)
    changes_of_design = {"n": n, "sampler": sampler or None, "seed": seed}
    changes = {name: value for name, value in changes_of_design.items() if value is not None}
    plan = designs.read(session.study, _one(words), {"sampling": changes})
    ready = journey.plan(session.study, plan, own=design, command=command_line())
    folder = Path(output or f"{plan.id}.zarr")
    journey.check(ready, folder)
    _tell_plan(session, ready, folder)
    if dry_run:
        return
    store = journey.begin(ready, folder)
    damaged = work.verify(store) if verify else []
    if damaged:
        session.say("cli.sweep.damaged", count=len(damaged))
    with told(session, folder) as progress, _asked_to_stop() as stopped:
        tally = _run(ready, store, dask, share, progress, stopped)
    _tell_end(session, store, tally, stopped())


def _one(words: Sequence[str]) -> str:
    if len(words) != 1:
        sentence = phrase("sweep.wrong_value", key="DESIGN", value=" ".join(words))
        raise StudyError(Problem("", sentence, phrase("sweep.design_allowed")))
    return words[0]


def _share(part: str) -> Part:
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", part)
    if match is not None and 1 <= int(match[1]) <= int(match[2]):
        return int(match[1]), int(match[2])
    raise StudyError(Problem("--part", phrase("sweep.part_wrong", part=part), phrase("sweep.part_allowed")))


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


def _show_status(session: Session, words: Sequence[str], form: str) -> None:
    if len(words) != 2:
        raise StudyError(Problem("", phrase("cli.sweep.status_words"), phrase("sweep.a_store")))
    target = store.opened(Path(words[1]))
    receipts = list(reading.receipts(target))
    bad = [run_failed.status for receipt in receipts for run_failed in receipt.bad]
    done = sum(receipt.runs for receipt in receipts)
    hosts = {receipt.host for receipt in receipts}
    speed = _speed(receipts)
    left = (target.runs - done) / speed if speed else None
    row = {"store": words[1], "done": done, "total": target.runs, "nan": bad.count("nan"),
           "failed": bad.count("failed"), "rate": rate(speed) if form == "table" else speed,
           "left": span(left) if form == "table" else left, "hosts": ", ".join(sorted(hosts))}
    titles = {name: session.words(f"cli.sweep.status_{name}" if name != "store" else "cli.sweep.store")
              for name in row}
    screen.rows(session, [row], form, titles=titles, right=("done", "total", "nan", "failed", "rate", "left"))
    for host in sorted(hosts):
        first, *others = sorted((receipt for receipt in receipts if receipt.host == host),
                                key=lambda receipt: receipt.finished)
        usual = f"{np.median([receipt.seconds for receipt in others]):,.1f}" if others else NONE
        session.say("cli.sweep.host", host=host, blocks=f"{len(others) + 1:,}", first=f"{first.seconds:,.1f}",
                    usual=usual)


def _speed(receipts: Sequence[Receipt]) -> float:
    """Return the runs a second of the last blocks after the first of them; 0 where there is but one."""
    blocks = sorted(receipts, key=lambda receipt: receipt.finished)[-_LAST:]
    took = blocks[-1].finished - blocks[0].finished if blocks else 0.0
    return sum(receipt.runs for receipt in blocks[1:]) / took if took > 0 else 0.0


def replay(session: Session, run: Run, store: Stored, form: Form = "table") -> None:
    """Compute one run of a sweep again and compare it with the stored one."""
    screen.checked(form)
    target = opened(store)
    result = journey.replay(session.study, target, run)
    scenario = drawn.column(target.folder / drawn.FILE, "scenario")[run]
    labels = target.manifest["labels"]
    rows = [
        {"run": run, "scenario": scenario, "place": area, "year": year, "indicator": name,
         "value": f"{result[i, j, k]:.7g}" if form == "table" else float(result[i, j, k]),
         "unit": target.manifest["units"][name]}
        for i, name in enumerate(labels["indicator"]) for j, year in enumerate(labels["year"])
        for k, area in enumerate(labels["area"]) if np.isfinite(result[i, j, k])
    ]
    screen.rows(session, rows, form, titles={name: name for name in rows[0]} if rows else {}, right=("value",))
    block, position = divmod(run, target.block)
    if target.receipt(block) is None:
        session.say("cli.replay.absent", run=run, scenario=scenario)
        return
    stored = target.read(block)[position]
    same = (stored == result) | (np.isnan(stored) & np.isnan(result))
    if same.all():
        session.say("cli.replay.same", run=run, scenario=scenario)
    else:
        gap = np.nanmax(np.abs(stored - result) / np.maximum(np.abs(stored), 1e-30))
        session.say("cli.replay.differs", run=run, scenario=scenario, count=int((~same).sum()), total=same.size,
                    gap=f"{gap:.1e}")


def export(session: Session, store: Source, output: File, form: As = "", force: Force = False) -> None:
    """Write a sweep, or a single result, in another form."""
    if store.is_file():
        chosen = exports.form_of(output, form)
        exporting.write(files.read(store), output, chosen, force=force)
        session.say("cli.wrote", file=str(output))
        return
    target = opened(store)
    exports.write(target, output, exports.form_of(output, form), force=force)
    left_out = int((reading.status(target) != "ok").sum())
    if left_out:
        session.say("cli.export.left_out", count=left_out, runs=target.runs)
    session.say("cli.wrote", file=str(output))
