"""The report as a Word document: a cover with contents, captions that count, styles for every role, Vega's pictures."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from xiancheng.charts import draw
from xiancheng.comparison.report import letters, word_fields, word_styles
from xiancheng.comparison.report.document import (
    Block,
    Bullets,
    Cell,
    Heading,
    Paragraph,
    Picture,
    Report,
    ReportTable,
)
from xiancheng.comparison.report.word_styles import DENSE_LIST, DENSE_TABLE, NOTE, PICTURE, TABLE

_SIZES, _SMALLEST = ((8, word_styles.TABLE_LETTERS), (10, 8.0)), 7.0
"""Letters of tables by how many columns they have at most, and of wider ones [points]."""
_PICTURE_WIDTH = 17.0
_NARROW_WIDTH = 12.5
_A4 = (21.0, 29.7)
_MARGIN = 1.8
"""Sides of the paper and what stays free [cm]."""
_OWN_PAGES = 2
"""Parts of the short report that begin a page: the first after the cover, and what follows page one."""
_MINUS = re.compile(r"(?<![\w.])-(?=\d)")
"""A sign before a number; as a hyphen it would stay behind at the end of a line."""
_SIGN = "\u2212"
_BREAKS, _BREAK = re.compile(r"(?<=[\d%])(?=（)|(?<=，)(?=\d)"), "\u200b"
"""Where a line of Chinese may end and an office sees no place for it: it would part a number in the middle instead."""
_SIDE = 57
"""What a cell keeps free at each side [twentieths of a point]."""
_GAP = 5.0
"""What stays free below a table [points]."""
_LETTER = 0.0215
"""Width of a Latin letter with room around it, for each point of its size [cm]."""
_COMMENT = 250
"""Characters that a comment of a document may have."""


def content(report: Report) -> bytes:
    """Return the file.

    Args:
        report: the report.

    Raises:
        MissingFont: no font of this machine holds what the pictures say.
    """
    import docx

    font = letters.font(report.characters()).family
    document = docx.Document()
    room = _paper(document)
    word_styles.apply(document)
    document.core_properties.title = report.title
    document.core_properties.subject = report.subtitle
    document.core_properties.author = "xiancheng"
    document.core_properties.comments = json.dumps({"version": report.manifest["version"]})[:_COMMENT]
    word_fields.footer(document.sections[0].footer.paragraphs[0], report.footer, report.words["page"])
    document.add_heading(report.title, 0)
    document.add_paragraph(report.subtitle)
    word_fields.contents(document, report.words["contents"],
                         [f"{part.number} {part.title}" for part in report.parts])
    with draw.aside([figure.chart.upright() for figure in report.figures()], font) as png:
        for position, part in enumerate(report.parts):
            heading = document.add_heading(f"{part.number} {part.title}", 1)
            heading.paragraph_format.page_break_before = position < _OWN_PAGES or not report.is_short
            is_dense = not position and isinstance(part.blocks[0], ReportTable)
            for block in part.blocks:
                _block(document, block, png, room, is_dense)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paper(document: Any) -> float:
    """Lay the paper upright and return the width that is written on [cm]."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(_A4[0]), Cm(_A4[1])
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(_MARGIN))
    return _A4[0] - 2 * _MARGIN


def _block(document: Any, block: Block, png: draw.Draw, room: float, is_dense: bool) -> None:
    """Add a block; page one is dense, so that the appraisal ends on it."""
    if isinstance(block, Heading):
        document.add_heading(block.words, 2)
    elif isinstance(block, Paragraph):
        document.add_paragraph(block.words, style=NOTE if block.kind == "note" else None)
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(item, style=DENSE_LIST if is_dense else "List Bullet")
    elif isinstance(block, ReportTable):
        _table(document, block, room, is_dense)
    elif isinstance(block, Picture):
        _figure(document, block, png, room)


def _table(document: Any, table: ReportTable, room: float, is_dense: bool) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    word_fields.caption(document, table.label, table.caption)
    if table.annex:
        document.add_paragraph(table.annex, style=NOTE)
        return
    usual = next((size for most, size in _SIZES if len(table.heads) <= most), _SMALLEST)
    size = word_styles.DENSE_LETTERS if is_dense else usual
    shown = document.add_table(rows=1, cols=len(table.heads))
    shown.style = "Table Grid"
    shown.autofit = False
    _narrow_sides(shown)
    fitted = table.fitted(room / (size * _LETTER))
    widths = [Cm(room / sum(fitted) * width) for width in fitted]
    style = document.styles[DENSE_TABLE if is_dense else TABLE].style_id
    _fill(shown.rows[0].cells, [(head, False) for head in table.heads], style, size, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    shown.rows[0]._tr.get_or_add_trPr().append(repeat)
    for column, cell, width in zip(shown.columns, shown.rows[0]._tr.tc_lst, widths, strict=True):
        column.width, cell.width = width, width
    shown._tbl.extend(_rows(table.rows, [width.twips for width in widths], style, size))
    for note in table.notes:
        document.add_paragraph(note, style=NOTE)
    document.add_paragraph(style=TABLE).paragraph_format.line_spacing = Pt(_GAP)


def _narrow_sides(table: Any) -> None:
    """Let cells keep little free at their sides."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_SIDE))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else list(properties).index(look), margins)


def _fill(cells: Any, words: list[tuple[str, bool]], style: str, size: float, *, bold: bool = False) -> None:
    """Write a row: words, and whether each stands to the right.

    The style goes in by its id: looked up by name for each cell it takes longer than all the rest.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, (word, is_figure) in zip(cells, words, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph._p.style = style
        run = paragraph.add_run(_set(word))
        run.bold, run.font.size = bold, Pt(size)
        if is_figure:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _rows(rows: Sequence[Sequence[Cell]], widths: Sequence[int], style: str, size: float) -> list[Any]:
    """Return rows of a table as python-docx makes them cell by cell, which takes longer than all the rest.

    Args:
        rows: cells in the order of the columns.
        widths: of the columns [twentieths of a point].
        style: id of the style of a paragraph.
        size: of the letters [points].
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    letters = f'<w:rPr><w:b w:val="0"/><w:sz w:val="{int(2 * size)}"/></w:rPr>'
    right = '<w:jc w:val="right"/>'
    lines = ("".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>'
        f"{right if cell.is_figure else ''}</w:pPr><w:r>{letters}{_text(cell.words)}</w:r></w:p></w:tc>"
        for cell, width in zip(row, widths, strict=True)) for row in rows)
    return list(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"))


def _text(words: str) -> str:
    """Return words of one line as Word keeps them."""
    space = ' xml:space="preserve"' if words != words.strip() else ""
    return f"<w:t{space}>{escape(_set(words))}</w:t>" if words else ""


def _set(words: str) -> str:
    """Return words of a cell as they are set: with a true minus, and with every place where a line may end."""
    return _BREAKS.sub(_BREAK, _MINUS.sub(_SIGN, words))


def _figure(document: Any, figure: Picture, png: draw.Draw, room: float) -> None:
    from docx.shared import Cm

    picture = png(figure.chart.upright())
    wide, high = draw.size(picture)
    width = _PICTURE_WIDTH if wide > 1.9 * high else _NARROW_WIDTH
    document.add_picture(io.BytesIO(picture), width=Cm(min(width, room, _PICTURE_WIDTH * wide / max(high, 1))))
    own = document.element.body.p_lst[-1]
    own.style = document.styles[PICTURE].style_id
    own.get_or_add_pPr().get_or_add_keepNext()
    document.inline_shapes[-1]._inline.docPr.set("descr", figure.chart.alt or figure.chart.title)
    word_fields.caption(document, figure.label, figure.chart.title)
    for note in figure.chart.notes:
        document.add_paragraph(note, style=NOTE)
