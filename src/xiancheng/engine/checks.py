"""Every problem of a model at once, without running it."""

from __future__ import annotations

from pathlib import Path

from xiancheng.engine import units
from xiancheng.engine.program import attempt, in_order
from xiancheng.errors import Problem


def check(path: Path | str, text: str | None = None) -> list[Problem]:
    """Return everything that is wrong with a .mdl: form, names, subscripts, loops, clock, tables, units.

    Units are looked at once everything else makes sense.
    """
    program, problems = attempt(path, text=text)
    if program is None:
        return problems
    return in_order([*problems, *units.check_model(program.model)], str(path))
