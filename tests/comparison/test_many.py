"""More than four options: each has a look and a panel of its own, tables turn sideways, the answer stays one page."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from xiancheng.charts.chart import BASELINE, COLOURS, DASHES, LETTERS, SHAPES
from xiancheng.comparison import confidence, figures, request
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import glance, proof, results, summary, whole
from xiancheng.comparison.report.document import ReportTable, cells
from xiancheng.errors import StudyError
from xiancheng.study import Study

LANGUAGES = ("zh", "en")


def tables(blocks: tuple[object, ...]) -> dict[str, ReportTable]:
    return {one.id: one for one in blocks if isinstance(one, ReportTable)}


def test_no_two_options_look_alike() -> None:
    """Colours may come again beyond eight, but never with the same dash or the same mark."""
    names = (BASELINE, *LETTERS)
    assert len({(COLOURS[one], str(DASHES[one])) for one in names}) == len(names)
    assert len({(COLOURS[one], SHAPES[one]) for one in names}) == len(names)
    assert len({COLOURS[one] for one in names[:9]}) == 9


def test_all_stands_for_the_packages_that_are_not_named_otherwise(study: Study) -> None:
    packages = sorted(file.stem for file in (study.scenarios / "packages").glob("*.toml"))
    assert request.named(study, ["all"]) == packages
    assert request.named(study, ["my_plan.toml", "all", "austerity"]) == [
        "my_plan.toml", *(one for one in packages if one != "austerity"), "austerity"]
    assert "austerity" not in request.named(study, ["all"], "austerity")
    assert request.named(study, ["austerity", "austerity"]) == ["austerity", "austerity"]


def test_more_options_than_letters_are_refused(study: Study) -> None:
    with pytest.raises(StudyError, match=f"1 to {len(LETTERS)} options"):
        request.read(study, ["austerity"] * (len(LETTERS) + 1), members=0)
    assert len(request.read(study, ["austerity"] * len(LETTERS), members=0).letters) == len(LETTERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_has_a_panel_of_its_own_on_one_scale(many: Comparison, language: str) -> None:
    chart = figures.line_chart(many, "urban_share", "68", language)
    overview, small = chart.specification["vconcat"]
    assert len(small["concat"]) == len(many.request.letters)
    scales = {json.dumps(layer["encoding"]["y"]["scale"]) for one in small["concat"] for layer in one["layer"]
              if "scale" in layer["encoding"]["y"]}
    assert len(scales) == 1
    low, high = json.loads(scales.pop())["domain"]
    shown = [row["change"] / 0.01 for row in chart.rows if row["change"] is not None]
    assert low <= min(shown)
    assert max(shown) <= high
    ends = overview["layer"][-1]["data"]["values"]
    assert {one["short"] for one in ends} >= set(many.request.letters)
    for other in (figures.map_chart(many, "urban_share", language), figures.money_chart(many, language)):
        assert other.specification["columns"] == 3
    dots = figures.dot_chart(many, language)
    assert dots.specification["facet"]["column"]["sort"] == list(many.request.letters)
    assert all(figures.labels(many, language)[letter] in dots.notes[0] for letter in many.request.letters)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_tables_of_many_options_hold_the_same_figures(many: Comparison, language: str) -> None:
    """Changes and levels stand in tables of their own, a column for each option, the unit named once."""
    found = tables(results.results(many, language).blocks)
    for name, pick in (("results-68", "change"), ("levels-68", "level")):
        for line in many.lines(level=["68"]):
            row = next(row for row in found[name].rows if row[0].words == line.title(language))
            cell = row[3 + many.request.letters.index(line.option)]
            wanted = getattr(line, pick).median
            assert cell.value == wanted or np.isnan(wanted)


def test_the_one_page_has_a_line_for_each_option_and_its_claims_are_those_of_part_8(many: Comparison) -> None:
    table = tables(tuple(glance.blocks(many, "en")))["glance"]
    assert len(table.rows) == len(many.request.options)
    sides = {letter: sum(line.option == letter for line in many.sides) for letter in many.request.letters}
    assert [row[-1].value for row in table.rows] == [float(one) for one in sides.values()]
    assert not [one for one in summary.one_page(many, "en").blocks if "does better in" in str(one)]


def test_pairs_of_many_options_are_counted(many: Comparison) -> None:
    table = tables(proof.how_sure(many, "en").blocks)["duels"]
    duels = [one for one in confidence.duels(many.areas, many.shown, "68") if one.counts]
    first = [one for one in duels if (one.first, one.second) == ("A", "B")]
    assert table.rows[0][2].value == sum(one.first_wins >= glance.SURE for one in first)
    assert table.rows[1][1].value == sum(one.first_wins <= 1 - glance.SURE for one in first)


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_the_answer_on_all_packages_ends_on_its_page(
    many: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Only the first two parts are written here: where the second begins tells whether the first fits."""
    report = whole.report
    monkeypatch.setattr(whole, "report", lambda *arguments: _first_parts(report(*arguments)))
    document = pypdfium2.PdfDocument(str(many.report(tmp_path / "x.pdf", language)))
    begins = {"zh": "2 各方案", "en": "2 The options"}[language]
    assert begins in document[1].get_textpage().get_text_range()


def _first_parts(report: object) -> object:
    from dataclasses import replace

    return replace(report, parts=report.parts[:2])


@pytest.mark.parametrize("room", [30.0, 60.0, 500.0])
def test_narrow_columns_keep_their_width_where_wide_ones_have_to_break(room: float) -> None:
    table = ReportTable("x", "x", ("unit", "words"), (cells("persons", "word " * 12), cells("m2", "short")))
    found = table.fitted(room)
    assert sum(found) <= max(room, 0) + 1e-9 or found == table.widths
    assert found[0] == table.widths[0]
    assert found[1] == min(table.widths[1], room - table.widths[0])
