"""The text of the policy, article by article: what it asks for, the levers of each clause, what is left out and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xiancheng.errors import StudyError
from xiancheng.model.reading import Findings, Row, no_duplicates, one_of, read_rows
from xiancheng.outputs import evaluation
from xiancheng.scenarios import assumptions, levers
from xiancheng.scenarios.levers import filled
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, did_you_mean, phrase

ARTICLES, CLAUSES, GAPS = "articles.csv", "clauses.csv", "not_modelled.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    ARTICLES: ("article", "aim", "title_en", "title_zh", "asks_en", "asks_zh"),
    CLAUSES: ("article", "clause_en", "clause_zh", "levers"),
    GAPS: ("article", "clause_en", "clause_zh", "reason_en", "reason_zh", "stands_in"),
}
_MAY_BE_EMPTY = ("aim", "stands_in")


@dataclass(frozen=True)
class Article:
    """An article of the text, in our words.

    Attributes:
        id: its number, or the name of a part without one.
        aim: the aim of the evaluation that it serves, "" for none.
        title: by language; what it asks for likewise.
    """

    id: str
    aim: str
    title: Mapping[str, str]
    asks: Mapping[str, str]


@dataclass(frozen=True)
class Clause:
    """A clause that levers stand for: its article, its words by language, ids of the levers."""

    article: str
    words: Mapping[str, str]
    levers: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """A clause that is not modelled: its article, its words and the reason by language, ids of what stands in."""

    article: str
    words: Mapping[str, str]
    reason: Mapping[str, str]
    stands_in: tuple[str, ...]


@dataclass(frozen=True)
class PolicyText:
    """The whole text; a study that speaks to none has an empty one.

    Attributes:
        articles: by id, in their order; clauses and gaps in the order of their tables.
    """

    articles: Mapping[str, Article]
    clauses: tuple[Clause, ...]
    gaps: tuple[Gap, ...]

    def clauses_of(self, article: str) -> tuple[Clause, ...]:
        """Return the clauses of an article."""
        return tuple(clause for clause in self.clauses if clause.article == article)

    def gaps_of(self, article: str) -> tuple[Gap, ...]:
        """Return what of an article is not modelled."""
        return tuple(gap for gap in self.gaps if gap.article == article)


def read(study: Study) -> PolicyText:
    """Read the three tables of the text; a study without articles.csv speaks to no text.

    Raises:
        StudyError: a table is not as it must be.
    """
    if not (study.scenarios / ARTICLES).is_file():
        return PolicyText({}, (), ())
    rows = {name: _rows(study, name)[0] for name in COLUMNS}
    articles = [Article(row["article"], row["aim"], _words(row, "title"), _words(row, "asks"))
                for row in rows[ARTICLES]]
    clauses = [Clause(row["article"], _words(row, "clause"), ids(row["levers"])) for row in rows[CLAUSES]]
    gaps = [Gap(row["article"], _words(row, "clause"), _words(row, "reason"), ids(row["stands_in"]))
            for row in rows[GAPS]]
    return PolicyText({article.id: article for article in articles}, tuple(clauses), tuple(gaps))


def ids(cell: str) -> tuple[str, ...]:
    """Return the ids of a cell, parted by semicolons."""
    return tuple(word.strip() for word in cell.split(";") if word.strip())


def own_indicators(clause: Clause, catalogue: Mapping[str, levers.Lever]) -> tuple[str, ...]:
    """Return the indicators that show the levers of a clause, each once; a lever that is not there shows in none."""
    return tuple(dict.fromkeys(catalogue[name].own_indicator for name in clause.levers if name in catalogue))


def check(study: Study) -> None:
    """Hold the text against the levers: each clause has levers or a reason, each lever a clause, each article a row.

    Raises:
        StudyError: every problem of the tables.
    """
    if not (study.scenarios / ARTICLES).is_file():
        return
    text, catalogue = read(study), levers.read(study)
    problems = []
    for name in COLUMNS:
        rows, findings = _rows(study, name)
        for row in rows:
            filled(row, tuple(column for column in COLUMNS[name] if column not in _MAY_BE_EMPTY), findings)
        if name == ARTICLES:
            no_duplicates(rows, ("article",), findings)
            spoken_of = {clause.article for clause in text.clauses} | {gap.article for gap in text.gaps}
            _every_article(rows, spoken_of, findings)
            _aims_exist(rows, [aim.id for aim in evaluation.read(study)], findings)
        else:
            _articles_exist(rows, text.articles, findings)
        if name == CLAUSES:
            _levers_exist(rows, "levers", catalogue, findings)
            _every_lever(text, catalogue, findings)
        if name == GAPS:
            _levers_exist(rows, "stands_in", (*catalogue, *assumptions.read(study)), findings)
        problems += findings.problems
    if problems:
        raise StudyError(problems)


def _rows(study: Study, name: str) -> tuple[list[Row], Findings]:
    findings = Findings(str(study.scenarios / name))
    return read_rows(study.scenarios / name, COLUMNS[name], findings), findings


def _words(row: Row, column: str) -> dict[str, str]:
    return {language: row[f"{column}_{language}"] for language in LANGUAGES}


def _every_article(rows: list[Row], spoken_of: Collection[str], findings: Findings) -> None:
    for row in rows:
        if row["article"] not in spoken_of:
            silent = phrase("article.silent", article=row["article"])
            findings.add(silent, phrase("article.silent_allowed", clauses=CLAUSES, gaps=GAPS), "", row.number)


def _aims_exist(rows: list[Row], aims: list[str], findings: Findings) -> None:
    for row in rows:
        if row["aim"] and aims:
            one_of(row, "aim", aims, findings)


def _articles_exist(rows: list[Row], articles: Collection[str], findings: Findings) -> None:
    for row in rows:
        if row["article"] not in articles:
            unknown = phrase("table.is", column="article", value=repr(row["article"]))
            hint = did_you_mean(row["article"], articles)
            findings.add(unknown, phrase("article.allowed", file=ARTICLES), hint, row.number)


def _levers_exist(rows: list[Row], column: str, names: Collection[str], findings: Findings) -> None:
    for row in rows:
        for name in ids(row[column]):
            if name not in names:
                allowed = phrase(f"article.{column}", gaps=GAPS)
                findings.add(phrase("lever.unknown", id=name), allowed, did_you_mean(name, names), row.number)


def _every_lever(text: PolicyText, catalogue: Mapping[str, levers.Lever], findings: Findings) -> None:
    """Note levers that stand in no clause, or in none of an article that their row names."""
    for name, lever in catalogue.items():
        inside = {clause.article for clause in text.clauses if name in clause.levers}
        for article in ids(lever.article):
            if article not in inside:
                sentence = phrase("article.no_clause", lever=name, article=article)
                findings.add(sentence, phrase("article.no_clause_allowed", file=CLAUSES))
