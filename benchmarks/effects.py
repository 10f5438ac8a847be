"""What slopes of a whole study take beside runs of it, and how far they are from differences.

    python -m benchmarks.effects [--entries 40] [--pysd 0] [--batch]

Times are of the processor, of one process; ratios of runs made in turn. The first time compiles unless the code is
kept: name an empty folder in XIANCHENG_CACHE to see that, and `--batch` for what a plain batch of runs takes to
compile. PySD takes a minute and more for a run, so its figure is one of an earlier year, and each of its entries takes
two runs beside the one at rest.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from xiancheng import engine
from xiancheng import study as studies
from xiancheng.engine.backward import Slopes
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.parameters import TimePath
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import journey, spots
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.sweeps import effects, gradient
from xiancheng.sweeps.directions import STEP

FIGURE = "residents@2035:68"
EARLIER = "residents@2028:68"
"""What PySD is held to."""
SEED = 22
RUNS = 32
"""Runs of a plain batch."""
NEAR = 1e-5
WIDTHS = (1e-2, 1e-3, 1e-4, 1e-5)
"""Parts of a lever's range over which differences are taken, from the largest on."""


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work gives and the processor time that it took, and print it [s]."""
    processor, wall = time.process_time(), time.perf_counter()
    answer = work()
    spent = time.process_time() - processor
    print(f"{name:44} {spent:8.1f} s of the processor, {time.perf_counter() - wall:8.1f} s in all", flush=True)
    return answer, spent


def main() -> None:
    """Print times, ratios and the largest distance from differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("--pysd", type=int, default=0)
    parser.add_argument("--batch", action="store_true")
    chosen = parser.parse_args()
    built, _ = timed("scenario read", lambda: journey.prepare(studies.find()))
    spot = spots.spots(built, [FIGURE])[0]
    _, plain = timed("a run, ready from nothing or from the cache", lambda: journey.run(built))
    run, ahead = timed("the same there and back, likewise", lambda: gradient.run(built))
    slopes, first = timed("slopes, the first time", lambda: run.slopes([spot], np.ones(1)))
    print(f"made ready: {(plain + ahead + first) / plain:.2f} times a run")
    names, others = results.requested(built.study, None)
    needed = tuple(results.needed(built.study, names, others, ()))
    if chosen.batch:
        compiling = _compiling(built, needed)
        print(f"made ready: {(ahead + first) / compiling:.2f} times what a batch of {RUNS} runs takes to compile")
    singles, backs = [], []
    for _ in range(3):
        singles.append(timed("a run", lambda: builder.simulate(built, variables=needed))[1])
        backs.append(timed("there and back", lambda: gradient.run(built).slopes([spot], np.ones(1)))[1])
    print(f"effects of all levers in all places: {min(backs) / min(singles):.1f} single runs")
    _proof(run, spot, slopes, chosen.entries, chosen.pysd)


def _compiling(built: BuiltRun, variables: Sequence[str]) -> float:
    """Return what a plain batch of runs takes before it computes [s]: what its first call takes more than its next."""
    program = builder.program(built.study, built.text, tuple(variables), tuple(built.parameters))
    varied = next(name for name, value in built.parameters.items() if isinstance(value, TimePath))
    many = {**built.parameters, varied: [built.parameters[varied]] * RUNS}
    first, again = (timed(name, lambda: engine.batch(program, many))[1]
                    for name in ("a batch, the first time", "a batch again"))
    return first - again


def _proof(run: gradient.GradientRun, spot: spots.Spot, slopes: Slopes, entries: int, others: int) -> None:
    """Print how far effects of random entries are from differences to the side of their step."""
    _held(_Figure(run.built, spot, "compiled"), run, slopes, entries, WIDTHS)
    if others:
        earlier = spots.spots(run.built, [EARLIER])[0]
        short = journey.prepare(run.built.study, end=earlier.year)
        _held(_Figure(short, earlier, "pysd"), run, run.slopes([earlier], np.ones(1)), others, WIDTHS[:2])


def _held(figure: _Figure, run: gradient.GradientRun, slopes: Slopes, count: int, widths: Sequence[float]) -> None:
    ways = effects.directions(run.built)
    gains = effects.along(run, ways, slopes)
    largest: dict[str, float] = {}
    for way, gain in zip(ways, gains, strict=True):
        largest[way.lever.id] = max(largest.get(way.lever.id, 0.0), abs(gain))
    moving = [at for at, way in enumerate(ways) if largest[way.lever.id] > 0]
    picked = np.random.default_rng(SEED).permutation(moving)[:count]
    distances = [_distance(figure, ways[at], gains[at], largest[ways[at].lever.id], widths) for at in picked]
    if distances:
        near = sum(distance < NEAR for distance in distances)
        print(f"{figure.engine}: {near} of {len(distances)} within {NEAR:.0e} of the entry or of the largest of its "
              f"lever, at most {max(distances):.1e}", flush=True)


@dataclass(frozen=True, eq=False)
class _Figure:
    """The figure of a run that no slope was asked of, by an engine."""

    built: BuiltRun
    spot: spots.Spot
    engine: str

    @cached_property
    def resting(self) -> float:
        """The figure with levers as they stand."""
        return self.of({})

    def of(self, changed: Mapping[str, Any]) -> float:
        """Return the figure under other paths, by variable."""
        names, others = results.requested(self.built.study, None)
        needed = list(results.needed(self.built.study, names, others, ()))
        other = replace(self.built, parameters={**self.built.parameters, **changed})
        data = PlainRun.of(builder.simulate(other, variables=needed, engine=self.engine))
        values = Reader.of(self.built).everywhere(data, [self.spot.indicator])[self.spot.indicator]
        return float(values[self.spot.year - self.built.start, spots.column(self.built, self.spot.area)])

    def difference(self, way: effects.Direction, share: float) -> float:
        """Return what a step does by a difference of second order over a share of the range."""
        first, second = (self.of(effects.moved(self.built, way, times * way.step * share / STEP)) - self.resting
                         for times in (1, 2))
        return (2 * first - second / 2) / share * STEP


def _distance(
    figure: _Figure, way: effects.Direction, gain: float, largest: float, widths: Sequence[float]
) -> float:
    """Return how far an effect is from the difference, as a part of it or of its lever's largest.

    The step is made smaller until the difference is near: over a large one a purse may fill or a ceiling be met.
    """
    distance = np.inf
    for share in widths:
        own = figure.difference(way, share)
        off = abs(own - gain)
        distance = min(distance, off / max(largest, 1e-300), off / max(abs(gain), 1e-300))
        print(f"{figure.engine} {way.lever.id}[{way.position}] {way.side}, step {share:.0e} of the range: slope "
              f"{gain:.8g} difference {own:.8g} off {off / max(largest, 1e-300):.1e} of the largest", flush=True)
        if distance < NEAR:
            break
    return distance


if __name__ == "__main__":
    main()
