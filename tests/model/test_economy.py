"""Work, homes and products of the start: what the censuses and yearbooks say, added up over units."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray

from xiancheng.errors import StudyError
from xiancheng.model import clock, economy, places, tables
from xiancheng.model.economy import SECTORS
from xiancheng.model.element_tables import read_by_element, read_paths
from xiancheng.model.measured import Context
from xiancheng.model.sources import read_sources
from xiancheng.study import Study

BILLION = 1e9


def columns(root: Path, census: int, stem: str) -> xarray.DataArray:
    """Columns of one stem over sectors (place, sector)."""
    block = tables.block(root, f"start_{census}/places.csv")
    found = xarray.concat([block.sel(variable=f"{stem} {sector}", drop=True) for sector in SECTORS], "sector")
    return found.assign_coords(sector=list(SECTORS))


@pytest.mark.parametrize(("census", "share"), [(2010, 0.706), (2020, 0.403)])
def test_agriculture_of_the_listed_places_falls_as_counted(root: Path, census: int, share: float) -> None:
    """Agriculture's share of the jobs of the 68 is that of the two long forms."""
    jobs = columns(root, census, "initial jobs")
    listed = jobs[:, places.read(root / tables.TABLES).listed].sum("place")
    assert float(listed.sel(sector="agriculture") / listed.sum()) == pytest.approx(share, abs=2e-3)


def test_jobs_times_productivity_are_the_product_of_the_province(root: Path) -> None:
    """Value added over sectors and places is the revised product of 2020, 7,279.8 billion yuan."""
    value = (columns(root, 2020, "initial jobs") * columns(root, 2020, "productivity at start")).sum()
    assert float(value) / BILLION == pytest.approx(7279.8, rel=1e-4)


def test_product_of_2010_is_in_prices_of_2020(root: Path) -> None:
    """The revised product of 2010, 3,392 billion yuan, raised by ten years of consumer prices."""
    with (root / "model/tables/province_yearly.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["quantity"] == "consumer_price_index"]
    rise = np.prod([float(row["value"]) / 100 for row in rows if 2011 <= int(row["year"]) <= 2020])
    value = (columns(root, 2010, "initial jobs") * columns(root, 2010, "productivity at start")).sum()
    assert float(value) / BILLION == pytest.approx(3392.25 * rise, rel=1e-4)


def test_floor_area_of_the_listed_places_grew_while_people_left(root: Path) -> None:
    """1,449 million m2 in 2010, 1,703 in 2020: + 17.5 % on 4.6 % fewer residents."""
    areas = []
    for census in (2010, 2020):
        block = tables.block(root, f"start_{census}/places.csv")
        persons = sum(
            tables.block(root, f"start_{census}/persons_{where}_{sex}.csv").sum("age")
            for where in ("town", "village") for sex in ("female", "male")
        )
        counted = persons / block.sel(variable="coverage factor")
        area = counted * block.sel(variable="start floor area per person")
        areas.append(float(area[places.read(root / tables.TABLES).listed].sum()))
    assert areas[0] / 1e6 == pytest.approx(1449, rel=5e-3)
    assert areas[1] / 1e6 == pytest.approx(1703, rel=5e-3)


def test_circles_hold_whole_prefectures(root: Path) -> None:
    """Places of one prefecture are in one circle or in none, and nobody is in a circle alone."""
    same = tables.block(root, "same_circle.csv").to_numpy()
    inside = np.diag(same) == 1
    assert (same == same.T).all()
    assert 0 < inside.sum() < len(same)
    assert (same[inside].sum(axis=1) > 1).all()


def written(folder: Path, name: str, *rows: str) -> Path:
    (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


HEADER = "dimension,element,name,value,unit,meaning,evidence,low,high,source,note"
PATHS = "variable,path,time,value,unit,evidence,source,note"


def test_constants_by_element_keep_the_order_of_their_table(tmp_path: Path) -> None:
    """Elements and names stand as they first appear."""
    rows = [f"service,{one},unit cost,{cost},yuan,Cost.,assumed,,,here," for one, cost in (("park", 300), ("bed", 9))]
    elements, constants = read_by_element(written(tmp_path, "parameters_by_element.csv", HEADER, *rows), {})["service"]
    assert elements == ("park", "bed")
    assert constants["unit cost"].tolist() == [300.0, 9.0]


def test_a_constant_without_an_element_is_refused(tmp_path: Path) -> None:
    """Every constant of a dimension has a value for each of its elements."""
    rows = ["service,park,unit cost,300,yuan,Cost.,assumed,,,here,", "service,bed,life,30,year,Life.,assumed,,,here,"]
    with pytest.raises(StudyError) as caught:
        read_by_element(written(tmp_path, "parameters_by_element.csv", HEADER, *rows), {})
    found = " ".join(str(problem.found) for problem in caught.value.problems)
    assert len(caught.value.problems) == 2
    assert "unit cost[bed]" in found
    assert "life[park]" in found


def test_paths_of_one_variable_share_their_times(tmp_path: Path) -> None:
    """A path is read between its own points by straight lines."""
    rows = [
        "grid factor,reference,2020,0.7,dmnl,assumed,here,", "grid factor,reference,2030,0.5,dmnl,assumed,here,",
        "grid factor,slow,2020,0.7,dmnl,assumed,here,", "grid factor,slow,2025,0.68,dmnl,assumed,here,",
    ]
    times, paths = read_paths(written(tmp_path, "paths.csv", PATHS, *rows))["grid factor"]
    assert times.tolist() == [2020.0, 2025.0, 2030.0]
    assert paths["reference"].tolist() == pytest.approx([0.7, 0.6, 0.5])
    assert paths["slow"].tolist() == pytest.approx([0.7, 0.68, 0.68])


def test_a_time_that_goes_back_is_refused(tmp_path: Path) -> None:
    """Points of a path rise in time."""
    rows = ["grid factor,reference,2020,0.7,dmnl,assumed,here,", "grid factor,reference,2019,0.5,dmnl,assumed,here,"]
    with pytest.raises(StudyError, match="2019"):
        read_paths(written(tmp_path, "paths.csv", PATHS, *rows))


def test_carbon_over_product_is_that_of_the_province_in_the_mean(root: Path) -> None:
    """Weighted by product places add up to the province; counties lie within a factor 3 of it (Chen et al. 2020)."""
    product = (columns(root, 2020, "initial jobs") * columns(root, 2020, "productivity at start")).sum("sector")
    relative = tables.block(root, "places_measured.csv").sel(variable="relative carbon intensity", drop=True)
    assert float((relative * product).sum() / product.sum()) == pytest.approx(1)
    assert 1 / 3 < float(relative.min()) < float(relative.max()) < 3


def test_places_without_figures_of_carbon_take_the_mean(root: Path) -> None:
    """A study without the table knows of no difference; one unknown unit leaves its place and the mean of all."""
    listed = places.read(root / tables.TABLES)
    sources = read_sources(root / tables.TABLES, listed.units, clock.of(Study(root)))
    none = replace(sources, carbon_dioxide=np.full(len(listed.units), np.nan))
    np.testing.assert_array_equal(economy.relative_carbon_intensity(Context(none, listed)), 1)
    partly = sources.carbon_dioxide.copy()
    partly[listed.members[0][0]] = np.nan
    assert economy.relative_carbon_intensity(Context(replace(sources, carbon_dioxide=partly), listed))[0] == 1
