"""What an optional part is asked for without being installed is told with the extra that brings it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xiancheng import cli
from xiancheng.cli.outcome import MISSING_PART
from xiancheng.engine import reference, xmile
from xiancheng.errors import MissingPart
from xiancheng.outputs import files, fonts, static
from xiancheng.sweeps import chunks, draw

SMALL = "apples = 1 ~ ~ |\nINITIAL TIME = 0 ~ ~ |\nFINAL TIME = 1 ~ ~ |\nTIME STEP = 1 ~ ~ |\nSAVEPER = 1 ~ ~ |\n"
CALLS: dict[str, tuple[Callable[[Path], Any], str, tuple[str, ...]]] = {
    "another engine": (lambda folder: reference.run(folder / "small.mdl", outputs=["apples"]), "reference", ("pysd",)),
    "a model of XMILE": (lambda folder: xmile._section(folder / "small.xmile", None), "reference",
                         ("pysd", "pysd.translators.xmile.xmile_section")),
    "fonts of a figure": (lambda folder: fonts._entry({1}), "plots", ("matplotlib",)),
    "a store": (lambda folder: chunks.description({"indicator": [], "year": [], "area": []}, 1, 1, "float64"), "sweep",
                ("zarr", "zarr.storage")),
    "draws of Morris": (lambda folder: draw._whole(draw.MORRIS, 4, 2, 1, 4), "sweep", ("SALib", "SALib.sample")),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_missing_part_names_its_extra(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call, extra, modules = CALLS[name]
    (tmp_path / "small.mdl").write_text("{UTF-8}\n" + SMALL, encoding="utf-8")
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPart, match=rf"pip install 'xiancheng\[{extra}\]'"):
        call(tmp_path)


def test_the_command_line_tells_it_in_one_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    assert cli.main(["--lang", "zh", "serve"]) == MISSING_PART
    said = capsys.readouterr().err
    assert "pip install 'xiancheng[web]'" in said
    assert "installed" not in said


def test_a_figure_is_left_out_where_none_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert files.usual() == files.SUFFIXES
    monkeypatch.setattr(static, "find_spec", lambda name: None)
    assert files.usual() == (files.NETCDF, files.CSV)
