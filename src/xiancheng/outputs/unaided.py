"""What moves without any policy: figures of the baseline that results are to be held against, as a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from xiancheng.outputs import views
from xiancheng.study import Study
from xiancheng.texts import number, text

VIEW = "unaided"
SMALL = 0.02
"""Part of a figure below which it is said to stay as it is."""


def names(study: Study) -> tuple[str, ...]:
    """Return the indicators that a study tells of the baseline beside results, in order."""
    return views.of(study, VIEW)


def sentence(baseline: xr.Dataset, chosen: Sequence[str], area: str, language: str) -> str:
    """Return what becomes of some figures of an area in the baseline, "" where none of them moves.

    Args:
        baseline: indicators by year of one area, with their attributes.
        chosen: ids of indicators.
        area: name of the area.
        language: "zh" or "en".
    """
    items = [item for name in chosen if name in baseline and (item := _item(baseline[name], language))]
    joined = text("unaided.separator", language).join(items)
    return text("unaided.sentence", language, area=area, items=joined) if items else ""


def _item(values: xr.DataArray, language: str) -> str:
    """Return a figure at its first and last year with a value; "" where it stays as it is."""
    levels = values.transpose("year").values
    present = np.flatnonzero(np.isfinite(levels))
    if not len(present):
        return ""
    first, last = (float(levels[position]) for position in present[[0, -1]])
    if abs(last - first) <= SMALL * max(abs(first), abs(last)):
        return ""
    unit = str(values.attrs["units"])
    years = (int(values["year"].values[position]) for position in present[[0, -1]])
    return text("unaided.item", language, title=str(values.attrs[f"title_{language}"]), start=next(years),
                end=next(years), before=number(first, unit, language), after=number(last, unit, language))
