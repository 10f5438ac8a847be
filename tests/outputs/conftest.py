"""A study, a run that needs no engine, and its result."""

from __future__ import annotations

from pathlib import Path

import pytest
import synthetic
import xarray as xr

from xiancheng.model.build import BuiltRun
from xiancheng.outputs import journey, result
from xiancheng.study import Study


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    return Study(root)


@pytest.fixture(scope="session")
def built(study: Study) -> BuiltRun:
    return journey.prepare(study)


@pytest.fixture(scope="session")
def engine_run(built: BuiltRun) -> xr.Dataset:
    return synthetic.run(built)


@pytest.fixture(scope="session")
def found(engine_run: xr.Dataset, built: BuiltRun) -> xr.Dataset:
    return result.result(engine_run, built, engine="none")
