"""Compilers are told how to make loops only where all that are installed know it; else one might end the process."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator

import pytest

from xiancheng.engine import devices

OPTION = "xla_backend_extra_options"


@pytest.fixture(autouse=True)
def told_anew() -> Iterator[None]:
    devices._knows_loops.cache_clear()
    yield
    devices._knows_loops.cache_clear()


def flags(monkeypatch: pytest.MonkeyPatch, before: str = "") -> str:
    monkeypatch.setenv("XLA_FLAGS", before)
    devices.import_jax()
    return devices.os.environ["XLA_FLAGS"]


def test_another_version_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.metadata, "version", lambda name: "0.10.1")
    assert OPTION not in flags(monkeypatch)


@pytest.mark.parametrize("name", devices._OTHERS)
def test_beside_another_compiler_none_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(devices.metadata, "version", lambda other: devices._KNOWING[0])
    monkeypatch.setattr(importlib.util, "find_spec", lambda module: object() if module == name else None)
    assert OPTION not in flags(monkeypatch)


def test_what_a_user_says_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    own = f"--{OPTION}=-force-vector-interleave=2 --xla_force_host_platform_device_count=1"
    assert flags(monkeypatch, own) == own


def test_a_version_that_knows_the_options_is_told_once_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.metadata, "version", lambda name: devices._KNOWING[0])
    monkeypatch.setattr(importlib.util, "find_spec", lambda module: None)
    written = flags(monkeypatch)
    assert all(option in written for option in devices._LOOPS)
    assert flags(monkeypatch, written) == written


def test_the_compiler_here_knows_what_it_is_told() -> None:
    code = "from xiancheng.engine.devices import import_jax; print(import_jax().jit(lambda x: x + 1)(1.0))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "2.0"), ended.stderr
