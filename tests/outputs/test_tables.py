"""What people read first: the headline table, the page of a place, the difference of two results."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xarray as xr

from xiancheng.outputs import differences, headline, profile
from xiancheng.study import Study


def test_the_headline_shows_list_and_province_every_five_years(found: xr.Dataset, study: Study) -> None:
    lines = headline.lines(found, "en", headline.shown(found, study))
    assert {line.area for line in lines} == {"68", "province"}
    assert all(list(line.values) == [2020, 2025, 2030, 2035] for line in lines)


@pytest.mark.parametrize(
    ("start", "end", "columns"),
    [(2020, 2035, [2020, 2025, 2030, 2035]), (2020, 2023, [2020, 2023]), (2010, 2022, [2010, 2015, 2020, 2022])],
)
def test_the_last_year_is_always_there(start: int, end: int, columns: list[int]) -> None:
    assert headline.years(start, end) == columns


def test_what_a_census_counts_shows_only_where_it_differs(found: xr.Dataset, study: Study) -> None:
    same = found.assign(counted_residents=found["residents"])
    assert "counted_residents" in headline.shown(found, study)
    assert "counted_residents" not in headline.shown(same, study)


@pytest.mark.parametrize(
    ("value", "unit", "language", "written", "column"),
    [
        (43_818_820, "persons", "zh", "4,381.88万", "人"),
        (43_818_820, "persons", "en", "43.82 million", "persons"),
        (0.47533, "share", "zh", "47.53%", "%"),
        (-8.27, "per 1,000 a year", "zh", "-8.3", "‰/年"),
        (-8.27, "per 1,000 a year", "en", "-8.3", "per 1,000 a year"),
        (231_210.1, "births a year", "zh", "23.12万", "人/年"),
        (float("nan"), "births a year", "en", "—", "a year"),
        (0.5, "share of those residents", "zh", "0.5", "占该类常住人口的比重"),
    ],
)
def test_a_number_and_its_unit_part_ways(value: float, unit: str, language: str, written: str, column: str) -> None:
    assert headline.bare(value, unit, language).rstrip("0") == written.rstrip("0")
    assert headline.unit_column(unit, language) == column


@pytest.mark.parametrize("year", [2010, 2020])
def test_the_page_of_a_place_repeats_its_census(study: Study, year: int) -> None:
    """As counted, also where residents are corrected."""
    with (study.tables / "census_units.csv").open(encoding="utf-8", newline="") as lines:
        counted = {
            row["place"]: float(row["value"])
            for row in csv.DictReader(lines)
            if row["year"] == str(year) and row["quantity"] == "residents"
        }
    found = profile.census(study, year)["counted_residents"].sel(year=year)
    assert float(found.sel(place="p371522")) == pytest.approx(counted["371522"], abs=0.5)
    assert float(found.sum()) == pytest.approx(sum(counted.values()), rel=1e-9)


def test_the_page_of_a_place_goes_on_with_the_run(study: Study, found: xr.Dataset) -> None:
    shown = profile.figures(study, "p371522", [2020], found, [2030, 2035])
    by_id = {figure.indicator.id: figure for figure in shown}
    assert list(by_id["residents"].values) == [2020, 2030, 2035]
    assert by_id["residents"].values[2030] == float(found["residents"].sel(year=2030, place="p371522"))
    assert 1 <= by_id["urban_share"].rank <= by_id["urban_share"].of == 68


def test_a_result_does_not_differ_from_itself(found: xr.Dataset) -> None:
    assert differences.shapes(found, found) == []
    assert differences.values(found, found, "en") == []


def test_a_difference_is_found_where_it_is_greatest(found: xr.Dataset) -> None:
    other = found.copy(deep=True)
    other["births"].loc[{"year": 2030, "place": "p371522"}] += 7
    other["births"].loc[{"year": 2031, "place": "p371522"}] += 5
    (line,) = differences.values(found, other, "zh")
    assert (line.indicator, line.year, line.place) == ("births", 2030, "莘县")
    assert line.second - line.first == pytest.approx(7)


def test_round_off_is_no_difference(found: xr.Dataset) -> None:
    assert differences.values(found, found * (1 + 1e-12), "en") == []
    assert differences.values(found, found * (1 + 1e-12), "en", tolerance=0.0)


def test_what_one_result_lacks_is_named(found: xr.Dataset) -> None:
    less = found.drop_vars("births").sel(year=slice(2020, 2030))
    keys = [note.key for note in differences.shapes(found, less)]
    assert keys == ["diff.only_variables", "diff.only_years"]


def test_figures_are_found_without_a_run(study: Study, tmp_path: Path) -> None:
    assert profile.figures(study, "rest_371500", [2020], None, [])[0].rank == 0
