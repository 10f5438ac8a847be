"""xiancheng (县城): an open system-dynamics model of urbanisation.

    import xiancheng
    result = xiancheng.run("baseline")

Names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xarray import Dataset

    from xiancheng.study import Study

__version__ = "0.1.0"
__all__ = ["Scenario", "Study", "run"]

_HOMES = {"Study": "xiancheng.study", "Scenario": "xiancheng.model.settings"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'xiancheng' has no attribute {name!r}")


def run(
    scenario: str | Path = "baseline",
    *,
    study: Study | str | Path | None = None,
    start: int = 2020,
    end: int = 2035,
    settings: Sequence[str] = (),
    variables: Sequence[str] | None = None,
    details: Sequence[str] = (),
    engine: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Dataset:
    """Run a scenario and return its indicators.

    Args:
        scenario: a scenario of the study, or a TOML file.
        study: the study or its folder; found as the command line finds it when None.
        start: year of the census the run starts from.
        end: its last whole calendar year.
        settings: levers, assumptions and constants on top of the scenario, "id=value[@year][:place]".
        variables: indicators, or variables of the equations to show beside them; all indicators when None.
        details: "settlement", "sex", "age": adds persons by them.
        engine: "compiled" or "pysd"; the usual one when None.
        progress: called with the share of steps done, 0 to 1.

    Returns:
        Dims year and place (and those of details), variables by the ids of the indicator catalogue.

    Raises:
        StudyError: every problem of the study, the scenario or the settings.
    """
    from xiancheng import study as studies
    from xiancheng.model.build import ENGINES
    from xiancheng.outputs import journey

    found = study if isinstance(study, studies.Study) else studies.find(study)
    built = journey.prepare(found, scenario, settings, start=start, end=end)
    return journey.run(
        built, variables=variables, details=details, engine=engine or ENGINES[0], progress=progress
    )
