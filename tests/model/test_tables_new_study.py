"""Another list of units makes another study: nothing in the tables knows 68 or 84."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from xiancheng.errors import StudyError
from xiancheng.model import tables, unit_names
from xiancheng.model.census_units import read_units
from xiancheng.model.new_study import left_behind, new_study
from xiancheng.model.places import read

TEN = """莘县
371521
Guanxian
章丘市      # its name of 2010, now a district
四方区      # merged into 市北区
济南市中区
Pingyin County
p371082,荣成市
曹县
胶南市      # now 黄岛区
"""


def lowest_of_2010(root: Path) -> str:
    """Return the codes of the 68 least urban units of 2010."""
    figures: dict[str, dict[str, float]] = {}
    with (root / "model" / "tables" / "census_units.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["year"] == "2010":
                figures.setdefault(row["place"], {})[row["quantity"]] = float(row["value"])
    share = {code: unit["urban_residents"] / unit["residents"] for code, unit in figures.items()}
    return "\n".join(sorted(share, key=share.__getitem__)[:68])


def all_units(root: Path) -> str:
    units = read_units(root / tables.TABLES)
    return "\n".join(unit.code for unit in units if unit.kind != "development_zone")


MEMBERS = Path("calibration", "members.csv")


def make(root: Path, folder: Path, text: str) -> Path:
    listing = folder / "list.txt"
    listing.write_text(text, encoding="utf-8")
    return new_study(root, folder / "study", listing)


@pytest.mark.parametrize(("name", "listed", "places"), [("ten", 10, 26), ("lowest", 68, 84), ("all", 136, 147)])
def test_a_study_of_another_list(name: str, listed: int, places: int, root: Path, tmp_path: Path) -> None:
    """Ten units, the 68 lowest of 2010, all 136: every person is in one place and every figure is finite."""
    text = {"ten": TEN, "lowest": lowest_of_2010(root), "all": all_units(root)}[name]
    study = make(root, tmp_path, text)
    tables.check(study)
    own = read(study / tables.TABLES)
    assert (int(own.listed.sum()), len(own)) == (listed, places)
    for year, province in ((2010, 95_792_719), (2020, 101_527_453)):
        columns = tables.block(study, f"start_{year}/places.csv")
        people = sum(
            tables.block(study, f"start_{year}/persons_{part}_{sex}.csv").sum("age").to_numpy()
            for part in ("town", "village")
            for sex in ("female", "male")
        )
        assert (people / columns.sel(variable="coverage factor").to_numpy()).sum() == pytest.approx(province, abs=1e-4)
        assert np.isfinite(columns).all()
    assert np.isfinite(tables.block(study, "places_measured.csv")).all()
    assert (tables.block(study, "distance.csv") > 0).all()
    assert not (study / MEMBERS).exists(), "a residual of each place it was fitted with is none of these places'"
    assert str(MEMBERS) in left_behind(root, study)


def test_what_was_fitted_to_other_places_stays_behind_and_is_named(root: Path, tmp_path: Path) -> None:
    """No table of calibration names a place that the study has not, and no design asks for draws it has not."""
    study = make(root, tmp_path, TEN)
    strangers = set(read(root / tables.TABLES).elements) - set(read(study / tables.TABLES).elements)
    texts = {file.name: file.read_text(encoding="utf-8") for file in (study / "calibration").glob("*.csv")}
    assert not {name for name, text in texts.items() if any(stranger in text for stranger in strangers)}
    assert {file.name for file in (study / "outputs").iterdir()} == {
        file.name for file in (root / "outputs").glob("*.csv")}
    behind = left_behind(root, study)
    assert "calibration/members_whole.npz" in behind
    assert all((root / name).is_file() and not (study / name).exists() for name in behind)


def test_a_study_of_the_same_places_carries_all(root: Path, tmp_path: Path) -> None:
    own = read(root / tables.TABLES)
    codes = [place.code for place, listed in zip(own, own.listed, strict=True) if listed]
    assert not left_behind(root, make(root, tmp_path, "\n".join(codes)))


def test_the_rest_of_a_prefecture_may_hold_zones_alone(root: Path, tmp_path: Path) -> None:
    """With all units listed a rest has nobody in 2010: it takes shares of its prefecture, and no people."""
    study = make(root, tmp_path, all_units(root))
    zone = "rest_370100"
    start = tables.block(study, "start_2010/places.csv").sel(place=zone)
    town = tables.block(study, "start_2010/persons_town_female.csv").sel(place=zone)
    assert float(town.sum()) == 0
    assert float(start.sel(variable="coverage factor")) == 1
    assert 0 < float(start.sel(variable="agriculture share")) < 1
    assert "rest_370300" not in read(study / tables.TABLES).elements


def test_the_same_list_makes_the_same_study(root: Path, tmp_path: Path) -> None:
    """Listing the units of this study gives its places.csv and its blocks byte by byte."""
    listed = [place.code for place in read(root / tables.TABLES) if place.listed]
    study = make(root, tmp_path, "\n".join(listed))
    assert (study / tables.TABLES / "places.csv").read_bytes() == (root / tables.TABLES / "places.csv").read_bytes()
    assert (study / MEMBERS).read_bytes() == (root / MEMBERS).read_bytes()
    for block in (root / tables.TABLES / tables.BLOCKS).rglob("*.csv"):
        copy = study / block.relative_to(root)
        assert copy.read_text(encoding="utf-8").splitlines()[0] == block.read_text(encoding="utf-8").splitlines()[0]


def test_a_city_that_is_listed_stays_a_city(root: Path, tmp_path: Path) -> None:
    """`pole` is the share of people in units outside the list the equations were fitted with."""
    study = make(root, tmp_path, "370102\n371522\n")
    pole = tables.block(study, "places_measured.csv").sel(variable="pole")
    assert [float(pole.sel(place=place)) for place in ("p370102", "p371522")] == [1, 0]
    assert 0 < float(pole.sel(place="rest_371500")) < 1


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("371522", ["371522"]),
        ("p371522", ["371522"]),
        ("莘县", ["371522"]),
        ("聊城市莘县", ["371522"]),
        ("shenxian", ["371522"]),
        ("陵县", ["371403"]),
        ("苍山县", ["371324"]),
        ("四方区", ["370203"]),
        ("枣庄市市中区", ["370402"]),
        ("市中区", ["370103", "370402"]),
        ("Shizhong (Zaozhuang)", ["370402"]),
        ("华县", []),
    ],
)
def test_units_are_found_by_code_and_every_name(word: str, codes: list[str], root: Path) -> None:
    units = read_units(root / tables.TABLES)
    assert [unit.code for unit in unit_names.find(word, units)] == codes


# wrong list -> (row, found, allowed, hint)
WRONG_LISTS = {
    "unknown_unit": (2, "no unit called Guanxain", "units.csv", "did you mean Guanxian"),
    "same_unit_twice": (3, "371522 (371522) stands here and in row 1", "once", "take one"),
    "name_of_two_units": (1, "市中区 names 2 units", "370103 (济南市市中区), 370402 (枣庄市市中区)", "code"),
    "development_zone": (1, "烟台经济技术开发区 is a development zone", "counties", "rest of its prefecture"),
    "nothing_in_it": (None, "no unit in the list", "one code or name a line", "units.csv"),
    "gbk": (1, "not UTF-8", "UTF-8", "save"),
}


@pytest.mark.parametrize("name", WRONG_LISTS)
def test_a_wrong_list_leaves_nothing_behind(name: str, root: Path, tmp_path: Path) -> None:
    row, found, allowed, hint = WRONG_LISTS[name]
    listing = root / "tests" / "bad" / "tables" / "lists" / f"{name}.txt"
    with pytest.raises(StudyError) as error:
        new_study(root, tmp_path / "made" / "study", listing)
    problem = error.value.problems[0]
    assert (problem.file, problem.row) == (str(listing), row)
    assert found in problem.found
    assert allowed in problem.allowed
    assert hint in problem.hint
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_left_alone(root: Path, tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    listing.write_text("莘县\n", encoding="utf-8")
    with pytest.raises(StudyError, match="not empty"):
        new_study(root, tmp_path, listing)
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def test_a_failure_on_the_way_leaves_nothing_behind(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(study: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(tables, "build", fail)
    with pytest.raises(OSError, match="disk full"):
        make(root, tmp_path, "莘县\n")
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]
