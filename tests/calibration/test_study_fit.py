"""The study's own equations between the censuses, with the exact Jacobian through the compiled engine."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from xiancheng.calibration import priors
from xiancheng.calibration.forward import Decade
from xiancheng.calibration.likelihood import AGES, DEPARTED
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
FEW = ("migration rate", "in place own appeal")


@pytest.mark.study
def test_the_jacobian_of_the_equations_is_that_of_differences(tmp_path: Path) -> None:
    """Two parameters of the study and all residuals of fertility: few, so that it takes a minute and not ten."""
    for folder in ("model", "scenarios"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "calibration").mkdir()
    rows = list(csv.reader((ROOT / priors.FILE).read_text(encoding="utf-8").splitlines()))
    with (tmp_path / priors.FILE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *(row for row in rows if row[0] in FEW)])
    decade = Decade(Study(tmp_path))
    assert decade.space.size == 2
    theta, step = np.array([0.4, -0.3]), 1e-4
    exact = decade.jacobian(theta)
    for component in range(2):
        moved = np.eye(2)[component] * step
        difference = (decade.run(theta + moved) - decade.run(theta - moved)) / (2 * step)
        np.testing.assert_allclose(exact[component], difference, rtol=1e-4, atol=1.0)
    many = np.stack([theta * share for share in (1.0, 0.0, -1.0)])
    np.testing.assert_allclose(decade.runs(many), np.stack([decade.run(one) for one in many]), rtol=1e-12)
    _nobody_leaves_where_moves_are_off(decade)


def _nobody_leaves_where_moves_are_off(decade: Decade) -> None:
    table, sexes = decade.without_moves()
    assert sexes.sum() == pytest.approx(table[:, AGES].sum())
    assert not table[:, DEPARTED:].any()
    assert 95e6 < table[:, AGES].sum() < 110e6
