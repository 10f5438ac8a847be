"""Indicators that gave way to others: a file, link or call that names one is told the name of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiancheng.characters import near, titles
from xiancheng.model.reading import Findings, read_table
from xiancheng.study import Study
from xiancheng.texts import Phrase, did_you_mean, phrase

REPLACES = "replaces"
"""The column of indicators.csv with the id that an indicator bears no more."""


def read(study: Study) -> dict[str, str]:
    """Return the indicators that took the place of others, by the id of the other; none where the table names none.

    Raises:
        StudyError: a table of indicators that cannot be read.
    """
    file = study.outputs / "indicators.csv"
    if not file.is_file():
        return {}
    rows = read_table(file, ("id",), Findings(str(file)))
    return {row.fields[REPLACES]: row["id"] for row in rows if row.fields.get(REPLACES)}


def unknown(
    former: Mapping[str, str], name: str, names: Iterable[str], sentence: Phrase | None = None
) -> tuple[Phrase, Phrase | str]:
    """Return what to say of a name that is no indicator, and the next move.

    Args:
        former: the indicators that took the place of others, by the id of the other.
        name: what was read.
        names: what there is; a table of entries with titles is searched by these too.
        sentence: what to say of a name that never was one; that there is no such indicator when None.
    """
    if name in former:
        return phrase("indicator.former", id=name, now=former[name]), ""
    hint = near(name, titles(names)) if isinstance(names, Mapping) else did_you_mean(name, names)
    return sentence or phrase("indicator.unknown", id=name), hint
