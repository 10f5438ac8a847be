"""`county --scenarios` as a person meets it, on runs that no engine made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import synthetic_runs
from calls import Call

from xiancheng.comparison import runs
from xiancheng.comparison.request import ComparisonRequest
from xiancheng.outputs import journey
from xiancheng.study import Study

OPTIONS = ("--scenarios", "county_town_first,austerity", "--members", "3")


@pytest.fixture
def county(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call `county`; the runs of a comparison are made up."""

    def run(study: Study, request: ComparisonRequest, **choices: Any) -> runs.OptionRuns:
        built = journey.prepare(study)
        return synthetic_runs.comparison(built, request.options, members=len(request.members)).runs

    monkeypatch.setattr(runs, "run", run)
    return lambda *words: call("county", *words)


@pytest.mark.parametrize(("language", "words"), [
    ("zh", ("A 县城优先", "在莘县起作用的工具", "常住人口", "▲")),
    ("en", ("A County towns first", "Levers that act in Shenxian", "Residents", "▲")),
])
def test_a_place_is_shown_by_option(county: Call, language: str, words: tuple[str, ...]) -> None:
    answer = county("莘县", *OPTIONS, "--lang", language)
    assert answer.code == 0
    assert not [word for word in words if word not in answer.out]


def test_a_page_is_written_once(county: Call, tmp_path: Path) -> None:
    assert county("莘县", *OPTIONS, "--report", "page.html", "--lang", "zh").code == 0
    assert "莘县：各方案对比" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "--force" in county("莘县", *OPTIONS, "--report", "page.html", "--lang", "zh").err


def test_rows_are_plain(county: Call) -> None:
    rows = json.loads(county("莘县", *OPTIONS, "--format", "json").out)
    assert {row["option"] for row in rows} == {"A", "B"}
    assert {row["place"] for row in rows} == {"371522"}


@pytest.mark.parametrize(("words", "language", "sentence"), [
    (("莘县", "--report", "x.html"), "en", "--report stand without --scenarios"),
    (("莘县", "--members", "3"), "zh", "--members 未与 --scenarios 合用"),
    (("莘县", *OPTIONS, "--result", "x.nc"), "zh", "二者取一"),
    (("莘县", *OPTIONS, "--result", "x.nc"), "en", "one of them"),
    (("莘县", *OPTIONS, "--report", "x.htm"), "en", ".html"),
    (("莘线", *OPTIONS), "zh", "莘线"),
    (("莘县", "--scenarios", "county_town_frist"), "en", "county_town_first"),
])
def test_a_wrong_call_says_what_to_do(county: Call, words: tuple[str, ...], language: str, sentence: str) -> None:
    answer = county(*words, "--lang", language)
    assert answer.code == 3
    assert sentence in answer.err
    assert "Traceback" not in answer.err
