"""The time of `check` of two trees side by side: `python -m benchmarks.checking OTHER_TREE [--times N]`.

Both trees check their own study in processes of their own, one after the other, so that whatever else the machine does
falls on both alike. What counts is the processor's time; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def seconds(tree: Path) -> float:
    """Return the processor's time of one check of the study of a tree [s]."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "xiancheng", "check"], cwd=tree, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(tree / "src")})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="a tree of the project to compare with")
    parser.add_argument("--times", type=int, default=5, help="checks of each tree")
    arguments = parser.parse_args()
    trees = {"other": arguments.other.resolve(), "this": ROOT}
    for tree in trees.values():
        seconds(tree)
    taken: dict[str, list[float]] = {name: [] for name in trees}
    for _ in range(arguments.times):
        for name, tree in trees.items():
            taken[name].append(seconds(tree))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, times in taken.items():
        print(f"{name}: {medians[name]:.2f} s of a core (from {min(times):.2f} to {max(times):.2f})")
    print(f"ratio: {medians['this'] / medians['other']:.2f}")


if __name__ == "__main__":
    main()
