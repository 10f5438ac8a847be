"""Styles of the Word document: fonts, letters and heights of lines for every role, which an office maps to its own."""

from __future__ import annotations

from typing import Any

LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
"""Fonts that the reader's machine has; LibreOffice takes its own for those it has not."""
NOTE, TABLE, PICTURE = "Report Note", "Report Table", "Report Picture"
DENSE_TABLE, DENSE_LIST = "Report Page One Table", "Report Page One List"
"""Styles of notes, tables and pictures, and of page one, so that the answer for four options ends on it."""
TABLE_LETTERS, DENSE_LETTERS = 8.5, 8.0
"""Letters in tables, and in that of page one [points]."""
_TEXT, _NOTE, _DENSE, _CAPTION = (10.0, 14.5), (8.5, 12.0), (9.0, 12.0), (9.5, 13.0)
_TABLE_LINE, _DENSE_LINE = 11.0, 10.0
"""Letters and heights of lines [points], fixed as official documents have them: fonts differ by half in their own."""


def apply(document: Any) -> None:
    """Name fonts, letters and lines of every style.

    Args:
        document: of python-docx.
    """
    for style in document.styles:
        _fonts(style)
    _roles(document)
    _headings(document)


def _fonts(style: Any) -> None:
    """Name the fonts of a style for Latin and for East Asian letters."""
    from docx.oxml.ns import qn

    if not hasattr(style, "font") or (style.element.find(qn("w:rPr")) is None and style.name != "Normal"):
        return
    style.font.name = LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for key in ("w:eastAsia", "w:cs"):
        fonts.set(qn(key), EAST_ASIAN)
    for key in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(key), LATIN)


def _roles(document: Any) -> None:
    """Set text, notes, tables, captions and what page one has of its own."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    normal = document.styles["Normal"]
    _letters(normal, *_TEXT, after=4.0)
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), "en-GB")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(tongue)
    _letters(document.styles["List Bullet"], *_TEXT, after=2.0)
    _letters(_own(document, DENSE_LIST, "List Bullet"), *_DENSE, after=1.0)
    _letters(_own(document, NOTE), *_NOTE, after=2.0).color.rgb = RGBColor(0x55, 0x55, 0x55)
    _letters(_own(document, TABLE), TABLE_LETTERS, _TABLE_LINE, after=1.0)
    _letters(_own(document, DENSE_TABLE), DENSE_LETTERS, _DENSE_LINE, after=1.0)
    _own(document, PICTURE).paragraph_format.line_spacing = 1.0
    caption = document.styles["Caption"]
    font = _letters(caption, *_CAPTION, after=2.0)
    font.bold, font.italic = True, False
    font.color.rgb = RGBColor(0x22, 0x22, 0x22)
    caption.paragraph_format.keep_with_next = True


def _headings(document: Any) -> None:
    from docx.shared import Pt

    for name, above in (("Title", 0.0), ("Subtitle", 6.0), ("Heading 1", 10.0), ("Heading 2", 6.0)):
        shape = document.styles[name].paragraph_format
        shape.line_spacing, shape.space_before = 1.0, Pt(above)


def _own(document: Any, name: str, base: str = "Normal") -> Any:
    """Add a style of paragraphs that bases on another."""
    from docx.enum.style import WD_STYLE_TYPE

    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[base]
    return style


def _letters(style: Any, size: float, high: float, *, after: float) -> Any:
    """Set letters, the height of lines and what stays free below a paragraph [points]; return the font."""
    from docx.shared import Pt

    style.font.size = Pt(size)
    style.paragraph_format.line_spacing = Pt(high)
    style.paragraph_format.space_after = Pt(after)
    return style.font
