"""A design: which scenarios, factors and members a sweep runs, how points are drawn, and what is kept of each run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xiancheng.calibration.whole_members import WHOLE
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, clock
from xiancheng.model.build import starts
from xiancheng.outputs import indicators
from xiancheng.scenarios import document, scenario, translator
from xiancheng.scenarios import schema as schemas
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.files import STRESSES, of_folder
from xiancheng.study import Study
from xiancheng.sweeps import draw, ranges
from xiancheng.sweeps.design_document import MOST_POINTS, ChosenMembers, DesignDocument, Span, document_type
from xiancheng.sweeps.factor_tables import ANYTHING, FactorTables
from xiancheng.sweeps.factors import MEMBER, Factor
from xiancheng.sweeps.ranges import Tables
from xiancheng.texts import LANGUAGES, Phrase, did_you_mean, phrase, text

DRAWN = "drawn"
"""The sampler of a design that comes from a file of somebody's own."""


@dataclass(frozen=True)
class Design:
    """What a sweep runs.

    Attributes:
        id: name of its file.
        title: by language; sentence likewise.
        sampler: of draw.SAMPLERS, or DRAWN.
        n: points, base points or trajectories, see draw.count.
        seed: of everything random.
        levels: values of a factor in factorial and Morris designs.
        scenarios: ids, those of a scenario and a stress joined by "+"; every point runs under each of them.
        start: census year of the start; end: last whole calendar year.
        block: runs computed and stored together.
        precision: of the numbers while computing; stored are 8 bytes.
        indicators: ids.
        years: calendar years.
        areas: of AREAS.
        quantiles: over the listed places, between 0 and 1.
        factors: what differs between points.
        time_step: of the runs [years], that of the equations when None.
    """

    id: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    sampler: str
    n: int
    seed: int
    levels: int
    scenarios: tuple[str, ...]
    start: int
    end: int
    block: int
    precision: str
    indicators: tuple[str, ...]
    years: tuple[int, ...]
    areas: tuple[str, ...]
    quantiles: tuple[float, ...]
    factors: tuple[Factor, ...]
    time_step: float | None = None

    @property
    def choices(self) -> tuple[int, ...]:
        """Return the number of choices of each factor, 0 of those with numbers."""
        return tuple(len(factor.choices) for factor in self.factors)

    @property
    def points(self) -> int:
        """Return how many points are drawn; each runs under every scenario."""
        return draw.count(self.sampler, self.n, len(self.factors), self.levels, self.choices)

    @property
    def runs(self) -> int:
        """Return how many runs that makes."""
        return self.n if self.sampler == DRAWN else self.points * len(self.scenarios)

    def plain(self) -> dict[str, Any]:
        """Return the design as plain values, for manifests."""
        return {
            "id": self.id, "title": dict(self.title), "sentence": dict(self.sentence), "sampler": self.sampler,
            "n": self.n, "seed": self.seed, "levels": self.levels, "scenarios": list(self.scenarios),
            "start": self.start, "end": self.end, "block": self.block, "precision": self.precision,
            "indicators": list(self.indicators), "years": list(self.years), "areas": list(self.areas),
            "quantiles": list(self.quantiles), "factors": [factor.plain() for factor in self.factors],
            **({} if self.time_step is None else {"time_step": self.time_step}),
        }


def from_plain(values: Mapping[str, Any]) -> Design:
    """Return the design that a manifest tells of."""
    listed = {
        name: tuple(values[name]) for name in ("scenarios", "indicators", "years", "areas", "quantiles")
    }
    factors = tuple(
        Factor(**{**factor, "choices": tuple(factor["choices"]), "places": tuple(factor["places"])})
        for factor in values["factors"]
    )
    return Design(**{**values, **listed, "factors": factors})


def files(study: Study) -> dict[str, Path]:
    """Return the designs of a study by id."""
    return {file.stem: file for file in sorted((study.scenarios / scenario.DESIGNS).glob("*.toml"))}


def find(study: Study, name: str | Path) -> Path:
    """Return the file of a design of the study by id, or the file of that name.

    Raises:
        StudyError: there is neither.
    """
    designs = files(study)
    if str(name) in designs:
        return designs[str(name)]
    if Path(name).is_file() or str(name).endswith(".toml"):
        return Path(name)
    hint = did_you_mean(str(name), designs)
    raise StudyError(Problem("", phrase("sweep.design_unknown", name=str(name)), phrase("sweep.design_allowed"), hint))


def read(study: Study, name: str | Path, changes: Tables | None = None) -> Design:
    """Read a design.

    Args:
        study: the study it is for.
        name: the id of one of the study's designs, or a TOML file.
        changes: what stands in for entries by table, such as {"sampling": {"n": 100}}.

    Raises:
        StudyError: every problem of the file, each with its line.
    """
    written = document.read(find(study, name))
    if changes:
        written = replace(written, values=ranges.laid(written.values, changes))
    return of(study, written, Path(written.file).stem)


def of(study: Study, written: Document, name: str) -> Design:
    """Return the design that a document tells.

    Raises:
        StudyError: every problem of it at once; what is right in each table and wrong together when all else is right.
    """
    span = Span.of(written.values, clock.of(study))
    tables = FactorTables.of(study, scenario.book(study), written.values)
    shape = document_type(study, span, tables.types(written.values, span.end))
    entries = translator.read(shape, written, tables.book.places)
    design = _design(study, name, entries, tables.factors(entries))
    problems = list(dict.fromkeys(written.problem(*problem) for problem in _impossible(design)))
    if problems:
        raise StudyError(problems)
    return design


def schema(study: Study, language: str) -> dict[str, Any]:
    """Return the JSON schema of a design of a study, its sentences in a language."""
    book = scenario.book(study)
    span = Span(min(starts(study)), book.clock.last)
    ids = [variable.id for variable in catalogue.read(study) if variable.kind == "constant" and not variable.dims]
    values = {"constants": dict.fromkeys(ids, ANYTHING), "assumptions": dict.fromkeys(book.assumptions, ANYTHING),
              "levers": dict.fromkeys(book.levers, ANYTHING)}
    tables = FactorTables.of(study, book, values)
    return schemas.of_shape(document_type(study, span, tables.types(values, span.end)), language)


def _design(study: Study, name: str, entries: DesignDocument, factors: tuple[Factor, ...]) -> Design:
    sampling, runs, output = entries.sampling, entries.runs, entries.output
    stresses = of_folder(study, STRESSES) if runs.stresses == "all" else runs.stresses
    under = (f"{base}{scenario.PLUS}{stress}" for stress in stresses for base in runs.scenarios)
    years = range(runs.start, runs.end + 1) if output.years == "all" else sorted(set(output.years))
    return Design(
        id=name, title=entries.title.model_dump(), sentence=entries.sentence.model_dump(),
        sampler=sampling.sampler, n=sampling.count, seed=sampling.seed, levels=sampling.levels,
        scenarios=(*runs.scenarios, *under), start=runs.start, end=runs.end, block=runs.block, precision=runs.precision,
        indicators=tuple(indicators.read(study) if output.indicators == "all" else output.indicators),
        years=tuple(years), areas=tuple(output.places), quantiles=tuple(sorted(set(output.quantiles))),
        factors=(*factors, _member(runs.members)) if runs.members.numbers else factors, time_step=runs.time_step,
    )


def _member(chosen: ChosenMembers) -> Factor:
    title = {language: text(f"sweep.member.{chosen.kind}", language) for language in LANGUAGES}
    return Factor(MEMBER, MEMBER, WHOLE if chosen.kind == WHOLE else MEMBER, "", title, choices=chosen.numbers)


def _impossible(design: Design) -> Iterator[tuple[tuple[str, ...], Phrase, str]]:
    """Yield what is right in each table and wrong together: the path, what was found, what is allowed."""
    if not design.factors and design.sampler != draw.FACTORIAL and design.n > 1:
        yield ("sampling", "n"), phrase("sweep.no_factors", n=design.n), phrase("sweep.no_factors_allowed")
    ids = [factor.id for factor in design.factors]
    for table, factor in ((f"{factor.kind}s", factor) for factor in design.factors):
        if ids.count(factor.id) > 1:
            yield (table, factor.name), phrase("points.twice", name=factor.id), phrase("points.once")
    if design.points > MOST_POINTS:
        yield ("sampling",), phrase("sweep.many_points", count=design.points), f"1-{MOST_POINTS:,}"
