"""Every problem of a model at once, without running it."""

from __future__ import annotations

from pathlib import Path

from xiancheng.engine import units
from xiancheng.engine.graph import plan
from xiancheng.engine.program import assemble
from xiancheng.engine.read import survey
from xiancheng.errors import Problem


def check(path: Path | str, text: str | None = None) -> list[Problem]:
    """Return everything that is wrong with a .mdl: form, names, subscripts, loops, clock, tables, units.

    Findings of one kind hide those that only follow from them: units are looked at once the equations make sense.
    """
    model, problems = survey(path, text)
    if model is None:
        return problems
    planned, wrong = plan(model)
    problems += [problem for problem in wrong if problem not in problems]
    if not problems:
        _, problems = assemble(planned, None, ())
        problems += units.check_model(model)
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file != str(path), problem.row or 0))
