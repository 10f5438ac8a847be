"""Options ranked by the user's own weights, how stable the rank is, and which weight would turn the first place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, own_tables, people
from xiancheng.comparison.bands import Band
from xiancheng.comparison.request import REFERENCE
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import indicators
from xiancheng.scenarios import former
from xiancheng.study import Study
from xiancheng.texts import Phrase, phrase

COLUMNS = ("indicator", "weight")
_BETTER = {"higher": 1.0, "lower": -1.0}


def read(study: Study, file: str | Path) -> dict[str, float]:
    """Return the weight of each indicator.

    Args:
        study: the study.
        file: a CSV with COLUMNS; weights of any size, of which only the relation counts.

    Raises:
        StudyError: every problem with its row: an unknown indicator, one named twice, one without a better direction or
            without values by county, a weight that is no number or below 0, and weights that are all 0.
    """
    problems: list[Problem] = []
    catalogue = indicators.read(study)
    weights: dict[str, float] = {}
    for number, name, weight in own_tables.rows(file, COLUMNS, problems):
        indicator = catalogue.get(name)
        sentence: Phrase | None = None
        hint = ""
        if indicator is None:
            sentence, hint = former.unknown(former.read(study), name, catalogue)
        elif indicator.direction not in _BETTER or not people.is_local(indicator.levels, indicator.resolution,
                                                                       indicator.aggregation):
            sentence = phrase("compare.weights.unfit", id=name)
        elif weight < 0:
            sentence = phrase("compare.weights.negative", weight=weight)
        elif name in weights:
            sentence = phrase("compare.weights.twice", id=name)
        if sentence:
            problems.append(Problem(str(file), sentence, phrase("compare.weights.allowed"), hint, number))
        else:
            weights[name] = weight
    if not problems and not any(weights.values()):
        problems.append(Problem(str(file), phrase("compare.weights.none"), phrase("compare.weights.allowed")))
    if problems:
        raise StudyError(problems)
    return weights


@dataclass(frozen=True)
class WeightedRank:
    """Where an option stands.

    Attributes:
        option: letter; rank: 1 for the first, by the mean over members in the reference.
        score: weighted mean of the dots [standard deviations between places in the baseline, better above 0].
        mean: over the members, by which options are ranked [the same].
        first: share of the members in which it is first.
        best, worst: ranks that 90 % of the members lie between.
        under: rank under each stress and the reference.
    """

    option: str
    rank: int
    score: Band
    mean: float
    first: float
    best: int
    worst: int
    under: dict[str, int]


@dataclass(frozen=True)
class Turn:
    """At which weight of one indicator, the others as they are, another option comes first.

    Attributes:
        indicator: id; weight: as given, of all weights together [share].
        below, above: (factor on the weight, letter of the option that is first beyond it), None where none is.
    """

    indicator: str
    weight: float
    below: tuple[float, str] | None
    above: tuple[float, str] | None


@dataclass(frozen=True)
class Ranking:
    """Options by weights.

    Attributes:
        weights: share of each indicator that counts; they sum to 1.
        left_out: indicators with a weight that do not count, because nothing spreads the places in the baseline.
        places: the options, the first one first.
        turns: the nearest first.
    """

    weights: dict[str, float]
    left_out: tuple[str, ...]
    places: tuple[WeightedRank, ...]
    turns: tuple[Turn, ...]


def ranking(values: xr.Dataset, options: Sequence[str], stresses: Sequence[str],
            weights: Mapping[str, float]) -> Ranking:
    """Rank options.

    Args:
        values: indicators (scenario, stress, member, year, place) of Runs.
        options: letters.
        stresses: ids, the reference among them.
        weights: weight by indicator.
    """
    names = [name for name, weight in weights.items() if weight > 0 and people.standard_deviation(values, name) > 0]
    total = sum(weights[name] for name in names)
    shares = np.array([weights[name] / total for name in names])
    left_out = tuple(name for name, weight in weights.items() if weight > 0 and name not in names)
    if not names:
        return Ranking({}, left_out, (), ())
    dots = {stress: _dots(values, names, options, stress) for stress in stresses}
    scores = {stress: np.tensordot(shares, dot, axes=(0, 0)) for stress, dot in dots.items()}
    means = {stress: np.nanmean(score, axis=1) for stress, score in scores.items()}
    under = {stress: _ranks(mean) for stress, mean in means.items()}
    here = scores[REFERENCE]
    finite = np.isfinite(here).all(axis=0)
    each = np.array([_ranks(column) for column in here[:, finite].T]).T
    order = np.argsort(under[REFERENCE], kind="stable")
    best, worst = np.quantile(each, (bands.LOW, bands.HIGH), axis=1, method="nearest")
    places = tuple(
        WeightedRank(
            options[row], int(under[REFERENCE][row]), bands.band(here[row]), float(means[REFERENCE][row]),
            float((each[row] == 1).mean()), int(best[row]), int(worst[row]),
            {stress: int(ranks[row]) for stress, ranks in under.items()},
        )
        for row in order
    )
    middle = np.nanmean(dots[REFERENCE], axis=2)
    turns = [_turn(name, position, shares, middle, options) for position, name in enumerate(names)]
    return Ranking(dict(zip(names, shares.tolist(), strict=True)), left_out, places,
                   tuple(sorted(turns, key=_distance)))


def _dots(values: xr.Dataset, names: Sequence[str], options: Sequence[str], stress: str) -> Floats:
    """Return the change in standard deviations, better above 0 (indicator, option, member)."""
    ways = [_BETTER[str(values[name].attrs["direction"])] for name in names]
    deviations = [people.in_deviations(values, name, options, stress) for name in names]
    return np.array([[way * content[option] for option in options] for way,
                     content in zip(ways, deviations, strict=True)])


def _ranks(scores: Floats) -> NDArray[np.int64]:
    """Return ranks, 1 for the highest; equal scores share the better rank."""
    ranks: NDArray[np.int64] = 1 + (scores[None, :] > scores[:, None] + bands.SAME).sum(axis=1)
    return ranks


def _turn(name: str, position: int, shares: Floats, middle: Floats, options: Sequence[str]) -> Turn:
    """Find where the line of the first option is crossed as one weight is multiplied by a factor."""
    scores = shares @ middle
    first = int(np.argmax(scores))
    lead = scores[first] - scores
    slope = shares[position] * (middle[position, first] - middle[position])
    crossings = [(1 - lead[row] / slope[row], options[row]) for row in range(len(options))
                 if row != first and slope[row] != 0 and lead[row] > bands.SAME]
    below = [crossing for crossing in crossings if 0 <= crossing[0] < 1]
    above = [crossing for crossing in crossings if crossing[0] > 1]
    return Turn(name, float(shares[position]), _plain(max(below, default=None)), _plain(min(above, default=None)))


def _plain(crossing: tuple[float, str] | None) -> tuple[float, str] | None:
    return None if crossing is None else (float(crossing[0]), crossing[1])


def _distance(turn: Turn) -> float:
    """Return how many times a weight has to be taken or divided until the first place turns."""
    factors = [item[0] if item[0] > 1 else 1 / max(item[0], 1e-9) for item in (turn.below, turn.above) if item]
    return min(factors, default=np.inf)
