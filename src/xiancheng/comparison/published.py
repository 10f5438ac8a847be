"""The baseline beside what was published of the province after the census that the runs start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.comparison import bands
from xiancheng.comparison.bands import Band
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import core_runs, places
from xiancheng.study import Study


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure of the province with the baseline at the same time.

    Attributes:
        indicator: id; about: its attributes; year: calendar year.
        published: what statistics say; model: the baseline in the reference; gap: model less published
            [unit of the indicator].
    """

    indicator: str
    about: Mapping[str, Any]
    year: int
    published: float
    model: Band
    gap: Band


def figures(study: Study, areas: xr.Dataset) -> list[PublishedFigure]:
    """Return every published figure of the years that runs hold after their first.

    Figures of a year end stand between the readings of 1 November of that year and of the next.

    Args:
        study: the study.
        areas: indicators (scenario, stress, member, year, area) of Runs.

    Raises:
        StudyError: everything wrong in the table of what runs are held against.
    """
    years = [int(year) for year in areas["year"].values]
    return [
        _figure(areas, name, time, value) for name, points in core_runs.published(study).items() if name in areas
        for time, value in sorted(points.items()) if years[0] < int(time) and time <= years[-1]
    ]


def _figure(areas: xr.Dataset, name: str, time: float, value: float) -> PublishedFigure:
    at = areas[name].sel(scenario=BASELINE, stress=REFERENCE, area=places.PROVINCE).transpose("member", "year")
    years = areas["year"].values.astype(float)
    model = np.array([np.interp(time, years, row) for row in at.values.astype(float)])
    return PublishedFigure(name, dict(areas[name].attrs), int(time), value, bands.band(model),
                           bands.band(model - value))
