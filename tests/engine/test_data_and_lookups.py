"""Data variables take their values from files; points can be asked for between, before, after, beyond and backwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model, values

from xiancheng import engine
from xiancheng.errors import StudyError

DATA = "D: d1, d2 ~~|\nx ~~|\nheld[D] :HOLD BACKWARD: ~~|\ny = x + SUM(held[D!]) ~~|"
DAT = "x\n0\t1\n4\t9\nheld[d1]\n0\t10\n3\t20\nheld[d2]\n0\t100\n"
CSV = "time,x,held[d1],held[d2]\n0,1,10,100\n3,,20,\n4,9,,\n"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "content"), [("run.dat", DAT), ("run.csv", CSV), ("run.tab", CSV.replace(",", "\t"))])
def test_every_kind_of_file_says_the_same(name: str, content: str, backend: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    program = engine.compile("model.mdl", text=model(DATA, final=4), data=[tmp_path / name])
    assert list(engine.run(program, backend=backend)["y"].values) == [111, 113, 115, 127, 129]


def test_a_data_variable_without_values_is_refused_and_a_cell_without_them_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="without values"):
        engine.compile("model.mdl", text=model(DATA))
    (tmp_path / "run.dat").write_text(DAT.split("held[d2]")[0], encoding="utf-8")
    program = engine.compile("model.mdl", text=model(DATA), data=[tmp_path / "run.dat"])
    assert any("held[d2]" in note.found for note in program.notes)
    assert (engine.run(program, backend="numpy")["held"].sel(D="d2") == -(2.0**109)).all()


@pytest.mark.parametrize("name", ["nowhere.dat", "run.vdf", "empty.csv"])
def test_a_file_that_holds_no_data_is_named(name: str, tmp_path: Path) -> None:
    for kind in ("run.vdf", "empty.csv"):
        (tmp_path / kind).write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match=name):
        engine.compile("model.mdl", text=model(DATA), data=[tmp_path / name])


@pytest.mark.parametrize(("content", "words"), [
    ("time,x\n0,1,5\n1,2\n", "more cells"), ('time,x\n0,"1\n', "quotation"), ("time,x\r0,1\r", "carriage return")])
def test_a_table_of_data_is_read_as_strictly_as_any_other(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text(content, encoding="utf-8", newline="")
    with pytest.raises(StudyError, match=words) as refused:
        engine.compile("model.mdl", text=model(DATA), data=[tmp_path / "run.csv"])
    assert refused.value.problems[0].row


@pytest.mark.parametrize(("name", "content", "row"), [
    ("run.csv", "time,x,other\n0,1,a\n\n1,n/a,b\n2,,c\n3,:NA:,d\n4,9,e\n", 4),
    ("run.tab", "time\t0\t1\t2\t4\nother\ta\tb\tc\td\nx\t1\tn/a\t\t9\n", 3),
    ("run.dat", "other\n0\t5\nx\n0\t1\n1\tn/a\n4\t9\n", 5),
])
def test_a_word_among_the_numbers_of_a_file_of_data_is_a_gap_and_is_named_with_its_row(
    name: str, content: str, row: int, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    program = engine.compile("model.mdl", text=model("x ~~|\ny = x ~~|", final=4), data=[tmp_path / name])
    notes = [note for note in program.notes if "stands among" in note.found]
    assert [(Path(note.file).name, note.row) for note in notes] == [(name, row)]
    assert "'n/a'" in notes[0].found
    assert list(engine.run(program, backend="numpy")["y"].values) == [1, 3, 5, 7, 9]


@given(ys=st.lists(st.integers(-9, 9), min_size=2, max_size=6), at=st.floats(-2, 8))
@settings(max_examples=40, deadline=None)
def test_forward_and_backward_give_the_points_beside_and_extrapolation_carries_the_ends_on(ys: list[int], at: float
                                                                                          ) -> None:
    x = np.arange(len(ys), dtype=float)
    points = ",".join(f"({n},{y})" for n, y in enumerate(ys))
    equations = f"f({points}) ~~|\n" + "".join(
        f"{name} = LOOKUP {name.upper()}(f, {at!r}) ~~|\n" for name in ("forward", "backward", "extrapolate"))
    text = model(equations)
    after, before = x[x >= at], x[x <= at]
    assert values(text, "forward")[0] == (ys[int(after[0])] if len(after) else ys[-1])
    assert values(text, "backward")[0] == (ys[int(before[-1])] if len(before) else ys[0])
    line = np.interp(at, x, ys) + min(at, 0) * (ys[1] - ys[0]) + max(at - x[-1], 0) * (ys[-1] - ys[-2])
    assert values(text, "extrapolate")[0] == pytest.approx(line, abs=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
@given(rises=st.lists(st.integers(1, 9), min_size=2, max_size=6), share=st.floats(0, 1))
@settings(max_examples=10, deadline=None)
def test_an_inverted_lookup_undoes_a_rising_one(backend: str, rises: list[int], share: float) -> None:
    points = ",".join(f"({n},{y})" for n, y in enumerate(np.cumsum(rises)))
    at = share * (len(rises) - 1)
    text = model(f"f({points}) ~~|\nback = LOOKUP INVERT(f, f({at!r})) ~~|", final=1)
    assert values(text, "back", backend)[0] == pytest.approx(at, abs=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_lookup_of_each_element_is_inverted_at_arguments_of_more_dimensions(backend: str) -> None:
    text = model("""A: a1, a2 ~~|
B: b1, b2, b3 ~~|
f[a1]((0, 0), (1, 10)) ~~|
f[a2]((0, 0), (1, 20)) ~~|
v[A, B] = A + B ~~|
w[B, A] = v[A, B] ~~|
y[A, B] = LOOKUP INVERT(f[A], v[A, B]) ~~|
z[B, A] = LOOKUP INVERT(f[A], w[B, A]) ~~|
u[A, B] = LOOKUP INVERT(f[A], B) ~~|""", final=1)
    result = engine.run(engine.compile("model.mdl", text=text), backend=backend)
    a, b = np.array([[1.0], [2.0]]), np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(result["y"].values[0], (a + b) / (10 * a))
    np.testing.assert_allclose(result["z"].values[0], ((a + b) / (10 * a)).T)
    np.testing.assert_allclose(result["u"].values[0], b / (10 * a))


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_area_lies_under_the_line_of_a_lookup_and_its_ends_at_their_height(backend: str) -> None:
    """The three cases of Vensim's manual, and one by element against a sum over fine slices."""
    text = model("""look((0, 1), (1, 1), (2, 2)) ~~|
p = LOOKUP AREA(look, 0, 1) ~~|
q = LOOKUP AREA(look, 2, 4) ~~|
r = LOOKUP AREA(look, 0.5, 2.5) ~~|
A: a1, a2 ~~|
f[a1]((0, 1), (3, 4), (3, 1), (5, 2)) ~~|
f[a2]((1, 2), (2, 8)) ~~|
d[A] = LOOKUP AREA(f[A], -1, Time - 2) ~~|""", final=9)
    result = engine.run(engine.compile("model.mdl", text=text), backend=backend)
    assert [float(result[name].values[0]) for name in "pqr"] == pytest.approx([1, 4, 3])
    for place, (x, y) in enumerate([([0, 3, 3 + 1e-9, 5], [1, 4, 1, 2]), ([1, 2], [2, 8])]):
        grid = np.linspace(-1, 7, 80001)
        sums = np.concatenate([[0], np.cumsum(np.interp((grid[1:] + grid[:-1]) / 2, x, y)) * (grid[1] - grid[0])])
        expected = [sums[round((time - 1) * 10000)] if time >= 1 else -y[0] for time in range(10)]
        np.testing.assert_allclose(result["d"].values[:, place], expected, atol=1e-3)


def test_data_are_read_at_other_times_than_now(tmp_path: Path) -> None:
    (tmp_path / "run.dat").write_text("x\n0\t0\n1\t10\n2\t20\n9\t70\n10\t80\n", encoding="utf-8")
    equations = """x ~~|
line = GET DATA BETWEEN TIMES(x, MIN(10, Time + 1), 0) ~~|
after = GET DATA BETWEEN TIMES(x, MIN(10, Time + 1), 1) ~~|
before = GET DATA BETWEEN TIMES(x, MIN(10, Time + 1), -1) ~~|
at = GET DATA AT TIME(x, 2) ~~|
span = GET DATA LAST TIME(x) - GET DATA FIRST TIME(x) ~~|
later = GET TIME VALUE(0, 3, 0) ~~|"""
    program = engine.compile("model.mdl", text=model(equations), data=[tmp_path / "run.dat"])
    result = engine.run(program, backend="numpy")
    assert list(result["after"].values) == [10, 20, 70, 70, 70, 70, 70, 70, 70, 80, 80]
    assert list(result["before"].values) == [0, 10, 20, 20, 20, 20, 20, 20, 20, 70, 70]
    assert result["line"].values[8] == 70
    assert result["at"].values[0] == 20
    assert result["span"].values[0] == 10
    assert result["later"].values[2] == 5
