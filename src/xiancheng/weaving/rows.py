"""Rows of the tables that folders of levers are woven into: what a table holds of them, and what else it holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xiancheng import cells
from xiancheng.model.reading import Findings, Row, rows_of
from xiancheng.outputs import formulas, indicators, units
from xiancheng.scenarios import former, levers
from xiancheng.weaving.documents import IndicatorEntry
from xiancheng.weaving.folders import Folder

_EFFECT = ("low", "central", "high", "unit")
_COST = ("unit_cost", "cost_unit", "running_cost", "running_cost_unit", "who_pays")
INDICATORS, FORMULAS, UNITS = f"outputs/{indicators.FILE}", f"outputs/{formulas.FILE}", units.FILE
_TARGET = ("value", "year", "source", "evidence")


def levers_table(folders: Iterable[Folder]) -> str:
    """Return scenarios/levers.csv."""
    return _text((*levers.COLUMNS, *levers.OPTIONAL), [_lever(folder) for folder in folders])


def indicators_table(text: str, folders: Iterable[Folder]) -> str:
    """Return outputs/indicators.csv with the rows of levers as their folders say; the other rows stay as they are."""
    woven = {name: _indicator(name, entry) | {levers.OWNER: folder.id}
             for folder in folders for name, entry in folder.indicators.items()}
    optional = (former.REPLACES, indicators.LEAST_CHANGE)
    last = max((place for place, name in enumerate(optional, 1) if any(row[name] for row in woven.values())), default=0)
    more = optional[:last]
    return _woven(text, INDICATORS, "id", woven, more)


def units_table(text: str, folders: Iterable[Folder]) -> str:
    """Return outputs/units.csv likewise; a unit that several levers name is that of the first."""
    return _woven(text, UNITS, "unit", {row["unit"]: {**row.fields, levers.OWNER: folder.id}
                                 for folder in reversed(tuple(folders)) for row in folder.units})


def formulas_table(text: str, before: str, folders: Sequence[Folder]) -> str:
    """Return outputs/formulas.csv; `before` is indicators.csv as it stands, which says whose a row was."""
    owners = {row["id"]: row.get(levers.OWNER, "") for row in _read(before, INDICATORS, "id")}
    table = _read(text, FORMULAS, "id")
    woven = {name: {"id": name, **_plain(entry.formula.model_dump())}
             for folder in folders for name, entry in folder.indicators.items()}
    lines = [woven.pop(row["id"], row) for row in table if row["id"] in woven or not owners.get(row["id"])]
    return _text(_columns(text, FORMULAS), [*lines, *woven.values()])


def _woven(
    text: str, file: str, key: str, woven: dict[str, dict[str, str]], more: Sequence[str] = ()
) -> str:
    """Return a table whose rows of levers are those of `woven`: each in the place that it has, a new one at the end."""
    columns, table = _columns(text, file), _read(text, file, key)
    lines = [woven.pop(row[key], row) for row in table if row[key] in woven or not row.get(levers.OWNER)]
    columns = list(dict.fromkeys([*columns, levers.OWNER, *more]))
    return _text(columns, [*lines, *woven.values()])


def ids(text: str, file: str) -> list[str]:
    """Return the ids of a table."""
    return [fields["id"] for fields in _read(text, file, "id")]


def row(text: str, file: str, name: str) -> Row:
    """Return the row of an id; it counts as none of the file, for people edit the folder that it comes from."""
    return Row(0, next(fields for fields in _read(text, file, "id") if fields["id"] == name))


def _lever(folder: Folder) -> dict[str, str]:
    fields = folder.lever.model_dump()
    title, effect, cost = (fields.pop(name) for name in ("title", "effect", "cost"))
    described = [_both(name, fields.pop(name)) for name in ("meaning", "acts_on", "side_effects", "note")]
    return _plain({
        **fields,
        "id": folder.id,
        "title_en": title["en"],
        "title_zh": title["zh"],
        **{column: words for pair in described for column, words in pair.items()},
        **{f"effect_{name}": effect[name] for name in _EFFECT},
        **{name: cost[name] for name in _COST},
        "cost_evidence": cost["evidence"],
    })


def _both(name: str, words: Mapping[str, str] | None) -> dict[str, str]:
    """Return the columns of words in both languages, empty ones for none."""
    return {name: words["en"], f"{name}_zh": words["zh"]} if words else {}


def _indicator(name: str, entry: IndicatorEntry) -> dict[str, str]:
    fields = entry.model_dump()
    title, definition, target = (fields.pop(part) for part in ("title", "definition", "target"))
    return _plain({
        **fields,
        "id": name,
        "title_en": title["en"],
        "title_zh": title["zh"],
        "definition": definition["en"],
        "definition_zh": definition["zh"],
        **{f"target_{part}": (target or {}).get(part) for part in _TARGET},
        indicators.BINDING: (target or {}).get(indicators.BINDING),
    })


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _read(text: str, file: str, key: str) -> list[dict[str, str]]:
    return [line.fields for line in rows_of(text, (key,), Findings(file))]


def _columns(text: str, file: str) -> list[str]:
    return cells.split(text.partition("\n")[0], file)[0]


def _text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()
