"""Draws of all that is not known, run to the end.

`python -m benchmarks.prior_predictive [DRAWS] [--keep FOLDER] [--write]`

Each draw of the joint prior runs from the last census to the usual end. Told are the draws that break a rule of stocks,
shares, money or people (M1, M2, M3, M10), those without numbers, and the share that leaves a corridor of the year 2035.
`--keep` writes every block of draws as a file and goes on with those that are there; `--write` puts the table into
docs/validation.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from benchmarks.pages import put_table
from tests.linked.linked_runs import EQUATIONS, RESULTS, ROOT, equations_from, stocks
from tests.linked.test_linked_rules import broken
from xiancheng import engine
from xiancheng.calibration import joint_prior
from xiancheng.calibration.joint_prior import Draws
from xiancheng.study import Study

PAGE = ROOT / "docs" / "validation.md"
DRAWS, BLOCK, SEED, END = 1000, 20, 2035, 2035.0
LISTED_WEIGHT = "in list"
WOMEN, OLD = ("female", slice(20, 35)), slice(65, None)
CORRIDORS: Mapping[str, tuple[float, float]] = {
    "residents of the list in 2035, million": (33.0, 42.0),
    "share 65 and over of the list in 2035, %": (28.0, 33.0),
    "women of 20-34 in the list in 2035, million": (2.0, 3.0),
    "vacancy of town homes of the list in 2035, %": (0.0, 40.0),
    "gross product of the province in 2035 over 2020": (1.0, 3.5),
    "carbon dioxide of the province in 2035 over 2020": (0.3, 1.3),
    "debt over product of the province in 2035": (0.0, 3.0),
}
"""Where a figure has to lie to be plausible: bars of the model's people, and wide guesses of ours for the rest."""


@cache
def draws(count: int) -> Draws:
    """Draw all that is not known together."""
    return joint_prior.draws(Study(ROOT), count, SEED)


@cache
def program() -> engine.Program:
    """Compile the equations with all that is drawn open."""
    outputs = tuple(dict.fromkeys((*RESULTS, *stocks(), LISTED_WEIGHT)))
    return engine.compile(EQUATIONS, outputs=outputs, inputs=tuple(draws(1).parameters()), text=equations_from(2020))


def run(first: int, count: int) -> xr.Dataset:
    """Run a block of draws, with the last again where fewer are left than are computed together."""
    rows = np.minimum(np.arange(first, first + BLOCK), count - 1)
    constants = {name: values[rows] for name, values in draws(count).constants.items()}
    paths = {name: [own[row] for row in rows] for name, own in draws(count).paths.items()}
    return engine.batch(program(), {**constants, **paths}, chunk=2).isel(run=slice(count - first))


def figures(data: xr.Dataset) -> list[float]:
    """Return the figures of one draw that have a corridor, in their order."""
    listed = data[LISTED_WEIGHT]
    listed = listed.isel(time=0, drop=True) if "time" in listed.dims else listed
    last, first = data.sel(time=END), data.isel(time=0)
    persons = (last["persons"] * listed).sum("place")
    by_age = persons.sum([dim for dim in persons.dims if dim not in ("age",)]).to_numpy()
    women = persons.sel(sex=WOMEN[0]).sum("settlement").to_numpy()[WOMEN[1]]
    homes = (last["town floor area"] * listed).sum()
    empty = (last["vacancy"] * last["town floor area"] * listed).sum() / homes
    product, before = last["gross product"].sum(), first["gross product"].sum()
    carbon, debt = "carbon dioxide", last["explicit debt"].sum() + last["hidden debt"].sum()
    values = (by_age.sum() / 1e6, 100 * by_age[OLD].sum() / by_age.sum(), women.sum() / 1e6, 100 * empty,
              product / before, last[carbon].sum() / first[carbon].sum(), debt / product)
    return [float(value) for value in values]


def block(first: int, count: int, folder: Path | None) -> dict[str, Any]:
    """Return rules broken and figures of a block of draws, taken from the folder where they are there."""
    file = None if folder is None else folder / f"draws_{first:04d}.npz"
    if file is not None and file.is_file():
        with np.load(file) as stored:
            return dict(stored)
    data = run(first, count)
    each = [data.isel(run=row) for row in range(data.sizes["run"])]
    arrays = {"rules": np.array(["; ".join(broken(one)) for one in each]),
              "figures": np.array([figures(one) for one in each])}
    if file is not None:
        np.savez(file, **arrays)
    return arrays


def lines(blocks: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return the table: what is told, with its number of draws."""
    rules = np.concatenate([arrays["rules"] for arrays in blocks])
    values = np.concatenate([arrays["figures"] for arrays in blocks])
    broke = [rule for rule in rules if rule]
    table = [("draws", str(len(rules)), ""), ("draws that break a rule or lose their numbers", str(len(broke)),
                                              "; ".join(sorted(set(broke))[:5]))]
    inside = np.ones(len(values), dtype=bool)
    for (name, (low, high)), column in zip(CORRIDORS.items(), values.T, strict=True):
        is_in = (column >= low) & (column <= high)
        inside &= is_in
        spread = " to ".join(f"{value:.3g}" for value in np.nanquantile(column, [0.05, 0.95]))
        outside = f"{100 * (1 - is_in.mean()):.1f} %"
        table.append((f"{name}: outside {low:g} to {high:g}", outside, f"5 to 95 %: {spread}"))
    return [*table, ("outside any of them", f"{100 * (1 - inside.mean()):.1f} %", "")]


def text(table: list[tuple[str, ...]]) -> str:
    """Return the table in Markdown."""
    rows = [("prior predictive", "found", "of them"), ("---",) * 3, *table]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(show: Callable[[str], None] = print) -> None:
    """Run the draws and print the table."""
    words = sys.argv[1:]
    folder = Path(words[words.index("--keep") + 1]) if "--keep" in words else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    count = int(words[0]) if words and words[0].isdigit() else DRAWS
    shown = text(lines([block(first, count, folder) for first in range(0, count, BLOCK)]))
    show(shown)
    if "--write" in words:
        put_table(PAGE, "benchmarks.prior_predictive", shown)


if __name__ == "__main__":
    main()
