"""Comparisons that no engine ran, on the study's own indicators and places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import synthetic_runs
from miniature import mini_study

from xiancheng.comparison import request
from xiancheng.comparison.comparison import Comparison
from xiancheng.model import tables
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import journey
from xiancheng.scenarios import scenario
from xiancheng.study import Study


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    return Study(root)


@pytest.fixture(scope="session")
def built(study: Study) -> BuiltRun:
    return journey.prepare(study)


@pytest.fixture(scope="session")
def pair(study: Study, built: BuiltRun) -> Comparison:
    """Two packages of the study under two stresses, the second of which turns every change."""
    options = tuple(scenario.read(study, name) for name in ("county_town_first", "austerity"))
    stresses = tuple(scenario.read(study, name) for name in ("stress_births", "stress_land_revenue"))
    return synthetic_runs.comparison(built, options, stresses=stresses, flips="stress_land_revenue")


@pytest.fixture(scope="session")
def alone(study: Study, built: BuiltRun) -> Comparison:
    """The same option twice, one run each and no stress."""
    option = scenario.read(study, "green_first")
    return synthetic_runs.comparison(built, (option, option), members=1, factors={"A": 1.0, "B": 1.0})


@pytest.fixture(scope="session")
def many(study: Study, built: BuiltRun) -> Comparison:
    """All packages of the study under one stress; each moves every level by a share of its own."""
    names = request.named(study, [request.ALL])
    options = tuple(scenario.read(study, name) for name in names)
    stresses = (scenario.read(study, "stress_births"),)
    factors = {letter: 0.8 + 0.05 * position for position, letter in enumerate(request.LETTERS)}
    return synthetic_runs.comparison(built, options, members=6, stresses=stresses, factors=factors)


@pytest.fixture(scope="module")
def mini(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """The miniature study with members; it has no blocks that tables.check asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "check", lambda folder: None)
        yield mini_study(root, tmp_path_factory.mktemp("comparisons") / "mini")
