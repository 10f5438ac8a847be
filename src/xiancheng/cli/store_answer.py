"""What `sweep status`, `replay` and `export` tell of a stored sweep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xiancheng.cli import screen
from xiancheng.cli.session import Session
from xiancheng.cli.sweep_progress import NONE, rate, span
from xiancheng.outputs import exporting, files
from xiancheng.sweeps import drawn, journey, reading
from xiancheng.sweeps import export as exports
from xiancheng.sweeps.store import opened

if TYPE_CHECKING:
    from xiancheng.sweeps.store import Receipt

_LAST = 50
"""Blocks that tell how fast a sweep is."""


def status(session: Session, name: str, form: str) -> None:
    """Tell how far a store has come."""
    target = opened(Path(name))
    receipts = list(reading.receipts(target))
    bad = [run_failed.status for receipt in receipts for run_failed in receipt.bad]
    done = sum(receipt.runs for receipt in receipts)
    hosts = {receipt.host for receipt in receipts}
    speed = _speed(receipts)
    left = (target.runs - done) / speed if speed else None
    row = {"store": name, "done": done, "total": target.runs, "nan": bad.count("nan"),
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


def replay(session: Session, run: int, store: Path, form: str) -> None:
    """Compute one run of a sweep again and compare it with the stored one."""
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


def export(session: Session, store: Path, output: Path, form: str, *, force: bool) -> None:
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
