"""Sweeps measured: `python -m benchmarks.sweep [--write] [--runs N]`.

Runs a second, memory and bytes on disk against runs, places, years and what is kept, on one machine and on Dask with
one and two workers, beside PySD and pysimlin on the same equations. Every line comes from a process of its own, one
after the other. `--write` puts the table into docs/sweeps.md; `--runs 10000` measures the first case at that length.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.engine import machine
from benchmarks.pages import put_table
from benchmarks.sweep_measure import CASES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sweeps.md"
LIMIT = 7200  # [s] for one measurement
SHORT, LONG = 192, 960
OTHERS = ("PySD", "pysimlin")
COLUMNS = (
    "case", "places", "runs", "runs a second", "against PySD", "until the first block", "memory of the process",
    "on disk, a run",
)

Row = dict[str, float | str]


def measured(case: str, runs: int) -> Row:
    """Measure one case in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sweep_measure", case, str(runs)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (subprocess.TimeoutExpired, IndexError, ValueError) as error:
        return {"failed": type(error).__name__}


def line(case: str, row: Row, reference: float) -> str:
    """Write one measurement as a row of the table."""
    if "failed" in row:
        return f"| {case} | | | | | | | not possible: {row['failed']} |"
    rate = float(row["rate"])
    against = f"{rate / reference:,.0f} ×" if reference else ""
    places = f"{row['places']:.0f}" if "places" in row else ""
    first = f"{row['first']:.0f} s" if "first" in row else ""
    stored = f"{float(row['stored']) / 1024:.1f} KiB" if "stored" in row else ""
    cells = (case, places, f"{row['runs']:,.0f}", f"{rate:.3g}", against, first, f"{row['memory']:,.0f} MiB", stored)
    return "| " + " | ".join(cells) + " |"


def table(longest: int) -> str:
    """Measure everything and write the table, telling on stderr how far it is."""
    lines = [
        f"Machine: {machine()}.",
        "",
        "| " + " | ".join(COLUMNS) + " |",
        "|" + "---|" * len(COLUMNS),
    ]
    rows = {name: measured(name, 1) for name in OTHERS}
    reference = float(rows["PySD"].get("rate", 0.0))
    asked = [("the study", SHORT), ("the study", longest), *((name, SHORT) for name in list(CASES)[1:])]
    for name, row in rows.items():
        lines.append(line(name, row, reference))
        sys.stderr.write(lines[-1] + "\n")
    for name, runs in asked:
        lines.append(line(name, measured(name, runs), reference))
        sys.stderr.write(lines[-1] + "\n")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure all cases."""
    longest = int(arguments[arguments.index("--runs") + 1]) if "--runs" in arguments else LONG
    text = table(longest)
    if "--write" in arguments:
        put_table(PAGE, "benchmarks.sweep", text)
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
