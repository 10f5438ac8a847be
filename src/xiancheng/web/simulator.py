"""What runs a scenario for the page: one program, compiled once and held as long as the server runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any, Protocol

from xiancheng.engine import integrate, ready
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.program import Program
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.model.inputs import Constant, Inputs, inputs
from xiancheng.model.settings import Scenario
from xiancheng.outputs import again
from xiancheng.outputs.moments import steps_around


class Simulator(Protocol):
    """What the service needs of an engine."""

    def run(self, scenario: Scenario, constants: Mapping[str, Constant | TimePath]) -> PlainRun:
        """Run a scenario and return what figures are read off.

        Args:
            scenario: levers, assumptions and places, every rule worked out.
            constants: constants and paths of the equations by name, in their units; none for those of the study.
        """
        ...

    def warm(self) -> None:
        """Do beforehand what would hold up a later run."""
        ...


@dataclass
class CompiledSimulator:
    """The compiled engine.

    A run of the table of constants takes the code that an earlier process kept, until the equations are at hand: to
    read and trace them takes longer than all else that comes before the page. The numbers are the same to the bit.

    Attributes:
        built: a run of the baseline: its study, clock and places.
        variables: what runs save, by id.
    """

    built: BuiltRun
    variables: tuple[str, ...]
    _lock: Lock = field(default_factory=Lock)
    _is_warm: bool = False

    def run(self, scenario: Scenario, constants: Mapping[str, Constant | TimePath]) -> PlainRun:
        """Run a scenario; the first run, and the first with other constants, compiles."""
        paths = {name: value for name, value in constants.items() if isinstance(value, TimePath)}
        numbers = {name: value for name, value in constants.items() if not isinstance(value, TimePath)}
        parameters = {**self.inputs(scenario, numbers), **paths}
        answer = None if constants or self._is_warm else ready.run_plain(self._call(parameters))
        return self._ordinary(parameters, bool(constants)) if answer is None else answer

    def warm(self) -> None:
        """Read and compile the equations, where runs have been answered without them."""
        if not self._is_warm:
            self._ordinary(self.inputs(self.built.scenario, {}), False)

    def _ordinary(self, parameters: Mapping[str, Constant | TimePath], is_other: bool) -> PlainRun:
        """Run the equations; code of a run with other constants is not kept."""
        program = self._program(tuple(parameters))
        steps = self._steps(program)
        result = integrate.run_plain(program, parameters, branch=self.built.clock.departure, steps=steps)
        if not is_other and not self._is_warm:
            ready.keep(self._call(parameters), program, steps)
            self._is_warm = True
        return result

    def _call(self, parameters: Mapping[str, Constant | TimePath]) -> ready.Call:
        built = self.built
        return ready.Call(built.study.equations, built.text, built.study.data_hash, self.variables, parameters,
                          float(built.start), f"figures of {built.start} to {built.end} {again.program()}")

    def inputs(self, scenario: Scenario, numbers: Mapping[str, Constant]) -> Inputs:
        """Return what the engine is given: what rests is laid out once, and is the same for every scenario.

        Args:
            scenario: every rule worked out.
            numbers: constants of the equations by name, in their units.
        """
        study, places = self.built.study, self.built.places
        if scenario.resting != self._resting:
            return inputs(study, scenario, places, numbers)
        return {**self._at_rest, **inputs(study, replace(scenario, resting=()), places, numbers)}

    @cached_property
    def _resting(self) -> Sequence[Any]:
        return self.built.scenario.resting

    @cached_property
    def _at_rest(self) -> Inputs:
        built = self.built
        alone = replace(built.scenario, levers={}, assumptions={}, constants={})
        return inputs(built.study, alone, built.places)

    def _steps(self, program: Program) -> tuple[int, ...]:
        """Return which saved times figures are read at: those around each 1 November and each end of a year."""
        return steps_around(program.grid.saved, self.built.start, self.built.end)

    def _program(self, inputs: tuple[str, ...]) -> Program:
        with self._lock:
            return builder.program(self.built.study, self.built.text, self.variables, inputs)
