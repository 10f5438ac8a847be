"""The run that nothing moves, for all rules of the linked model."""

from __future__ import annotations

import pytest
import xarray as xr

# From a module of its own: what pytest loads as conftest is not what tests import, and would compile everything twice.
from tests.linked.linked_runs import untouched


@pytest.fixture(scope="session")
def baseline() -> xr.Dataset:
    """The run that nothing moves."""
    return untouched()
