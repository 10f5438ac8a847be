"""The text of a report in any form, read by readers that know nothing of how it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import docx
import openpyxl
import pypdfium2

from xiancheng.charts.chart import Chart

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
"""A picture of one dot, where drawing would take long."""


@contextmanager
def dots(charts: Sequence[Chart], font: str) -> Iterator[Callable[[Chart], bytes]]:
    """Stand in the place of `draw.aside`."""
    yield lambda chart: PIXEL


def text_of(file: Path) -> str:
    if file.suffix == ".pdf":
        document = pypdfium2.PdfDocument(str(file))
        return "".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    if file.suffix == ".docx":
        parts = docx.Document(str(file)).element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
        return "".join(part.text or "" for part in parts)
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None)
    return file.read_text(encoding="utf-8")
