"""Does the conformance suite notice a wrong token? `python -m benchmarks.mutation [ROW ...]` lists survivors.

Every row of the engine's table of functions is changed in one token at a time (sign, clamp, order, comparison, off by
one). Each change lives in a child process of its own, which runs the conformance models that use the row with the NumPy
evaluator, and then looks at the row's gradients at the edges where they tend to be infinite. A change is noticed when a
value is wrong, a gradient is not finite, or the run fails.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import multiprocessing
import os
import re
import signal
import sys
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.mutants import Mutant, mutants, rows_and_names

ROOT = Path(__file__).parents[1]
MODULES = ("functions", "states", "interpolate")
# the cases of what stands in no table: straight lines
PREFIXES = ("lookup", "long_lookup", "with_lookup", "data_", "paths_")
SECONDS = 60
OPERATOR_CASES = (
    "arithmetic_precedence", "unary_minus", "comparisons", "logic_and_or_not", "conditions_as_numbers",
    "power_with_variable_exponents", "literal_exponents", "infinite_powers_in_a_chain",
)
ALSO = {"DELAY1": "DELAY1I", "DELAY3": "DELAY3I", "SMOOTH": "SMOOTHI", "SMOOTH3": "SMOOTH3I"}

# row: points at which the gradient by each argument must be finite
EDGES: dict[str, tuple[tuple[float, ...], ...]] = {
    "SQRT": ((0.0,), (4.0,)),
    "LN": ((0.0,), (2.0,)),
    "LOG": ((0.0, 10.0), (0.0, 2.0)),
    "^": ((0.0, 0.5), (0.0, 2.0), (2.0, 0.5)),
    "POWER": ((0.0, 0.5),),
    "ZIDZ": ((1.0, 0.0), (1.0, 2.0)),
    "XIDZ": ((1.0, 0.0, 3.0),),
    "QUANTUM": ((1.5, 0.0),),
    "MODULO": ((1.5, 0.0),),
}

# (row or function, change, part of the line): why no value can tell the two apart
MASKED = "stands in for a divisor that the outer choice throws away; it only keeps gradients finite"
CONTINUOUS = "at a point both neighbouring lines have the same value"
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("divide_or", "1.0 to 2.0", "xp.where(nothing, 1.0, b)"): MASKED,
    ("square_root", "1.0 to 2.0", "xp.where(positive, x, 1.0)"): MASKED,
    ("logarithm", "1.0 to 2.0", "xp.where(positive, x, 1.0)"): MASKED,
    ("power", "1.0 to 2.0", "xp.where(present, x, 1.0)"): MASKED,
    ("quantum", "1.0 to 2.0", "xp.where(nothing, 1.0, unit)"): MASKED,
    ("_ratio", "1.0 to 2.0", "xp.where(nothing, 1.0, b)"): MASKED,
    ("pulse_train", "1.0 to 2.0", "xp.where(once, 1.0, interval)"): MASKED,
    ("pulse_train", "mod to fmod", "since ="): "they differ before the start only, where the train is off",
    ("at_points", "Sub to Add", "xp.clip(after - 1, 0, count - 1)"): "never more rows than there are",
    ("at_points", "1.0 to 2.0", "weight"): CONTINUOUS,
    ("at_points", "GtE to Gt", "weight"): CONTINUOUS,
    ("lookup", "Add to Sub", "y[0] + 0.0 * argument"): "plus nothing and minus nothing are the same",
    ("lookup", "0 to 1", "getattr("): "for what has no shape, and everything has one",
    ("lookup", "1 to 2", "getattr("): "which of the ways to the same line is taken",
    ("_slopes", "1 to 2", "getattr("): "for what has no shape, and everything has one",
    ("lookup", "Gt to GtE", "_CHAIN"): "which of the ways to the same line is taken",
    ("lookup", "Gt to Lt", "_CHAIN"): "which of the ways to the same line is taken",
    ("lookup", "LtE to Lt", "xp.sum(x <="): CONTINUOUS,
    ("lookup", "GtE to Gt", "inside >= x["): CONTINUOUS,
    ("_searched", "GtE to Gt", "inside >= x[-1]"): CONTINUOUS,
    ("sort_order", "Mult to Div", "* 1.0"): "times one and divided by one are the same",
}


@dataclass(frozen=True)
class Verdict:
    """What became of one change: `by` names the case or gradient that noticed it, or is empty."""

    label: str
    by: str
    excuse: str = ""


def conformance() -> ModuleType:
    """Load the conformance test's own way of reading cases and comparing."""
    path = ROOT / "tests" / "engine" / "test_conformance.py"
    spec = importlib.util.spec_from_file_location("conformance_tests", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def cases_by_row(rows: Iterable[str]) -> dict[str, list[str]]:
    """Find the models whose text uses each row, short ones first."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests/engine/conformance").glob("*.mdl")}
    names = sorted(texts, key=lambda name: len(texts[name]))
    found = {}
    for row in rows:
        words = "|".join(re.escape(word).replace(r"\ ", r"[\s_]+") for word in (row, ALSO.get(row, row)))
        pattern = re.compile(rf"\b(?:{words})\s*\(", re.IGNORECASE)
        found[row] = [name for name in names if pattern.search(texts[name])] if row[0].isalpha() else []
        found[row] = found[row] or list(OPERATOR_CASES)
    return found


def line_cases() -> list[str]:
    """Find the cases of lookups and data."""
    folder = ROOT / "tests/engine/conformance"
    return sorted(path.stem for path in folder.glob("*.mdl") if path.stem.startswith(PREFIXES))


def install(module: str, tree: ast.Module) -> None:
    """Put the changed module where the engine will import it from."""
    name = f"xiancheng.engine.{module}"
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    setattr(importlib.import_module("xiancheng.engine"), module, made)
    exec(compile(tree, spec.origin, "exec"), made.__dict__)


def first_failure(cases: Iterable[str]) -> str:
    """Name the first case that does not give its expected values, or nothing."""
    tests: Any = sys.modules["conformance_tests"]
    for case in cases:
        try:
            dataset = tests.engine.run(tests.engine.compile(tests.HERE / f"{case}.mdl"), backend="numpy")
            wrong = tests.disagreements(dataset, tests.expected(case))
        except Exception as error:
            return f"{case} ({type(error).__name__})"
        if wrong:
            return case
    return ""


def infinite_gradient(rows: Iterable[str]) -> str:
    """Name the first row with an infinite gradient or value at one of its edges, or nothing."""
    if not any(row in EDGES for row in rows):
        return ""
    import jax
    import jax.numpy as jnp
    import numpy as np

    table = importlib.import_module("xiancheng.engine.functions").TABLE
    for row in rows:
        for point in EDGES.get(row, ()):
            for number in range(len(point)):
                slope = jax.grad(lambda *a, row=row: table[row].implement(jnp, *a), argnums=number)(*point)
                if not np.isfinite(slope):
                    return f"gradient of {row} at {point}"
    return ""


def judge(job: tuple[str, Mutant | None, list[str], list[str]]) -> Verdict:
    """In a child process: put the change in place and look for the first sign of it."""
    module, mutant, rows, cases = job
    signal.alarm(SECONDS)
    warnings.simplefilter("ignore")
    label = "unchanged" if mutant is None else label_of(module, mutant)
    if mutant is not None:
        try:
            install(module, mutant.tree)
        except Exception as error:
            return Verdict(label, f"import ({type(error).__name__})")
    return Verdict(label, first_failure(cases) or infinite_gradient(rows), excuse(mutant))


def label_of(module: str, mutant: Mutant) -> str:
    return f"{module}.py:{mutant.line} {mutant.row or mutant.function}: {mutant.change}"


def jobs(wanted: set[str]) -> list[tuple[str, Mutant | None, list[str], list[str]]]:
    """Every change with the rows it touches and the cases that use them."""
    made: list[tuple[str, Mutant | None, list[str], list[str]]] = []
    for module in MODULES:
        source = (ROOT / "src/xiancheng/engine" / f"{module}.py").read_text(encoding="utf-8")
        reach = rows_and_names(ast.parse(source))
        cases = dict.fromkeys(reach, line_cases()) if module == "interpolate" else cases_by_row(reach)
        for mutant in mutants(source):
            rows = [mutant.row] if mutant.row else [row for row, names in reach.items() if mutant.function in names]
            if rows and (not wanted or wanted & set(rows)):
                each = sorted({case for row in rows for case in cases[row]}, key=_size)
                made.append((module, mutant, rows, each))
    return made


def _size(case: str) -> int:
    return (ROOT / "tests/engine/conformance" / f"{case}.mdl").stat().st_size


def warm() -> None:
    """Do once what is heavy and unchanged, so that every child starts from it; the engine's tables stay out."""
    tests = conformance()
    for name in ("numpy", "pandas", "jax", "jax.numpy"):
        importlib.import_module(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = importlib.import_module("pysd.translators.vensim.vensim_file")
        reader.VensimFile(str(tests.HERE / "arithmetic_precedence.mdl")).parse()
        tests.xr.Dataset({"imports": ("dask", [0.0])})
    assert not any(f"xiancheng.engine.{module}" in sys.modules for module in MODULES)


def main(wanted: set[str]) -> int:
    """Print survivors and a count; the number of survivors is the exit code."""
    began = time.monotonic()
    warm()
    work = jobs(wanted)
    every = sorted({case for _, _, _, cases in work for case in cases})
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        unchanged = pool.apply(judge, (("", None, [], every),))
        if unchanged.by:
            sys.stdout.write(f"without any change {unchanged.by} fails: mend that first\n")
            return 1
        verdicts = list(pool.imap(judge, work, chunksize=1))
    excused = [verdict for verdict in verdicts if not verdict.by and verdict.excuse]
    survivors = [verdict for verdict in verdicts if not verdict.by and not verdict.excuse]
    for verdict in survivors:
        sys.stdout.write(f"survived: {verdict.label}\n")
    sys.stdout.write(
        f"{len(verdicts)} changes, {len(verdicts) - len(survivors) - len(excused)} noticed, {len(excused)} without any "
        f"effect on values, {len(survivors)} survived, {time.monotonic() - began:.0f} s\n"
    )
    return min(len(survivors), 1)


def excuse(mutant: Mutant | None) -> str:
    """Give the reason why this change cannot be seen in any value, or nothing."""
    for (place, change, part), why in EQUIVALENT.items():
        if mutant and (mutant.row or mutant.function, mutant.change) == (place, change) and part in mutant.code:
            return why
    return ""


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
