"""What each feedback loop does: cut it, run again, and see how far the indicators of the last year move."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.model import build as builder
from xiancheng.model import catalogue
from xiancheng.model.reading import EVIDENCE, Findings, as_written, no_duplicates, one_of, read_rows
from xiancheng.outputs import indicators, journey, places, views
from xiancheng.scenarios.levers import filled
from xiancheng.scenarios.scenario import Scenario
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE = "loops.csv"
HEADER = ("id", "title_en", "title_zh", "path_en", "path_zh", "switch", "strength", "evidence", "note_en",
          "note_zh")
_FILLED = ("id", "title_en", "title_zh", "path_en", "path_zh", "switch")
DEAD = 0.001
"""A loop that moves no headline indicator by this share is called dead."""
AREAS = ("68", "province")
VIEW = "loops"
"""View of what a loop does to people, homes, services, purse and emissions, one indicator each."""


@dataclass(frozen=True)
class Loop:
    """A feedback loop with a switch in the equations.

    Attributes:
        id: R1, B1 …, R reinforcing and B balancing.
        title, path: by language.
        switch: variable of the model that cuts it at 0.
        strength: parameter that says how strong it is, "" where it is arithmetic.
        evidence: mark of that strength.
        note: what stands where it is cut, and why it is weak if it is, by language.
    """

    id: str
    title: Mapping[str, str]
    path: Mapping[str, str]
    switch: str
    strength: str
    evidence: str
    note: Mapping[str, str]


@dataclass(frozen=True)
class Gain:
    """What cutting a loop does in the last year.

    Attributes:
        loop: the loop.
        changes: relative change against the uncut run by (area, indicator) [1].
    """

    loop: Loop
    changes: Mapping[tuple[str, str], float]

    @property
    def largest(self) -> tuple[tuple[str, str], float]:
        """The area and indicator that move most, and by how much [1]."""
        return max(self.changes.items(), key=lambda item: abs(item[1]))

    def on(self, indicator: str) -> float:
        """Return the change of an indicator in the area that the study is about, missing where it has none [1]."""
        return self.changes.get((AREAS[0], indicator), math.nan)

    @property
    def alive(self) -> bool:
        """Whether some indicator moves by a thousandth or more."""
        return abs(self.largest[1]) >= DEAD


def read(study: Study) -> tuple[Loop, ...]:
    """Read outputs/loops.csv; a study without that file has no loops.

    Raises:
        StudyError: the table is not as it must be.
    """
    path = study.outputs / FILE
    if not path.is_file():
        return ()
    findings = Findings(str(path))
    rows = read_rows(path, HEADER, findings)
    no_duplicates(rows, ("id",), findings)
    for row in rows:
        one_of(row, "evidence", EVIDENCE, findings)
    findings.stop()
    words = ({name: {language: row[f"{name}_{language}"] for language in ("en", "zh")}
              for name in ("title", "path", "note")} for row in rows)
    return tuple(
        Loop(**as_written(row, Loop), title=texts["title"], path=texts["path"], note=texts["note"])
        for row, texts in zip(rows, words, strict=True)
    )


def check(study: Study) -> None:
    """Check the loops: their words in both languages, and that the equations have their switches and strengths.

    Raises:
        StudyError: every problem of the table.
    """
    if not (study.outputs / FILE).is_file():
        return
    read(study)
    names = catalogue.names(study)
    findings = Findings(str(study.outputs / FILE))
    for row in read_rows(study.outputs / FILE, HEADER, findings):
        filled(row, _FILLED, findings)
        for column in ("switch", "strength"):
            if row[column] and row[column].lower() not in names:
                unknown = phrase("constant.unknown", name=row[column])
                findings.add(unknown, phrase("constant.of_the_equations"), did_you_mean(row[column], names), row.number)
    findings.stop()


def gains(
    study: Study, scenario: str | Scenario = "baseline", *, constants: Mapping[str, float] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Gain, ...]:
    """Cut every loop of a study in turn.

    Args:
        study: the study.
        scenario: what is run.
        constants: constants of the model to run with, by name, in their units.
        progress: called with the share of runs done, 0 to 1.

    Raises:
        StudyError: as a run.
    """
    loops = read(study)
    uncut = {loop.switch: 1.0 for loop in loops}
    headline = list(dict.fromkeys([*followed(study), *views.of(study, VIEW)]))
    runs = [{}, *({loop.switch: 0.0} for loop in loops)]
    levels = []
    for done, cut in enumerate(runs, start=1):
        built = journey.prepare(study, scenario, constants={**(constants or {}), **uncut, **cut})
        levels.append(_last_year(built, headline))
        if progress is not None:
            progress(done / len(runs))
    return tuple(Gain(loop, changes(levels[0], level)) for loop, level in zip(loops, levels[1:], strict=True))


def followed(study: Study) -> list[str]:
    """Return the headline indicators but for indices of inequality, whose relative change says little near zero."""
    indices = (indicators.THEIL, indicators.P90_P10)
    return [name for name, indicator in indicators.read(study).items()
            if indicator.headline and indicator.aggregation not in indices]


def _last_year(built: builder.BuiltRun, names: Sequence[str]) -> dict[tuple[str, str], float]:
    """Return the headline indicators of the areas in the last year, by (area, indicator), in their units."""
    result = journey.run(built)
    present = [name for name in names if name in result]
    return {
        (str(area), name): float(table[name].isel(area=0).sel(year=built.end))
        for area, table in places.table_of(result, present, AREAS).items()
        for name in present
        if name in table
    }


def changes(
    uncut: Mapping[tuple[str, str], float], cut: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    """Return the relative change of each indicator, by (area, indicator) [1]; missing or zero ones are left out."""
    defined = {at: value for at, value in uncut.items() if np.isfinite(value) and np.isfinite(cut[at]) and value != 0}
    return {at: (cut[at] - value) / abs(value) for at, value in defined.items()}
