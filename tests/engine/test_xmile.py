"""A model of XMILE computes what the same model in Vensim's text does; what is not understood is refused by its row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_models import model

from xiancheng import engine
from xiancheng.errors import StudyError
from xiancheng.texts import in_language

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs{method}><start>0</start><stop>10</stop><dt>0.5</dt></sim_specs>
<dimensions><dim name="Region"><elem name="north"/><elem name="south"/></dim></dimensions>
<model><variables>
"""
TAIL = "\n</variables></model></xmile>\n"


def written(folder: Path, variables: str, method: str = "") -> Path:
    file = folder / "model.xmile"
    file.write_text(HEAD.format(method=f' method="{method}"' if method else "") + variables + TAIL, encoding="utf-8")
    return file


def aux(name: str, equation: str, more: str = "") -> str:
    return f'<aux name="{name}"><eqn>{equation}</eqn>{more}</aux>\n'


BIRTHS = '<stock name="People\\nhere"><eqn>100</eqn><inflow>births</inflow><outflow>deaths</outflow></stock>\n' + \
    '<flow name="births"><eqn>People_here * birth_rate</eqn></flow>\n' + \
    '<flow name="deaths"><eqn>IF Time &gt;= 3 AND NOT (Time &gt; 8) THEN People_here / 50 ELSE 1</eqn></flow>\n' + \
    aux("birth rate", "0.05 * crowding") + \
    aux("crowding", "People_here", '<gf><xscale min="0" max="200"/><ypts>2,1,0.5</ypts></gf>') + \
    aux("late", "SMTH1(births, 4)") + aux("later", "DELAY3(births, 3, 2)") + \
    aux("rest", "INT(2.7) + MAX(1, Time)") + aux("left", "7 mod 4") + aux("&quot;odd-name&quot;", "2 ^ 3 - PULSE(3, 2)")
SAME = """People here = INTEG(births - deaths, 100) ~~|
births = People here * birth rate ~~|
deaths = IF THEN ELSE(Time >= 3 :AND: :NOT: (Time > 8), People here / 50, 1) ~~|
birth rate = 0.05 * crowding ~~|
crowding = WITH LOOKUP(People here, ((0, 2), (100, 1), (200, 0.5))) ~~|
late = SMOOTH(births, 4) ~~|
later = DELAY3I(births, 3, 2) ~~|
rest = 2 + MAX(1, Time) ~~|
left = 3 ~~|
"odd-name" = 8 - 3 / TIME STEP * PULSE(2, 0) ~~|"""


@pytest.mark.parametrize(("method", "code"), [("", ""), ("RK4", "5")])
def test_stocks_flows_and_functions_are_those_of_vensim(tmp_path: Path, method: str, code: str) -> None:
    ours = engine.run(engine.compile(written(tmp_path, BIRTHS, method)), backend="numpy")
    truth = engine.run(engine.compile("same.mdl", text=model(SAME, step=0.5, code=code)), backend="numpy")
    for name, values in truth.data_vars.items():
        np.testing.assert_allclose(ours[str(name)].values, values.values, rtol=1e-12, err_msg=str(name))


def test_arrays_go_by_element_and_functions_over_all_of_them(tmp_path: Path) -> None:
    own = '<dimensions><dim name="Region"/></dimensions>'
    variables = aux("area", "3, 4", own) + aux("twice", "2 * area", own) + aux("total", "SUM(twice)") + \
        f'<aux name="share">{own}<element subscript="north"><eqn>area[north] / total</eqn></element>' + \
        '<element subscript="south"><eqn>1 - share[north]</eqn></element></aux>'
    result = engine.run(engine.compile(written(tmp_path, variables)), backend="numpy")
    assert result["total"].values[0] == 14
    assert result["twice"].values[0].tolist() == [6, 8]
    np.testing.assert_allclose(result["share"].values[0], [3 / 14, 11 / 14])


def test_a_stock_that_may_not_be_negative_stops_at_nothing(tmp_path: Path) -> None:
    stock = '<stock name="s"><eqn>5</eqn><outflow>out</outflow><non_negative/></stock>' + \
        '<flow name="out"><eqn>2</eqn></flow>'
    result = engine.run(engine.compile(written(tmp_path, stock)), backend="numpy")
    np.testing.assert_allclose(result["s"].values[[0, 4, 6, 20]], [5, 1, 0, 0], atol=1e-12)


WRONG = {
    "a function that is not known": (
        aux("x", "1") + aux("y", "ORACLE(x, 2)"), "", 7, "ORACLE", "没有带 2 个参数的函数"),
    "a module": ('<module name="m"/>', "", 6, "module", "module 类型"),
    "a conveyor": (
        '<stock name="s"><eqn>1</eqn><conveyor><len>2</len></conveyor></stock>', "", 6, "conveyor", "conveyor"),
    "a sign before a base": (aux("x", "-2 ^ 2"), "", 6, "base of a power", "底数"),
    "a graphical function in steps": (aux("x", "Time", '<gf type="discrete"><xscale min="0" max="1"/>'
                                          "<ypts>1,2</ypts></gf>"), "", 6, "graphical function", "图形函数"),
    "a method without steps": (aux("x", "1"), "Gear", 3, "gear", "积分方法"),
    "a floor beside RK4": (
        '<stock name="s"><eqn>1</eqn><non_negative/></stock>', "RK4", 6, "fall below 0", "不得低于 0"),
    "an equation that breaks off": (aux("x", "1 +"), "", 6, "cannot be read", "无法读取"),
    "a name that is nowhere": (aux("x", "nowhere * 2"), "", 6, "nowhere", "nowhere"),
    "XML that breaks off": ("<aux name='x'>", "", None, "well formed", "XML 格式有误"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_understood_is_refused_in_both_languages_by_its_row(tmp_path: Path, case: str) -> None:
    variables, method, row, english, chinese = WRONG[case]
    with pytest.raises(StudyError) as refusal:
        engine.compile(written(tmp_path, variables, method))
    problem = refusal.value.problems[0]
    assert row in (None, problem.row)
    assert english in problem.found
    assert chinese in in_language(problem.found, "zh")


def test_another_kind_of_xml_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "page.stmx").write_text("<!DOCTYPE html><html/>", encoding="utf-8")
    with pytest.raises(StudyError, match="no model of XMILE"):
        engine.compile(tmp_path / "page.stmx")


@pytest.mark.parametrize("namespace", [' xmlns:isee="http://iseesystems.com/XMILE"', ""])
@pytest.mark.parametrize(("told", "times"), [("2", [0, 2, 4, 6, 8, 10]), ("0", list(np.arange(0, 10.5, 0.5)))])
def test_what_stella_is_told_to_save_is_saved(tmp_path: Path, told: str, times: list[float], namespace: str) -> None:
    """Many published files do not declare the namespace of their attributes."""
    file = written(tmp_path, BIRTHS)
    own = f'<sim_specs{namespace} isee:simulation_delay="0" isee:save_interval="{told}">'
    file.write_text(file.read_text(encoding="utf-8").replace("<sim_specs>", own), encoding="utf-8")
    assert list(engine.run(engine.compile(file), backend="numpy")["time"].values) == times
