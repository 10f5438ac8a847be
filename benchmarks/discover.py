"""A planted box, found by both methods of `discover`, and its table for the EMA workbench.

    python -m benchmarks.discover [--points 2000] [--noise 0.05] [--table FILE.csv]

Points are uniform in six factors; a case is what lies in a box of three of them, and one point in twenty is said the
wrong way round. Told are coverage and density against the box itself and against what is said. The workbench stands in
an environment of its own (docs/discover.md) and reads the table.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from xiancheng.sweeps import boxes, discovery
from xiancheng.sweeps.boxes import Box, Edge, Sample

SEED, FACTORS = 22, 6
PLANTED = Box(frozenset({Edge(0, boxes.HIGH, 0.4), Edge(1, boxes.LOW, 0.55), Edge(3, boxes.HIGH, 0.3)}))


def sample(points: int, noise: float) -> tuple[Sample, np.ndarray]:
    """Return points with what is said of each, and which of them lie in the planted box."""
    chance = np.random.default_rng(SEED)
    values = chance.random((points, FACTORS))
    inside = PLANTED.holds(values)
    return Sample(values, (False,) * FACTORS, inside ^ (chance.random(points) < noise)), inside


def main() -> None:
    """Print what both methods come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--table", type=Path)
    chosen = parser.parse_args()
    told, inside = sample(chosen.points, chosen.noise)
    print("planted:", _words(PLANTED), f"{inside.mean():.3f} of the points")
    for method in discovery.METHODS:
        box = discovery.boxes_of(told, method)[0]
        own, said = boxes.measures(Sample(told.values, told.discrete, inside), box), boxes.measures(told, box)
        print(f"{method}: {_words(box)}; of the planted box: coverage {own.coverage:.3f}, density {own.density:.3f}; "
              f"of what is said: {said.coverage:.3f}, {said.density:.3f}")
    if chosen.table:
        heads = ",".join([*(f"x{factor}" for factor in range(FACTORS)), "case"])
        np.savetxt(chosen.table, np.column_stack([told.values, told.cases]), "%.17g", ",", header=heads, comments="")


def _words(box: Box) -> str:
    return ", ".join(f"x{edge.factor} {'below' if edge.side == boxes.HIGH else 'above'} {edge.value:.4f}"
                     for edge in sorted(box.edges, key=lambda edge: edge.factor))


if __name__ == "__main__":
    main()
