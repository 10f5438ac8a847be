"""What all tests share: no screen, one steady clock for hypothesis, and the folder of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

settings.register_profile("steady", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


SLOW_ROOMS = ("calibration", "comparison", "fuzz", "linked", "page", "sweeps")
"""Rooms whose tests fit, draw, drive a browser or run much: each takes little, all together too long for quick."""
SLOW_FILES = ("test_conformance.py", "test_bad_models.py", "test_plot_export_doctor.py", "test_recipes.py")
"""Files of a few hundred cases that compile or draw something each."""


FIRST = (
    "test_house_readme.py", "test_lever_cases.py", "test_engine_equals_pysd.py", "test_prior_predictive.py",
    "test_linked_rules.py", "test_recipes.py", "test_couplings.py", "test_baseline_data.py", "test_other_lists_run.py",
    "test_sampling.py", "test_conformance.py",
)
"""Files that take longest, in this order: begun last, one of them would keep one worker busy while all others rest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by the company it keeps, and begin with what takes longest."""
    for item in items:
        if item.path.parent.name in SLOW_ROOMS or item.path.name in SLOW_FILES:
            item.add_marker(pytest.mark.long)
    rank = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(FIRST)))
