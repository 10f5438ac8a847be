"""What is compared: options, the baseline they are held against, stresses, members, and what differs from the study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xiancheng.calibration import stand_ins, whole_members
from xiancheng.calibration.whole_members import PEOPLE, WHOLE
from xiancheng.characters import near
from xiancheng.charts.chart import LETTERS, SIDE_BY_SIDE
from xiancheng.comparison import own_tables
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, constants
from xiancheng.model import clock as clocks
from xiancheng.model import members as posterior
from xiancheng.model.settings import Scenario
from xiancheng.scenarios import files, scenario
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FEWEST, MOST = 1, len(LETTERS)
"""Options that one comparison may hold."""
REFERENCE = "reference"
"""Id of the conditions of the study itself, beside those of the stresses."""
USUAL_MEMBERS = 20
IN_STRESSES = 50
"""Members that each stress runs at most; the reference runs all that are asked for."""
ALL = "all"
_COSTS = ("name", "value")
_DEAREST = 0.2
"""The highest discount rate [share a year]."""
Named = str | Path | Scenario
"""A scenario: its id, its file, or the scenario itself."""


@dataclass(frozen=True)
class ComparisonRequest:
    """What a comparison is told.

    Attributes:
        options: the scenarios in the order of the call; two of them may be the same.
        baseline: what they are held against.
        stresses: scenarios whose assumptions every option and the baseline run under, besides the reference.
        members: numbers of the draws; none for a run on the table of constants.
        start: census year of the start; end: last whole calendar year.
        changed: settings and unit costs that differ from the study, as (name, value).
        discount: of money of later years, told besides its sum [share a year]; 0 for none.
    """

    options: tuple[Scenario, ...]
    baseline: Scenario
    stresses: tuple[Scenario, ...] = ()
    members: tuple[int, ...] = ()
    start: int = field(kw_only=True)
    end: int = field(kw_only=True)
    changed: tuple[tuple[str, str], ...] = ()
    kind: str = PEOPLE
    """Of members: draws of all that is not known (WHOLE), or of what is about people alone."""
    discount: float = 0.0

    @property
    def letters(self) -> tuple[str, ...]:
        """The letter of each option."""
        return tuple(LETTERS[: len(self.options)])

    @property
    def is_many(self) -> bool:
        """Whether there are too many options to stand side by side."""
        return len(self.options) > SIDE_BY_SIDE


def read(
    study: Study,
    options: Sequence[Named],
    *,
    baseline: Named = scenario.BASELINE,
    stresses: Sequence[Named] | str = (),
    members: int | str | None = None,
    settings: Sequence[str] = (),
    costs: str | Path | None = None,
    start: int | None = None,
    end: int | None = None,
    discount: float | str = 0.0,
) -> ComparisonRequest:
    """Read everything that a comparison names.

    Args:
        study: the study.
        options: ids of scenarios or TOML files, FEWEST to MOST; "all" stands for the packages of the study.
        baseline: the scenario they are held against.
        stresses: ids or files of scenarios that set assumptions only, or "all" for those of the study.
        members: how many; up to USUAL_MEMBERS of those stored when None; 0 for none; "people" or "people:N" for those
            that differ in what is about people alone.
        settings: assumptions and constants for all runs, "id=value[@year]".
        costs: a table name,value of constants, such as unit costs of one's own [units of the constants].
        start: census year of the start, the usual one when None.
        end: last whole calendar year, likewise.
        discount: of money of later years, a share a year or per cent such as "4%".

    Raises:
        StudyError: every problem of what is named.
    """
    problems: list[Problem] = []
    rate = _rate(discount, problems)
    options = named(study, options, baseline)
    if not FEWEST <= len(options) <= MOST:
        sentence = phrase("compare.count", count=len(options))
        problems.append(Problem("", sentence, phrase("compare.count_allowed", low=FEWEST, high=MOST)))
    own = _costs(study, costs, problems) if costs is not None else {}
    lines = [*settings, *(f"{name}={value!r}" for name, value in own.items())]
    scenarios = [_read(study, name, lines, problems) for name in (*options, baseline)]
    under = [_stress(study, name, problems) for name in _stress_names(study, stresses)]
    kind, chosen = _members(study, members, problems)
    if problems:
        raise StudyError(dict.fromkeys(problems))
    clock = clocks.of(study)
    readable = [scenario for scenario in scenarios if scenario is not None]
    return ComparisonRequest(
        tuple(readable[:-1]), readable[-1], tuple(scenario for scenario in under if scenario is not None), chosen,
        tuple((name, value) for name, _, value in (line.partition("=") for line in lines)),
        start=clock.start if start is None else start, end=clock.end if end is None else end, kind=kind, discount=rate,
    )


def _rate(discount: float | str, problems: list[Problem]) -> float:
    """Return a discount rate, noting one that is none [share a year]."""
    word = str(discount).strip().replace("％", "%")
    try:
        rate = float(word.removesuffix("%")) / (100 if word.endswith("%") else 1)
    except ValueError:
        rate = math.nan
    if not 0 <= rate <= _DEAREST:
        problems.append(Problem("--discount", phrase("money.discount", value=word), phrase("money.discount_allowed")))
    return rate


def _costs(study: Study, file: str | Path, problems: list[Problem]) -> dict[str, float]:
    """Return constants of a table of the user's own by id, noting those that are none, stand twice or cannot be."""
    values: dict[str, float] = {}
    rows: dict[str, int] = {}
    spans = constants.bounds(study)
    variables = {variable.id: variable for variable in catalogue.read(study) if variable.kind == "constant"}
    for row, name, value in own_tables.rows(file, _COSTS, problems):
        if name in values:
            again = phrase("table.twice", names=name, row=rows[name])
            problems.append(Problem(str(file), again, phrase("table.once"), phrase("table.take_out"), row))
        elif name in variables:
            wrong = constants.impossible(variables[name].name, value, spans.get(name, (-math.inf, math.inf)))
            if wrong:
                problems.append(replace(wrong, file=str(file), row=row))
                continue
        else:
            sentence, hint = phrase("compare.no_constant", id=name), near(name, {}, variables)
            problems.append(Problem(str(file), sentence, phrase("compare.constant"), hint, row))
            continue
        values[name], rows[name] = value, row
    return values


def named(study: Study, options: Sequence[Named], baseline: Named = scenario.BASELINE) -> list[Named]:
    """Return the options that a call names, "all" replaced by the packages that it does not name otherwise.

    Args:
        study: the study.
        options: ids, files and "all".
        baseline: what they are held against; no option of "all".
    """
    names = {_id(option) for option in (*options, baseline)}
    packages = [option for option in files.of_folder(study, files.PACKAGES) if option not in names]
    options_read: list[Named] = []
    for option in options:
        if option == ALL:
            options_read += packages
            packages = []
        else:
            options_read.append(option)
    return options_read


def _id(name: Named) -> str:
    return name.id if isinstance(name, Scenario) else str(name)


def _scenario(study: Study, name: Named) -> Scenario:
    return name if isinstance(name, Scenario) else scenario.read(study, name)


def _read(study: Study, name: Named, settings: Sequence[str], problems: list[Problem]) -> Scenario | None:
    try:
        baseline_of_same = _scenario(study, name)
        changed = scenario.from_settings(study, settings, baseline_of_same)
    except StudyError as error:
        problems += error.problems
        return None
    if changed.levers != baseline_of_same.levers:
        pulled = [lever for lever in changed.levers if changed.levers[lever] != baseline_of_same.levers.get(lever)]
        problems += [Problem("--set", phrase("compare.set_lever", id=lever), phrase("compare.set_allowed"))
                     for lever in pulled]
    return replace(changed, id=baseline_of_same.id, title=baseline_of_same.title)


def _stress_names(study: Study, stresses: Sequence[Named] | str) -> list[Named]:
    if isinstance(stresses, str):
        stresses = [word.strip() for word in stresses.replace("，", ",").split(",") if word.strip()]
    if list(stresses) != [ALL]:
        return list({_id(name): name for name in stresses}.values())
    return list(files.of_folder(study, files.STRESSES))


def _stress(study: Study, name: Named, problems: list[Problem]) -> Scenario | None:
    try:
        scenario_read = _scenario(study, name)
    except StudyError as error:
        problems += error.problems
        return None
    if any(scenario_read.levers.values()) or not scenario_read.assumptions:
        sentence = phrase("compare.no_stress", name=_id(name))
        names = [stress_name for stress_name in _stress_names(study, ALL) if isinstance(stress_name, str)]
        problems.append(Problem("--stress", sentence, phrase("compare.stress_allowed"), did_you_mean(_id(name), names)))
        return None
    return scenario_read


def _members(study: Study, word: int | str | None, problems: list[Problem]) -> tuple[str, tuple[int, ...]]:
    """Return the kind of members and their numbers, noting what is wrong."""
    try:
        kind, count = whole_members.kind_and_count(study, word)
        is_stored = kind == WHOLE or (study.calibration / posterior.FILE).is_file()
        if count == 0 or (count is None and not is_stored):
            return kind, ()
        members = (tuple(range(1, whole_members.counted(study) + 1)) if kind == WHOLE
                   else tuple(posterior.read(study)))
        few = stand_ins.of_count(study, kind, USUAL_MEMBERS if count is None else count)
    except StudyError as error:
        problems += error.problems
        return PEOPLE, ()
    if few:
        return kind, few.members
    if count is None:
        return kind, members[:USUAL_MEMBERS]
    if not 0 < count <= len(members):
        allowed = phrase("compare.members_allowed", count=len(members))
        problems.append(Problem("--members", phrase("compare.members", count=count), allowed))
    return kind, members[: max(count, 0)]
