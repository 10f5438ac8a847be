"""A design: which scenarios, factors and members a sweep runs, how points are drawn, and what is kept of each run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.model.build import END, START, starts
from xiancheng.model.clock import LAST_YEAR
from xiancheng.model.members import FILE as MEMBERS_FILE
from xiancheng.outputs import headline, indicators, places
from xiancheng.scenarios import document, scenario
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.files import STRESSES, of_folder
from xiancheng.study import Study
from xiancheng.sweeps import draw
from xiancheng.sweeps.entries import Entries
from xiancheng.sweeps.factor_entries import factors_of
from xiancheng.sweeps.factors import MEMBER, Factor
from xiancheng.sweeps.member_entries import numbers_of
from xiancheng.texts import did_you_mean, phrase, phrase_list

PLACE = "place"
AREAS = (*places.LEVELS, PLACE)
"""What may be kept of each run: totals of the list, of prefectures, of the province, and every place."""
PRECISIONS = ("float64", "float32")
DRAWN = "drawn"
"""The sampler of a design that comes from a file of somebody's own."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("title", "sentence", "sampling", "runs", "output", "constants", "assumptions", "levers"),
    "title": ("zh", "en"),
    "sentence": ("zh", "en"),
    "sampling": ("sampler", "n", "seed", "levels"),
    "runs": ("scenarios", "stresses", "members", "start", "end", "block", "precision"),
    "output": ("indicators", "years", "places", "quantiles"),
}
_BLOCK = 64
_MOST = 10_000_000


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
        precision: of the numbers while computing; stored are 4 bytes.
        indicators: ids.
        years: calendar years.
        areas: of AREAS.
        quantiles: over the listed places, between 0 and 1.
        factors: what differs between points.
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
        }


def from_plain(values: Mapping[str, Any]) -> Design:
    """Return the design that a manifest tells of."""
    listed = {
        name: tuple(values[name]) for name in ("scenarios", "indicators", "years", "areas", "quantiles")
    }
    factors = tuple(
        Factor(**{**one, "choices": tuple(one["choices"]), "places": tuple(one["places"])})
        for one in values["factors"]
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
    known = files(study)
    if str(name) in known:
        return known[str(name)]
    if Path(name).is_file() or str(name).endswith(".toml"):
        return Path(name)
    found, hint = phrase("sweep.design_unknown", name=str(name)), did_you_mean(str(name), known)
    raise StudyError(Problem("", found, phrase("sweep.design_allowed"), hint))


def read(study: Study, name: str | Path, changes: Mapping[str, Any] | None = None) -> Design:
    """Read a design.

    Args:
        study: the study it is for.
        name: the id of one of the study's designs, or a TOML file.
        changes: what stands in for entries of [sampling], such as {"n": 100}.

    Raises:
        StudyError: every problem of the file, each with its line.
    """
    found = document.read(find(study, name))
    if changes:
        sampling = found.values.get("sampling", {})
        sampling = {**sampling, **changes} if isinstance(sampling, dict) else dict(changes)
        found = replace(found, values={**found.values, "sampling": sampling})
    return of(study, found, Path(found.file).stem)


def of(study: Study, told: Document, name: str) -> Design:
    """Return the design that a document tells.

    Raises:
        StudyError: every problem of it at once.
    """
    entries = Entries(told)
    for table, known in _KEYS.items():
        entries.known((table,) if table else (), known)
    words = {key: {language: entries.text((key, language)) for language in ("zh", "en")} for key in _KEYS[""][:2]}
    sampling, running = _sampling(entries), _runs(study, entries)
    kept = _output(study, entries, running)
    chosen = running.pop("members")
    factors = factors_of(study, entries, running["end"])
    if chosen:
        factors = (*factors, _member(chosen))
    found = Design(id=name, title=words["title"], sentence=words["sentence"], **sampling, **running, **kept,
                   factors=factors)
    _possible(entries, found)
    entries.stop()
    return found


def _member(numbers: tuple[int, ...]) -> Factor:
    title = {"en": "Member of the posterior", "zh": "后验成员"}
    return Factor(MEMBER, MEMBER, MEMBER, "", title, choices=numbers)


def _sampling(entries: Entries) -> dict[str, Any]:
    sampler = entries.one_of(("sampling", "sampler"), draw.SAMPLERS, draw.SOBOL)
    return {
        "sampler": sampler,
        "n": entries.whole(("sampling", "n"), 1, _MOST, 1 if sampler == draw.FACTORIAL else None),
        "seed": entries.whole(("sampling", "seed"), 0, 2**32 - 1, 1),
        "levels": entries.whole(("sampling", "levels"), 2, 64, 4),
    }


def _runs(study: Study, entries: Entries) -> dict[str, Any]:
    known = [*scenario.files(study), *scenario.other_ids(study)]
    named = entries.words(("runs", "scenarios"), known, (scenario.BASELINE,), phrase("scenario.allowed"))
    stresses = entries.words_or_all(("runs", "stresses"), of_folder(study, STRESSES), (), phrase("sweep.stresses"))
    named = (*named, *(f"{one}{scenario.PLUS}{stress}" for stress in stresses for one in named))
    census = starts(study)
    start = entries.whole(("runs", "start"), min(census), max(census), START)
    if start not in census:
        allowed = phrase("run.start_allowed", starts=phrase_list(str(year) for year in census))
        entries.add(("runs", "start"), phrase("run.start_unknown", start=start), allowed)
    return {
        "scenarios": named,
        "members": numbers_of(study, entries.value(("runs", "members"), 0), entries),
        "start": start,
        "end": entries.whole(("runs", "end"), start + 1, LAST_YEAR, END),
        "block": entries.whole(("runs", "block"), 1, 4096, _BLOCK),
        "precision": entries.one_of(("runs", "precision"), PRECISIONS, PRECISIONS[0]),
    }


def _output(study: Study, entries: Entries, running: Mapping[str, Any]) -> dict[str, Any]:
    catalogue = indicators.read(study)
    known = list(catalogue)
    usual = tuple(name for name in known if catalogue[name].headline)
    first, last = running["start"], running["end"]
    return {
        "indicators": entries.words_or_all(("output", "indicators"), known, usual, phrase("indicator.allowed")),
        "years": entries.years(("output", "years"), first, last, tuple(headline.years(first, last))),
        "areas": entries.words(("output", "places"), AREAS, places.LEVELS, phrase_list(AREAS)),
        "quantiles": entries.shares(("output", "quantiles"), (0.1, 0.5, 0.9)),
    }


def _possible(entries: Entries, found: Design) -> None:
    """Note what is right in each entry and wrong together."""
    if found.sampler == draw.SALTELLI and found.n & (found.n - 1):
        entries.add(("sampling", "n"), phrase("sweep.n_power", n=found.n), phrase("sweep.n_power_allowed"))
    if found.sampler == draw.MORRIS and found.levels % 2:
        entries.add(("sampling", "levels"), phrase("sweep.levels_odd", levels=found.levels), "4, 6, 8 …")
    if not found.factors and found.sampler != draw.FACTORIAL and found.n > 1:
        entries.add(("sampling", "n"), phrase("sweep.no_factors", n=found.n), phrase("sweep.no_factors_allowed"))
    if found.points > _MOST:
        entries.add(("sampling",), phrase("sweep.many_points", count=found.points), f"1-{_MOST:,}")


__all__ = ["AREAS", "DRAWN", "MEMBERS_FILE", "PLACE", "Design", "files", "find", "from_plain", "of", "read"]
