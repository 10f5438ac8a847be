"""`compare` as a person meets it, on runs that no engine made."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import synthetic_runs
from calls import Answer, Call

from xiancheng.comparison import runs
from xiancheng.comparison.request import ComparisonRequest
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import fonts, journey
from xiancheng.study import Study

_BUILT: dict[Path, BuiltRun] = {}
PLAN = """[title]
zh = "{name}"
en = "{name}"

[sentence]
zh = "试验方案。"
en = "A plan to try."

[levers.{lever}]
points = {{ 2026 = 1000, 2030 = 2000 }}
places = "68"
"""


@pytest.fixture
def compare(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call `compare`; its runs are made up."""

    def run(study: Study, asked: ComparisonRequest, **choices: Any) -> runs.OptionRuns:
        built = _BUILT.setdefault(study.root, None) or journey.prepare(study)
        _BUILT[study.root] = built
        same = len({str(one.plain()) for one in asked.options}) < len(asked.options)
        made = synthetic_runs.comparison(built, asked.options, members=len(asked.members), stresses=asked.stresses,
                                         factors=dict.fromkeys(asked.letters, 1.1) if same else None)
        return made.runs

    monkeypatch.setattr(runs, "run", run)
    return lambda *words: call("compare", *words)


def table(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.out.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_options_are_shown_against_the_baseline(compare: Call, language: str) -> None:
    answer = compare("county_town_first", "austerity", "--members", "6", "--lang", language)
    assert answer.code == 0
    words = {"zh": ("县城优先", "改善", "恶化", "6 个全模型样本", "非官方名单", "推演结果", "均相对于"),
             "en": ("County towns first", "better", "worse", "6 members", "not the official list", "not forecast",
                    "Changes are against")}[language]
    assert not [word for word in words if word not in answer.out]


def test_an_option_against_itself_shows_no_change_and_says_so(compare: Call) -> None:
    answer = compare("green_first", "green_first", "--members", "4", "--lang", "en")
    assert answer.code == 0
    assert "A (Green first) and B (Green first) give the same numbers throughout: no change." in answer.out


@pytest.mark.parametrize(("form", "read"), [("csv", table), ("json", lambda answer: json.loads(answer.out))])
def test_all_figures_come_as_a_long_table(compare: Call, form: str, read: Any) -> None:
    answer = compare("county_town_first", "--members", "4", "--stress", "stress_births", "--format", form)
    rows = read(answer)
    assert {row["stress"] for row in rows} == {"reference", "stress_births"}
    assert {row["area"] for row in rows} == {"68", "province"}
    assert {row["option"] for row in rows} == {"A"}
    assert all(abs(float(row["change"]) - 0.1 * float(row["baseline"])) <= 1e-6 * abs(float(row["baseline"]))
               for row in rows)


def test_without_members_it_is_said_that_there_are_no_bands(compare: Call) -> None:
    answer = compare("county_town_first", "--members", "0", "--lang", "en")
    assert "No bands are shown" in answer.out
    assert "5-95 %" not in answer.out


def test_all_stresses_of_the_study_go_by_one_word(compare: Call) -> None:
    rows = table(compare("county_town_first", "--members", "2", "--stress", "all", "--format", "csv"))
    assert {row["stress"] for row in rows} == {
        "reference", "stress_births", "stress_grid_slow", "stress_growth_slow", "stress_land_revenue",
        "stress_outmigration"}


def test_a_report_is_written_where_it_is_asked_for(compare: Call, tmp_path: Path) -> None:
    answer = compare("county_town_first", "--members", "2", "--report", "out.html", "--lang", "zh")
    assert answer.code == 0
    assert "out.html" in answer.err
    assert "县城优先" in (tmp_path / "out.html").read_text(encoding="utf-8")
    again = compare("county_town_first", "--members", "2", "--report", "out.html", "--lang", "zh")
    assert again.code == 3
    assert "--force" in again.err


def test_unit_costs_of_ones_own_stand_in_the_report(compare: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("\ufeffname,value\ncost per county job,90000\n", encoding="utf-8")
    answer = compare("county_town_first", "--members", "2", "--costs", "mine.csv", "--report", "out.html",
                     "--lang", "en")
    assert answer.code == 0, answer.err
    assert "cost_per_county_job" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "90000" in (tmp_path / "out.html").read_text(encoding="utf-8")


BAD = [
    (("county_town_frist",), "county_town_first"),
    (("county_town_first", "--stress", "stress_birth"), "stress_births"),
    (("county_town_first", "--stress", "austerity"), "stress"),
    (("county_town_first", "--members", "100000"), "200"),
    (("county_town_first", "--against", "baselin"), "baseline"),
    (("county_town_first", "--set", "county_industry=3"), "county_industry"),
    (("county_town_first", "--set", "mortalty=1.1"), "mortality"),
    (("county_town_first", "--costs", "nowhere.csv"), "nowhere.csv"),
    (("county_town_first", "--report", "x.htm"), ".html"),
    (("county_town_first", "--report", "nowhere/x.html"), "nowhere"),
    (("county_town_first", "--format", "tabel"), "table"),
    (("county_town_first", "--indicators", "urban_shar"), "urban_share"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("words", "hint"), BAD, ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")
def test_a_wrong_call_is_3_and_leaves_nothing_behind(
    compare: Call, tmp_path: Path, words: tuple[str, ...], hint: str, language: str
) -> None:
    answer = compare(*words, "--lang", language)
    assert answer.code == 3
    assert hint in answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_more_options_than_a_comparison_holds_are_a_wrong_call(compare: Call, language: str) -> None:
    answer = compare(*["austerity"] * 13, "--lang", language)
    assert answer.code == 2
    assert "13" in answer.err
    assert "12" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_packages_stand_side_by_side(compare: Call, language: str) -> None:
    answer = compare("all", "--members", "2", "--stress", "stress_births", "--lang", language)
    assert answer.code == 0, answer.err
    words = {"zh": ("住房优先", "相对基准的变化", "符号在某一压力情景下反转"),
             "en": ("Housing first", "changes against the baseline", "turns under a stress")}[language]
    title = {"zh": "常住人口城镇化率", "en": "Urban share of residents"}[language]
    rows = [line for line in answer.out.splitlines() if line.startswith(title)]
    assert sum(line.count("▲") + line.count("▼") for line in rows) == 2 * 9  # in two areas, as many tables as it takes
    assert not [word for word in words if word not in answer.out]


def test_a_package_whose_levers_are_missing_is_refused_with_its_line(compare: Call, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(PLAN.format(name="Plan", lever="county_town_investmnt"), encoding="utf-8")
    answer = compare("plan.toml", "county_town_first", "--report", "out.html", "--lang", "en")
    assert answer.code == 3
    assert "plan.toml:9" in answer.err
    assert "county_town_investment" in answer.err
    assert [one.name for one in tmp_path.iterdir()] == ["plan.toml"]


def test_a_plan_of_ones_own_is_an_option(compare: Call, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN.format(name="My plan", lever="county_town_investment"), encoding="utf-8")
    answer = compare("plan.toml", "--members", "2", "--lang", "en")
    assert answer.code == 0, answer.err
    assert "My plan" in answer.out


def test_costs_that_cannot_be_read_are_told_with_their_row(compare: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name,value\ncost per county job,many\n", encoding="utf-8")
    answer = compare("county_town_first", "--costs", "mine.csv", "--lang", "en")
    assert answer.code == 3
    assert "mine.csv:2" in answer.err
    (tmp_path / "mine.csv").write_text("constant,price\na,1\n", encoding="utf-8")
    assert compare("county_town_first", "--costs", "mine.csv").code == 3
    (tmp_path / "mine.csv").write_bytes("name,value\n成本,1\n".encode("gbk"))
    assert compare("county_town_first", "--costs", "mine.csv").code == 3


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_a_missing_font_is_6_with_the_fix_and_nothing_runs(
    compare: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, language: str
) -> None:
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    monkeypatch.setattr(runs, "run", lambda *words, **choices: pytest.fail("it ran"))
    answer = compare("county_town_first", "--report", f"out{suffix}", "--lang", language)
    assert answer.code == 6
    assert "fonts-noto-cjk" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_weights_bring_a_rank_and_a_bad_one_is_told_with_its_row(
    compare: Call, tmp_path: Path, language: str
) -> None:
    (tmp_path / "mine.csv").write_text("indicator,weight\nurban_share,3\nservice_adequacy,1\n", encoding="utf-8")
    call = ("county_town_first", "austerity", "--members", "4", "--lang", language)
    answer = compare(*call, "--weights", "mine.csv")
    assert answer.code == 0, answer.err
    title = {"zh": "按您的权重排名", "en": "Rank by your weights"}[language]
    assert title in answer.out
    assert title not in compare(*call).out
    (tmp_path / "mine.csv").write_text("indicator,weight\nurban_share,3\nservice_adequac,1\n", encoding="utf-8")
    answer = compare(*call, "--weights", "mine.csv")
    assert answer.code == 3
    assert "mine.csv:3" in answer.err
    assert "service_adequacy" in answer.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dry_run_tells_the_runs_and_makes_none(
    compare: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    monkeypatch.setattr(runs, "run", lambda *words, **more: pytest.fail("it ran"))
    answer = compare("austerity", "green_first", "--members", "6", "--stress", "stress_births", "--no-levers",
                     "--dry-run", "--store", "kept", "--lang", language)
    assert answer.code == 0, answer.err
    assert {"zh": "共 36 次运行", "en": "36 runs"}[language] in answer.err
    assert "MiB" in answer.err
    assert answer.out == ""
    assert list(tmp_path.iterdir()) == []
