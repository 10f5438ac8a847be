"""The short report: what a meeting reads on few pages, in four forms."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pypdfium2
import pytest
import synthetic_runs
from docx.enum.section import WD_ORIENT
from report_texts import dots, text_of

from xiancheng.charts import draw, maps
from xiancheng.comparison import changes, figures
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import appraisal, refuse, whole, write_page
from xiancheng.comparison.report.document import Bullets, Cell, Report, ReportTable, Section
from xiancheng.errors import StudyError
from xiancheng.model.build import BuiltRun
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.texts import in_language

pytestmark = pytest.mark.long
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def short(pair: Comparison) -> Callable[[str], Report]:
    return lru_cache(maxsize=2)(lambda language: whole.report(pair, language, "short"))


@pytest.fixture(scope="module")
def written(pair: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Write a short report once for each form and language; pictures are a dot here."""
    folder, patch = tmp_path_factory.mktemp("short"), pytest.MonkeyPatch()
    patch.setattr(draw, "aside", dots)

    def write(suffix: str, language: str) -> Path:
        file = folder / f"{language}{suffix}"
        return file if file.exists() else pair.report(file, language, length="short")

    yield write
    patch.undo()


def test_page_one_has_a_column_for_each_option_and_every_target_of_the_text(
    short: Callable[[str], Report], pair: Comparison
) -> None:
    table = next(block for block in short("zh").parts[0].blocks if isinstance(block, ReportTable))
    assert len(table.heads) == 1 + len(pair.request.letters)
    binding = {item.indicator for item in changes.targets_met(pair.areas, "68") if item.is_binding}
    assert binding
    titles = [pair.areas[name].attrs["title_zh"] for name in binding]
    assert all(any(title in row[0].words for row in table.rows) for title in titles)


def test_for_each_goal_the_option_that_does_most_is_named_with_how_often_it_is_first(
    short: Callable[[str], Report], pair: Comparison
) -> None:
    """Worked out anew from the runs: the option with the larger paired change in the better direction."""
    said = " ".join(item for part in short("en").parts for block in part.blocks if isinstance(block, Bullets)
                    for item in block.items)
    goals = {(name, area) for _, name, area in pair.headlines if pair.areas[name].attrs["direction"] != "neither"}
    assert goals
    for name, area in goals:
        at = pair.areas[name].sel(stress="reference", area=area).isel(year=-1)
        way = 1 if at.attrs["direction"] == "higher" else -1
        base = at.sel(scenario="baseline")
        moved = {letter: way * float((at.sel(scenario=letter) - base).median()) for letter in "AB"}
        best = max(moved, key=moved.__getitem__)
        where = str(pair.areas["name_en"].sel(area=area).item())
        assert f"If the goal is {at.attrs['title_en']} ({where}), then {best} " in said
        first = float(((at.sel(scenario=best) - at.sel(scenario="AB".replace(best, ""))) * way > 0).mean())
        assert first == 1.0
    assert said.count("first in 100% of the members") == len(goals)


def test_tables_and_figures_are_counted_through_the_report(short: Callable[[str], Report]) -> None:
    for language, word, picture in (("zh", "表", "图"), ("en", "Table ", "Figure ")):
        report = short(language)
        assert [table.label for table in report.tables()] == [
            f"{word}{number}" for number in range(1, len(report.tables()) + 1)]
        assert [figure.label for figure in report.figures()] == [
            f"{picture}{number}" for number in range(1, len(report.figures()) + 1)]


def test_a_map_names_the_places_that_rise_and_fall_most_and_so_does_what_stands_for_it(pair: Comparison) -> None:
    chart = figures.map_chart(pair, figures.mapped(pair)[0], "zh")
    for option in pair.request.letters:
        own = [row for row in chart.rows if row["scenario"] == option and row["is_listed"]]
        largest = sorted(own, key=lambda row: -abs(row["value"]))[0]
        assert largest["mark"] == largest["name"]
        assert largest["name"] in chart.alt
        assert sum(bool(row["mark"]) for row in own) <= 2 * maps.NAMED


def test_the_document_counts_its_pages_tables_and_figures_and_stands_upright(
    written: Callable[[str, str], Path]
) -> None:
    document = docx.Document(str(written(".docx", "zh")))
    section = document.sections[0]
    assert section.page_width < section.page_height
    assert all(one.orientation == WD_ORIENT.PORTRAIT for one in document.sections)
    codes = [code.text.split()[0] for code in document.element.body.iter() if code.tag.endswith("}instrText")]
    assert codes[0] == "TOC"
    assert codes.count("SEQ") == len([one for one in document.paragraphs if one.style.name == "Caption"])
    foot = [code.text.strip() for code in section.footer._element.iter() if code.tag.endswith("}instrText")]
    assert foot == ["PAGE", "NUMPAGES"]
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    assert captions[0].startswith("表1 ")
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(cell.width for cell in table.rows[0].cells) <= room * 1.001


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_changes_of_the_workbook_are_formulas_that_give_what_was_told(
    written: Callable[[str, str], Path], pair: Comparison, language: str
) -> None:
    file = written(".xlsx", language)
    name = {"zh": "变化（公式）", "en": "Changes as formulas"}[language]
    formulas = openpyxl.load_workbook(file)[name]
    values = openpyxl.load_workbook(file, data_only=True)[name]
    table = pair.table()
    count = 0
    for line, told in zip(formulas.iter_rows(min_row=2), values.iter_rows(min_row=2, values_only=True), strict=True):
        for column in (5, 7):
            if line[column].value is not None:
                assert line[column].value == f"={line[column - 1].coordinate}-D{line[column].row}"
                assert told[column] == pytest.approx(told[column - 1] - told[3], rel=1e-6, abs=1e-9)
                count += 1
    assert count == int(np.isfinite(table[table["stress"] == "reference"]["value"]).sum())
    assert formulas.tables


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf"])
def test_an_english_report_has_no_chinese_letter(written: Callable[[str, str], Path], suffix: str) -> None:
    """The manifest alone repeats scenarios as they were told."""
    said = text_of(written(suffix, "en")).split('id="manifest')[0]
    assert not re.findall("[\u4e00-\u9fff]+", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_never_writes_powers_of_ten(written: Callable[[str, str], Path], language: str) -> None:
    said = written(".html", language).read_text(encoding="utf-8")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", said)
    assert cells
    assert not [cell for cell in cells if re.fullmatch(r"-?[\d.]+e[-+]?\d+", cell)]


@pytest.mark.parametrize(("language", "words"), [("en", "there is no length brief"), ("zh", "没有长度 brief")])
def test_an_unknown_length_is_refused_before_anything_runs(tmp_path: Path, language: str, words: str) -> None:
    with pytest.raises(StudyError) as refusal:
        refuse(tmp_path / "x.html", language, length="brief")
    assert words in in_language(refusal.value.problems[0].found, language)


@pytest.fixture(scope="module")
def four(study: Study, built: BuiltRun) -> Comparison:
    """Four packages of the study under four stresses."""
    names = ("county_town_first", "core_cities_first", "austerity", "green_first")
    stresses = sorted(file.stem for file in (study.scenarios / "stress").glob("*.toml"))[:4]
    return synthetic_runs.comparison(built, tuple(scenario.read(study, name) for name in names), members=8,
                                     stresses=tuple(scenario.read(study, name) for name in stresses))


SECOND = {"zh": "2 各方案", "en": "2 The options"}


@pytest.mark.study
@pytest.mark.parametrize("language", LANGUAGES)
def test_four_options_under_four_stresses_take_eight_to_fifteen_pages_and_page_one_is_one(
    four: Comparison, tmp_path: Path, language: str
) -> None:
    document = pypdfium2.PdfDocument(str(four.report(tmp_path / "x.pdf", language, length="short")))
    assert 8 <= len(document) <= 15
    assert SECOND[language] in document[1].get_textpage().get_text_range()
    assert len(appraisal.by_goal(four, language)) >= len(four.request.letters)


@pytest.mark.study
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_counts_no_more_than_eighteen_pages_and_page_one_follows_the_cover_alone(
    four: Comparison, tmp_path: Path, language: str
) -> None:
    file = four.report(tmp_path / "x.docx", language, length="short")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    told = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(told, check=True, capture_output=True, timeout=300)
    document = pypdfium2.PdfDocument(str(file.with_suffix(".pdf")))
    assert len(document) <= 18
    assert SECOND[language] in document[2].get_textpage().get_text_range()


def test_what_is_too_long_for_paper_is_told_there_by_a_sentence_and_stands_in_page_and_workbook(
    short: Callable[[str], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "aside", dots)
    rows = tuple((Cell(f"row {number}"),) for number in range(101))
    table = ReportTable("stress", "A long one", ("head",), rows, label="Table 1")
    part, few = (whole._annexed(Section(3, "Results", (replace(table, rows=own),)), "en") for own in (rows, rows[:100]))
    assert [block.annex for block in few.blocks] == [""]
    report = replace(short("en"), parts=(part,))
    for suffix in (".html", ".docx", ".xlsx", ".pdf"):
        said = text_of(write_page(report, tmp_path / f"x{suffix}", "en"))
        assert ("101 rows" in re.sub(r"\s+", " ", said)) == (suffix in (".docx", ".pdf"))
        assert ("row 100" in said) == (suffix in (".html", ".xlsx"))


def test_levers_that_one_option_alone_moves_are_named_below_the_table_where_they_are_many(
    study: Study, built: BuiltRun
) -> None:
    """The package of all articles moves more levers alone than a meeting reads; none of them is lost."""
    names = ("balanced_text", "housing_first")
    two = synthetic_runs.comparison(built, tuple(scenario.read(study, name) for name in names), members=2)
    table = next(one for one in whole.report(two, "en", "short").tables() if one.id == "levers")
    own = [set(option.levers) & set(two.levers) for option in two.request.options]
    assert len(table.rows) == len(own[1])
    (told,) = [note for note in table.notes if note.startswith("A alone")]
    assert f"moves {len(own[0] - own[1])} levers" in told
    assert all(two.levers[name].title["en"] in told for name in own[0] - own[1])
