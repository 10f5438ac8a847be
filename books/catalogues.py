"""The books of levers, packages, indicators and assumptions in both languages, and the data book."""

from __future__ import annotations

import re
from collections.abc import Iterable

from books.words import code, page, plain, table
from xiancheng.cells import split, text
from xiancheng.cli.session import Session
from xiancheng.cli.show import Sheet, sheets_of
from xiancheng.outputs import indicators
from xiancheng.scenarios import assumptions, levers, scenario
from xiancheng.study import Study

TITLES = {
    "levers": ("Lever book", "政策工具手册"), "scenarios": ("Scenarios and packages", "情景与政策组合"),
    "indicators": ("Indicator book", "指标手册"), "assumptions": ("Assumptions", "假设"),
}
_INTRODUCTIONS = {
    "levers": ("Each lever: what a government sets, how far and how fast, what it moves, what it costs and who pays. ",
               "每项政策工具：可调范围与推进速度、作用对象、费用及承担者。"),
    "scenarios": ("Each scenario that ships with the study, with its settings. ", "随研究提供的每个情景及其设置。"),
    "indicators": ("Each indicator: what it is, how it comes from the equations, its target and its evidence. ",
                   "每项指标：定义、由方程得出的方式、目标值与证据等级。"),
    "assumptions": ("What nobody sets: the range of each and where it comes from. ",
                    "无人能够设定的外部条件：各自的范围与来源。"),
}


def pages(study: Study) -> dict[str, str]:
    """Return the pages of all catalogues by their path.

    Raises:
        StudyError: a table or scenario that cannot be read.
    """
    ids: dict[str, Iterable[str]] = {
        "levers": levers.read(study), "scenarios": scenario.files(study), "indicators": indicators.read(study),
        "assumptions": assumptions.read(study),
    }
    made = {}
    for position, language in enumerate(("en", "zh")):
        session = Session(language, study.root)
        for kind, names in ids.items():
            end = "" if language == "en" else ".zh"
            made[f"catalogue/{kind}{end}.md"] = _catalogue(session, kind, list(names), position)
    return made | {"data.md": _data(study)}


def _catalogue(session: Session, kind: str, names: list[str], position: int) -> str:
    entries = [(name, dict(_sheet(session, kind, name))) for name in names]
    listed = [(f"[{plain(sheet['title'])}](#{name})", code(name)) for name, sheet in entries]
    introduction = _INTRODUCTIONS[kind][position] + f"({len(names)})"
    return page(TITLES[kind][position], introduction, table((session.words("cli.column.title"), "id"), listed),
                *(_entry(session, name, sheet) for name, sheet in entries), wide=True)


def _sheet(session: Session, kind: str, name: str) -> Sheet:
    """Return the sheet of the kind: an id may be that of a lever and of an indicator too."""
    return next(sheet for sheet in sheets_of(session, name) if sheet[0][0] == kind.removesuffix("s"))


def _entry(session: Session, name: str, sheet: dict[str, str]) -> str:
    rows = [(session.words(f"cli.column.{column}"), code(words) if words == name else plain(words))
            for column, words in sheet.items() if words and column not in ("title", "meaning", "sentence", "file")]
    head = f"## {plain(sheet['title'])} {{ #{name} }}"
    return "\n\n".join([head, plain(sheet.get("meaning") or sheet.get("sentence", "")), table(("", ""), rows)])


def _data(study: Study) -> str:
    sources = _rows(study, "sources.csv")
    columns = ("title", "published_in", "licence", "note")
    listed = [(code(row["id"]), *(plain(row[column]) for column in columns)) for row in sources]
    return page(
        "Data book",
        "The tidy tables that the model reads: each row has its unit, evidence mark, source and licence. "
        "What the marks ask for: [evidence](evidence.md); terms: [data licences](DATA_LICENCES.md).",
        "## Tables", _tables(study),
        "## Sources", table(("id", "title", "published in", "licence", "note"), listed), wide=True)


def _tables(study: Study) -> str:
    readme = (study.tables / "README.md").read_text(encoding="utf-8")
    about = dict(re.findall(r"^\| `([a-z0-9_]+\.csv)`[^|]*\| (.*) \|$", readme, flags=re.MULTILINE))
    rows = []
    for file in sorted(study.tables.glob("*.csv")):
        head, *lines = split(text(file, file.name), file.name)
        rows.append((code(file.name), about.get(file.name, ""), str(len(lines)), ", ".join(map(code, head))))
    return table(("table", "what it holds", "rows", "columns"), rows)


def _rows(study: Study, name: str) -> list[dict[str, str]]:
    head, *lines = split(text(study.tables / name, name), name)
    return [dict(zip(head, line, strict=True)) for line in lines]
