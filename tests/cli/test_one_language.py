"""What is said of a run, the policy text and a place is in one language: the other one stands in names alone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from calls import Call

LATIN = {"CO", "GDP", "PM", "IX", "ID", "xiancheng", "run", "board", "list", "show", "set", "baseline", "full",
         "format", "nc", "csv", "png", "Debian", "Ubuntu", "fonts", "noto", "cjk"}
"""Words in Latin letters that a Chinese answer may hold besides ids, names of files and English names of places."""
CALLS = [("run", "county_town_first"), ("county", "莘县"), ("articles",)]


@pytest.mark.parametrize("words", CALLS, ids=lambda words: words[0])
def test_an_answer_in_chinese_has_latin_words_only_from_a_list(
    call: Call, root: Path, words: tuple[str, ...]
) -> None:
    answer = call(*words, "--lang", "zh")
    assert answer.code == 0, answer.err
    with (root / "model" / "tables" / "places.csv").open(encoding="utf-8", newline="") as lines:
        places = {word for row in csv.DictReader(lines) for word in re.findall(
            "[A-Za-z]+", f"{row['name_en']} {row['prefecture_en']}")}
    said = re.findall(r"(?<![A-Za-z_\d./`])[A-Za-z]{2,}(?![A-Za-z_\d./`])", answer.out + answer.err)
    assert not set(said) - LATIN - places
