"""A comparison as one object: what was asked, what ran, and every table of it by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from xiancheng.cache import Cache
from xiancheng.calibration import whole_members
from xiancheng.calibration.whole_members import WHOLE
from xiancheng.comparison import attribution, bands, changes, confidence, long_table, money, people, reliance
from xiancheng.comparison import request as requests
from xiancheng.comparison import runs as running
from xiancheng.comparison import weights as weighing
from xiancheng.comparison.attribution import Attribution
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import Line
from xiancheng.comparison.claims import Claims
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.request import REFERENCE, ComparisonRequest
from xiancheng.comparison.runs import OptionRuns
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators as catalogues
from xiancheng.outputs import views
from xiancheng.outputs.indicators import MEAN, QUOTIENT, RATIO, Indicator
from xiancheng.provenance import fingerprint, versions
from xiancheng.scenarios import levers
from xiancheng.study import Study
from xiancheng.sweeps import work


@dataclass(frozen=True, eq=False)
class Comparison:
    """What `xiancheng.compare` returns.

    Attributes:
        study: the study.
        request: options, baseline, stresses, members.
        runs: what all runs gave.
        indicators: ids chosen by the user to stand beside the headline ones.
        command: the command line, or "".
        weights: by indicator, where the user gave some.
        attribution: where the bands come from, where that was run.
    """

    study: Study
    request: ComparisonRequest
    runs: OptionRuns
    indicators: tuple[str, ...] = ()
    command: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    attribution: Attribution | None = None

    @cached_property
    def reports(self) -> Cache:
        """What has been put together for a form, by language and length; the other forms take it as it is."""
        return Cache()

    @cached_property
    def levers(self) -> dict[str, levers.Lever]:
        """Levers of the study by id."""
        return levers.read(self.study)

    @cached_property
    def accounts(self) -> money.Accounts:
        """Indicators of the study's money."""
        return money.accounts(self.study)

    @property
    def areas(self) -> xr.Dataset:
        """Indicators of the list and the province (scenario, stress, member, year, area)."""
        return self.runs.areas

    @property
    def places(self) -> xr.Dataset:
        """Indicators by place in the first and last year (scenario, stress, member, year, place)."""
        return self.runs.places

    @cached_property
    def year(self) -> int:
        """The last year."""
        return int(self.areas.variables["year"].values[-1])

    @cached_property
    def shown(self) -> list[str]:
        """Indicators of the first table: headline ones, of the short report, of the levers, and those of the user."""
        own = [self.levers[name].own_indicator for option in self.request.options for name in running.pulled(option)
               if name in self.levers]
        headline = (name for name, row in self.catalogue.items() if row.headline)
        chosen = {*own, *self.indicators, *views.of(self.study, "short"), *headline}
        beside = {self.net_of[name] for name in chosen if name in self.net_of}
        return [str(name) for name in self.areas.data_vars if name in chosen | beside]

    @cached_property
    def net_of(self) -> dict[str, str]:
        """The net flow that stands beside each gross one, by indicator."""
        return dict(zip(views.of(self.study, "gross"), views.of(self.study, "net"), strict=False))

    @cached_property
    def catalogue(self) -> dict[str, Indicator]:
        """The indicators of the study, by id."""
        return catalogues.read(self.study)

    @property
    def has_bands(self) -> bool:
        """Whether there is more than one member."""
        return len(self.request.members) > 1

    @property
    def words_of_bands(self) -> str:
        """The key of the text that says what the bands hold."""
        if not self.has_bands:
            return "compare.no_bands"
        is_whole = self.request.kind == WHOLE
        return whole_members.words(self.study, "compare.bands.whole") if is_whole else "compare.bands"

    @cached_property
    def stresses(self) -> list[str]:
        """Ids of the reference and the stresses."""
        return [str(value) for value in self.areas.variables["stress"].values]

    def title(self, scenario: str, language: str) -> str:
        """Return the title of the baseline or of the option with a letter."""
        if scenario == running.BASELINE:
            return self.request.baseline.title.get(language, self.request.baseline.id)
        option = self.option(scenario)
        return option.title.get(language, option.id)

    def lines(self, *, stresses: Sequence[str] = (REFERENCE,), level: Sequence[str] | None = None) -> list[Line]:
        """Return a line for every shown indicator, area, stress and option in the last year."""
        if tuple(stresses) != (REFERENCE,):
            return changes.lines(self.areas, self.shown, level=level, stresses=stresses)
        return [line for line in self._in_reference if level is None or line.area in level]

    @cached_property
    def _in_reference(self) -> list[Line]:
        return changes.lines(self.areas, self.shown)

    def at_places(self, name: str, option: str) -> list[people.PlaceChange]:
        """Return what an option does to an indicator place by place in the reference, worked out once."""
        if (name, option) not in self._at_places:
            self._at_places[name, option] = people.at_places(self.places, name, option)
        return self._at_places[name, option]

    @cached_property
    def _at_places(self) -> dict[tuple[str, str], list[people.PlaceChange]]:
        return {}

    @property
    def ratios(self) -> list[str]:
        """The shown indicators that compare places fairly: ratios and means."""
        return [name for name in self.shown if self.catalogue[name].aggregation in (RATIO, QUOTIENT, MEAN)]

    @cached_property
    def deviations(self) -> dict[tuple[str, str], Band]:
        """Mean change over places in standard deviations between them, by (indicator, option)."""
        return {
            (name, option): bands.band(values)
            for name in self.shown if people.has_counties(self.places, name)
            for option, values in people.in_deviations(self.places, name, self.request.letters).items()
        }

    @cached_property
    def sizes(self) -> dict[tuple[str, str], float]:
        """Median of the deviations, by (indicator, option)."""
        return {pair: deviation.median for pair, deviation in self.deviations.items()}

    @cached_property
    def ranking(self) -> weighing.Ranking | None:
        """Options by the weights of the user; None without any."""
        if not self.weights:
            return None
        return weighing.ranking(self.places, self.request.letters, self.stresses, self.weights)

    @cached_property
    def sides(self) -> list[Line]:
        """Every indicator that an option worsens beyond its band."""
        return people.side_effects(self.areas)

    @cached_property
    def reliances(self) -> list[reliance.Reliance]:
        """What each lever is to the figures that options are named for; none without the runs that tell it."""
        marks = {name: lever.evidence for name, lever in self.levers.items()}
        return reliance.of(self.areas, self.runs.without, self.headlines, marks)

    @property
    def headlines(self) -> list[tuple[str, str, str]]:
        """Letter, indicator and area of what each option is named for: as its file says, else its largest gain."""
        headlines: list[tuple[str, str, str]] = []
        for letter, option in zip(self.request.letters, self.request.options, strict=True):
            own = [line for line in self._in_reference if (line.option, line.area) == (letter, AREAS[0])]
            gains = [(line.indicator, line.area) for line in confidence.leading(own, self.sizes, 1)]
            headlines += [(letter, *pair) for pair in option.named_for.items() or gains]
        return headlines

    @cached_property
    def tallies(self) -> list[people.PlaceTally]:
        """Winners and losers among the listed places, for every shown indicator."""
        return people.tallies(self.places, self.shown, self.at_places)

    @cached_property
    def claims(self) -> Claims:
        """What claims of this comparison rest on, and how sure they are."""
        effects = {name: lever.evidence for name, lever in self.levers.items()}
        return Claims(self.study, self.request, self.areas, self.runs.without, effects)

    def option(self, letter: str) -> Scenario:
        """Return the option with a letter."""
        return self.request.options[self.request.letters.index(letter)]

    def equal_pairs(self) -> list[tuple[str, str]]:
        """Return the pairs of scenarios that give the same numbers throughout, the baseline among them."""
        names = [running.BASELINE, *self.request.letters]
        pairs = [(name, other) for position, name in enumerate(names) for other in names[position + 1 :]]
        return [pair for pair in pairs if changes.is_no_change(self.areas, *pair)]

    def table(self) -> pd.DataFrame:
        """Return the long table: every indicator, area, stress and option in the last year, `long_table.COLUMNS`."""
        names = [str(name) for name in self.areas.data_vars]
        rows = [long_table.row(self, line) for line in changes.lines(self.areas, names, stresses=self.stresses)]
        return pd.DataFrame(rows, columns=list(long_table.COLUMNS))

    def manifest(self) -> dict[str, Any]:
        """Return what makes the comparison repeatable, ready for JSON."""
        scenarios = [item.plain() for item in (self.request.baseline, *self.request.options, *self.request.stresses)]
        return {
            "command": self.command,
            "study": self.study.root.name,
            "version": self.study.version,
            "versions": versions(),
            "equations_sha256": self.study.equations_hash,
            "data_sha256": self.study.data_hash,
            "scenarios": scenarios,
            "scenarios_sha256": fingerprint(scenarios),
            "members": list(self.request.members),
            "members_of": self.request.kind if self.request.members else "",
            "members_sha256": whole_members.hash_of(self.study, self.request.kind) if self.request.members else "",
            "years": [self.request.start, self.request.end],
            "changed": [list(pair) for pair in self.request.changed],
            "weights": dict(self.weights),
            "runs_failed": self.runs.failed,
        }

    def report(self, file: str | Path, language: str = "en", *, force: bool = False, length: str = "full") -> Path:
        """Write the report, "short" or "full", in the form that the suffix names: .html, .docx, .xlsx or .pdf.

        Raises:
            StudyError: another suffix or length, a file that stands there, or a place that takes none.
            MissingPart: a library or a font that the form needs is not there.
        """
        from xiancheng.comparison import report
        from xiancheng.outputs import units

        return report.write(self, Path(file), units.spoken(self.study, language), force=force, length=length)

    def to_netcdf(self, file: str | Path) -> None:
        """Write the areas of all runs as netCDF, with the manifest."""
        attributes = {"manifest": json.dumps(self.manifest(), ensure_ascii=False, sort_keys=True)}
        self.areas.assign_attrs(attributes).to_netcdf(file, engine="h5netcdf")


def compare(
    study: Study, options: Sequence[requests.Named], *, indicators: Sequence[str] = (), by_lever: bool = True,
    store: str | Path | None = None, weights: str | Path | None = None,
    by_group: bool = False, progress: Callable[[work.RunTally], None] | None = None, command: str = "", **choices: Any,
) -> Comparison:
    """Compare options; see `xiancheng.compare`."""
    request = requests.read(study, options, **choices)
    if by_group:
        attribution.rows(request)
    for name in indicators:
        catalogues.find(study, name)
    shares = weighing.read(study, weights) if weights is not None else {}
    told: dict[str, Any] = {} if progress is None else {"progress": progress}
    ran = running.run(study, request, by_lever=by_lever, store=Path(store) if store else None, **told)
    groups = attribution.run(study, request, ran.areas, **told) if by_group else None
    return Comparison(study, request, ran, tuple(indicators), command, shares, groups)


__all__ = ["AREAS", "Comparison", "bands", "compare", "money", "people"]
