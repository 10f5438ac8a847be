"""Processes are killed at any moment: what they had finished stays, the rest is done once, the numbers are the same."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from miniature import FACTORS, WORDS

from xiancheng.study import Study
from xiancheng.sweeps import design, journey, reading, work
from xiancheng.sweeps.store import opened

DRIVER = Path(__file__).with_name("driver.py")
SAMPLING = "\n[sampling]\nn = 600\n\n[runs]\nblock = 16\n"
"""600 runs in 38 blocks, the last one short."""
LONGEST = 120


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kills") / "kills.toml"
    file.write_text(WORDS + SAMPLING + FACTORS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def sha(mini: Study, told: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sha256 of all chunks of a sweep that nobody disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    journey.done(mini, design.read(mini, told), folder)
    return sha_of(folder)


def sha_of(folder: Path) -> str:
    """The sha256 of all chunks, each of which fits its receipt."""
    there = opened(folder)
    assert all(there.intact(block) for block in range(there.blocks))
    assert (reading.status(there) == "ok").all()
    total = hashlib.sha256()
    for block in range(there.blocks):
        total.update((folder / "values" / "c" / str(block) / "0" / "0" / "0").read_bytes())
    return total.hexdigest()


def started(study: Study, told: Path, folder: Path, *part: str) -> subprocess.Popen[bytes]:
    """Start a sweep in a process of its own."""
    command = [sys.executable, str(DRIVER), str(study.root), str(told), str(folder), *part]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def receipts(folder: Path) -> int:
    """How many blocks have a receipt."""
    return len(list((folder / "done").glob("*.json"))) if (folder / "done").is_dir() else 0


def killed_after(process: subprocess.Popen[bytes], folder: Path, blocks: int) -> None:
    """Kill a process as soon as so many blocks are done."""
    began = time.monotonic()
    while receipts(folder) < blocks and process.poll() is None and time.monotonic() - began < LONGEST:
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def killed_often(study: Study, told: Path, folder: Path, kills: int) -> None:
    """Kill the sweep again and again; each time the blocks that were done are still there, untouched."""
    times: dict[str, int] = {}
    step = 36 // kills
    for kill in range(kills):
        killed_after(started(study, told, folder), folder, step * (kill + 1))
        now = {file.name: file.stat().st_mtime_ns for file in (folder / "done").glob("*.json")}
        assert times.items() <= now.items()
        times = now
    ready = journey.plan(study, design.read(study, told))
    tally = work.run(ready.setting, journey.begin(ready, folder))
    assert tally.done == 600
    assert tally.fresh == 600 - sum(min(16, 600 - 16 * int(name[:8])) for name in times)


def test_three_kills_lose_nothing_and_do_nothing_twice(mini: Study, told: Path, sha: str, tmp_path: Path) -> None:
    killed_often(mini, told, tmp_path / "store", 3)
    assert sha_of(tmp_path / "store") == sha


@pytest.mark.study
def test_twenty_kills_lose_nothing_and_do_nothing_twice(mini: Study, told: Path, sha: str, tmp_path: Path) -> None:
    killed_often(mini, told, tmp_path / "store", 20)
    assert sha_of(tmp_path / "store") == sha


def test_two_processes_on_one_store_make_one_sweep(mini: Study, told: Path, sha: str, tmp_path: Path) -> None:
    """Two shares at once, both of which may be the first to make the store."""
    both = [started(mini, told, tmp_path / "store", part, "2") for part in "12"]
    ends = [process.communicate(timeout=LONGEST) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert sha_of(tmp_path / "store") == sha


@pytest.mark.study
def test_two_processes_with_the_same_blocks_make_one_sweep(mini: Study, told: Path, sha: str, tmp_path: Path) -> None:
    both = [started(mini, told, tmp_path / "store") for _ in "12"]
    ends = [process.communicate(timeout=LONGEST) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert sha_of(tmp_path / "store") == sha
