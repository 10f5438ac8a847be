"""Fields of a Word document that the office counts itself: contents, captions, page x of y."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_PLACES = re.compile(r"(\{number\}|\{count\})")
_CODES = {"{number}": "PAGE", "{count}": "NUMPAGES"}
_CONTENTS = 'TOC \\o "1-1" \\h \\z \\u'


def field(paragraph: Any, code: str, words: str) -> None:
    """Add a field to a paragraph.

    Args:
        paragraph: of python-docx.
        code: what the office works out.
        words: what stands there until it has.
    """
    _mark(paragraph, "begin")
    _instruction(paragraph, code)
    _mark(paragraph, "separate")
    paragraph.add_run(words)
    _mark(paragraph, "end")


def _mark(paragraph: Any, kind: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _instruction(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)


def footer(paragraph: Any, words: str, page: str) -> None:
    """Write the footer: words, then page x of y.

    Args:
        paragraph: of the footer.
        words: what stands first.
        page: words with {number} and {count}.
    """
    paragraph.add_run(f"{words} · ")
    for part in _PLACES.split(page):
        if part in _CODES:
            field(paragraph, _CODES[part], "1")
        elif part:
            paragraph.add_run(part)


def caption(document: Any, label: str, words: str) -> None:
    """Add a caption whose number the office counts.

    Args:
        document: of python-docx.
        label: the word with the number behind it, such as 表1; "" for a caption without a number.
        words: the caption.
    """
    paragraph = document.add_paragraph(style="Caption")
    word, number = label.rstrip("0123456789"), label[len(label.rstrip("0123456789")):]
    if number:
        paragraph.add_run(word)
        field(paragraph, f"SEQ {word.strip()} \\* ARABIC", number)
        paragraph.add_run(" ")
    paragraph.add_run(words)


def contents(document: Any, title: str, parts: Sequence[str]) -> None:
    """Add the contents: the parts, which the office completes with their pages.

    Args:
        document: of python-docx.
        title: what stands above them.
        parts: their titles.
    """
    document.add_paragraph(title, style="Subtitle")
    paragraph = document.add_paragraph()
    _mark(paragraph, "begin")
    _instruction(paragraph, _CONTENTS)
    _mark(paragraph, "separate")
    for part in parts:
        paragraph.add_run(part)
        paragraph = document.add_paragraph()
    _mark(paragraph, "end")
