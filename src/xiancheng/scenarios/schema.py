"""JSON schemas of documents, for editors that complete and check while one writes."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from xiancheng.scenarios import scenario
from xiancheng.scenarios.scenario_document import scenario_type
from xiancheng.study import Study
from xiancheng.texts import catalogue, text

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of_scenario(study: Study, language: str) -> dict[str, Any]:
    """Return the schema of a scenario file of a study, with its levers and assumptions and their bounds."""
    book = scenario.book(study)
    everything = {"levers": dict.fromkeys(book.levers), "assumptions": dict.fromkeys(book.assumptions)}
    return of_shape(scenario_type(book, everything), language)


def of_shape(shape: Any, language: str) -> dict[str, Any]:
    """Return the schema of a model, its sentences in a language."""
    return {"$schema": DIALECT, **_in_language(TypeAdapter(shape).json_schema(), language)}


def _in_language(node: Any, language: str) -> Any:
    """Put the sentences of a schema into a language: keys of texts, and words that a study gives in both.

    What a model says of itself for those who read the code is left out.
    """
    if isinstance(node, list):
        return [_in_language(part, language) for part in node]
    if not isinstance(node, dict):
        return node
    parts = {name: _in_language(part, language) for name, part in node.items() if name != "words"}
    sentence = node.get("description")
    if isinstance(node.get("words"), dict) and language in node["words"]:
        return {**parts, "description": node["words"][language]}
    if isinstance(sentence, str):
        parts.pop("description")
        return {**parts, "description": text(sentence, language)} if sentence in catalogue() else parts
    return parts
