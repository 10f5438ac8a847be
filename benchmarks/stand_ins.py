"""Few members that stand for all: `python -m benchmarks.stand_ins [--keep FOLDER] [--write]`.

Every package and one lever in nineteen by itself, at the end of its range that is farther from today, runs with all
members of the whole model; of each run the headline indicators of the last year are kept, of the list and the province.
From the changes of packages whose band reaches what counts as a change the stand-ins are chosen. Told is how far their
bands are from those of all members (the largest of both ends and the median, in parts of the width): of the packages,
of each package when the choice does without it, and of the levers, which never bear on it.
`--keep` keeps runs and goes on with those that are there; `--write` puts the choice into `calibration/` and the table
into docs/validation.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import xiancheng
from benchmarks.pages import put_table
from xiancheng.arrays import Floats
from xiancheng.calibration import stand_in_choice, stand_ins
from xiancheng.calibration.stand_ins import AGREED, ROUGH, StandIns
from xiancheng.comparison.bands import change
from xiancheng.comparison.runs import BASELINE
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, least_changes
from xiancheng.scenarios import files, levers, scenario
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation.md"
ALL_MEMBERS = "200"
EVERY, AT_ONCE = 19, 7
"""How many levers apart those stand that are run by themselves; and how many options run at once."""
REDRAWN = 20
COLUMNS = ("bands of changes", "how many", "median off", "nine in ten within", "within a tenth", "over a quarter")
Ends = Mapping[str, Floats]
"""By option, headline indicators of the last year (member, indicator, area), the baseline among them."""
Key = tuple[str, int, int]
Misses = dict[Key, float]
"""By option, indicator and area, how far a band is off that of all members [part of its width]."""


def single_levers(study: Study) -> dict[str, Scenario]:
    """Return levers by themselves, each at the end of its range that is farther from where it stands today."""
    chosen = list(levers.read(study).values())[EVERY // 2 :: EVERY]
    names = scenario.book(study)
    return {lever.id: replace(scenario.of(study, levers={lever.id: _far(lever)}, names=names), id=lever.id)
            for lever in chosen}


def _far(lever: levers.Lever) -> float:
    return max((lever.low, lever.high), key=lambda end: abs(end - lever.baseline))


def packages(study: Study) -> list[Scenario]:
    """Return the packages of the study."""
    return [scenario.read(study, name) for name in files.of_folder(study, files.PACKAGES)]


def headline(study: Study) -> list[str]:
    """Return the headline indicators in the order of the catalogue."""
    return [name for name, row in indicators.read(study).items() if row.headline]


def all_ends(study: Study, options: Sequence[Scenario], members: str, folder: Path) -> dict[str, Floats]:
    """Return the last year of options and of the baseline; those that the folder has are not run again.

    Args:
        study: the study.
        options: what runs.
        members: as `compare` takes them.
        folder: where they are kept.
    """
    def file(name: str) -> Path:
        return folder / f"{members.replace(':', '_')}_{name}.npy"

    rest = [option for option in options if not file(option.id).is_file()]
    for first in range(0, len(rest), AT_ONCE):
        part = rest[first : first + AT_ONCE]
        for name, values in _ends(study, part, members, folder / f"runs_{file(part[0].id).stem}").items():
            np.save(file(name), values)
    return {name: np.load(file(name)) for name in (BASELINE, *(option.id for option in options))}


def _ends(study: Study, options: Sequence[Scenario], members: str, store: Path) -> dict[str, Floats]:
    result = xiancheng.compare(*options, members=members, by_lever=False, study=study, store=store)
    last = result.areas.isel(stress=0, year=-1)
    named = {BASELINE: BASELINE, **dict(zip(result.request.letters, (option.id for option in options), strict=True))}
    return {name: np.stack([last[each].sel(scenario=label).transpose("member", "area").values
                            for each in headline(study)], axis=1) for label, name in named.items()}


def changes(study: Study, ends: Ends, options: Sequence[str]) -> tuple[list[Key], Floats]:
    """Return the changes whose band reaches what counts as a change: option, indicator, area; values (row, member)."""
    base, names, kept = ends[BASELINE], headline(study), {}
    catalogue, by_unit = indicators.read(study), least_changes.read(study)
    for option in options:
        apart = change(ends[option], base)
        for row, name in enumerate(names):
            for area in range(base.shape[2]):
                least = least_changes.of(catalogue[name], by_unit).at(float(np.median(base[:, row, area])))
                if np.abs(np.quantile(apart[:, row, area], stand_in_choice.SHARES)).max() >= least:
                    kept[option, row, area] = apart[:, row, area]
    values = np.stack(list(kept.values()))
    is_open = stand_in_choice.is_open(values)
    return [key for key, is_in in zip(kept, is_open, strict=True) if is_in], values[is_open]


def without(study: Study, ends: Ends, options: Sequence[str]) -> Misses:
    """Return for each package how far its bands are off when the choice does without it."""
    left_out: Misses = {}
    for name in options:
        rest = [other for other in options if other != name]
        left_out |= off(*changes(study, ends, [name]), stand_in_choice.choose(changes(study, ends, rest)[1]))
    return left_out


def off(keys: Sequence[Key], values: Floats, rows: Sequence[int]) -> Misses:
    """Return how far the bands of a few are off those of all."""
    return dict(zip(keys, stand_in_choice.misses(values, rows).tolist(), strict=True))


def line(title: str, misses: Iterable[float]) -> tuple[str, ...]:
    """Return a row of the table of bands that are so far off."""
    values = np.array(list(misses))
    shares = [(values <= AGREED).mean(), (values > ROUGH).mean()]
    return (title, str(len(values)), f"{np.median(values):.3f}", f"{np.quantile(values, 0.9):.3f}",
            *(f"{100 * share:.0f} %" for share in shares))


def redrawn(values: Floats) -> list[float]:
    """Return how far bands of as many members are off, drawn from all with replacement: what chance alone does."""
    size = values.shape[1]
    draws = np.random.default_rng(1).integers(size, size=(REDRAWN, size))
    return [miss for rows in draws for miss in stand_in_choice.misses(values, rows).tolist()]


def by_indicator(study: Study, misses: Misses) -> dict[str, float]:
    """Return by headline indicator what three in four of its bands are less off; without those that nothing changes."""
    own = {name: [miss for key, miss in misses.items() if key[1] == row] for row, name in enumerate(headline(study))}
    return {name: float(np.quantile(values, 0.75)) for name, values in own.items() if values}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not kept, choose, show and where asked write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args(arguments)
    study = Study(ROOT)
    options, alone = packages(study), single_levers(study)
    with tempfile.TemporaryDirectory() as passing:
        folder = told.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        ends = all_ends(study, [*options, *alone.values()], ALL_MEMBERS, folder)
    names = [option.id for option in options]
    seen, unseen = changes(study, ends, names), changes(study, ends, list(alone))
    rows = stand_in_choice.choose(seen[1])
    left_out = without(study, ends, names) | off(*unseen, rows)
    first = range(len(rows))
    lines = [line("packages, which the choice has seen", off(*seen, rows).values()),
             *(line(f"{name}, left out", [miss for key, miss in left_out.items() if key[0] == name])
               for name in dict.fromkeys(key[0] for key in left_out)),
             line("all that was left out", left_out.values()),
             line("all by the first 20", {**off(*seen, first), **off(*unseen, first)}.values()),
             line("all by 200 of the 200, drawn with replacement", redrawn(np.concatenate([seen[1], unseen[1]])))]
    few = StandIns(tuple(row + 1 for row in rows), by_indicator(study, left_out))
    rough = [f"Rough: {', '.join(few.rough) or 'none'}."]
    table = [f"| {' | '.join(cells)} |" for cells in (COLUMNS, ("---",) * len(COLUMNS), *lines)]
    shown = "\n".join([*table, "", *rough])
    print(shown)
    if told.write:
        stand_ins.write(study, few)
        put_table(PAGE, "benchmarks.stand_ins", shown)


if __name__ == "__main__":
    main()
