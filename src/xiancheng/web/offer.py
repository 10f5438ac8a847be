"""What the page is told once: levers, indicators, places, scenarios, assumptions, and every text in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.tiles import Cell
from xiancheng.model import sectors
from xiancheng.model.build import BuiltRun
from xiancheng.model.groups import GROUPS
from xiancheng.model.places import PLACE, Places
from xiancheng.model.settings import Scenario
from xiancheng.outputs import core_runs, evaluation, least_changes, unaided, units
from xiancheng.outputs import result as results
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.least_changes import LeastChange
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.levers import Lever
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, catalogue, in_language
from xiancheng.web import bundles, learn
from xiancheng.web.money import Money
from xiancheng.web.request import RequestChoices

_TEXTS = ("page.", "unaided.", "unit.", "unit_column.", "evidence.", "kind.", "target.", "payer.", "in_text.",
          "direction.", "board.", "result.nature", "list.separator", "resolution.")


def model_of(study: Study) -> str:
    """Return what a link names the model by: two equal ones give equal figures."""
    return f"{study.equations_hash[:8]}.{study.data_hash[:8]}"


def offer(
    built: BuiltRun, choices: RequestChoices, reader: Reader, bands: int, kind: str, *, cells: Sequence[Cell],
    boundaries: Mapping[str, Any] | None = None, rough: Sequence[str] = (),
) -> bytes:
    """Return the catalogue of the page as JSON.

    Args:
        built: a run of the baseline.
        choices: what requests may name.
        reader: what reads runs.
        bands: members that bands are drawn from, 0 for none.
        kind: of these members.
        cells: the tile of each place.
        boundaries: of places, where somebody has brought a file of them.
        rough: indicators whose bands are rough, because few members stand for all.
    """
    money = Money.of(built.study)
    study, book, least = built.study, choices.book, least_changes.read(built.study)
    marks = results.attributes(built, choices.indicators)
    texts = {key: row for key, row in catalogue().items() if key.startswith(_TEXTS)} | units.words(study)
    content = {
        "version": study.version,
        "model": model_of(study),
        "texts": {language: {key: row[language] for key, row in texts.items()} for language in LANGUAGES},
        "list_label": _in_both(built.places.list_label),
        "years": list(reader.years),
        "first_year": book.clock.first_setting,
        "baseline_year": book.clock.baseline,
        "areas": _areas(built.places, reader, cells),
        "boundaries": boundaries,
        "place_groups": [group for group in GROUPS if any(group in place.groups for place in book.places)],
        "indicators": [_indicator(indicator, least_changes.of(indicator, least), marks[name]) for name,
                       indicator in reader.indicators.items() if name in choices.indicators],
        "published": {name: [[time, value] for time, value in sorted(points.items())]
                      for name, points in core_runs.published(study).items() if name in choices.indicators},
        "former_indicators": choices.former,
        "aims": _aims(study, choices),
        "levers": [_lever(lever) for lever in book.levers.values()],
        "bundles": [vars(item) for item in bundles.read(study, book.levers)],
        "assumptions": [_assumption(assumption) for assumption in book.assumptions.values()],
        "scenarios": [_scenario(base) for base in choices.bases.values()],
        "money": money.indicators,
        "unaided": [name for name in unaided.names(study) if name in choices.indicators],
        "debt_limit": money.limit,
        "sectors": sectors.titles(study),
        **learn.lessons(study, choices.book, choices.bases),
        "bands": bands,
        "bands_of": kind,
        "rough_bands": [name for name in rough if name in choices.indicators],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _aims(study: Study, choices: RequestChoices) -> list[dict[str, Any]]:
    return [{"id": aim.id, "title": aim.title,
             "indicators": [name for name in aim.indicators if name in choices.indicators]}
            for aim in evaluation.read(study)]


def _in_both(message: Any) -> dict[str, Any]:
    return {language: in_language(message, language) for language in LANGUAGES}


def _areas(where: Places, reader: Reader, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    return [
        *({"id": area.id, "level": area.level, "name": area.names} for area in reader.areas.rows),
        *(
            {"id": place.code, "level": PLACE, "name": place.names, "kind": place.row["kind"],
             "prefecture": place.prefecture, "listed": place.listed, "tile": cell}
            for place, cell in zip(where, cells, strict=True)
        ),
    ]


def _indicator(indicator: Indicator, least: LeastChange, marks: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "title": indicator.title,
        "definition": indicator.definition,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "least": [least.amount, least.part],
        "target": indicator.row["target_value"],
        "target_year": int(indicator.row["target_year"]) if indicator.row["target_year"] else None,
        "target_source": indicator.row["target_source"],
        "binding": indicator.binding,
        "headline": indicator.headline,
        "articles": indicator.articles,
        "levels": indicator.levels,
        "resolution": indicator.resolution,
        "evidence": marks["evidence_at_start"],
        "evidence_later": marks["evidence"],
    }


def _lever(lever: Lever) -> dict[str, Any]:
    return {
        "id": lever.id,
        "title": lever.title,
        "meaning": lever.meaning,
        "article": lever.article,
        "in_text": lever.in_text,
        "unit": lever.unit,
        "baseline": lever.baseline,
        "low": lever.low,
        "high": lever.high,
        "ramp_years": lever.ramp_years,
        "is_switch": lever.kind == "switch",
        "scope": lever.scope,
        "own_indicator": lever.own_indicator,
        "costs": [{"amount": float(cost.amount), "unit": cost.unit} for cost in lever.costs],
        "cost_evidence": lever.cost_evidence,
        "who_pays": lever.who_pays if lever.costs else (),
        "evidence": lever.evidence,
        "source": lever.source,
    }


def _assumption(assumption: Assumption) -> dict[str, Any]:
    return {
        "id": assumption.id,
        "title": assumption.title,
        "meaning": assumption.meaning,
        "unit": assumption.unit,
        "kind": assumption.kind,
        "baseline": assumption.baseline if assumption.kind == "column" else float(assumption.baseline),
        "low": assumption.low,
        "high": assumption.high,
        "columns": assumption.columns,
        "evidence": assumption.evidence,
        "source": assumption.source,
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    last = {name: settings[-1] for name, settings in scenario.levers.items() if settings}
    levers: Mapping[str, Any] = {
        name: {"value": list(setting.points.values())[-1], "year": list(setting.points)[-1], "places": setting.where}
        for name, setting in last.items()
    }
    return {
        "id": scenario.id,
        "title": scenario.title,
        "sentence": scenario.sentence,
        "question": scenario.question,
        "trade_off": scenario.trade_off,
        "levers": levers,
        "assumptions": {name: setting.value for name, setting in scenario.assumptions.items()},
        "notes": [_in_both(note) for note in scenario.notes],
    }

