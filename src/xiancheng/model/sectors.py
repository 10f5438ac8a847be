"""What the sectors of the equations are called in both languages: model/sectors.csv."""

from __future__ import annotations

from collections.abc import Mapping

from xiancheng.model import catalogue
from xiancheng.model.reading import Findings, no_duplicates, rows_if_any
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, did_you_mean, phrase, phrase_list

FILE = "model/sectors.csv"
COLUMNS = ("sector", "title_en", "title_zh")


def titles(study: Study) -> Mapping[str, Mapping[str, str]]:
    """Return the titles of sectors by language, by their name in the equations; none where no such table is there.

    Raises:
        StudyError: everything wrong in the table, at once, and names that are no sector.
    """
    findings = Findings(str(study.root / FILE))
    rows = rows_if_any(study, FILE, COLUMNS, findings)
    no_duplicates(rows, COLUMNS[:1], findings)
    sectors = catalogue.groups(study) if rows else []
    for row in rows:
        if row["sector"] not in sectors:
            findings.add(phrase("sector.unknown", name=row["sector"]), phrase_list(sectors),
                         did_you_mean(row["sector"], sectors), row.number)
    findings.stop()
    return {row["sector"]: {language: row[f"title_{language}"] for language in LANGUAGES} for row in rows}
