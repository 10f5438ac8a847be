"""Stories: steps that set a plan, a place and a year, and say what comes of it; each claim is held against runs.

A story is a file of outputs/stories/, in the order of the names of the files. What a step says of the model stands in
claims beside its words, so that a test can run the plan and say whether the model still does what the words say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import Field

from xiancheng.errors import Problem, StudyError
from xiancheng.model.groups import GROUPS
from xiancheng.model.places import PROVINCE, Places
from xiancheng.outputs import indicators
from xiancheng.scenarios import document, former, scenario, translator
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.fields import Bilingual, Sentence
from xiancheng.scenarios.translator import Table
from xiancheng.study import Study
from xiancheng.texts import phrase, phrase_list

FOLDER = "stories"
AREAS = (GROUPS[1], PROVINCE)
"""Areas of several places that a step may show, beside the places themselves."""
BASELINE = scenario.BASELINE
ABOVE, BELOW, SAME = "above", "below", "same"
_Name = Annotated[str, MaxLen(80)]
_Year = Annotated[int, Ge(1900), Le(2200)]


class Claim(Table):
    """What a step says of the model.

    A figure of a place in a year lies above or below that of the baseline, or of the same plan in another year
    (`against`), by so many least changes of its indicator; or within as many of it.
    """

    indicator: _Name
    relation: Literal["above", "below", "same"]
    by: Annotated[float, Gt(0)] = 1.0
    against: Literal["baseline"] | _Year = "baseline"
    place: _Name = ""
    year: _Year | None = None

    def holds(self, value: float, level: float, least: float) -> bool:
        """Tell whether a figure is as claimed.

        Args:
            value: of the plan [unit of the indicator].
            level: what it is held against [the same].
            least: the least change from that level that anyone would act on [the same].
        """
        difference = value - level
        size = self.by * least
        return {ABOVE: difference >= size, BELOW: -difference >= size, SAME: abs(difference) < size}[self.relation]


class Line(Table):
    """A line that the reader draws first: its axis [unit of the indicator], and what is shown of the baseline."""

    low: float
    high: float
    shows: Literal["start", "baseline"] = "baseline"


class Step(Table):
    """A step: what the page is set to, what is said, and what is claimed.

    Attributes:
        base: the scenario that the plan starts from; set: settings on top, as `--set` takes them.
        beside: a scenario that stands beside it, in the view that compares.
        indicator: what chart and headline show; map: what the map shows, the same where nothing is said.
    """

    words: Bilingual
    indicator: _Name
    base: _Name = BASELINE
    set: list[Sentence] = Field(default_factory=list)
    beside: _Name = ""
    place: _Name = AREAS[0]
    year: _Year
    look: Literal["chart", "map", "table", "who", "why", "money"] = "chart"
    map: _Name = ""
    show: Literal["level", "change", "met"] = "level"
    draw: Line | None = None
    claims: list[Claim] = Field(default_factory=list)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator that the step names."""
        names = (self.indicator, self.map, *(claim.indicator for claim in self.claims))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def areas(self) -> tuple[str, ...]:
        """Every place and area that the step names."""
        return tuple(dict.fromkeys((self.place, *(claim.place for claim in self.claims if claim.place))))


class StoryDocument(Table):
    """The keys of a story."""

    title: Bilingual
    about: Bilingual
    steps: Annotated[list[Step], MinLen(2), MaxLen(12)]


@dataclass(frozen=True)
class Story:
    """A story.

    Attributes:
        id: the name of its file, without the number in front that orders it.
        title: by language; about: what it is about, likewise.
        steps: in order.
    """

    id: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    steps: Sequence[Step]


def read(
    study: Study, names: Book, bases: Mapping[str, scenario.Scenario] | None = None,
) -> tuple[Story, ...]:
    """Return the stories of a study in the order of their files; none where it has no such folder.

    Args:
        study: the study.
        names: what a plan may name.
        bases: scenarios that are read already, by id.

    Raises:
        StudyError: every problem of the files, each with its line.
    """
    problems: list[Problem] = []
    stories = []
    files = sorted((study.outputs / FOLDER).glob("*.toml"))
    if not files:
        return ()
    plans = _Bases(study, names, bases or {})
    for file in files:
        try:
            stories.append(_story(study, file, names.places, plans))
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    return tuple(stories)


def _story(study: Study, file: Path, places: Places, bases: _Bases) -> Story:
    text = document.read(file)
    entries = translator.read(StoryDocument, text)
    problems = [*_unknown(study, text, entries, places), *_plans(bases, text, entries)]
    if problems:
        raise StudyError(problems)
    return Story(file.stem.lstrip("0123456789_"), entries.title.model_dump(), entries.about.model_dump(),
                 entries.steps)


def _unknown(study: Study, text: Document, entries: StoryDocument, places: Places) -> Iterator[Problem]:
    """Find indicators and places that the study does not have, and axes that end where they begin."""
    catalogue, before = indicators.read(study), former.read(study)
    areas = {*AREAS, *(place.code for place in places)}
    for number, step in enumerate(entries.steps):
        for name in step.indicators:
            if name not in catalogue:
                sentence, hint = former.unknown(before, name, catalogue)
                yield text.problem(("steps", number), sentence, phrase("indicator.allowed"), hint)
        for name in step.areas:
            if name not in areas:
                yield text.problem(("steps", number), phrase("story.no_area", id=name),
                                   phrase("story.areas", areas=phrase_list(AREAS)))
        if step.draw and not step.draw.low < step.draw.high:
            yield text.problem(("steps", number, "draw"), phrase("story.no_axis"), phrase("story.axis"))


class _Bases:
    """Scenarios that plans start from, each read once for all stories."""

    def __init__(self, study: Study, names: Book, bases: Mapping[str, scenario.Scenario]) -> None:
        self.study, self.names, self.bases = study, names, dict(bases)

    def check(self, name: str, settings: Sequence[str]) -> None:
        if name not in self.bases:
            self.bases[name] = scenario.read(self.study, name, self.names)
        scenario.from_settings(self.study, settings, self.bases[name], self.names)


def _plans(bases: _Bases, text: Document, entries: StoryDocument) -> Iterator[Problem]:
    """Find plans that the study cannot run."""
    for number, step in enumerate(entries.steps):
        for name, settings in ((step.base, step.set), (step.beside or BASELINE, ())):
            try:
                bases.check(name, settings)
            except StudyError as error:
                yield from (text.problem(("steps", number), *problem.sentences) for problem in error.problems)
