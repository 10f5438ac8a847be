"""The command line as a person meets it: another folder, no engine, what it wrote to both streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import synthetic
import xarray as xr
from calls import Answer, Call

from xiancheng.cli import main
from xiancheng.engine import read as reader
from xiancheng.model import build
from xiancheng.outputs import again


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Call the command line in an empty folder; runs are synthetic."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(build, "simulate", _simulate)
    monkeypatch.setattr(again, "result", _never_kept)
    monkeypatch.setattr(reader, "read", _read_once)

    def answer(*words: str) -> Answer:
        capfdbinary.readouterr()
        code = main(list(words))
        out, err = capfdbinary.readouterr()
        return Answer(code, out.decode("utf-8"), err.decode("utf-8"))

    return answer


def _never_kept(
    _built: build.BuiltRun, _asked: Any, _engine: str, make: Callable[[], xr.Dataset], _again: Any = None
) -> xr.Dataset:
    """Make every result: a synthetic one must not lie where a person's next run would find it."""
    return make()


def _simulate(
    built: build.BuiltRun, *, variables: Sequence[str] | None = None, engine: str = "", progress: Any = None
) -> xr.Dataset:
    for step in range(1, 101) if progress else ():
        progress(step / 100)
    key = (built.start, built.end, len(built.places))
    if key not in _RUNS:
        _RUNS[key] = synthetic.run(built)
    return _RUNS[key]


_RUNS: dict[tuple[int, int, int], xr.Dataset] = {}
_MODELS: dict[str, Any] = {}


def _read_once(path: Path | str, text: str | None = None) -> Any:
    """Read equations once for all tests: it takes seconds, and what is tested here is what is said about them."""
    content = Path(path).read_text(encoding="utf-8") if Path(path).is_file() else str(path)
    if content not in _MODELS:
        _MODELS[content] = _READ(path, text)
    return _MODELS[content]


_READ = reader.read
