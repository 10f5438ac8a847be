"""Need that stays unpaid: its mean of a year, its last year, and what capacity is still missing in the end."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from xiancheng.comparison import bands
from xiancheng.comparison.bands import Band
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model import clock
from xiancheng.outputs import views
from xiancheng.study import Study


@dataclass(frozen=True)
class Need:
    """What nobody pays for in an area: a level of the baseline, the change of an option against it.

    Attributes:
        scenario: BASELINE or a letter; area: id.
        mean: of a year of the policy; last: in its last year [yuan a year].
        missing: capacity that is short of need in the last year, at what it costs to build [yuan].
    """

    scenario: str
    area: str
    mean: Band
    last: Band
    missing: Band


def years(study: Study, areas: xr.Dataset) -> list[int]:
    """Return the years of the policy that runs hold."""
    return clock.of(study).policy(areas.variables["year"].values)


def of(study: Study, areas: xr.Dataset, area: str, stress: str = REFERENCE) -> list[Need]:
    """Return what is left unpaid in the baseline and, against it, in every option; nothing of a study without money.

    Years are not added up: a need that stays unpaid is the same one in the next year.

    Args:
        study: the study.
        areas: indicators (scenario, stress, member, year, area) of Runs.
        area: id.
        stress: id.

    Raises:
        StudyError: views that cannot be read.
    """
    unfunded, missing = (views.leading(study, view) for view in ("unfunded", "missing"))
    policy = years(study, areas)
    if not policy or unfunded not in areas or missing not in areas:
        return []
    at = areas[[unfunded, missing]].sel(area=area, stress=stress, year=policy).transpose("scenario", "member", "year")
    flows, stocks = at[unfunded].values.astype(float), at[missing].values[..., -1].astype(float)
    names = [str(name) for name in areas.variables["scenario"].values]
    base = names.index(BASELINE)
    needs = []
    for row, name in enumerate(names):
        own = (flows[row].mean(axis=-1), flows[row][:, -1], stocks[row])
        reference = (flows[base].mean(axis=-1), flows[base][:, -1], stocks[base])
        pairs = zip(own, reference, strict=True)
        parts = [bands.band(mine if name == BASELINE else bands.change(mine, theirs)) for mine, theirs in pairs]
        needs.append(Need(name, area, *parts))
    return needs
