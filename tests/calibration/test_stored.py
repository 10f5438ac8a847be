"""What is kept of the folds comes back as it was, and the stored draws are turned into vectors again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import fit, folds, posterior, predictive, stored
from xiancheng.calibration.priors import RESIDUALS
from xiancheng.errors import StudyError
from xiancheng.model import members
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
SEEN = toy.observed(toy.Toy().run(toy.truth(1)))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The study of this project with a calibration folder of its own."""
    for name in ("priors.csv", "targets.csv"):
        (tmp_path / "calibration").mkdir(exist_ok=True)
        (tmp_path / "calibration" / name).write_bytes((ROOT / "calibration" / name).read_bytes())
    (tmp_path / "model").symlink_to(ROOT / "model")
    return Study(tmp_path)


def test_folds_come_back_as_they_were(study: Study) -> None:
    answer = folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES)
    stored.write(study.calibration, study, toy.SPACE, answer, "xiancheng validate --refit")
    back = stored.read(study, toy.SPACE)
    for code, theta in answer.said.thetas.items():
        np.testing.assert_allclose(back.thetas[code], theta, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(back.spread, answer.spread, rtol=1e-4)
    np.testing.assert_allclose(back.reach, answer.reach, rtol=1e-4)
    assert stored.command(study) == "xiancheng validate --refit"
    assert stored.differing(study) == []
    file = study.calibration / "targets.csv"
    file.write_bytes(file.read_bytes() + b"\n")
    assert stored.differing(study) == ["targets"]


def test_every_problem_of_the_stored_folds_is_told(study: Study) -> None:
    with pytest.raises(StudyError, match="validate --chord --update"):
        stored.read(study, toy.SPACE)
    stored.write(study.calibration, study, toy.SPACE, folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES), "x")
    file = study.calibration / members.SPREAD
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:5], *lines[6:]]) + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match="p1, residents"):
        stored.read(study, toy.SPACE)


def test_stored_draws_are_vectors_again_and_meet_what_they_were_fitted_to() -> None:
    model = toy.Toy()
    best = fit.optimise(model, SEEN, np.zeros(toy.SPACE.size))
    spread = posterior.covariance(best, SEEN)
    drawn = posterior.members(toy.SPACE, best, spread, 60, seed=1)
    kept = [{"migration rate": one["migration rate"], "pole appeal": one["pole appeal"],
             "in place rate": one["in place rate"],
             RESIDUALS[0]: np.array([one[f"{RESIDUALS[0]}[{place}]"] for place in toy.PLACES])} for one in drawn]
    lines = posterior.lines(toy.SPACE, best, spread, {})
    optimum = {(line.parameter, line.place): line.optimum for line in lines}
    thetas = np.stack(predictive.vectors(toy.SPACE, kept, optimum))
    parts = {prior.parameter: part for prior, part in toy.SPACE.parts()}
    held = best.point.theta[parts[RESIDUALS[1]]]
    np.testing.assert_allclose(thetas[:, parts[RESIDUALS[1]]], np.tile(held, (60, 1)), atol=1e-6)
    width = np.sqrt(np.diag(spread))[0]
    assert thetas[:, 0].std() == pytest.approx(width, rel=0.3)
    found = {one.kind: one for one in predictive.checked([model.run(one) for one in thetas], SEEN, np.ones(10, bool))}
    assert found["residents"].targets == 10
    assert found["age groups"].targets == 180
    assert min(one.inside for one in found.values()) > 0.7
    moved = [model.run(one) * 1.3 for one in thetas]
    assert predictive.checked(moved, SEEN, np.ones(10, bool))[0].inside < 0.2
