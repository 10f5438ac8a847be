"""Ways to compile, side by side: `python -m benchmarks.options [--write] [--rounds N]`.

The study's model is compiled once as the engine does it and once with each of its options, or of what it does for the
compiler's loops, left out. Then the compiled runs take turns in one process, so that what else the machine does meets
all of them alike. `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.engine import PAGE, machine
from benchmarks.measure import Model, study
from benchmarks.pages import put_table

ROUNDS = 30
AS_IS = "as the engine compiles"
NOTHING_KEPT = "every equation computed inside each of its readers"
WRITTEN_OVER = "large values written over where they are read a last time"
AS_WRITTEN = "dimensions in the order of the equations"

Times = list[tuple[float, float]]


def cases() -> dict[str, dict[str, object]]:
    """Name each way to compile with the options it leaves out."""
    from xiancheng.engine import compiling

    left_out: dict[str, dict[str, object]] = {
        f"without `{name}`": {name: value} for name, value in compiling.compiler_options().items()}
    return {AS_IS: {}, **left_out, NOTHING_KEPT: {}, WRITTEN_OVER: {}, AS_WRITTEN: {}}


def compiled(case: Model, name: str, without: dict[str, object]) -> tuple[float, Callable[[], object]]:
    """Compile one way and return the seconds until the first result, and a run."""
    from xiancheng import engine
    from xiancheng.engine import compiled as kept
    from xiancheng.engine import compiling, evaluation, keeping, loops, stretches

    options = {key: value for key, value in compiling.compiler_options().items() if key not in without}
    patches: dict[str, AbstractContextManager[Any]] = {
        NOTHING_KEPT: patch.object(kept, "CELLS", 10**9),
        WRITTEN_OVER: patch.object(evaluation, "apart", lambda always, data: data),
        AS_WRITTEN: patch.object(loops, "SHORT", 1),
    }
    with ExitStack() as stack:
        stack.enter_context(patch.object(stretches, "compiler_options", lambda: options))
        stack.enter_context(patch.object(keeping, "folder", lambda: None))
        if name in patches:
            stack.enter_context(patches[name])
        program = engine.compile(case.path, outputs=case.outputs, inputs=list(case.fixed), text=case.text)
        began = time.perf_counter()
        engine.run(program, case.fixed)
        first = time.perf_counter() - began
    return first, lambda: engine.run(program, case.fixed)


def table(rounds: int) -> str:
    """Measure everything and write the table."""
    case, runs = study(), {}
    for name, without in cases().items():
        runs[name] = compiled(case, name, without)
        sys.stderr.write(f"{name}: {runs[name][0]:.1f} s\n")
    times: dict[str, Times] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (_, run) in runs.items():
            began, work = time.perf_counter(), time.process_time()
            run()
            times[name].append((time.perf_counter() - began, time.process_time() - work))
    lines = [
        f"Machine: {machine()}; {rounds} runs of each in turn.",
        "",
        "| way to compile | until the first result | median of one run | against the first | least work of the cores |",
        "|---|---|---|---|---|",
    ]
    usual = statistics.median(wall for wall, _ in times[AS_IS])
    for name, (first, _) in runs.items():
        wall = statistics.median(one for one, _ in times[name])
        least = min(work for _, work in times[name])
        cells = (name, f"{first:.1f} s", f"{wall * 1000:.1f} ms", f"{wall / usual:.2f} ×", f"{least * 1000:.1f} ms")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure and write or show the table."""
    rounds = int(arguments[arguments.index("--rounds") + 1]) if "--rounds" in arguments else ROUNDS
    text = table(rounds)
    if "--write" in arguments:
        put_table(Path(PAGE), "benchmarks.options", text)
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
