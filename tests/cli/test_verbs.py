"""Every verb answers in both languages, from any folder."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from calls import Call

from xiancheng.cli.session import language_of
from xiancheng.outputs import loops, views
from xiancheng.study import Study

LISTS = ("scenarios", "levers", "assumptions", "indicators", "places", "variables")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
VERBS = ("list", "show", "run", "check", "county", "causes", "diff", "baseline", "tables", "study", "engine")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("words", [(), *((verb,) for verb in VERBS), ("tables", "build"), ("study", "new"),
                                   ("engine", "run"), ("engine", "check")], ids=" ".join)
def test_help_is_whole_in_both_languages(call: Call, words: tuple[str, ...], language: str) -> None:
    answer = call(*words, "--help", "--lang", language)
    assert answer.code == 0
    assert "cli." not in answer.out
    assert bool(CHINESE.search(answer.out)) is (language == "zh") or words == ("county",)


def test_the_help_begins_with_the_verbs_of_every_day(call: Call) -> None:
    shown = call("--help").out
    found = [match for match in re.findall(r"^│ ([a-z]+) ", shown, flags=re.MULTILINE) if match in VERBS]
    assert found == list(VERBS)


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'xarray', 'jax', 'pysd', 'matplotlib', 'scipy', 'pydantic'}"
    code = f"import sys; from xiancheng.cli import main; main(['--help']); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", LISTS)
def test_lists(call: Call, what: str, language: str) -> None:
    answer = call("list", what, "--lang", language)
    assert answer.code == 0
    assert len(answer.out.splitlines()) > 3
    assert bool(CHINESE.search(answer.err)) is (language == "zh")


def test_a_list_can_be_searched_in_either_language(call: Call) -> None:
    assert "urban_share" in call("list", "indicators", "--search", "urban share").out
    assert "urban_share" in call("list", "indicators", "--search", "城镇化率", "--lang", "zh").out
    assert "nothing found" in call("list", "levers", "--search", "xyz").err
    assert json.loads(call("list", "levers", "--search", "xyz", "--format", "json").out) == []


@pytest.mark.parametrize("what", LISTS)
def test_lists_for_machines(call: Call, what: str) -> None:
    records = json.loads(call("list", what, "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(call("list", what, "--format", "csv").out.removeprefix("\ufeff"))))
    assert [list(row.values()) for row in rows] == [[str(value) for value in record.values()] for record in records]


def test_places_are_listed_with_what_they_are_not(call: Call) -> None:
    assert "not the official list" in call("list", "places").out


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("urban_share", "75.00%"),
        ("in_situ_settlement", "50000"),
        ("fertility_path", "reference"),
        ("stress_births", "stress_births.toml"),
        ("migration rate", "GET DIRECT CONSTANTS"),
        ("persons", "INTEG"),
        ("莘县", "371522"),
    ],
)
def test_show_tells_what_an_id_means(call: Call, name: str, word: str, language: str) -> None:
    answer = call("show", name, "--lang", language)
    assert answer.code == 0
    assert word in answer.out


@pytest.mark.parametrize("name", ["莘县", "Shenxian", "shenxian", "371522", "p371522"])
def test_a_place_has_many_names(call: Call, name: str) -> None:
    answer = call("county", name)
    assert answer.code == 0
    assert "930,370" in answer.out


def test_an_old_name_still_leads_there(call: Call) -> None:
    assert "济阳区" in call("county", "济阳县").out


def test_a_unit_outside_the_list_leads_to_the_rest_of_its_prefecture(call: Call) -> None:
    answer = call("county", "市中区")
    assert answer.code == 3
    assert "rest_370100" in answer.err
    assert call("county", "rest_370100").code == 0


def test_a_county_for_machines(call: Call) -> None:
    records = json.loads(call("county", "莘县", "--format", "json").out)
    assert {"place", "indicator", "year", "value", "unit"} <= set(records[0])


def test_the_study_is_right(call: Call) -> None:
    answer = call("check")
    assert answer.code == 0, answer.err
    parts = answer.err.splitlines()
    assert all(part.startswith("right: ") for part in parts)
    assert {"right: tables", "right: indicators", "right: equations"} <= set(parts)


def test_blocks_are_what_the_tables_give(call: Call) -> None:
    assert call("tables", "build", "--check").code == 0


def test_a_scenario_file_is_checked(call: Call, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(
        'sentence = { en = "s", zh = "句" }\n[title]\nen = "t"\nzh = "题"\n'
        "[levers.in_situ_settlement]\npoints = { 2028 = 100 }\n",
        encoding="utf-8",
    )
    assert call("check", "good.toml").code == 0
    bad = (tmp_path / "good.toml").read_text(encoding="utf-8").replace("2028 = 100", "2015 = 1e9")
    (tmp_path / "bad.toml").write_text(bad.replace("title", "titel"), encoding="utf-8")
    answer = call("check", "bad.toml", "--lang", "zh")
    assert answer.code == 3
    assert "bad.toml:6" in answer.err
    assert "允许" in answer.err


def test_a_new_study_runs_under_its_own_name(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("371522\nPingdu\n", encoding="utf-8")
    assert call("study", "new", "mine", "--list", "mine.csv").code == 0
    answer = call("run", "--study", "mine")
    assert answer.code == 0
    assert "the 2 listed places of this study" in answer.out
    assert not re.search(r"(?<![\d.,])68(?![\d.,])", answer.out.split("province")[0])  # as a word, in no figure
    assert call("study", "new", "mine", "--list", "mine.csv").code == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_causes(call: Call, language: str) -> None:
    answer = call("causes", "urban share", "--lang", language)
    assert answer.code == 0
    assert "town residents" in answer.out
    assert json.loads(call("causes", "urban_share", "--format", "json").out)["loops"]


MODEL = """{UTF-8}
stock = INTEG(rate * stock, 100)
    ~ person
    ~ People. |
rate = 0.01
    ~ 1/year
    ~ Growth. |
INITIAL TIME = 0 ~ year ~ Start. |
FINAL TIME = 10 ~ year ~ End. |
TIME STEP = 1 ~ year ~ Step. |
SAVEPER = TIME STEP ~ year ~ Saved. |
"""


def test_any_model_runs(call: Call, tmp_path: Path) -> None:
    import xarray as xr

    (tmp_path / "m.mdl").write_text(MODEL, encoding="utf-8")
    assert call("engine", "check", "m.mdl").code == 0
    for engine in ("compiled", "pysd"):
        answer = call("engine", "run", "m.mdl", "--set", "rate=0.02", "--engine", engine, "-o", f"{engine}.nc")
        assert answer.code == 0, answer.err
        with xr.open_dataset(tmp_path / f"{engine}.nc", engine="h5netcdf") as found:
            assert float(found["stock"][-1]) == pytest.approx(100 * 1.02**10)
    assert call("engine", "run", "m.mdl", "--set", "rate=x", "-o", "c.nc").code == 3


def test_a_broken_model_is_named_with_its_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "m.mdl").write_text(MODEL.replace("rate * stock", "rate * nothing"), encoding="utf-8")
    answer = call("engine", "check", "m.mdl")
    assert answer.code == 3
    assert "m.mdl:2" in answer.err


def test_version_names_program_model_and_data(call: Call) -> None:
    answer = call("--version")
    assert answer.code == 0
    assert re.match(r"xiancheng \d+\.\d+\.\d+ · model [0-9a-f]{8} · data [0-9a-f]{8}", answer.out)
    assert "study" in answer.err


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "de_DE.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (["run", "--lang", "zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        (["--lang=en", "run"], {"LANG": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_the_users(words: list[str], environment: dict[str, str], language: str) -> None:
    assert language_of(words, environment) == language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_loops_say_what_they_do_to_every_side_of_the_model(
    call: Call, language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A column each for people, homes, services, purse and emissions; Chinese notes hold no English sentence."""
    def gains(study: Study, *_: object, **__: object) -> tuple[loops.Gain, ...]:
        sides = {("68", name): 0.0125 for name in views.of(study, loops.VIEW)}
        return tuple(loops.Gain(loop, sides) for loop in loops.read(study))

    monkeypatch.setattr(loops, "gains", gains)
    page = tmp_path / "loops.md"
    assert call("loops", "-o", str(page), "--lang", language).code == 0
    text = page.read_text(encoding="utf-8")
    head = next(line for line in text.split("\n") if line.startswith("|"))
    assert sum("：" in cell or ": " in cell for cell in head.split("|")) == 5
    assert text.count("+1.25 %") == 5 * 16
    assert ("Cut:" in text) is (language == "en")
    assert call("loops", "-o", str(tmp_path / "loops.xlsx"), "--lang", language).code == 3
