"""Speed and memory side by side: `python -m benchmarks.engine [--write] [MODEL ...]`.

Every figure comes from a process of its own, one after the other, on the machine the command runs on. `--write` puts
the table into docs/benchmarks.md; without it the table goes to the screen.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import STUDY, WHAT
from benchmarks.pages import put_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
LIMIT = 900  # [s] for one measurement

TITLES = {
    "study": "the study's model, 1,200 variables, 28,896 cohort cells, 122 steps",
    "core": "its people alone, 28,896 cohort cells, 122 steps",
    "counties": "68 counties, no cohorts, all pairs by gravity, 120 steps",
    "cohorts": "cohorts, 84 × 2 × 2 × 86 cells, all pairs by gravity, 60 steps",
}
NOT_ASKED = {("counties", "core by hand, NumPy"), ("counties", "core by hand, numba")}

Row = dict[str, float | str]


def measured(model: str, what: str) -> Row:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.measure", model, what]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"longer than {LIMIT} s"}
    last = done.stdout.strip().splitlines()[-1:] or [""]
    try:
        return dict(json.loads(last[0]))
    except json.JSONDecodeError:
        return {"failed": (done.stderr.strip().splitlines() or ["no output"])[-1][:160]}


def seconds(value: float | str | None) -> str:
    """Write a time with a unit that suits it."""
    if not isinstance(value, float):
        return ""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"


def line(model: str, what: str, row: Row) -> str:
    """Write one row of the table."""
    if "failed" in row:
        return f"| {TITLES[model]} | {what} | not possible | | | {row['failed']} |"
    memory = f"{float(row['memory']):,.0f} MiB"
    notes = [f"{row['parameters']:.0f} parameters"] if "parameters" in row else []
    notes += ["one call" if row["repeats"] == 1 else f"{row['repeats']:.0f} repeats"]
    notes += ["with translation"] if what == "PySD" and model in ("study", "core") else []
    cells = (TITLES[model], what, seconds(row["median"]), seconds(row.get("compile")), memory, ", ".join(notes))
    return "| " + " | ".join(cells) + " |"


def machine() -> str:
    """Describe the machine and the versions in generic words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("jax", "numpy", "pysd", "pysimlin", "numba")
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB of memory, Python "
        f"{platform.python_version()}, " + ", ".join(f"{name} {_version(name)}" for name in names)
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def table(models: list[str]) -> str:
    """Measure everything and write the table, telling on stderr how far it is."""
    lines = [
        f"Machine: {machine()}.",
        "",
        "| model | what | median of one run | reading and compiling, cold | peak memory of the process | notes |",
        "|---|---|---|---|---|---|",
    ]
    for model in models:
        for what in WHAT:
            if (model, what) in NOT_ASKED:
                continue
            lines.append(line(model, what, measured(model, what)))
            sys.stderr.write(lines[-1] + "\n")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure the models named, or all that are there."""
    named = [argument for argument in arguments if not argument.startswith("-")]
    every = (["study", "core"] if STUDY.exists() else []) + ["counties", "cohorts"]
    text = table(named or every)
    if "--write" in arguments:
        put_table(PAGE, "benchmarks.engine", text)
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
