"""What the baseline says, held against the census, the published years to 2024 and the ranges that evidence allows."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import xarray as xr

from tests.rules.conftest import EQUATIONS, ROOT, Run, equations_from
from xiancheng import engine

CENSUS = ROOT / "model" / "tables" / "census_units.csv"
HEADLINES = ("residents", "town residents", "births total", "deaths total", "arrivals total", "departures total")


def listed(run: xr.Dataset) -> xr.Dataset:
    """The places of the list."""
    return run.isel(place=[not str(place).startswith("rest_") for place in run["place"].values])


def at(run: xr.Dataset, variable: str, time: float) -> float:
    """The sum over places at a time, linear between steps."""
    return float(run[variable].interp(time=time).sum("place"))


def in_year(run: xr.Dataset, variable: str, year: int) -> float:
    """The flow of a calendar year from its running total."""
    return at(run, variable, year + 1 / 6) - at(run, variable, year - 5 / 6)


def test_the_start_of_2020_is_the_census(baseline: xr.Dataset) -> None:
    """Residents of every place are those of the census, its urban share to 1e-6."""
    start = baseline.sel(time=2020.0)
    with (ROOT / "model" / "tables" / "blocks" / "start_2020" / "places.csv").open(encoding="utf-8") as stream:
        share = np.array([float(row["start urban share"]) for row in csv.DictReader(stream)])
    np.testing.assert_allclose(start["urban share"], share, atol=1e-6)
    assert float(start["residents"].sum()) == pytest.approx(101_527_453, abs=1e-3)
    assert float(start["town residents"].sum() / start["residents"].sum()) == pytest.approx(0.6305, abs=5e-5)
    mine = listed(start)
    assert float(mine["residents"].sum()) == pytest.approx(43_818_820, abs=1e-3)
    assert float(mine["town residents"].sum() / mine["residents"].sum()) == pytest.approx(0.4753, abs=5e-5)


def test_the_start_of_2010_is_the_census_as_counted(run_2010: Run) -> None:
    """Residents over the coverage factor are the count of 2010; residents themselves are the corrected start."""
    start = run_2010().sel(time=2010.0)
    assert float(start["counted residents"].sum()) == pytest.approx(95_792_719, abs=1e-3)
    counted_towns = float((start["town residents"] / start["coverage factor"]).sum())
    assert counted_towns / 95_792_719 == pytest.approx(0.4971, abs=2e-3)
    assert float(start["residents"].sum()) == pytest.approx(95.33e6, abs=0.05e6)


def test_the_years_since_the_census_are_near_the_published(baseline: xr.Dataset) -> None:
    """Province: residents of 2024 within 1 %, births of 2023 within 15 %, deaths of 2022-24 within 12 %."""
    assert at(baseline, "residents", 2024 + 1 / 6) == pytest.approx(100.80e6, rel=0.01)
    assert in_year(baseline, "births total", 2023) == pytest.approx(0.61e6, rel=0.15)
    for year, published in ((2022, 0.7767e6), (2023, 0.831e6), (2024, 0.817e6)):
        assert in_year(baseline, "deaths total", year) == pytest.approx(published, rel=0.12), year


def test_the_listed_places_lose_people_to_the_cities_of_the_province(baseline: xr.Dataset) -> None:
    """2020-24: net loss of 4 to 10 per 1,000 a year, four fifths inside the province; gross 1.25 to 2.5 % a year."""
    mine = listed(baseline)
    mean = (at(mine, "residents", 2020) + at(mine, "residents", 2024)) / 2
    left, came = at(mine, "departures total", 2024), at(mine, "arrivals total", 2024)
    outside = at(mine, "departures to outside total", 2024) - at(mine, "arrivals from outside total", 2024)
    assert -10 <= 1000 * (came - left) / 4 / mean <= -4
    assert 1 - outside / (left - came) >= 0.8
    assert 0.0125 <= left / 4 / mean <= 0.025


def test_people_leave_the_listed_places_most_at_18_to_24(baseline: xr.Dataset) -> None:
    """The out-rate by single year of age has its peak at 18-24."""
    year = listed(baseline).sel(time=2022.0)
    over = ("place", "settlement", "sex")
    rate = year["departures"].sum(over) / year["persons"].sum(over)
    assert 18 <= int(rate.to_numpy().argmax()) <= 24


def test_2035_lies_where_the_evidence_allows(baseline: xr.Dataset) -> None:
    """The listed places in 2035: 33-42 million residents, 28-33 % aged 65 and over, 2.2-3.0 million women of 20-34."""
    end = listed(baseline).sel(time=2035.0)
    residents = float(end["residents"].sum())
    assert 33e6 <= residents <= 42e6
    assert 0.28 <= float(end["persons"].isel(age=slice(65, None)).sum()) / residents <= 0.33
    assert 2.2e6 <= float(end["persons"].sel(sex="female").isel(age=slice(20, 35)).sum()) <= 3.0e6


def test_half_the_time_step_moves_no_headline_of_2035_by_half_a_per_cent(baseline: xr.Dataset) -> None:
    """Euler at 1/8 year is fine enough."""
    text = equations_from(2020).replace("TIME STEP = 0.125", "TIME STEP = 0.0625")
    fine = engine.run(engine.compile(EQUATIONS, outputs=HEADLINES, text=text), {})
    for headline in HEADLINES:
        for part in (lambda run: run, listed):
            coarse = at(part(baseline), headline, 2035)
            assert at(part(fine), headline, 2035) == pytest.approx(coarse, rel=0.005), headline
