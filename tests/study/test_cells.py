"""A table is split into cells in one way: what stands on a line is that line's, and what is not clear is refused."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng import cells, whole_files
from xiancheng.errors import StudyError
from xiancheng.texts import in_language

SEEN = st.characters(exclude_categories=("C", "Zl", "Zp"))
ROWS = st.lists(st.lists(st.text(SEEN, max_size=8), min_size=2, max_size=4), min_size=1, max_size=6)
REFUSED = {
    "a lone carriage return": ("a,b\n1,2\r3,4\n", 2, "carriage return"),
    "nothing but lone carriage returns": ("a,b\r1,2\r", 1, "carriage return"),
    "a quotation mark never closed": ('a,b\n1,"2\n3,4\n', 2, "quotation mark"),
    "a quotation mark in the middle of a cell": ('a,b\n1,2"\n', 2, "quotation mark"),
    "text behind a closed quotation mark": ('a,b\n"1"x,2\n', 2, "quotation mark"),
    "a line break between quotation marks": ('a,b\n"1\n2",3\n', 2, "quotation mark"),
    "a blank first line": ("\na,b\n1,2\n", 1, "empty line"),
    "a blank line between rows": ("a,b\n\n1,2\n", 2, "empty line"),
    "a blank line at the end": ("a,b\n1,2\n\n", 3, "empty line"),
    "bytes of UTF-16 read as UTF-8": ("a\0,b\0\n", 1, "cannot be seen"),
    "a byte order mark within the text": ("a,b\n\ufeff1,2\n", 2, "cannot be seen"),
    "a line of a hundred thousand characters": (f"a,b\n1,{'2' * 100_000}\n", 2, "100,000 characters"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_clear_is_refused_with_its_line(name: str) -> None:
    text, row, found = REFUSED[name]
    with pytest.raises(StudyError) as error:
        cells.split(text, "table.csv")
    problem = error.value.problems[0]
    assert (problem.file, problem.row) == ("table.csv", row)
    assert found in problem.found
    assert problem.allowed
    assert in_language(problem.found, "zh") != problem.found


@given(ROWS)
def test_rows_that_any_program_writes_come_back_as_they_were(rows: list[list[str]]) -> None:
    """The independent writer is that of Python's csv module, with line ends of Windows and of Unix."""
    rows = [row if any(cell.strip() for cell in row) or len(row) > 1 else ["x", *row] for row in rows]
    for end in ("\n", "\r\n"):
        written = io.StringIO()
        csv.writer(written, lineterminator=end).writerows(rows)
        assert cells.split(written.getvalue(), "table.csv") == rows


@given(st.text(st.sampled_from('ab,"\n\r'), max_size=30))
def test_a_text_is_refused_or_read_as_another_strict_reader_does(text: str) -> None:
    """The independent reader is that of Python's csv module in its strict mode."""
    try:
        rows = cells.split(text, "table.csv")
    except StudyError:
        return
    assert rows == list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_every_line_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(StudyError) as error:
        cells.split('a,b\n"1,2\n3,4\n\n5,6"\n', "table.csv")
    assert [problem.row for problem in error.value.problems] == [2, 4, 5]


def test_large_tables_are_read_by_the_same_rule(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    for name in REFUSED:
        text, row, _ = REFUSED[name]
        file.write_bytes(text.encode())
        with pytest.raises(StudyError) as error:
            list(cells.stream(file, "table.csv"))
        assert error.value.problems[0].row == row, name
    file.write_bytes(b'\xef\xbb\xbfa,"b,c"\r\n1,2')
    assert list(cells.stream(file, "table.csv")) == [["a", "b,c"], ["1", "2"]]


def test_an_empty_line_may_be_a_line_without_cells() -> None:
    assert cells.split("a,b\n\n1,2\n", "table.csv", gaps=True) == [["a", "b"], [], ["1", "2"]]


@pytest.mark.parametrize(
    "word", ["1_000", "1,5", "1,200", "２０２６", "١٢", " 1", "1 ", "0x10", "1e", "", "one", "1e99999", "9" * 5000]
)
def test_a_number_is_digits_and_a_point_and_nothing_else(word: str) -> None:
    assert cells.number(word) is None


@given(st.floats(allow_nan=False))
def test_every_number_that_is_written_is_read_as_itself(value: float) -> None:
    assert cells.number(repr(value)) == value


def test_numbers_that_are_not_finite_are_told_from_words() -> None:
    assert math.isnan(cells.number("nan") or 0.0)
    assert cells.number("1e999") == math.inf
    assert cells.number("-Infinity") == -math.inf


@pytest.mark.parametrize("word", ["２０２６", "1" * 10, "1.0", "-1", " 1", ""])
def test_a_whole_number_has_at_most_nine_digits(word: str) -> None:
    assert cells.integer(word) is None
    assert cells.integer("2026") == 2026


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood there is still there, and nothing lies beside it."""
    file = tmp_path / "rows.csv"
    whole_files.write_rows(file, [("id", "words"), ("a", "x, y")])
    assert file.read_bytes() == b'id,words\na,"x, y"\n'

    def fails(self: Path, content: str, **_: str) -> int:
        self.write_bytes(content.encode()[:3])
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", fails)
    with pytest.raises(StudyError, match="cannot be written here"):
        whole_files.write_rows(file, [("id", "words"), ("b", "z")])
    assert file.read_bytes() == b'id,words\na,"x, y"\n'
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_a_file_never_takes_the_place_of_a_folder(tmp_path: Path) -> None:
    """Whoever names a folder where a file is to be written loses nothing of it."""
    kept = tmp_path / "mine"
    kept.mkdir()
    (kept / "work.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be written here"):
        whole_files.write(kept, "a page")
    assert (kept / "work.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_table_whose_rows_fail_is_not_written(tmp_path: Path) -> None:
    rows = ([number, 1 / number] for number in (2, 1, 0))
    with pytest.raises(ZeroDivisionError):
        whole_files.write_rows(tmp_path / "rows.csv", rows)
    assert list(tmp_path.iterdir()) == []
