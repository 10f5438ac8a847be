"""The blocks of the study: rebuilt they are the same, and they say what the censuses say."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray

from xiancheng.model import tables
from xiancheng.model.places import read

PARTS = [(settlement, sex) for settlement in ("town", "village") for sex in ("female", "male")]


def census(root: Path, year: int, quantity: str) -> dict[str, float]:
    """Read a column of the census anew, by unit."""
    with (root / "model" / "tables" / "census_units.csv").open(encoding="utf-8", newline="") as lines:
        chosen = [row for row in csv.DictReader(lines) if row["year"] == str(year) and row["quantity"] == quantity]
    return {row["place"]: float(row["value"]) for row in chosen}


def persons(root: Path, year: int, settlement: str) -> xarray.DataArray:
    """Residents of a settlement by place and age."""
    return sum(tables.block(root, f"start_{year}/persons_{settlement}_{sex}.csv") for sex in ("female", "male"))


def column(root: Path, block: str, name: str) -> xarray.DataArray:
    return tables.block(root, block).sel(variable=name)


def copy_of(root: Path, study: Path, *left_out: str) -> None:
    """Copy what blocks are made of."""
    shutil.copytree(root / tables.TABLES, study / tables.TABLES, ignore=shutil.ignore_patterns(*left_out))
    (study / "scenarios").mkdir(exist_ok=True)
    shutil.copy2(root / "model" / "clock.csv", study / "model")
    shutil.copy2(root / "scenarios" / "levers.csv", study / "scenarios")
    shutil.copytree(root / "scenarios" / "levers", study / "scenarios" / "levers", dirs_exist_ok=True)


def listed(root: Path) -> np.ndarray:
    return read(root / tables.TABLES).listed


def test_the_blocks_are_what_the_tidy_tables_give(root: Path, tmp_path: Path) -> None:
    """Built twice they are equal byte by byte; those in the study agree with them to the last digits."""
    folders = []
    for name in ("once", "again"):
        study = tmp_path / name
        copy_of(root, study, "blocks")
        tables.build(study)
        folders.append(study / tables.TABLES / tables.BLOCKS)
    written = sorted(path.relative_to(folders[0]) for path in folders[0].rglob("*.csv"))
    assert [(folders[0] / path).read_bytes() for path in written] == [
        (folders[1] / path).read_bytes() for path in written
    ]
    in_study = root / tables.TABLES / tables.BLOCKS
    assert written == sorted(path.relative_to(in_study) for path in in_study.rglob("*.csv"))
    tables.check(root)


def test_building_again_writes_nothing(root: Path, tmp_path: Path) -> None:
    copy_of(root, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.csv")}
    assert tables.build(tmp_path) == ()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.csv")} == before


def test_the_blocks_of_the_study_pass_the_check_before_a_run(root: Path) -> None:
    tables.check(root)


def test_2020_starts_as_counted_in_every_place(root: Path) -> None:
    """Residents exactly; townspeople are share x residents of the units inside to 1e-6."""
    town, village = (persons(root, 2020, settlement).sum("age").to_numpy() for settlement in ("town", "village"))
    residents, share = census(root, 2020, "residents"), census(root, 2020, "urban_share")
    members = read(root / tables.TABLES)
    assert (town + village).tolist() == [sum(residents[code] for code in place.members) for place in members]
    counted = np.array([sum(residents[code] * share[code] for code in place.members) for place in members])
    np.testing.assert_allclose(town / (town + village), counted / (town + village), atol=1e-6, rtol=0)


def test_the_totals_of_2020_are_the_published_ones(root: Path) -> None:
    """Census of 2020: 101,527,453 residents, 63.05 % in town; the 68: 43,818,820 and 47.53 %."""
    town, village = (persons(root, 2020, settlement).sum("age").to_numpy() for settlement in ("town", "village"))
    both, chosen = town + village, listed(root)
    assert (both.sum(), both[chosen].sum()) == (101_527_453, 43_818_820)
    assert round(town.sum() / both.sum(), 4) == 0.6305
    assert round(town[chosen].sum() / both[chosen].sum(), 4) == 0.4753


def test_2010_divided_by_the_coverage_factor_is_the_count(root: Path) -> None:
    """Census of 2010: 95,792,719 residents, 47,620,727 in town (49.71 %)."""
    factor = column(root, "start_2010/places.csv", "coverage factor").to_numpy()
    town, village = (
        persons(root, 2010, settlement).sum("age").to_numpy() / factor for settlement in ("town", "village")
    )
    assert (town + village).sum() == pytest.approx(95_792_719, abs=1e-5)
    assert town.sum() == pytest.approx(47_620_727, abs=1e-5)


def test_2010_starts_corrected_for_coverage_and_not_rescaled(root: Path) -> None:
    """The factors of the cohorts take 0.46 million off the count, and add 13 % to the children under five."""
    everyone = persons(root, 2010, "town") + persons(root, 2010, "village")
    assert float(everyone.sum()) == pytest.approx(95_792_719 - 460_000, abs=10_000)
    children = 5_334_737 * 1.128730941509899 / 0.9963489372882047
    assert float(everyone[:, :5].sum()) == pytest.approx(children, rel=1e-9)


def test_2020_has_no_coverage_factor(root: Path) -> None:
    assert (column(root, "start_2020/places.csv", "coverage factor") == 1).all()


@pytest.mark.parametrize("year", [2010, 2020])
def test_groups_of_age_and_sex_are_the_counted_ones(year: int, root: Path) -> None:
    """In 2020 every group of every place is the count; in 2010 those of 55 and over are."""
    first = 0 if year == 2020 else 55
    with (root / "model" / "tables" / "census_age_sex.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["year"] == str(year)]
    place_of = {code: place.element for place in read(root / tables.TABLES) for code in place.members}
    counted: dict[tuple[str, str, int], float] = {}
    for row in rows:
        start = int(row["age"].replace("+", "-").split("-")[0])
        key = (place_of[row["place"]], row["sex"], start)
        counted[key] = counted.get(key, 0.0) + float(row["value"])
    for sex in ("female", "male"):
        town, village = (tables.block(root, f"start_{year}/persons_{part}_{sex}.csv") for part in ("town", "village"))
        both = (town + village).to_numpy()
        starts = sorted({start for _, _, start in counted})
        grouped = np.add.reduceat(both, starts, axis=1)
        for column_number, start in enumerate(starts):
            if start >= first:
                wanted = [counted[place, sex, start] for place in town["place"].to_numpy()]
                assert grouped[:, column_number].tolist() == wanted


def test_townspeople_are_of_working_age_and_villagers_older(root: Path) -> None:
    """Town and village do not start with one age structure."""
    town, village = (persons(root, 2020, settlement).sum("place") for settlement in ("town", "village"))
    young = [float(part[20:35].sum() / part.sum()) for part in (town, village)]
    old = [float(part[65:].sum() / part.sum()) for part in (town, village)]
    assert young[0] > young[1] + 0.05
    assert old[0] < old[1] - 0.05


def test_the_peak_of_births_is_in_the_start_of_2020(root: Path) -> None:
    """Classes 3 and 4 (born about 2017 and 2016) outnumber every other class under ten."""
    children = (persons(root, 2020, "town") + persons(root, 2020, "village")).sum("place")[:10].to_numpy()
    assert set(np.argsort(children)[-2:]) == {3, 4}


@pytest.mark.parametrize(
    ("place", "figure"),
    [("p370115", 1.15766), ("p370124", 1.10440), ("p370126", 1.21369), ("p370283", 1.04997)],
)
def test_relative_mortality_agrees_with_an_independent_computation(place: str, figure: float, root: Path) -> None:
    """Figures of a separate computation with another life table (WPP 2019): within 0.015 everywhere."""
    found = float(column(root, "places_measured.csv", "mortality relative").sel(place=place))
    assert found == pytest.approx(figure, abs=0.015)


def test_mortality_falls_from_period_to_period(root: Path) -> None:
    """Up to 80 the hazard of every class falls; women die less than men; the rows are constant after 2040."""
    for sex in ("female", "male"):
        hazards = tables.block(root, f"mortality_{sex}.csv")
        assert (hazards[-2:-1].to_numpy() == hazards[-1:].to_numpy()).all()
        assert hazards["time"].to_numpy()[:3] == pytest.approx([2007 + 1 / 6, 2012 + 1 / 6, 2017 + 1 / 6])
        old = hazards.sel(variable=[f"a{age}" for age in range(60, 80)]).to_numpy()[:-1]
        assert (np.diff(old, axis=0) < 0).all()
    women, men = (tables.block(root, f"mortality_{sex}.csv").to_numpy()[:, 20:80] for sex in ("female", "male"))
    assert (women < men).all()


def test_the_fertility_path_is_history_then_assumption(root: Path) -> None:
    """Own children of the census: 1.81, 2.33, 1.58; published births: 1.40, 1.30, 1.19, 1.29; then 1.20 to 1.15."""
    path = tables.block(root, "fertility_path.csv")
    reference = path.sel(variable="reference")

    def at(time: float, name: str = "reference") -> float:
        return float(np.interp(time, path["time"], path.sel(variable=name)))

    assert [at(2012), at(2017), at(2019.5)] == [1.81, 2.33, 1.58]
    assert [at(year + 0.5 - 5 / 6) for year in range(2021, 2025)] == pytest.approx([1.40, 1.30, 1.19, 1.29])
    assert [at(year + 0.5 - 5 / 6) for year in (2025, 2030, 2050)] == pytest.approx([1.20, 1.15, 1.15])
    assert [at(2035, name) for name in ("low", "high", "stress", "history only")] == [0.95, 1.45, 0.9, 1.58]
    assert float(reference[-1]) == 1.15


def test_the_fertility_schedule_adds_up_at_every_time(root: Path) -> None:
    schedule = tables.block(root, "fertility_schedule.csv")
    np.testing.assert_allclose(schedule.sum("age"), 1, rtol=1e-12)


def test_distances_are_symmetric_and_inside_a_place_not_zero(root: Path) -> None:
    """Between places the great circle (law of cosines, to the 4 decimals of the centres); inside 0.4 x sqrt(area)."""
    distance = tables.block(root, "distance.csv")
    own = {place.element: place.row for place in read(root / tables.TABLES)}
    np.testing.assert_array_equal(distance.to_numpy(), distance.to_numpy().T)
    (lon_a, lat_a), (lon_b, lat_b) = np.radians(
        [[float(own[place][column]) for column in ("lon", "lat")] for place in ("p371522", "rest_370600")]
    )
    angle = np.arccos(np.sin(lat_a) * np.sin(lat_b) + np.cos(lat_a) * np.cos(lat_b) * np.cos(lon_a - lon_b))
    found = distance.sel(place="p371522", destination=["rest_370600", "p371522"])
    assert found.to_numpy() == pytest.approx(
        [6371.0088 * angle, 0.4 * float(own["p371522"]["area_km2"]) ** 0.5], rel=1e-4
    )


def test_places_of_one_prefecture_know_each_other(root: Path) -> None:
    same = tables.block(root, "same_prefecture.csv")
    assert float(same.sel(place="p371522", destination="rest_371500")) == 1
    assert float(same.sel(place="p371522", destination="rest_371600")) == 0


def test_registered_population_is_that_of_the_census_and_of_the_register(root: Path) -> None:
    """2010 as the census counted it; at the end of 2020 the register of Jinan holds 8,067,252."""
    prefectures = read(root / tables.TABLES).column("prefecture_code")
    registered = {
        year: column(root, f"start_{year}/places.csv", "initial registered population").to_numpy()
        for year in (2010, 2020)
    }
    assert registered[2010].sum() == sum(census(root, 2010, "registered_population").values())
    assert registered[2020][prefectures == "370100"].sum() == pytest.approx(8_067_252)


def test_residents_registered_elsewhere_rose_as_the_censuses_say(root: Path) -> None:
    """The 68: in the county 2.33 -> 5.55 million, from outside the county 0.67 -> 1.82 million."""
    chosen = listed(root)

    def millions(year: int, *kinds: str) -> float:
        names = [f"initial registered elsewhere {kind}" for kind in kinds]
        return sum(float(column(root, f"start_{year}/places.csv", name)[chosen].sum()) for name in names) / 1e6

    assert [round(millions(year, "in county"), 2) for year in (2010, 2020)] == [2.33, 5.55]
    assert [round(millions(year, "in province", "other province"), 2) for year in (2010, 2020)] == [0.67, 1.82]


def test_agriculture_fell_as_the_long_forms_say(root: Path) -> None:
    """The 68: from about 70.6 to 40.3 % of jobs (means weighted by residents)."""
    chosen = listed(root)
    for year, figure in ((2010, 0.706), (2020, 0.403)):
        share = column(root, f"start_{year}/places.csv", "agriculture share").to_numpy()[chosen]
        weight = sum(persons(root, year, part).sum("age").to_numpy()[chosen] for part in ("town", "village"))
        assert np.average(share, weights=weight) == pytest.approx(figure, abs=0.015)


def test_product_per_person_is_the_prefectures(root: Path) -> None:
    """Dongying: 325.02 billion yuan of 2013 over 2,035,338 residents of 2010; Laiwu counts with Jinan."""
    product = column(root, "start_2010/places.csv", "product per person")
    assert float(product.sel(place="rest_370500")) == pytest.approx(325.02e9 / 2_035_338 / 1e4, rel=1e-6)
    residents = sum(value for code, value in census(root, 2010, "residents").items() if code.startswith("3701"))
    assert float(product.sel(place="rest_370100")) == pytest.approx((523.019e9 + 65.348e9) / residents / 1e4)


def test_the_migration_profile_has_mean_one(root: Path) -> None:
    """Over all residents of the province in 2010 as counted; the sample here is the corrected start, so nearly one."""
    profile = tables.block(root, "ages.csv").sel(variable="rogers castro profile").to_numpy()
    everyone = sum(persons(root, 2010, part).sum("place").to_numpy() for part in ("town", "village"))
    assert np.average(profile, weights=everyone) == pytest.approx(1, abs=0.01)
