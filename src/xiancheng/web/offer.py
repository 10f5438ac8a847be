"""What the page is told once: levers, indicators, places, scenarios, assumptions, and every text in both languages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from xiancheng.model import roles
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import BASELINE_YEAR, FIRST_YEAR
from xiancheng.model.places import GROUPS, PLACE, Places
from xiancheng.model.reading import Findings, read_text
from xiancheng.model.settings import Scenario
from xiancheng.outputs import units
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.levers import Lever
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, catalogue, in_language
from xiancheng.web import bundles
from xiancheng.web.request import Choices

_TEXTS = ("page.", "unit.", "unit_column.", "evidence.", "kind.", "target.", "payer.", "in_text.",
          "direction.", "result.nature", "list.separator", "resolution.")


def model_of(study: Study) -> str:
    """Return what a link names the model by: two equal ones give equal figures."""
    return f"{study.equations_hash[:8]}.{study.data_hash[:8]}"


def offer(built: BuiltRun, choices: Choices, reader: Reader, bands: int) -> bytes:
    """Return the catalogue of the page as JSON.

    Args:
        built: a run of the baseline.
        choices: what requests may name.
        reader: what reads runs.
        bands: members of the posterior that bands are drawn from, 0 for none.
    """
    study, book = built.study, choices.book
    texts = {key: row for key, row in catalogue().items() if key.startswith(_TEXTS)} | units.words(study)
    told = {
        "version": study.version,
        "model": model_of(study),
        "texts": {language: {key: row[language] for key, row in texts.items()} for language in LANGUAGES},
        "list_label": _in_both(built.places.list_label),
        "years": list(reader.years),
        "first_year": FIRST_YEAR,
        "baseline_year": BASELINE_YEAR,
        "areas": _areas(built.places, reader),
        "place_groups": [group for group in GROUPS if any(group in place.groups for place in book.places)],
        "indicators": [_indicator(one) for name, one in reader.indicators.items() if name in choices.indicators],
        "levers": [_lever(one) for one in book.levers.values()],
        "bundles": [vars(one) for one in bundles.read(study, book.levers)],
        "assumptions": [_assumption(one) for one in book.assumptions.values()],
        "scenarios": [_scenario(one) for one in choices.bases.values()],
        "debt_limit": _constant(study, roles.of(study, "debt_limit")),
        "bands": bands,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _in_both(message: Any) -> dict[str, Any]:
    return {language: in_language(message, language) for language in LANGUAGES}


def _areas(where: Places, reader: Reader) -> list[dict[str, Any]]:
    return [
        *({"id": area.id, "level": area.level, "name": area.names} for area in reader.areas.rows),
        *(
            {"id": place.code, "level": PLACE, "name": place.names, "kind": place.row["kind"],
             "prefecture": place.prefecture, "listed": place.listed, "lon": float(place.row["lon"]),
             "lat": float(place.row["lat"])}
            for place in where
        ),
    ]


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "definition": one.definition,
        "unit": one.unit,
        "direction": one.direction,
        "target": one.row["target_value"],
        "target_year": int(one.row["target_year"]) if one.row["target_year"] else None,
        "target_source": one.row["target_source"],
        "headline": one.headline,
        "articles": one.articles,
        "levels": one.levels,
        "resolution": one.resolution,
        "evidence": one.evidence,
    }


def _lever(one: Lever) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "meaning": one.meaning,
        "article": one.article,
        "in_text": one.in_text,
        "unit": one.unit,
        "baseline": one.baseline,
        "low": one.low,
        "high": one.high,
        "ramp_years": one.ramp_years,
        "is_switch": one.kind == "switch",
        "scope": one.scope,
        "own_indicator": one.own_indicator,
        "costs": [{"amount": float(cost.amount), "unit": cost.unit} for cost in one.costs],
        "cost_evidence": one.cost_evidence,
        "who_pays": one.who_pays if one.costs else (),
        "evidence": one.evidence,
        "source": one.source,
    }


def _assumption(one: Assumption) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "meaning": one.meaning,
        "unit": one.unit,
        "kind": one.kind,
        "baseline": one.baseline if one.kind == "column" else float(one.baseline),
        "low": one.low,
        "high": one.high,
        "columns": one.columns,
        "evidence": one.evidence,
        "source": one.source,
    }


def _scenario(one: Scenario) -> dict[str, Any]:
    last = {name: settings[-1] for name, settings in one.levers.items() if settings}
    levers: Mapping[str, Any] = {
        name: {"value": list(setting.points.values())[-1], "year": list(setting.points)[-1], "places": setting.where}
        for name, setting in last.items()
    }
    return {
        "id": one.id,
        "title": one.title,
        "sentence": one.sentence,
        "question": one.question,
        "trade_off": one.trade_off,
        "levers": levers,
        "assumptions": {name: setting.value for name, setting in one.assumptions.items()},
        "notes": [_in_both(note) for note in one.notes],
    }


def _constant(study: Study, name: str) -> float | None:
    """Return a constant of the study as its table writes it; None where it has none."""
    if not study.parameters.is_file():
        return None
    rows = csv.DictReader(io.StringIO(read_text(study.parameters, Findings(str(study.parameters)))))
    return next((float(row["value"]) for row in rows if row["name"] == name), None)
