"""What `check` looks at: every part of a study, or single files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from xiancheng.calibration import tables as calibration
from xiancheng.calibration import unknowns
from xiancheng.cli.session import Session
from xiancheng.engine.checks import check as problems_of
from xiancheng.errors import Problem, StudyError
from xiancheng.model import constants, core, roles, sectors, tables
from xiancheng.outputs import (
    accepted,
    articles,
    core_runs,
    evaluation,
    formulas,
    indicators,
    introduction,
    least_changes,
    loops,
    stories,
    units,
    views,
)
from xiancheng.scenarios import levers, scenario
from xiancheng.sketches import sketch
from xiancheng.study import Study
from xiancheng.sweeps import design as designs
from xiancheng.texts import Phrase, phrase
from xiancheng.weaving import folders, weave
from xiancheng.web import bundles

_KINDS = ".toml, .csv, .mdl"


def files(session: Session, named: Sequence[Path]) -> list[Problem]:
    """Check files, and say of each that is right that it is."""
    problems: list[Problem] = []
    for file in named:
        notes: list[Phrase] = []
        problems += _found(lambda file=file, notes=notes: notes.extend(_file(session, file)))  # type: ignore[misc]
        if not problems:
            session.say("cli.check.file_right", file=str(file))
        for note in notes:
            session.tell(note)
    return problems


def study(session: Session) -> list[Problem]:
    """Check the whole study, and say of each part how it is."""
    problems: list[Problem] = []
    steps = _steps(session)
    for name in ("cli.check.levers", "cli.check.tables"):
        problems += _part(session, name, steps.pop(name))
    if problems:
        for name in ("cli.check.equations", "cli.check.sketch"):
            session.say("cli.check.waits", part=phrase(name))
            del steps[name]
    for name, step in steps.items():
        problems += _part(session, name, step)
    return problems


def _part(session: Session, name: str, step: Callable[[], object]) -> list[Problem]:
    """Check a part of the study and say how it is."""
    problems = _found(step)
    session.say("cli.check.wrong" if problems else "cli.check.right", part=phrase(name))
    return problems


def _found(step: Callable[[], object]) -> list[Problem]:
    try:
        step()
    except StudyError as error:
        return list(error.problems)
    return []


def _steps(session: Session) -> dict[str, Callable[[], object]]:
    study = session.study

    def scenarios() -> None:
        scenario.book(study)
        scenario.other_ids(study)
        scenario.check_variables(study)
        _all(lambda file: scenario.read(study, file), scenario.files(study).values())

    return {
        "cli.check.levers": lambda: weave.check(study),
        "cli.check.tables": lambda: tables.check(study.root),
        "cli.check.scenarios": scenarios,
        "cli.check.indicators": lambda: _indicators(study),
        "cli.check.articles": lambda: articles.check(study),
        "cli.check.board": lambda: evaluation.check(study),
        "cli.check.roles": lambda: roles.check(study),
        "cli.check.views": lambda: views.check(study),
        "cli.check.units": lambda: units.check(study),
        "cli.check.loops": lambda: loops.check(study),
        "cli.check.accepted": lambda: accepted.check(study),
        "cli.check.bundles": lambda: bundles.read(study, levers.read(study)),
        "cli.check.stories": lambda: _stories(study),
        "cli.check.designs": lambda: _all(lambda file: designs.read(study, file), designs.files(study).values()),
        "cli.check.constants": lambda: constants.check(study),
        "cli.check.calibration": lambda: _calibration(study),
        "cli.check.equations": lambda: _model(study.equations),
        "cli.check.sketch": lambda: sketch.check(study),
    }


def _stories(study: Study) -> None:
    introduction.read(study)
    sectors.titles(study)
    stories.read(study, scenario.book(study))


def _indicators(study: Study) -> None:
    formulas.check(study)
    least_changes.check(study, indicators.read(study))


def _all(read: Callable[[Path], object], files: Iterable[Path]) -> None:
    """Read files and raise the problems of all of them."""
    problems = [problem for file in files for problem in _found(lambda file=file: read(file))]  # type: ignore[misc]
    if problems:
        raise StudyError(problems)


def _calibration(study: Study) -> None:
    cuts = study.equations.parent / core.FILE
    steps: list[Callable[[], object]] = [
        lambda: calibration.check(study),
        lambda: core_runs.sets(study),
        lambda: calibration.check_sets(study, study.calibration / core_runs.FILE, "unit"),
        lambda: core.cuts(study),
        lambda: calibration.check_sets(study, cuts),
        lambda: core_runs.check(study),
        lambda: unknowns.check(study),
    ]
    problems = [problem for step in steps for problem in _found(step)]
    if problems:
        raise StudyError(dict.fromkeys(problems))


def _model(file: Path) -> None:
    problems = problems_of(file)
    if problems:
        raise StudyError(problems)


def _file(session: Session, file: Path) -> tuple[Phrase, ...]:
    """Check a file and return what is to be said of a scenario that is right, such as what a ramp allows."""
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("cli.check.allowed", kinds=_KINDS)))
    if file.resolve().parent in folders.paths(session.study):
        folders.read_folder(session.study, file.resolve().parent)
    elif file.suffix == ".toml":
        return scenario.read(session.study, file).notes
    elif file.suffix == ".mdl":
        _model(file)
    elif file.suffix == ".csv":
        _table(session, file)
    else:
        raise StudyError(Problem(str(file), phrase("cli.check.unknown"), _KINDS))
    return ()


def _table(session: Session, file: Path) -> None:
    """Check the study's tables and keep what is said about this file; a table of no study cannot be checked."""
    study = session.study
    if not file.resolve().is_relative_to(study.root):
        inside = phrase("cli.check.inside", root=str(study.root))
        raise StudyError(Problem(str(file), phrase("cli.check.outside"), inside))
    steps = [lambda: scenario.book(study), lambda: indicators.read(study), *_steps(session).values()]
    problems = [problem for step in steps for problem in _found(step) if file.name in problem.file]
    if problems:
        raise StudyError(problems)
