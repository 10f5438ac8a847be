"""Strategies that spoil inputs: text of any kind, tables by cell, documents by key, settings, models by token."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

NUMBERS = ("0", "-1", "1", "5", "0.5", "1e308", "1e999", "-1e308", "nan", "inf", "-inf", "1,5", '"1,5"', "1_000", "２",
           "١", " 1", "1 ", "0x1f", "1e", "--1", "+1", ".5", "5.", "", "x", "9" * 400, "-0", "1e-320",
           "½", "1\u00a0000")
"""Words that stand where a number should."""
WORDS = ("", "foo", " ", "measured", "Measured", "莘县", "371522", "p371522", "68", "all", "residents", "2020",
           "persons",
         "share", "a" * 300, "'", "é", "\u200b", "=1+1", "../x", "%s", "{0}", "null", "-")
YEARS = ("2026", "2035", "2019", "1999", "20260", "02026", "２０２６", "2026.0", "twenty", "", "9" * 30, "-2026")
PIECES = ('"', ",", ";", "\t", "\n", "\r", "\r\n", "\0", "\ufeff", "é", "县", "1", "-", ".", "e", "[", "]", "{",
           "}", "=",
          "#", "'", "\\", " ", "\u2028", "\u00a0", "nan", "(", ")", "|", "~", ":", "9" * 50)


@st.composite
def cut(draw: st.DrawFn, text: str, most: int = 3) -> str:
    """A text with a few pieces put in, taken out or doubled at any place."""
    for _ in range(draw(st.integers(1, most))):
        begin = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, min(12, len(text) - begin)))
        piece = draw(st.sampled_from((*PIECES, "", text[begin : begin + length] * 2)))
        text = text[:begin] + piece + text[begin + length :]
    return text


@st.composite
def table(draw: st.DrawFn, text: str) -> str:
    """A table with a cell, row or column changed, or its text cut; a row of the study's tables is one line."""
    lines = text.split("\n")
    kind = draw(st.sampled_from(("number", "number", "word", "word", "twice", "row", "order", "column", "cut",
    "ends")))
    at = draw(st.integers(1, max(1, len(lines) - 2)))
    cells = lines[at].split(",") if at < len(lines) else [""]
    column = draw(st.integers(0, len(cells) - 1))
    if kind in ("number", "word"):
        cells[column] = draw(st.sampled_from(NUMBERS if kind == "number" else WORDS))
        lines[at : at + 1] = [",".join(cells)]
    elif kind == "twice":
        lines.insert(draw(st.integers(1, len(lines))), lines[min(at, len(lines) - 1)])
    elif kind == "row":
        lines[at : at + 1] = draw(st.sampled_from(([], [""], [",".join([*cells, "1"])], [",".join(cells[:-1])])))
    elif kind == "order":
        other = draw(st.integers(0, max(0, len(lines) - 2)))
        lines[min(at, len(lines) - 1)], lines[other] = lines[other], lines[min(at, len(lines) - 1)]
    elif kind == "column":
        names = lines[0].split(",")
        names[draw(st.integers(0, len(names) - 1))] = draw(st.sampled_from((*WORDS, names[-1], names[0])))
        lines[0] = ",".join(names)
    elif kind == "ends":
        end = draw(st.sampled_from(("\r", "\r\n", "\n\n", "\u2028")))
        return end.join(lines)
    else:
        return draw(cut(text))
    return "\n".join(lines)


def toml(values: dict[str, Any]) -> str:
    """A document as TOML, tables within lines."""
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in values.items())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_value(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, bool)) else repr(value)


def leaves(values: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The keys to every value of a document, tables and lists among them."""
    own = [above] if above else []
    if isinstance(values, dict):
        return own + [path for name, part in values.items() for path in leaves(part, (*above, name))]
    if isinstance(values, list):
        return own + [path for number, part in enumerate(values) for path in leaves(part, (*above, number))]
    return own


STRANGE: tuple[Any, ...] = (
    0, -1, 1, 5, 0.5, 2**62, 2**70, 10**30, 1e308, float("inf"), float("nan"), -0.0, True, False, "", "68", "莘县",
    "foo",
    "all", [], {}, [1], ["68"], [["68"]], {"x": 1}, {"2026": 1}, {"２０２６": 1}, {"2026": "1"}, {"2019": 1},
    {"2026": 1e9},
    {"points": {"2026": 1}}, "reference", "low", 2026, "2026", "a" * 5000)


@st.composite
def document(draw: st.DrawFn, bases: tuple[dict[str, Any], ...], schema: dict[str, Any]) -> str:
    """A document of the study with values exchanged, keys renamed or added out of its own schema, or its text cut."""
    values = json.loads(json.dumps(draw(st.sampled_from(bases))))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(leaves(values) or [("x",)]))
        holder = values
        for name in path[:-1]:
            holder = holder[name]
        kind = draw(st.sampled_from(("exchange", "exchange", "remove", "rename", "add", "edge")))
        if kind == "exchange" and holder:
            holder[path[-1]] = deepcopy(draw(st.sampled_from(STRANGE)))
        elif kind == "edge" and holder and isinstance(holder[path[-1]], (int, float)):
            holder[path[-1]] *= draw(st.sampled_from((-1, 0, 2, 10, 1e6)))
        elif kind == "remove" and holder:
            del holder[path[-1]]
        elif kind == "rename" and isinstance(holder, dict) and path[-1] in holder:
            names = (*YEARS, *WORDS, *properties(schema))
            holder[draw(st.sampled_from(names))] = holder.pop(path[-1])
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(properties(schema)))] = deepcopy(draw(st.sampled_from(STRANGE)))
    text = toml(values)
    return draw(cut(text)) if draw(st.integers(0, 3)) == 0 else text


def properties(schema: Any) -> tuple[str, ...]:
    """Every name of a property that a schema declares."""
    names: dict[str, None] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            names.update(dict.fromkeys(node.get("properties", {})))
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(schema)
    return tuple(names) or ("x",)


@st.composite
def setting(draw: st.DrawFn, ids: tuple[str, ...]) -> str:
    """A setting such as id=value@year:place of words that fit and words that do not."""
    words = [draw(st.sampled_from((*ids, "foo", ""))), "=", draw(st.sampled_from((*NUMBERS, "low", "reference")))]
    if draw(st.booleans()):
        words += ["@", draw(st.sampled_from(YEARS))]
    if draw(st.booleans()):
        words += [draw(st.sampled_from((":", "："))), draw(st.sampled_from(WORDS))]
    text = "".join(words)
    return draw(cut(text, 1)) if draw(st.integers(0, 4)) == 0 else text


WRONG_MODELS: tuple[tuple[str, str], ...] = (
    (r"INTEG\s*\(([^(),]+),([^(),]+)\)", r"INTEG(\1,\2,1)"),
    (r"(SMOOTH3?|DELAY[13])\s*\(([^(),]+),[^(),]+\)", r"\1(\2,-1)"),
    (r"(SMOOTH3?|DELAY[13])\s*\(([^(),]+),[^(),]+\)", r"\1(\2,0)"),
    (r"(SMOOTH3?|DELAY[13])\s*\(([^(),]+),([^(),]+)\)", r"\1(\2,\3,1)"),
    (r"GET DIRECT CONSTANTS\('tables/", "GET DIRECT CONSTANTS('../tables/"),
    (r"'tables/([a-z_]+)\.csv', ',', '([A-Z]+[0-9]+\*?)'", r"'tables/\1.csv', ',', \2"),
    (r"'tables/([a-z_]+)\.csv', ','", r"'tables/\1.csv', '::'"),
    (r"TIME STEP = [0-9.]+", "TIME STEP = 1e-9"),
    (r": *\(?a1-a[0-9]+\)?", ": (a1-a3000000)"),
)
"""Changes of a model that Vensim or a limit refuses, by what they look for."""


@st.composite
def model(draw: st.DrawFn, texts: tuple[str, ...]) -> tuple[str, bool]:
    """A model with a token changed, and whether it must be refused."""
    text = draw(st.sampled_from(texts))
    pattern, replacement = draw(st.sampled_from(WRONG_MODELS))
    if draw(st.booleans()) and re.search(pattern, text):
        return re.sub(pattern, replacement, text, count=1), True
    tokens = list(re.finditer(r"[A-Za-z][\w ]*|[0-9.]+|[^\sA-Za-z0-9]", text))
    token = draw(st.sampled_from(tokens))
    new = draw(st.sampled_from((*NUMBERS[:12], *PIECES, token[0] * 2, "", "Time", "x", "A!", "9" * 400, "1e400")))
    return text[: token.start()] + new + text[token.end() :], False
