"""Where the bands of changes come from: runs of members with one group of what is not known from another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.calibration import mixed_members
from xiancheng.calibration.unknowns import GROUPS
from xiancheng.calibration.whole_members import WHOLE
from xiancheng.comparison import bands, runs, shares
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.request import REFERENCE, ComparisonRequest
from xiancheng.comparison.runs import BASELINE
from xiancheng.comparison.shares import Shares, Worth
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import journey
from xiancheng.study import Study
from xiancheng.sweeps import journey as sweeps
from xiancheng.sweeps import setting as settings
from xiancheng.sweeps import work
from xiancheng.sweeps.design import Design
from xiancheng.texts import phrase

Row = tuple[str, str]
"""(scenario, name of a mixed member)."""


@dataclass(frozen=True, eq=False)
class Attribution:
    """Runs of mixed members in the last year of the reference.

    Attributes:
        plain: indicators of the members themselves (scenario, member, area).
        mixed: those of each member with one group from its partner (scenario, group, member, area).
        failed: how many runs gave no usable result.
    """

    plain: xr.Dataset
    mixed: xr.Dataset
    failed: int = 0

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in their order."""
        return tuple(str(group) for group in self.mixed["group"].values)

    def shares(self, indicator: str, option: str, area: str, against: str = BASELINE) -> Shares | None:
        """Return where the band of a change comes from; None where there is no band to speak of."""
        return shares.of(*self._apart(indicator, option, area, against))

    def worth(self, indicator: str, first: str, second: str, area: str) -> Worth | None:
        """Return what knowing would be worth for the choice between two options; None without a better direction."""
        direction = str(self.plain[indicator].attrs.get("direction", ""))
        if direction not in ("higher", "lower"):
            return None
        return shares.worth(*self._apart(indicator, first, area, second), higher=direction == "higher")

    def _apart(self, indicator: str, option: str, area: str, against: str) -> tuple[Floats, Floats]:
        """Return a change by member, and by group and member [unit]."""
        plain, mixed = (data[indicator].sel(area=area) for data in (self.plain, self.mixed))
        return (bands.change(plain.sel(scenario=option).values, plain.sel(scenario=against).values),
                bands.change(mixed.sel(scenario=option).transpose("group", "member").values,
                             mixed.sel(scenario=against).transpose("group", "member").values))


def rows(request: ComparisonRequest) -> list[Row]:
    """Return the runs that attribution takes beside those of the comparison, refusing what cannot be attributed.

    Raises:
        StudyError: members of people alone, or too few of them.
    """
    count = len(request.members)
    if request.kind != WHOLE or count < shares.FEWEST:
        wrong = phrase("attribution.members", count=count if request.kind == WHOLE else 0)
        raise StudyError(Problem("--by-group", wrong, phrase("attribution.allowed", fewest=shares.FEWEST)))
    mixed = [mixed_members.name(member, group, request.members[other]) for group in GROUPS
             for member, other in zip(request.members, shares.partners(count), strict=True)]
    return [(scenario, name) for scenario in (BASELINE, *request.letters) for name in mixed]


def run(
    study: Study, request: ComparisonRequest, areas: xr.Dataset,
    progress: Callable[[work.RunTally], None] = lambda tally: None,
) -> Attribution:
    """Run the mixed members of a comparison.

    Args:
        study: the study.
        request: what is compared.
        areas: indicators of the runs of the comparison.
        progress: called after every block.

    Raises:
        StudyError: members of people alone or too few of them, and every problem of the study.
    """
    mixed_rows = rows(request)
    design = _design(study, request, mixed_rows)
    scenarios = zip((BASELINE, *request.letters), (request.baseline, *request.options), strict=True)
    built = tuple(journey.prepare(study, replace(scenario, id=name), start=request.start, end=request.end)
                  for name, scenario in scenarios)
    setting = settings.of(study, design, built)
    with tempfile.TemporaryDirectory(prefix="xiancheng-") as folder:
        table = sweeps.of(setting, lambda: runs.lines(design, mixed_rows))
        target = sweeps.begin(table, Path(folder) / "runs")
        tally = work.run(setting, target, progress=progress)
        values = np.concatenate([target.read(block) for block in range(target.blocks)])[:, :, 0]
        order = target.manifest["labels"]["area"]
    shown = values[..., [order.index(area) for area in areas["area"].values]]
    return _laid(shown, areas, design.indicators, request, tally.bad)


def _design(study: Study, request: ComparisonRequest, mixed_rows: list[Row]) -> Design:
    """Return the design of the comparison with mixed members, the last year alone and no places."""
    own = runs.design(study, request, runs.axes(request, by_lever=False))
    names = tuple(dict.fromkeys(name for _, name in mixed_rows))
    factor = replace(own.factors[0], choices=names)
    return replace(own, n=len(mixed_rows), scenarios=(BASELINE, *request.letters), years=(request.end,), areas=AREAS,
                   factors=(factor,))


def _laid(
    values: Floats, areas: xr.Dataset, names: tuple[str, ...], request: ComparisonRequest, failed: int
) -> Attribution:
    """Return runs (run, indicator, area) on their axes, beside those of the comparison."""
    scenarios = [BASELINE, *request.letters]
    laid = values.reshape(len(scenarios), len(GROUPS), len(request.members), len(names), -1)
    dims = ("scenario", "group", "member", "area")
    about = {name: dict(areas[name].attrs) for name in names}
    mixed = xr.Dataset(
        {name: (dims, laid[..., column, :].astype(float), about[name]) for column, name in enumerate(names)},
        {"scenario": scenarios, "group": list(GROUPS), "member": list(request.members), "area": areas["area"].values})
    plain = areas[list(names)].sel(stress=REFERENCE).isel(year=-1).transpose("scenario", "member", "area")
    return Attribution(plain.load(), mixed, failed)
