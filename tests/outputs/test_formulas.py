"""Formulas of indicators are rows of a table: read strictly, held against the equations, worked out year by year."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from xiancheng.engine.labels import PlainRun
from xiancheng.errors import StudyError
from xiancheng.model.places import Place, Places
from xiancheng.outputs import expression, formulas, indicators
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.readings import YearReadings
from xiancheng.study import Study

HEAD = ",".join(formulas.COLUMNS)
RESIDENTS = "residents,residents,stock,,,,,,"


@pytest.fixture
def mini(root: Path, tmp_path: Path) -> Study:
    shutil.copytree(root / "tests" / "mini", tmp_path / "mini")
    return Study(tmp_path / "mini")


def table(study: Study, *rows: str, **aggregations: str) -> Study:
    """The miniature study with these formulas; every other indicator is a sum."""
    catalogue = study.outputs / "indicators.csv"
    head, first = catalogue.read_text(encoding="utf-8").splitlines()
    names = [row.split(",")[0] for row in rows if not row.startswith("residents")]
    kinds = {name: aggregations.get(name, "sum") for name in names}
    lines = [first.replace("residents", name, 1).replace(",sum,", f",{kind},") for name, kind in kinds.items()]
    catalogue.write_text("\n".join([head, first, *dict.fromkeys(lines)]) + "\n", encoding="utf-8")
    (study.outputs / "formulas.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return study


def problems(study: Study) -> list[tuple[int | None, str]]:
    with pytest.raises(StudyError) as caught:
        formulas.read(study)
    return [(problem.row, problem.found) for problem in caught.value.problems]


@pytest.fixture
def readings() -> YearReadings:
    """Two places, two settlements, three ages, from 2020 to 2022; persons grow by 10 a year, a total by 4."""
    time = np.arange(2020.0, 2023.01, 0.125)
    persons = 100 + 10 * (time - 2020)[:, None, None, None] + np.arange(12.0).reshape(1, 2, 2, 3)
    data = xr.Dataset(
        {
            "persons": (("time", "place", "settlement", "age"), persons),
            "moves_total": (("time", "place"), 4 * (time - 2020)[:, None] * np.array([[1.0, 2.0]])),
            "price": ("settlement", [2.0, 0.0]),
            "rate": ((), 0.5),
        },
        {"time": time, "place": ["p1", "rest_1"], "settlement": ["town", "village"], "age": ["a0", "a1", "a2_plus"]},
    )
    return YearReadings(PlainRun.of(data), [2020, 2021, 2022])


def value(readings: YearReadings, written: str, kind: str = "stock") -> list[list[float]]:
    return readings.value(expression.parse(written), kind).tolist()


def test_what_is_not_named_is_added_up(readings: YearReadings) -> None:
    assert value(readings, "persons")[0] == [6 * 100 + 15, 6 * 100 + 51]


def test_elements_and_ranges_of_elements_are_chosen(readings: YearReadings) -> None:
    assert value(readings, "persons[village, a1:a2_plus]")[0] == [209, 221]
    assert value(readings, "persons[a0]")[0] == [203, 215]


def test_sums_differences_products_and_quotients(readings: YearReadings) -> None:
    assert value(readings, "persons[a0] - persons[a1] + persons[a2_plus]")[0] == [205, 217]
    assert value(readings, "- persons[a0] * rate")[0] == [-101.5, -107.5]
    assert value(readings, "persons[town] * price")[0] == [606, 642]


def test_a_division_by_nothing_is_missing(readings: YearReadings) -> None:
    assert value(readings, "persons[town] / price[town]")[0] == [151.5, 160.5]
    assert np.isnan(value(readings, "persons[town] / price[village]")).all()


def test_readings_of_a_year(readings: YearReadings) -> None:
    assert value(readings, "moves total", "flow")[1] == pytest.approx([4, 8])
    assert np.isnan(value(readings, "moves total", "flow")[0]).all()
    assert value(readings, "persons[town, a0]", "mean of year")[1] == pytest.approx([100 + 20 / 3, 106 + 20 / 3])


@pytest.mark.parametrize("written", ["persons[", "3 * persons", "(persons)", "persons +", "", "+", "a ** b"])
def test_what_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(expression.BadExpression):
        expression.parse(written)


@pytest.mark.parametrize(("written", "words"), [("persons[a9]", "no element a9"), ("price", "no value by place")])
def test_what_the_run_has_not_is_named(readings: YearReadings, written: str, words: str) -> None:
    with pytest.raises(expression.BadExpression, match=words):
        value(readings, written)


def test_every_formula_of_the_study_fits_its_equations(study: Study) -> None:
    formulas.check(study)
    assert set(formulas.read(study)) == set(indicators.read(study))


def test_a_formula_is_worked_out_by_its_row(mini: Study, readings: YearReadings) -> None:
    formulas_of = (
        "residents,births,stock,,,,,,",
        "share,births[village],stock,,residents,,100,,",
        "many,births,stock,,,,,kind != pole,>= 616",
        "gap,,,share,,residents,,,",
    )
    kinds = {"share": "ratio of sums", "many": "count share", "gap": "Theil index"}
    study = table(mini, *formulas_of, **kinds)
    words = {"prefecture_code": "1", "prefecture_zh": "", "prefecture_en": ""}
    rows = ({"code": "1", "kind": "county", "in_68": "1"}, {"code": "rest_1", "kind": "pole", "in_68": "0"})
    places = Places((), tuple(Place({**words, **row}, ()) for row in rows))
    reader = Reader.over(study, places, readings.years)
    run = replace(readings.run, arrays={"births": readings.run.arrays["persons"]})
    assert reader.available(run, ["gap", "many"]) == ["gap", "many"]
    values = reader.at_places(run, ["gap", "many"])
    assert set(values) == {"gap", "many", "residents", "share"}
    assert values["share"][0].tolist() == pytest.approx([100 * 312 / 615, 100 * 330 / 651])
    assert values["many"][:, 0].tolist() == [0, 1, 1]
    assert np.isnan(values["many"][:, 1]).all()
    assert np.isnan(values["gap"]).all()
    assert reader.needed(["gap"]) == ["births"]


def test_no_indicator_is_made_of_itself(mini: Study) -> None:
    """However long the way round; the whole circle is told."""
    rows = (RESIDENTS, "a,births,stock,,b,,,,", "b,births,stock,,c,,,,", "c,births,stock,,a,,,,")
    ((row, words),) = problems(table(mini, *rows, **dict.fromkeys("abc", "ratio of sums")))
    assert row is None
    assert {"a", "b", "c"} <= set(words.split(":")[0].split(" → "))


def test_all_problems_of_the_table_come_at_once(mini: Study) -> None:
    rows = (
        RESIDENTS,
        "a,resident,stock,,,,,,",
        "b,births * leavers,flow,,,,,,",
        "c,births,yearly,,,,,,",
        "d,births,stock,,resident,,,,",
        "e,births,stock,,,,x,height = 3,about 2",
        "f,births +,stock,,,,,,",
    )
    found = problems(table(mini, *rows, d="ratio of sums"))
    words = {
        3: "a reads resident, which the equations have not", 4: "read off running totals", 5: "reading is 'yearly'",
        6: "over names resident, which has no formula", 7: "scale is 'x'", 8: "births + cannot be read",
    }
    for row, said in words.items():
        assert any(row == line and said in text for line, text in found), said
    assert sum(1 for row, _ in found if row == 7) == 4


def test_a_formula_has_to_fit_the_aggregation(mini: Study) -> None:
    rows = (
        RESIDENTS, "a,births,stock,,residents,,,,", "b,births,stock,,,,,,", "c,births,stock,residents,,residents,,,"
    )
    found = problems(table(mini, *rows, b="ratio of sums", c="Theil index"))
    columns = [(row, text.rpartition("columns ")[2]) for row, text in found]
    assert columns == [(3, "over"), (4, "over"), (5, "numerator")]


def test_a_figure_spread_evenly_has_no_index_of_inequality(mini: Study) -> None:
    study = table(mini, RESIDENTS, "even,births,stock,,,,,,", "gap,,,even,,residents,,,", gap="Theil index")
    file = study.outputs / "indicators.csv"
    text = file.read_text(encoding="utf-8").splitlines()
    text = [line.replace(",county,", ",province,") if line.startswith("even") else line for line in text]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    assert problems(study) == [(4, "gap compares counties by even, which is a figure of the province spread evenly")]


def test_indicators_and_formulas_have_the_same_ids(mini: Study) -> None:
    file = mini.outputs / "formulas.csv"
    file.write_text(f"{HEAD}\nresident,residents,stock,,,,,,\n", encoding="utf-8")
    assert problems(mini) == [(2, "there is no indicator resident"), (None, "indicator residents has no formula")]
