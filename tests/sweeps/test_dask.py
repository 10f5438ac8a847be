"""On a Dask cluster a sweep gives the same bits as on one machine, also when a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest
from miniature import Write

from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.sweeps import cluster, design, journey, reading, work
from xiancheng.sweeps.work import RunTally

RUNS = 'scenarios = ["baseline", "stay"]\nmembers = 5\nblock = 16'


@pytest.fixture
def two_workers() -> Iterator[Any]:
    """Two worker processes, spawned, one thread each."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=60
    ) as local:
        yield local


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_killed_worker_changes_nothing(mini: Study, write: Write, tmp_path: Path, two_workers: Any) -> None:
    """One of two workers is killed on the way; what was stored counts first, the rest is done as on one machine."""
    asked = design.read(mini, write("n = 100", RUNS))
    local = journey.done(mini, asked, tmp_path / "local")
    ready = journey.plan(mini, asked)
    there = journey.begin(ready, tmp_path / "dask")
    assert work.run(ready.setting, there, part=(1, 7)).done == 32
    told: list[int] = []
    victims = [worker.pid for worker in two_workers.workers.values() if worker.pid][:1]

    def progress(tally: RunTally) -> None:
        told.append(tally.done)
        if victims and tally.done >= 64:
            os.kill(victims.pop(), signal.SIGKILL)

    tally = cluster.run(ready.setting, there, two_workers.scheduler_address, progress=progress)
    assert not victims
    assert told == sorted(told)
    assert told[0] == 32
    assert (tally.done, tally.bad) == (200, 0)
    assert [one.sha256 for one in reading.receipts(there)] == [one.sha256 for one in reading.receipts(local)]
    assert all(there.intact(block) for block in range(there.blocks))


def test_a_scheduler_that_does_not_answer_is_said(
    mini: Study, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_WAIT", 0.5)
    ready = journey.plan(mini, design.read(mini, write("n = 20", RUNS)))
    there = journey.begin(ready, tmp_path / "dask")
    with pytest.raises(StudyError, match="no Dask scheduler answers"):
        cluster.run(ready.setting, there, "tcp://127.0.0.1:9")


def test_a_worker_with_another_study_says_what_differs(mini: Study, write: Write, tmp_path: Path, root: Path) -> None:
    """What is the user's to solve comes back as it is."""
    ready = journey.plan(mini, design.read(mini, write("n = 20", RUNS)))
    there = journey.begin(ready, tmp_path / "dask")
    import shutil

    other = Path(shutil.copytree(mini.root, tmp_path / "other"))
    table = other / "model" / "tables" / "blocks" / "parameters.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.006", "0.0062"), encoding="utf-8")
    rows = ready.setting.design
    from xiancheng.sweeps import drawn

    kind, problems = cluster.block_on_worker(
        str(other), str(there.folder), 0, drawn.block_of(there.folder / drawn.FILE, rows, 0)
    )
    assert kind == "problems"
    assert "differs in tables" in str(problems[0])
