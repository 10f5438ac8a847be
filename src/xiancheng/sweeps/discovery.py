"""Scenario discovery over a stored sweep: when does it go wrong (Bryant and Lempert, 2010)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps import cases, discovery_figures, discovery_words, prim, regret, sensitivity, trees
from xiancheng.sweeps.boxes import Box, Edge, Measures, Sample, chance, measures
from xiancheng.sweeps.cases import Futures
from xiancheng.sweeps.store import opened
from xiancheng.texts import did_you_mean, phrase_list

PRIM, CART = "prim", "cart"
METHODS = (PRIM, CART)
MOST = 3
"""Boxes that are looked for unless another number is asked for."""
RESAMPLES = 20
"""Halves of the runs on which the method is tried again."""


@dataclass(frozen=True)
class Limit:
    """An edge of a box, and what speaks for it.

    Attributes:
        edge: the edge.
        chance: its quasi-p-value: how likely as many cases are if those without the edge fell into the box by chance.
        again: share of the resamples in which the method limits the same factor on the same side.
    """

    edge: Edge
    chance: float
    again: float


@dataclass(frozen=True)
class BoxFinding:
    """A box in which cases gather.

    Attributes:
        box: the box.
        measures: its own coverage, density and mass among all runs.
        limits: its edges, the surest first.
        joint_coverage: share of all cases in this box or one before it.
    """

    box: Box
    measures: Measures
    limits: tuple[Limit, ...]
    joint_coverage: float


@dataclass(frozen=True, eq=False)
class Discovery:
    """What a sweep says of when it goes wrong.

    Attributes:
        runs: the runs, the case and the factors.
        method: of METHODS.
        boxes: the one found first comes first; none where no factor tells cases from other runs.
        resamples: on how many halves of the runs the method was tried again.
    """

    runs: Futures
    method: str
    boxes: tuple[BoxFinding, ...]
    resamples: int

    @property
    def share(self) -> float:
        """Return the share of cases among all runs: the density without any box."""
        return float(self.runs.sample.cases.mean())

    @property
    def middle(self) -> float:
        """Return the median of the indicator [its unit]."""
        return float(np.median(self.runs.values))

    def sentences(self, language: str = "en") -> list[str]:
        """Return what each box says, in "zh" or "en"."""
        return [discovery_words.sentence(self, finding, language) for finding in self.boxes]

    def table(self) -> pd.DataFrame:
        """Return the boxes limit by limit, one row for each factor of each box, in the units of the factors."""
        return pd.DataFrame(discovery_words.rows(self), columns=list(discovery_words.COLUMNS))

    def regret(self, least_change: float = 0.0) -> pd.DataFrame:
        """Return the regret of each option over the futures [unit of the indicator]; see `regret.regrets`."""
        return pd.DataFrame([vars(row) for row in regret.regrets(self.runs, least_change)])

    def figures(self, folder: str | Path, language: str = "en") -> list[Path]:
        """Draw the boxes and the way to them into a folder and return the files; see `discovery_figures.save`."""
        return discovery_figures.save(self, Path(folder), language)


def discover(
    store: str | Path, case: str, *, scenarios: Sequence[str] = (), method: str = PRIM, boxes: int = MOST,
    density: float | None = None, missing: str = sensitivity.STRICT, resamples: int = RESAMPLES, seed: int = 0,
) -> Discovery:
    """Find in a stored sweep under which factors it goes wrong (Bryant and Lempert, 2010).

    Args:
        store: folder that a sweep wrote.
        case: what goes wrong: "indicator@year:area>=limit" or "<=", the limit in the unit of the indicator or "q0.9",
            a share of the runs; the last year and the first area that are kept when left out.
        scenarios: ids of those to look at; all when empty.
        method: "prim" (Friedman and Fisher, 1999) or "cart" (Breiman and others, 1984; needs scikit-learn).
        boxes: how many at most.
        density: least share of cases in a box, 0 to 1; the best balance with coverage when None.
        missing: "strict" refuses runs without a value, "drop" leaves them out.
        resamples: halves of the runs on which the method is tried again.
        seed: of the halves and folds.

    Returns:
        `boxes` with coverage, density and limits; `sentences("zh")`, `table()`, `regret()` and `figures(folder)`.

    Raises:
        StudyError: no sweep, no such indicator, year or area, too few cases.
        MissingPart: scikit-learn is not installed.
    """
    _refuse(method, boxes, density, resamples)
    runs = cases.futures(opened(Path(store)), cases.parse(case), scenarios, missing)
    cut = trees.pruning(runs.sample, seed) if method == CART else 0.0
    hulls = boxes_of(runs.sample, method, boxes, density, cut)
    repeated = [_sides(boxes_of(half, method, boxes, density, cut))
                for half in _halves(runs.sample, resamples, seed)]
    return Discovery(runs, method, tuple(_findings(runs.sample, hulls, repeated)), resamples)


def _refuse(method: str, boxes: int, density: float | None, resamples: int) -> None:
    problems = []
    if method not in METHODS:
        hint = did_you_mean(method, METHODS)
        problems.append(Problem("--method", Problem.of("", "discover.method", name=method).sentences[0],
                                phrase_list(METHODS), hint))
    if not 1 <= boxes <= 20:
        problems.append(Problem.of("--boxes", "discover.boxes", count=boxes))
    if density is not None and not 0 < density <= 1:
        problems.append(Problem.of("--density", "discover.density", value=density))
    if not 0 <= resamples <= 1000:
        problems.append(Problem.of("--resamples", "discover.resamples", count=resamples))
    if problems:
        raise StudyError(problems)


def boxes_of(
    sample: Sample, method: str, count: int = MOST, density: float | None = None, cut: float = 0.0
) -> list[Box]:
    """Return boxes in which cases gather, each among the points that those before it leave.

    Args:
        sample: the points.
        method: of METHODS.
        count: how many at most.
        density: see `prim.best`; CART takes leaves in which most points are cases.
        cut: how far the tree of CART is cut back, see `trees.pruning`.
    """
    if method == CART:
        return trees.leaves(sample, cut)[:count]
    share, left, boxes = float(sample.cases.mean()), sample, list[Box]()
    while len(boxes) < count and left.cases.any() and not left.cases.all():
        box = prim.best(left, density)
        if not box.edges or measures(left, box).density <= share:
            break
        boxes.append(box)
        left = left.only(~box.holds(left.values))
    return boxes


def _halves(sample: Sample, count: int, seed: int) -> list[Sample]:
    """Return halves of the points, drawn without putting back."""
    chance_of = np.random.default_rng(seed)
    size = len(sample.cases)
    halves = (sample.only(np.sort(chance_of.permutation(size)[: size // 2])) for _ in range(count))
    return [half for half in halves if half.cases.any() and not half.cases.all()]


def _sides(boxes: Sequence[Box]) -> set[tuple[int, str]]:
    return {(edge.factor, edge.side) for box in boxes for edge in box.edges}


def _findings(sample: Sample, boxes: Sequence[Box], repeated: Sequence[set[tuple[int, str]]]) -> list[BoxFinding]:
    findings, covered = [], np.zeros(len(sample.cases), dtype=bool)
    for box in boxes:
        covered |= box.holds(sample.values)
        limits = [
            Limit(edge, chance(sample, box, edge),
                  sum((edge.factor, edge.side) in sides for sides in repeated) / max(len(repeated), 1))
            for edge in box.edges
        ]
        joint = float(sample.cases[covered].sum() / sample.cases.sum())
        order = sorted(limits, key=lambda limit: (limit.chance, limit.edge))
        findings.append(BoxFinding(box, measures(sample, box), tuple(order), joint))
    return findings
