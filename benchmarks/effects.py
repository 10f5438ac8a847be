"""What slopes of a whole study take beside runs of it, and how far they are from differences.

    python -m benchmarks.effects [--entries 40] [--pysd 0]

Times are of the processor, of one process; ratios of runs made in turn. The first time compiles unless the code is
kept: name an empty folder in XIANCHENG_CACHE to see that.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from xiancheng import study as studies
from xiancheng.engine.labels import PlainRun
from xiancheng.model import build as builder
from xiancheng.outputs import journey, spots
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.sweeps import effects, gradient

FIGURE = "residents@2035:68"
SEED = 22


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
    chosen = parser.parse_args()
    built, _ = timed("scenario read", lambda: journey.prepare(studies.find()))
    spot = spots.spots(built, [FIGURE])[0]
    _, plain = timed("a run, ready from nothing or from the cache", lambda: journey.run(built))
    run, ahead = timed("the same there and back, likewise", lambda: gradient.run(built))
    slopes, first = timed("slopes, the first time", lambda: run.slopes([spot], np.ones(1)))
    print(f"made ready: {(plain + ahead + first) / plain:.2f} times a run")
    names, others = results.requested(built.study, None)
    needed = tuple(results.needed(built.study, names, others, ()))
    singles, backs = [], []
    for _ in range(3):
        singles.append(timed("a run", lambda: builder.simulate(built, variables=needed))[1])
        backs.append(timed("there and back", lambda: gradient.run(built).slopes([spot], np.ones(1)))[1])
    print(f"effects of all levers in all places: {min(backs) / min(singles):.1f} single runs")
    ways = effects.directions(built)
    gains = effects.along(run, ways, slopes)
    largest = {way.lever.id: max(abs(gain) for other, gain in zip(ways, gains, strict=True)
                                 if other.lever.id == way.lever.id) for way in ways}
    moving = [at for at, way in enumerate(ways) if largest[way.lever.id] > 0]
    picked = np.random.default_rng(SEED).choice(moving, min(chosen.entries, len(moving)), replace=False)
    position = spot.year - built.start, spots.column(built, spot.area)

    def figure(way: effects.Direction, move: float, engine: str) -> float:
        other = replace(built, parameters={**built.parameters, **effects.moved(built, way, move)})
        data = PlainRun.of(builder.simulate(other, variables=list(needed), engine=engine))
        return float(Reader.of(built).everywhere(data, [spot.indicator])[spot.indicator][position])

    for engine, count in (("compiled", len(picked)), ("pysd", chosen.pysd)):
        worst = 0.0
        for at in picked[:count]:
            way = ways[at]
            width = 1e-3 * (way.lever.high - way.lever.low)
            own = _difference(lambda move, way=way, engine=engine: figure(way, move, engine), way, width) * way.step
            off = abs(own - gains[at]) / max(abs(gains[at]), 1e-300)
            of_largest = abs(own - gains[at]) / largest[way.lever.id]
            worst = max(worst, min(off, of_largest))
            print(f"{engine} {way.lever.id}[{way.position}] {way.side}: slope {gains[at]:.8g} difference {own:.8g} "
                  f"off {off:.1e}, of the largest of the lever {of_largest:.1e}", flush=True)
        if count:
            print(f"{engine}: at most {worst:.1e} of the entry or of the largest of its lever, {count} entries")


def _difference(figure: Callable[[float], float], way: effects.Direction, width: float) -> float:
    """Return the central difference, or that to the side that exists, of second order [per unit of the lever]."""
    if way.side == effects.BOTH:
        return (figure(width) - figure(-width)) / (2 * width)
    move = width if way.side == effects.UP else -width
    return (4 * figure(move) - figure(2 * move) - 3 * figure(0.0)) / (2 * move)


if __name__ == "__main__":
    main()
