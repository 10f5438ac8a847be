"""A run as the page shows it: every indicator by year and area, and the year from which its target is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine.labels import PlainRun
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.targets import has_target, years_met

Met = Mapping[str, list[int | None]]


@dataclass(frozen=True)
class Figures:
    """What a run gives.

    Attributes:
        values: by indicator, float32 (year, area), in the unit of the indicator; missing where it has no value.
        met: by indicator with a target, the year from which each area meets it, or None.
    """

    values: Mapping[str, NDArray[np.float32]]
    met: Met


def figures(reader: Reader, run: PlainRun, names: Sequence[str]) -> Figures:
    """Return indicators of a run as they are shown: at areas, then places; those that it does not give are left out."""
    numbers = reader.everywhere(run, names)
    aimed = {name: reader.indicators[name] for name in numbers if has_target(reader.indicators[name])}
    met = {name: years_met(numbers[name], reader.years, own.row["target_value"], own.direction,
                           reader.clock.first_setting)
           for name, own in aimed.items()}
    return Figures({name: values.astype(np.float32) for name, values in numbers.items()}, met)
