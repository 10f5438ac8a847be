"""The report as a document of parts and blocks, the same whatever form it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from xiancheng.charts.chart import Chart

_FIGURES = set("0123456789+-▲▼●◆")
_OF_SENTENCES = ("，", ", ")
"""What parts a sentence, but no number."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: words, and the number behind them where there is one.

    Attributes:
        words: as people read it.
        value: the number [unit], None for words alone.
        unit: of the number.
    """

    words: str
    value: float | None = None
    unit: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether it is a number to be set to the right, and not a sentence with one behind it."""
        is_sentence = any(mark in self.words for mark in _OF_SENTENCES)
        return self.value is not None and not is_sentence and (bool(self.unit) or self.words[:1] in _FIGURES)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; kind is "lead", "normal" or "note"."""

    words: str
    kind: str = "normal"


@dataclass(frozen=True)
class Heading:
    """A heading within a part."""

    words: str


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class ReportTable:
    """A table with a caption.

    Attributes:
        id: stable name; caption: what it shows.
        heads: title of each column; rows: cells in the order of the columns.
        notes: sentences below it.
        label: its number with the word before it, "" until it is counted.
        annex: what stands on paper instead of it where it is too long for that, "" for a table that is printed.
    """

    id: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    label: str = ""
    annex: str = ""

    @property
    def title(self) -> str:
        """Return the caption with the number before it."""
        return f"{self.label} {self.caption}".strip()

    @property
    def widths(self) -> tuple[float, ...]:
        """Return how wide each column has to be, in Latin characters."""
        columns = zip(self.heads, *([cell.words for cell in row] for row in self.rows), strict=True)
        return tuple(min(max(_width(words) for words in column), _WIDEST) for column in columns)

    def fitted(self, room: float) -> tuple[float, ...]:
        """Return the widths that fit a room: narrow columns keep theirs, the wide ones share what is left.

        Args:
            room: for all columns together, in Latin characters.
        """
        return fitted(self.widths, room)


@dataclass(frozen=True)
class Picture:
    """A chart with its caption and notes; label is its number with the word before it, "" until it is counted."""

    chart: Chart
    label: str = ""

    @property
    def title(self) -> str:
        """Return the title of the chart with the number before it."""
        return f"{self.label} {self.chart.title}".strip()


def fitted(widths: Sequence[float], room: float) -> tuple[float, ...]:
    """Return widths that fit a room: narrow columns keep theirs, the wide ones share what is left.

    Args:
        widths: of the columns [any unit].
        room: for all of them together [the same].
    """
    left, most = room, max(widths, default=0.0)
    for position, width in enumerate(sorted(widths)):
        share = left / (len(widths) - position)
        if width > share:
            most = share
            break
        left -= width
    return tuple(min(width, most) for width in widths)


_WIDEST = 80.0
_NARROWEST = 9.0


def _width(words: str) -> float:
    return max(_NARROWEST, sum(2.0 if ord(letter) > 0x2E7F else 1.0 for letter in words) + 1.0)


Block = Paragraph | Heading | Bullets | ReportTable | Picture


@dataclass(frozen=True)
class Section:
    """A part of the report."""

    number: int
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """The whole report.

    Attributes:
        title, subtitle: on the first page.
        language: "zh" or "en".
        parts: in their order.
        footer: what stands below every page.
        manifest: what makes it repeatable.
        table: the long table of all figures.
        words: texts of the forms: "contents", "unit" and the like, by name.
        is_short: whether it is for a meeting: few pages, larger letters.
        names: what ids of the long table are called: "column:id" where a column has its own word, else by id.
    """

    title: str
    subtitle: str
    language: str
    parts: tuple[Section, ...]
    footer: str
    manifest: Mapping[str, Any]
    table: pd.DataFrame
    words: Mapping[str, str] = field(default_factory=dict)
    is_short: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """Yield every block in its order."""
        for part in self.parts:
            yield from part.blocks

    def tables(self) -> list[ReportTable]:
        """Return every table."""
        return [block for block in self.blocks() if isinstance(block, ReportTable)]

    def figures(self) -> list[Picture]:
        """Return every figure."""
        return [block for block in self.blocks() if isinstance(block, Picture)]

    def characters(self) -> str:
        """Return all that is written in it, so that a font can be chosen that holds it."""
        texts = [self.title, self.subtitle, self.footer, *self.words.values()]
        for part in self.parts:
            texts.append(part.title)
            for block in part.blocks:
                texts += _words(block)
        return "".join(sorted(set("".join(texts))))


def _words(block: Block) -> Sequence[str]:
    if isinstance(block, (Paragraph, Heading)):
        return [block.words]
    if isinstance(block, Bullets):
        return block.items
    if isinstance(block, ReportTable):
        own = (cell.words for row in block.rows for cell in row)
        return [block.title, *block.heads, *block.notes, block.annex, *own]
    chart = block.chart
    cells = [value for row in chart.rows for value in row.values() if isinstance(value, str)]
    return [block.title, *chart.notes, *chart.columns.values(), *cells, str(chart.specification)]


def cells(*words: str) -> tuple[Cell, ...]:
    """Return cells that hold words alone."""
    return tuple(Cell(word) for word in words)
