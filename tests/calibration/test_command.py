"""The two verbs from end to end on ten invented places: tables on stdout, files, and nothing computed twice."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import priors
from xiancheng.calibration.likelihood import Evidence, Floats
from xiancheng.cli import calibrate as calibrating
from xiancheng.cli import main
from xiancheng.cli import validate as validating
from xiancheng.model.places import Area
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
SEEN = toy.observed(toy.Toy().run(toy.truth(1)))


class Still(toy.Toy):
    """The invented places with a run in which nobody leaves."""

    def without_moves(self) -> tuple[Floats, Floats]:
        return self.detailed(np.zeros(self.space.size))


MODEL = Still()


class Prefectures:
    """The areas of the invented places."""

    def areas(self, level: str) -> list[Area]:
        names = {"zh": "某市", "en": "Somewhere"}
        return [Area(code, level, names, np.array(toy.PREFECTURES) == code) for code in sorted(set(toy.PREFECTURES))]


@dataclass(frozen=True)
class Invented:
    """What a command knows of the invented places."""

    study: Study
    forward: Still = MODEL
    scorer: Still = MODEL
    sexes: Floats = field(default_factory=lambda: np.stack([SEEN.ages, SEEN.ages], axis=1) / 2)
    evidence: Evidence = SEEN
    prefectures: tuple[str, ...] = toy.PREFECTURES
    start_ages: Floats = field(default_factory=lambda: toy.START)
    start_urban: Floats = field(default_factory=lambda: np.linspace(0.3, 0.5, 10))
    listed: Floats = field(default_factory=lambda: np.ones(10, bool))
    clean: Floats = field(default_factory=lambda: np.arange(10) != 3)
    where: Prefectures = field(default_factory=Prefectures)


@pytest.fixture(autouse=True)
def _invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in (calibrating, validating):
        monkeypatch.setattr(verb, "Calibration", Invented)
    monkeypatch.setattr(validating, "_draw_rows", lambda session, setting: [])
    monkeypatch.setattr(validating, "_year_rows", lambda session: [])
    monkeypatch.setattr(validating, "_cut_rows", lambda session, setting: [])


def test_calibrate_shows_and_writes_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "-o", "fit", "--format", "json", "--lang", "en", "--start-points", "2"]) == 0
    out, err = capsys.readouterr()
    shown = {row["parameter"]: row for row in json.loads(out)}
    assert set(shown) == {"migration rate", "pole appeal", "in place rate"}
    assert "2 of 2 starts end equally deep" in err
    assert "condition number" in err
    assert "weak parameters" in err
    with (tmp_path / "fit" / "posterior_summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == toy.SPACE.size + len(priors.carried(Study(ROOT)))
    assert float(rows[0]["optimum"]) == pytest.approx(shown["migration rate"]["optimum"], rel=1e-4)
    with (tmp_path / "fit" / "members.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 200


def test_validate_writes_its_page_in_either_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language, word in (("en", "# Validation out of fold"), ("zh", "# 留出检验")):
        assert main(["validate", "--refit", "-o", "folds", "--lang", language]) == 0
        page = (tmp_path / "folds" / "validation.md").read_text(encoding="utf-8")
        assert page.startswith(word)
        assert "validation." not in page
    assert "65" in capsys.readouterr().out


def test_distributions_are_scored_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    """CRPS and PIT of the four features, on the places whose boundary did not change and on all."""
    assert main(["validate", "--refit", "-o", "folds", "--lang", "en", "-q", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    scored = [row for row in rows if "CRPS" in row["measure"]]
    assert len(scored) == 8
    assert all(float(row["model"]) > 0 and row["benchmark"] for row in scored)
    counted = [row for row in rows if "PIT, places in ten bins" in row["measure"]]
    assert [sum(map(int, row["model"].split())) for row in counted] == [9, 10] * 4
    assert main(["validate", "--refit", "-o", "folds", "--lang", "en", "-q", "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(rows)


def test_calibrate_holds_its_spread_against_chains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With few steps the chains are not called a posterior; the second call computes nothing anew."""
    assert main(["calibrate", "-o", "fit", "--lang", "en", "--sample", "200"]) == 0
    err = capsys.readouterr().err
    assert "not called a posterior" in err
    assert "sampled over fitted standard deviation" in err
    with (tmp_path / "fit" / "sampled.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == toy.SPACE.size
    first = (tmp_path / "fit" / "sampled.csv").read_bytes()
    MODEL.calls.clear()
    assert main(["calibrate", "-o", "fit", "-q", "--sample", "200"]) == 0
    assert "runs" not in MODEL.calls
    assert (tmp_path / "fit" / "sampled.csv").read_bytes() == first


def test_nothing_is_computed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "-o", "fit", "-q"]) == 0
    first = capsys.readouterr().out
    MODEL.calls.clear()
    assert main(["calibrate", "-o", "fit", "-q"]) == 0
    assert "jacobian" not in MODEL.calls
    assert capsys.readouterr().out == first
    assert main(["validate", "--chord", "-o", "fit", "-q"]) == 0
    assert "jacobian" not in MODEL.calls


def test_steps_of_another_seed_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "-o", "fit", "-q"]) == 0
    assert main(["calibrate", "-o", "fit", "-q", "--seed", "7", "--lang", "en"]) == 3
    assert "the steps in this folder rest on other seed" in capsys.readouterr().err
