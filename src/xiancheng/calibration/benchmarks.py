"""Simple ways to say 2020 from 2010, which the model has to beat, computed from the same tables and folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.likelihood import AGES, Evidence


@dataclass(frozen=True)
class Forecast:
    """What one way says of 2020, by place; None where it says nothing.

    Attributes:
        residents: [persons].
        urban: urban share.
        ages: residents by age group [persons].
        sexes: residents by sex and age group [persons].
    """

    residents: Floats | None = None
    urban: Floats | None = None
    ages: Floats | None = None
    sexes: Floats | None = None


def all_ways(
    evidence: Evidence, true_sexes: Floats, start_ages: Floats, start_urban: Floats,
    without_moves: tuple[Floats, Floats],
    prefectures: Sequence[str], clean: NDArray[np.bool_],
) -> Mapping[str, Forecast]:
    """Return the benchmarks by key.

    Args:
        evidence: the evidence; those that learn from it never see the prefecture they speak of.
        true_sexes: residents in 2020 by sex and age group [persons].
        start_ages: residents in 2010 [persons], (places, groups), in all as counted.
        start_urban: urban share in 2010.
        without_moves: table of a run in which nobody leaves a place, and its residents by sex and age [persons].
        prefectures: of each place.
        clean: the listed places to learn from.
    """
    start, ages, sexes = start_ages.sum(axis=1), without_moves[0][:, AGES], without_moves[1]
    other = _others(prefectures, clean)
    growth = np.array([evidence.residents[rest].mean() / start[rest].mean() for rest in other])
    profile = np.stack([evidence.ages[rest].sum(axis=0) / ages[rest].sum(axis=0) for rest in other])
    by_sex = np.stack([true_sexes[rest].sum(axis=0) / sexes[rest].sum(axis=0) for rest in other])
    change = np.array([(evidence.urban[rest] - start_urban[rest]).mean() for rest in other])
    return {
        "no_change": Forecast(start, start_urban),
        "mean_growth": Forecast(start * growth),
        "no_moves": Forecast(ages.sum(axis=1), None, ages, sexes),
        "profile": Forecast((ages * profile).sum(axis=1), None, ages * profile, sexes * by_sex),
        "mean_change": Forecast(urban=np.clip(start_urban + change, 0, 1)),
        "logit": Forecast(urban=_logit_line(evidence.urban, start_urban, other)),
    }


def _others(prefectures: Sequence[str], clean: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Return, for each place, the places to learn from: those of other prefectures."""
    codes = np.array(prefectures)
    return [clean & (codes != code) for code in codes]


def _logit_line(urban: Floats, start: Floats, other: Sequence[NDArray[np.bool_]]) -> Floats:
    bounded = np.clip(start, 0.001, 0.999)
    before, after = np.log(bounded / (1 - bounded)), np.log(urban / (1 - urban))
    sentence = []
    for position, rest in enumerate(other):
        slope, level = np.polyfit(before[rest], after[rest], 1)
        sentence.append(1 / (1 + np.exp(-(level + slope * before[position]))))
    return np.array(sentence)
