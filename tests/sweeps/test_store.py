"""Receipts are the only state: whatever happens, nothing is lost, nothing is done twice, nothing is silent."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from miniature import Write, mini_study

from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.sweeps import design, drawn, journey, kernel, reading, work
from xiancheng.sweeps.journey import SweepPlan
from xiancheng.sweeps.store import Store, opened

RUNS = 'scenarios = ["baseline", "stay"]\nmembers = 5\nblock = 16'
"""40 runs: two whole blocks and a short one."""
Begin = Callable[[str], tuple[SweepPlan, Store]]


@pytest.fixture
def begin(mini: Study, write: Write, tmp_path: Path) -> Begin:
    """Begin the same sweep in a store of that name."""
    asked = design.read(mini, write("n = 20", RUNS))
    ready = journey.plan(mini, asked)
    return lambda name: (ready, journey.begin(ready, tmp_path / name))


def chunks(there: Store) -> dict[str, bytes]:
    """Every chunk by its place."""
    folder = there.folder / "values"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("c/*/0/0/0")}


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each call of the kernel computed."""
    calls: list[int] = []
    compute = kernel.compute

    def counted(setting: Any, rows: Any, size: int) -> Any:
        calls.append(len(rows))
        return compute(setting, rows, size)

    monkeypatch.setattr(kernel, "compute", counted)
    return calls


def test_the_same_command_does_what_is_missing_and_no_more(begin: Begin, computed: list[int]) -> None:
    """Stopped after a block, it goes on with exactly the others, and all bits are those of an uninterrupted sweep."""
    ready, whole = begin("whole")
    work.run(ready.setting, whole)
    ready, there = begin("stopped")
    assert work.run(ready.setting, there, stopped=lambda: True).done == 16
    assert (reading.status(there) == kernel.ABSENT).sum() == 24
    computed.clear()
    told: list[tuple[int, bool, bool]] = []
    tally = work.run(ready.setting, begin("stopped")[1], progress=lambda tally: told.append(
        (tally.done, tally.is_compiling, tally.left is None)))
    assert told == [(16, True, True), (32, False, True), (40, False, False)]
    assert computed == [16, 8]
    assert (tally.done, tally.fresh, tally.total) == (40, 24, 40)
    assert chunks(there) == chunks(whole)
    computed.clear()
    work.run(ready.setting, there)
    assert computed == []


def test_the_rate_leaves_the_first_blocks_out(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """They compile: one of each lane tells nothing about the rest."""
    ready, there = begin("whole")
    work.run(ready.setting, there)
    receipt = next(reading.receipts(there))
    for lanes, rates in ((1, [0, 16 / 50, 32 / 60]), (2, [0, 0, 16 / 10])):
        tally = work.RunTally(total=64, lanes=lanes)
        for time, rate in zip((100.0, 150.0, 160.0), rates, strict=True):
            monkeypatch.setattr(work.time, "monotonic", lambda now=time: now)
            tally.add(receipt, fresh=True)
            assert tally.rate == pytest.approx(rate)
        assert tally.left == pytest.approx(16 / rates[-1])


def test_shares_of_one_store_make_the_same_sweep(begin: Begin) -> None:
    ready, whole = begin("whole")
    work.run(ready.setting, whole)
    ready, there = begin("shares")
    second = work.run(ready.setting, there, part=(2, 2))
    assert (second.total, second.done) == (16, 16)
    work.run(ready.setting, there, part=(1, 2))
    assert chunks(there) == chunks(whole)


def test_an_absent_run_is_never_a_number(begin: Begin) -> None:
    """Looking at it is refused; the others can be chosen by their status."""
    ready, there = begin("partly")
    work.run(ready.setting, there, part=(1, 2))
    found = reading.dataset(there.folder)
    with pytest.raises(StudyError, match="16 runs are not there yet, the first of them 16"):
        _ = found["residents"].values
    some = found.isel(run=found["status"].values == kernel.OK)
    assert some["residents"].shape == (24, 4, 7)
    assert np.isfinite(some["residents"].values).all()


def test_parts_of_a_dataset_are_read_alone(begin: Begin) -> None:
    ready, there = begin("whole")
    work.run(ready.setting, there)
    found = reading.dataset(there.folder)["residents"]
    whole = found.values
    assert np.array_equal(found.isel(run=[30, 2, 17], area=1).values, whole[[30, 2, 17], :, 1])
    assert np.array_equal(found.sel(run=slice(10, 20), year=2030).values, whole[10:21, 2])
    assert found.isel(run=5, year=-1, area=0).values == whole[5, -1, 0]


@pytest.mark.parametrize("harm", ["flipped byte", "shortened", "deleted chunk", "torn receipt", "deleted receipt"])
def test_a_damaged_block_is_found_and_done_again(begin: Begin, computed: list[int], harm: str) -> None:
    """Alone: every other block stays as it is. A flipped byte is an error when it is read, never another number."""
    ready, there = begin("harmed")
    work.run(ready.setting, there)
    before = chunks(there)
    chunk = there.folder / "values" / "c" / "1" / "0" / "0" / "0"
    receipt = there.folder / "done" / "00000001.json"
    content = bytearray(chunk.read_bytes())
    if harm == "flipped byte":
        content[len(content) // 2] ^= 1
        chunk.write_bytes(bytes(content))
        with pytest.raises(StudyError, match="damaged"):
            _ = reading.dataset(there.folder)["residents"].values
    elif harm == "shortened":
        chunk.write_bytes(bytes(content[:-7]))
    elif harm == "torn receipt":
        receipt.write_bytes(receipt.read_bytes()[:40])
    else:
        (chunk if harm == "deleted chunk" else receipt).unlink()
    wrong = work.verify(there)
    assert wrong == ([1] if harm == "flipped byte" else [])
    computed.clear()
    work.run(ready.setting, there)
    assert computed == [16]
    assert chunks(there) == before


def test_a_changed_constant_refuses_to_go_on_and_says_what_differs(root: Path, write: Write, tmp_path: Path) -> None:
    study = mini_study(root, tmp_path / "mini")
    file = write("n = 20", RUNS)
    folder = tmp_path / "store"
    ready = journey.plan(study, design.read(study, file))
    journey.begin(ready, folder)
    table = study.blocks / "parameters.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.006", "0.0061"), encoding="utf-8")
    again = Study(study.root)
    with pytest.raises(StudyError, match="differs in tables · allowed"):
        journey.begin(journey.plan(again, design.read(again, file)), folder)
    other = design.read(study, file, {"sampling": {"seed": 2}})
    with pytest.raises(StudyError, match="differs in seed, drawn design"):
        journey.begin(journey.plan(study, other), folder)


def test_a_folder_with_something_else_is_left_alone(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(StudyError, match="holds something else"):
        begin("mine")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_run_without_a_number_is_a_result_that_says_where(
    mini: Study, write: Write, tmp_path: Path, begin: Begin
) -> None:
    """Grant over a scale of 0: not a number from the start; the runs beside it are as they were."""
    asked = design.read(mini, write("n = 20", RUNS))
    lines = b"".join(drawn.lines(asked)).decode().splitlines()
    cells = lines[4].split(",")
    lines[4] = ",".join([*cells[:2], "0.0", *cells[3:5], "0.0", *cells[6:]])
    own = tmp_path / "own.csv"
    own.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ready = journey.plan(mini, asked, own=own)
    there = journey.begin(ready, tmp_path / "nan")
    tally = work.run(ready.setting, there)
    assert tally.bad == 1
    bad = next(reading.receipts(there)).bad[0]
    assert (bad.run, bad.status, bad.variable, bad.place[:1]) == (3, kernel.NAN, "residents", "p")
    assert bad.date.startswith("202")
    found = reading.dataset(there.folder)
    assert np.isnan(found["residents"].sel(run=3).values).all()
    ready, whole = begin("whole")
    work.run(ready.setting, whole)
    others = [run for run in range(40) if run != 3]
    same = reading.dataset(whole.folder)["residents"].isel(run=others).values
    assert np.array_equal(found["residents"].isel(run=others).values, same)


def test_what_fails_is_tried_three_times_and_then_recorded(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of the sweep goes on; the same command tries the failed block again."""
    ready, there = begin("failing")
    compute, tries = kernel.compute, []

    def failing(setting: Any, rows: Any, size: int) -> Any:
        if len(rows) == 8:
            tries.append(1)
            raise MemoryError("no more")
        return compute(setting, rows, size)

    monkeypatch.setattr(kernel, "compute", failing)
    tally = work.run(ready.setting, there)
    assert (len(tries), tally.done, tally.bad) == (3, 40, 8)
    assert list(reading.status(there)[-8:]) == [kernel.FAILED] * 8
    assert list(reading.receipts(there))[-1].failure == "MemoryError: no more"
    monkeypatch.setattr(kernel, "compute", compute)
    assert work.run(ready.setting, there).bad == 0


@contextmanager
def small_files() -> Iterator[None]:
    """Let the process write no file above a few bytes, as if the disk were full.

    Only while the block lasts: the output of the tests may go to a file too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_leaves_no_half_block(begin: Begin) -> None:
    ready, there = begin("full")
    with small_files(), pytest.raises(StudyError, match="File too large"):
        work.run(ready.setting, there)
    assert not chunks(there)
    assert not list(reading.receipts(there))
    assert not [file for file in (there.folder / ".aside").iterdir() if file.name != "sweep.json"]


def test_a_sweep_that_does_not_fit_is_refused_before_it_starts(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(journey, "free_space", lambda folder: 1000)
    with pytest.raises(StudyError, match="are free"):
        begin("large")
    assert not (tmp_path / "large").exists()


def test_replay_gives_a_run_again_to_the_bit(begin: Begin, mini: Study) -> None:
    ready, there = begin("whole")
    work.run(ready.setting, there)
    for run in (0, 17, 39):
        block, position = divmod(run, there.block)
        assert np.array_equal(journey.replay(mini, there, run), there.read(block)[position])
    with pytest.raises(StudyError, match="no run 40"):
        journey.replay(mini, there, 40)


def test_a_manifest_names_no_place_of_the_machine(begin: Begin, tmp_path: Path, mini: Study) -> None:
    _, there = begin("whole")
    told = json.dumps(dict(opened(there.folder).manifest))
    assert str(tmp_path) not in told
    assert str(mini.root) not in told


def test_no_design_takes_more_than_a_few_bytes_a_run(begin: Begin) -> None:
    """The size said before the start is an upper bound of what is written."""
    ready, there = begin("whole")
    work.run(ready.setting, there)
    assert sum(file.stat().st_size for file in there.folder.rglob("*") if file.is_file()) < ready.size + 20_000
    assert replace(ready.setting.design, n=1000).runs == 2000
