"""The accepted baseline: written by one command, held against every run, moved by nobody unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import xarray as xr

from xiancheng.errors import StudyError
from xiancheng.outputs import accepted, journey
from xiancheng.study import Study


@pytest.fixture
def empty(study: Study, tmp_path: Path) -> Study:
    """The study, its accepted figures in an empty folder."""
    return replace(study, root=tmp_path)


def test_what_is_written_is_read_again(study: Study, empty: Study, found: xr.Dataset) -> None:
    figures = accepted.figures(found, study)
    accepted.write(empty, 2020, figures)
    assert accepted.moved(accepted.read(empty, 2020), figures) == []
    assert {level for _, level, _ in figures} == {"68", "province"}
    assert {"residents", "urban_share", "births"} <= {name for _, _, name in figures}
    assert figures[2030, "68", "residents"][1] == "persons"


def test_a_figure_that_moves_by_a_millionth_is_told(study: Study, found: xr.Dataset) -> None:
    figures = accepted.figures(found, study)
    key = (2030, "68", "residents")
    for factor, moves in ((1 + 5e-7, 0), (1 + 2e-6, 1)):
        changed = {**figures, key: (figures[key][0] * factor, "persons")}
        assert len(accepted.moved(figures, changed)) == moves
    (move,) = accepted.moved(figures, {**figures, key: (figures[key][0] * 1.1, "persons")})
    assert move.relative == pytest.approx(0.1)


def test_a_figure_on_one_side_only_is_told(study: Study, found: xr.Dataset) -> None:
    figures = accepted.figures(found, study)
    less = {key: value for key, value in figures.items() if key[2] != "births"}
    assert {move.indicator for move in accepted.moved(figures, less)} == {"births"}
    assert all(move.accepted is None for move in accepted.moved(less, figures))


def test_without_accepted_figures_there_is_nothing_to_hold_a_run_against(empty: Study) -> None:
    with pytest.raises(StudyError, match="no such file"):
        accepted.read(empty, 2020)


@pytest.mark.long
def test_a_fresh_run_is_the_accepted_baseline(study: Study) -> None:
    """Every accepted figure within 1e-6 of itself; `xiancheng baseline --accept` takes a change over."""
    moves = accepted.moved(accepted.read(study, 2020), accepted.figures(journey.run(journey.prepare(study)), study))
    assert not [f"{move.year} {move.level} {move.indicator}: {move.accepted} -> {move.now}" for move in moves]
