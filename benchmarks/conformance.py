"""Public suites of models against the output published beside them: `python -m benchmarks.conformance FOLDER`.

Every model of the folder is run. Where an output lies beside it (`output.tab`, `output.csv`, `NAME.dat` and the like)
each variable that both have is compared at the times that both have; a model of which the engine leaves out variables
that are published agrees in part, and one of which none could be compared merely runs. The command exits
with 1 when a model is wrong or ends in an error of ours; a refusal is neither an agreement nor wrong. Models whose
output is chaotic, or not theirs, are named in conformance_exceptions.csv. No suite is part of the project.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.published import Disagreement, beside, compared, disagreements, read, recorded
from xiancheng import engine
from xiancheng.errors import StudyError

AGREES, PARTLY, RUNS, REFUSED, WRONG, ERROR, EXCEPTED = (
    "agrees", "partly", "runs", "refused", "wrong", "error", "excepted")
SUFFIXES = (".mdl", ".xmile", ".stmx")
EXCEPTIONS = Path(__file__).parent / "conformance_exceptions.csv"
SECONDS = 120


@dataclass(frozen=True)
class Verdict:
    """What became of a model: how it ended and, unless it agrees, why; how many of the published columns were compared.

    A column is a variable at some elements.
    """

    model: Path
    outcome: str
    reason: str = ""
    compared: int = 0
    published: int = 0


def verdict(model: Path, backend: str) -> Verdict:
    """Run a model and compare it with the output beside it; one without such output merely runs."""
    try:
        with limit(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = engine.compile(model, data=recorded(model))
            result = engine.run(program, backend=backend)
    except StudyError as error:
        return Verdict(model, REFUSED, str(error.problems[0].found))
    except Exception as error:
        return Verdict(model, ERROR, f"{type(error).__name__}: {error}")
    output = beside(model)
    left = f"{len(program.lacks)} lacks" if program.lacks else ""
    if output is None:
        return Verdict(model, RUNS, left)
    published = read(output)
    count = compared(result, published)
    found: list[Disagreement] = disagreements(result, published)
    why = exceptions().get(model.name)
    if found:
        outcome, reason = (WRONG, "; ".join(map(str, found[:2]))) if why is None else (EXCEPTED, why)
        return Verdict(model, outcome, reason, count, len(published))
    outcome = RUNS if count == 0 else PARTLY if program.lacks else AGREES
    reason = f"{count} of {len(published)} published columns compared{', ' if left else ''}{left}"
    return Verdict(model, outcome, "" if outcome == AGREES else reason, count, len(published))


@cache
def exceptions() -> dict[str, str]:
    """Return why the output beside some models is none to agree with, by the file of the model."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as lines:
        return {Path(model).name: why for model, why in list(csv.reader(lines))[1:]}


@contextlib.contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Stop what takes longer, in seconds of processor time: how busy the machine is makes no difference."""

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"longer than {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def table(verdicts: list[Verdict], folder: Path) -> str:
    """Return the models that do not agree, with the reason, and the counts."""
    lines = ["| model | outcome | reason |", "| --- | --- | --- |"]
    lines += [f"| {item.model.relative_to(folder)} | {item.outcome} | {item.reason[:200]} |"
              for item in verdicts if item.outcome != AGREES]
    counts = Counter(item.outcome for item in verdicts)
    shown = ", ".join(f"{counts[name]} {name}" for name in (AGREES, PARTLY, RUNS, REFUSED, EXCEPTED, WRONG, ERROR))
    columns = f"{sum(item.compared for item in verdicts)} of {sum(item.published for item in verdicts)}"
    return "\n".join([*lines, "", f"{len(verdicts)} models: {shown}; {columns} published columns compared"])


def main() -> int:
    """Run every model of a folder and say how each ended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conformance")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backend", default="jax", choices=("jax", "numpy"))
    parser.add_argument("--only", default="", help="part of the path of a model")
    options = parser.parse_args()
    models = sorted(path for path in options.folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    verdicts = [verdict(model, options.backend) for model in models if options.only in str(model)]
    print(table(verdicts, options.folder))
    return int(any(item.outcome in (WRONG, ERROR) for item in verdicts))


if __name__ == "__main__":
    sys.exit(main())
