"""What a scenario may name: the levers, assumptions and places of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xiancheng.model.clock import Clock
from xiancheng.model.places import Places
from xiancheng.model.settings import AssumptionSetting, LeverSetting
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.levers import Lever


@dataclass(frozen=True)
class Book:
    """What a scenario may name.

    Attributes:
        levers: by id; assumptions likewise.
        places: of the study.
        clock: its years.
        indicators: their ids; former: those that took the place of others, by the id of the other.
        has_money: the equations hold public finance, so that a lever's cost is paid in a run.
    """

    levers: Mapping[str, Lever]
    assumptions: Mapping[str, Assumption]
    places: Places
    clock: Clock
    has_money: bool = False
    indicators: tuple[str, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)

    def resting(self) -> tuple[LeverSetting | AssumptionSetting, ...]:
        """Return every lever and assumption at its baseline."""
        start = self.clock.departure
        everywhere = self.places.elements
        levers = [
            LeverSetting(lever.id, lever.variable, {}, "all", everywhere, lever.baseline, ((start, lever.baseline),),
                         lever.scope == "province", lever.model_factor)
            for lever in self.levers.values()
        ]
        assumptions = [
            AssumptionSetting(rest.id, rest.variable, rest.table, rest.baseline) if rest.kind == "column"
            else AssumptionSetting(rest.id, rest.variable, path=((start, float(rest.baseline)),))
            for rest in self.assumptions.values()
        ]
        return (*levers, *assumptions)
