"""A small model beside pysimlin, both read and run once before: `python -m benchmarks.small MODEL.mdl`.

What is told is the processor's time of a run with all its series, as a Dataset here and one by one there, by turns in
one process, so that other work on the machine meets both.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from xiancheng import engine

TURNS = 21


def acts(path: str) -> dict[str, Callable[[], Any]]:
    """Return what is measured, by name.

    Args:
        path: the model.
    """
    import simlin  # type: ignore[import-not-found, import-untyped, unused-ignore]  # none of the project's needs

    program, loaded = engine.compile(path), simlin.load(path)

    def steps() -> None:
        with loaded.simulate() as simulation:
            simulation.run_to_end()

    def series() -> list[Any]:
        with loaded.simulate() as simulation:
            simulation.run_to_end()
            return [simulation.get_series(name) for name in simulation.get_var_names()]

    return {"ours": lambda: engine.run(program), "pysimlin": steps, "pysimlin, series": series}


def seconds(act: Callable[[], Any]) -> float:
    """Return the processor's time of a call [s]."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def main(path: str) -> None:
    """Print the median of each [ms], and of ours against the others turn by turn."""
    every = acts(path)
    for act in every.values():
        act()
    turns = [[seconds(act) for act in every.values()] for _ in range(TURNS)]
    for place, name in enumerate(every):
        own = statistics.median(turn[place] for turn in turns) * 1000
        ratio = statistics.median(turn[0] / turn[place] for turn in turns)
        print(f"{name}: {own:.2f} ms; ours takes {ratio:.1f} times as long")


if __name__ == "__main__":
    main(sys.argv[1])
