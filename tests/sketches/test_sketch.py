"""The sketch behind the equations: whole, read back as written, also by PySD, and nothing stands on anything else."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geometry
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from xiancheng.engine import read as reader
from xiancheng.engine.depends import everything
from xiancheng.engine.graph import variable_graph
from xiancheng.engine.source import decode, key, without_views
from xiancheng.outputs import loops
from xiancheng.sketches import pictures, reading, sketch, vensim
from xiancheng.sketches.shapes import Arrow, Shape
from xiancheng.sketches.views import View, views
from xiancheng.study import Study

VARIABLES = ("word", "stock", "flow")
CLOCK = "\nINITIAL TIME = 0 ~ year ~~|\nFINAL TIME = 1 ~ year ~~|\nTIME STEP = 1 ~ year ~~|\nSAVEPER = 1 ~ year ~~|\n"
PIPELINE = """{UTF-8}
********************************************************
	.Homes
********************************************************~
		Homes.
	|
homes planned = INTEG(plans - starts, 5) ~ home ~~|
homes begun = INTEG(starts - completions, first homes begun) ~ home ~~|
homes = INTEG(completions - homes / lifetime + homes moved, first homes) ~ home ~~|
first homes begun = 3 ~ home ~~|
first homes = 100 ~ home ~~|
plans = wanted homes * switch of planning / lifetime ~ home/year ~~|
starts = homes planned / delay ~ home/year ~~|
completions = homes begun / delay ~ home/year ~~|
delay = 2 ~ year ~~|
lifetime = 50 ~ year ~~|
********************************************************
	.People
********************************************************~
		People.
	|
wanted homes = 2 * homes ~ home ~~|
homes moved = 0.1 * homes planned ~ home/year ~~|
switch of planning = 1 ~ dmnl ~~|
""" + CLOCK


def drawing(text: str, switches: dict[str, str] | None = None) -> tuple[reader.Model, list[View]]:
    model = reader.read("model.mdl", text)
    return model, views(model, switches or {})


def faults(view: View) -> list[object]:
    return [*geometry.overlaps(view), *geometry.outside_frames(view), *geometry.lines_on_names(view),
            *geometry.crossings(view)]


def own(view: View) -> Counter[str]:
    return Counter(key(shape.name) for shape in view.shapes if shape.kind in VARIABLES and not shape.ghost)


def named(view: View, name: str) -> int:
    return next(place for place, shape in enumerate(view.shapes) if shape.name == name and not shape.ghost)


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    return Study(root)


@pytest.fixture(scope="module")
def sheets(study: Study) -> list[View]:
    return sketch.drawn(study)


@pytest.fixture(scope="module")
def model(study: Study) -> reader.Model:
    return reader.read(study.equations)


def test_every_sector_has_a_view_with_each_of_its_variables_once(sheets: list[View], model: reader.Model) -> None:
    groups = [variable.group for variable in model.variables.values()]
    assert [sheet.name for sheet in sheets] == list(dict.fromkeys(groups))
    assert {sheet.name: own(sheet) for sheet in sheets} == {
        group: Counter(variable.key for variable in model.variables.values() if variable.group == group)
        for group in groups}


def test_the_arrows_of_a_view_are_the_causes_that_the_equations_name(sheets: list[View], model: reader.Model) -> None:
    graph = variable_graph(model, everything)
    shown = {name: causes - {"time"} for sheet in sheets for name, causes in sketch.causes(sheet).items()}
    assert shown == {name: set(causes) - {name} for name, causes in graph.items()}
    assert sum(map(len, shown.values())) > len(shown)


def test_nothing_stands_on_a_name_and_no_lines_cross(sheets: list[View]) -> None:
    assert {sheet.name: faults(sheet) for sheet in sheets} == {sheet.name: [] for sheet in sheets}


def test_every_loop_has_its_sign_where_it_can_be_cut(sheets: list[View], study: Study, model: reader.Model) -> None:
    graph = variable_graph(model, everything)
    uses = {loop.id: sum(key(loop.switch) in causes for causes in graph.values()) for loop in loops.read(study)}
    signs = Counter(shape.name for sheet in sheets for shape in sheet.shapes if shape.kind == "loop")
    assert signs == uses


def test_the_sketch_is_the_layout_of_the_equations_read_back_as_written(
    sheets: list[View], study: Study, model: reader.Model
) -> None:
    assert sheets == views(model, {key(loop.switch): loop.id for loop in loops.read(study)})
    equations, body, settings = vensim.split(decode(study.equations))
    assert vensim.written(sheets) == body + settings
    assert equations == without_views(decode(study.equations))
    sketch.check(study)


@pytest.mark.long
def test_pysd_reads_every_line_of_the_sketch_and_the_same_equations(
    sheets: list[View], study: Study, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what PySD imports
        from pysd.translators.vensim.vensim_file import VensimFile
    bare = tmp_path / "bare.mdl"
    bare.write_text(without_views(decode(study.equations)), encoding="utf-8")
    file = VensimFile(study.equations)
    assert file.model_text.strip() == VensimFile(bare).model_text.strip()
    file.parse(parse_all=False)
    file.parse_sketch([])
    assert file.sections[0].views_dict == {sheet.name.lower(): set(own(sheet)) for sheet in sheets}


def test_digest_and_text_of_a_run_are_those_of_the_equations_without_views(tmp_path: Path) -> None:
    body = vensim.written(drawing(PIPELINE)[1])
    hashes = []
    for text in (PIPELINE, PIPELINE + body, PIPELINE + body + "15:0,0,0,5,0,0\n"):
        (tmp_path / "model").mkdir(exist_ok=True)
        (tmp_path / "model" / "urbanisation.mdl").write_text(text, encoding="utf-8")
        hashes.append(Study(tmp_path).equations_hash)
    assert hashes[0] == hashes[1] != hashes[2]
    assert without_views(PIPELINE + body) == PIPELINE
    assert without_views(PIPELINE + body + "15:0,0,0,5,0,0\n") == PIPELINE + vensim.END + "\n15:0,0,0,5,0,0\n"


def test_stocks_that_flow_into_each_other_stand_in_a_row_and_the_ends_have_clouds() -> None:
    view = drawing(PIPELINE, {"switch_of_planning": "R1"})[1][0]
    stocks = [view.shapes[named(view, name)] for name in ("homes planned", "homes begun", "homes")]
    assert [stock.kind for stock in stocks] == ["stock"] * 3
    assert [stock.x for stock in stocks] == sorted(stock.x for stock in stocks)
    valve = named(view, "starts") - 1
    assert view.shapes[valve].kind == "valve"
    assert {(view.shapes[arrow.end].name, arrow.kind) for arrow in view.arrows if arrow.start == valve} == {
        ("homes planned", "out of"), ("homes begun", "into")}
    kinds = Counter(shape.kind for shape in view.shapes)
    assert (kinds["valve"], kinds["cloud"], kinds["flow"], kinds["loop"]) == (5, 3, 3, 1)
    assert sum(shape.ghost and shape.name == "lifetime" for shape in view.shapes) == 1
    arrows = {(view.shapes[arrow.start].name, view.shapes[arrow.end].name) for arrow in view.arrows}
    assert ("homes planned", "starts") in arrows
    assert faults(view) == []


@given(st.data())
@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
def test_any_web_of_stocks_and_causes_is_drawn_whole_and_without_crossings(data: st.DataObject) -> None:
    """What stands later may look at whatever stands before; stocks at everything."""
    stocks, others = data.draw(st.integers(1, 6)), data.draw(st.integers(8, 24))
    names = [f"thing {'long ' * (place % 4)}{place}" for place in range(others)]
    lines = ["{UTF-8}", "constant 0 = 1 ~~|"]
    for place, name in enumerate(names):
        before = ["constant 0", *names[:place], *(f"stock {number}" for number in range(stocks))]
        causes = data.draw(st.lists(st.sampled_from(before), min_size=1, max_size=20, unique=True))
        lines.append(f"{name} = {' + '.join(causes)} ~~|")
    for number in range(stocks):
        flows = data.draw(st.lists(st.sampled_from([*names, "stock 0 * constant 0"]), min_size=1, max_size=5))
        signs = data.draw(st.lists(st.sampled_from("+-"), min_size=5, max_size=5))
        change = " ".join(f"{sign} {flow}" for sign, flow in zip(signs, flows, strict=False))
        lines.append(f"stock {number} = INTEG({change}, {data.draw(st.sampled_from(names))} + constant 0) ~~|")
    model, sheets = drawing("\n".join(lines) + CLOCK, {key(names[0]): "B2"})
    assert [own(sheet) for sheet in sheets] == [Counter(list(model.variables))]
    assert [faults(sheet) for sheet in sheets] == [[]]
    graph = variable_graph(model, everything)
    assert sketch.causes(sheets[0]) == {name: set(causes) - {name} for name, causes in graph.items()}
    assert reading.read("\n".join(lines) + CLOCK + vensim.written(sheets), "model.mdl") == sheets


@pytest.mark.parametrize("fault", ["overlap", "line on a name", "crossing", "frame"])
def test_a_picture_with_a_fault_is_not_taken_for_right(fault: str) -> None:
    shapes = [Shape("word", name, x, y, 20, 8) for name, x, y in (
        ("a", 0, 0), ("b", 200, 200), ("c", 0, 200), ("d", 300, 0))]
    arrows = (Arrow(0, 1),)
    if fault == "overlap":
        shapes[2] = replace(shapes[2], x=310, y=4)
    elif fault == "line on a name":
        shapes[2] = replace(shapes[2], x=110, y=104)
    elif fault == "crossing":
        arrows = (*arrows, Arrow(2, 3))
    else:
        shapes.append(Shape("frame", "", 300, 0, 10, 30))
    view = View("a view", tuple(shapes), arrows)
    checks = {"overlap": geometry.overlaps, "line on a name": geometry.lines_on_names,
              "crossing": geometry.crossings, "frame": geometry.outside_frames}
    assert {name: bool(check(view)) for name, check in checks.items()} == {name: name == fault for name in checks}


def test_a_picture_holds_every_name_and_is_told_to_who_does_not_see_it() -> None:
    view = drawing(PIPELINE, {"switch_of_planning": "R1"})[1][0]
    tree = ElementTree.fromstring(pictures.svg(view, "A < title"))
    space = "{http://www.w3.org/2000/svg}"
    assert tree.findtext(f"{space}title") == "A < title"
    words = [" ".join(part.text or "" for part in text) for text in tree.iter(f"{space}text")]
    assert sorted(words) == sorted(f"<{shape.name}>" if shape.ghost else shape.name
                                   for shape in view.shapes if shape.name)
    box = [float(number) for number in tree.attrib["viewBox"].split()]
    assert all(0 <= shape.x - shape.w and shape.x + shape.w <= box[2] and 0 <= shape.y - shape.h
               and shape.y + shape.h <= box[3] for shape in view.shapes)
