"""A model compiled: read, checked, its constants folded, its clock set; ready to be run in any number of ways."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.cache import Cache
from xiancheng.engine import form, needed
from xiancheng.engine.compiled import Compiled
from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.fixed import fixed_arguments, unchecked
from xiancheng.engine.functions import TABLE
from xiancheng.engine.graph import CONSTANT, Plan, Stages, plan, reached, stages
from xiancheng.engine.left_out import left_out
from xiancheng.engine.limits import of_steps, of_times
from xiancheng.engine.macros import INNER
from xiancheng.engine.methods import Method, method_of
from xiancheng.engine.orders import orders
from xiancheng.engine.pending import value_of
from xiancheng.engine.read import CONTROLS, Model, no_variable, survey
from xiancheng.engine.source import key
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Call, External, Missing, Refused, StateCall, missing, walk
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

_GRID = 1e-6


@dataclass(frozen=True)
class Grid:
    """The clock: `start` and `step` in the model's time unit, `steps` in all, `every` steps between saves, `method`."""

    start: float
    step: float
    steps: int
    every: int
    method: Method = Method.EULER

    @property
    def saved(self) -> Floats:
        """Return the times saved."""
        return np.float64(self.start) + self.step * self.every * np.arange(self.steps // self.every + 1)


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled model.

    Attributes:
        model: the model.
        compiled: plan and host data.
        outputs: keys of the variables to return.
        inputs: keys of the variables that stay open to parameters.
        grid: the clock.
        notes: rules that a reader of the results should know, and problems of variables that are not asked for.
        lacks: what the model lacks, so that the variables which need it are not among the outputs.
        variants: the ways it has been run, with their compiled code, by kind of parameters; they change no result.
    """

    model: Model
    compiled: Compiled
    outputs: tuple[str, ...]
    inputs: frozenset[str]
    grid: Grid
    notes: tuple[Problem, ...] = ()
    lacks: tuple[Problem, ...] = ()
    variants: Cache = field(default_factory=Cache, repr=False)


def compile(
    path: Path | str, *, outputs: Sequence[str] | None = None, inputs: Sequence[str] = (), text: str | None = None,
    data: Sequence[Path | str] = (),
) -> Program:
    """Compile a Vensim model.

    Args:
        path: the .mdl file; tables are looked for relative to its folder.
        outputs: variable names to return; everything else is computed only if they need it. All but lookups when None,
            without those that need values, tables or functions that are not there, which `lacks` and `notes` tell.
        inputs: names of constants or data that runs may replace; others cost a new compilation when replaced.
        text: content that replaces the file's own.
        data: files that have the values of data variables without an equation, .dat, .csv or .tab.

    Raises:
        StudyError: everything in the model that cannot be computed, at once.
    """
    trial = attempt(path, outputs, inputs, text, data)
    if trial.program is None or trial.problems:
        raise StudyError(trial.problems)
    return trial.program


@dataclass(frozen=True)
class Trial:
    """What came of compiling a model: the program, or why there is none."""

    program: Program | None
    problems: list[Problem]


def attempt(
    path: Path | str, outputs: Sequence[str] | None = None, inputs: Sequence[str] = (), text: str | None = None,
    data: Sequence[Path | str] = (),
) -> Trial:
    """Compile as far as possible: the equations that are sound are looked at in full whatever the others hold."""
    model, problems = survey(path, text, data)
    if model is None:
        return Trial(None, problems)
    planned, wrong = plan(model)
    lack = left_out(planned, [*problems, *wrong]) if outputs is None else None
    if lack is not None and not lack.names & set(map(key, inputs)):
        program, faults = assemble(planned, lack.rest, inputs)
        if program is not None:
            program = replace(program, notes=(*program.notes, *lack.notes), lacks=lack.problems)
        return Trial(program, in_order([*faults, *lack.problems], str(path)) if faults else [])
    names = [*model.variables, *planned.broken] if outputs is None else map(key, outputs)
    parts = needed.sort([*problems, *wrong], model, planned.broken, [*names, *map(key, inputs), *CONTROLS])
    if parts.problems:
        sound = [name for name in needed.sound(model, planned.broken) if model.variables[name].kind != "lookup"]
        if set(CONTROLS) <= set(sound):
            written = [model.variables[name].name for name in sound if name not in CONTROLS]
            parts.problems.extend(assemble(planned, written, ())[1])
        return Trial(None, in_order(parts.problems, str(path)))
    program, problems = assemble(planned, outputs, inputs)
    if program is not None:
        program = replace(program, notes=(*program.notes, *in_order(parts.notes, str(path))))
    return Trial(program, in_order(problems, str(path)))


def in_order(problems: Sequence[Problem], file: str) -> list[Problem]:
    """Return each problem once, those of the model first, by line."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file != file, problem.file, problem.row or 0))


def assemble(
    planned: Plan, outputs: Sequence[str] | None, inputs: Sequence[str]
) -> tuple[Program | None, list[Problem]]:
    """Fold the constants of a plan and check clock, delays and tables; findings come back as problems."""
    model = planned.model
    returned, problems = _keys(outputs, model) if outputs is not None else (_everything(model), [])
    open_, wrong = _keys(inputs, model)
    problems += wrong + [problem for name in open_ for problem in replaceable(planned, name)]
    if problems:
        return None, problems
    names = reached(model, [*returned, *CONTROLS])
    sizes = {name: range_.size for name, range_ in model.dimensions.ranges.items()}
    compiled = Compiled(planned, names, {**sizes, **{f"{name}!": size for name, size in sizes.items()}})
    method, notes, wrong = method_of(model.text, model.file)
    counts: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        problems += _load(compiled, notes) + wrong
        if problems:
            return None, problems
        host = constants(compiled, stages(planned, (), ()))
        grid, wrong = _grid(host)
        problems += wrong
        if grid is not None:
            counts, rounded, wrong = orders(host, grid, stages(planned, open_, ()))
            notes += rounded
            wrong += fixed_arguments(constants(compiled, stages(planned, open_, ()))) + of_times(host)
            problems += wrong
            notes += [] if wrong else unchecked(host)
    if problems or grid is None:
        return None, problems
    notes += _rules(compiled, open_)
    compiled, grid = replace(compiled, orders=counts), replace(grid, method=method)
    return Program(model, compiled, tuple(returned), frozenset(open_), grid, tuple(notes)), []


def opened(program: Program, inputs: Collection[str]) -> Compiled:
    """Return the compiled model of a program of which other inputs are replaced than those that it was compiled for.

    Raises:
        StudyError: they would change what must be one constant.
    """
    levels, compiled = stages(program.compiled.plan, [*program.inputs, *inputs], ()), program.compiled
    with np.errstate(all="ignore"):
        counts, _, problems = orders(constants(compiled, stages(compiled.plan, (), ())), program.grid, levels)
        problems += fixed_arguments(constants(compiled, levels))
    if problems:
        raise StudyError(problems)
    return replace(compiled, orders=counts)


def _rules(compiled: Compiled, open_: Sequence[str]) -> list[Problem]:
    """Return notes of random numbers, of points that are sorted and of equations that a value may replace."""
    model = compiled.model
    parts = [(model.variables[name], component) for name in compiled.names
             for component in model.variables[name].components]
    notes = []
    if any(isinstance(node, Call) and TABLE[node.function].kind == "random" for _, part in parts
           for node in walk(part.node)):
        notes.append(Problem.of(model.file, "engine.random"))
    notes += [doubt.at(model.file, variable.name, part.line) for variable, part in parts
              if "(" in part.equation for doubt in form.doubts(part.equation)]
    quantised = {(variable.name, part.line) for variable, part in parts for node in walk(part.node)
                 if isinstance(node, StateCall) and node.function == "SINTEG" and not missing(node.arguments[4])}
    notes += [Refused("engine.sinteg.quantum").at(model.file, *place) for place in sorted(quantised)]
    computed = [model.variables[name] for name in open_ if model.variables[name].kind == "auxiliary"]
    return notes + [Problem.of(model.file, "engine.replace.equation", each.line, name=each.name) for each in computed]


def constants(compiled: Compiled, levels: Stages, dtype: Any = np.float64) -> Evaluation:
    """Return the evaluation of what no run changes, on the host."""
    return Evaluation(compiled, levels, np, dtype, CONSTANT)


def replaceable(planned: Plan, name: str) -> list[Problem]:
    """Return why a variable cannot be replaced by a parameter, if so."""
    variable = planned.model.variables[name]
    if name in planned.clock:
        return [Problem.of(planned.model.file, "engine.replace.clock", variable.line, name=variable.name)]
    fixed = variable.kind == "auxiliary" and stages(planned, (), ()).variables[name] == CONSTANT
    if variable.kind in ("constant", "data") or fixed:
        return []
    return [Problem.of(planned.model.file, "engine.replace.moves", variable.line, name=variable.name)]


def _everything(model: Model) -> list[str]:
    return [name for name, variable in model.variables.items()
            if variable.kind != "lookup" and not name.startswith(INNER)]


def _keys(names: Sequence[str], model: Model) -> tuple[list[str], list[Problem]]:
    unknown = [name for name in names if key(name) not in model.variables]
    lookups = [name for name in names if name not in unknown and model.variables[key(name)].kind == "lookup"]
    problems = [no_variable(name, model, model.file) for name in unknown]
    problems += [Problem.of(model.file, "engine.lookup.output", name=name) for name in lookups]
    return list(dict.fromkeys(key(name) for name in names if name not in unknown + lookups)), problems


def _load(compiled: Compiled, notes: list[Problem]) -> list[Problem]:
    """Read every table that the outputs need; what is passed over in one is added to the notes."""
    problems: list[Problem] = []
    for name in compiled.plan.pieces:
        if name not in compiled.names:
            continue
        try:
            if compiled.model.variables[name].kind == "lookup":
                notes.extend(compiled.lookup(name).notes)
                continue
            for piece in compiled.plan.pieces[name]:
                node = piece.component.node
                if isinstance(node, External | Missing):
                    notes.extend(_table(compiled, node, piece))
        except StudyError as error:
            reader = compiled.model.variables[name]
            located = [problem if problem.file == compiled.model.file else replace(problem, hint=phrase(
                "engine.table.reader", hint=problem.hint, name=reader.name, line=reader.line))
                for problem in error.problems]
            problems += [problem for problem in located if problem not in problems]
    return problems


def _table(compiled: Compiled, node: External | Missing, piece: Piece) -> tuple[Problem, ...]:
    if isinstance(node, External) and node.kind == "constants":
        compiled.constant(node, piece)
        return ()
    return compiled.series(node, piece).notes


def _grid(host: Evaluation) -> tuple[Grid | None, list[Problem]]:
    model = host.compiled.model
    moving = [name for name in CONTROLS if host.stages.variables[name] != CONSTANT]
    if moving:
        return None, [Problem.of(model.file, "engine.clock.moves", model.variables[name].line,
                                 name=model.variables[name].name) for name in moving]
    start, final, step, save = (float(value_of(host.variable(name)).data) for name in CONTROLS)
    if not step > 0 or not final > start:
        return None, [Problem.of(model.file, "engine.clock.order", model.variables["time_step"].line,
                                 start=f"{start:g}", final=f"{final:g}", step=f"{step:g}")]
    problems = []
    for name, span in (("final_time", final - start), ("saveper", save)):
        steps = span / step
        if not np.isfinite(steps) or round(steps) < 1 or abs(steps - round(steps)) > _GRID * max(1.0, steps):
            problems.append(Problem.of(
                model.file, "engine.clock.grid", model.variables[name].line, name=model.variables[name].name,
                span=f"{span:g}", steps=f"{steps:.6g}", step=f"{step:g}"))
    problems += of_steps(model, (final - start) / step) if not problems else []
    if problems:
        return None, problems
    return Grid(start, step, round((final - start) / step), round(save / step)), []
