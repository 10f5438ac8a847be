"""The report as PDF: landscape pages, a font of this machine within it, pictures drawn by Vega."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from xiancheng.charts import draw
from xiancheng.comparison.report import letters
from xiancheng.comparison.report.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Report,
    ReportTable,
    Section,
    fitted,
)
from xiancheng.errors import MissingPart

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT = "report"
_DENSE = (9.5, 8.5, 7.5, 6.8, 6.2, 5.6)
"""Letters that the one page of the full report may take so that it holds the whole answer [points]."""
_GREY, _BLACK, _BLUE = 90, 30, (0, 86, 138)
_MARGIN = 14.0
_PICTURE_WIDTH = 262.0
_PIXELS_A_MM = 5.2
_CHINESE = 0x2E7F
_OPENING, _CLOSING = "（“《", "，。；：、）”》？！"
_LONG = 40
_TEXT_WIDTH = 297.0 - 2 * _MARGIN
_TEXT_LINE = 0.47
"""Height of a line of text for each point of its letters [mm]."""
_PADDING = 2.4
"""What a cell keeps free on both sides together [mm]."""
_ABOVE = 28.0
"""What the heading of a part and the title of a picture take above it [mm]."""
_BEGINNING = 24.0
"""What of a part that does not begin with a picture stands below its heading at least [mm]."""
_SMALL, _FEWEST = 0.35, 5
"""Part of a page up to which a table is not parted by its end, and lines that stand before the end of larger ones."""
_LINE, _ROOM, _CAPTION = 1.28, 0.35, 9.0
"""Height of a line in heights of its letters; what stays free above and below a row; what a caption takes [mm]."""
_INNER = _PADDING - 0.2
"""The same with what rounding may take."""
_WIDEST = 120.0
"""What a column takes at most of its own accord [mm]."""


@dataclass(frozen=True)
class Letters:
    """Sizes of letters [points], of text, notes and tables (densest, widest apart), and how high a picture is [mm]."""

    body: float
    note: float = 8.0
    table: tuple[float, float] = (8.0, 8.5)
    picture: float = 150.0


_FULL = Letters(9.5)
_SHORT = Letters(9.5, 8.0, (8.0, 8.5), 54.0)
_FIRST = (Letters(9.5, 8.0, (9.0, 9.0)), Letters(9.0, 8.0, (9.0, 9.0)), Letters(9.0, 7.5, (8.5, 8.5)),
          Letters(9.0, 7.5, (8.0, 8.0)), Letters(9.0, 7.0, (7.5, 7.5)))
"""What page one of the short report may take, the first that fits."""


def content(report: Report) -> bytes:
    """Return the file.

    Args:
        report: the report.

    Raises:
        MissingFont: no font of this machine holds what the report says.
    """
    font = letters.font(report.characters())
    page = _page(report, font)
    with draw.aside([figure.chart for figure in report.figures()], font.family) as png:
        return _filled(page, report, png)


def _filled(page: FPDF, report: Report, png: draw.Draw) -> bytes:
    page.add_page()
    page.set_font(_FONT, size=13 if report.is_short else 16)
    page.multi_cell(0, 7, report.title, new_x="LMARGIN", new_y="NEXT", align="L")
    page.set_font(_FONT, size=_FULL.body)
    page.set_text_color(_GREY)
    page.multi_cell(0, 6, report.subtitle, new_x="LMARGIN", new_y="NEXT", align="L")
    usual = _SHORT if report.is_short else _FULL
    for position, part in enumerate(report.parts):
        if position == 1 or (position and not report.is_short):
            page.add_page()
        if page.will_page_break(_ABOVE + (usual.picture if isinstance(part.blocks[0], Picture) else _BEGINNING)):
            page.add_page()
        page.start_section(f"{part.number} {part.title}")
        _heading(page, f"{part.number} {part.title}", 15 if position else 12)
        _blocks(page, part, png, usual if position else _fitting(page, part, png))
    return bytes(page.output())


def _blocks(page: FPDF, part: Section, png: draw.Draw, sizes: Letters) -> None:
    for block in part.blocks:
        _block(page, block, png, sizes)


def _fitting(page: FPDF, part: Section, png: draw.Draw) -> Letters:
    """Return the largest letters at which a part ends on the page where it begins."""
    is_appraisal = isinstance(part.blocks[0], ReportTable)
    choices = _FIRST if is_appraisal else tuple(Letters(size) for size in _DENSE)
    for sizes in choices:
        with page.offset_rendering() as trial:
            _blocks(cast("FPDF", trial), part, png, sizes)
        if not trial.page_break_triggered:
            return sizes
    return choices[-1]


def _page(report: Report, font: letters.Font) -> FPDF:
    try:
        from fpdf import FPDF
    except ImportError:
        raise MissingPart("report", "fpdf2") from None

    class Page(FPDF):
        """A page with the footer of the report."""

        def footer(self) -> None:
            """Write the footer and the number of the page."""
            self.set_y(-11)
            self.set_font(_FONT, size=7)
            self.set_text_color(_GREY)
            numbers = report.words["page"].format(number=self.page_no(), count="{nb}")
            self.cell(0, 5, f"{report.footer} · {numbers}", align="L")

    page = Page(orientation="L", format="A4")
    page.set_margins(_MARGIN, 12, _MARGIN)
    page.set_auto_page_break(True, margin=14)
    page.add_font(_FONT, "", font.file, collection_font_number=font.number)
    page.add_font(_FONT, "B", font.file, collection_font_number=font.number)
    page.set_title(report.title)
    page.set_subject(report.subtitle)
    page.set_creator(f"xiancheng {report.manifest['version']}")
    page.set_keywords(json.dumps({key: report.manifest[key] for key in ("scenarios_sha256", "data_sha256")}))
    page.set_lang("zh-CN" if report.language == "zh" else "en")
    return page


def _heading(page: FPDF, words: str, size: float) -> None:
    page.ln(1)
    if page.will_page_break(size + 8):
        page.add_page()
    page.set_font(_FONT, size=size)
    page.set_text_color(*_BLUE)
    page.multi_cell(0, size * 0.5, words, new_x="LMARGIN", new_y="NEXT", align="L")
    page.set_text_color(_BLACK)
    page.ln(0.5)


def _words(page: FPDF, words: str, size: float, grey: bool = False) -> None:
    page.set_font(_FONT, size=size)
    page.set_text_color(_GREY if grey else _BLACK)
    lines = _wrapped(page, words, _TEXT_WIDTH - 3)
    page.multi_cell(0, size * _TEXT_LINE, lines, new_x="LMARGIN", new_y="NEXT", align="L")
    page.ln(0.6)


def _wrapped(page: FPDF, words: str, width: float) -> str:
    """Return words in lines of at most a width [mm]: broken at blanks and after Chinese letters only."""
    lines, line, used = [], "", 0.0
    for part in _pieces(words):
        size = page.get_string_width(part)
        if line and used + page.get_string_width(part.rstrip()) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + part, used + size
    return "\n".join([*lines, line])


def _pieces(words: str) -> list[str]:
    """Return what may not be broken: Latin words with the blank behind them, Chinese letters one by one."""
    pieces: list[str] = []
    for letter in words:
        last = pieces[-1] if pieces else ""
        joins = last and (
            letter in _CLOSING or last[-1] in _OPENING
            or (ord(letter) <= _CHINESE and ord(last[-1]) <= _CHINESE and last[-1] != " " and len(last) < _LONG)
            or letter == " "
        )
        if joins:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _block(page: FPDF, block: Block, png: draw.Draw, sizes: Letters) -> None:
    if isinstance(block, Heading):
        _heading(page, block.words, sizes.body + 1)
    elif isinstance(block, Paragraph):
        _words(page, block.words, sizes.note if block.kind == "note" else sizes.body, block.kind == "note")
    elif isinstance(block, Bullets):
        for item in block.items:
            _words(page, f"· {item}", sizes.body)
    elif isinstance(block, ReportTable):
        _table(page, block, sizes)
    elif isinstance(block, Picture):
        _figure(page, block, png, sizes)


def _table(page: FPDF, table: ReportTable, sizes: Letters) -> None:
    from fpdf.fonts import FontFace

    if table.annex:
        _heading(page, table.title, 9.5)
        _words(page, table.annex, sizes.note, True)
        return
    rows = [table.heads, *(tuple(cell.words for cell in row) for row in table.rows)]
    page.set_font(_FONT, size=sizes.table[1])
    wide = [[page.get_string_width(words) for words in row] for row in rows]
    natural = [min(max(column), _WIDEST) + _PADDING for column in zip(*wide, strict=True)]
    shrink = min(max(_TEXT_WIDTH / sum(natural), sizes.table[0] / sizes.table[1]), 1.0)
    page.set_font(_FONT, size=sizes.table[1] * shrink)
    columns = fitted([width * shrink + _PADDING * (1 - shrink) for width in natural], _TEXT_WIDTH)
    lines = [[words if width * shrink <= room - _INNER else _wrapped(page, words, room - _INNER)
              for words, width, room in zip(row, own, columns, strict=True)]
             for row, own in zip(rows, wide, strict=True)]
    high = page.font_size * _LINE
    _keep_whole(page, [max(cell.count("\n") + 1 for cell in line) * high + 2 * _ROOM for line in lines])
    _heading(page, table.title, 9.5)
    page.set_font(_FONT, size=sizes.table[1] * shrink)
    page.set_text_color(_BLACK)
    page.set_draw_color(190)
    with page.table(col_widths=columns, width=sum(columns), align="LEFT", text_align="LEFT", line_height=high,
                    padding=(_ROOM, 0.8), headings_style=FontFace(fill_color=(238, 242, 245))) as shown:
        heads = shown.row()
        for head in lines[0]:
            heads.cell(head)
        for row, words in zip(table.rows, lines[1:], strict=True):
            line = shown.row()
            for cell, word in zip(row, words, strict=True):
                line.cell(word, align="RIGHT" if cell.is_figure else "LEFT")
    page.ln(1)
    for note in table.notes:
        _words(page, note, sizes.note, True)


def _keep_whole(page: FPDF, rows: Sequence[float]) -> None:
    """Begin a page where its end would part a small table, or leave of a large one no more than the head.

    Args:
        page: the document.
        rows: heights of the head and the rows [mm].
    """
    high, first = sum(rows) + _CAPTION, sum(rows[:_FEWEST]) + _CAPTION
    if page.will_page_break(high if high <= page.eph * _SMALL else first):
        page.add_page()


def _figure(page: FPDF, figure: Picture, png: draw.Draw, sizes: Letters) -> None:
    picture = png(figure.chart)
    wide, high = draw.size(picture)
    width = min(_PICTURE_WIDTH, wide / _PIXELS_A_MM, sizes.picture * wide / high)
    if page.will_page_break(width * high / wide + 10 + len(figure.chart.notes) * (sizes.note * _TEXT_LINE + 0.6)):
        page.add_page()
    _heading(page, figure.title, 10)
    page.image(io.BytesIO(picture), w=width, alt_text=figure.chart.alt or figure.chart.title)
    for note in figure.chart.notes:
        _words(page, note, sizes.note, True)
