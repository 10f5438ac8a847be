"""One place on one page: what the censuses counted, what a run gives, and where it stands among the listed places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from xiancheng.engine.labels import PlainRun
from xiancheng.model import places, tables
from xiancheng.outputs import headline, indicators, views
from xiancheng.outputs.indicators import COUNTY, Indicator
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.readings import BY_PLACE
from xiancheng.study import Study

_BLOCKS = {(town, sex): f"persons_{town}_{sex}" for town in ("town", "village") for sex in ("female", "male")}


@dataclass(frozen=True)
class PlaceFigure:
    """One indicator of a place.

    Attributes:
        indicator: the indicator.
        values: by year [unit of the indicator].
        rank: position among the listed places in the year of `of`, 1 = highest; 0 where it is not listed, or where the
            figure is one of the province spread evenly.
        of: how many listed places there are.
    """

    indicator: Indicator
    values: dict[int, float]
    rank: int
    of: int


def needed(study: Study) -> tuple[str, ...]:
    """Return the indicators that the figures of a place are read off."""
    return (*views.of(study, "profile"), *views.of(study, "people"), *views.of(study, "counted"))


def census(study: Study, year: int) -> xr.Dataset:
    """Return what a census says about every place, as indicators (year, place).

    Args:
        study: the study.
        year: a census that the study has a start for.
    """
    where = places.read(study.tables)
    start = {town_sex: tables.block(study.root, f"start_{year}/{name}.csv") for town_sex, name in _BLOCKS.items()}
    persons = xr.concat(
        [xr.concat([start[town, sex] for sex in ("female", "male")], "sex") for town in ("town", "village")],
        "settlement",
    ).assign_coords(settlement=["town", "village"], sex=["female", "male"])
    columns = tables.block(study.root, f"start_{year}/places.csv")

    def column(name: str) -> xr.DataArray:
        return columns.sel(variable=name, drop=True)

    by_settlement = persons.sum(["sex", "age"])
    by_age, women = persons.sum(["settlement", "sex"]), persons.sel(sex="female", drop=True).sum("settlement")
    residents = by_settlement.sum("settlement")
    counted = residents / column("coverage factor")
    data = xr.Dataset(
        {
            "residents_aged_0_to_14": by_age.sel(age=slice("a0", "a14")).sum("age"),
            "residents_aged_65_and_over": by_age.sel(age=slice("a65", "a85_plus")).sum("age"),
            "women_aged_20_to_34": women.sel(age=slice("a20", "a34")).sum("age"),
            "residents": residents,
            "counted_residents": counted,
            "town_residents": by_settlement.sel(settlement="town", drop=True),
            "registered_population": column("initial registered population"),
            "registered_urban_share": column("registered town share at start"),
            "registered_elsewhere": column("initial registered elsewhere in province")
            + column("initial registered elsewhere other province"),
        }
    ).expand_dims(time=[float(year)])
    run, reader = PlainRun.of(data), Reader.over(study, where, [year])
    values = reader.at_places(run, reader.available(run, views.of(study, "profile")))
    labels = {"year": [year], "place": [str(place) for place in data["place"].values]}
    return xr.Dataset({name: (BY_PLACE, numbers) for name, numbers in values.items()}, labels)


def figures(
    study: Study, place: str, censuses: Sequence[int], result: xr.Dataset | None, years: Sequence[int]
) -> list[PlaceFigure]:
    """Return the figures of a place.

    Args:
        study: the study.
        place: element of the place.
        censuses: years of the censuses to show.
        result: a run to show beside them, or None.
        years: years of the run to show.
    """
    catalogue = indicators.read(study)
    listed = [place.element for place in places.read(study.tables) if place.listed]
    sources: list[tuple[int, xr.Dataset]] = [(year, census(study, year)) for year in censuses]
    if result is not None:
        sources += [(year, result) for year in years if year in result["year"].values and year not in censuses]
    rows = []
    for name in views.of(study, "profile"):
        values = {
            year: float(data[name].sel(year=year, place=place)) if name in data else float("nan")
            for year, data in sources
        }
        if name in catalogue and any(value == value for value in values.values()):
            last = sources[len(censuses) - 1] if censuses else sources[-1]
            ranked = listed if catalogue[name].resolution == COUNTY else ()
            rows.append(PlaceFigure(catalogue[name], values, _rank(last, name, place, ranked), len(listed)))
    again = [set(headline.repeated(data, study)) for _, data in sources]
    return [figure for figure in rows if not all(figure.indicator.id in names for names in again)]


def _rank(source: tuple[int, xr.Dataset], name: str, place: str, listed: Sequence[str]) -> int:
    year, data = source
    if name not in data or place not in listed:
        return 0
    values = data[name].sel(year=year, place=list(listed)).values
    own = float(data[name].sel(year=year, place=place))
    return int(np.sum(values > own)) + 1
