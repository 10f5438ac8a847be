"""The report as a Word document: a cover with contents, captions that count, styles for every role, Vega's pictures."""

from __future__ import annotations

import io
import json
from typing import Any

from xiancheng.charts import draw
from xiancheng.comparison.report import letters, word_fields
from xiancheng.comparison.report.document import Block, Bullets, Heading, Paragraph, Picture, Report, ReportTable

LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
"""Fonts that the reader's machine has; LibreOffice takes its own for those it has not."""
_SIZES, _SMALLEST = ((8, 8.0), (10, 7.0)), 6.5
"""Letters of tables by how many columns they have at most, and of wider ones [points]."""
_PICTURE_WIDTH = 17.0
_NARROW_WIDTH = 12.5
_A4 = (21.0, 29.7)
_MARGIN = 1.8
"""Sides of the paper and what stays free [cm]."""
_OWN_PAGES = 2
"""Parts of the short report that begin a page: the first after the cover, and what follows page one."""
NOTE, TABLE = "Report Note", "Report Table"
"""Styles of notes and of the letters in tables; an office sets its own fonts in them."""
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
    _styles(document, report.language)
    document.core_properties.title = report.title
    document.core_properties.subject = report.subtitle
    document.core_properties.author = "xiancheng"
    document.core_properties.comments = json.dumps({"version": report.manifest["version"]})[:_COMMENT]
    word_fields.footer(document.sections[0].footer.paragraphs[0], report.footer, report.words["page"])
    document.add_heading(report.title, 0)
    document.add_paragraph(report.subtitle)
    word_fields.contents(document, report.words["contents"],
                         [f"{part.number} {part.title}" for part in report.parts])
    for position, part in enumerate(report.parts):
        heading = document.add_heading(f"{part.number} {part.title}", 1)
        heading.paragraph_format.page_break_before = position < _OWN_PAGES or not report.is_short
        for block in part.blocks:
            _block(document, block, font, room)
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


def _styles(document: Any, language: str) -> None:
    """Name the fonts of every style for Latin and for East Asian letters, and the language of the text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for style in document.styles:
        if not hasattr(style, "font") or (style.element.find(qn("w:rPr")) is None and style.name != "Normal"):
            continue
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            if key.endswith("Theme"):
                del fonts.attrib[key]
        for key in ("w:eastAsia", "w:cs"):
            fonts.set(qn(key), EAST_ASIAN)
        for key in ("w:ascii", "w:hAnsi"):
            fonts.set(qn(key), LATIN)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10)
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), "en-GB")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(tongue)
    _own_style(document, NOTE, 8.5).font.color.rgb = RGBColor(0x55, 0x55, 0x55)
    _own_style(document, TABLE, 9.0)
    caption = document.styles["Caption"]
    caption.font.size, caption.font.bold, caption.font.italic = Pt(9.5), True, False
    caption.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
    caption.paragraph_format.keep_with_next = True


def _own_style(document: Any, name: str, size: float) -> Any:
    """Add a style of paragraphs that bases on the text."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.size = Pt(size)
    style.paragraph_format.space_after = Pt(0 if name == TABLE else 3)
    return style


def _block(document: Any, block: Block, font: str, room: float) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.words, 2)
    elif isinstance(block, Paragraph):
        document.add_paragraph(block.words, style=NOTE if block.kind == "note" else None)
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif isinstance(block, ReportTable):
        _table(document, block, room)
    elif isinstance(block, Picture):
        _figure(document, block, font, room)


def _table(document: Any, table: ReportTable, room: float) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    word_fields.caption(document, table.label, table.caption)
    size = next((size for most, size in _SIZES if len(table.heads) <= most), _SMALLEST)
    shown = document.add_table(rows=1, cols=len(table.heads))
    shown.style = "Table Grid"
    shown.autofit = False
    fitted = table.fitted(room / (size * _LETTER))
    widths, style = [Cm(room / sum(fitted) * width) for width in fitted], document.styles[TABLE].style_id
    _fill(shown.rows[0].cells, [(head, False) for head in table.heads], style, size, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    shown.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in table.rows:
        _fill(shown.add_row().cells, [(cell.words, cell.is_figure) for cell in row], style, size)
    for column, width in zip(shown.columns, widths, strict=True):
        column.width = width
    for row_shown in shown.rows:
        for cell, width in zip(row_shown._tr.tc_lst, widths, strict=True):
            cell.width = width
    for note in table.notes:
        document.add_paragraph(note, style=NOTE)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _fill(cells: Any, words: list[tuple[str, bool]], style: str, size: float, *, bold: bool = False) -> None:
    """Write a row: words, and whether each stands to the right.

    The style goes in by its id: looked up by name for each cell it takes longer than all the rest.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, (word, is_figure) in zip(cells, words, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph._p.style = style
        run = paragraph.add_run(word)
        run.bold, run.font.size = bold, Pt(size)
        if is_figure:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _figure(document: Any, figure: Picture, font: str, room: float) -> None:
    from docx.shared import Cm

    picture = draw.png(figure.chart, font)
    wide, high = draw.size(picture)
    width = _PICTURE_WIDTH if wide > 1.9 * high else _NARROW_WIDTH
    document.add_picture(io.BytesIO(picture), width=Cm(min(width, room, _PICTURE_WIDTH * wide / max(high, 1))))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.inline_shapes[-1]._inline.docPr.set("descr", figure.chart.alt or figure.chart.title)
    word_fields.caption(document, figure.label, figure.chart.title)
    for note in figure.chart.notes:
        document.add_paragraph(note, style=NOTE)
