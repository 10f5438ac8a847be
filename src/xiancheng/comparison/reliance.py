"""What an option owes to a single lever: of what it gains in a figure that it is named for, the part without which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.comparison import bands, changes
from xiancheng.comparison.bands import Band
from xiancheng.comparison.confidence import WEAK
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs.least_changes import labelled

MOST = 0.6
"""Part of a gain from which a single lever of the weakest mark has to be named beside it."""
SEPARATOR = "-"
"""Between the letter of an option and the lever that it runs without."""


@dataclass(frozen=True)
class Reliance:
    """What one lever is to one gain of an option, in the last year of the reference.

    Attributes:
        option: letter; lever: id; indicator: id; about: its attributes; area: id.
        level: of the baseline; change: of the option against it [unit of the indicator].
        share: part of the change that is lost without the lever; above 1 where others work against it, nan where
            nothing changes.
        evidence: mark of the effect of the lever.
    """

    option: str
    lever: str
    indicator: str
    about: Mapping[str, Any]
    area: str
    level: float
    change: Band
    share: Band
    evidence: str

    @property
    def is_weak(self) -> bool:
        """Whether more than MOST of a change that counts hangs on a lever whose effect is only assumed."""
        return self.verdict != changes.SAME and self.share.median > MOST and self.evidence == WEAK

    @property
    def verdict(self) -> str:
        """Whether the change is better, worse, none or only a difference."""
        return changes.verdict(self.change.median, str(self.about["direction"]),
                               labelled(self.about).at(self.level))


def of(
    areas: xr.Dataset, without: xr.Dataset, headlines: Iterable[tuple[str, str, str]], evidence: Mapping[str, str]
) -> list[Reliance]:
    """Return what each lever is to each figure that an option is named for, the strongest first.

    Args:
        areas: indicators of Runs.
        without: those of options without one of their levers; nothing is said of an option that has none.
        headlines: letter of an option, id of an indicator, id of an area.
        evidence: mark of the effect of each lever by id.
    """
    names = [str(name) for name in without["scenario"].values]
    reliances = []
    for option, indicator, area in headlines:
        own = [_reliance(areas, without, (option, indicator, area), name, evidence) for name in names
               if name.partition(SEPARATOR)[0] == option and indicator in areas]
        reliances += sorted(own, key=lambda item: -np.nan_to_num(item.share.median, nan=-np.inf))
    return reliances


def _reliance(
    areas: xr.Dataset, without: xr.Dataset, headline: tuple[str, str, str], name: str, evidence: Mapping[str, str]
) -> Reliance:
    option, indicator, area = headline
    lever = name.partition(SEPARATOR)[2]
    last = {"year": areas["year"].values[-1], "area": area, "member": without["member"].values}
    own, base = cut(areas, indicator, ("scenario", "member"), scenario=[option, BASELINE], stress=REFERENCE, **last)
    rest = cut(without, indicator, ("member",), scenario=name, **last)
    change, lost = bands.change(own, base), bands.change(own, rest)
    share = np.divide(lost, change, out=np.full(np.shape(change), np.nan), where=change != 0)
    return Reliance(option, lever, indicator, about(areas, indicator), area,
                    bands.band(base).median, bands.band(change), bands.band(share), evidence.get(lever, WEAK))


def strongest(reliances: Iterable[Reliance]) -> list[Reliance]:
    """Return of the levers behind each figure the one that most hangs on."""
    first: dict[tuple[str, str, str], Reliance] = {}
    for item in reliances:
        first.setdefault((item.option, item.indicator, item.area), item)
    return list(first.values())
