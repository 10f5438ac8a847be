"""What `show` says of levers, indicators, assumptions and scenarios in a language has no words of the other one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from xiancheng.cli.session import Session
from xiancheng.cli.show import Sheet, sheets_of
from xiancheng.outputs import indicators
from xiancheng.scenarios import assumptions, levers, scenario
from xiancheng.texts import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
CODES = {"variable", "formula", "levers", "assumptions", "file", "table", "own_indicator", "range", "baseline",
         "also_called", "equation"}
"""Columns of ids and equations, and names of the columns of a table, which have no language."""
CITED = {"source", "target"}
"""Columns of sources: titles of works stay in their own language; Chinese or its marks of a title is all they need."""
LATIN = {"IX", "exp", "min", "ln", "BMC", "Geriatrics", "evidence", "md", "csv", "A6", "CO2", "MODIS",
         "P90", "P10", "CEADs", "all", "poles", "core", "circle"}
"""A part of the policy text, functions, units, data sets, a journal, files, the words for groups of places."""
KINDS = {"lever": levers.read, "indicator": indicators.read, "assumption": assumptions.read,
         "scenario": scenario.files}


def written(language: str, kind: str) -> Iterable[tuple[str, Sheet]]:
    session = Session(language, ROOT)
    for name in KINDS[kind](session.study):
        yield name, next(sheet for sheet in sheets_of(session, name) if sheet[0][0] == kind)


def known(language: str) -> set[str]:
    """Ids that a text may name, those of indicators of old among them, and files."""
    study = Session(language, ROOT).study
    tables = {file.stem for room in ("scenarios", "outputs", "model") for file in (ROOT / room).rglob("*.csv")}
    gone = {"flood_expected", "response_adequacy"}
    return {*levers.read(study), *indicators.read(study), *gone, *tables, "unsourced_figures", "naive_2035"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_in_chinese_has_latin_words_only_for_ids_units_and_works(kind: str) -> None:
    allowed = LATIN | known("zh")
    foreign = [
        (name, column, word)
        for name, sheet in written("zh", kind) for column, words in sheet[1:] if column not in CODES | CITED
        for word in re.findall(r"[A-Za-z][A-Za-z0-9_]+", words) if word not in allowed
    ]
    assert not foreign


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_in_chinese_says_something_in_chinese(kind: str) -> None:
    bare = [(name, words) for name, sheet in written("zh", kind) for column, words in sheet
            if column in CITED and words and not re.search("[一-龥《]", words)]
    assert not bare


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_in_english_has_no_chinese(kind: str) -> None:
    assert not [(name, column) for name, sheet in written("en", kind) for column, words in sheet
                if re.search("[一-龥]", words)]


def test_how_a_lever_acts_is_a_sentence_in_both_languages() -> None:
    for lever in levers.read(Session("en", ROOT).study).values():
        for language, stop in zip(LANGUAGES, ("。", "."), strict=True):
            assert lever.acts_on[language].endswith(stop), lever.id
            assert not re.search(r"[|\[]", lever.acts_on[language]), lever.id
