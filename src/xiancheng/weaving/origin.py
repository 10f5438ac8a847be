"""Where an equation comes from: a problem of a woven line is told at the line of the lever's folder that says it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xiancheng.errors import Problem, StudyError
from xiancheng.study import EQUATIONS, Study
from xiancheng.weaving import folders


def of(problem: Problem) -> Problem:
    """Return a problem at the line of a lever's fragment where it stands in one, else as it is.

    Args:
        problem: a problem; only one of the equations of a study with its line can come from a fragment.
    """
    file = Path(problem.file)
    if problem.row is None or not file.as_posix().endswith(EQUATIONS) or not file.is_file():
        return problem
    study = Study(file.parents[len(Path(EQUATIONS).parts) - 1])
    woven = [line.rstrip() for line in file.read_text(encoding="utf-8", errors="replace").split("\n")]
    for path in folders.paths(study):
        row = _row(path / folders.EQUATIONS, woven, problem.row)
        if row is not None:
            return replace(problem, file=str(path / folders.EQUATIONS), row=row)
    return problem


def _row(fragment: Path, woven: list[str], row: int) -> int | None:
    """Return the line of a fragment that stands at a line of the equations, or None."""
    try:
        lines = folders.plain_lines(fragment, fragment.name)
    except StudyError:  # no fragment, or none that was woven as it stands
        return None
    filled = [at for at, line in enumerate(lines) if line]
    if not filled:
        return None
    first, block = filled[0], lines[filled[0] : filled[-1] + 1]
    starts = (at for at, line in enumerate(woven) if line == block[0] and woven[at : at + len(block)] == block)
    begin = next(starts, None)
    return row - 1 - begin + first + 1 if begin is not None and begin <= row - 1 < begin + len(block) else None
