"""Stores of sweeps for xarray: `xr.open_dataset("runs.zarr", engine="xiancheng")`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xarray as xr
from xarray.backends import BackendEntrypoint


class SweepBackend(BackendEntrypoint):
    """Opens the folder that a sweep wrote; a run that is not there is an error when it is looked at, never a number."""

    description = "Stores of sweeps of xiancheng"
    url = ""
    open_dataset_parameters = ("filename_or_obj", "drop_variables")

    def open_dataset(
        self, filename_or_obj: Any, *, drop_variables: str | Iterable[str] | None = None, **choices: Any
    ) -> xr.Dataset:
        """Return a stored sweep, as `xiancheng.results` does.

        Args:
            filename_or_obj: folder of the store.
            drop_variables: names to leave out.
            **choices: how to decode what other files encode; nothing is encoded here.

        Raises:
            StudyError: no sweep is stored there.
        """
        from xiancheng.sweeps import reading  # xarray loads this file for everybody, so that it has to be light

        names = [drop_variables] if isinstance(drop_variables, str) else list(drop_variables or [])
        return reading.dataset(filename_or_obj).drop_vars(names, errors="ignore")

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        """Tell whether a folder holds a sweep."""
        return isinstance(filename_or_obj, (str, Path)) and (Path(filename_or_obj) / "sweep.json").is_file()
