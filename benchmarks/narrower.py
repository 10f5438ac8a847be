"""Where bands of the whole model are narrower than those of people alone.

`python -m benchmarks.narrower [--options A,B] [--keep FOLDER] [--write]`

The baseline and packages (all, where none are named) run with all members of either kind. Of the headline indicators
of the list and the province in the last year, and of their changes, the widths of both bands stand side by side;
narrower is one whose width is smaller in 95 % of draws of members with replacement. `--keep` keeps runs and goes on
with those that are there, of `benchmarks.stand_ins` too; `--write` puts the table into docs/validation.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.pages import put_table
from benchmarks.stand_ins import PAGE, ROOT, Ends, all_ends, headline, packages
from xiancheng.arrays import Floats
from xiancheng.comparison.bands import change
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.runs import BASELINE
from xiancheng.study import Study

KINDS = ("200", "people:200")
DRAWS, SURE = 400, 0.95
"""Draws of members with replacement, and the share of them from which on a band is narrower."""
COLUMNS = ("of", "bands", "wider", "narrower", "not told apart")
LISTED = ("narrower", "area", "of", "width, in parts of that of people alone")


def widths(values: Floats) -> Floats:
    """Return the widths of bands of draws of members with replacement, the members as they are first (draw,).

    Args:
        values: by member.
    """
    chance = np.random.default_rng(1)
    rows = np.vstack([np.arange(len(values)), chance.integers(len(values), size=(DRAWS, len(values)))])
    low, high = np.quantile(values[rows], [0.05, 0.95], axis=1)
    return np.asarray(high - low)


def figures(ends: Ends) -> dict[tuple[str, int, int], Floats]:
    """Return levels of the baseline and changes of every option by option, indicator and area (member,)."""
    base = ends[BASELINE]
    every = {BASELINE: base, **{name: change(own, base) for name, own in ends.items() if name != BASELINE}}
    return {(name, row, area): own[:, row, area] for name, own in every.items()
            for row in range(base.shape[1]) for area in range(base.shape[2])}


def ratios(whole: Ends, people: Ends) -> dict[tuple[str, int, int], Floats]:
    """Return the width of each band in parts of that of people alone, in the members as they are and in draws of them.

    Args:
        whole: ends of members of the whole model.
        people: ends of members of people alone; where they have no width nothing stands.
    """
    mine, theirs = figures(whole), figures(people)
    parts = {}
    for key, values in mine.items():
        other = theirs[key][np.isfinite(theirs[key])]
        own = values[np.isfinite(values)]
        if own.size and other.size and np.quantile(other, 0.95) > np.quantile(other, 0.05):
            with np.errstate(divide="ignore"):
                parts[key] = widths(own) / widths(other)[: DRAWS + 1]
    return parts


def verdict(ratio: Floats) -> str:
    """Return which of COLUMNS a band counts in."""
    if (ratio[1:] > 1).mean() >= SURE:
        return COLUMNS[2]
    return COLUMNS[3] if (ratio[1:] < 1).mean() >= SURE else COLUMNS[4]


def tables(study: Study, ratio: dict[tuple[str, int, int], Floats]) -> str:
    """Return counts by option, and the narrower bands by name."""
    names = headline(study)
    kinds = {key: verdict(value) for key, value in ratio.items()}
    counts = {option: Counter(kind for key, kind in kinds.items() if key[0] == option) for option, _, _ in kinds}
    lines = [COLUMNS, ("---",) * len(COLUMNS)]
    for option, count in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        lines.append((option, str(count.total()), *(str(count[kind]) for kind in COLUMNS[2:])))
    narrow: dict[tuple[str, str], list[str]] = {}
    for (option, row, area), kind in kinds.items():
        if kind == COLUMNS[3]:
            narrow.setdefault((names[row], AREAS[area]), []).append(f"{option} {ratio[option, row, area][0]:.2f}")
    listed = [LISTED[:3], ("---",) * 3, *((*key, ", ".join(items)) for key, items in narrow.items())]
    return "\n\n".join("\n".join(f"| {' | '.join(line)} |" for line in part) for part in (lines, listed))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not kept, show and where asked write the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--options", default="")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args(arguments)
    study = Study(ROOT)
    options = [option for option in packages(study) if not told.options or option.id in told.options.split(",")]
    with tempfile.TemporaryDirectory() as passing:
        folder = told.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        whole, people = (all_ends(study, options, kind, folder) for kind in KINDS)
    shown = tables(study, ratios(whole, people))
    print(shown)
    if told.write:
        put_table(PAGE, "benchmarks.narrower", shown)


if __name__ == "__main__":
    main()
