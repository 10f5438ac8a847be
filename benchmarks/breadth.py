"""What the breadth of the study costs: `python -m benchmarks.breadth OTHER_TREE [--times N]`.

Each tree runs its own study in processes of its own, in turn, with nothing kept from before: compiling to the first
result, one run again, a batch, and the most memory. Time is that of the processor, over all threads, which other work
on the machine hardly changes. What counts is the ratio of this tree to the other.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 32
MEASURES = ("first result [s]", "compiling a batch [s]", "one run [s]", "a run of a batch [s]", "peak memory [GiB]")
CHILD = """
import json, resource, sys, time
from pathlib import Path
from xiancheng import engine
from xiancheng.model import build
from xiancheng.outputs import journey
from xiancheng.study import Study

def took(work, times):
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)

begun = time.process_time()
built = journey.prepare(Study(Path(sys.argv[1])), "baseline", [])
names = journey._variables(built, None, ())
program = engine.compile(built.study.equations, outputs=names, inputs=tuple(built.parameters), text=built.text)
engine.run(program, built.parameters)
first = time.process_time() - begun
one = took(lambda: engine.run(program, built.parameters), 3)
runs = int(sys.argv[2])
varied = next(name for name, value in built.parameters.items() if hasattr(value, "values"))
many = {**built.parameters, varied: [built.parameters[varied]] * runs}
begun = time.process_time()
engine.batch(program, many)
compiling = time.process_time() - begun
batch = took(lambda: engine.batch(program, many), 2)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
print(json.dumps([first, compiling - batch, one, batch / runs, peak]))
"""


def measured(tree: Path) -> list[float]:
    """Return the measures of one process of a tree, in the order of MEASURES."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "XIANCHENG_CACHE": "", "JAX_PLATFORMS": "cpu"}
    answer = subprocess.run([sys.executable, "-c", CHILD, str(tree), str(RUNS)], cwd=tree, check=True, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    figures: list[float] = json.loads(answer.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="a tree of the project to compare with")
    parser.add_argument("--times", type=int, default=3, help="processes of each tree")
    arguments = parser.parse_args()
    trees = {"other": arguments.other.resolve(), "this": ROOT}
    rows: dict[str, list[list[float]]] = {name: [] for name in trees}
    for _ in range(arguments.times):
        for name, tree in trees.items():
            rows[name].append(measured(tree))
    for position, measure in enumerate(MEASURES):
        other, this = (statistics.median(row[position] for row in rows[name]) for name in ("other", "this"))
        print(f"{measure}: other {other:.3g}, this {this:.3g}, ratio {this / other:.2f}")


if __name__ == "__main__":
    main()
