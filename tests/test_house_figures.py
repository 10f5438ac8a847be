"""The house in figures: lengths, imports and names, counted by the script that writes docs/architecture.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import house
from benchmarks.pages import put_table

ROOT = Path(__file__).resolve().parents[1]
SOURCE = house.Source(ROOT)


@pytest.mark.parametrize("word", house.PARTICIPLES)
def test_names_say_what_a_thing_is(word: str) -> None:
    """What was done to a thing is no name for it: the uses of such words as names may only fall.

    `python -m benchmarks.house --write` lowers the ceiling to what is reached.
    """
    assert house.participles(SOURCE)[word] <= house.read(house.CEILINGS)[word]


def test_functions_stay_readable() -> None:
    """No function is longer than a page, beside its docstring."""
    assert not house.long_functions(SOURCE)


def test_files_stay_readable() -> None:
    """No file of the source or of the tests is longer than CONTRIBUTING.md says."""
    files = [file for folder in ("src", "tests") for file in (ROOT / folder).rglob("*.py")]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert not {file: lines for file, lines in lengths.items() if lines > house.LONGEST_FILE}


def test_the_page_for_contributors_names_the_lengths_that_are_tested() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"never over {house.LONGEST_FUNCTION} " in page
    assert f"files of {house.LONGEST_FILE} lines at most" in page


def test_a_function_is_measured_without_its_docstring(tmp_path: Path) -> None:
    """Forty lines beside a docstring of any length are a page, one more is too long."""
    package = tmp_path / "src" / "xiancheng"
    package.mkdir(parents=True)
    body = ["    x = 1"] * (house.LONGEST_FUNCTION - 1)
    lines = ["def page():", '    """Do.', "", '    More."""', *body, "def longer():", *body, "    x = 2"]
    (package / "rooms.py").write_text("\n".join(lines), encoding="utf-8")
    assert [name.split()[-1] for name in house.long_functions(house.Source(tmp_path))] == ["longer"]


def test_a_table_is_put_between_its_own_marks_again_and_again(tmp_path: Path) -> None:
    """Writing twice replaces the table; a page without the mark is refused, and stays."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: python -m benchmarks.house --write -->\n<!-- end of table -->\nafter\n")
    put_table(page, "benchmarks.house", "first")
    put_table(page, "benchmarks.house", "second")
    expected = "before\n<!-- table: python -m benchmarks.house --write -->\nsecond\n<!-- end of table -->\nafter\n"
    assert page.read_text(encoding="utf-8") == expected
    with pytest.raises(ValueError, match=r"no line"):
        put_table(page, "house", "third")
    assert page.read_text(encoding="utf-8") == expected


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
