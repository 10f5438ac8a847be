"""Anyone's table beside the core: every problem with its row, values by place, prefecture, list and province."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import synthetic
import xarray as xr

from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.model import build
from xiancheng.outputs import against, core_runs, tidy
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
STUDY = Study(ROOT)


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def simulate(built: build.BuiltRun, *, variables: Sequence[str] | None = None, **others: Any) -> xr.Dataset:
        SEEN.append(built)
        return synthetic.run(built)

    SEEN.clear()
    monkeypatch.setattr(build, "simulate", simulate)


SEEN: list[build.BuiltRun] = []


def _table(folder: Path, *rows: str, header: str = "place,year,indicator,value", mark: bytes = b"") -> Path:
    file = folder / "mine.csv"
    file.write_bytes(mark + "\n".join([header, *rows]).encode("utf-8") + b"\n")
    return file


def test_every_problem_is_told_with_its_row(tmp_path: Path) -> None:
    file = _table(tmp_path, "莘县,2020,residents,many", "Nowhere,2020,residents,5", "莘县,1999,residents,5",
                  "莘县,2020,gdp,5", "莘县,2020,residents,5", "Shenxian,2020,residents,6", "莘县,2020")
    with pytest.raises(StudyError) as caught:
        against.read(STUDY, file)
    told = {problem.row: problem.found for problem in caught.value.problems}
    assert list(told) == [8, 2, 3, 4, 5, 7]
    assert "Nowhere" in str(told[3])
    for header, message in (("place,year,value", "indicator"), ("", "empty line")):
        with pytest.raises(StudyError, match=message):
            against.read(STUDY, _table(tmp_path, "a,b,c", header=header))


def test_names_codes_prefectures_and_more_columns_are_understood(tmp_path: Path) -> None:
    file = _table(tmp_path, "x,Shen xian,2020,residents,5", "x,371500,2021,births,6", "x,聊城市,2022,births,6",
                  "x,68,2020,residents,7", "x,province,2020,residents,8", header="note,place,year,indicator,value",
                  mark=b"\xef\xbb\xbf")
    found = against.read(STUDY, file)
    assert [one.area for one in found] == ["371522", "371500", "371500", "68", "province"]


def test_figures_taken_from_the_run_itself_differ_by_nothing(tmp_path: Path) -> None:
    told = core_runs.built(STUDY, 2020, 2024)
    table = tidy.table(core_runs.run(told, ("residents", "births"))[0])
    chosen = table[(table["year"] == 2023) & table["place"].isin(["371522", "371500", "68", "province"])]
    rows = [f"{row['place']},2023,{row['indicator']},{row['value']!r}" for row in chosen.to_dict("records")]
    figures = against.read(STUDY, _table(tmp_path, *rows))
    found = against.compare(STUDY, figures, core_runs.BASELINE)
    assert len(found) == 8
    for one in found:
        assert one.relative == pytest.approx(0, abs=1e-9)
    doubled = [against.Compared(against.FigureRow(one.figure.area, 2023, one.figure.indicator, one.figure.value / 2),
                                one.names, one.unit, one.model) for one in found]
    for line in against.summaries(doubled):
        assert line.error == pytest.approx(100)
        assert line.rows == 4


def test_a_flow_of_the_year_of_the_start_has_no_value(tmp_path: Path) -> None:
    figures = against.read(STUDY, _table(tmp_path, "province,2010,births,5"))
    with pytest.raises(StudyError, match="births"):
        against.compare(STUDY, figures, core_runs.BASELINE)


def test_the_hindcast_uses_nothing_from_after_the_census() -> None:
    known = core_runs.sets(STUDY)
    assert set(known) == {"baseline", "hindcast"}
    told = core_runs.built(STUDY, 2020, 2022, "hindcast")
    assert told.parameters["in place pace"] == 1
    assert told.parameters["outside attractiveness reference"] == 0
    with pytest.raises(StudyError, match="hindcast"):
        core_runs.built(STUDY, 2020, 2022, "hindkast")


def test_the_hold_out_compares_changes_of_residents() -> None:
    found = core_runs.hold_out(STUDY, "hindcast")
    assert {one.measure.id for one in found} == {"residents", "urban_share", "births", "deaths"}
    assert {one.year for one in found} == {2021, 2022, 2023, 2024}
    data = synthetic.run(SEEN[0])["residents"].sum("place")
    ends = [float(np.interp(year + 1 / 6, data["time"], data)) for year in (2020, 2021)]
    first = next(one for one in found if one.measure.id == "residents" and one.year == 2021)
    assert first.model - 101.65e6 == pytest.approx(ends[1] - ends[0], rel=1e-6)
    births = next(one for one in found if one.measure.id == "births")
    assert births.error == pytest.approx(100 * (births.model / births.published - 1))


def test_the_command_shows_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _table(tmp_path, "莘县,2021,residents,900000", "province,2021,urban_share,0.6394")
    for language, word in (("en", "mean absolute error"), ("zh", "平均绝对误差")):
        assert main(["validate", "--study", str(ROOT), "--against", str(file), "--lang", language]) == 0
        out = capsys.readouterr().out
        assert word in out
        assert "validation." not in out
    wrong = _table(tmp_path, "莘县,2021,residents,x")
    assert main(["validate", "--study", str(ROOT), "--against", str(wrong), "--lang", "en"]) == 3
    assert "mine.csv:2" in capsys.readouterr().err
