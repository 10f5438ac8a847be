"""The four forms of the report, opened by readers that know nothing of how they were written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from report_texts import dots, text_of

from xiancheng.charts import draw
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import FORMS, whole
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import units
from xiancheng.study import Study

pytestmark = pytest.mark.long
RARE = {"zh": ("莒", "鄄", "郯", "沂"), "en": ("Juxian", "Juancheng", "m²")}
LANGUAGES = ("zh", "en")
Written = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def written(pair: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Write a report once for each form and language; pictures take a moment, so that here they are a dot."""
    folder = tmp_path_factory.mktemp("reports")
    patch = pytest.MonkeyPatch()
    patch.setattr(draw, "aside", dots)

    def write(suffix: str, language: str) -> Path:
        file = folder / f"{language}{suffix}"
        return file if file.exists() else pair.report(file, language)

    yield write
    patch.undo()


class Cells(HTMLParser):
    """The rows of every table of a page by its id: words, and the number behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[tuple[str, float | None]]]] = {}
        self._table = ""
        self._number: float | None = None
        self._words: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table":
            self._table = told.get("id") or ""
            self.tables.setdefault(self._table, [])
        elif tag == "tr":
            self.tables[self._table].append([])
        elif tag == "td":
            self._words, self._number = "", float(told["data-value"]) if told.get("data-value") else None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self._words is not None:
            self.tables[self._table][-1].append((self._words, self._number))
            self._words = None


@pytest.mark.parametrize(("suffix", "language"), [
    pytest.param(suffix, language, marks=[pytest.mark.study] if (at + turn) % 2 else [])
    for at, suffix in enumerate(FORMS) for turn, language in enumerate(LANGUAGES)
])
def test_rare_letters_and_every_part_are_found_by_another_reader(
    written: Written, suffix: str, language: str
) -> None:
    said = text_of(written(suffix, language))
    assert not [one for one in RARE[language] if one not in said]
    whole = re.sub(r"\s", "", said)
    parts = {"zh": ("一页纸", "各方案", "副作用", "公平", "如何复现"),
             "en": ("One page", "The options", "Side effects", "Equity", "How to reproduce")}[language]
    assert not [part for part in parts if part.replace(" ", "") not in whole]
    assert "□" not in said
    assert ("示意图" if language == "zh" else "schematic") in whole
    assert ("非官方名单" if language == "zh" else "nottheofficiallist") in whole
    assert "预测" not in whole.replace("而非预测", "")


LATIN = {
    "CO", "GDP", "IPCC", "Excel", "pp", "sha", "csv", "id", "data", "reference", "xiancheng", "compare", "length",
    "full", "costs", "IX", "True", "False",
}
"""Words in Latin letters that a Chinese report may hold besides ids, letters of options, versions and sources; true and
false are cells that Excel itself writes."""


@pytest.mark.parametrize("suffix", FORMS)
def test_a_chinese_report_has_latin_words_only_from_a_list(
    written: Written, pair: Comparison, study: Study, suffix: str
) -> None:
    """Ids, the manifest and what works cited are called stay as they are."""
    marks = r"(?s)<style.*?</style>|<script.*?</script>|<[^>]*>"
    said = unescape(re.sub(marks, " ", text_of(written(suffix, "zh"))))
    cited = " ".join(entry["zh"] for entry in units.references(study).values())
    kept = f"{cited} {json.dumps(pair.manifest())} {' '.join(LATIN)}"
    free = {word.lower() for word in re.findall("[A-Za-z]+", kept)}
    words = re.findall(r"(?<![A-Za-z_\d])[A-Za-z]{2,}(?![A-Za-z_\d])", said)
    assert not {word for word in words if word.lower() not in free and not re.fullmatch("[a-f]+|[A-L]+", word)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_the_page_equal_the_dataset(written: Written, pair: Comparison, language: str) -> None:
    page = Cells()
    page.feed(written(".html", language).read_text(encoding="utf-8"))
    rows = {row[0][0]: row for row in page.tables["table-results-68"] if row}
    for name in pair.shown:
        values = pair.areas[name].sel(area="68", stress=REFERENCE).isel(year=-1)
        row = rows[values.attrs[f"title_{language}"]]
        base = values.sel(scenario=BASELINE)
        assert row[2][1] == pytest.approx(float(base.median()), rel=1e-12)
        for column, letter in ((3, "A"), (5, "B")):
            own = values.sel(scenario=letter)
            assert row[column][1] == pytest.approx(float(own.median()), rel=1e-12)
            assert row[column + 1][1] == pytest.approx(float((own - base).median()), rel=1e-9)


def test_figures_of_the_workbook_equal_the_dataset(written: Written, pair: Comparison) -> None:
    sheet = openpyxl.load_workbook(written(".xlsx", "en"))["data"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads, found = rows[0], 0
    for row in rows[1:]:
        told = dict(zip(heads, row, strict=True))
        values = pair.areas[told["indicator"]].sel(area=told["area"], stress=told["stress"], year=told["year"])
        own, base = values.sel(scenario=told["option"]), values.sel(scenario=BASELINE)
        assert told["value"] == pytest.approx(float(own.median()), rel=1e-12)
        assert told["value_low"] == pytest.approx(float(own.quantile(0.05)), rel=1e-9)
        assert told["change_high"] == pytest.approx(float((own - base).quantile(0.95)), rel=1e-9)
        found += 1
    assert found == len(pair.table())


def test_the_workbook_has_two_charts_of_its_own_and_a_readme(written: Written) -> None:
    file = written(".xlsx", "zh")
    inside = zipfile.ZipFile(file).namelist()
    assert len([name for name in inside if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]) == 2
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "说明"
    manifest = {row[0].value: row[1].value for row in book["说明"].iter_rows(max_col=2) if row[0].value}
    assert manifest["command"] == "xiancheng compare a b"
    assert len(manifest["data_sha256"]) == 64


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_beyond_itself(written: Written, language: str) -> None:
    said = written(".html", language).read_text(encoding="utf-8")
    links = re.findall(r"""(?:src|href|action)\s*=\s*["']([^"']+)""", said)
    assert {link[0] for link in links} == {"#"}
    assert "@import" not in said
    assert set(re.findall(r"url\(([^)]*)\)", said)) == set(re.findall(r"url\((#[^)]*)\)", said))
    scripts = re.findall(r"<script([^>]*)>", said)
    assert scripts == [' type="application/json" id="manifest"']
    assert "default-src 'none'" in said


def test_ids_of_the_page_stand_once_and_every_reference_leads_to_one(written: Written) -> None:
    said = written(".html", "zh").read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', said)
    assert len(ids) == len(set(ids))
    assert {*re.findall(r"url\(#([^)]+)\)", said), *re.findall(r'href="#([^"]+)"', said)} <= set(ids)


def test_the_page_carries_the_manifest(written: Written, pair: Comparison) -> None:
    said = written(".html", "en").read_text(encoding="utf-8")
    told = json.loads(re.search(r'id="manifest">(.*?)</script>', said, re.DOTALL)[1])
    assert told == json.loads(json.dumps(pair.manifest()))


def test_the_document_names_a_font_for_chinese_letters(written: Written) -> None:
    styles = zipfile.ZipFile(written(".docx", "zh")).read("word/styles.xml").decode("utf-8")
    assert 'w:eastAsia="Microsoft YaHei"' in styles
    assert "w:eastAsiaTheme" not in re.search(r'<w:style [^>]*w:styleId="Normal".*?</w:style>', styles, re.DOTALL)[0]


def test_the_document_of_everything_stands_upright_and_its_tables_fit_the_paper(written: Written) -> None:
    document = docx.Document(str(written(".docx", "zh")))
    (section,) = document.sections
    assert (section.orientation, section.page_width.cm, section.page_height.cm) == (
        WD_ORIENT.PORTRAIT, pytest.approx(21.0, abs=0.01), pytest.approx(29.7, abs=0.01))
    room = section.page_width - section.left_margin - section.right_margin
    assert max(sum(cell.width for cell in table.rows[0].cells) for table in document.tables) <= room * 1.001


def test_a_line_of_a_word_table_ends_beside_a_number_and_never_in_it(written: Written, pair: Comparison) -> None:
    shown = [cell.text for table in docx.Document(str(written(".docx", "zh"))).tables
             for row in table.rows for cell in row.cells]
    assert any("\u200b（" in words for words in shown)
    assert not [words for words in shown if re.search(r"[\d%]（|，\d", words)]
    report = whole.report(pair, units.spoken(pair.study, "zh"))
    own = {cell.words for table in report.tables() if not table.annex for row in table.rows for cell in row}
    assert own <= {words.replace("\u200b", "").replace("\u2212", "-") for words in shown}


def test_the_one_page_is_one_page(written: Written) -> None:
    document = pypdfium2.PdfDocument(str(written(".pdf", "en")))
    assert "2 The options" in document[1].get_textpage().get_text_range()


def test_a_comparison_of_equals_says_that_nothing_changes(alone: Comparison, tmp_path: Path) -> None:
    said = text_of(alone.report(tmp_path / "same.html", "en"))
    assert "give the same numbers throughout: no change" in said
    assert "no indicator of the first table changes" in said
    assert "no bands are shown" in said.lower()


def test_a_report_is_put_together_once_and_forms_leave_it_as_it_is(
    pair: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is the same before and after other forms are drawn, and from the same numbers compared anew."""
    monkeypatch.setattr(draw, "aside", dots)
    calls, put_together = [], whole._all_parts

    def counted(*words: object) -> object:
        calls.append(words)
        return put_together(*words)

    monkeypatch.setattr(whole, "_all_parts", counted)
    anew = replace(pair)
    names = ("one.html", "one.docx", "one.xlsx", "one.pdf", "two.html")
    files = [anew.report(tmp_path / name, "zh") for name in names]
    assert len(calls) == 1
    assert files[0].read_bytes() == files[-1].read_bytes()
    assert replace(pair).report(tmp_path / "anew.html", "zh").read_bytes() == files[0].read_bytes()
    anew.report(tmp_path / "other.html", "en")
    anew.report(tmp_path / "short.html", "zh", length="short")
    assert len(calls) == 3


@pytest.mark.study
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_an_office_opens_what_is_written(
    pair: Comparison, tmp_path: Path, suffix: str, language: str
) -> None:
    """LibreOffice turns the file into a PDF with the same letters, and its pages can be drawn and are not blank."""
    file = pair.report(tmp_path / f"{language}{suffix}", language)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    told = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(told, check=True, capture_output=True, timeout=300)
    said = text_of(file.with_suffix(".pdf"))
    assert not [one for one in RARE[language] if one not in said]
    assert "□" not in said
    document = pypdfium2.PdfDocument(str(file.with_suffix(".pdf")))
    for number in range(min(len(document), 5)):
        shades = document[number].render(scale=0.5).to_numpy()
        assert shades.min() < 200 < shades.max(), f"page {number + 1} is blank"
