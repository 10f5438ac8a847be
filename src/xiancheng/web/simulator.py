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
from xiancheng.model.build import BuiltRun, Constant
from xiancheng.model.clock import BASELINE_YEAR, new_year
from xiancheng.model.settings import Scenario


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
        elements = list(self.built.places.index)
        paths = builder.paths(self.built.study, scenario, elements)
        parameters = {**paths, **{name: builder.number(one) for name, one in constants.items()}}
        return integrate.run(self._program(tuple(parameters)), parameters, branch=new_year(BASELINE_YEAR))

    def _program(self, inputs: tuple[str, ...]) -> Program:
        with self._lock:
            return builder.program(self.built.study, self.built.text, self.variables, inputs)
