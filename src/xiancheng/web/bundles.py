"""Bundles of levers: a few sliders by group of articles, one row each in scenarios/page/bundles.csv.

A lever says in levers.csv which bundle holds it; tables of before name their levers in a column of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiancheng.model.reading import Findings, Row, no_duplicates, one_of, read_rows
from xiancheng.scenarios.levers import Lever, filled
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

FILE = "page/bundles.csv"
COLUMNS = ("id", "group", "title_en", "title_zh")
OPTIONAL = ("levers",)
GROUPS = ("people", "industry", "homes", "networks", "green", "safety", "finance", "other")


@dataclass(frozen=True)
class Bundle:
    """Levers that one slider moves together.

    Attributes:
        id: its name.
        group: of GROUPS.
        title: by language.
        levers: their ids.
    """

    id: str
    group: str
    title: Mapping[str, str]
    levers: tuple[str, ...]


def read(study: Study, levers: Mapping[str, Lever]) -> tuple[Bundle, ...]:
    """Return the bundles of a study; levers that stand in none make a bundle each.

    Args:
        study: the study; without a table of bundles every lever stands alone.
        levers: its levers.

    Raises:
        StudyError: every problem of the table.
    """
    file = study.scenarios / FILE
    bundles = _read(study, levers) if file.is_file() else []
    placed = {name for bundle in bundles for name in bundle.levers}
    alone = [Bundle(name, lever.group or "other", lever.title, (name,))
             for name, lever in levers.items() if name not in placed]
    return (*bundles, *alone)


def _read(study: Study, levers: Mapping[str, Lever]) -> list[Bundle]:
    findings = Findings(str(study.scenarios / FILE))
    rows = read_rows(study.scenarios / FILE, COLUMNS, findings, OPTIONAL)
    no_duplicates(rows, ["id"], findings)
    bundles = []
    placed: set[str] = set()
    for row in rows:
        filled(row, COLUMNS, findings)
        one_of(row, "group", GROUPS, findings)
        bundle = Bundle(row["id"], row["group"], {"en": row["title_en"], "zh": row["title_zh"]}, _levers(row, levers))
        _note_levers(bundle, levers, placed, row.number, findings)
        placed |= set(bundle.levers)
        bundles.append(bundle)
    for lever in levers.values():
        if lever.bundle and lever.bundle not in {bundle.id for bundle in bundles}:
            findings.add(phrase("page.no_bundle", lever=lever.id, id=lever.bundle),
                         phrase_list(bundle.id for bundle in bundles))
    findings.stop()
    return [bundle for bundle in bundles if bundle.levers]


def _levers(row: Row, levers: Mapping[str, Lever]) -> tuple[str, ...]:
    named = tuple(name.strip() for name in row["levers"].split(";") if name.strip())
    return named or tuple(lever.id for lever in levers.values() if lever.bundle == row["id"])


def _note_levers(bundle: Bundle, levers: Mapping[str, Lever], placed: set[str], line: int, findings: Findings) -> None:
    """Note levers that the study does not have, and those that an earlier bundle holds."""
    for name in bundle.levers:
        if name not in levers:
            findings.add(phrase("lever.unknown", id=name), phrase("lever.allowed"), did_you_mean(name, levers), line)
    twice = placed & set(bundle.levers)
    if twice:
        findings.add(phrase("page.bundle_twice", levers=phrase_list(sorted(twice))), phrase("page.bundle_once"), "",
                     line)
