"""An independent reader, importing nothing of the project, finds its own figures in all forms of the full report."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from report_texts import dots

from benchmarks import report_reader
from benchmarks.report_reader import Runs
from xiancheng.charts import draw
from xiancheng.comparison.comparison import Comparison

pytestmark = pytest.mark.long
PAID = ("public_revenue", "new_bonds", "reserve_drawn", "hidden_borrowing", "private_capital_invested",
        "unfunded_money")
SHARES = ("urban_share", "registered_urban_share", "entitled_share", "sewered_share", "vacancy_rate", "leakage")


@pytest.fixture(scope="module")
def books(pair: Comparison) -> Comparison:
    """Two options whose purse is in balance."""
    areas = pair.areas.copy(deep=True).load()
    paid = sum(areas[name].values for name in PAID) - areas["debt_service"].values
    areas["wanted_money"] = areas["wanted_money"].copy(data=paid)
    return replace(pair, runs=replace(pair.runs, areas=areas), indicators=SHARES)


@pytest.fixture(scope="module")
def runs(books: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    file = tmp_path_factory.mktemp("runs") / "runs.nc"
    books.to_netcdf(file)
    return report_reader.of_netcdf(file)


def test_the_reader_imports_nothing_of_the_project() -> None:
    tree = ast.parse(Path(report_reader.__file__).read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert modules
    assert not [name for name in modules if name.startswith(("xiancheng", "benchmarks"))]


def test_the_balance_closes_for_the_reader_too(runs: Runs) -> None:
    assert runs.options == ("A", "B")
    for option in runs.options:
        for area in report_reader.AREAS:
            assert report_reader.gap(runs, option, area) <= report_reader.CLOSES


@pytest.mark.parametrize(("suffix", "language"), [
    (".html", "zh"), (".xlsx", "zh"), (".docx", "zh"), (".pdf", "zh"), (".docx", "en"),
    pytest.param(".pdf", "en", marks=pytest.mark.study),
])
def test_every_figure_stands_in_every_form(
    books: Comparison, runs: Runs, suffix: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures are a dot here; a report with one figure changed would lack it."""
    monkeypatch.setattr(draw, "aside", dots)
    report = books.report(tmp_path / f"report{suffix}", language)
    sought = list(report_reader.figures(runs, SHARES, language))
    assert len(sought) > 40
    assert report_reader.missing(report, sought) == []
    other = [replace(figure, value=figure.value * 1.5 + 1e3,
                     written=figure.written and f"{figure.written.rstrip('%')}7") for figure in sought]
    read = other if suffix in (".html", ".xlsx") else [figure for figure in other if figure.written]
    assert len(report_reader.missing(report, other)) > 0.9 * len(read)
