"""The claims of a comparison: what each rests on, how sure it is, and what would turn it; each worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr

from xiancheng.calibration.whole_members import WHOLE
from xiancheng.comparison import confidence, grounds, turnings
from xiancheng.comparison.changes import Line
from xiancheng.comparison.grounds import Drawn, Loss
from xiancheng.comparison.request import ComparisonRequest
from xiancheng.comparison.runs import pulled
from xiancheng.comparison.turnings import Turning
from xiancheng.outputs.certainty import Certainty
from xiancheng.study import Study


@dataclass(frozen=True, eq=False)
class Claims:
    """What claims are judged by.

    Attributes:
        study: the study; request: options, stresses and members.
        areas: indicators (scenario, stress, member, year, area).
        without: those of options without one of their levers.
        effects: mark of the effect of each lever by id.
    """

    study: Study
    request: ComparisonRequest
    areas: xr.Dataset
    without: xr.Dataset
    effects: Mapping[str, str]
    _certainties: dict[tuple[object, ...], Certainty] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> list[Drawn]:
        """Every number in which the members differ, in their order."""
        return grounds.drawn(self.study, self.request.members, self.request.kind)

    def bearing(self, letter: str) -> list[Drawn]:
        """Return the numbers that can bear on the option with a letter."""
        return grounds.bearing(self.numbers, self._levers(letter))

    def turnings(self, line: Line) -> list[Turning]:
        """Return what moves a claim most, and where it turns."""
        return turnings.of(self.areas, line, self.bearing(line.option), self.without)

    def certainty(self, line: Line) -> Certainty:
        """Return how sure a claim is."""
        mark = (line.indicator, line.option, line.area, line.stress, line.year)
        if mark not in self._certainties:
            self._certainties[mark] = confidence.certainty(line, self.marks(line))
        return self._certainties[mark]

    def marks(self, line: Line) -> list[tuple[str, float]]:
        """Return mark and weight of what moves a claim; levers weigh alike where the runs without them are missing."""
        alike = {name: Loss(1.0, np.nan) for name in self._levers(line.option)}
        lost = turnings.lost(self.areas, line, self.without) or alike
        return grounds.marks(lost, turnings.leaning(self.areas, line, self.bearing(line.option)), self.effects)

    def is_robust(self, line: Line) -> bool:
        """Tell whether a claim is robust: conditions beside the reference and members of the whole model hold it."""
        return line.robust and self.request.kind == WHOLE and bool(self.request.stresses)

    def _levers(self, letter: str) -> list[str]:
        return pulled(self.request.options[self.request.letters.index(letter)])
