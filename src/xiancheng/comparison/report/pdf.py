"""The report as PDF: landscape pages, a font of this machine within it, pictures drawn by Vega."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from xiancheng.charts import draw
from xiancheng.comparison.report import letters
from xiancheng.comparison.report.document import Block, Bullets, Figure, Heading, Paragraph, Report, Table
from xiancheng.errors import MissingPart

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT = "report"
_BODY, _SMALL = 10.0, 8.0
_GREY, _BLACK, _BLUE = 90, 30, (0, 86, 138)
_MARGIN = 14.0
_PICTURE_WIDTH, _PICTURE_HEIGHT = 235.0, 150.0
_PIXELS_A_MM = 5.2
_WIDE_TABLE = 8


def content(report: Report) -> bytes:
    """Return the file.

    Args:
        report: the report.

    Raises:
        MissingFont: no font of this machine holds what the report says.
    """
    font = letters.font(report.characters())
    page = _page(report, font)
    page.add_page()
    page.set_font(_FONT, size=20)
    page.multi_cell(0, 9, report.title, new_x="LMARGIN", new_y="NEXT", align="L")
    page.set_font(_FONT, size=_BODY)
    page.set_text_color(_GREY)
    page.multi_cell(0, 6, report.subtitle, new_x="LMARGIN", new_y="NEXT", align="L")
    for position, part in enumerate(report.parts):
        if position:
            page.add_page()
        page.start_section(f"{part.number} {part.title}")
        _heading(page, f"{part.number} {part.title}", 15)
        for block in part.blocks:
            _block(page, block, font.family)
    return bytes(page.output())


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
            self.cell(0, 5, f"{report.footer} · {self.page_no()}", align="L")

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
    page.ln(2)
    if page.will_page_break(size):
        page.add_page()
    page.set_font(_FONT, size=size)
    page.set_text_color(*_BLUE)
    page.multi_cell(0, size * 0.5, words, new_x="LMARGIN", new_y="NEXT", align="L")
    page.set_text_color(_BLACK)
    page.ln(1)


def _words(page: FPDF, words: str, size: float, grey: bool = False) -> None:
    page.set_font(_FONT, size=size)
    page.set_text_color(_GREY if grey else _BLACK)
    page.multi_cell(0, size * 0.52, words, new_x="LMARGIN", new_y="NEXT", align="L", wrapmode=_wrap(words))
    page.ln(0.8)


def _wrap(words: str) -> Any:
    """Return how lines may break: anywhere in Chinese and in long strings without blanks."""
    from fpdf.enums import WrapMode

    longest = max((len(word) for word in words.split()), default=0)
    return WrapMode.CHAR if longest > 60 or any(ord(letter) > 0x2E7F for letter in words) else WrapMode.WORD


def _block(page: FPDF, block: Block, family: str) -> None:
    if isinstance(block, Heading):
        _heading(page, block.words, 11.5)
    elif isinstance(block, Paragraph):
        _words(page, block.words, _SMALL if block.kind == "note" else _BODY, block.kind == "note")
    elif isinstance(block, Bullets):
        for item in block.items:
            _words(page, f"· {item}", _BODY)
    elif isinstance(block, Table):
        _table(page, block)
    elif isinstance(block, Figure):
        _figure(page, block, family)


def _table(page: FPDF, table: Table) -> None:
    from fpdf.fonts import FontFace

    _heading(page, table.caption, 10)
    page.set_font(_FONT, size=6.5 if len(table.heads) > _WIDE_TABLE else 7.5)
    page.set_text_color(_BLACK)
    page.set_draw_color(190)
    widths = (table.wide, *[1.0] * (len(table.heads) - 1))
    with page.table(col_widths=widths, text_align="LEFT", line_height=page.font_size * 1.5, padding=0.8,
                    headings_style=FontFace(fill_color=(238, 242, 245)), wrapmode=_wrap("县")) as shown:
        heads = shown.row()
        for head in table.heads:
            heads.cell(head)
        for row in table.rows:
            line = shown.row()
            for cell in row:
                line.cell(cell.words, align="RIGHT" if cell.value is not None else "LEFT")
    page.ln(1)
    for note in table.notes:
        _words(page, note, 7.0, True)


def _figure(page: FPDF, figure: Figure, family: str) -> None:
    picture = draw.png(figure.chart, family)
    wide, high = draw.size(picture)
    width = min(_PICTURE_WIDTH, wide / _PIXELS_A_MM, _PICTURE_HEIGHT * wide / high)
    if page.will_page_break(width * high / wide + 14):
        page.add_page()
    _heading(page, figure.chart.title, 10)
    page.image(io.BytesIO(picture), w=width, alt_text=figure.chart.title)
    for note in figure.chart.notes:
        _words(page, note, 7.0, True)
