"""Members in `run`: their bands on the screen, and which parameters the censuses tell little of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiancheng.cli import progress, screen
from xiancheng.cli.session import Session
from xiancheng.outputs import headline, indicators, places, views

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.model.build import BuiltRun

BANDS_FILE = "_bands.csv"
_SUFFIXES = {"whole": ".whole"}


def run(session: Session, built: BuiltRun, members: str, variables: list[str] | None, title: str) -> xr.Dataset:
    """Run the members and return their bands; the indicators of the first table where none are named."""
    from xiancheng.sweeps import bands  # heavy, and asked for by few

    names = indicators.read(built.study)
    first = views.of(built.study, "first_table")
    usual = [name for name, indicator in names.items() if indicator.headline or name in first]
    named = [name for name in variables or usual if name in names] or usual
    with progress.shown(session, session.words("cli.members.title", title=title, members=members)) as advance:
        return bands.run(built, members, named, advance)


def show(session: Session, data: xr.Dataset, bands: xr.Dataset, names: Sequence[str]) -> None:
    """Show the median every five years and the band of the last year, for the list and the province."""
    from xiancheng.calibration import stand_ins, whole_members  # heavy, and asked for by few

    language = session.language
    start, end = int(data.attrs["start"]), int(data.attrs["end"])
    years = [year for year in headline.years(start, end) if year > start]
    for area in (places.LIST, places.PROVINCE):
        cells = []
        for name in names:
            if name not in bands or not bands[name].sel(area=area, year=years).notnull().any():
                continue
            unit = str(bands[name].attrs["units"])
            values = bands[name].sel(area=area)
            shown = [*(values.sel(year=year)[1] for year in years), values.sel(year=end)[0], values.sel(year=end)[2]]
            numbers = [headline.bare(float(value), unit, language) for value in shown]
            title = str(bands[name].attrs[f"title_{language}"])
            cells.append([title, *numbers, headline.unit_column(unit, language)])
        label = str(bands[f"name_{language}"].sel(area=area).item())
        columns = {f"y{year}": session.words("cli.members.median", year=year) for year in years}
        columns |= {f"q{share}": session.words("cli.members.quantile", year=end, share=share) for share in (5, 95)}
        titles = {"title": label, **columns, "unit": session.words("cli.column.unit")}
        screen.table(session, cells, titles, list(columns))
        session.out.print()
    key = f"cli.members.bands{_SUFFIXES.get(bands.attrs['kind'], '')}"
    key = whole_members.words(session.study, key) if bands.attrs["kind"] == whole_members.WHOLE else key
    session.out.print(session.words(key, count=bands.attrs["members"]), markup=False, soft_wrap=True)
    few = stand_ins.of_count(session.study, bands.attrs["kind"], bands.attrs["members"])
    titles = {str(name): str(values.attrs[f"title_{language}"]) for name, values in bands.data_vars.items()}
    for sentence in stand_ins.sentences(few, titles, language) if few else []:
        session.out.print(sentence, markup=False, soft_wrap=True)


def tell_weak(session: Session) -> None:
    """Name the parameters that the censuses tell little of, with their shrinkage."""
    from xiancheng.sweeps import bands

    weak = bands.weak(session.study)
    if weak:
        named = ", ".join(f"{name} {shrinkage:.2f}" for name, shrinkage in weak)
        session.out.print(session.words("cli.members.weak", names=named), markup=False, soft_wrap=True)


def beside(file: Path) -> Path:
    """Return where the bands of a result go: beside its file."""
    return file.with_name(file.stem + BANDS_FILE)


def add(records: list[dict[str, Any]], bands: xr.Dataset) -> list[dict[str, Any]]:
    """Return records of a result with the band of each value; None where there is none."""
    for record in records:
        name, area, year = record["indicator"], record["area"], record["year"]
        is_banded = name in bands and area in bands["area"].values and year in bands["year"].values
        values = bands[name].sel(area=area, year=year).values if is_banded else [float("nan")] * 3
        for key, value in zip(("q05", "median", "q95"), values, strict=True):
            record[key] = float(value) if value == value else None
    return records
