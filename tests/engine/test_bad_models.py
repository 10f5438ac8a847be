"""Every malformed or unsupported model in tests/bad/engine is refused at once: what, on which line, and the way out.

The place of a finding is the line of the model, named by how it begins, or the file and row of a table; None: anywhere.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.conformance import limit
from xiancheng import engine
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import in_language

BAD = Path(__file__).parents[1] / "bad" / "engine"
SECONDS = 5
MORE = {"not_a_model": 5, "only_blank_lines": 5, "prose_instead_of_equations": 5}  # the clock is missing as well

Place = str | tuple[str, int | None] | None

# model: (words that must stand in one finding, its place), …
EXPECTED: Mapping[str, tuple[tuple[str, Place], ...]] = {
    "algebraic_loop": (("a", "a = b + 1"),),
    "algebraic_loop_by_element": (("x", "x[a1] ="),),
    "broken_equation_before_a_delay": (("how long", "how long"),),
    "cell_of_5000_digits": (("B999", ("small.csv", None)),),
    "cell_outside_the_csv": (("B99", ("small.csv", 99)), ("Z2", ("small.csv", 2))),
    "cell_without_quotes": (("B2", "x = GET"),),
    "circle_at_the_start": (("x", "x = INTEG"),),
    "columns_of_the_csv_in_another_order": (("a3", ("permuted_columns.csv", 1)),),
    "constants_of_another_length": (("x", "x[A] ="),),
    "delay_of_a_billion_steps": (("1e+09", "x = DELAY"),),
    "delay_without_end": (("1e400", "x = DELAY"),),
    "digits_of_another_script": (("１", "x = "),),
    "macros_that_double_20_times": (("calls of macros", "y = "),),
    "parentheses_nested_500_deep": (("nested", "x = "),),
    "smooths_nested_30_deep": (("nested", "x = "),),
    "order_without_end": (("1e400", "x = DELAY"),),
    "stock_with_three_arguments": (("INTEG", "x = INTEG"),),
    "smooth_over_less_than_no_time": (("SMOOTH", "x = SMOOTH"),),
    "smooth_over_no_time": (("SMOOTH3", "x = SMOOTH3"),),
    "range_of_three_million": (("a3000000", "A:"),),
    "elements_of_400_digits": (("100,000", "A:"), ("'a'", "x[A]")),
    "more_cells_than_memory": (("2,500,000,000", "x[A,B]"),),
    "more_steps_than_a_million": (("4,000,000", "TIME STEP"),),
    "separator_of_two_signs": ((";;", ("small.csv", None)),),
    "table_outside_of_the_folder": (("not opened", ("no_year.csv", None)),),
    "two_equal_signs": (("equal signs", "x =="), ("equal signs", "y = IF")),
    "dimension_holding_its_own_name": (("industry", "industry:"),),
    "dimension_missing_on_the_left": (("B", "y[A] ="),),
    "duplicate_name": (("x", "x = 2"),),
    "element_with_two_equations": (("a2", "x[a2] ="),),
    "element_without_equation": (("a3", None),),
    "empty_constant_cell": (("B3", ("holes.csv", 3)),),
    "empty_file": (("empty", None),),
    "equation_without_right_side": (("x", "x ="),),
    "final_before_initial": (("2020", None),),
    "final_time_off_the_grid": (("FINAL TIME", "FINAL TIME"),),
    "five_problems_at_once": (
        ("'A'", "first ="),
        ("FIND ZERO", "second ="),
        ("unheard of", "third ="),
        ("near", "fourth ="),
        ("STEP", "fifth ="),
    ),
    "gbk_under_a_utf8_header": (("GB", None),),
    "gbk_without_header": (("GB", None),),
    "lookup_that_is_not_there": (("effect of crowding", "y = effect"),),
    "mapping_of_another_length": (("B", "A: a1"),),
    "matrix_that_is_not_square": (("INVERT MATRIX", "i[r,c] ="),),
    "misplaced_bar": (("second half", None),),
    "missing_csv": (("no such file", ("nowhere.csv", None)), ("no such file", ("neither.csv", None))),
    "missing_subscripts": (("x", "y = x"),),
    "moving_direction_of_a_sort": (("VECTOR SORT ORDER", "o[A] ="),),
    "moving_time_step": (("TIME STEP", "TIME STEP ="),),
    "names_that_differ_by_case": (("birth", "birth_rate ="),),
    "no_final_time": (("FINAL TIME", None),),
    "not_a_model": (("", None),),
    "only_blank_lines": (("", None),),
    "order_of_a_delay": (("DELAY N", "y = DELAY N"), ("DELAY N", "z = DELAY N")),
    "prose_instead_of_equations": (("", None),),
    "range_of_bare_numbers": (("(0-3)", "age:"),),
    "repeated_dimension": (("'k'", "diagonal[A] ="),),
    "rows_of_the_csv_in_another_order": (("a2", ("permuted.csv", 2)),),
    "saveper_off_the_grid": (("SAVEPER", "SAVEPER ="),),
    "spreadsheets": (("no such file", ("book.xlsx", None)), ("workbooks", ("book.ods", None))),
    "step_of_zero": (("0", "TIME STEP ="),),
    "stock_without_start": (("arguments", "x = INTEG"),),
    "sum_without_mark": (("'A'", "total ="), ("'A'", "largest ="), ("SUM", "each[A] =")),
    "text_in_a_constant_cell": (("about two", ("words.csv", 3)),),
    "two_operators": (("x", "x = 2"),),
    "unbalanced_parenthesis": (("'x'", "x = 2"),),
    "undefined_name": (("forgotten", "x = 2"), ("also missing", "z = also")),
    "undefined_subscript": (("place", "x[place]"), ("a9", "z = y")),
    "unit_mismatch": (("people", "people = INTEG"), ("wrong sum", "wrong sum =")),
    "unknown_functions": (
        ("VECTOR LOOKUP", "mapped[A]"),
        ("SHIFT IF TRUE", "shifted ="),
        ("LOOKUP AREA", "beyond ="),
        ("SMOTH", "misspelt ="),
    ),
    "utf8_with_byte_order_mark": (("byte order mark", None),),
    "wrong_number_of_arguments": (("MAX", "a = "), ("STEP", "b = "), ("IF THEN ELSE", "c = "), ("ABS", "d = ")),
    "wrong_number_of_subscripts": (("x", "y[A] ="),),
}


def line(model: Path, start: str) -> int:
    """The line of the file, counted from 1, that begins so."""
    rows = model.read_bytes().decode("utf-8", "replace").splitlines()
    return next(number for number, row in enumerate(rows, 1) if row.startswith(start))


def stands_at(problem: Problem, model: Path, place: Place) -> bool:
    """Tell whether a finding has this place."""
    if place is None:
        return True
    if isinstance(place, str):
        return problem.file.endswith(model.name) and problem.row == line(model, place)
    return problem.file.endswith(place[0]) and problem.row == place[1]


def check(name: str) -> list[Problem]:
    with limit(SECONDS):
        return list(engine.check(BAD / f"{name}.mdl"))


def test_every_bad_model_has_its_expectation() -> None:
    assert {path.stem for path in BAD.glob("*.mdl")} == set(EXPECTED)
    assert len(EXPECTED) >= 25


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_check_names_every_problem_with_its_line_and_a_way_out(name: str) -> None:
    model = BAD / f"{name}.mdl"
    problems = check(name)
    told = "\n".join(map(str, problems))
    for words, place in EXPECTED[name]:
        named = [problem for problem in problems if words.casefold() in problem.found.casefold()]
        assert any(stands_at(problem, model, place) for problem in named), f"{words!r} at {place!r} is not in:\n{told}"
    for problem in problems:
        assert problem.file.endswith((f"{name}.mdl", ".csv", ".xlsx", ".ods")), told
        assert problem.allowed or problem.hint, f"no way out: {problem}"
    assert len(problems) <= len(EXPECTED[name]) + MORE.get(name, 1), f"too many findings:\n{told}"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_problem_is_there_in_chinese(name: str) -> None:
    for problem in check(name):
        assert re.search("[\u4e00-\u9fff]", in_language(problem.found, "zh")), problem
        for words in filter(None, (problem.allowed, problem.hint)):
            chinese = in_language(words, "zh")
            assert chinese != words or not re.search("[a-z]{2,} [a-z]{2,}", words), problem


@pytest.mark.parametrize("name", ["five_problems_at_once", "empty_file", "rows_of_the_csv_in_another_order"])
def test_compile_refuses_with_the_same_problems(name: str) -> None:
    with limit(SECONDS), pytest.raises(StudyError) as refused:
        engine.compile(BAD / f"{name}.mdl")
    assert list(refused.value.problems) == check(name)


def test_a_file_that_is_not_there_is_a_problem_of_its_own() -> None:
    problems = check("no_such_model")
    assert len(problems) == 1
    assert "no_such_model.mdl" in problems[0].file


@pytest.mark.parametrize("name", ["five_problems_at_once", "gbk_without_header", "missing_csv"])
def test_the_command_line_tells_and_exits_with_3(name: str) -> None:
    command = [sys.executable, "-m", "xiancheng", "engine", "check", str(BAD / f"{name}.mdl")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    told = done.stdout + done.stderr
    assert done.returncode == 3, told
    assert "Traceback" not in told
    assert all(words in told for words, _ in EXPECTED[name])
