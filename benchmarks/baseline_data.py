"""The baseline of all sectors beside the data: `python -m benchmarks.baseline_data [--write]`.

Two runs: one from the census of 2010, whose 2020 is held against the census of 2020 and whose emissions of 2010 to 2019
are held against the province's inventory; one from the census of 2020. `--write` puts the table into docs/sectors.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from benchmarks.pages import put_table
from xiancheng import engine

ROOT = Path(__file__).parents[1]
EQUATIONS = ROOT / "model" / "urbanisation.mdl"
DATA = ROOT / "calibration" / "baseline_data.csv"
PAGE = ROOT / "docs" / "sectors.md"
VARIABLES = (
    "service users", "lived in floor area", "market starts", "gross product", "registered elsewhere",
    "inventory carbon dioxide of homes", "inventory carbon dioxide of transport",
    "inventory carbon dioxide of services", "electricity carbon dioxide", "bought heat carbon dioxide", "jobs",
    "in list",
)
"""What the comparison reads of a run."""
INVENTORY = range(2010, 2020)
SECTORS = {"homes": "home_sources", "transport": "transport_sources", "services": "service_sources"}
"""Sectors of the inventory and the energy users of the model."""


@dataclass(frozen=True)
class Line:
    """A figure of the model beside one of the data.

    Attributes:
        name: what is compared.
        unit: of both.
        model: figure of the model; data: of the data, None where there is none.
        low, high: where the figure of the model, in its unit, has to lie; None where nothing is scored.
        reason: why it is as far off as it is.
    """

    name: str
    unit: str
    model: float
    data: float | None
    low: float | None
    high: float | None
    reason: str

    @property
    def error(self) -> float | None:
        """The model's error relative to the data [1]."""
        return None if self.data is None else self.model / self.data - 1

    @property
    def met(self) -> bool | None:
        """Whether the figure lies where it has to."""
        return None if self.low is None or self.high is None else self.low <= self.model <= self.high


def data() -> dict[tuple[str, int], float]:
    """Return the figures of calibration/baseline_data.csv by (quantity, year), in their units."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        return {(row["quantity"], int(row["year"])): float(row["value"]) for row in csv.DictReader(lines)}


def lines(long: xr.Dataset, short: xr.Dataset) -> list[Line]:
    """Compare.

    Args:
        long: a run from 2010 that holds VARIABLES.
        short: the same from 2020.
    """
    known = data()
    found = [*_census(long, short), _product(long, known), _starts(short, known)]
    return found + _emissions(long, known)


def _census(long: xr.Dataset, short: xr.Dataset) -> list[Line]:
    pupils = _pupils

    def homes(run: xr.Dataset) -> xr.DataArray:
        return run["lived in floor area"]

    def elsewhere(run: xr.Dataset) -> xr.DataArray:
        return run["registered elsewhere"]

    return [
        _line("residents aged 6-14 in 2020, from 2010, the 68", "million persons", pupils, long, short, 0.05,
              "no counts of pupils at hand: residents of that age; from the census of 2010 and migration since"),
        _line("floor area lived in in 2020, from 2010, the 68", "million m²", homes, long, short, 0.05,
              "area a person in towns was held against the census"),
        _line("floor area lived in in 2020, from 2010, province", "million m²", homes, long, short, 0.05,
              "as above", listed=False),
        _line("residents registered elsewhere in 2020, from 2010, the 68", "million persons",
              elsewhere, long, short, None,
              "the census of 2020 found far more people away from their registration than ten years of moves bring"),
        _line("residents registered elsewhere in 2020, from 2010, province", "million persons",
              elsewhere, long, short, None, "as above", listed=False),
        _line("jobs in agriculture in 2020, from 2010, the 68", "million jobs",
              lambda run: run["jobs"].sel(sector="agriculture"), long, short, 0.15,
              "shares of the long form of 2020 on the residents of working age"),
    ]


def _line(
    name: str, unit: str, read: Callable[[xr.Dataset], xr.DataArray], long: xr.Dataset, short: xr.Dataset,
    bar: float | None,     reason: str, *, listed: bool = True,
) -> Line:
    mine, census = (float(_summed(read(run), run, listed).sel(time=2020.0)) / 1e6 for run in (long, short))
    low, high = (None, None) if bar is None else ((1 - bar) * census, (1 + bar) * census)
    return Line(name, unit, mine, census, low, high, reason)


def _summed(values: xr.DataArray, run: xr.Dataset, listed: bool) -> xr.DataArray:
    weight = run["in list"].isel(time=0, drop=True) if "time" in run["in list"].dims else run["in list"]
    return (values * weight if listed else values).sum("place")


def _pupils(run: xr.Dataset) -> xr.DataArray:
    return run["service users"].sel(service=["town_school", "village_school"]).sum("service")


def _product(long: xr.Dataset, known: dict[tuple[str, int], float]) -> Line:
    mine = float(long["gross product"].sum("place").sel(time=2020.5)) / 1e9
    published = known["gross_product", 2020]
    return Line("gross product of 2020, from 2010, province", "billion yuan of 2020", mine, published,
                0.9 * published, 1.1 * published, "from productivity of 2010 and its path; level of 2020 is the start")


def _starts(short: xr.Dataset, known: dict[tuple[str, int], float]) -> Line:
    fall = (known["floor_area_started", 2022] / known["floor_area_started", 2021]
            * known["floor_area_started_october", 2023] / known["floor_area_started_october", 2022] - 1)
    begun = short["market starts"].sum("place")
    mine = float(_in_year(begun, 2023) / _in_year(begun, 2021) - 1)
    return Line("homes started by developers, change 2021 to 2023, province", "%", 100 * mine, 100 * fall, -65.0, -35.0,
                "data chained from January to November 2022 and January to October 2023")


def _in_year(flow: xr.DataArray, year: int) -> xr.DataArray:
    """Return the mean of a flow over the steps of a calendar year."""
    return flow.sel(time=slice(year - 5 / 6 - 1e-6, year + 1 / 6 - 1e-6)).mean("time")


def _emissions(long: xr.Dataset, known: dict[tuple[str, int], float]) -> list[Line]:
    found = []
    for sector in SECTORS:
        flow = long[f"inventory carbon dioxide of {sector}"].sum("place")
        mine = sum(float(_in_year(flow, year)) for year in INVENTORY if year > 2010) / (len(INVENTORY) - 1) / 1e6
        published = [known[f"co2_{sector}", year] for year in INVENTORY if year > 2010]
        mean = sum(published) / len(published)
        found.append(Line(f"direct carbon dioxide of {sector}, mean of 2011-2019, province", "Mt a year", mine, mean,
                          0.85 * mean, 1.15 * mean, "the inventory falls by 40 % from 2012 to 2013, a break of its own"
                          if sector != "homes" else "villages' loose coal is badly counted"))
    years = slice(2010 + 1 / 6, 2019 + 1 / 6)
    for words in ("electricity", "bought heat"):
        flow = long[f"{words} carbon dioxide"].sel(time=years).mean("time").sum("place")
        for sector, user in SECTORS.items():
            found.append(Line(f"carbon dioxide of the {words} of {sector}, mean of 2011-2019, province", "Mt a year",
                              float(flow.sel({"energy user": user})) / 1e6, None, None, None,
                              "shown apart: an inventory books it to the plants"))
    return found


def text(found: list[Line]) -> str:
    """Return the comparison as a table in Markdown."""
    titles = ("figure", "unit", "model", "data", "error", "has to lie in", "met", "reason")
    rows = [titles, ("---",) * len(titles)]
    for line in found:
        error = "" if line.error is None else f"{100 * line.error:+.1f} %"
        span = "not scored" if line.low is None or line.high is None else f"{line.low:.4g} to {line.high:.4g}"
        met = {None: "", True: "yes", False: "**no**"}[line.met]
        known = "none" if line.data is None else f"{line.data:.4g}"
        rows.append((line.name, line.unit, f"{line.model:.4g}", known, error, span, met, line.reason))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def run(start: int) -> xr.Dataset:
    """Return a run of the study from a census, with VARIABLES."""
    source = EQUATIONS.read_text(encoding="utf-8").replace("start_2020", f"start_{start}")
    source = source.replace("INITIAL TIME = 2020", f"INITIAL TIME = {start}")
    return engine.run(engine.compile(EQUATIONS, outputs=VARIABLES, text=source))


def main() -> None:
    """Print the table; with --write put it into docs/sectors.md."""
    shown = text(lines(run(2010), run(2020)))
    print(shown)
    if "--write" in sys.argv[1:]:
        put_table(PAGE, "benchmarks.baseline_data", shown)


if __name__ == "__main__":
    main()
