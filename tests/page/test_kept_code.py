"""Before the equations are read the page answers by the code that an earlier process kept, the same to the bit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xiancheng.engine import keeping, ready
from xiancheng.engine.labels import PlainRun
from xiancheng.model import build as builder
from xiancheng.outputs import result
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.web import simulator as simulators
from xiancheng.web.service import Service
from xiancheng.web.simulator import CompiledSimulator


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for what is kept, also of a study that is small and compiled fast."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setattr(keeping, "LONG", 0)
    monkeypatch.setattr(keeping, "LEAST_SECONDS", 0.0)
    _forget()
    yield tmp_path / "kept"
    _forget()


@pytest.fixture
def mini(root: Path, tmp_path: Path) -> Study:
    shutil.copytree(root / "tests" / "mini", tmp_path / "mini")
    return Study(tmp_path / "mini")


def _forget() -> None:
    """Forget what this process has read and compiled, as a new one has not."""
    ready._LOADED.clear()
    builder._program.cache_clear()


def _simulator(study: Study) -> CompiledSimulator:
    built = builder.build(study, scenario.read(study, "baseline"))
    reader = Reader.of(built)
    return CompiledSimulator(built, tuple(result.needed(study, list(reader.indicators), (), ())))


def _same(one: PlainRun, other: PlainRun) -> None:
    assert one.arrays.keys() == other.arrays.keys()
    np.testing.assert_array_equal(one.times, other.times)
    for name, (values, dims) in one.arrays.items():
        assert dims == other.arrays[name][1]
        np.testing.assert_array_equal(values, other.arrays[name][0])


def _no_equations(*arguments: Any) -> Any:
    raise AssertionError("the equations were read")


@pytest.mark.parametrize("setting", [(), ("grant=30000@2030",), ("tax_relief=0.5@2031",)])
def test_a_changed_lever_is_answered_before_the_equations_are_read(
    mini: Study, setting: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, first = scenario.from_settings(mini, setting), _simulator(mini)
    first.run(scenario.read(mini, "baseline"), {})
    ordinary = first.run(moved, {})
    _forget()
    with monkeypatch.context() as patched:
        patched.setattr(simulators.builder, "program", _no_equations)
        _same(_simulator(mini).run(moved, {}), ordinary)


def test_other_constants_are_run_by_the_equations(mini: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    calm = scenario.read(mini, "baseline")
    _simulator(mini).run(calm, {})
    _forget()
    second = _simulator(mini)
    with monkeypatch.context() as patched:
        patched.setattr(simulators.builder, "program", _no_equations)
        with pytest.raises(AssertionError, match="were read"):
            second.run(calm, {"grant scale": 9000.0})
    changed = second.run(calm, {"grant scale": 9000.0})
    assert changed.arrays.keys() == second.run(calm, {}).arrays.keys()


def test_code_that_is_damaged_or_of_other_equations_answers_nothing(mini: Study, shelf: Path) -> None:
    calm = scenario.read(mini, "baseline")
    ordinary = _simulator(mini).run(calm, {})
    for file in next(shelf.glob("ready-*")).glob("*.pickle"):
        whole = file.read_bytes()
        file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    _forget()
    again = _simulator(mini)
    assert ready.run_plain(again._call(again.built.parameters)) is None
    _same(again.run(calm, {}), ordinary)
    other = ready.Call(again.built.study.equations, again.built.text + " ", again.built.study.data_hash,
                       again.variables, again.built.parameters, float(again.built.start), "others")
    assert ready.run_plain(other) is None


def test_what_may_wait_reads_the_equations_once(mini: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    calm = scenario.read(mini, "baseline")
    ordinary = _simulator(mini).run(calm, {})
    _forget()
    second = _simulator(mini)
    second.run(calm, {})
    second.warm()
    with monkeypatch.context() as patched:
        patched.setattr(ready, "run_plain", _no_equations)
        _same(second.run(calm, {}), ordinary)
    assert isinstance(Service(second.built, second, Reader.of(second.built)).figures(calm).values, dict)
