"""What runs a scenario for the page: one program, compiled once and held as long as the server runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

import xarray as xr

from xiancheng.engine import integrate
from xiancheng.engine.program import Program
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import BASELINE_YEAR, new_year
from xiancheng.model.inputs import Constant, Inputs, inputs
from xiancheng.model.settings import Scenario
from xiancheng.outputs.years import steps_around
from xiancheng.web.readings import PlainRun, positions_of


class Simulator(Protocol):
    """What the service needs of an engine."""

    def run(self, scenario: Scenario, constants: Mapping[str, Constant]) -> xr.Dataset:
        """Run a scenario.

        Args:
            scenario: levers, assumptions and places, every rule worked out.
            constants: values of constants of the equations by name, in their units; none for those of the study.

        Returns:
            The run as the engine returns it, dims time, place, …
        """
        ...

    def plain(self, scenario: Scenario, constants: Mapping[str, Constant]) -> PlainRun:
        """Run a scenario and return what figures are read off, without labels; arguments as of `run`."""
        ...


@dataclass
class CompiledSimulator:
    """The compiled engine.

    Attributes:
        built: a run of the baseline: its study, clock and places.
        variables: what runs save, by id.
    """

    built: BuiltRun
    variables: tuple[str, ...]
    _lock: Lock = field(default_factory=Lock)

    def run(self, scenario: Scenario, constants: Mapping[str, Constant]) -> xr.Dataset:
        """Run a scenario; the first run, and the first with other constants, compiles."""
        program, parameters = self._told(scenario, constants)
        return integrate.run(program, parameters, branch=new_year(BASELINE_YEAR), steps=self._steps(program))

    def plain(self, scenario: Scenario, constants: Mapping[str, Constant]) -> PlainRun:
        """Do as `run` does, without labels."""
        program, parameters = self._told(scenario, constants)
        found = integrate.run_plain(program, parameters, branch=new_year(BASELINE_YEAR), steps=self._steps(program))
        positions = {dim: positions_of(elements) for dim, elements in found.elements.items()}
        return PlainRun(found.values, positions, found.times)

    def _told(self, scenario: Scenario, constants: Mapping[str, Constant]) -> tuple[Program, Inputs]:
        parameters = inputs(self.built.study, scenario, self.built.places, constants)
        return self._program(tuple(parameters)), parameters

    def _steps(self, program: Program) -> tuple[int, ...]:
        """Return which saved times figures are read at: those around each 1 November and each end of a year."""
        return steps_around(program.grid.saved, self.built.start, self.built.end)

    def _program(self, inputs: tuple[str, ...]) -> Program:
        with self._lock:
            return builder.program(self.built.study, self.built.text, self.variables, inputs)
