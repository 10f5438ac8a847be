"""The house in figures: lengths, imports and names, counted by the script that writes docs/architecture.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import house

ROOT = Path(__file__).resolve().parents[1]
SOURCE = house.Source(ROOT)


@pytest.mark.parametrize("word", house.PARTICIPLES)
def test_names_say_what_a_thing_is(word: str) -> None:
    """What was done to a thing is no name for it: the uses of such words as names may only fall.

    `python -m benchmarks.house --write` lowers the ceiling to what is reached.
    """
    assert house.participles(SOURCE)[word] <= house.read(house.CEILINGS)[word]


def test_a_name_counts_wherever_it_is_bound_or_used(tmp_path: Path) -> None:
    """A file written for this test, counted by hand: six names, three words in prose that are none."""
    package = tmp_path / "src" / "xiancheng"
    package.mkdir(parents=True)
    lines = [
        '"""What was found is told: found."""',
        "def told(found): return found.held",
        "told(found=1)",
        "finder = found_there = 2",
    ]
    (package / "rooms.py").write_text("\n".join(lines), encoding="utf-8")
    counts = house.participles(house.Source(tmp_path))
    assert {word: count for word, count in counts.items() if count} == {"found": 3, "told": 2, "held": 1}


def test_an_arrow_is_a_pair_of_rooms(tmp_path: Path) -> None:
    """However often and wherever one room imports another, it is one arrow; a report is a room of its own."""
    package = tmp_path / "src" / "xiancheng"
    (package / "comparison" / "report").mkdir(parents=True)
    (package / "texts.py").write_text("from xiancheng import errors\n", encoding="utf-8")
    (package / "comparison" / "runs.py").write_text(
        "from xiancheng.texts import text\nfrom xiancheng import __version__\n\n"
        "def late():\n    from xiancheng.texts import number\n", encoding="utf-8")
    (package / "comparison" / "report" / "html.py").write_text(
        "from xiancheng.comparison import runs\nimport xiancheng.texts\n", encoding="utf-8")
    expected = {("texts", "errors"), ("comparison", "texts"), ("comparison", house.FACE), ("report", "comparison"),
                ("report", "texts")}
    assert house.arrows(house.Source(tmp_path)) == expected


def test_the_page_says_how_to_count_again() -> None:
    assert "python -m benchmarks.house --write" in house.PAGE.read_text(encoding="utf-8")
