"""xiancheng (县城): an open system-dynamics model of urbanisation.

    import xiancheng
    result = xiancheng.run("baseline")

`dir(xiancheng)` lists all that is meant for others; names load on first use, so that importing the package costs
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xarray import Dataset

    from xiancheng.comparison.comparison import Comparison
    from xiancheng.engine import compile, gradient
    from xiancheng.errors import MissingPart, Problem, StudyError
    from xiancheng.model.settings import Scenario
    from xiancheng.planning.answer import PlanAnswer
    from xiancheng.planning.target import Answer
    from xiancheng.study import Study
    from xiancheng.sweeps.api import design, replay, results, sweep
    from xiancheng.sweeps.design import Design
    from xiancheng.sweeps.discovery import discover
    from xiancheng.sweeps.door import batch
    from xiancheng.sweeps.effects import effects
    from xiancheng.sweeps.ensemble import bands, members
    from xiancheng.sweeps.index_table import sensitivity
    from xiancheng.sweeps.work import RunTally

__version__ = "0.1.0"
__all__ = [
    "Design", "MissingPart", "Problem", "Scenario", "Study", "StudyError", "bands", "batch", "compare", "compile",
    "design", "discover", "effects", "gradient", "members", "new_study", "plan", "replay", "results", "run", "scenario",
    "sensitivity", "sweep", "target",
]

_HOMES = {
    "Design": "sweeps.design", "MissingPart": "errors", "Problem": "errors", "Scenario": "model.settings",
    "Study": "study", "StudyError": "errors", "bands": "sweeps.ensemble", "batch": "sweeps.door", "compile": "engine",
    "design": "sweeps.api", "discover": "sweeps.discovery", "effects": "sweeps.effects", "gradient": "engine",
    "members": "sweeps.ensemble", "replay": "sweeps.api", "results": "sweeps.api",
    "sensitivity": "sweeps.index_table", "sweep": "sweeps.api",
}
"""The module that each name comes from."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"xiancheng.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'xiancheng' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def scenario(
    *,
    levers: Mapping[str, Any] | None = None,
    assumptions: Mapping[str, Any] | None = None,
    constants: Mapping[str, float] | None = None,
    base: Scenario | str | Path = "baseline",
    study: Study | str | Path | None = None,
) -> Scenario:
    """Make a scenario that `run` and `compare` take.

    Args:
        levers: by id: a value, values by calendar year, or a table with `points` and `places` as in a scenario file.
        assumptions: by id: a named path, a value or values by calendar year.
        constants: by id of a constant of the equations, in its unit.
        base: the scenario they change: of the study, a TOML file, or one made here.
        study: the study or its folder; found as the command line finds it when None.

    Raises:
        StudyError: every problem of the values.
    """
    from xiancheng.scenarios.scenario import of
    return of(_study(study), levers=levers, assumptions=assumptions, constants=constants, base=base)


def new_study(folder: str | Path, places: str | Path, *, study: Study | str | Path | None = None) -> Study:
    """Make a study of other places, as `xiancheng study new` does.

    Args:
        folder: where it is made; it must not exist or be empty.
        places: a file with one county-level unit a line, by code or name.
        study: the study or its folder whose equations, tables and scenarios it takes; found as the command line finds
            it when None.

    Raises:
        StudyError: the list names unknown units, or the folder is taken.
    """
    from xiancheng.model import new_study as studies
    from xiancheng.study import find
    return find(studies.new_study(_study(study).root, Path(folder), Path(places)))


def plan(
    name: str | Path,
    *,
    log: str | Path | None = None,
    study: Study | str | Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> PlanAnswer:
    """Search for the best setting of a plan, or say which of its limits exclude each other.

    Args:
        name: the id of a plan of the study, or a TOML file.
        log: a file that every setting tried is written to; what stands there is not run again.
        study: the study or its folder; found as the command line finds it when None.
        progress: called with the number of settings that are tried.

    Returns:
        `values` by move, `limits` with what is left of each and its price, `scenario` for `xiancheng.scenario`.

    Raises:
        StudyError: every problem of the file, or a log of another plan.
    """
    from xiancheng.planning import answer
    from xiancheng.planning import plan as plans

    home = _study(study)
    own = plans.read(home, name)
    return answer.solve(home, own, log=None if log is None else Path(log), progress=progress or (lambda count: None))


def target(
    goals: str | Sequence[str],
    *,
    by: int,
    using: str | Sequence[str],
    scenario: str = "baseline",
    area: str = "68",
    since: int | None = None,
    places: str | Sequence[str] = "all",
    least: str = "weights",
    weights: Mapping[str, float] | None = None,
    share: float = 1.0,
    members: int | str | None = 0,
    study: Study | str | Path | None = None,
) -> Answer:
    """Find the least settings of levers that meet targets, or what stands in the way.

    Args:
        goals: such as "urban_share>=0.6", or "urban_share@2030:68>=0.6" with a year and an area of its own.
        by: year by which they have to be met.
        using: ids of the levers that may move.
        scenario: id of the scenario that they stand on.
        area: of the goals that name none.
        since: year in which levers reach their settings; the first one when None.
        places: where they move: a group, names, prefectures, or "type:ID".
        least: what is made small: "weights", how far levers move, or "money" of the public purse.
        weights: of a lever's whole range, by id; 1 for the others.
        share: of members that have to meet all goals, above 0 and up to 1.
        members: how many, as of `compare`; 0 for the table of constants.
        study: the study or its folder; found as the command line finds it when None.

    Raises:
        StudyError: every problem of what is named.
    """
    from xiancheng.planning import target as targets
    from xiancheng.planning.wish import Wish, goal

    listed = [goals] if isinstance(goals, str) else goals
    levers = (using,) if isinstance(using, str) else tuple(using)
    where = places if isinstance(places, str) else tuple(places)
    wish = Wish(tuple(goal(words, by, area) for words in listed), levers, scenario, since, where, least, weights,
                share, members)
    return targets.find(_study(study), wish)


def _study(study: Study | str | Path | None) -> Study:
    from xiancheng import study as studies
    return studies.study_of(study)


def run(
    scenario: str | Path | Scenario = "baseline",
    *,
    study: Study | str | Path | None = None,
    start: int | None = None,
    end: int | None = None,
    time_step: float | None = None,
    levers: Mapping[str, Any] | None = None,
    assumptions: Mapping[str, Any] | None = None,
    constants: Mapping[str, float] | None = None,
    settings: Sequence[str] | Mapping[str, Any] = (),
    variables: Sequence[str] | None = None,
    details: Sequence[str] = (),
    places: Sequence[str] | None = None,
    engine: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Dataset:
    """Run a scenario and return its indicators.

    Args:
        scenario: a scenario of the study, a TOML file, or one that `scenario` made.
        study: the study or its folder; found as the command line finds it when None.
        start: year of the census the run starts from, the usual one when None.
        end: its last whole calendar year, likewise.
        time_step: 0.25, 0.125, 0.0625 … of a year, to see what the step changes; that of the equations when None.
        levers: on top of the scenario, as of `scenario`; assumptions and constants likewise.
        assumptions: by id.
        constants: by id.
        settings: the same in the words of the command line, `id=value[@year][:place]`, or by id.
        variables: indicators, or variables of the equations to show beside them; all indicators when None.
        details: "settlement", "sex", "age": adds persons by them.
        places: "68", "prefecture", "province", "place": sums of places, as a sweep keeps them; places alone when None.
        engine: "compiled" or "pysd"; the usual one when None.
        progress: called with the share of steps done, 0 to 1.

    Returns:
        Dims year and place (and those of details), or year and area where `places` asks for sums; variables by the ids
        of the indicator catalogue.

    Raises:
        StudyError: every problem of the study, the scenario or the settings.
    """
    from xiancheng.model import arguments
    from xiancheng.model.build import ENGINES
    from xiancheng.outputs import journey
    from xiancheng.outputs import places as spots

    arguments.lists(variables=variables, details=details, places=places)
    levels = spots.levels(places or (), details)
    home = _study(study)
    if levers or assumptions or constants:
        from xiancheng.scenarios.scenario import of
        scenario = of(home, levers=levers, assumptions=assumptions, constants=constants, base=scenario)
    built = journey.prepare(home, scenario, arguments.settings(settings), start=start, end=end, time_step=time_step)
    result = journey.run(built, variables=variables, details=details, engine=engine or ENGINES[0], progress=progress)
    return spots.by_area(result, levels) if levels else result


def compare(
    *options: str | Path | Scenario,
    baseline: str | Path | Scenario = "baseline",
    stresses: Sequence[str | Path | Scenario] | str = (),
    members: int | str | None = None,
    settings: Sequence[str] | Mapping[str, Any] = (),
    costs: str | Path | None = None,
    discount: float | str = 0.0,
    indicators: Sequence[str] = (),
    by_lever: bool = True,
    by_group: bool = False,
    store: str | Path | None = None,
    weights: str | Path | None = None,
    study: Study | str | Path | None = None,
    start: int | None = None,
    end: int | None = None,
    progress: Callable[[RunTally], None] | None = None,
) -> Comparison:
    """Compare options with a named baseline under the same stresses and members.

    Args:
        options: one to twelve scenarios: of the study, TOML files, or made by `scenario`; "all" stands for the packages
            of the study.
        baseline: the scenario that changes are told against.
        stresses: scenarios of assumptions that every option runs under too, or "all".
        members: how many; as many as are stored, up to 20, when None; 0 for none; "people" or "people:N" for those that
            differ in what is about people alone.
        settings: assumptions and constants of all runs, "id=value[@year]", or by id.
        costs: a CSV name,value of constants, such as unit costs of one's own.
        discount: of money of later years, a share a year or "4%": its present value stands beside the sum.
        indicators: ids shown beside the headline ones.
        by_lever: whether each option runs without each of its levers too, which tells the cost by lever.
        by_group: whether runs tell where bands come from, by group of what is not known, and what knowing it is worth.
        store: folder where runs are kept and found again, or the store of a sweep that holds them.
        weights: a CSV indicator,weight by which options are ranked; no single score without one.
        study: the study or its folder; found as the command line finds it when None.
        start: year of the census the runs start from, the usual one when None.
        end: their last whole calendar year, likewise.
        progress: called after every block of runs.

    Returns:
        `areas` and `places` are Datasets by scenario, stress, member and year; `table()` is the long table,
        `report(file)` writes .html, .docx, .xlsx or .pdf.

    Raises:
        StudyError: every problem of what is named.
    """
    from xiancheng.comparison import comparison
    from xiancheng.model import arguments

    arguments.lists(indicators=indicators)
    arguments.years(start=start, end=end)
    return comparison.compare(
        _study(study), options, indicators=indicators, by_lever=by_lever, by_group=by_group, store=store,
        weights=weights, progress=progress, baseline=baseline, stresses=stresses, members=members,
        settings=arguments.settings(settings), costs=costs, start=start, end=end, discount=discount,
    )
