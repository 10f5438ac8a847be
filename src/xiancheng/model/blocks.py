"""The wide blocks the equations read, made from the tidy tables: every block as text, by its path under blocks/."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import (
    ages,
    clock,
    distances,
    economy,
    element_tables,
    fertility,
    lever_constants,
    measured,
    place_list,
    start,
    start_columns,
)
from xiancheng.model.age_groups import AGED
from xiancheng.model.constant_rows import (
    PARAMETER_HEADER,
    PARAMETERS_FILE,
    PATH_HEADER,
    PATHS,
    check_constant,
    check_point,
)
from xiancheng.model.fertility import model_time
from xiancheng.model.life_table import LifeTable, class_hazards, life_table
from xiancheng.model.places import Places
from xiancheng.model.places import read as read_places
from xiancheng.model.reading import Findings, no_duplicates, number, read_rows, read_table
from xiancheng.model.sources import Sources, read_sources
from xiancheng.study import Study

LEVERS_FILE = "levers.csv"


def make_blocks(tables: Path, members: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the text of every block by its path under blocks/.

    Args:
        tables: folder of the tidy tables.
        members: elements of the subscript ranges of the equations by the key of the range; empty without equations.

    Raises:
        StudyError: a tidy table is not as it must be.
    """
    places = read_places(tables)
    years = clock.of(Study(tables.parents[1]))
    sources = read_sources(tables, places.units, years)
    life_tables = {key: life_table(rates, key[1]) for key, rates in sources.death_rates.items()}
    blocks = {
        "places.csv": _places_block(places),
        "parameters.csv": _parameters_block(tables),
        "fertility_path.csv": _fertility_path_block(sources),
        "fertility_schedule.csv": _schedule_block(sources),
        **{f"mortality_{sex}.csv": _mortality_block(years, life_tables, sex) for sex in ages.SEXES},
        **{file: _path_block(tables, file, name) for file, name in PATHS.items()},
        **_pair_blocks(sources, places),
        **_element_blocks(tables, members),
        "levers.csv": _levers_block(tables, places.elements),
    }
    place_list.check(places, sources)
    context = measured.Context(sources, places)
    before = {sex: life_tables[clock.before(years.first_census), sex] for sex in ages.SEXES}
    blocks["places_measured.csv"] = _columns(
        places.elements,
        {
            **measured.place_columns(context, before),
            "start cars per household": economy.cars_per_household(context),
            "in circle": economy.in_circle(context),
            "relative carbon intensity": economy.relative_carbon_intensity(context),
            **economy.in_zones(context),
        },
    )
    blocks["same_circle.csv"] = _grid("place", places.elements, places.elements, economy.same_circle(context))
    starts = {census: start.make_start(sources, places, census) for census in years.censuses}
    blocks["ages.csv"] = _ages_block(sources)
    for census, census_start in starts.items():
        blocks |= _start_blocks(context, census_start, life_tables, census)
    return blocks


def _start_blocks(
    context: measured.Context, census_start: start.Start, life_tables: dict[tuple[str, str], LifeTable], census: int
) -> dict[str, str]:
    period = clock.before(census)
    tables = {sex: life_tables[period, sex] for sex in ages.SEXES}
    schedule = fertility.schedule(context.sources.fertility_shares[period])
    relative = start_columns.relative_fertility(census_start.persons, tables, schedule)
    elements = context.places.elements
    folder = f"start_{census}"
    columns = start_columns.start_columns(context, census_start, relative, census)
    blocks = {f"{folder}/places.csv": _columns(elements, columns)}
    for name, persons in (("town", census_start.town), ("village", census_start.village)):
        for index, sex in enumerate(ages.SEXES):
            blocks[f"{folder}/persons_{name}_{sex}.csv"] = _grid("place", elements, ages.AGES, persons[:, index])
    return blocks


def _places_block(places: Places) -> str:
    names = {unit.code: (unit.name_zh, unit.name_en) for unit in places.units}
    prefectures = {unit.prefecture_code: (unit.prefecture_zh, unit.prefecture_en) for unit in places.units}
    rows = []
    for place in places:
        zh, en = prefectures[place.prefecture] if place.is_rest else names[place.code]
        rows.append([place.element, f"{zh}其余地区" if place.is_rest else zh, f"Rest of {en}" if place.is_rest else en])
    return _text([["place", "name zh", "name en"], *rows])


def _parameters_block(tables: Path) -> str:
    findings = Findings(PARAMETERS_FILE)
    rows = read_rows(tables / PARAMETERS_FILE, PARAMETER_HEADER, findings)
    rows += [row for row in lever_constants.read(tables.parents[1]) if not row["dimension"]]
    no_duplicates(rows, ("name",), findings)
    values = [[row["name"], _number(check_constant(row, findings))] for row in rows]
    findings.stop()
    return _text([["name", "value"], *values])


def _element_blocks(tables: Path, members: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return one block for every dimension with constants of its own, and one for every variable with paths."""
    blocks = {}
    if (tables / element_tables.ELEMENTS_FILE).is_file():
        for dimension, (elements, columns) in element_tables.read_by_element(tables, members).items():
            blocks[f"by_{dimension.replace(' ', '_')}.csv"] = _columns(elements, columns, corner=dimension)
    if (tables / element_tables.PATHS_FILE).is_file():
        for variable, (times, paths) in element_tables.read_paths(tables).items():
            grid = _grid("time", map(_number, times), tuple(paths), np.stack(list(paths.values()), axis=-1))
            blocks[f"paths/{variable.replace(' ', '_')}.csv"] = grid
    return blocks


def _path_block(tables: Path, file: str, name: str) -> str:
    findings = Findings(file)
    rows = read_rows(tables / file, PATH_HEADER, findings)
    points = [[number(row, column, findings) for column in ("time", "value")] for row in rows]
    for row in rows:
        check_point(row, name, findings)
    findings.stop()
    return _text([["time", name], *([_number(value) for value in point] for point in points)])


def _levers_block(tables: Path, elements: Sequence[str]) -> str:
    """Return the baseline of every lever at every place [unit of its variable] (place), from scenarios/levers.csv."""
    path = tables.parent.parent / "scenarios" / LEVERS_FILE
    findings = Findings(LEVERS_FILE)
    rows = read_table(path, ("id", "baseline", "model_factor"), findings)
    columns = {
        row["id"].replace("_", " "): np.full(
            len(elements), number(row, "baseline", findings) * number(row, "model_factor", findings)
        )
        for row in rows
    }
    findings.stop()
    return _columns(elements, columns)


def _fertility_path_block(sources: Sources) -> str:
    times, rates = fertility.path_table(sources.fertility_periods, sources.clock.closing)
    return _grid("time", map(_number, times), fertility.PATHS, rates)


def _period_times(years: clock.Clock) -> list[float]:
    """Return the model time of the middle of every period, then of the end of the paths.

    The periods run from the middle of a year to the middle of another (their life expectancies are the means of yearly
    ones with half weight on both ends), so their middle is 1 January of the fourth year.
    """
    return [*(model_time(datetime.date(int(period[:4]) + 3, 1, 1)) for period in years.periods), years.closing]


def _closed(rows: Sequence[Floats]) -> Floats:
    """Repeat the last row at the end of the paths."""
    return np.stack([*rows, rows[-1]])


def _schedule_block(sources: Sources) -> str:
    rows = _closed([fertility.schedule(sources.fertility_shares[period]) for period in sources.clock.periods])
    return _grid("time", map(_number, _period_times(sources.clock)), ages.AGES, rows)


def _mortality_block(years: clock.Clock, life_tables: dict[tuple[str, str], LifeTable], sex: str) -> str:
    rows = _closed([class_hazards(life_tables[period, sex]) for period in years.periods])
    return _grid("time", map(_number, _period_times(years)), ("newborn", *ages.AGES), rows)


def _pair_blocks(sources: Sources, places: Places) -> dict[str, str]:
    elements = places.elements
    tables = {
        "distance.csv": distances.distance_km(sources, places),
        "same_prefecture.csv": distances.same_prefecture(places),
    }
    return {file: _grid("place", elements, elements, table) for file, table in tables.items()}


def _ages_block(sources: Sources) -> str:
    schedule = ages.migration_profile(sources.migration_schedule)
    persons = ages.single_years(sources.persons[sources.clock.first_census]).sum(axis=(0, 1))
    mean = (schedule * persons).sum() / persons.sum()
    columns = {
        "age number": np.arange(len(ages.AGES), dtype=float),
        "rogers castro schedule": schedule,
        "rogers castro profile": schedule / mean,
        **{
            name: np.array([float(first <= age <= last) for age in range(len(ages.AGES))])
            for name, (first, last) in AGED.items()
        },
    }
    return _columns(ages.AGES, columns, corner="age")


def _columns(elements: Iterable[str], columns: dict[str, Floats], corner: str = "place") -> str:
    return _grid(corner, elements, tuple(columns), np.stack(list(columns.values()), axis=-1))


def _grid(corner: str, rows: Iterable[str], columns: Sequence[str], values: Floats) -> str:
    lines = [[name, *map(_number, line)] for name, line in zip(rows, values.tolist(), strict=True)]
    return _text([[corner, *columns], *lines])


def _number(value: float) -> str:
    """Write a number so that reading gives the same one back."""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _text(lines: Iterable[Sequence[str]]) -> str:
    return "".join(",".join(line) + "\n" for line in lines)
