"""Bundles of levers: a few sliders by group of articles, one row each in scenarios/page/bundles.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiancheng.model.reading import Findings, no_duplicates, one_of, read_rows
from xiancheng.scenarios.levers import Lever, filled
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

FILE = "page/bundles.csv"
COLUMNS = ("id", "group", "title_en", "title_zh", "levers")
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
    found = _read(study, levers) if file.is_file() else []
    placed = {name for bundle in found for name in bundle.levers}
    alone = [Bundle(name, "other", lever.title, (name,)) for name, lever in levers.items() if name not in placed]
    return (*found, *alone)


def _read(study: Study, levers: Mapping[str, Lever]) -> list[Bundle]:
    findings = Findings(str(study.scenarios / FILE))
    rows = read_rows(study.scenarios / FILE, COLUMNS, findings)
    no_duplicates(rows, ["id"], findings)
    found: list[Bundle] = []
    placed: set[str] = set()
    for row in rows:
        filled(row, COLUMNS, findings)
        one_of(row, "group", GROUPS, findings)
        names = tuple(name.strip() for name in row["levers"].split(";") if name.strip())
        for name in names:
            if name not in levers:
                allowed = phrase("lever.allowed")
                findings.add(phrase("lever.unknown", id=name), allowed, did_you_mean(name, levers), row.number)
        twice = placed & set(names)
        if twice:
            findings.add(phrase("page.bundle_twice", levers=phrase_list(sorted(twice))), phrase("page.bundle_once"),
                         "", row.number)
        placed |= set(names)
        found.append(Bundle(row["id"], row["group"], {"en": row["title_en"], "zh": row["title_zh"]}, names))
    findings.stop()
    return found
