"""Tables of measurements kept in a page between two marks."""

from __future__ import annotations

from pathlib import Path

END = "<!-- end of table -->"


def put_table(page: Path, module: str, text: str) -> None:
    """Replace the table that `python -m MODULE --write` makes, keeping what stands around it.

    Raises:
        ValueError: the page has no marks of this table; it stays as it is.
    """
    begin = f"<!-- table: python -m {module} --write -->"
    before, mark, rest = page.read_text(encoding="utf-8").partition(begin)
    _, end, after = rest.partition(END)
    if not (mark and end):
        raise ValueError(f"{page} has no line {begin} with {END} below")
    page.write_text(f"{before}{begin}\n{text}\n{END}{after}", encoding="utf-8")
