"""The page of the engine lists everything that it refuses, as its texts say it."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_lists_every_refusal() -> None:
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks.refusals import PAGE, table
    finally:
        sys.path.remove(str(ROOT))
    assert table() in PAGE.read_text(encoding="utf-8")
