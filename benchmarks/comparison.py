"""The largest comparison measured: `python -m benchmarks.comparison [--write] [--members N] [--no-levers]`.

All packages under all stresses, 200 members in the reference and 50 in each stress, and every form of the report: time,
runs a second, peak memory, disk; then the same again from the store. Each line comes from a process of its own.
`--write` puts the table into docs/compare.md.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.engine import machine
from benchmarks.pages import put_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "compare.md"
MEMBERS = 200
LIMIT = 7200  # [s] for one measurement
FORMS = (".html", ".docx", ".xlsx", ".pdf")
COLUMNS = ("case", "runs", "time", "until the first block", "runs a second", "memory", "memory after drawing",
           "on disk", *FORMS)

Measured = dict[str, Any]


def peak() -> float:
    """Return the most memory that this process has held so far [MiB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(folder: Path, members: int, by_lever: bool) -> Measured:
    """Compare all packages and write every form of the report.

    Args:
        folder: where the store lies or is to lie, and the reports.
        members: in the reference; each stress takes the first 50.
        by_lever: whether options run without each of their levers too.
    """
    import xiancheng

    began = time.monotonic()
    firsts: list[float] = []

    def progress(tally: Any) -> None:
        if tally.fresh and not firsts:
            firsts.append(time.monotonic() - began)

    found = xiancheng.compare("all", stresses="all", members=members, by_lever=by_lever, store=folder / "runs",
                              study=ROOT, progress=progress)
    seconds = time.monotonic() - began
    stored = sum(file.stat().st_size for file in (folder / "runs").rglob("*") if file.is_file())
    told: Measured = {"runs": found.runs.reused + found.runs.fresh, "seconds": seconds, "memory": peak(),
                      "first": firsts[0] if firsts else 0.0, "stored": stored}
    for form in FORMS:
        began = time.monotonic()
        found.report(folder / f"report{form}", force=True)
        told[form] = time.monotonic() - began
    return told | {"memory drawn": peak()}


def measured(folder: Path, members: int, by_lever: bool) -> Measured:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.comparison", "--one", str(folder), str(members), str(int(by_lever))]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (subprocess.TimeoutExpired, IndexError, ValueError) as error:
        return {"failed": type(error).__name__}


def line(case: str, row: Measured) -> str:
    """Write one measurement as a row of the table."""
    if "failed" in row:
        return f"| {case} | not possible: {row['failed']} |" + " |" * (len(COLUMNS) - 2)
    rate = f"{row['runs'] / row['seconds']:.1f}" if row["first"] else ""
    first = f"{row['first']:.0f} s" if row["first"] else ""
    cells = (case, f"{row['runs']:,}", f"{row['seconds']:.0f} s", first, rate, f"{row['memory']:,.0f} MiB",
             f"{row['memory drawn']:,.0f} MiB", f"{row['stored'] / 2**20:,.0f} MiB",
             *(f"{row[form]:.0f} s" for form in FORMS))
    return "| " + " | ".join(cells) + " |"


def table(members: int, by_lever: bool) -> str:
    """Measure everything and write the table."""
    lines = [f"Machine: {machine()}.", "", "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    levers = ", each without each lever" if by_lever else ""
    case = f"all packages, all stresses, {members} members{levers}"
    with tempfile.TemporaryDirectory() as name:
        for told in (case, "the same from its store"):
            lines.append(line(told, measured(Path(name), members, by_lever)))
            sys.stderr.write(lines[-1] + "\n")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure, or be the process that is measured."""
    if arguments[:1] == ["--one"]:
        folder, members, by_lever = arguments[1:]
        sys.stdout.write(json.dumps(measure(Path(folder), int(members), by_lever == "1")) + "\n")
        return
    members = int(arguments[arguments.index("--members") + 1]) if "--members" in arguments else MEMBERS
    text = table(members, "--no-levers" not in arguments)
    if "--write" in arguments:
        put_table(PAGE, "benchmarks.comparison", text)
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
