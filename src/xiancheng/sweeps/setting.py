"""A design made ready to run: one compiled program, and for any rows of the drawn design the parameters it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration import mixed_members
from xiancheng.calibration.whole_members import WHOLE
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.interpolate import linear
from xiancheng.model import build as builder
from xiancheng.model import members, tables
from xiancheng.model.build import BuiltRun
from xiancheng.model.inputs import inputs
from xiancheng.outputs import journey
from xiancheng.outputs import result as results
from xiancheng.outputs.moments import steps_around
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios import scenario
from xiancheng.scenarios.book import Book
from xiancheng.study import Study
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.distinct import Distinct
from xiancheng.sweeps.factors import ASSUMPTION, CONSTANT, LEVER, MEMBER, Factor
from xiancheng.sweeps.overlay import Overlay

if TYPE_CHECKING:
    from xiancheng.engine.program import Program
    from xiancheng.engine.results import Prepared



@dataclass(frozen=True)
class Rows:
    """Some runs of a drawn design.

    Attributes:
        scenario: position of the scenario of each run among those of the design.
        values: of the factors (run, factor) [their units], positions where they choose.
    """

    scenario: NDArray[np.int64]
    values: Floats

    def __len__(self) -> int:
        return len(self.scenario)

    def padded(self, size: int) -> Rows:
        """Return as many runs as asked for; the last one is repeated."""
        chosen = np.minimum(np.arange(size), len(self) - 1)
        return Rows(self.scenario[chosen], self.values[chosen])

    def only(self, position: int) -> Rows:
        """Return one of the runs alone."""
        return Rows(self.scenario[position : position + 1], self.values[position : position + 1])


@dataclass(frozen=True, eq=False)
class SweepSetting:
    """All that the runs of a design share.

    Attributes:
        study: the study.
        design: the design.
        built: the run of each scenario with no factor moved.
        program: the compiled equations.
        shared: parameters that all runs have.
        paths: values of what differs in time, by variable key, at the saved times of each scenario.
        overlays: what levers and assumptions among the factors do to paths, in this order.
        drawn: parameters of the members (member, …) [their units], by key of the parameter.
        drawn_paths: paths of the members at the saved times (member, time, …), by key of the variable.
        steps: positions of the saved times that are read.
        reader: reads the runs.
    """

    study: Study
    design: Design
    built: tuple[BuiltRun, ...]
    program: Program
    shared: Prepared
    paths: Mapping[str, Distinct]
    overlays: tuple[Overlay, ...]
    drawn: Mapping[str, Floats]
    drawn_paths: Mapping[str, Floats]
    steps: tuple[int, ...]
    reader: Reader

    def parameters(self, rows: Rows) -> Prepared:
        """Return the parameters of some runs, the axis of runs in front."""
        from xiancheng.engine.results import Prepared

        moving = {name: base[rows.scenario] for name, base in self.paths.items()}
        numbers: dict[str, Any] = {}
        for factor, values in zip(self.design.factors, rows.values.T, strict=True):
            if factor.kind == CONSTANT:
                numbers[key(factor.name)] = values
            elif factor.kind == MEMBER:
                chosen = values.astype(int)
                numbers.update({name: drawn[chosen] for name, drawn in self.drawn.items()})
                moving.update({name: drawn[chosen] for name, drawn in self.drawn_paths.items()})
        for overlay in self.overlays:
            overlay.lay(moving[overlay.variable], rows.values[:, list(overlay.factors)])
        saved = self.program.grid.saved
        paths = {name: (saved, values) for name, values in moving.items()}
        batched = frozenset(numbers) | frozenset(paths)
        return Prepared({**self.shared.numbers, **numbers}, {**self.shared.paths, **paths}, batched, len(rows))


def prepare(study: Study, design: Design) -> SweepSetting:
    """Read the scenarios of a design, compile the equations and lay out what its runs share.

    Raises:
        StudyError: every problem of the scenarios or the equations.
    """
    return of(study, design, built_of(study, design))


def of(study: Study, design: Design, built: tuple[BuiltRun, ...]) -> SweepSetting:
    """Compile the equations for runs that are built already, one for each scenario of a design.

    Args:
        study: the study.
        design: what is run; its scenarios name the built runs in their order.
        built: the run of each scenario with no factor moved.

    Raises:
        StudyError: every problem of the equations.
    """
    drawn, wide = _members(study, design, built)
    constants: dict[str, Any] = {factor.name: 0.0 for factor in design.factors if factor.kind == CONSTANT}
    constants |= dict.fromkeys(drawn, 0.0) | {name: paths[0] for name, paths in wide.items()}
    program = _program(study, design, built[0], list(constants))
    book = scenario.book(study)
    overlays = _overlays(study, book, design, program.grid.saved)
    moving = _moving(built, overlays)
    shared = _shared(program, {**built[0].parameters, **constants})
    paths = {key(name): _at(program, built, name) for name in moving}
    steps = steps_around(program.grid.saved, design.start, design.end)
    return SweepSetting(
        study, design, built, program, shared, paths, overlays, {key(name): values for name, values in drawn.items()},
        {key(name): np.array([_along(path, program.grid.saved) for path in own]) for name, own in wide.items()},
        steps, Reader.of(built[0]))


def built_of(study: Study, design: Design) -> tuple[BuiltRun, ...]:
    """Return the run of each scenario of a design with no factor moved.

    Raises:
        StudyError: blocks that are older than the tables, or every problem of the scenarios.
    """
    tables.check_once(study)
    return tuple(_built(study, design, name) for name in design.scenarios)


def _built(study: Study, design: Design, name: str) -> BuiltRun:
    """Build the run of a scenario; a rule for places reads the baseline with no factor moved."""
    combination = scenario.combined(study, name)
    if combination.awaits:
        return journey.prepare(study, combination, start=design.start, end=design.end, time_step=design.time_step)
    return builder.build(study, combination, start=design.start, end=design.end, time_step=design.time_step)


def _members(
    study: Study, design: Design, built: Sequence[BuiltRun]
) -> tuple[Mapping[str, Floats], Mapping[str, tuple[TimePath, ...]]]:
    """Return the numbers and the paths of the members of a design, by name; what its scenarios set is not theirs."""
    factor = next((factor for factor in design.factors if factor.kind == MEMBER), None)
    if factor is None or not factor.choices:
        return {}, {}
    if factor.name != WHOLE:
        posterior = members.read(study)
        names = posterior[factor.choices[0]]
        return {name: np.array([posterior[number][name] for number in factor.choices]) for name in names}, {}
    fixed = {name for run in built for name in run.scenario.constants}
    fixed |= {factor.name for factor in design.factors if factor.kind == CONSTANT}
    drawn = mixed_members.read(study, factor.choices).but(fixed)
    return drawn.constants, drawn.paths


def _program(study: Study, design: Design, built: BuiltRun, constants: Sequence[str]) -> Program:
    words = key(built.text)
    needed = [name for name in results.needed(study, list(design.indicators), [], ()) if name in words]
    inputs = tuple(dict.fromkeys([*built.parameters, *constants]))
    return builder.program(study, built.text, tuple(needed), inputs)


def _overlays(study: Study, book: Book, design: Design, times: Floats) -> tuple[Overlay, ...]:
    """Return what factors do to paths: those of one lever at the same places in several years make one path."""
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for position, factor in enumerate(design.factors):
        if factor.kind in (LEVER, ASSUMPTION):
            place = factor.name, factor.places
            groups[place] = [*groups.pop(place, []), position]  # of two at one place the later holds
    return tuple(_overlay(study, book, {position: design.factors[position] for position in positions}, times)
                 for positions in groups.values())


def _overlay(study: Study, book: Book, factors: Mapping[int, Factor], times: Floats) -> Overlay:
    """Return what factors of one lever or assumption do, by their position in the design."""
    order = sorted(factors, key=lambda position: factors[position].year)
    factor, years = factors[order[0]], tuple(factors[position].year for position in order)
    if factor.kind == LEVER:
        lever = book.levers[factor.name]
        elements = factor.places or book.places.elements
        places = None if lever.scope == "province" else book.places.positions(elements)
        return Overlay(key(lever.variable), tuple(order), None, times, years, book.clock.departure, lever.baseline,
                       lever.fastest, lever.model_factor, places)
    assumed = book.assumptions[factor.name]
    if not factor.discrete:
        return Overlay(key(assumed.variable), tuple(order), None, times, years, book.clock.departure,
                       float(assumed.baseline))
    scenarios = [scenario.from_settings(study, [f"{factor.name}={choice}"]) for choice in factor.choices]
    paths = [inputs(study, changed, book.places)[assumed.variable] for changed in scenarios]
    choices = [[path.at(time) for time in times] for path in paths if isinstance(path, TimePath)]
    return Overlay(key(assumed.variable), tuple(order), np.array(choices))


def _moving(built: Sequence[BuiltRun], overlays: Sequence[Overlay]) -> list[str]:
    """Return the paths that differ between runs; if there are none, one, so that runs have an axis."""
    laid = {overlay.variable for overlay in overlays}
    names = [name for name, value in built[0].parameters.items() if isinstance(value, TimePath)]
    moving = [
        name for name in names
        if key(name) in laid or any(not _same(run.parameters[name], built[0].parameters[name]) for run in built)
    ]
    return moving or names[:1]


def _same(first: TimePath, second: TimePath) -> bool:
    return np.array_equal(first.times, second.times) and np.array_equal(first.values, second.values)


def _shared(program: Program, parameters: Mapping[str, Any]) -> Prepared:
    from xiancheng.engine.results import prepare as checked
    from xiancheng.engine.variants import complete

    return complete(program, checked(program, parameters))


def _at(program: Program, built: Sequence[BuiltRun], name: str) -> Distinct:
    """Return a path of every scenario at the saved times."""
    shape = program.compiled.shape(key(name))

    def laid(path: TimePath) -> Floats:
        row = _along(path, program.grid.saved)
        ones = [1] * (len(shape) + 1 - row.ndim)
        return np.broadcast_to(row.reshape(*row.shape[:1], *ones, *row.shape[1:]), (len(row), *shape))

    return Distinct.of([run.parameters[name] for run in built], laid)


def _along(path: TimePath, times: Floats) -> Floats:
    """Return a path at many times at once (time, …): a comparison lays out thousands of them."""
    return np.asarray(linear(np, path.times, path.values, times))
