"""What the benchmark measures is right: cohorts are the core by hand, counties are PySD, no wrong token goes unseen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xiancheng import engine

ROOT = Path(__file__).parents[2]


def test_the_cohort_model_is_the_core_written_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five places, seven ages, twelve steps: persons of every cell agree."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import cohort_model

    model = tmp_path / "cohorts.mdl"
    model.write_text(cohort_model.text(places=5, ages=7, steps=12), encoding="utf-8")
    last = engine.run(engine.compile(model, outputs=["persons"]))["persons"].values[-1]
    by_hand = cohort_model.by_numpy(cohort_model.inputs(places=5, ages=7), steps=12)()
    np.testing.assert_allclose(last, by_hand, rtol=1e-12)


def test_the_county_model_is_the_same_by_pysd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four counties, sixteen steps: every variable agrees to 1e-9 of its largest value."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import county_model

    model = tmp_path / "counties.mdl"
    model.write_text(county_model.text(counties=4, steps=16), encoding="utf-8")
    ours, by_pysd = engine.run(engine.compile(model)), engine.reference.run(model)
    assert set(by_pysd.data_vars) <= set(ours.data_vars)
    for name, values in by_pysd.data_vars.items():
        allowed = 1e-9 * np.abs(values.values).max() + 1e-12
        np.testing.assert_allclose(ours[name].values, values.values, rtol=0, atol=allowed, err_msg=str(name))


@pytest.mark.study
def test_no_changed_token_of_a_function_goes_unnoticed() -> None:
    """Sign, clamp, order, comparison, off by one, in every row of the table of functions: some case notices."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mutation"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
