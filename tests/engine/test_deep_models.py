"""A chain of equations may be as long as it likes, in as many threads as there are: nothing of the process is changed.

The interpreter's limit of nested calls belongs to all threads. A run that raised it and put it back took it from the
runs beside it, which then failed, and left it raised for good.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from xiancheng import engine
from xiancheng.errors import StudyError

LINKS = 400
"""Equations in a chain: evaluated inside each other they nest several thousand calls deep."""
THREADS = 8


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> engine.Program:
    links = [f"link {number} = link {number - 1} + rate ~ person ~ |" for number in range(1, LINKS + 1)]
    text = "\n".join([
        "{UTF-8}", "rate = 1 ~ person ~ |", "link 0 = stock ~ person ~ |", *links,
        f"stock = INTEG (link {LINKS} / patience, 1) ~ person ~ |", "patience = 100 ~ year ~ |",
        "INITIAL TIME = 0 ~ year ~ |", "FINAL TIME = 1 ~ year ~ |", "TIME STEP = 1 ~ year ~ |",
        "SAVEPER = TIME STEP ~ year ~ |",
    ])
    file = tmp_path_factory.mktemp("deep") / "deep.mdl"
    file.write_text(text, encoding="utf-8")
    return engine.compile(file, outputs=["stock"], inputs=["rate"])


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collects every change of the limit of nested calls."""
    changes: list[int] = []
    monkeypatch.setattr(sys, "setrecursionlimit", changes.append)
    return changes


def expected(rate: float) -> np.ndarray:
    return np.array([1.0, 1.0 + (1.0 + LINKS * rate) / 100])


def test_a_run_leaves_the_limit_of_nested_calls_alone(program: engine.Program, limits: list[int]) -> None:
    engine.run(program, {"rate": 2.0}, backend="numpy")
    engine.run(program, {"rate": 2.0})
    assert limits == []


def test_eight_threads_run_a_model_of_a_long_chain_at_once(program: engine.Program) -> None:
    together = Barrier(THREADS)

    def run(number: int) -> list[np.ndarray]:
        together.wait()
        return [engine.run(program, {"rate": float(number)}, backend="numpy")["stock"].values for _ in range(3)]

    before = sys.getrecursionlimit()
    with ThreadPoolExecutor(THREADS) as threads:
        for number, results in enumerate(threads.map(run, range(THREADS))):
            for values in results:
                np.testing.assert_allclose(values, expected(number), rtol=1e-12)
    assert sys.getrecursionlimit() == before


def test_eight_threads_that_begin_compiled_runs_at_once_agree(program: engine.Program) -> None:
    together = Barrier(THREADS)

    def run(number: int) -> np.ndarray:
        together.wait()
        values: np.ndarray = engine.run(program, {"rate": 10.0 + number})["stock"].values
        return values

    with ThreadPoolExecutor(THREADS) as threads:
        for number, values in enumerate(threads.map(run, range(THREADS))):
            np.testing.assert_allclose(values, expected(10.0 + number), rtol=1e-12)


def test_a_loop_in_a_long_chain_is_still_told(tmp_path: Path) -> None:
    links = [f"link {number} = link {number - 1} ~ ~ |" for number in range(1, LINKS + 1)]
    file = tmp_path / "loop.mdl"
    controls = "INITIAL TIME = 0 ~ ~ |\nFINAL TIME = 1 ~ ~ |\nTIME STEP = 1 ~ ~ |\nSAVEPER = TIME STEP ~ ~ |"
    file.write_text("\n".join(["{UTF-8}", f"link 0 = link {LINKS} ~ ~ |", *links, controls]), encoding="utf-8")
    with pytest.raises(StudyError, match="algebraic loop"):
        engine.compile(file)
