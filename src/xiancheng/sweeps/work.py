"""The blocks of a sweep done one after the other: what has a receipt is left alone, what fails is tried three times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from xiancheng.errors import StudyError
from xiancheng.sweeps import drawn, kernel
from xiancheng.sweeps.kernel import FAILED, Bad
from xiancheng.sweeps.setting import Rows, SweepSetting
from xiancheng.sweeps.store import Receipt, Store

TRIES = 3
Part = tuple[int, int]
"""(K, N): the K-th of N shares, K counted from 1."""


@dataclass
class RunTally:
    """How far a sweep has come.

    Attributes:
        total: runs of the share.
        done: runs that are stored.
        bad: runs without a usable result.
        fresh: runs computed by this call; blocks: in how many blocks.
        lanes: blocks that are computed side by side; the first one of each compiles and tells no rate.
        since: when these were done, by time.monotonic; before: how many runs they were.
    """

    total: int
    done: int = 0
    bad: int = 0
    fresh: int = 0
    blocks: int = 0
    lanes: int = 1
    since: float = 0.0
    before: int = 0

    def add(self, receipt: Receipt, fresh: bool) -> None:
        """Count a block."""
        self.done += receipt.runs
        self.bad += len(receipt.bad)
        if not fresh:
            return
        self.fresh += receipt.runs
        self.blocks += 1
        if self.blocks <= self.lanes:
            self.since, self.before = time.monotonic(), self.fresh

    @property
    def is_compiling(self) -> bool:
        """Tell whether the first block is being compiled."""
        return not self.fresh and self.done < self.total

    @property
    def rate(self) -> float:
        """Return the runs computed a second since the first blocks, 0 as long as nothing came after them."""
        return (self.fresh - self.before) / max(time.monotonic() - self.since, 1e-9)

    @property
    def left(self) -> float | None:
        """Return the seconds that the rest takes at this rate, None as long as there is none."""
        return (self.total - self.done) / self.rate if self.fresh > self.before else None


Progress = Callable[[RunTally], None]


def settled(store: Store, block: int) -> Receipt | None:
    """Return the receipt of a block that needs nothing more; what failed as a whole is tried again."""
    receipt = store.receipt(block)
    return receipt if receipt is not None and not receipt.failure else None


def verify(store: Store) -> list[int]:
    """Compare every chunk with its receipt and take back the receipts that do not fit; return their blocks."""
    wrong = [block for block in range(store.blocks) if store.receipt(block) and not store.intact(block)]
    for block in wrong:
        store.revoke(block)
    return wrong


def do(setting: SweepSetting, store: Store, block: int, rows: Rows) -> Receipt:
    """Compute a block and store it; a block that is done stays as it is.

    Raises:
        StudyError: it cannot be stored.
    """
    before = settled(store, block)
    if before is not None:
        return before
    began = time.monotonic()
    failure = ""
    for _ in range(TRIES):
        try:
            computed = kernel.compute(setting, rows, store.block)
            return store.publish(block, computed.values, computed.bad, time.monotonic() - began)
        except StudyError:
            raise
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"[:500]
    return give_up(store, block, len(rows), failure, time.monotonic() - began)


def give_up(store: Store, block: int, runs: int, failure: str, seconds: float) -> Receipt:
    """Record that a block could not be computed: every run failed, and why.

    Raises:
        StudyError: it cannot be stored.
    """
    labels = store.manifest["labels"]
    empty = np.full((runs, *(len(labels[dim]) for dim in ("indicator", "year", "area"))), np.nan)
    return store.publish(block, empty, [Bad(run, FAILED, "") for run in range(runs)], seconds, failure)


def share(store: Store, part: Part) -> list[int]:
    """Return the blocks of a share."""
    number, count = part
    return list(range(number - 1, store.blocks, count))


def missing(setting: SweepSetting, store: Store, part: Part, tally: RunTally) -> Iterator[tuple[int, Rows]]:
    """Count the blocks of a share that are stored, then return what yields those that are still to be done."""
    rest = set[int]()
    for block in share(store, part):
        receipt = settled(store, block)
        if receipt is None:
            rest.add(block)
        else:
            tally.add(receipt, fresh=False)
    return _waiting(setting, store, rest)


def _waiting(setting: SweepSetting, store: Store, rest: set[int]) -> Iterator[tuple[int, Rows]]:
    if rest:
        yield from (entry for entry in drawn.blocks(store.folder / drawn.FILE, setting.design) if entry[0] in rest)


def run(
    setting: SweepSetting, store: Store, *, part: Part = (1, 1), progress: Progress = lambda tally: None,
    stopped: Callable[[], bool] = lambda: False,
) -> RunTally:
    """Do the blocks of a share on this machine.

    Args:
        setting: what runs.
        store: where to.
        part: the share.
        progress: called when what is stored has been counted, and after every block.
        stopped: asked after every block whether to stop there.

    Raises:
        StudyError: the store does not take files, or is full.
    """
    tally = RunTally(sum(store.size(block) for block in share(store, part)))
    waiting = missing(setting, store, part, tally)
    progress(tally)
    for block, rows in waiting:
        tally.add(do(setting, store, block, rows), fresh=True)
        progress(tally)
        if stopped():
            break
    return tally
