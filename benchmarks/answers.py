"""From command to answer: what each verb takes, beside what Python takes to import the libraries it stands on.

`python -m benchmarks.answers` prints the table, with --write it puts it into docs/benchmarks.md. Every verb is called
in turn with the imports, several times; what counts is the median of the processor's time, which other work on the
machine changes less than the clock on the wall. Byte code is kept, as Python does where it is not told otherwise.
`--beside TREE` also holds the first run after an installation, with nothing kept, against a run of another tree of the
project that has been made before.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine import machine
from benchmarks.pages import put_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
IMPORTS = ("-c", "import jax, xarray, pandas, scipy")
VERBS: dict[str, tuple[tuple[str, ...], float | None]] = {
    "xiancheng run": (("run", "--force"), 2.5),
    "xiancheng run --set": (("run", "--force", "--set"), None),
    "xiancheng check": (("check",), 1.2),
    "xiancheng list": (("list", "levers"), 1.2),
    "xiancheng show": (("show", "urban_share"), 1.2),
    "xiancheng county": (("county", "371721"), 1.2),
    "xiancheng serve": (("serve", "--port", "0"), 4),
}
"""Words of each call, and how many times the imports it should take at most; None where nothing is asked of it."""
NEW = "county_industry={:.6f}"
"""What `--set` says, otherwise in each call, so that its result is not one that is kept."""
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


def seconds(words: Sequence[str], folder: Path, **own: str) -> float:
    """Return the processor's time of a process [s], its children's included; a server ends when it is ready.

    Args:
        words: what Python is called with.
        folder: where it works.
        own: variables of its environment beside the usual ones.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "serve" in words:
        _until_ready(words, folder)
    else:
        subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True,
                       env={**_environment(), **own})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _until_ready(words: Sequence[str], folder: Path) -> None:
    """Start a server and end it as soon as it says that the page can be used."""
    with subprocess.Popen([sys.executable, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, env=_environment()) as server:
        is_ready = bool(server.stdout and server.stdout.readline())
        server.send_signal(signal.SIGINT)
    if not is_ready:
        raise RuntimeError("the page was never ready")


def _call(words: Sequence[str]) -> tuple[str, ...]:
    new = [NEW.format(time.time() % 1)] if words[-1] == "--set" else []
    return ("-m", "xiancheng", *words, *new, "--study", str(ROOT))


def _environment() -> dict[str, str]:
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**usual, "PYTHONPATH": str(ROOT / "src"), "JAX_PLATFORMS": "cpu"}


def first_run(folder: Path, other: Path) -> str:
    """Return the line of the first run with nothing kept beside a second run of another tree."""
    words = ("-m", "xiancheng", "run", "--force", "--study")
    with tempfile.TemporaryDirectory() as kept:
        first = seconds((*words, str(ROOT)), folder, XIANCHENG_CACHE=kept)
    with tempfile.TemporaryDirectory() as kept:
        _, warm = (seconds((*words, str(other)), folder, XIANCHENG_CACHE=kept, PYTHONPATH=str(other / "src"))
                   for _ in range(2))
    return (f"| `xiancheng run`, the first after an installation | {first:.1f} s | {warm:.1f} s | "
            f"{first / warm:.2f} × | 3 × |")


def rows(folder: Path) -> list[str]:
    """Measure every verb in an empty folder and return the lines of the table."""
    lines = []
    for name, (words, most) in VERBS.items():
        seconds(_call(words), folder)
        pairs = [(seconds(IMPORTS, folder), seconds(_call(words), folder)) for _ in range(TURNS)]
        imports, own = (statistics.median(column) for column in zip(*pairs, strict=True))
        limit = "" if most is None else f"{most:g} ×"
        lines.append(f"| `{name}` | {own:.2f} s | {imports:.2f} s | {own / imports:.2f} × | {limit} |")
        sys.stderr.write(lines[-1] + "\n")
    done = subprocess.run([sys.executable, "-c", SECOND], cwd=ROOT, check=True, capture_output=True, text=True,
                          env=_environment())
    whole, engine = json.loads(done.stdout.splitlines()[-1])
    lines.append(f"| a second `xiancheng.run` | {whole:.2f} s | {engine:.2f} s | {whole / engine:.2f} × | 3 × |")
    return lines


def main(words: Sequence[str]) -> None:
    """Print the table, or write it into the page."""
    with tempfile.TemporaryDirectory() as folder:
        lines = rows(Path(folder))
        if "--beside" in words:
            lines.append(first_run(Path(folder), Path(words[words.index("--beside") + 1]).resolve()))
    head = ["| call | processor | beside | times | at most |", "|---|---|---|---|---|"]
    text = "\n".join([f"Machine: {machine()}.", "", *head, *lines])
    if "--write" in words:
        put_table(PAGE, "benchmarks.answers", text)
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
