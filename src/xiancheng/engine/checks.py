"""Every problem of a model at once, without running it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xiancheng.engine import units
from xiancheng.engine.program import attempt, in_order
from xiancheng.errors import Problem


class Examination(NamedTuple):
    """What there is to say about a model.

    Attributes:
        problems: what keeps it from running.
        notes: rules that a reader of its results should know.
        lacks: what it lacks, so that some of its variables are not computed; the notes say how many.
        units: disagreements of units, which change no result; none are looked for before everything else makes sense.
    """

    problems: list[Problem]
    notes: list[Problem]
    lacks: list[Problem]
    units: list[Problem]


def examine(path: Path | str, text: str | None = None, data: Sequence[Path | str] = ()) -> Examination:
    """Return everything that there is to say about a .mdl: form, names, subscripts, loops, clock, tables, units.

    Args:
        path: the .mdl file.
        text: content that replaces the file's own.
        data: files that have the values of data variables.
    """
    trial = attempt(path, text=text, data=data)
    if trial.program is None:
        return Examination(trial.problems, [], [], [])
    program = trial.program
    disagreements = in_order(units.check_model(program.model), str(path))
    return Examination([], list(program.notes), list(program.lacks), disagreements)


def check(path: Path | str, text: str | None = None) -> list[Problem]:
    """Return everything that is wrong with a .mdl, its units too, as a study is held to them.

    Args:
        path: of the file; problems name it.
        text: what is read in place of the file, None for what stands there.
    """
    findings = examine(path, text)
    return [*findings.problems, *findings.lacks, *findings.units]
