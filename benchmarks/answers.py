"""From command to answer: what each verb takes, beside what Python takes to import the libraries it stands on.

`python -m benchmarks.answers` prints the table, with --write it puts it into docs/benchmarks.md. Every verb is called
in turn with the imports, several times; what counts is the median of the processor's time, which other work on the
machine changes less than the clock on the wall.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine import machine
from benchmarks.pages import put_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
IMPORTS = ("-c", "import jax, xarray, pandas, scipy")
VERBS: dict[str, tuple[tuple[str, ...], float]] = {
    "run": (("run", "--force"), 2.5),
    "check": (("check",), 1.2),
    "list": (("list", "levers"), 1.2),
    "show": (("show", "urban_share"), 1.2),
    "county": (("county", "371721"), 1.2),
}
"""Words of each call, and how many times the imports it should take at most."""
TURNS = 3
SECOND = """
import json, time
import xiancheng
from xiancheng.engine import ready
from xiancheng.model import build

xiancheng.run("baseline")
calls, before = [], ready.run
ready.run = lambda call: calls.append(call) or before(call)

def least(what):
    times = []
    for _ in range(7):
        begun = time.process_time()
        what()
        times.append(time.process_time() - begun)
    return sorted(times)[3]

whole = least(lambda: xiancheng.run("baseline"))
_, code, numbers = ready.of(calls[-1])
print(json.dumps([whole, least(lambda: [number.block_until_ready() for number in code.run(*numbers)])]))
"""


def seconds(words: Sequence[str], folder: Path) -> float:
    """Return the processor's time of a process [s], its children's included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True, env=_environment())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "JAX_PLATFORMS": "cpu"}


def rows(folder: Path) -> list[str]:
    """Measure every verb in an empty folder and return the lines of the table."""
    lines = []
    for name, (words, most) in VERBS.items():
        call = ("-m", "xiancheng", *words, "--study", str(ROOT))
        seconds(call, folder)
        pairs = [(seconds(IMPORTS, folder), seconds(call, folder)) for _ in range(TURNS)]
        imports, own = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines.append(f"| `xiancheng {name}` | {own:.2f} s | {imports:.2f} s | {own / imports:.2f} × | {most:g} × |")
    done = subprocess.run([sys.executable, "-c", SECOND], cwd=ROOT, check=True, capture_output=True, text=True,
                          env=_environment())
    whole, engine = json.loads(done.stdout.splitlines()[-1])
    lines.append(f"| a second `xiancheng.run` | {whole:.2f} s | {engine:.2f} s | {whole / engine:.2f} × | 3 × |")
    return lines


def main(words: Sequence[str]) -> None:
    """Print the table, or write it into the page."""
    with tempfile.TemporaryDirectory() as folder:
        lines = rows(Path(folder))
    head = ["| call | processor | beside | times | at most |", "|---|---|---|---|---|"]
    text = "\n".join([f"Machine: {machine()}.", "", *head, *lines])
    if "--write" in words:
        put_table(PAGE, "benchmarks.answers", text)
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
