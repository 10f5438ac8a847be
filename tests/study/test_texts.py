"""Numbers, dates, messages: written once, for both languages."""

from __future__ import annotations

import csv
import datetime
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng import texts


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (43_818_820, "persons", "4,381.88万人", "43.82 million"),
        (101_527_453, "persons", "10,152.75万人", "101.53 million"),
        (437_512, "persons", "43.75万人", "437,512"),
        (9_876.4, "persons", "9,876人", "9,876"),
        (0, "persons", "0人", "0"),
        (489.7e9, "yuan", "4,897.00亿元", "489.70 billion yuan"),
        (3.2e6, "yuan", "320.00万元", "3.20 million yuan"),
        (2.34e8, "m2", "23,400.00万平方米", "234.00 million m²"),
        (0.47533, "share", "47.53%", "47.53%"),
        (-0.0004, "share", "-0.04%", "-0.04%"),
        (-0.000001, "share", "0.00%", "0.00%"),
        (6.3, "per 1,000", "6.30‰", "6.30 per 1,000"),
        (0.00321, "ratio", "0.00321", "0.00321"),
        (15000, "yuan per household", "1.50万元/户", "15,000 yuan per household"),
        (2.5, "bushels", "2.50 bushels", "2.50 bushels"),
        (math.nan, "persons", "—", "—"),
    ],
)
def test_a_number_is_written_as_its_readers_expect(value: float, unit: str, zh: str, en: str) -> None:
    assert texts.number(value, unit, "zh") == zh
    assert texts.number(value, unit, "en") == en


def test_a_change_shows_its_sign() -> None:
    assert texts.number(1200.0, "persons", "zh", sign=True) == "+1,200人"
    assert texts.number(-1200.0, "persons", "en", sign=True) == "-1,200"


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["persons", "share", "yuan", "m2", "ratio", ""]))
def test_any_value_can_be_written(value: float, unit: str) -> None:
    for language in texts.LANGUAGES:
        assert texts.number(value, unit, language)


def test_people_see_dates() -> None:
    day = datetime.date(2020, 11, 1)
    assert (texts.date(day, "zh"), texts.date(day, "en")) == ("2020年11月1日", "1 November 2020")


def test_a_message_keeps_its_key_and_is_put_into_another_language_with_all_it_holds() -> None:
    message = texts.phrase("place.unknown", word="华县")
    assert message == "there is no place 华县"
    assert texts.in_language(message, "zh") == "没有名为 华县 的地区"
    hint = texts.did_you_mean("levr", ["lever", "leverage", "other"])
    assert hint == "did you mean lever, leverage?"
    assert texts.in_language(hint, "zh") == "是否指 lever、leverage？"


def test_a_plain_string_stays_as_it_is() -> None:
    assert texts.in_language("UTF-8", "zh") == "UTF-8"


def test_an_unknown_word_is_met_with_near_ones_or_all_or_the_way_to_look() -> None:
    many = [f"name{letter}x" for letter in "abcdefghijklmnop"]
    assert texts.did_you_mean("zzz", ["one", "two"]) == "known are one, two"
    assert texts.did_you_mean("qqqqq", many).key == "hint.look_it_up"
    assert texts.did_you_mean("ONE", ["one", "two"]) == "did you mean one?"


def test_an_unknown_key_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        texts.text("no.such.key")


def test_terms_agree_with_the_glossary(root: Path) -> None:
    with (root / "docs" / "glossary.csv").open(encoding="utf-8", newline="") as lines:
        glossary = {row["symbol_name"]: (row["term_en"], row["term_zh"]) for row in csv.DictReader(lines)}
    terms = {key.removeprefix("term."): entry for key, entry in texts.catalogue().items() if key.startswith("term.")}
    assert len(terms) > 30
    assert {name: (entry["en"], entry["zh"]) for name, entry in terms.items()} == {one: glossary[one] for one in terms}
