"""The blocks of a sweep on a running Dask cluster: every worker writes its own chunks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from xiancheng.errors import MissingPart, Problem, StudyError
from xiancheng.study import Study
from xiancheng.sweeps import journey, work
from xiancheng.sweeps.setting import Rows, SweepSetting
from xiancheng.sweeps.store import Store, opened
from xiancheng.sweeps.work import TRIES, Part, Progress, RunTally
from xiancheng.texts import phrase

_WAIT = 10
"""Seconds to wait for a scheduler."""
_AHEAD = 2
"""Blocks in the queue of each thread of the cluster."""
_ONE_AT_A_TIME = threading.Lock()
"""A block takes all cores of its process already."""

Answer = tuple[str, Any]


def run(
    setting: SweepSetting, store: Store, address: str, *, part: Part = (1, 1), progress: Progress = lambda tally: None,
    stopped: Callable[[], bool] = lambda: False,
) -> RunTally:
    """Do the blocks of a share on a cluster; study and store lie where every worker sees them under the same path.

    Args:
        setting: what runs.
        store: where to.
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        part: the share.
        progress: called when what is stored has been counted, and after every block.
        stopped: asked after every block whether to stop there.

    Raises:
        MissingPart: dask.distributed is not installed.
        StudyError: no scheduler answers, or a worker has another study or other programs.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise MissingPart("sweep", "dask.distributed") from error
    tally = RunTally(sum(store.size(block) for block in work.share(store, part)))
    waiting = work.missing(setting, store, part, tally)
    progress(tally)
    root, folder = str(setting.study.root.resolve()), str(store.folder.resolve())
    tries: dict[Any, tuple[int, int, Rows]] = {}
    with _client(Client, address) as client:
        queue: Any = as_completed([], loop=client.loop)  # type: ignore[no-untyped-call]

        def send(block: int, rows: Rows, count: int) -> None:
            future = client.submit(block_on_worker, root, folder, block, rows, pure=False)
            tries[future.key] = (count, block, rows)
            queue.add(future)

        tally.lanes = max(sum(client.nthreads().values()), 1)
        ahead = _AHEAD * tally.lanes
        for _, (block, rows) in zip(range(ahead), waiting, strict=False):
            send(block, rows, 1)
        for future in queue:
            count, block, rows = tries.pop(future.key)
            if future.status == "error" and count < TRIES:
                send(block, rows, count + 1)
                continue
            tally.add(_received(store, block, rows, future), fresh=True)
            progress(tally)
            following = None if stopped() else next(waiting, None)
            if following is not None:
                send(*following, 1)
    return tally


def _client(kind: Any, address: str) -> Any:
    try:
        return kind(address, timeout=_WAIT, set_as_default=False)
    except (OSError, ValueError) as error:
        sentence, allowed = phrase("sweep.no_scheduler", address=address), phrase("sweep.no_scheduler_allowed")
        raise StudyError(Problem("--dask", sentence, allowed)) from error


def _received(store: Store, block: int, rows: Rows, future: Any) -> Any:
    if future.status == "error":
        error = future.exception()
        return work.give_up(store, block, len(rows), f"{type(error).__name__}: {error}"[:500], 0.0)
    kind, content = future.result()
    if kind == "problems":
        raise StudyError(content)
    return content


def block_on_worker(root: str, folder: str, block: int, rows: Rows) -> Answer:
    """Do one block where the worker is; problems come back as they are, because they are the user's to solve."""
    with _ONE_AT_A_TIME:
        try:
            setting, store = _there(root, folder, opened(Path(folder)).identity)
            return "receipt", work.do(setting, store, block, rows)
        except StudyError as error:
            return "problems", error.problems


@lru_cache(maxsize=2)
def _there(root: str, folder: str, identity: str) -> tuple[SweepSetting, Store]:
    """Return what a worker needs, made once for each sweep; `identity` is part of the call."""
    store = opened(Path(folder))
    return journey.resumed(Study(Path(root)), store), store
