"""The words of a study for its units, in both languages: units.csv; what every study counts in has its own words."""

from __future__ import annotations

from pathlib import Path

from xiancheng import cells
from xiancheng.errors import Problem, StudyError
from xiancheng.model.reading import Findings, Row, no_duplicates, read_study_rows, read_table, rows_if_any
from xiancheng.outputs import indicators
from xiancheng.scenarios import assumptions, levers
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, PERCENT_UNITS, Language, phrase, text

FILE = "outputs/units.csv"
COLUMNS = ("unit", "en", "zh", "column_en", "column_zh")
_NUMBER = "{number}"
REFERENCES = "outputs/references.csv"
"""What sources, and notes and published figures of indicators, which stand in English, are in Chinese.

Titles of works stay as they are."""


def words(study: Study) -> dict[str, dict[str, str]]:
    """Return the texts of the units of a study by key, none where it has no table of them.

    Returns:
        `unit.X`: how a number in that unit is written; `unit_column.X`: the unit in a column of its own.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    findings = Findings(str(study.root / FILE))
    rows = rows_if_any(study, FILE, COLUMNS, findings, (levers.OWNER,))
    no_duplicates(rows, ("unit",), findings)
    texts: dict[str, dict[str, str]] = {}
    for row in rows:
        _check(row, findings)
        if row["en"]:
            texts[f"unit.{row['unit']}"] = {language: row[language] for language in LANGUAGES}
        if row["column_en"]:
            texts[f"unit_column.{row['unit']}"] = {language: row[f"column_{language}"] for language in LANGUAGES}
    findings.stop()
    return texts


def references(study: Study) -> dict[str, dict[str, str]]:
    """Return the Chinese of sources and notes of a study by key, `source.X`; none where it has no table of them.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    findings = Findings(str(study.root / REFERENCES))
    rows = rows_if_any(study, REFERENCES, ("source", "zh"), findings)
    no_duplicates(rows, ("source",), findings)
    findings.stop()
    return {f"source.{row['source']}": {"en": row["source"], "zh": row["zh"]} for row in rows}


def source(words: str, language: str) -> str:
    """Return a source or note in a language, as it is written where the study has no other words for it."""
    key = f"source.{words}"
    return text(key, language) if isinstance(language, Language) and language.knows(key) else words


def cost(amount: levers.Cost, language: str) -> str:
    """Return what one unit costs, in the words of the study for its unit."""
    from xiancheng.outputs.headline import unit_column  # brings numpy along, which help does without

    number = cells.number(amount.amount)
    return text("units.cost", language, number=amount.amount if number is None else f"{number:,.10g}",
                unit=unit_column(amount.unit, language))


def _check(row: Row, findings: Findings) -> None:
    for columns in (("en", "zh"), ("column_en", "column_zh")):
        if len({bool(row[column]) for column in columns}) > 1:
            findings.add(phrase("units.one_language", unit=row["unit"]), phrase("units.both"), "", row.number)
    for language in LANGUAGES:
        if row[language] and row[language].count(_NUMBER) != 1:
            findings.add(phrase("units.no_number", unit=row["unit"]), phrase("units.number"), "", row.number)


def spoken(study: Study, language: str) -> Language:
    """Return a language with the words of a study for its units.

    Args:
        study: the study.
        language: "zh" or "en".
    """
    return Language(language, {**words(study), **references(study)})


def check(study: Study) -> None:
    """Look for words in both languages for every unit of indicators, levers, their costs and assumptions.

    Raises:
        StudyError: no table of units, or units that have no words.
    """
    findings = Findings(str(study.root / FILE))
    read_study_rows(study, FILE, COLUMNS, findings, (levers.OWNER,))
    language = spoken(study, LANGUAGES[0])
    problems = [problem for file in _files(study) for problem in _without_words(file, language)]
    costs = {cost.unit for lever in levers.read(study).values() for cost in lever.costs}
    for unit in sorted(unit for unit in costs if not language.knows(f"unit_column.{unit}", f"unit.{unit}")):
        findings.add(phrase("units.none", unit=unit), phrase("units.both"), phrase("units.hint", file=FILE))
    if problems or findings.problems:
        raise StudyError([*problems, *findings.problems])


def _files(study: Study) -> tuple[Path, ...]:
    """Return the tables whose figures people read in their units."""
    return (study.outputs / indicators.FILE, study.scenarios / levers.FILE, study.scenarios / assumptions.FILE)


def _without_words(file: Path, language: Language) -> list[Problem]:
    findings = Findings(str(file))
    for row in read_table(file, ("unit",), findings, bare=True):
        unit = row["unit"]
        if unit and unit not in PERCENT_UNITS and not language.knows(f"unit.{unit}"):
            findings.add(phrase("units.none", unit=unit), phrase("units.both"), phrase("units.hint", file=FILE),
                         row.number)
    return findings.problems
