"""The least setting of a lever that meets a target, or that none does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import PLACE
from xiancheng.outputs import indicators, places
from xiancheng.scenarios import former, ramp, scenario
from xiancheng.scenarios.document import Document
from xiancheng.study import Study
from xiancheng.sweeps import design as designs
from xiancheng.sweeps import kernel, setting
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.setting import Rows, SweepSetting
from xiancheng.texts import did_you_mean, phrase

_FORM = re.compile(r"\s*(?P<name>[^<>=]+?)\s*(?P<sign>>=|<=|≥|≤)\s*(?P<value>[^<>=]+?)\s*")
_STEPS = 32
"""Settings tried at once; a second round between two of them makes it a thousandth of the range."""


@dataclass(frozen=True)
class Goal:
    """What is to be met.

    Attributes:
        indicator: id.
        at_least: whether the value is the least allowed, else the largest.
        value: [unit of the indicator].
        year: calendar year.
        area: id of the area, or name of a place.
    """

    indicator: str
    at_least: bool
    value: float
    year: int
    area: str

    def met(self, values: Floats) -> NDArray[np.bool_]:
        """Return which values meet it."""
        return values >= self.value if self.at_least else values <= self.value


@dataclass(frozen=True)
class Answer:
    """What a lever can do for a goal.

    Attributes:
        setting: the least setting that meets it [unit of the lever], None where none does.
        reached: the value of the indicator then, else the closest one [its unit].
        before: its value with the lever at its baseline.
        lever: what the lever is at in that year, held back by its ramp [its unit].
    """

    setting: float | None
    reached: float
    before: float
    lever: float


def goal(words: str, year: int, area: str = places.LIST) -> Goal:
    """Take a goal such as "urban_share>=0.6" apart.

    Raises:
        StudyError: it has another form.
    """
    match = _FORM.fullmatch(words)
    try:
        if match is not None:
            return Goal(key(match["name"]), match["sign"] in (">=", "≥"), float(match["value"]), year, area)
    except ValueError:
        pass
    raise StudyError(Problem("", phrase("target.form", words=words), phrase("target.form_allowed")))


def find(
    study: Study, goal: Goal, lever: str, *, under: str = scenario.BASELINE, since: int | None = None,
    where: str | Sequence[str] = "all",
) -> Answer:
    """Find the least setting of a lever that meets a goal.

    Args:
        study: the study.
        goal: the goal.
        lever: id of the lever.
        under: the scenario that it stands on.
        since: year in which the lever reaches its setting, as far as its ramp allows; the first one when None.
        where: the places, as a scenario names them.

    Raises:
        StudyError: everything unknown in the words of the user.
    """
    book = scenario.book(study)
    since = book.clock.first_setting if since is None else since
    ready, area = _setting(study, goal, lever, under, since, where)
    chosen = book.levers[lever]
    sides = [np.linspace(chosen.baseline, end, _STEPS + 1) for end in (chosen.low, chosen.high)
             if end != chosen.baseline]
    settings = np.concatenate(sides)
    outcomes = _values(ready, area, settings)
    if np.isnan(outcomes).any():
        raise StudyError(Problem("", phrase("target.no_value", name=goal.indicator), phrase("sweep.missing_allowed")))
    before = float(outcomes[0])

    def answer(value: float | None, reached: float, level: float) -> Answer:
        corners = [(float(book.clock.baseline), chosen.baseline), (float(since), level)]
        return Answer(value, reached, before, ramp.at(ramp.follow(corners, chosen.fastest), float(goal.year)))

    met = goal.met(outcomes)
    if not met.any():
        closest = int(outcomes.argmax() if goal.at_least else outcomes.argmin())
        return answer(None, float(outcomes[closest]), float(settings[closest]))
    away = np.where(met, np.abs(settings - chosen.baseline), np.inf)
    first = int(away.argmin())
    if away[first] == 0:
        return answer(chosen.baseline, before, chosen.baseline)
    closer = np.linspace(settings[first - 1], settings[first], _STEPS + 1)
    values = _values(ready, area, closer)
    best = int(goal.met(values).argmax())
    return answer(float(closer[best]), float(values[best]), float(closer[best]))


def _values(ready: SweepSetting, area: int, settings: Floats) -> Floats:
    """Return the indicator at each setting, always as many runs at once."""
    rows = Rows(np.zeros(len(settings), dtype=np.int64), np.asarray(settings)[:, None])
    size = 2 * (_STEPS + 1)
    return kernel.compute(ready, rows, size).values[:, 0, 0, area].astype(float)


def _setting(
    study: Study, goal: Goal, lever: str, under: str, since: int, where: str | Sequence[str]
) -> tuple[SweepSetting, int]:
    """Check all words at once and return what runs, with the position of the area."""
    design = _design(study, goal, lever, under, since, where)
    ready = setting.prepare(study, design)
    areas = kernel.areas(ready.built[0], design.areas, design.quantiles)
    names = [row["area"] for row in areas]
    if goal.area in names:
        return ready, names.index(goal.area)
    chosen, unknown = ready.built[0].places.choose(goal.area)
    if len(chosen) != 1:
        hint = unknown[0].hint if unknown else did_you_mean(goal.area, names)
        sentence = phrase("target.area", area=goal.area)
        raise StudyError(Problem("", sentence, phrase("target.area_allowed"), hint))
    return ready, names.index(chosen[0].code)


def _design(
    study: Study, goal: Goal, lever: str, under: str, since: int, where: str | Sequence[str]
) -> Design:
    book = scenario.book(study)
    levers, first, last = book.levers, book.clock.first_setting, book.clock.last
    problems = []
    listed = list(indicators.read(study))
    if goal.indicator not in listed:
        sentence, hint = former.unknown(former.read(study), goal.indicator, listed)
        problems.append(Problem("", sentence, phrase("indicator.allowed"), hint))
    if lever not in levers:
        hint = did_you_mean(lever, levers)
        problems.append(Problem("--using", phrase("lever.unknown", id=lever), phrase("lever.allowed"), hint))
    if not first <= goal.year <= last:
        years = phrase("scenario.years", first=first, last=last)
        problems.append(Problem("--by", phrase("target.year", year=goal.year), years))
    if under not in scenario.files(study):
        hint = did_you_mean(under, scenario.files(study))
        problems.append(Problem("", phrase("scenario.unknown", name=under), phrase("scenario.allowed"), hint))
    if problems:
        raise StudyError(problems)
    words = {"zh": lever, "en": lever}
    values = {
        "title": words, "sentence": words, "sampling": {"n": 1},
        "runs": {"scenarios": [under], "end": max(goal.year, first)},
        "output": {"indicators": [goal.indicator], "years": [goal.year], "places": [*places.LEVELS, PLACE],
                   "quantiles": []},
        "levers": {lever: {"low": levers[lever].low, "high": levers[lever].high, "year": since,
                           "places": where if isinstance(where, str) else list(where)}},
    }
    return designs.of(study, Document("", values, {}), "target")
