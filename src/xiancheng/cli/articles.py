"""`articles`: the text of the policy article by article, on the screen, as rows, or as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from xiancheng import whole_files
from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import articles as tables
from xiancheng.outputs import files, indicators, targets, units
from xiancheng.outputs.articles import Article, Clause, Gap, PolicyText
from xiancheng.outputs.indicators import Indicator
from xiancheng.scenarios import assumptions, levers
from xiancheng.scenarios.levers import Lever
from xiancheng.texts import did_you_mean, phrase, phrase_list

Number = Annotated[str, typer.Argument(metavar="[N]", help="cli.articles.number")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE.md", help="cli.articles.output")]
_CLAUSE, _GAP = ("clause", "levers", "indicators", "targets"), ("not_modelled", "reason", "stands_in")
_MARKDOWN = ".md"


@dataclass(frozen=True)
class _Sheet:
    """What words are made of: the call, the text and what its ids stand for."""

    session: Session
    text: PolicyText
    levers: Mapping[str, Lever]
    indicators: Mapping[str, Indicator]
    titles: Mapping[str, str]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "articles")(articles)


def articles(session: Session, number: Number = "", form: Form = "table", output: Output = None) -> None:
    """Show the text of the policy article by article."""
    screen.checked(form)
    if output is not None and output.suffix != _MARKDOWN:
        raise StudyError(Problem(str(output), phrase("cli.articles.suffix"), _MARKDOWN))
    sheet = _sheet(session)
    if not sheet.text.articles:
        session.say("cli.articles.none")
        return
    chosen = _chosen(sheet.text, number)
    if output is not None:
        page = _page(sheet, chosen)
        files.try_place(output)
        whole_files.aside(output, lambda path: path.write_bytes(page))
        session.say("cli.wrote", file=str(output))
    elif form == "table":
        _show(sheet, chosen)
    else:
        columns = dict.fromkeys(("article", "title", *_CLAUSE, *_GAP), "")
        screen.rows(session, _records(sheet, chosen, columns), form, titles=columns)


def _sheet(session: Session) -> _Sheet:
    study, language = session.study, session.language
    catalogue = levers.read(study)
    titles = {name: item.title[language] for name, item in (catalogue | assumptions.read(study)).items()}
    return _Sheet(session, tables.read(study), catalogue, indicators.read(study), titles)


def _chosen(text: PolicyText, number: str) -> list[Article]:
    if not number:
        return list(text.articles.values())
    name = next((article for article in text.articles if article.lower() == number.strip().lower()), "")
    if not name:
        unknown = phrase("cli.articles.unknown", article=number)
        raise StudyError(Problem("", unknown, phrase_list(text.articles), did_you_mean(number, text.articles)))
    return [text.articles[name]]


def _show(sheet: _Sheet, chosen: Sequence[Article]) -> None:
    session = sheet.session
    for article in chosen:
        session.out.print(f"{_heading(sheet, article)}\n{article.asks[session.language]}\n", markup=False,
                          soft_wrap=True)
        for columns, lines in _tables(sheet, article):
            titles = {column: session.words(f"cli.articles.{column}") for column in columns}
            screen.table(session, [[line[column] for column in columns] for line in lines], titles, ())
            session.out.print()


def _page(sheet: _Sheet, chosen: Sequence[Article]) -> bytes:
    """Return the page of the docs."""
    session = sheet.session
    parts = [f"# {session.words('cli.articles.heading')}", session.words("cli.articles.intro")]
    for article in chosen:
        parts += [f"## {_heading(sheet, article)}", article.asks[session.language]]
        for columns, lines in _tables(sheet, article):
            rows = [[session.words(f"cli.articles.{column}") for column in columns], ["---"] * len(columns),
                    *([line[column].replace("|", "\\|") for column in columns] for line in lines)]
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _tables(sheet: _Sheet, article: Article) -> list[tuple[tuple[str, ...], list[dict[str, str]]]]:
    """Return the clauses of an article with levers and those without, each with their columns; none that is empty."""
    clauses = [_clause(sheet, clause) for clause in sheet.text.clauses_of(article.id)]
    gaps = [_gap(sheet, gap) for gap in sheet.text.gaps_of(article.id)]
    return [(columns, lines) for columns, lines in ((_CLAUSE, clauses), (_GAP, gaps)) if lines]


def _records(sheet: _Sheet, chosen: Sequence[Article], columns: Iterable[str]) -> list[dict[str, str]]:
    language = sheet.session.language
    return [dict.fromkeys(columns, "") | {"article": article.id, "title": article.title[language]} | line
            for article in chosen for _, lines in _tables(sheet, article) for line in lines]


def _heading(sheet: _Sheet, article: Article) -> str:
    title = article.title[sheet.session.language]
    if not article.id.isdecimal():
        return title
    return f"{sheet.session.words('article.number', article=article.id)} · {title}"


def _clause(sheet: _Sheet, clause: Clause) -> dict[str, str]:
    shown = [name for name in tables.own_indicators(clause, sheet.levers) if name in sheet.indicators]
    language = sheet.session.language
    aims = [_target(sheet, sheet.indicators[name]) for name in shown if sheet.indicators[name].row["target_value"]]
    return {
        "clause": clause.words[language],
        "levers": _joined(sheet, [_lever(sheet, name) for name in clause.levers]),
        "indicators": _joined(sheet, [sheet.indicators[name].title[language] for name in shown]),
        "targets": _joined(sheet, aims),
    }


def _gap(sheet: _Sheet, gap: Gap) -> dict[str, str]:
    language = sheet.session.language
    stands_in = [sheet.titles.get(name, name) for name in gap.stands_in]
    return {"not_modelled": gap.words[language], "reason": gap.reason[language], "stands_in": _joined(sheet, stands_in)}


def _lever(sheet: _Sheet, name: str) -> str:
    lever = sheet.levers.get(name)
    if lever is None:
        return sheet.session.words("cli.articles.coming", id=name)
    title = lever.title[sheet.session.language]
    return sheet.session.words("cli.articles.beyond", title=title) if lever.is_beyond else title


def _target(sheet: _Sheet, indicator: Indicator) -> str:
    session, row = sheet.session, indicator.row
    value = targets.written(row["target_value"], indicator.unit, session.language)
    return session.words("cli.articles.target", title=indicator.title[session.language], value=value,
                         year=row["target_year"], kind=session.words(f"binding.{indicator.binding}"),
                         source=units.source(row["target_source"], session.language))


def _joined(sheet: _Sheet, words: Sequence[str]) -> str:
    return sheet.session.words("cli.articles.separator").join(words)
