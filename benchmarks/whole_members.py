"""What bands of the whole model cost more than those of people: `python -m benchmarks.whole_members [--options A,B …]`.

The same comparison with members of people alone and with members of the whole model, each in a process of its own on
programs that earlier processes compiled. Told are seconds of the processor, which others on the machine hardly change,
and the most memory held. All packages under all stresses with 50 members unless told otherwise; `--write` puts the
table into docs/compare.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.engine import machine
from benchmarks.pages import put_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "compare.md"
KINDS = {"people": "people:{members}", "whole": "{members}"}
COLUMNS = ("members of", "runs", "processor", "of people", "memory")
MOST = 1.1
"""How many times the processor time of people alone the whole model may take."""

Measured = dict[str, Any]


def measure(options: list[str], stresses: str, members: str) -> Measured:
    """Compare once and return runs, seconds of the processor without what compiles, and the most memory [MiB].

    Args:
        options: ids of scenarios.
        stresses: as `compare` takes them.
        members: as `compare` takes them.
    """
    import xiancheng

    began: list[float] = []

    def progress(tally: Any) -> None:
        began.append(time.process_time())

    result = xiancheng.compare(*options, stresses=stresses, members=members, by_lever=False, study=ROOT,
                               progress=progress)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"runs": result.runs.fresh, "processor": began[-1] - began[0], "memory": used.ru_maxrss / 1024}


def side_by_side(options: list[str], stresses: str, members: int) -> dict[str, Measured]:
    """Measure both kinds, each in a process of its own, after one that compiles."""
    results = {}
    for kind, words in KINDS.items():
        call = [sys.executable, "-m", "benchmarks.whole_members", "--one", words.format(members=members),
                "--options", ",".join(options), "--stresses", stresses]
        lines = subprocess.run(call, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
        results[kind] = json.loads(lines[-1])
    return results


def rows(results: dict[str, Measured]) -> list[tuple[str, ...]]:
    """Return the rows of the table."""
    first = results["people"]["processor"]
    return [(kind, f"{item['runs']:,}", f"{item['processor']:.0f} s", f"{item['processor'] / first:.2f}",
             f"{item['memory']:,.0f} MiB") for kind, item in results.items()]


def table(results: dict[str, Measured], words: str) -> str:
    """Return the table with the machine and what was compared."""
    lines = [f"Machine: {machine()} {words}", "", "| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows(results))])


def main(arguments: list[str] | None = None) -> None:
    """Measure, show and where asked write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--options", default="all")
    parser.add_argument("--stresses", default="all")
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--one", default="")
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args(arguments)
    options = told.options.split(",")
    if told.one:
        print(json.dumps(measure(options, told.stresses, told.one)))
        return
    shown = table(side_by_side(options, told.stresses, told.members),
                  f"Options {told.options}, stresses {told.stresses}, {told.members} members.")
    print(shown)
    if told.write:
        put_table(PAGE, "benchmarks.whole_members", shown)


if __name__ == "__main__":
    main()
