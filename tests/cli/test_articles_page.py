"""`articles`: the pages of the docs are what the verb writes; one article, rows, and wrong numbers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.calls import Call

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("language", "page"), [("en", "articles.md"), ("zh", "articles.zh.md")])
def test_the_page_is_what_the_verb_writes(call: Call, tmp_path: Path, language: str, page: str) -> None:
    """`xiancheng articles --lang LANGUAGE -o docs/PAGE` writes it anew."""
    assert call("articles", "-o", str(tmp_path / page), "--lang", language).code == 0
    assert (tmp_path / page).read_bytes() == (ROOT / "docs" / page).read_bytes()


def test_one_article_is_asked_for_by_its_number_in_either_case(call: Call) -> None:
    assert "refuge" in call("articles", "14", "--lang", "en").out
    assert call("articles", "ix", "--lang", "zh").out == call("articles", "IX", "--lang", "zh").out
    assert call("articles", "24").code == 3


def test_a_target_that_the_text_fixes_is_called_binding(call: Call) -> None:
    rows = json.loads(call("articles", "14", "--format", "json", "--lang", "en").out)
    assert any("2035, binding" in row["targets"] for row in rows)
    assert {row["article"] for row in rows} == {"14"}


def test_rows_of_a_file_have_one_set_of_columns(call: Call) -> None:
    table = list(csv.DictReader(io.StringIO(call("articles", "--format", "csv", "--lang", "zh").out.lstrip("\ufeff"))))
    assert {row["article"] for row in table} >= {"1", "23"}
    assert all(row["clause"] or (row["not_modelled"] and row["reason"]) for row in table)


def test_a_page_is_written_as_markdown_alone(call: Call, tmp_path: Path) -> None:
    assert call("articles", "-o", str(tmp_path / "page.docx")).code == 3
