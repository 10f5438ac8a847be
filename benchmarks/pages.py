"""Tables of measurements kept in a page between two marks."""

from __future__ import annotations

from pathlib import Path

END = "<!-- end of table -->"


def put_table(page: Path, module: str, text: str) -> None:
    """Replace the table that `python -m MODULE --write` makes, keeping what stands around it."""
    begin = f"<!-- table: python -m {module} --write -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{begin}\n{text}\n{END}{after}", encoding="utf-8")
