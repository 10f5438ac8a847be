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
from xiancheng.model.clock import BASELINE_YEAR, FIRST_YEAR, LAST_YEAR
from xiancheng.outputs import indicators, places
from xiancheng.scenarios import ramp, scenario
from xiancheng.scenarios.document import Document
from xiancheng.study import Study
from xiancheng.sweeps import design as designs
from xiancheng.sweeps import kernel, setting
from xiancheng.sweeps.design import PLACE, Design
from xiancheng.sweeps.setting import Rows, Setting
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

    def met(self, found: Floats) -> NDArray[np.bool_]:
        """Return which values meet it."""
        return found >= self.value if self.at_least else found <= self.value


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
    study: Study, wanted: Goal, lever: str, *, under: str = scenario.BASELINE, since: int = FIRST_YEAR,
    where: str | Sequence[str] = "all",
) -> Answer:
    """Find the least setting of a lever that meets a goal.

    Args:
        study: the study.
        wanted: the goal.
        lever: id of the lever.
        under: the scenario that it stands on.
        since: year in which the lever reaches its setting, as far as its ramp allows.
        where: the places, as a scenario names them.

    Raises:
        StudyError: everything unknown in the words of the user.
    """
    ready, area = _setting(study, wanted, lever, under, since, where)
    known = scenario.book(study).levers[lever]
    sides = [np.linspace(known.baseline, end, _STEPS + 1) for end in (known.low, known.high) if end != known.baseline]
    settings = np.concatenate(sides)
    found = _values(ready, area, settings)
    if np.isnan(found).any():
        raise StudyError(Problem("", phrase("target.no_value", name=wanted.indicator), phrase("sweep.missing_allowed")))
    before = float(found[0])

    def answer(value: float | None, reached: float, asked: float) -> Answer:
        corners = [(float(BASELINE_YEAR), known.baseline), (float(since), asked)]
        return Answer(value, reached, before, ramp.at(ramp.follow(corners, known.fastest), float(wanted.year)))

    met = wanted.met(found)
    if not met.any():
        closest = int(found.argmax() if wanted.at_least else found.argmin())
        return answer(None, float(found[closest]), float(settings[closest]))
    away = np.where(met, np.abs(settings - known.baseline), np.inf)
    first = int(away.argmin())
    if away[first] == 0:
        return answer(known.baseline, before, known.baseline)
    closer = np.linspace(settings[first - 1], settings[first], _STEPS + 1)
    values = _values(ready, area, closer)
    best = int(wanted.met(values).argmax())
    return answer(float(closer[best]), float(values[best]), float(closer[best]))


def _values(ready: Setting, area: int, settings: Floats) -> Floats:
    """Return the indicator at each setting, always as many runs at once."""
    rows = Rows(np.zeros(len(settings), dtype=np.int64), np.asarray(settings)[:, None])
    size = 2 * (_STEPS + 1)
    return kernel.compute(ready, rows, size).values[:, 0, 0, area].astype(float)


def _setting(
    study: Study, wanted: Goal, lever: str, under: str, since: int, where: str | Sequence[str]
) -> tuple[Setting, int]:
    """Check all words at once and return what runs, with the position of the area."""
    design = _design(study, wanted, lever, under, since, where)
    ready = setting.prepare(study, design)
    known = kernel.areas(ready.built[0], design.areas, design.quantiles)
    names = [one["area"] for one in known]
    if wanted.area in names:
        return ready, names.index(wanted.area)
    chosen, unknown = ready.built[0].places.choose(wanted.area)
    if len(chosen) != 1:
        hint = unknown[0].hint if unknown else did_you_mean(wanted.area, names)
        found = phrase("target.area", area=wanted.area)
        raise StudyError(Problem("", found, phrase("target.area_allowed"), hint))
    return ready, names.index(chosen[0].code)


def _design(
    study: Study, wanted: Goal, lever: str, under: str, since: int, where: str | Sequence[str]
) -> Design:
    known = scenario.book(study).levers
    problems = []
    listed = list(indicators.read(study))
    if wanted.indicator not in listed:
        hint = did_you_mean(wanted.indicator, listed)
        found = phrase("indicator.unknown", id=wanted.indicator)
        problems.append(Problem("", found, phrase("indicator.allowed"), hint))
    if lever not in known:
        hint = did_you_mean(lever, known)
        problems.append(Problem("--using", phrase("lever.unknown", id=lever), phrase("lever.allowed"), hint))
    if not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        years = phrase("scenario.years", first=FIRST_YEAR, last=LAST_YEAR)
        problems.append(Problem("--by", phrase("target.year", year=wanted.year), years))
    if under not in scenario.files(study):
        hint = did_you_mean(under, scenario.files(study))
        problems.append(Problem("", phrase("scenario.unknown", name=under), phrase("scenario.allowed"), hint))
    if problems:
        raise StudyError(problems)
    words = {"zh": lever, "en": lever}
    values = {
        "title": words, "sentence": words, "sampling": {"n": 1},
        "runs": {"scenarios": [under], "end": max(wanted.year, FIRST_YEAR)},
        "output": {"indicators": [wanted.indicator], "years": [wanted.year], "places": [*places.LEVELS, PLACE],
                   "quantiles": []},
        "levers": {lever: {"low": known[lever].low, "high": known[lever].high, "year": since,
                           "places": where if isinstance(where, str) else list(where)}},
    }
    return designs.of(study, Document("", values, {}), "target")

__all__ = ["Answer", "Goal", "find", "goal"]
