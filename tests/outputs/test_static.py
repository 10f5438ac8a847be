"""The figure: drawn in the reader's language, in a font that holds every character, else in English with a word."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from xiancheng.engine import keeping
from xiancheng.outputs import fonts, static


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for what is kept, so that figures are drawn here."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_character_becomes_a_box(found: xr.Dataset, tmp_path: Path, language: str) -> None:
    """A glyph that is missing is a warning of matplotlib, and a warning fails a test."""
    static.save(found, tmp_path / "x.png", language)
    assert (tmp_path / "x.png").stat().st_size > 20_000


def test_a_title_that_no_font_holds_gives_way(
    found: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    named = found.assign_attrs(title_en="Baseline + in_situ_settlement=3:莘县")
    static.save(named, tmp_path / "x.png", "en")


def test_without_a_chinese_font_the_figure_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    assert static.language_of_labels("zh") == ("en", None)
    assert static.note_on_fonts("zh") is not None
    assert static.note_on_fonts("en") is None


def test_a_sign_that_a_font_lacks_does_not_make_labels_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts of Chinese letters lack some signs that only a screen shows; letters alone count."""
    monkeypatch.setattr(fonts, "family_for", lambda characters: "font" if characters.isalpha() else None)
    assert static.language_of_labels("zh") == ("zh", "font")


def test_a_font_of_last_resort_is_no_font() -> None:
    box = dict.fromkeys(range(0x4E00, 0x4F00), 7)
    real = {code: code for code in range(0x4E00, 0x4F00)}
    wanted = set(range(0x4E00, 0x4E40))
    assert not fonts._holds(box, wanted)
    assert fonts._holds(real, wanted)


def test_latin_text_finds_a_font_anywhere() -> None:
    assert fonts.family_for("abc 123") is not None


def test_a_run_without_migration_still_gives_a_figure(found: xr.Dataset, tmp_path: Path) -> None:
    static.save(found[["residents"]], tmp_path / "x.png", "en")


def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the title of each figure that is drawn."""
    draw, titles = static.draw, list[str]()
    monkeypatch.setattr(static, "draw", lambda *parts: titles.append(parts[2]) or draw(*parts))
    return titles


def test_the_same_figure_is_drawn_once(found: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = drawings(monkeypatch)
    for _ in range(2):
        static.save(found, tmp_path / "x.png", "en")
        content = (tmp_path / "x.png").read_bytes()
    assert len(titles) == 1
    static.save(found, tmp_path / "y.png", "en", list(map(str, found.data_vars))[1:3])
    static.save(found.assign_attrs(title_en="Other"), tmp_path / "y.png", "en")
    name = str(next(iter(found.data_vars)))
    static.save(found.assign({name: found[name] * 2}), tmp_path / "y.png", "en")
    assert len(titles) == 4
    assert (tmp_path / "x.png").read_bytes() == content != (tmp_path / "y.png").read_bytes()


def test_a_damaged_figure_is_drawn_again(
    found: xr.Dataset, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = drawings(monkeypatch)
    static.save(found, tmp_path / "x.png", "en")
    (file,) = kept.glob("figures-*/*")
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(bytes(content))
    static.save(found, tmp_path / "y.png", "en")
    assert len(titles) == 2
    assert (tmp_path / "x.png").read_bytes() == (tmp_path / "y.png").read_bytes()
