"""Markdown from words: cells of tables, lines of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~$])")


def plain(text: object) -> str:
    """Return words so that Markdown shows them as they are, on one line of a table."""
    return _MARKS.sub(r"\\\1", str(text)).replace("\n", "<br>")


def code(text: object) -> str:
    """Return words as code in a cell of a table."""
    return f"`{text}`".replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def page(title: str, *parts: str, wide: bool = False) -> str:
    """Return a page: its title and parts with empty lines between; a wide one has no list of its headings."""
    front = "---\nhide:\n  - toc\n---\n\n" if wide else ""
    return front + "\n\n".join([f"# {title}", *parts]).rstrip() + "\n"
