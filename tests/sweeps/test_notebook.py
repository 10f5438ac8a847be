"""The notebook of the docs runs from its first block to its last, by the door alone, and its figures are right."""

from __future__ import annotations

import ast
import csv
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from miniature import mini_study

from xiancheng.model import tables
from xiancheng.model.places import PLACES_FILE
from xiancheng.model.tidy import TAIL
from xiancheng.scenarios import levers
from xiancheng.study import Study

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PUBLIC = {"xiancheng", "numpy", "scipy", "pathlib"}
COUNTY = "371522"
MINI = """
from pathlib import Path

import xiancheng

county = "371522"
lever, high, year = "grant", 30000, 2028
levers = {lever: (0, high), "tax_relief": (0, 1)}
assumptions = {"outside_attractiveness": (-0.3, 0.3)}
counties = ["371522", "370124"]
own_name, own_unit = "births per resident", "1/year"
own_equation = "births[place] / residents[place]"
"""
"""The first block in the miniature study, where both levers keep people and nobody moves between places."""
Names = dict[str, Any]


def blocks(root: Path, page: str) -> list[str]:
    """Return the blocks of a page."""
    return BLOCK.findall((root / "docs" / page).read_text(encoding="utf-8"))


def census(study: Study) -> None:
    """Give the miniature study what a list of places is made from: residents of its units, and its prefectures."""
    with (study.tables / "units.csv").open(encoding="utf-8") as stream:
        units = [row["code"] for row in csv.DictReader(stream)]
    rows = [f"{code},2010,residents,{100_000 * place},persons,assumed,A miniature for tests,"
            for place, code in enumerate(units, start=1)]
    head = ",".join(("place", "year", "quantity", *TAIL))
    (study.tables / "census_units.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    (study.tables / "prefectures.csv").write_text(
        "code,circle,core,zone,merged_into\n370100,jinan,1,provincial_capital,\n371500,,0,provincial_capital,\n",
        encoding="utf-8")


def build(folder: Path) -> tuple[str, ...]:
    """Write the blocks of the miniature study, which are not those of the real one, for other places."""
    at = folder / "model" / "tables"
    shutil.copytree(Path.cwd() / "model" / "tables" / "blocks", at / "blocks", dirs_exist_ok=True)
    with (at / PLACES_FILE).open(encoding="utf-8") as stream:
        places = [(row["code"] if row["code"][0] == "r" else f"p{row['code']}", row["name_zh"])
                  for row in csv.DictReader(stream)]
    for name, rows in {
        "places.csv": ["place,name zh", *(f"{code},{name}" for code, name in places)],
        "start_2020/places.csv": ["place,start residents", *(f"{code},{100_000 + 1000 * place}"
                                                             for place, (code, _) in enumerate(places))],
    }.items():
        (at / "blocks" / name).write_text("\n".join([*rows, ""]), encoding="utf-8")
    return ()


@pytest.fixture(scope="module")
def names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    """What is defined at the end of the notebook, run in one process on the miniature study."""
    study = mini_study(root, tmp_path_factory.mktemp("notebook") / "mini")
    census(study)
    scope: Names = {"lines": [], "before": study.equations.read_bytes(), "study": study}
    scope["print"] = lambda *words: scope["lines"].append(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(study.root)
        patch.setattr(tables, "check", lambda folder: None)
        patch.setattr(tables, "check_once", lambda study: None)
        patch.setattr(tables, "build", build)
        for text in [MINI, *blocks(root, "notebook.md")[1:]]:
            exec(text, scope)
        yield scope


def people(names: Names, run: str) -> xr.DataArray:
    """Return residents of a run by code."""
    residents: xr.DataArray = names[run]["residents"].swap_dims(place="adcode")
    return residents


@pytest.mark.parametrize("page", ["notebook.md", "notebook.zh.md"])
def test_a_stranger_imports_the_door_alone(root: Path, page: str) -> None:
    """No module of ours but the package itself, and public libraries; both languages hold the same blocks."""
    text = "".join(blocks(root, page))
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
               for node in imports for alias in node.names}
    assert modules == PUBLIC
    assert not re.search(r"xiancheng\.(\w+)\.", text)
    used = set(re.findall(r"xiancheng\.(\w+)", text))
    assert used <= set(sys.modules["xiancheng"].__all__)
    assert blocks(root, page) == blocks(root, "notebook.md")


def test_the_first_block_names_what_the_study_has(root: Path) -> None:
    """Levers within their ranges, counties and variables of the equations; the test sets no other names."""
    scope: Names = {}
    exec(blocks(root, "notebook.md")[0], scope)
    mini: Names = {}
    exec(MINI, mini)
    assert scope.keys() == mini.keys()
    study = Study(root)
    catalogue = levers.read(study)
    for name, (low, high) in scope["levers"].items():
        assert catalogue[name].low <= low < high <= catalogue[name].high
    with (study.tables / "places.csv").open(encoding="utf-8") as stream:
        listed = {row["code"] for row in csv.DictReader(stream) if row["in_68"] == "1"}
    assert {scope["county"], *scope["counties"]} <= listed
    equations = study.equations.read_text(encoding="utf-8")
    for variable in re.findall(r"([a-z ]+)\[place\]", scope["own_equation"]):
        assert re.search(rf"^{variable.strip()}\[place\]", equations, re.MULTILINE), variable


def test_a_lever_moves_its_county_alone(names: Names) -> None:
    difference = people(names, "changed") - people(names, "baseline")
    assert (difference.sel(adcode=COUNTY, year=slice(2030, None)) > 0).all()
    assert (difference.drop_sel(adcode=COUNTY) == 0).all()
    assert ("persons", list(range(2020, 2036))) in names["lines"]


def test_a_latin_hypercube_is_a_frame_of_200_rows(names: Names) -> None:
    """One point in each two-hundredth of every range."""
    frame = names["frame"]
    assert list(frame) == ["grant", "tax_relief", "outside_attractiveness", "residents"]
    assert len(frame) == 200
    assert sorted((frame["grant"] / 150).astype(int)) == list(range(200))
    assert frame["residents"].nunique() == 200
    assert names["sample"]["grant"].attrs["units"] == "yuan per household"


def test_indices_are_shares_well_above_rounding(names: Names) -> None:
    table = names["indices"].set_index("factor")
    for kind in ("first", "total"):
        assert ((table[kind] > -table[f"{kind}_conf"]) & (table[kind] < 1 + table[f"{kind}_conf"])).all()
    assert table["first"].sum() == pytest.approx(1, abs=0.3)
    assert (table["total"] > 0).all()
    assert (table["steps"] > 1e6).all()


def test_a_box_holds_what_its_limits_say(names: Names) -> None:
    """Few people where the grant, which moves leaving three times as far as anything else, is low; counted again."""
    frame, table = names["frame"], names["boxes"].table()
    first = table[table["box"] == 1].set_index("factor")
    assert first.loc["grant", "high"] < 15000
    assert np.isnan(first.loc["grant", "low"])
    few = frame["residents"] <= frame["residents"].quantile(0.2)
    inside = np.ones(len(frame), dtype=bool)
    for factor, row in first.iterrows():
        low, high = (np.nan_to_num(row[side], nan=end) for side, end in (("low", -np.inf), ("high", np.inf)))
        inside &= frame[factor].between(low, high).to_numpy()
    assert first["density"].iloc[0] == pytest.approx(few[inside].mean())
    assert first["coverage"].iloc[0] == pytest.approx(few[inside].sum() / few.sum())
    assert few[inside].mean() > 2 * few.mean()


def test_the_best_point_is_near_the_corner_that_keeps_most(names: Names) -> None:
    corner, best = names["residents"](np.array([[30000.0], [1.0]]))[0], -names["best"].fun
    assert names["start"] < best <= corner
    assert best > corner - 0.1 * (corner - names["start"])


def test_an_own_list_has_its_places_and_leaves_the_study(names: Names) -> None:
    own = names["own"]
    assert set(own["adcode"].values[own["in_68"].values]) == {"371522", "370124"}
    assert set(own["adcode"].values[~own["in_68"].values]) == {"rest_370100", "rest_371500"}
    assert names["study"].equations.read_bytes() == names["before"]


def test_an_own_variable_has_the_value_of_its_equation(names: Names) -> None:
    """0.006 births a resident and child, 1.5 children at first; residents stay as they were."""
    values = names["with_own"]["births_per_resident"]
    assert values.sel(year=2020).values == pytest.approx(0.006 * 1.5)
    assert values.attrs["units"] == "1/year"
    assert np.array_equal(names["with_own"]["residents"], names["own"]["residents"])


def test_2050_is_the_last_year_and_2035_as_before(names: Names) -> None:
    assert int(names["longer"]["year"][-1]) == 2050
    assert np.array_equal(people(names, "longer").sel(year=slice(None, 2035)), people(names, "baseline"))


def test_half_a_step_changes_little(names: Names) -> None:
    assert 0 < names["apart"] < 0.01
