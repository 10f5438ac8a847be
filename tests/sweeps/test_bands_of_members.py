"""Members of the posterior in a run: their bands are the quantiles of runs made one by one, on screen and in files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.model import members, tables
from xiancheng.model import places as places_of
from xiancheng.outputs import journey, places, tidy
from xiancheng.study import Study
from xiancheng.sweeps import api, bands


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of the miniature study are not those of the real one."""
    monkeypatch.setattr(tables, "check", lambda root: None)


def test_bands_are_the_quantiles_of_runs_one_by_one(mini: Study) -> None:
    found = bands.run(journey.prepare(mini), 5)
    drawn = members.read(mini)
    totals = []
    for number in range(1, 6):
        one = journey.run(journey.prepare(mini, constants=drawn[number]))  # type: ignore[arg-type]
        totals.append(places.aggregate(one, places.PROVINCE)["residents"].isel(area=0).values)
    expected = np.quantile(np.array(totals), bands.SHARES, axis=0)
    values = found["residents"].sel(area=places.PROVINCE).transpose("quantile", "year").values
    np.testing.assert_allclose(values, expected, rtol=1e-6)
    table = tidy.bands_table(found)
    assert list(table.columns) == list(tidy.BANDS)
    assert (table["q05"] <= table["median"]).all()
    assert (table["median"] <= table["q95"]).all()
    assert set(table["place"]) >= {"68", "province", "370124"}
    assert (table["members"] == 5).all()


def test_a_parameter_of_places_comes_in_the_order_of_the_equations(mini: Study, tmp_path: Path) -> None:
    study = _copy(mini, tmp_path)
    elements = places_of.read(study.tables).elements
    columns = [f"appeal residual[{one}]" for one in reversed(elements)]
    lines = [["member", "leaving rate", *columns], ["1", "0.01", *(str(n) for n in range(len(columns)))]]
    (study.calibration / members.FILE).write_text("\n".join(",".join(one) for one in lines) + "\n", encoding="utf-8")
    found = members.read(study)[1]
    assert found["leaving rate"] == 0.01
    np.testing.assert_array_equal(found["appeal residual"], list(reversed(range(len(columns)))))
    short = [line[:-1] for line in lines]
    (study.calibration / members.FILE).write_text("\n".join(",".join(one) for one in short) + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"appeal residual\["):
        members.read(study)


def test_more_members_than_there_are_are_refused(mini: Study) -> None:
    for count in (9, -1):
        with pytest.raises(StudyError, match="1 to 8"):
            bands.run(journey.prepare(mini), count)


def test_weak_parameters_are_named_and_the_rate_of_moves_always(mini: Study, tmp_path: Path) -> None:
    study = _copy(mini, tmp_path)
    assert bands.weak(study) == []
    (study.calibration / bands.SUMMARY).write_text(
        "parameter,place,shrinkage\nfade time,,0\nleaving rate,,0.7\nsize exponent,,0.5\nappeal residual,p1,0.1\n")
    assert bands.weak(study) == [("fade time", 0.0), ("leaving rate", 0.7)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_run_with_members_shows_and_writes_bands(
    mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", "--study", str(mini.root), "--members", "8", "--to", "2025", "--lang", language]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert ("8 members of the posterior" if language == "en" else "8 个后验样本") in out
    assert "预测" not in out
    file = tmp_path / "xiancheng_run" / "baseline_to_2025_bands.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    last = next(row for row in rows if row["place"] == "province" and row["year"] == "2025")
    assert float(last["q05"]) < float(last["median"]) < float(last["q95"])
    assert (tmp_path / "xiancheng_run" / "baseline_to_2025.png").stat().st_size > 10_000
    assert main([*words, "--format", "csv"]) == 0
    shown = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {"q05", "median", "q95"} <= set(shown[0])
    assert main(["run", "--study", str(mini.root), "--members", "9", "--lang", "en", "-o", "x.nc"]) == 3
    assert "1 to 8" in capsys.readouterr().err
    assert not (tmp_path / "x.nc").exists()


def test_the_share_of_members_stands_beside_a_target(
    mini: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A target half-way between the members is met by as many as lie above it, one by one."""
    study = _copy(mini, tmp_path)
    drawn = members.read(study)
    last = [float(places.aggregate(journey.run(
        journey.prepare(study, end=2025, constants=drawn[number])),  # type: ignore[arg-type]
        places.PROVINCE)["residents"].isel(area=0, year=-1)) for number in range(1, 9)]
    aim = sum(sorted(last)[4:6]) / 2
    file = study.outputs / "indicators.csv"
    text = file.read_text(encoding="utf-8")
    target = f"persons,higher,{aim:.1f},2025,a test,assumed,anticipated,"
    file.write_text(text.replace("persons,neither,,,,,,", target, 1), encoding="utf-8")
    share = sum(value >= aim for value in last) / 8
    for language, words in (("en", "members in time"), ("zh", "按期达标的样本")):
        call = ["run", "--study", str(study.root), "--members", "8", "--to", "2025", "--board", "--lang", language,
                "-o", str(tmp_path / f"{language}.nc")]
        assert main(call) == 0
        out = capsys.readouterr().out
        assert words in out
        assert f"{share:.0%}" in out


def _copy(mini: Study, folder: Path) -> Study:
    import shutil

    shutil.copytree(mini.root, folder / "study")
    return Study(folder / "study")


def test_a_parameter_of_places_moves_runs_and_sweeps_alike(mini: Study, tmp_path: Path) -> None:
    study = _copy(mini, tmp_path)
    elements = places_of.read(study.tables).elements
    columns = [f"start residents[{one}]" for one in elements]
    rows = [[str(number), "0.01", *(str(1e5 * number * (place + 1)) for place in range(len(elements)))]
            for number in (1, 2, 3)]
    lines = [["member", "leaving rate", *columns], *rows]
    (study.calibration / members.FILE).write_text("\n".join(",".join(one) for one in lines) + "\n", encoding="utf-8")
    begun = bands.run(journey.prepare(study), 3)["residents"].sel(year=2020)
    code = elements[2].removeprefix("p")
    np.testing.assert_allclose(begun.sel(area=code).sel(quantile=0.5), 6e5, rtol=1e-6)
    told = api.sweep(study=study, sampler="factorial", members=[1, 3], indicators=["residents"], places=["place"],
                     years=[2020], store=tmp_path / "store")
    values = told["residents"].sel(area=code, year=2020).values
    np.testing.assert_allclose(values, [3e5, 9e5], rtol=1e-6)


def test_single_places_get_what_the_folds_missed_and_sums_do_not(mini: Study, tmp_path: Path) -> None:
    study = _copy(mini, tmp_path)
    before = bands.run(journey.prepare(study), 8)["residents"]
    (study.calibration / members.SPREAD).write_text(
        "place,feature,sd,reach_0.5,reach_0.9\np371522,residents,0.05,1,2\n", encoding="utf-8")
    after = bands.run(journey.prepare(study), 8)["residents"]
    for area in ("371503", "68", "province"):
        np.testing.assert_array_equal(after.sel(area=area), before.sel(area=area))
    own, narrow = after.sel(area="371522", year=2030), before.sel(area="371522", year=2030)
    middle = float(own.sel(quantile=0.5))
    assert middle == float(narrow.sel(quantile=0.5))
    expected = np.hypot(float(narrow.sel(quantile=0.95)) - middle, 0.1 * middle)
    assert float(own.sel(quantile=0.95)) - middle == pytest.approx(expected, rel=1e-6)
    np.testing.assert_array_equal(after.sel(area="371522", year=2020), before.sel(area="371522", year=2020))
