"""A reader of reports that imports nothing of the project: it works figures out again from stored runs, and seeks them.

    python -m benchmarks.report_reader STORE REPORT... [--en]

STORE is the folder of `xiancheng compare --store`, or its runs as netCDF; each REPORT one of its full reports, in
Chinese, or in English with --en.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

POLICY = tuple(range(2026, 2036))
AREAS = ("68", "province")
BASELINE, REFERENCE = "baseline", "reference"
LINES = {
    "wanted": ("+wanted_money",), "revenue": ("+public_revenue",), "debt service": ("-debt_service",),
    "bonds": ("+new_bonds",), "reserve": ("+reserve_drawn",), "hidden": ("+hidden_borrowing",),
    "private": ("+private_capital_invested",), "displaced": ("-other_spending",),
    "not built": ("+unfunded_money", "+other_spending"),
}
"""Indicators behind each line of the balance of an option, with their signs."""
CLOSES = 1e-6
SCALES = {"zh": (1e8, 2), "en": (1e9, 3)}
"""Money as tables of balances write it: 亿元 or billion yuan, and digits behind the point."""
Read = Callable[[str, str, str], np.ndarray]
"""Gives an indicator of a scenario in an area, in the reference (member, year)."""


@dataclass(frozen=True)
class Runs:
    """Stored runs: letters of the options, years, and what reads them."""

    options: tuple[str, ...]
    years: tuple[int, ...]
    read: Read

    def policy(self, name: str, scenario: str, area: str) -> np.ndarray:
        """Return a flow over the years of the policy (member, year)."""
        columns = [self.years.index(year) for year in POLICY]
        return self.read(name, scenario, area)[:, columns]


def of_netcdf(file: Path) -> Runs:
    """Return the runs of a comparison written as netCDF."""
    import h5py

    data = h5py.File(file)
    scenarios, stresses, areas = ([word.decode() if isinstance(word, bytes) else str(word) for word in data[name][:]]
                                  for name in ("scenario", "stress", "area"))

    def read(name: str, scenario: str, area: str) -> np.ndarray:
        at = data[name][scenarios.index(scenario), stresses.index(REFERENCE)]
        return np.asarray(at[..., areas.index(area)], dtype=float)

    return Runs(tuple(scenarios[1:]), tuple(int(year) for year in data["year"][:]), read)


def of_store(folder: Path) -> Runs:
    """Return the runs in the store of a comparison; options without one of their levers are left aside."""
    import zarr

    labels = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))["labels"]
    with (folder / "design.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row["scenario"] for row in csv.DictReader(lines)]
    values = zarr.open_array(str(folder / "values"), mode="r")
    options = dict.fromkeys(name.partition("|")[0] for name in rows if name.endswith(f"|{REFERENCE}"))

    @cache
    def at_areas(scenario: str) -> np.ndarray:
        """Return all indicators of a scenario (member, indicator, year, area), read from the store once."""
        runs = [number for number, row in enumerate(rows) if row == f"{scenario}|{REFERENCE}"]
        several = np.asarray(values[min(runs):max(runs) + 1])[[number - min(runs) for number in runs]]
        return several[..., [labels["area"].index(area) for area in AREAS]]

    def read(name: str, scenario: str, area: str) -> np.ndarray:
        at = at_areas(scenario)[:, labels["indicator"].index(name), :, AREAS.index(area)]
        return np.asarray(at, dtype=float)

    return Runs(tuple(name for name in options if name != BASELINE), tuple(int(year) for year in labels["year"]), read)


def balance(runs: Runs, option: str, area: str) -> dict[str, np.ndarray]:
    """Return every line of the balance of an option against the baseline, mean over members, by year [yuan a year]."""
    lines = {}
    for line, parts in LINES.items():
        total = sum((1 if part[0] == "+" else -1) * (runs.policy(part[1:], option, area)
                                                     - runs.policy(part[1:], BASELINE, area)) for part in parts)
        lines[line] = np.mean(total, axis=0)
    return lines


def gap(runs: Runs, option: str, area: str) -> float:
    """Return the largest difference of wanted and its sources in any year, over the largest level of that year."""
    lines = balance(runs, option, area)
    apart = lines["wanted"] - sum(values for line, values in lines.items() if line != "wanted")
    largest = np.max([np.abs(runs.policy(part[1:], option, area)).max(axis=0)
                      for parts in LINES.values() for part in parts], axis=0)
    return float(np.max(np.abs(apart) / largest))


@dataclass(frozen=True)
class Figure:
    """A figure worked out again: what it is, its value, and how a report writes it, "" for the value alone."""

    name: str
    value: float
    written: str = ""


def signed(value: float, digits: int = 2) -> str:
    """Return a change as reports write it; one that rounds to nothing has no sign."""
    word = f"{value:+,.{digits}f}"
    return word if word.strip("+-0.,") else word.lstrip("+-")


def level(value: float, digits: int = 2) -> str:
    """Return a level as reports write it; one that rounds to nothing has no sign."""
    return signed(value, digits).lstrip("+")


def figures(runs: Runs, shares: Sequence[str] = (), language: str = "zh") -> Iterator[Figure]:
    """Yield all figures of the balance, of what is left unpaid, and level and change of some shares."""
    scale, digits = SCALES[language]
    for area in AREAS:
        for option in runs.options:
            for line, values in balance(runs, option, area).items():
                for year, value in [*zip(POLICY, values, strict=True), ("mean", values.mean())]:
                    yield Figure(f"{option} {area} {line} {year}", float(value), signed(value / scale, digits))
        for kind, parts in LINES.items():
            if kind not in ("displaced", "not built"):
                total = sum((1 if part[0] == "+" else -1) * runs.policy(part[1:], BASELINE, area) for part in parts)
                mean = float(np.mean(total))
                yield Figure(f"{BASELINE} {area} {kind}", mean, level(mean / scale, digits))
        for option in runs.options:
            own, base = (runs.policy("unfunded_money", name, area) for name in (option, BASELINE))
            yield Figure(f"{option} {area} unpaid", float(np.median(own.mean(axis=1) - base.mean(axis=1))))
        for name in shares:
            base = runs.read(name, BASELINE, area)[:, -1]
            yield Figure(f"{BASELINE} {area} {name}", float(np.median(base)), f"{np.median(base) * 100:,.2f}%")
            for option in runs.options:
                apart = float(np.median(runs.read(name, option, area)[:, -1] - base))
                yield Figure(f"{option} {area} {name}", apart, signed(apart * 100))


def numbers(file: Path) -> list[float]:
    """Return the numbers behind a page or a workbook."""
    if file.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(file, read_only=True)
        return [float(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
                if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
    return [float(word) for word in re.findall(r'data-value="([^"]+)"', file.read_text(encoding="utf-8"))]


def written(file: Path) -> set[str]:
    """Return the numbers that stand in a document, each as a whole word with its sign, without what follows it."""
    if file.suffix == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(str(file))
        text = "\n".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    else:
        import docx

        name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        text = "\n".join("".join(part.text or "" for part in paragraph.iter(f"{name}t"))
                         for paragraph in docx.Document(str(file)).element.body.iter(f"{name}p"))
    return set(re.findall(r"(?:(?<![\d.])[+-])?\d[\d,]*(?:\.\d+)?", text.replace("\u2212", "-")))


def missing(file: Path, sought: Sequence[Figure]) -> list[str]:
    """Return the figures that a report does not hold: by number in .html and .xlsx, as written in .docx and .pdf."""
    if file.suffix in (".html", ".xlsx"):
        held = np.sort(np.array(numbers(file)))
        return [figure.name for figure in sought if not _holds(held, figure.value)]
    words = written(file)
    return [figure.name for figure in sought if figure.written and figure.written.rstrip("%") not in words]


def _holds(held: np.ndarray, value: float) -> bool:
    position = np.searchsorted(held, value)
    near = held[max(position - 1, 0):position + 1]
    return bool(np.any(np.abs(near - value) <= np.maximum(1e-9 * abs(value), 1e-6)))


def main() -> None:
    """Read runs and reports, and say what is missing, and how far balances are from closing."""
    language = "en" if "--en" in sys.argv else "zh"
    store, *reports = (Path(word) for word in sys.argv[1:] if word != "--en")
    runs = of_store(store) if store.is_dir() else of_netcdf(store)
    sought = list(figures(runs, ("urban_share", "registered_urban_share"), language))
    for option in runs.options:
        for area in AREAS:
            print(f"balance of {option} in {area}: {gap(runs, option, area):.1e} of its largest term")
    for file in reports:
        absent = missing(file, sought)
        print(f"{file}: {len(sought) - len(absent)} of {len(sought)} figures", *absent[:10])


if __name__ == "__main__":
    main()
