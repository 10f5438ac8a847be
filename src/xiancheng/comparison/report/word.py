"""The report as a Word document: landscape, Chinese letters named for East Asia, pictures drawn by Vega."""

from __future__ import annotations

import io
import json
from typing import Any

from xiancheng.charts import draw
from xiancheng.comparison.report import letters
from xiancheng.comparison.report.document import Block, Bullets, Heading, Paragraph, Picture, Report, ReportTable

LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
"""Fonts that the reader's machine has; LibreOffice takes its own for those it has not."""
_WIDE_TABLE = 8
_PICTURE_WIDTH = 17.0
_NARROW_WIDTH = 12.5
_PAGE_WIDTH = 26.1
"""Between the margins [cm]."""
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
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    font = letters.font(report.characters()).family
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(1.8))
    _styles(document, report.language)
    document.core_properties.title = report.title
    document.core_properties.subject = report.subtitle
    document.core_properties.author = "xiancheng"
    document.core_properties.comments = json.dumps({"version": report.manifest["version"]})[:_COMMENT]
    section.footer.paragraphs[0].text = report.footer
    document.add_heading(report.title, 0)
    document.add_paragraph(report.subtitle)
    for part in report.parts:
        document.add_heading(f"{part.number} {part.title}", 1)
        for block in part.blocks:
            _block(document, block, font)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Any, language: str) -> None:
    """Name the fonts of every style for Latin and for East Asian letters, and the language of the text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

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


def _block(document: Any, block: Block, font: str) -> None:
    from docx.shared import Pt, RGBColor

    if isinstance(block, Heading):
        document.add_heading(block.words, 2)
    elif isinstance(block, Paragraph):
        run = document.add_paragraph().add_run(block.words)
        if block.kind == "note":
            run.font.size, run.font.color.rgb = Pt(8.5), RGBColor(0x55, 0x55, 0x55)
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif isinstance(block, ReportTable):
        _table(document, block)
    elif isinstance(block, Picture):
        _figure(document, block, font)


def _table(document: Any, table: ReportTable) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    _caption(document, table.caption)
    size = 7.0 if len(table.heads) > _WIDE_TABLE else 8.0
    shown = document.add_table(rows=1, cols=len(table.heads))
    shown.style = "Table Grid"
    shown.autofit = False
    widths = table.fitted(_PAGE_WIDTH / (size * _LETTER))
    total = sum(widths)
    for cell, head, width in zip(shown.rows[0].cells, table.heads, widths, strict=True):
        cell.width = Cm(_PAGE_WIDTH * width / total)
        _fill(cell, head, size, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    shown.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in table.rows:
        for cell, content, width in zip(shown.add_row().cells, row, widths, strict=True):
            cell.width = Cm(_PAGE_WIDTH * width / total)
            _fill(cell, content.words, size, right=content.is_figure)
    for note in table.notes:
        _note(document, note)


def _fill(cell: Any, words: str, size: float, *, bold: bool = False, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold, Pt(size)
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _caption(document: Any, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(words).bold = True
    paragraph.paragraph_format.keep_with_next = True


def _note(document: Any, words: str) -> None:
    from docx.shared import Pt, RGBColor

    run = document.add_paragraph().add_run(words)
    run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x55, 0x55, 0x55)


def _figure(document: Any, figure: Picture, font: str) -> None:
    from docx.shared import Cm

    picture = draw.png(figure.chart, font)
    wide, high = draw.size(picture)
    _caption(document, figure.chart.title)
    width = _PICTURE_WIDTH if wide > 1.9 * high else _NARROW_WIDTH
    document.add_picture(io.BytesIO(picture), width=Cm(min(width, _PICTURE_WIDTH * wide / max(high, 1))))
    shape = document.inline_shapes[-1]
    shape._inline.docPr.set("descr", figure.chart.title)
    for note in figure.chart.notes:
        _note(document, note)
