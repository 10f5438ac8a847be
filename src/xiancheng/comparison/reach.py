"""Where the levers of an option act: in the listed places alone, or beyond them in the province."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from xiancheng.model.settings import LeverSetting, Scenario
from xiancheng.outputs import places as levels


def area(option: Scenario, places: xr.Dataset) -> str:
    """Return the smaller of the list and the province that holds every place where a lever of an option acts.

    Args:
        option: the option; one without levers acts in the list.
        places: by place, with `in_68`; a rule that may name any place reaches beyond the list.
    """
    listed = {str(name) for name in places["place"].values[np.flatnonzero(places["in_68"].values)]}
    settings = (setting for lever in option.levers.values() for setting in lever)
    return levels.PROVINCE if any(_reaches_beyond(setting, listed) for setting in settings) else levels.LIST


def _reaches_beyond(setting: LeverSetting, listed: set[str]) -> bool:
    return setting.everywhere or setting.awaits or not listed.issuperset(setting.places)


def together(options: Iterable[Scenario], places: xr.Dataset) -> str:
    """Return the smaller of the list and the province that holds every place where a lever of any option acts.

    Args:
        options: the options.
        places: by place, with `in_68`.
    """
    reached = {area(option, places) for option in options}
    return levels.PROVINCE if levels.PROVINCE in reached else levels.LIST


def differ(areas: Iterable[str]) -> bool:
    """Tell whether options act in different areas, so that their costs are not of the same scope."""
    return len(set(areas)) > 1
