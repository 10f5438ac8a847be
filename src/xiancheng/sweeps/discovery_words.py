"""What a discovery says, in words and as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.sweeps.boxes import HIGH, LOW, WITHOUT, Edge
from xiancheng.sweeps.cases import SCENARIO, STRESS, Futures
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.regret import Regret
from xiancheng.texts import LANGUAGES, listing, number, text

if TYPE_CHECKING:
    from xiancheng.sweeps.discovery import BoxFinding, Discovery

COLUMNS = ("box", "coverage", "density", "mass", "joint_coverage", "factor", "title_zh", "title_en", "low", "high",
           "choices", "unit", "least", "largest", "chance", "again")
"""Of the rows."""
_SHARES = 0
"""Digits of a share in per cent."""


def share(value: float, language: str) -> str:
    """Write a share in whole per cent."""
    return number(value, "share", language, digits=_SHARES)


def case(runs: Futures, language: str) -> str:
    """Return what goes wrong, as the beginning of a sentence: "debt ratio of our 68 in 2035 is 60 % or more"."""
    about, manifest = runs.case, runs.store.manifest
    area = next(row for row in manifest["areas"] if row["area"] == about.area)
    value = number(about.limit, manifest["units"][about.indicator], language)
    return text("discover.case_above" if about.above else "discover.case_below", language, value=value,
                title=manifest["titles"][about.indicator][language], area=area[f"name_{language}"], year=about.year)


def summary(discovery: Discovery, language: str) -> str:
    """Return in how many runs it goes wrong."""
    return text("discover.share", language, case=case(discovery.runs, language),
                share=share(discovery.share, language), runs=len(discovery.runs.values))


def sentence(discovery: Discovery, finding: BoxFinding, language: str) -> str:
    """Return what a box says: where it goes wrong, how often there, and how much of all that it holds."""
    limits = text("discover.and", language).join(limit_words(discovery.runs, finding, language))
    return text("discover.box", language, case=case(discovery.runs, language), limits=limits,
                density=share(finding.measures.density, language), mass=share(finding.measures.mass, language),
                coverage=share(finding.measures.coverage, language))


def limit_words(runs: Futures, finding: BoxFinding, language: str) -> list[str]:
    """Return the limits of a box factor by factor, the surest first."""
    order = dict.fromkeys(limit.edge.factor for limit in finding.limits)
    return [_limit(runs, position, [limit.edge for limit in finding.limits if limit.edge.factor == position], language)
            for position in order]


def _limit(runs: Futures, position: int, edges: list[Edge], language: str) -> str:
    factor = runs.factors[position]
    name = title(factor, language)
    if factor.discrete:
        return text("discover.chosen", language, name=name,
                    choices=listing(choices(runs, position, edges, language), language))
    bounds = {edge.side: number(edge.value, factor.unit, language) for edge in edges}
    key = "between" if len(bounds) > 1 else "above" if LOW in bounds else "below"
    return text(f"discover.{key}", language, name=name, low=bounds.get(LOW, ""), high=bounds.get(HIGH, ""))


def title(factor: Factor, language: str) -> str:
    """Return the name of a factor with where and by when it is reached; of several of one lever the title tells it."""
    name = factor.title.get(language) or factor.id
    if "@" in factor.id:
        return name
    places = factor.id.partition(":")[2]
    parts = [places] if places else []
    if factor.year:
        parts.append(text("discover.by", language, year=factor.year))
    return text("discover.named", language, name=name, parts=listing(parts, language)) if parts else name


def choices(runs: Futures, position: int, edges: list[Edge], language: str) -> list[str]:
    """Return the choices of a factor that a box allows."""
    factor = runs.factors[position]
    out = {int(edge.value) for edge in edges if edge.side == WITHOUT}
    return [_choice(runs, factor, str(name), language) for number_of, name in enumerate(factor.choices)
            if number_of not in out]


def _choice(runs: Futures, factor: Factor, name: str, language: str) -> str:
    if not name:
        return text("discover.no_stress", language)
    titles: Mapping[str, Any] = runs.store.manifest.get("scenario_titles", {})
    return str(titles[name][language]) if factor.kind in (SCENARIO, STRESS) and name in titles else name


def rows(discovery: Discovery) -> list[dict[str, Any]]:
    """Return the boxes limit by limit as plain values: one row for each factor of each box."""
    return [
        {
            "box": at, "coverage": finding.measures.coverage, "density": finding.measures.density,
            "mass": finding.measures.mass, "joint_coverage": finding.joint_coverage,
            **_row(discovery.runs, position, finding),
        }
        for at, finding in enumerate(discovery.boxes, 1)
        for position in dict.fromkeys(limit.edge.factor for limit in finding.limits)
    ]


def _row(runs: Futures, position: int, finding: BoxFinding) -> dict[str, Any]:
    factor = runs.factors[position]
    own = [limit for limit in finding.limits if limit.edge.factor == position]
    bounds = {limit.edge.side: limit.edge.value for limit in own}
    column = runs.sample.values[:, position]
    titles = {f"title_{language}": title(factor, language) for language in LANGUAGES}
    allowed = ";".join(choices(runs, position, [limit.edge for limit in own], "en")) if factor.discrete else ""
    return {
        "factor": factor.id, **titles, "low": bounds.get(LOW), "high": bounds.get(HIGH), "choices": allowed,
        "unit": factor.unit, "least": None if factor.discrete else float(np.min(column)),
        "largest": None if factor.discrete else float(np.max(column)),
        "chance": max(limit.chance for limit in own), "again": min(limit.again for limit in own),
    }


def option(runs: Futures, regret: Regret, language: str) -> str:
    """Return the title of the option of a regret."""
    titles: Mapping[str, Any] = runs.store.manifest.get("scenario_titles", {})
    return str(titles[regret.option][language]) if regret.option in titles else regret.option
