"""From a study and a scenario to a run: the text of the equations, the values that replace their constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.engine.overrides import override
from xiancheng.engine.source import decode, without_views
from xiancheng.errors import Problem, StudyError
from xiancheng.model import arguments, places
from xiancheng.model import clock as clocks
from xiancheng.model.clock import Clock
from xiancheng.model.inputs import Constant, inputs
from xiancheng.model.places import Places
from xiancheng.model.settings import Scenario
from xiancheng.provenance import manifest
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, in_language, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.engine.program import Program
    from xiancheng.engine.ready import Call

ENGINES = ("compiled", "pysd")
"""The engines, the usual one first."""

TIME_STEPS = (0.25, 0.125, 0.0625, 0.03125, 0.015625)
"""Steps that a run may take [years]: halves of halves, so that every census day and year end is one."""

_START = "start_"
"""Begins the name of a folder with the tables of a census, the year follows."""
_AFTER_END = 0.25
"""Years beyond 1 November of the last year, so that its calendar year is whole."""


@dataclass(frozen=True)
class BuiltRun:
    """All that a run needs, complete and unchanging.

    Attributes:
        study: the study.
        scenario: the scenario.
        text: the equations with start and end set.
        parameters: by variable of the model: number, array or TimePath that replaces its value.
        start: census year of the start; end: last whole calendar year.
        places: the places of the study.
        clock: its years.
        manifest: what makes the run repeatable.
    """

    study: Study
    scenario: Scenario
    text: str
    parameters: Mapping[str, Any]
    start: int
    end: int
    places: Places
    clock: Clock
    manifest: Mapping[str, Any]


def build(
    study: Study,
    scenario: Scenario,
    *,
    start: int | None = None,
    end: int | None = None,
    time_step: float | None = None,
    constants: Mapping[str, Constant] | None = None,
    command: str = "",
) -> BuiltRun:
    """Put a run together.

    Args:
        study: the study.
        scenario: what the run is told.
        start: year of the census it starts from, the usual one when None.
        end: its last whole calendar year, likewise.
        time_step: of TIME_STEPS [years], that of the equations when None.
        constants: more constants of the model by name, in their units; one of places as an array.
        command: the command line, for the manifest.

    Raises:
        StudyError: no such start, an end that is out of reach, another step, a lever, assumption or constant that the
            equations have not, or places that a rule has still to name.
    """
    source = without_views(decode(study.equations))
    clock = clocks.of(study)
    first, last = arguments.years(start=start, end=end)
    start, end = clock.start if first is None else first, clock.end if last is None else last
    text = _with_clock(study, source, clock.last, start, end, _step(time_step))
    where = places.read(study.tables)
    parameters = inputs(study, scenario, where, constants)
    changed = {name: np.asarray(value).tolist() for name, value in {**scenario.constants, **(constants or {})}.items()}
    words = {**scenario.plain(), "constants": changed, "start": start, "end": end, **_step(time_step)}
    notes = {"notes": [in_language(note, language) for note in scenario.notes for language in LANGUAGES]}
    written = manifest(study, words, command=command) | (notes if scenario.notes else {})
    return BuiltRun(study, scenario, text, parameters, start, end, where, clock, written)


def simulate(
    built: BuiltRun,
    *,
    variables: Sequence[str] | None = None,
    engine: str = ENGINES[0],
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Run the equations.

    Args:
        built: the run.
        variables: variables of the model to return; all when None.
        engine: one of ENGINES.
        progress: called with the share of steps done, 0 to 1.

    Returns:
        Dims time and the subscripts of the model, variables by their names in the equations.

    Raises:
        StudyError: an unknown engine or variable.
    """
    equations, text = built.study.equations, built.text
    if engine == "pysd":
        from xiancheng.engine import reference

        return reference.run(equations, built.parameters, outputs=variables, text=text, progress=progress)
    if engine == "compiled":
        from xiancheng.engine import ready  # JAX is heavy and only needed here

        names = None if variables is None else tuple(variables)
        call = ready.Call(equations, text, built.study.data_hash, names, built.parameters, float(built.start))
        result = ready.run(call)
        return _compiled(built, call) if result is None else result
    raise StudyError(Problem("", phrase("run.engine_unknown", engine=engine), phrase_list(ENGINES)))


def _compiled(built: BuiltRun, call: Call) -> xr.Dataset:
    """Run the equations the ordinary way, and make the next run of them ready."""
    from xiancheng.engine import integrate, ready  # what a run that is ready does without

    compiled = program(built.study, built.text, call.outputs, tuple(built.parameters))
    result = integrate.run(compiled, built.parameters, strict=True)
    ready.keep(call, compiled)
    return result


def program(study: Study, text: str, variables: tuple[str, ...] | None, inputs: tuple[str, ...]) -> Program:
    """Return the compiled equations; the same call on the same data takes them from the last few compiled."""
    return _program(study.equations, study.data_hash, text, variables, inputs)


@lru_cache(maxsize=4)
def _program(
    equations: Path, data_hash: str, text: str, variables: tuple[str, ...] | None, inputs: tuple[str, ...]
) -> Program:
    """Compile; `data_hash` is part of the call so that other tables are another program."""
    from xiancheng.engine.program import compile

    return compile(equations, outputs=variables, inputs=inputs, text=text)


def starts(study: Study) -> list[int]:
    """Return the census years a run of this study can start from."""
    return sorted(int(folder.name.removeprefix(_START)) for folder in study.blocks.glob("*") if _is_start(folder.name))


def start_of(study: Study, word: str | None) -> int | None:
    """Return the census year that a person wrote; none where none is written.

    Raises:
        StudyError: a run of this study cannot start there.
    """
    if word is None:
        return None
    years = {str(year): year for year in starts(study)}
    if word not in years:
        raise StudyError([_no_start(study, word)])
    return years[word]


def _no_start(study: Study, start: int | str) -> Problem:
    allowed = phrase("run.start_allowed", starts=phrase_list(str(year) for year in starts(study)))
    return Problem("", phrase("run.start_unknown", start=start), allowed)


def _step(time_step: float | None) -> dict[str, float]:
    """Return the step by its name in the equations, nothing where it is theirs."""
    if time_step is None:
        return {}
    if time_step not in TIME_STEPS:
        allowed = phrase_list(f"{step:g}" for step in TIME_STEPS)
        raise StudyError(Problem("", phrase("run.step_wrong", step=repr(time_step)), allowed))
    return {"TIME STEP": float(time_step)}


def _with_clock(study: Study, source: str, last: int, start: int, end: int, step: Mapping[str, float]) -> str:
    problems = []
    if start not in starts(study):
        problems.append(_no_start(study, start))
    if not start < end <= last:
        allowed = phrase("run.end_allowed", start=start, last=last)
        problems.append(Problem("", phrase("run.end_wrong", end=end), allowed))
    if problems:
        raise StudyError(problems)
    return from_start(source, study, start, {"INITIAL TIME": start, "FINAL TIME": end + _AFTER_END, **step})


def from_start(source: str, study: Study, start: int, clock: Mapping[str, float]) -> str:
    """Return equations with another clock that read the tables of another start.

    Args:
        source: the equations.
        study: the study they belong to.
        start: the census year.
        clock: values of controls by name [years].

    Raises:
        StudyError: the equations have not one of these controls.
    """
    return _from_start(source, str(study.equations), start, tuple(clock.items()))


@lru_cache(maxsize=4)
def _from_start(source: str, file: str, start: int, clock: tuple[tuple[str, float], ...]) -> str:
    def renamed(table: str) -> str:
        return str(PurePosixPath(*(f"{_START}{start}" if _is_start(part) else part
                                   for part in PurePosixPath(table).parts)))

    return override(source, dict(clock), renamed, file)


def _is_start(folder: str) -> bool:
    return folder.startswith(_START) and folder.removeprefix(_START).isdigit()
