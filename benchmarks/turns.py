"""The study beside its people written by hand, by turns: `python -m benchmarks.turns [--write] [--rounds N]`.

Each way to compute stands ready in a process of its own and is called in turn, so that what else the machine does meets
all of them alike. What is told are medians over the rounds. A way that cannot be had here, as numba where it is not
installed, is left out with the reason. `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks import cohort_model
from benchmarks.engine import PAGE, ROOT, machine
from benchmarks.measure import RUNS, Model, many_runs, one_run, study
from benchmarks.pages import put_table

ROUNDS = 11
REST = 0.3
"""Seconds before a call: threads of the one before go on waiting for work for a while, which takes a core away."""
SPAN = 2.0
"""Seconds for which each is called in its turn, so that quick ones and slow ones meet as much of what else goes on."""
READY = "ready"


@dataclass(frozen=True)
class Way:
    """A way to compute.

    Attributes:
        make: gets it ready.
        runs: how many a call computes; what is told is for one.
        is_whole: whether of the whole study, else of its people alone.
    """

    make: Callable[[Model], Callable[[], object]]
    runs: int = 1
    is_whole: bool = True


WAYS: Mapping[str, Way] = {
    "a run of the study": Way(lambda case: one_run(case)[0]),
    "a run of a batch of the study": Way(lambda case: many_runs(case)[0], RUNS),
    "a run of a batch of its people alone": Way(lambda case: many_runs(case)[0], RUNS, is_whole=False),
    "people by hand, NumPy": Way(lambda case: cohort_model.by_numpy(cohort_model.inputs(), case.steps)),
    "people by hand, numba": Way(lambda case: cohort_model.by_numba(cohort_model.inputs(), case.steps)),
}
PAIRS = (
    ("a run of the study", "people by hand, NumPy", 3.0),
    ("a run of a batch of the study", "people by hand, NumPy", 1.8),
    ("a run of a batch of its people alone", "people by hand, numba", 1.7),
)
"""What stands beside what, and how many times as long it may take at most."""


def stand_by(name: str) -> None:
    """Get a way ready and, for each line that comes, call it for a while and write the seconds that a run took."""
    way = WAYS[name]
    warnings.simplefilter("ignore")
    act = way.make(study(whole=way.is_whole))
    act()
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        time.sleep(REST)
        begun, runs = time.perf_counter(), 0
        while (gone := time.perf_counter() - begun) < SPAN:
            act()
            runs += way.runs
        sys.stdout.write(f"{gone / runs}\n")
        sys.stdout.flush()


def begun(name: str) -> subprocess.Popen[str] | None:
    """Return the process that stands by with a way; None, with the reason told, where it cannot be had."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.turns", "--stand-by", name], cwd=ROOT, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if _line(process) == READY:
        return process
    words = (process.communicate()[1].strip().splitlines() or ["it ended"])[-1]
    sys.stderr.write(f"{name} is left out: {words}\n")
    return None


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _asked(process: subprocess.Popen[str]) -> float:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return float(_line(process))


def measured(rounds: int) -> dict[str, list[float]]:
    """Return the seconds of a run for each way and round.

    Args:
        rounds: how many turns of each are counted; one more comes before.
    """
    standing = {name: process for name in WAYS if (process := begun(name))}
    try:
        turns = [{name: _asked(process) for name, process in standing.items()} for _ in range(rounds + 1)][1:]
    finally:
        for process in standing.values():
            process.communicate()
    return {name: [turn[name] for turn in turns] for name in standing}


def table(seconds: Mapping[str, list[float]], rounds: int) -> str:
    """Write the table."""
    lines = [
        f"Machine: {machine()}; {rounds} turns of each.", "",
        "| what | median | beside | median | times | at most |", "|---|---|---|---|---|---|",
    ]
    for one, other, most in PAIRS:
        if one in seconds and other in seconds:
            own, beside = seconds[one], seconds[other]
            times = statistics.median(own) / statistics.median(beside)
            cells = (one, _told(own), other, _told(beside), f"{times:.2f} ×", f"{most} ×")
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _told(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f} ms"


def main(words: list[str]) -> None:
    """Measure and write or show the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each that are counted")
    parser.add_argument("--stand-by", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.stand_by:
        stand_by(options.stand_by)
        return
    if options.rounds < 1:
        parser.error(f"--rounds {options.rounds}: at least 1")
    text = table(measured(options.rounds), options.rounds)
    if options.write:
        put_table(PAGE, "benchmarks.turns", text)
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
