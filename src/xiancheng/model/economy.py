"""Columns of a start about work, homes and products, each a share of sums over the units inside."""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import ages
from xiancheng.model.measured import WORKING_AGE, Context, employment_share, households
from xiancheng.model.series_tables import PRODUCTS
from xiancheng.model.sources import Sources

SECTORS: tuple[str, ...] = ("agriculture", "manufacturing and mining", "construction sector", "trade and services")
"""Sectors of work, as the elements of the subscript `sector`; power, heat and water count as manufacturing."""

_INDUSTRIES = {
    "agriculture": ("agriculture",),
    "manufacturing and mining": ("mining", "manufacturing", "utilities"),
    "construction sector": ("construction",),
}
_COLUMNS = {
    "agriculture": ("employed_agriculture_long_form",),
    "manufacturing and mining": (
        "employed_mining_long_form", "employed_manufacturing_long_form", "employed_utilities_long_form",
    ),
    "construction sector": ("employed_construction_long_form",),
}
_YUAN = 1e8


def start_columns(context: Context, census: int) -> dict[str, Floats]:
    """Return the columns of a start on work, homes and products, by variable name (place).

    Args:
        context: sources and places.
        census: the first or the last one.
    """
    jobs = initial_jobs(context, census)
    products = productivity(context, census)
    return {
        **{f"initial jobs {sector}": jobs[sector] for sector in SECTORS},
        **{f"productivity at start {sector}": products[sector] for sector in SECTORS},
        **homes(context, census),
    }


def initial_jobs(context: Context, census: int) -> dict[str, Floats]:
    """Return employed residents by sector [person] (place): the shares of the long form times all employed."""
    persons = ages.single_years(context.sources.persons[census]).sum(axis=1)
    first, after = WORKING_AGE
    employed = employment_share(context, census) * context.sum(persons[:, first:after].sum(axis=-1))
    long_form = _long_form(context.sources, census)
    shares = {sector: context.ratio(part, total) for sector, (part, total) in long_form.items()}
    services = 1.0 - sum(shares.values(), np.zeros(len(employed)))
    return {sector: employed * shares.get(sector, services) for sector in SECTORS}


def _long_form(sources: Sources, census: int) -> dict[str, tuple[Floats, Floats]]:
    """Return employed persons of the long form in a sector and in all, by sector but services [person] (unit)."""
    if sources.is_first(census):
        table, names, total = sources.first, _COLUMNS, sources.first["employed_long_form"]
    else:
        table, names, total = sources.jobs, _INDUSTRIES, sources.jobs["all"]
    zero = np.zeros(len(total))
    return {sector: (sum((table[name] for name in parts), zero), total) for sector, parts in names.items()}


def productivity(context: Context, census: int) -> dict[str, Floats]:
    """Return value added of the prefecture per person employed there by sector [yuan/person/year] (place).

    The first census takes products of later years, scaled to the revised product of the province in its own year, by
    consumer prices. Building is the part of the secondary product that is not industry; where its year does not tell
    the two apart, they divide as in the year of prices.
    """
    sources, places = context.sources, context.places
    jobs = initial_jobs(context, census)
    codes = np.array([place.prefecture for place in places])
    level = _level(sources, census)
    levels: dict[str, Floats] = {}
    for sector in SECTORS:
        per_job = np.zeros(len(codes))
        for code in dict.fromkeys(codes.tolist()):
            inside = codes == code
            employed = jobs[sector][inside].sum()
            value = _value_added(sources, code, sources.clock.products(census), sector) * level * _YUAN
            per_job[inside] = value / employed if employed > 0 else 0.0
        levels[sector] = per_job
    return levels


def _level(sources: Sources, census: int) -> float:
    """Return the product of the province in prices of one year over the sum of what the prefectures published."""
    year = sources.clock.products(census)
    prefectures = sources.prefectures
    published = sum(value for (place, of_year), value in sources.gdp.items()
                    if of_year == year and place in prefectures)
    prices = 1.0
    for later in range(census + 1, sources.clock.prices + 1):
        prices *= sources.province["consumer_price_index"][later] / 100.0
    return sources.province["gdp"][census] * prices / published


def _value_added(sources: Sources, prefecture: str, year: int, sector: str) -> float:
    """Return the value added of a sector in a prefecture [100 million yuan]."""
    parts = {name: sources.merged(sources.products, prefecture, year, name) for name in PRODUCTS}
    later = {name: sources.merged(sources.products, prefecture, sources.clock.prices, name) for name in PRODUCTS}
    primary, secondary = parts["gdp_primary"], parts["gdp_secondary"]
    industry = parts["gdp_industry"] or secondary * later["gdp_industry"] / later["gdp_secondary"]
    services = sources.merged(sources.gdp, prefecture, year) - primary - secondary
    return dict(zip(SECTORS, (primary, industry, secondary - industry, services), strict=True))[sector]


def homes(context: Context, census: int) -> dict[str, Floats]:
    """Return floor area per person, size, tenure, water and cars of households, by variable name (place)."""
    values = context.sources.units[census]
    residents = values["residents"]
    if context.sources.is_first(census):
        size = context.ratio(values["persons_in_family_households"], values["family_households"])
        rented = context.ratio(values["dwellings_rented_long_form"], values["dwellings_long_form"])
        water = context.ratio(values["dwellings_piped_water_long_form"], values["dwellings_long_form"])
    else:
        counted = households(context.sources)
        size = context.ratio(residents, counted)
        rented = context.ratio(values["rented_share"] * counted, counted)
        water = context.ratio(values["piped_water_share"] * counted, counted)
    return {
        "start floor area per person": context.ratio(values["floor_area_per_person"] * residents, residents),
        "start persons per household": size,
        "start rented share": rented,
        "start piped water share": water,
    }


def cars_per_household(context: Context) -> Floats:
    """Return the share of households with a car in the last census [vehicle/household] (place)."""
    counted = households(context.sources)
    return context.ratio(context.sources.last["car_owning_share"] * counted, counted)


def relative_carbon_intensity(context: Context) -> Floats:
    """Return carbon dioxide per gross product of the last census against the province [1] (place).

    Emissions are of energy, by unit, those of development zones inside the districts they were cut from; a place
    without any figure, or a study without the table, takes the mean.
    """
    sources, census = context.sources, context.sources.clock.last_census
    jobs, products = initial_jobs(context, census), productivity(context, census)
    product = np.sum([jobs[sector] * products[sector] for sector in SECTORS], axis=0)
    measured = np.isfinite(sources.carbon_dioxide)
    inside = measured.any() & np.array([unit.kind == "development_zone" for unit in context.places.units])
    counted, residents = measured | inside, sources.last["residents"]
    emitted = context.sum(np.where(measured, sources.carbon_dioxide, 0.0))
    part = product * context.ratio(residents * counted, residents)
    mean = emitted.sum() / part.sum() if part.sum() > 0 else 1.0
    return np.where(part * mean > 0, emitted / np.where(part > 0, part, 1.0) / (mean or 1.0), 1.0)


def same_circle(context: Context) -> Floats:
    """Return 1 where two places lie in one metropolitan circle, else 0 (place, place)."""
    names = np.array([place.row["circle"] for place in context.places])
    same: Floats = ((names[:, None] == names) & (names != "")).astype(np.float64)
    return same


def in_circle(context: Context) -> Floats:
    """Return 1 for a place of a metropolitan circle, else 0 (place)."""
    return np.array([float(place.row["circle"] != "") for place in context.places])



def in_zones(context: Context) -> dict[str, Floats]:
    """Return 1 for the places of an economic zone, else 0, by variable name `in ZONE` (place)."""
    zones = [place.row["zone"] for place in context.places]
    return {f"in {zone.replace('_', ' ')}": np.array([float(other == zone) for other in zones])
            for zone in sorted({*zones} - {""})}
