"""The text of the policy: every article speaks, every clause has levers or a reason, every lever stands in a clause."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.outputs import articles
from xiancheng.scenarios import levers
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
Rows = list[dict[str, str]]
Change = Callable[[Rows], Rows]


def study_with(tmp_path: Path, changes: dict[str, Change] | None = None) -> Study:
    """A study with the tables of this one, in which clauses name only levers that exist, then changed."""
    for folder in ("scenarios", "outputs", "model"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.toml", "baseline", "levers"))
    study = Study(tmp_path)
    there = set(levers.read(study))

    def existing(rows: Rows) -> Rows:
        return [row | {"levers": "; ".join(name for name in articles.ids(row["levers"]) if name in there)}
                for row in rows if there & set(articles.ids(row["levers"]))]

    def without_unknown(rows: Rows) -> Rows:
        return [row | {"stands_in": ""} for row in rows]

    for table, change in [(articles.CLAUSES, existing), (articles.GAPS, without_unknown), *(changes or {}).items()]:
        file = study.scenarios / table
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        with file.open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, articles.COLUMNS[table], lineterminator="\n")
            writer.writeheader()
            writer.writerows(change(rows))
    return study


def test_the_text_is_whole_for_the_levers_there_are(tmp_path: Path) -> None:
    """Every lever stands in a clause of each article that its row names; nothing else is wrong."""
    articles.check(study_with(tmp_path))


def test_the_text_of_the_study_has_every_article_and_what_is_left_out(study: Study) -> None:
    """The articles stand in their order, and those with neither a clause nor a reason are found, not passed over."""
    text = articles.read(study)
    numbers = [int(name) for name in text.articles if name.isdecimal()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(text.clauses_of(name) or text.gaps_of(name) for name in text.articles)
    assert all(text.clauses_of(str(number)) for number in numbers)


@pytest.mark.parametrize(("table", "change", "sentence"), [
    (articles.CLAUSES, lambda rows: [rows[0] | {"levers": "county_industri"}, *rows[1:]], "county_industri"),
    (articles.CLAUSES, lambda rows: [row for row in rows if "county_industry" not in row["levers"]],
     "county_industry names article 3"),
    (articles.CLAUSES, lambda rows: [rows[0] | {"article": "99"}, *rows], "'99'"),
    (articles.CLAUSES, lambda rows: [rows[0] | {"levers": ""}, *rows], "levers"),
    (articles.GAPS, lambda rows: [rows[0] | {"reason_zh": ""}, *rows[1:]], "reason_zh"),
    (articles.GAPS, lambda rows: [row for row in rows if row["article"] != "general"], "about article general"),
    (articles.GAPS, lambda rows: [rows[0] | {"stands_in": "goodwill"}, *rows[1:]], "goodwill"),
    (articles.ARTICLES, lambda rows: [*rows, rows[-1]], "IX stands here and in row"),
])
def test_what_is_wrong_in_the_text_is_told_with_its_row(
    tmp_path: Path, table: str, change: Change, sentence: str
) -> None:
    with pytest.raises(StudyError, match=sentence) as caught:
        articles.check(study_with(tmp_path, {table: change}))
    assert all(problem.file.endswith(".csv") for problem in caught.value.problems)


def test_a_study_without_a_text_has_none(tmp_path: Path) -> None:
    assert not articles.read(Study(tmp_path)).articles
    articles.check(Study(tmp_path))
