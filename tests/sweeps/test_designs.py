"""A design says what runs; its points come from the samplers of scipy and SALib, and mistakes come all at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from miniature import Write
from SALib.sample import morris as salib_morris
from SALib.sample import sobol as salib_sobol
from scipy.stats import qmc

from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.sweeps import design, draw, drawn
from xiancheng.sweeps.factors import Factor

TEN_MISTAKES = """[title]
zh = "坏"
en = "Bad"

[sentence]
zh = "十处错误。"

[sampling]
sampler = "sobel"
n = 0

[runs]
scenarios = ["baselin"]
members = 99

[output]
years = [2019]
places = ["69"]

[constants.grant_scala]
low = 1
high = 2

[levers.grant]
low = 0
high = 90000

[levers.tax_relief]
low = 1
high = 0
"""


def test_ten_mistakes_are_reported_as_ten(mini: Study, tmp_path: Path) -> None:
    """Each with its line, what stands there, what is allowed and, where a word is near, what was meant."""
    file = tmp_path / "bad.toml"
    file.write_text(TEN_MISTAKES, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        design.read(mini, file)
    problems = error.value.problems
    assert [problem.row for problem in problems] == [5, 9, 10, 13, 14, 17, 18, 20, 26, 28]
    assert all(problem.file == str(file) and problem.found and problem.allowed for problem in problems)
    hints = " ".join(str(problem.hint) for problem in problems)
    assert all(word in hints for word in ("sobol", "baseline", "grant_scale"))


def test_a_design_states_what_runs(mini: Study, write: Write) -> None:
    """Every table makes factors with their unit, in the order constants, assumptions, levers, member."""
    found = design.read(mini, write("n = 32", 'scenarios = ["baseline", "stay"]\nmembers = 5'))
    assert [factor.id for factor in found.factors] == [
        "grant_scale", "outside_attractiveness", "fertility_path", "grant", "tax_relief", "member"
    ]
    assert [factor.unit for factor in found.factors[:4]] == ["yuan", "log points", "children per woman",
                                                           "yuan per household"]
    assert (found.points, found.runs) == (32, 64)
    assert design.from_plain(found.plain()).plain() == found.plain()


def test_a_constant_takes_its_range_from_the_table_or_the_prior(root: Path) -> None:
    """What parameters.csv and priors.csv know of a constant need not be written again."""
    found = design.read(Study(root), "what_matters")
    spread = {factor.id: (factor.distribution, dict(factor.numbers or {})) for factor in found.factors}
    assert spread["migration_rate"] == ("lognormal", {"mean": 0.013, "sd": 0.003})
    assert spread["sex_ratio_at_birth"] == ("uniform", {"low": 1.07, "high": 1.12})


def test_every_design_of_the_study_can_be_read(root: Path) -> None:
    study = Study(root)
    assert len(design.files(study)) >= 2
    for name in design.files(study):
        found = design.read(study, name)
        assert found.factors
        assert found.indicators


@pytest.mark.parametrize("sampler", draw.SAMPLERS)
def test_points_are_those_of_scipy_and_salib(sampler: str) -> None:
    """No sampler is our own: the same seed gives the points that the libraries give."""
    ours = np.concatenate(list(draw.points(sampler, 8, 3, 7, 4, (0, 2, 0))))
    assert len(ours) == draw.count(sampler, 8, 3, 4, (0, 2, 0))
    theirs = {
        draw.SOBOL: lambda: qmc.Sobol(3, rng=np.random.default_rng(7)).random(8),
        draw.LHS: lambda: qmc.LatinHypercube(3, rng=np.random.default_rng(7)).random(8),
        draw.SALTELLI: lambda: salib_sobol.sample(draw.problem(3), 8, calc_second_order=False, seed=7),
        draw.MORRIS: lambda: salib_morris.sample(draw.problem(3), 8, num_levels=4, seed=7),
        draw.FACTORIAL: lambda: np.array([[a, b, c] for a in range(4) for b in (0.75, 2.25) for c in range(4)]) / 3,
    }[sampler]()
    assert np.allclose(ours, theirs)


def test_a_long_sobol_sequence_is_the_same_in_slices() -> None:
    """What comes after some thousands of points does not depend on how they were drawn."""
    whole = qmc.Sobol(2, rng=np.random.default_rng(3)).random(8192)
    assert np.array_equal(np.concatenate(list(draw.points(draw.SOBOL, 8192, 2, 3))), whole)


def test_a_design_too_large_for_one_piece_is_refused_with_the_way_out() -> None:
    with pytest.raises(StudyError, match="sobol draws any size"):
        next(draw.points(draw.LHS, 9_000_000, 30, 1))


@pytest.mark.parametrize(
    ("distribution", "numbers", "median"),
    [
        ("uniform", {"low": 2.0, "high": 4.0}, 3.0),
        ("loguniform", {"low": 1.0, "high": 100.0}, 10.0),
        ("triangular", {"low": 0.0, "mode": 1.0, "high": 2.0}, 1.0),
        ("normal", {"mean": 5.0, "sd": 2.0}, 5.0),
        ("lognormal", {"mean": 5.0, "sd": 2.0}, 5.0),
    ],
)
def test_a_distribution_has_its_median_and_never_an_infinite_value(
    distribution: str, numbers: dict[str, float], median: float
) -> None:
    factor = Factor("x", "constant", "x", "", {}, distribution, numbers)
    values = factor.values(np.array([0.0, 0.5, 1.0]))
    assert values[1] == pytest.approx(median)
    assert np.isfinite(values).all()
    assert (np.diff(values) > 0).all()


def test_a_drawn_design_is_a_valid_input_and_comes_back_to_the_bit(mini: Study, write: Write, tmp_path: Path) -> None:
    """Blocks read from the table equal the points that were drawn."""
    found = design.read(mini, write("n = 20", 'scenarios = ["baseline", "stay"]\nmembers = 5\nblock = 16'))
    file = tmp_path / "drawn.csv"
    file.write_bytes(b"".join(drawn.lines(found)))
    assert drawn.check(file, found) == 40
    points = np.concatenate(list(draw.points(found.sampler, 20, len(found.factors), found.seed)))
    values = np.stack([one.values(points[:, i]) for i, one in enumerate(found.factors)], axis=1)
    blocks = [rows for _, rows in drawn.blocks(file, found)]
    assert [len(rows) for rows in blocks] == [16, 16, 8]
    assert np.array_equal(np.concatenate([rows.values for rows in blocks]), np.repeat(values, 2, axis=0))
    assert np.array_equal(np.concatenate([rows.scenario for rows in blocks]), np.tile([0, 1], 20))
    assert np.array_equal(drawn.block_of(file, found, 2).values, blocks[2].values)


def test_mistakes_in_a_drawn_design_have_their_lines(mini: Study, write: Write, tmp_path: Path) -> None:
    found = design.read(mini, write("n = 4"))
    file = tmp_path / "drawn.csv"
    lines = b"".join(drawn.lines(found)).decode().splitlines()
    lines[2] = "1,nobody,1,0,reference,90000,0.5"
    lines[3] = "2,baseline,many,0,reference,1,0.5"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        drawn.check(file, found)
    assert [problem.row for problem in error.value.problems] == [3, 3, 4]


def test_a_constant_of_the_members_is_not_drawn_twice(mini: Study, write: Write) -> None:
    file = write("n = 4", "members = 3", "[constants.leaving_rate]\nlow = 0.01\nhigh = 0.02\n")
    with pytest.raises(StudyError, match="comes with the members"):
        design.read(mini, file)


def test_designs_are_no_scenarios(root: Path) -> None:
    from xiancheng.scenarios import scenario

    assert not set(design.files(Study(root))) & set(scenario.files(Study(root)))
