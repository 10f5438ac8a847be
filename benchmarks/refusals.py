"""What the engine refuses or notes, as a table: `python -m benchmarks.refusals [--write]`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from benchmarks.pages import put_table
from xiancheng.texts import catalogue

PAGE = Path(__file__).parents[1] / "docs" / "engine.md"


def rows() -> list[tuple[str, str, str]]:
    """Return each finding in English and in Chinese, and what is allowed instead."""
    texts = catalogue()
    keys = [key for key in texts if key.startswith("engine.") and f"{key}.allowed" in texts]
    return [(texts[key]["en"], texts[key]["zh"], texts[f"{key}.allowed"]["en"]) for key in sorted(keys)]


def table() -> str:
    """Return the table; what stands for a value of the model is in italics."""
    lines = ["| what is found | 说明 | what is allowed, or done |", "| --- | --- | --- |"]
    for row in rows():
        cells = [re.sub(r"\{(\w+)\}", r"*\1*", text).replace("|", "\\|") for text in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if "--write" in sys.argv:
        put_table(PAGE, "benchmarks.refusals", table())
    else:
        print(table())
