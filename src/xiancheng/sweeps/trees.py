"""Classification trees, CART (Breiman and others, 1984), by scikit-learn: a second opinion on the boxes of PRIM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import MissingPart
from xiancheng.sweeps.boxes import HIGH, LOW, WITHOUT, Box, Edge, Sample

EXTRA, PACKAGE = "discover", "scikit-learn"
_FOLDS = 5
_TRIALS = 8
"""How many ways of cutting the tree back are tried."""
_LEAF = 0.025
"""Share of the points that a leaf has at least."""


@dataclass(frozen=True)
class _Column:
    """What the tree splits by: a factor, or whether it is one of its choices."""

    factor: int
    choice: float | None = None
    others: tuple[float, ...] = ()

    def edges(self, bound: float, side: str) -> list[Edge]:
        """Return the edges of one side of a split."""
        if self.choice is None:
            return [Edge(self.factor, side, bound)]
        return [Edge(self.factor, WITHOUT, value) for value in ([self.choice] if side == HIGH else self.others)]


def pruning(sample: Sample, seed: int = 0) -> float:
    """Return how far a tree is cut back (its complexity parameter): as far as its accuracy out of fold is best.

    Args:
        sample: the points.
        seed: of the folds.

    Raises:
        MissingPart: scikit-learn is not installed.
    """
    try:
        from sklearn.model_selection import GridSearchCV, StratifiedKFold  # type: ignore[import-untyped]
    except ImportError:
        raise MissingPart(EXTRA, PACKAGE) from None
    _, values = _columns(sample)
    tree = _tree(len(values), 0.0)
    steps = np.clip(tree.cost_complexity_pruning_path(values, sample.cases).ccp_alphas, 0.0, None)
    trials = np.unique(np.quantile(steps[:-1] if len(steps) > 1 else steps, np.linspace(0, 1, _TRIALS)))
    rarer = min(int(sample.cases.sum()), int((~sample.cases).sum()))
    folds = StratifiedKFold(max(min(_FOLDS, rarer), 2), shuffle=True, random_state=seed)
    search = GridSearchCV(tree, {"ccp_alpha": trials}, cv=folds).fit(values, sample.cases)
    return float(search.best_params_["ccp_alpha"])


def _tree(points: int, cut: float) -> Any:
    from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-untyped]

    return DecisionTreeClassifier(min_samples_leaf=max(int(_LEAF * points), 1), ccp_alpha=cut, random_state=0)


def leaves(sample: Sample, cut: float) -> list[Box]:
    """Return the leaves of a tree in which most points are cases, that with the most cases first.

    Args:
        sample: the points.
        cut: how far the tree is cut back, see `pruning`.
    """
    columns, values = _columns(sample)
    grown = _tree(len(values), cut).fit(values, sample.cases).tree_
    boxes = [box for box in _leaves(grown, columns, 0, Box()) if sample.cases[box.holds(sample.values)].mean() > 0.5]
    return sorted(boxes, key=lambda box: -int(sample.cases[box.holds(sample.values)].sum()))


def _columns(sample: Sample) -> tuple[list[_Column], Floats]:
    """Return what the tree may split by, and its values (run, column)."""
    columns: list[_Column] = []
    values = []
    for factor, discrete in enumerate(sample.discrete):
        own = sample.values[:, factor]
        choices = np.unique(own).tolist() if discrete else []
        for choice in choices:
            columns.append(_Column(factor, choice, tuple(other for other in choices if other != choice)))
            values.append((own == choice).astype(float))
        if not discrete:
            columns.append(_Column(factor))
            values.append(own)
    return columns, np.stack(values, axis=1)


def _leaves(tree: Any, columns: list[_Column], node: int, box: Box) -> Iterator[Box]:
    if tree.children_left[node] < 0:
        yield box
        return
    column, bound = columns[tree.feature[node]], float(tree.threshold[node])
    for below, side in ((tree.children_left[node], HIGH), (tree.children_right[node], LOW)):
        inner = box
        for edge in column.edges(bound, side):
            inner = inner.within(edge)
        yield from _leaves(tree, columns, int(below), inner)
