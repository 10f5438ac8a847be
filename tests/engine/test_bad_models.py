"""Every malformed or unsupported model in tests/bad/engine is refused at once: what, on which line, and the way out.

`at` names the line by how it begins; None: the finding belongs to the whole file.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from xiancheng import engine
from xiancheng.errors import Problem, StudyError

BAD = Path(__file__).parents[1] / "bad" / "engine"
SECONDS = 5

# model: (words that must stand in one finding, how the line begins or None), …
EXPECTED: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "algebraic_loop": (("a", "a = b + 1"),),
    "algebraic_loop_by_element": (("x", "x[a1] ="),),
    "allocator": (("ALLOCATE AVAILABLE", "given[A]"),),
    "and_or_without_parentheses": ((":OR:", "x = IF"), (":OR:", "y = IF")),
    "cell_outside_the_csv": (("B99", "x = GET"), ("Z2", "y = GET")),
    "circle_at_the_start": (("x", "x = INTEG"),),
    "columns_of_the_csv_in_another_order": (("a3", "x[A] = GET"),),
    "constants_of_another_length": (("x", "x[A] ="),),
    "delay_fixed_off_the_grid": (("DELAY FIXED", "y = DELAY"),),
    "delay_shorter_than_its_steps": (("DELAY3", "y = DELAY3"), ("DELAY N", "z = DELAY N"), ("DELAY1", "w = DELAY1")),
    "dimension_holding_its_own_name": (("industry", "industry:"),),
    "dimension_missing_on_the_left": (("B", "y[A] ="),),
    "duplicate_name": (("x", "x = 2"),),
    "element_with_two_equations": (("a2", "x[a2] ="),),
    "element_without_equation": (("a3", None),),
    "empty_constant_cell": (("holes.csv", "x[A] = GET"),),
    "empty_file": (("empty", None),),
    "equation_without_right_side": (("x", "x ="),),
    "final_before_initial": (("FINAL TIME", "FINAL TIME"),),
    "final_time_off_the_grid": (("FINAL TIME", "FINAL TIME"),),
    "five_problems_at_once": (
        ("SUM", "first ="),
        ("RANDOM UNIFORM", "second ="),
        ("unheard of", "third ="),
        ("^", "fourth ="),
        ("DELAY3", "fifth ="),
    ),
    "gbk_under_a_utf8_header": (("GB", None),),
    "gbk_without_header": (("GB", None),),
    "lookup_of_one_point": (("f", "f("),),
    "lookup_that_is_not_there": (("effect of crowding", "y = effect"),),
    "lookup_with_repeated_points": (("f", "f("),),
    "macro": (("MACRO", ":MACRO:"),),
    "mapping_in_another_order": (("b2", "A: a1"),),
    "mapping_of_another_length": (("B", "A: a1"),),
    "matrix_that_is_not_square": (("INVERT MATRIX", "i[r,c] ="),),
    "misplaced_bar": (("x", None),),
    "missing_csv": (("nowhere.csv", "x[A] = GET"), ("neither.csv", "d := GET")),
    "missing_subscripts": (("x", "y = x"),),
    "moving_direction_of_a_sort": (("VECTOR SORT ORDER", "o[A] ="),),
    "moving_time_step": (("TIME STEP", "TIME STEP ="),),
    "names_that_differ_by_case": (("birth", "birth_rate ="),),
    "negative_base": (("^", "a = "), ("^", "b = "), ("^", "c = ")),
    "no_final_time": (("FINAL TIME", None),),
    "not_a_model": (("", None),),
    "only_blank_lines": (("", None),),
    "order_of_a_delay": (("DELAY N", "y = DELAY N"), ("DELAY N", "z = DELAY N")),
    "prose_instead_of_equations": (("", None),),
    "random_numbers": (("RANDOM UNIFORM", "r = "), ("RANDOM NORMAL", "n = ")),
    "range_of_bare_numbers": (("(0-3)", "age:"),),
    "repeated_dimension": (("k[A", "diagonal[A] ="),),
    "rows_of_the_csv_in_another_order": (("a2", "x[A] = GET"),),
    "same_elements_in_another_order": (("B", "B: a3"),),
    "saveper_off_the_grid": (("SAVEPER", "SAVEPER ="),),
    "spreadsheets": (("book.xlsx", "a = GET"), ("book.xlsx", "b = GET")),
    "step_of_zero": (("TIME STEP", "TIME STEP ="),),
    "stock_without_start": (("INTEG", "x = INTEG"),),
    "sum_without_mark": (("SUM", "total ="), ("VMAX", "largest =")),
    "text_in_a_constant_cell": (("about two", "x[A] = GET"),),
    "text_in_a_data_cell": (("n.a. yet", "x := GET"),),
    "two_operators": (("x", "x = 2"),),
    "unbalanced_parenthesis": (("(", "x = 2"),),
    "undefined_name": (("forgotten", "x = 2"), ("also missing", "z = also")),
    "undefined_subscript": (("place", "x[place]"), ("a9", "z = y")),
    "unit_mismatch": (("people", "people = INTEG"), ("wrong sum", "wrong sum =")),
    "unknown_functions": (
        ("VECTOR ELM MAP", "mapped[A]"),
        ("SHIFT IF TRUE", "shifted ="),
        ("LOOKUP EXTRAPOLATE", "beyond ="),
        ("SMOTH", "misspelt ="),
    ),
    "utf8_with_byte_order_mark": (("byte order mark", None),),
    "wrong_number_of_arguments": (("MAX", "a = "), ("STEP", "b = "), ("IF THEN ELSE", "c = "), ("ABS", "d = ")),
    "wrong_number_of_subscripts": (("x", "y[A] ="),),
}


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Stop what runs longer, so that nothing hangs."""

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def line(model: Path, start: str) -> int:
    """The line of the file, counted from 1, that begins so."""
    rows = model.read_bytes().decode("utf-8", "replace").splitlines()
    return next(number for number, row in enumerate(rows, 1) if row.startswith(start))


def found(problems: list[Problem], words: str, row: int | None) -> bool:
    return any(
        words.casefold() in problem.found.casefold() and (row is None or problem.row == row) for problem in problems
    )


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
    for words, start in EXPECTED[name]:
        row = None if start is None else line(model, start)
        assert found(problems, words, row), f"line {row}, {words!r} is not among:\n{told}"
    for problem in problems:
        assert problem.file.endswith(f"{name}.mdl") or problem.file.endswith(".csv"), told
        assert problem.allowed or problem.hint, f"no way out: {problem}"
    assert len(problems) <= len(EXPECTED[name]) + 1, f"too many findings:\n{told}"


@pytest.mark.parametrize("name", ["five_problems_at_once", "empty_file", "rows_of_the_csv_in_another_order"])
def test_compile_refuses_with_the_same_problems(name: str) -> None:
    with limit(SECONDS), pytest.raises(StudyError) as refused:
        engine.compile(BAD / f"{name}.mdl")
    assert list(refused.value.problems) == check(name)


def test_a_file_that_is_not_there_is_a_problem_of_its_own() -> None:
    problems = check("no_such_model")
    assert len(problems) == 1
    assert "no_such_model.mdl" in problems[0].file
