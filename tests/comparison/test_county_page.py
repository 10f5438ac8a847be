"""A place by option: what stands on the page is what the runs say of that place, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from xiancheng.comparison import report as reports
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import county
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model.places import Place
from xiancheng.model.places import read as places_of

CODE = "371522"


@pytest.fixture(scope="module")
def place(pair: Comparison) -> Place:
    return next(place for place in places_of(pair.study.tables) if place.code == CODE)


def test_levels_and_changes_are_those_of_the_place_and_add_up(pair: Comparison, place: Place) -> None:
    rows = {(row["indicator"], row["option"]): row for row in county.records(pair, place)}
    assert {option for _, option in rows} == {"A", "B"}
    for name in ("residents", "urban_share"):
        at = pair.places[name].sel(place=place.element, stress=REFERENCE).isel(year=-1)
        base = at.sel(scenario=BASELINE).values
        for option in ("A", "B"):
            row, apart = rows[name, option], at.sel(scenario=option).values - base
            assert row["baseline"] == pytest.approx(float(np.median(base)))
            assert row["change"] == pytest.approx(float(np.median(apart)))
            assert row["value"] == pytest.approx(row["baseline"] + row["change"])
            assert row["change_low"] <= row["change"] <= row["change_high"]
            assert row["place"] == CODE


def test_only_levers_that_act_at_the_place_are_listed(pair: Comparison, place: Place) -> None:
    _, levers = county.tables(pair, place, "en")
    for letter, option in zip(pair.request.letters, pair.request.options, strict=True):
        acting = {pair.levers[name].title["en"] for name, settings in option.levers.items()
                  if any(setting.everywhere or place.element in setting.places for setting in settings)}
        told = [row[1].words for row in levers.rows if row[0].words == letter]
        assert acting
        assert all(any(words.startswith(title) for words in told) for title in acting)
        assert len(told) == sum(setting.everywhere or place.element in setting.places
                                for settings in option.levers.values() for setting in settings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_counts_what_gets_better_and_worse(pair: Comparison, place: Place, language: str) -> None:
    rows = county.records(pair, place)
    for option, sentence in zip(("A", "B"), county.sentences(pair, place, language), strict=True):
        directed = [row for row in rows if row["option"] == option
                    and pair.catalogue[row["indicator"]].direction in ("higher", "lower")]
        counts = {verdict: sum(row["verdict"] == verdict for row in directed) for verdict in ("better", "worse")}
        numbers = [int(word) for word in re.findall(r"\d+", sentence.split(place.names[language])[1])]
        assert sorted(numbers) == sorted([len(directed), *counts.values()])


@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".docx", ".pdf"])
def test_the_page_is_written_in_every_form(pair: Comparison, place: Place, suffix: str, tmp_path: Path) -> None:
    file = reports.write_page(county.report(pair, place, "zh"), tmp_path / f"page{suffix}", "zh")
    assert file.stat().st_size > 5_000
    if suffix == ".html":
        page = file.read_text(encoding="utf-8")
        held = {float(word) for word in re.findall(r'data-value="([^"]+)"', page)}
        assert place.names["zh"] in page
        assert all(any(abs(row["change"] - value) <= 1e-6 * abs(row["change"]) for value in held)
                   for row in county.records(pair, place))
