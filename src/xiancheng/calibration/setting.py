"""Everything a fit of a study starts from: the equations, the evidence, the places and their prefectures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration import targets
from xiancheng.calibration.forward import SCORED, Decade
from xiancheng.calibration.likelihood import Evidence, evidence
from xiancheng.calibration.targets import GROUPS, LISTED, PROVINCE, CensusTarget
from xiancheng.model import clock, places, tables
from xiancheng.model.clock import Clock
from xiancheng.model.places import Places
from xiancheng.study import Study

SEXES = ("female", "male")


@dataclass(frozen=True)
class Calibration:
    """A study as the fit sees it.

    Attributes:
        study: the study.
    """

    study: Study

    @cached_property
    def clock(self) -> Clock:
        """The years of the study."""
        return clock.of(self.study)

    @cached_property
    def forward(self) -> Decade:
        """The equations between the two censuses, as they are fitted."""
        return Decade(self.study)

    @cached_property
    def scorer(self) -> Decade:
        """The same at the TIME STEP of the model, as they are scored."""
        return Decade(self.study, SCORED)

    @cached_property
    def sexes(self) -> Floats:
        """Residents in the last census by sex and age group, (places, 2, groups) [persons]."""
        counts = [census(self.study, self.clock.last_census, sexes=(sex,)) for sex in SEXES]
        return np.stack([[count[place] for count in counts] for place in self.places])

    @cached_property
    def where(self) -> Places:
        """The places with all that is known of them."""
        return places.read(self.study.tables)

    @property
    def places(self) -> tuple[str, ...]:
        """Elements of the subscript place."""
        return self.where.elements

    @property
    def listed(self) -> NDArray[np.bool_]:
        """Which places are of the study's list."""
        return self.where.listed

    @cached_property
    def prefectures(self) -> tuple[str, ...]:
        """Code of the prefecture of each place."""
        return tuple(place.prefecture for place in self.where)

    @cached_property
    def targets(self) -> tuple[CensusTarget, ...]:
        """The observations."""
        return targets.read(self.study, self.places, list(self.listed))

    @cached_property
    def clean(self) -> NDArray[np.bool_]:
        """Listed places that are fitted: those whose boundary did not change."""
        fitted = {target.place for target in self.targets if target.use == targets.FIT}
        return np.array([yes and place in fitted for place, yes in zip(self.places, self.listed, strict=True)])

    @cached_property
    def evidence(self) -> Evidence:
        """The observations as arrays."""
        first, last = self.clock.censuses
        start = census(self.study, first)
        return evidence(self.targets, self.places, list(self.listed),
                        np.array([start[place].sum() for place in self.places]), last - first)

    @cached_property
    def start_ages(self) -> Floats:
        """Residents by age group at the start as the first census counted them in all [persons]."""
        start = census(self.study, self.clock.first_census)
        factors = column(self.study, self.clock.first_census, "coverage factor")
        return np.stack([start[place] / factors[place] for place in self.places])

    @cached_property
    def start_urban(self) -> Floats:
        """Urban share in the first census."""
        shares = column(self.study, self.clock.first_census, "start urban share")
        return np.array([shares[place] for place in self.places])

    def renewed(self) -> tuple[CensusTarget, ...]:
        """Return the targets with the values that the tables give."""
        last = self.clock.last_census
        people, towns = census(self.study, last), census(self.study, last, ("town",))
        sums = {PROVINCE: self.places,
                LISTED: [place for place, yes in zip(self.places, self.listed, strict=True) if yes]}
        return targets.renewed(self.targets, people, {place: row.sum() for place, row in towns.items()}, sums)


def census(
    study: Study, year: int, settlements: Sequence[str] = ("town", "village"), sexes: Sequence[str] = SEXES
) -> dict[str, Floats]:
    """Return residents by age group, summed over sexes, by place [persons]; those of 2010 corrected for coverage."""
    total: dict[str, Floats] = {}
    for settlement in settlements:
        for sex in sexes:
            block = tables.block(study.root, f"start_{year}/persons_{settlement}_{sex}.csv")
            groups = np.add.reduceat(block.values, np.arange(0, block.shape[1], 5), axis=1)[:, : len(GROUPS)]
            for place, persons in zip(block["place"].values.tolist(), groups, strict=True):
                total[place] = total.get(place, np.zeros(len(GROUPS))) + persons
    return total


def column(study: Study, year: int, name: str) -> dict[str, float]:
    """Return a column of the start by place."""
    values = tables.block(study.root, f"start_{year}/places.csv").sel(variable=name)
    return dict(zip(values["place"].values.tolist(), values.values.tolist(), strict=True))
