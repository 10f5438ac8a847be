"""The schema that an editor reads holds what the program holds: it takes every file of the study and sees mistakes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from xiancheng.scenarios import scenario, schema
from xiancheng.study import Study
from xiancheng.sweeps import design
from xiancheng.weaving.documents import FILES
from xiancheng.web import request

ROOT = Path(__file__).resolve().parents[2]
SEEN = (
    "unknown_lever",
    "unknown_assumption",
    "value_above_range",
    "text_for_a_number",
    "true_for_a_number",
    "unknown_rule_for_places",
    "rule_of_two_hundred_per_cent",
    "no_points",
    "empty_points",
    "empty_places",
    "unknown_key_of_a_lever",
    "lever_is_a_number",
    "unknown_table",
    "unknown_path_of_fertility",
    "multiplier_out_of_range",
    "text_for_a_path",
    "no_english_title",
    "title_is_a_number",
    "no_sentence",
)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(ROOT)


def values(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def test_every_scenario_of_the_study_fits_its_schema(study: Study) -> None:
    validator = Draft202012Validator(schema.of_scenario(study, "en"))
    validator.check_schema(validator.schema)
    for file in scenario.files(study).values():
        assert [error.message for error in validator.iter_errors(values(file))] == []


@pytest.mark.long
def test_every_design_of_the_study_fits_its_schema(study: Study) -> None:
    validator = Draft202012Validator(design.schema(study, "en"))
    validator.check_schema(validator.schema)
    for file in design.files(study).values():
        assert [error.message for error in validator.iter_errors(values(file))] == []
    assert list(validator.iter_errors(values(file) | {"sampling": {"sampler": "sobel", "n": 0}}))


@pytest.mark.parametrize("name", list(FILES))
def test_every_file_of_a_lever_fits_its_schema(name: str) -> None:
    validator = Draft202012Validator(schema.of_shape(FILES[name], "en"))
    validator.check_schema(validator.schema)
    files = sorted((ROOT / "scenarios" / "levers").glob(f"*/{name}.toml"))
    assert files
    for file in files:
        assert [error.message for error in validator.iter_errors(values(file))] == []
    assert list(validator.iter_errors({"a": {"nobody": "asked for this"}}))


def test_a_request_of_the_page_fits_its_schema(study: Study) -> None:
    validator = Draft202012Validator(request.schema(study, "en"))
    validator.check_schema(validator.schema)
    lever = {"county_industry": {"value": 3, "year": 2030, "places": "68"}}
    assert not list(validator.iter_errors({"base": "baseline", "levers": lever, "indicators": ["residents"]}))
    lever["county_industry"]["value"] = 1e9
    assert list(validator.iter_errors({"levers": lever}))
    assert list(validator.iter_errors({"indicators": ["no_such"]}))


@pytest.mark.parametrize(
    "written", [schema.of_scenario, request.schema, lambda _, language: schema.of_shape(FILES["lever"], language)]
)
def test_a_chinese_schema_has_no_english_sentence(
    study: Study, written: Callable[[Study, str], dict[str, Any]]
) -> None:
    for sentence in sentences(written(study, "zh")):
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", sentence), sentence


def sentences(node: Any) -> list[str]:
    """Every description in a schema."""
    if isinstance(node, list):
        return [one for part in node for one in sentences(part)]
    if not isinstance(node, dict):
        return []
    here = [node["description"]] if isinstance(node.get("description"), str) else []
    return here + [one for part in node.values() for one in sentences(part)]


@pytest.mark.parametrize("name", SEEN)
def test_what_a_type_can_hold_is_seen_while_one_writes(name: str) -> None:
    validator = Draft202012Validator(schema.of_scenario(Study(ROOT / "tests" / "mini"), "en"))
    assert list(validator.iter_errors(values(ROOT / "tests" / "bad" / "scenarios" / f"{name}.toml")))


@pytest.mark.parametrize(("language", "words"), [("en", "what it is called"), ("zh", "名称")])
def test_the_sentence_under_each_field_is_in_the_language_asked_for(study: Study, language: str, words: str) -> None:
    written = schema.of_scenario(study, language)
    assert words in written["properties"]["title"]["description"]
    lever = written["properties"]["levers"]
    assert "county_industry" in str(lever) or "county_industry" in str(written["$defs"])
