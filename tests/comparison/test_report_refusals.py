"""What a report cannot be written to, or with, is said before anything runs, and nothing half-written stays."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from xiancheng.comparison import report
from xiancheng.comparison.comparison import Comparison
from xiancheng.errors import MissingFont, MissingPart, StudyError
from xiancheng.outputs import fonts


@pytest.mark.parametrize(("name", "hint"), [("x.htm", ".html"), ("x", ".docx"), ("x.doc", ".docx"), ("x.zip", ".pdf")])
def test_an_unknown_form_is_refused_with_those_there_are(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(StudyError, match=hint):
        report.refuse(tmp_path / name, "en")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="nowhere"):
        report.refuse(tmp_path / "nowhere" / "x.html", "en")


def test_a_file_that_stands_there_is_kept(tmp_path: Path, pair: Comparison) -> None:
    file = tmp_path / "mine.html"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError):
        pair.report(file)
    assert file.read_text(encoding="utf-8") == "mine"
    report.refuse(file, "en", force=True)


@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_without_a_font_that_holds_the_letters_nothing_is_drawn(
    tmp_path: Path, pair: Comparison, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    with pytest.raises(MissingFont, match="fonts-noto-cjk"):
        pair.report(tmp_path / f"x{suffix}", "zh")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".html", ".xlsx"])
def test_forms_that_readers_draw_need_no_font(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    report.refuse(tmp_path / f"x{suffix}", "zh")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("suffix", "module"), [
    (".html", "vl_convert"), (".docx", "docx"), (".xlsx", "xlsxwriter"), (".pdf", "fpdf"),
])
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, module: str
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(report, "find_spec", lambda name: None if name == module else known(name))
    with pytest.raises(MissingPart, match=r"xiancheng\[report\]"):
        report.refuse(tmp_path / f"x{suffix}", "en")


@pytest.mark.parametrize("suffix", report.FORMS)
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, pair: Comparison, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    file = tmp_path / f"x{suffix}"
    file.write_bytes(b"before")
    written = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        written(path, content[: len(content) // 2])
        if content:
            raise OSError(28, "No space left on device")
        return 0

    monkeypatch.setattr(report, "import_module", lambda name: type("Short", (), {"content": lambda told: b"a report"}))
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StudyError):
        pair.report(file, "en", force=True)
    monkeypatch.undo()
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    assert file.read_bytes() == b"before"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_takes_no_files_is_refused_before_anything_runs(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StudyError):
        report.refuse(tmp_path / "x.html", "en")
    tmp_path.chmod(0o700)
