"""How far published series tie groups of what is not known to each other: what conditioning made of independence.

Groups are drawn apart; a series that hangs on two of them ties these in conditioned members. Shares of a band by group
mix groups of different members, which asks for groups that are independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration.conditioning import Approximation
from xiancheng.model.reading import Findings, number, read_table
from xiancheng.study import Study

FILE = "whole_ties.csv"
HEADER = ("group", "other_group", "number", "other_number", "correlation", "most")
NEGLIGIBLE = 0.3
"""Correlation of two groups up to which they share less than a tenth of their variance."""


@dataclass(frozen=True)
class Tie:
    """What two groups have to do with each other after conditioning.

    Attributes:
        group, other_group: the two.
        number, other_number: the streams of chance of one and the other that go together most; correlation: of them.
        most: the largest correlation of anything that adds up streams of one with anything of the other (canonical).
    """

    group: str
    other_group: str
    number: str
    other_number: str
    correlation: float
    most: float

    @property
    def is_negligible(self) -> bool:
        """Whether the two may be mixed as if they were independent."""
        return self.most <= NEGLIGIBLE


def of(labels: Sequence[str], groups: Mapping[str, str], approximation: Approximation) -> list[Tie]:
    """Return the tie of every two groups, the closest first.

    Args:
        labels: of the components of the approximation.
        groups: by label, the group that it belongs to.
        approximation: what is known of the components.
    """
    covariance = approximation.covariance
    rows = {group: np.array([row for row, label in enumerate(labels) if groups[label] == group])
            for group in dict.fromkeys(groups[label] for label in labels)}
    ties = [_tie(labels, covariance, (first, second), (rows[first], rows[second]))
            for first, second in combinations(rows, 2)]
    return sorted(ties, key=lambda tie: -tie.most)


def _tie(
    labels: Sequence[str], covariance: Floats, names: tuple[str, str], rows: tuple[NDArray[np.int_], NDArray[np.int_]]
) -> Tie:
    first, second = rows
    spread = np.sqrt(np.diag(covariance))
    across = covariance[np.ix_(first, second)]
    pairs = across / np.outer(spread[first], spread[second])
    row, column = np.unravel_index(np.abs(pairs).argmax(), pairs.shape)
    roots = [np.linalg.cholesky(covariance[np.ix_(own, own)]) for own in rows]
    apart = np.linalg.solve(roots[1], np.linalg.solve(roots[0], across).T)
    return Tie(*names, labels[int(first[row])], labels[int(second[column])], float(pairs[row, column]),
               float(np.linalg.norm(apart, 2)))


def write(file: Path, ties: Sequence[Tie]) -> None:
    """Write the ties."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(HEADER)
        writer.writerows([tie.group, tie.other_group, tie.number, tie.other_number, f"{tie.correlation:+.3f}",
                          f"{tie.most:.3f}"] for tie in ties)


def read(study: Study) -> tuple[Tie, ...]:
    """Return the ties of a study's conditioned members, the closest first; none where no file says them.

    Raises:
        StudyError: everything wrong in the file.
    """
    if not (study.calibration / FILE).is_file():
        return ()
    findings = Findings(f"calibration/{FILE}")
    ties = [Tie(row["group"], row["other_group"], row["number"], row["other_number"],
                number(row, "correlation", findings, low=-1.0, high=1.0),
                number(row, "most", findings, low=0.0, high=1.0))
            for row in read_table(study.calibration / FILE, HEADER, findings)]
    findings.stop()
    return tuple(sorted(ties, key=lambda tie: -tie.most))
