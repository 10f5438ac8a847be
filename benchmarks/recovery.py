"""How invented truths come back when the model itself is searched, and how well what they say of 2035 is known.

`python -m benchmarks.recovery FOLDER [--truths 20] [--draws 40] [--write]`

FOLDER holds the steps of `xiancheng calibrate --condition -o FOLDER`. Each truth is a draw of the prior; its figures,
as the model ran them, blurred by their errors, are what was published of that world. The search runs the model and
follows the Jacobian of the fit. Draws around its optimum then run to the end, beside the truth: of headline indicators
of the list and the province it is counted how often the truth lies between the 5 and 95 % points of the draws. Told
besides is the Pareto shape of the weights of the draws of the fit: with the people that each draw has, and with one and
the same people, where weights differ by nothing but how well the approximation fits. Steps are kept in FOLDER;
`--write` puts the table into docs/validation.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.pages import put_table
from xiancheng.arrays import Floats
from xiancheng.calibration import conditioning, joint_prior, series, store, whole_checks, whole_fit, whole_members
from xiancheng.calibration.conditioning import Conditioned
from xiancheng.calibration.opened import OpenModel
from xiancheng.calibration.store import StepStore
from xiancheng.calibration.whole_checks import Recovery
from xiancheng.calibration.whole_fit import WholeFit
from xiancheng.outputs import indicators, journey, places
from xiancheng.study import Study
from xiancheng.sweeps import bands

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation.md"
AREAS = (places.LIST, places.PROVINCE)
POINTS = (0.05, 0.95)
SEED = whole_members.SEED
OTHER = SEED + 1
"""Seed of the draws around an optimum, which are none of those that truths were taken from."""
COLUMNS = ("truths come back, the model searched", "inside their 90 % bands", "of", "asked")
ASKED = "80 to 97 %"


def headline_names(study: Study) -> list[str]:
    """Return the headline indicators."""
    return [name for name, indicator in indicators.read(study).items() if indicator.headline]


def around(sectors: WholeFit, theta: Floats, count: int, number: int) -> Floats:
    """Return draws around the optimum of a truth (draw, component).

    Args:
        sectors: the fit.
        theta: the optimum (component,).
        count: of draws.
        number: of the truth, which names the draws.
    """
    chance = np.stack([joint_prior.normal(OTHER, f"{number} {label}", count) for label in sectors.labels], axis=1)
    return theta + sectors.approximation.narrowed(chance)


def ends(study: Study, model: OpenModel, thetas: Floats, people: list[int]) -> Floats:
    """Run vectors to the last year and return headline indicators (run, indicator, area)."""
    built = journey.prepare(study)
    moved = model.draws(thetas, people).but(built.scenario.constants).parameters()
    found = bands.last_year(built, moved, len(thetas), headline_names(study), AREAS)
    return np.stack([np.stack([found[area][name] for area in AREAS], axis=1) for name in found[AREAS[0]]], axis=1)


def inside(values: Floats) -> Floats:
    """Return where the first run lies between points of the others (indicator, area), missing where it has no value.

    Args:
        values: the truth and draws (run, indicator, area).
    """
    low, high = np.quantile(values[1:], POINTS, axis=0, method="weibull")
    within = (values[0] >= low) & (values[0] <= high)
    return np.where(np.isfinite(values).all(axis=0), within, np.nan)


def coverage(study: Study, model: OpenModel, sectors: WholeFit, recovery: Recovery, draws: int, steps: StepStore
             ) -> Floats:
    """Return by truth, headline indicator and area whether what draws around its optimum say of the last year holds it.

    Args:
        study: the study.
        model: its equations, open.
        sectors: the fit.
        recovery: the truths and where their searches ended.
        draws: around each optimum.
        steps: where the runs of each truth are kept.
    """
    everyone = joint_prior.people_of(study, int(recovery.rows.max()) + 1, SEED)
    found = []
    for number, row in enumerate(recovery.rows):
        thetas = np.vstack([recovery.truths[number], around(sectors, recovery.thetas[number], draws, number)])
        people = [everyone[row], *joint_prior.people_of(study, draws, OTHER + number)] if everyone else []
        values = whole_fit.from_store(steps, f"ends_{draws}_{number}",
                                      lambda thetas=thetas, people=people: ends(study, model, thetas, people))
        found.append(inside(values))
        print(f"truth {number + 1} of {len(recovery.rows)}: {np.nanmean(found[-1]):.0%} inside", flush=True)
    return np.stack(found)


def same_people(model: OpenModel, sectors: WholeFit, steps: StepStore) -> Conditioned:
    """Return the draws of the fit run and weighed with people as the equations read them."""
    count = len(sectors.draws.thetas)
    chance = np.stack([joint_prior.normal(SEED, label, count) for label in sectors.labels], axis=1)
    return conditioning.drawn(
        sectors.approximation, (), chance, sectors.published,
        lambda thetas, people: whole_fit.from_store(steps, "drawn_same_people", lambda: model.runs(thetas, people)))


def weighed(draws: Mapping[str, Conditioned]) -> list[tuple[str, ...]]:
    """Return the rows of the table that tell of weights, by the people that draws have."""
    return [(f"Pareto shape of the weights, {people}", f"{own.pareto_shape:.2f}", str(len(own.thetas)), "below 0.7")
            for people, own in draws.items()]


def lines(recovery: Recovery, covered: Mapping[str, Floats]) -> list[tuple[str, ...]]:
    """Return the rows of the table.

    Args:
        recovery: of the components.
        covered: by area, whether headline indicators are held (truth, indicator).
    """
    rows = [("numbers that the data tell", f"{recovery.informed.mean():.0%}", str(recovery.informed.size), ASKED),
            ("other numbers that were searched", f"{recovery.rest.mean():.0%}", str(recovery.rest.size), "")]
    for area, held in covered.items():
        rows.append((f"headline indicators of {area} in the last year", f"{np.nanmean(held):.0%}",
                     str(int(np.isfinite(held).sum())), ASKED))
        each = np.nanmean(held, axis=1)
        rows.append(("of a truth, the least and the most", f"{each.min():.0%} to {each.max():.0%}", str(len(each)), ""))
    return rows


def text(rows: list[tuple[str, ...]]) -> str:
    """Return the table in Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (COLUMNS, ("---",) * len(COLUMNS), *rows))


def main(arguments: list[str] | None = None) -> None:
    """Search, run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truths", type=int, default=20)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--write", action="store_true")
    words = parser.parse_args(arguments)
    study = Study(ROOT)
    steps = store.opened_for(words.folder, store.whole_identity(study, SEED))
    model = OpenModel(study, joint_prior.streams(study), series.published(study))
    sectors = whole_fit.whole_fit(study, model, whole_members.COUNT, SEED, steps)
    searches = iter(range(1, 100))

    def runs(thetas: Floats, people: object) -> Floats:
        return whole_fit.from_store(steps, f"search_{words.truths}_{next(searches)}", lambda: model.runs(thetas, ()))

    recovery = whole_checks.recover(study, sectors, words.truths, SEED, runs)
    print(text(lines(recovery, {})), flush=True)
    held = coverage(study, model, sectors, recovery, words.draws, steps)
    draws = {"each with its people": sectors.draws, "all with the same people": same_people(model, sectors, steps)}
    shown = text([*lines(recovery, {area: held[:, :, row] for row, area in enumerate(AREAS)}), *weighed(draws)])
    print(shown)
    if words.write:
        put_table(PAGE, "benchmarks.recovery", shown)


if __name__ == "__main__":
    main()
