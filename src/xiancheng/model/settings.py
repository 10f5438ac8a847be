"""What the equations are told: a scenario, its levers and assumptions as paths in model time, all of it checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xiancheng.texts import Phrase

Point = tuple[float, float]
"""(model time [year], value [unit of the lever or assumption])."""


@dataclass(frozen=True)
class LeverSetting:
    """A lever at some places.

    Attributes:
        lever: id of the lever.
        variable: variable of the model that it sets.
        points: value by calendar year, as asked for [unit of the lever].
        where: the places as written.
        places: elements of the places.
        baseline: value before, and elsewhere [unit of the lever].
        path: corners of the value in model time, no faster than the ramp [unit of the lever].
        everywhere: the lever has one value for the whole province, no place of its own.
        factor: what one unit of the lever is in the unit of the variable.
        fastest: the most the value may change in a year [unit of the lever per year].
        losing_more_than: the rule that names the places: a yearly loss of residents [share]; None for fixed places.
        of_type: the type of places that is meant, "" for none.
        awaits: the rule is not worked out yet, so that places are none and the path is that of a place it always names.
    """

    lever: str
    variable: str
    points: Mapping[int, float]
    where: str
    places: tuple[str, ...]
    baseline: float
    path: tuple[Point, ...]
    everywhere: bool = False
    factor: float = 1.0
    fastest: float = math.inf
    losing_more_than: float | None = None
    awaits: bool = False
    of_type: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """The setting as a scenario file writes it."""
        points = {str(year): value for year, value in self.points.items()}
        return {"points": points, "places": self._places}

    @property
    def _places(self) -> Any:
        if self.losing_more_than is not None:
            return {"losing_more_than": self.losing_more_than}
        return {"type": self.of_type} if self.of_type else self.where


@dataclass(frozen=True)
class AssumptionSetting:
    """An assumption: a named column of a table, or a path.

    Attributes:
        assumption: id of the assumption.
        variable: variable of the model that it sets.
        table: the block below model/ that holds `column`, "" for a path.
        column: the named column, "" for a path.
        points: value by calendar year [unit of the assumption], empty for a column.
        path: corners of the value in model time [unit of the assumption], empty for a column.
    """

    assumption: str
    variable: str
    table: str = ""
    column: str = ""
    points: Mapping[int, float] = field(default_factory=dict)
    path: tuple[Point, ...] = ()

    @property
    def value(self) -> Any:
        """The setting as a scenario file writes it."""
        return self.column or {str(year): value for year, value in self.points.items()}


@dataclass(frozen=True)
class Scenario:
    """What a run is told.

    Attributes:
        id: name of its file, or of its base with a fingerprint of the settings.
        title: by language; sentence likewise.
        levers: settings by lever id; of two at one place the later holds.
        assumptions: settings by assumption id.
        constants: other values by the name of a constant of the model.
        notes: what a reader has to know about the settings.
        resting: every lever and assumption of the study at its baseline. Runs are given them all, so that each scenario
            runs the same program and a lever at its baseline changes nothing, bit by bit.
        question: what it is to answer, by language, or empty; trade_off: what it is expected to cost elsewhere.
        named_for: areas by the indicators that it is named for, in which it has to show.
    """

    id: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    levers: Mapping[str, tuple[LeverSetting, ...]] = field(default_factory=dict)
    assumptions: Mapping[str, AssumptionSetting] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Phrase, ...] = ()
    resting: tuple[LeverSetting | AssumptionSetting, ...] = ()
    question: Mapping[str, str] = field(default_factory=dict)
    trade_off: Mapping[str, str] = field(default_factory=dict)
    named_for: Mapping[str, str] = field(default_factory=dict)

    @property
    def awaits(self) -> bool:
        """Whether a rule for places has to be worked out before it can run."""
        return any(setting.awaits for settings in self.levers.values() for setting in settings)

    def at_rest(self, name: str, title: Mapping[str, str]) -> Scenario:
        """Return the scenario under the same assumptions and constants with no lever pulled."""
        return replace(self, id=name, title=title, levers={}, notes=(), question={}, trade_off={},
                       named_for={})

    def plain(self) -> dict[str, Any]:
        """Return the scenario as plain values for a manifest."""
        return {
            "id": self.id,
            "levers": {
                name: [value for position, value in enumerate(values) if value not in values[:position]]
                for name, settings in self.levers.items()
                if (values := [setting.plain for setting in settings])
            },
            "assumptions": {name: setting.value for name, setting in self.assumptions.items()},
            "constants": dict(self.constants),
        }
