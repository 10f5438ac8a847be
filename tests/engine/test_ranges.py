"""Variables may be defined on part of a range, and ranges may map to others of another count or order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.errors import StudyError

RANGES = "A: a1, a2, a3 ~~|\nsub: a1, a2 ~~|\n"


@pytest.mark.parametrize("backend", BACKENDS)
def test_cells_without_an_equation_are_empty_and_no_fault_of_the_run(backend: str) -> None:
    part = "s[sub, A] :EXCEPT: [sub, a2] = 1 ~~|"
    text = model(RANGES + "x[a1] = Time ~~|\nx[a3] = 2 ~~|\ny = x[a1] + x[a3] ~~|\n" + part)
    result = simulate(text, backend, strict=True)
    assert result["y"].values[-1] == 12
    assert np.isnan(result["x"].sel(A="a2")).all()
    assert np.isfinite(result["x"].sel(A="a3")).all()


def test_a_cell_without_an_equation_is_refused_where_it_is_used_and_named() -> None:
    with pytest.raises(StudyError, match=r"'x' has no equation at \[a2\]"):
        engine.compile("model.mdl", text=model(RANGES + "x[a1] = 1 ~~|\nx[a3] = 1 ~~|\ny = SUM(x[A!]) ~~|"))
    assert values(model(RANGES + "x[sub] = 2 ~~|\ny = SUM(x[sub!]) ~~|\nz[A] = 1 ~~|"), "y")[0] == 4


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ("B: b1, b2, b3 -> A", [10, 20, 30]),
        ("B: b1, b2, b3 -> (A: a3, a1, a2)", [20, 30, 10]),
        ("B: b1, b2 -> (A: sub, a3)", [10, 10, 20]),
        ("B: b1, b2 -> (A: a3, sub)", [20, 20, 10]),
        ("B <-> A", [10, 20, 30]),
    ],
)
def test_an_element_stands_for_those_that_it_maps_to(mapping: str, expected: list[float]) -> None:
    count = 2 if "b3" not in mapping and "<->" not in mapping else 3
    numbers = ", ".join(str(10 * (n + 1)) for n in range(count))
    text = model(RANGES + f"{mapping} ~~|\nx[B] = {numbers} ~~|\ny[A] = x[B] ~~|\none[sub] = x[B] ~~|")
    result = simulate(text)
    assert list(result["y"].values[0]) == expected
    assert list(result["one"].values[0]) == expected[:2]


def test_one_order_of_elements_is_another_order_of_the_same_cells() -> None:
    text = model(RANGES + "other: a3, a1, a2 ~~|\nx[A] = 1, 2, 3 ~~|\ny[other] = x[other] ~~|\nz = y[a3] ~~|")
    result = simulate(text)
    assert result["z"].values[0] == 3
    assert [float(result["y"].isel(time=0).sel(other=name)) for name in ("a1", "a2", "a3")] == [1, 2, 3]


def test_the_number_of_elements_of_a_range() -> None:
    assert values(model(RANGES + "n = ELMCOUNT(A) + 10 * ELMCOUNT(sub) ~~|"), "n")[0] == 23


def test_words_and_tables_by_tag_and_name_are_read_from_workbooks(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.workbook.defined_name import DefinedName

    book = openpyxl.Workbook()
    page = book.active
    page.title = "Data"
    for row in (["year", "x", "y"], [0, 1.5, 10], [2, 2.5, "none"], [4, 3.5, 30]):
        page.append(row)
    book.defined_names["first"] = DefinedName("first", attr_text="Data!$B$2:$B$4")
    book.defined_names["years"] = DefinedName("years", attr_text="Data!$A$2:$A$4")
    book.save(tmp_path / "book.xlsx")
    equations = """c = GET XLS CONSTANTS('book.xlsx', 'data', 'B2') ~~|
named = GET DIRECT CONSTANTS('?tables', 'Data', 'first') ~~|
moving := GET XLS DATA('book.xlsx', 'Data', 'years', 'first') ~~|
gap := GET XLS DATA('book.xlsx', 'Data', 'A', 'C2') ~~|"""
    text = model(equations, final=4, code="0") + "30:?tables=book.xlsx\n"
    program = engine.compile(tmp_path / "model.mdl", text=text)
    result = engine.run(program, backend="numpy")
    assert result["c"].values[0] == result["named"].values[0] == 1.5
    assert list(result["moving"].values) == [1.5, 2, 2.5, 3, 3.5]
    assert list(result["gap"].values) == [10, 15, 20, 25, 30]
    assert any("none" in note.found for note in program.notes)


def test_a_workbook_sheet_or_tag_that_is_not_there_is_named(tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    (tmp_path / "broken.xlsx").write_text("no workbook", encoding="utf-8")
    equations = """a = GET XLS CONSTANTS('book.xlsx', 'Data', 'B2') ~~|
b = GET XLS CONSTANTS('broken.xlsx', 'Data', 'B2') ~~|"""
    with pytest.raises(StudyError) as refused:
        engine.compile(tmp_path / "model.mdl", text=model(equations))
    assert "no sheet 'Data'" in str(refused.value)
    assert "cannot be read" in str(refused.value)
    with pytest.raises(StudyError, match=r"no file for \?tables"):
        engine.compile(tmp_path / "model.mdl", text=model("c = GET XLS CONSTANTS('?tables', 'Data', 'B2') ~~|"))
