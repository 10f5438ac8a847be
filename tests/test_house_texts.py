"""Everything a person reads exists in Chinese and in English."""

from __future__ import annotations

import ast
import csv
import re
import string
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = sorted((ROOT / "src" / "xiancheng").glob("texts*.csv"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rows() -> list[dict[str, str]]:
    found = []
    for catalogue in CATALOGUES:
        with catalogue.open(encoding="utf-8", newline="") as lines:
            found += list(csv.DictReader(lines))
    return found


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_text_has_both_languages() -> None:
    assert not [row["key"] for row in rows() if not row["zh"].strip() or not row["en"].strip()]


def test_every_key_stands_once() -> None:
    keys = [row["key"] for row in rows()]
    assert not {key for key in keys if keys.count(key) > 1}


def test_both_languages_use_the_same_values() -> None:
    assert not [row["key"] for row in rows() if fields(row["zh"]) != fields(row["en"])]


def test_english_is_english() -> None:
    assert not [row["key"] for row in rows() if CHINESE.search(row["en"]) and "县" not in row["en"]]


def test_every_key_the_code_asks_for_exists() -> None:
    known = {row["key"] for row in rows()}
    asked = {
        (file.name, node.args[0].value)
        for file in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _called(node) in {"text", "phrase"} and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }
    assert not sorted(pair for pair in asked if pair[1] not in known)


ENGINE = re.compile(r"engine(\.[a-z_]+)+")


def calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{file.name}:{node.lineno}", node)
        for file in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def test_no_problem_is_made_of_bare_words() -> None:
    """What a problem says has a key, so that it is there in both languages; literal are names alone, such as start_…"""
    words = [
        (place, ast.unparse(part))
        for place, call in calls()
        if _called(call) in {"Problem", "Refused"}
        for argument in [*call.args[_called(call) == "Problem" :], *(word.value for word in call.keywords)]
        for part in (argument.values if isinstance(argument, ast.JoinedStr) else [argument])
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search("[a-z]", part.value)
    ]
    names = re.compile(rf"'({ENGINE.pattern}|[a-z]+_)'")
    assert not [(place, word) for place, word in words if not names.fullmatch(word)]


def test_every_key_of_the_engine_exists_and_is_used() -> None:
    """Problems of the engine are made from keys by name; `allowed` and `hint` come with them."""
    catalogued = {row["key"] for row in rows()}
    named = {
        node.value
        for file in (ROOT / "src" / "xiancheng" / "engine").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ENGINE.fullmatch(node.value)
    }
    assert not named - catalogued
    own = {key for key in catalogued if ENGINE.fullmatch(key)}
    assert not {key for key in own - named if key.rpartition(".")[0] not in named}


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_a_projection_is_never_called_a_forecast() -> None:
    """推演, not 预测: what the project shows is what follows from its assumptions."""
    said = {
        row["key"]: (row["zh"].replace("而非预测", ""), row["en"].lower().replace("not forecast", "")) for row in rows()
    }
    assert not [key for key, (zh, en) in said.items() if "预测" in zh or "forecast" in en]
