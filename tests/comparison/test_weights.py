"""Options ranked by weights: no rank without them, the first one turns exactly where it is said to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.comparison import weights
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import proof, summary
from xiancheng.comparison.report.document import ReportTable
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.errors import StudyError
from xiancheng.study import Study

NAMES = ("up", "down", "still")
STRESS = "a stress"


def made(changes: np.ndarray) -> xr.Dataset:
    """Places whose spread is 1 and whose changes by option and indicator are those given, plus a little by member."""
    spread = np.array([-1.0, 1.0, -1.0, 1.0])
    member = np.linspace(-0.05, 0.05, 5)
    held = {}
    for position, name in enumerate(NAMES):
        values = np.zeros((1 + changes.shape[1], 2, 5, 2, 4)) + (0.0 if name == "still" else spread)
        for option in range(changes.shape[1]):
            values[1 + option] += (changes[position, option] + member * option)[None, :, None, None]
            values[1 + option, 1] -= 2 * changes[position, option]
        about = {"direction": "lower" if name == "down" else "higher"}
        held[name] = (("scenario", "stress", "member", "year", "place"), values, about)
    letters = [BASELINE, *"ABC"[: changes.shape[1]]]
    return xr.Dataset(held, {
        "scenario": letters, "stress": [REFERENCE, STRESS], "year": [2020, 2035], "in_68": ("place", [True] * 4)})


CHANGES = np.array([[1.0, 0.2, 0.5], [0.3, -0.9, 0.1], [5.0, 5.0, 5.0]])


def test_the_score_is_the_weighted_mean_of_the_dots_better_above_zero() -> None:
    found = weights.ranking(made(CHANGES), "ABC", [REFERENCE, STRESS], {"up": 3.0, "down": 1.0, "still": 9.0})
    assert found.left_out == ("still",)
    assert found.weights == {"up": 0.75, "down": 0.25}
    scores = {one.option: one.mean for one in found.places}
    for row, option in enumerate("ABC"):
        assert scores[option] == pytest.approx(0.75 * CHANGES[0, row] - 0.25 * CHANGES[1, row])
    assert [one.rank for one in found.places] == [1, 2, 3]
    assert [one.option for one in found.places] == ["A", "B", "C"] if scores["B"] > scores["C"] else ["A", "C", "B"]
    assert found.places[0].under == {REFERENCE: 1, STRESS: 3}


def test_equal_options_share_the_better_rank_and_nothing_turns() -> None:
    found = weights.ranking(made(np.ones((3, 1)).repeat(2, axis=1) * 0.0), "AB", [REFERENCE], {"up": 1.0})
    assert found.places[0].under[REFERENCE] == 1
    assert found.turns[0].below is None


@given(
    st.lists(st.lists(st.floats(-2, 2), min_size=3, max_size=3), min_size=2, max_size=2),
    st.floats(0.05, 1), st.floats(0.05, 1),
)
def test_beyond_the_weight_that_is_told_another_option_is_first(
    changes: list[list[float]], first: float, second: float
) -> None:
    """Just short of it the first one stays, just beyond it the one that is named leads."""
    values = made(np.array([*changes, [0.0, 0.0, 0.0]]))
    given_ = {"up": first, "down": second}
    found = weights.ranking(values, "ABC", [REFERENCE], given_)
    for turn in found.turns:
        for crossing, beyond in ((turn.below, 0.999), (turn.above, 1.001)):
            if crossing is not None and 1e-3 < crossing[0] < 1e3:
                for factor, is_beyond in ((crossing[0] * beyond, True), (crossing[0] / beyond, False)):
                    changed = {**given_, turn.indicator: given_[turn.indicator] * factor}
                    scores = {one.option: one.mean for one in
                              weights.ranking(values, "ABC", [REFERENCE], changed).places}
                    lead = scores[crossing[1]] - scores[found.places[0].option]
                    assert lead >= -1e-6 if is_beyond else lead <= 1e-6


BAD = [
    ("indicator,weight\nurban_shar,1\n", "urban_share", 2),
    ("indicator,weight\nurban_share,much\n", "much", 2),
    ("indicator,weight\nurban_share,-1\n", "-1", 2),
    ("indicator,weight\nurban_share,1\nurban_share,2\n", "already", 3),
    ("indicator,weight\nco2_total,1\n", "co2_total", 2),
    ("indicator,weight\nurban_share,0\n", "above 0", None),
    ("name,weight\nurban_share,1\n", "indicator, weight", 1),
    ("indicator,weight\nurban_share,1,5\n", "3 fields", 2),
    ('indicator,weight\nurban_share,"1,5"\n', "1,5", 2),
    ("indicator,weight\rurban_share,1\r", "carriage return", 1),
    ('indicator,weight\n"urban_share,1\n', "quotation mark", 2),
    ("indicator,weight,weight\nurban_share,1,2\n", "stand twice: weight", 1),
    ("\nindicator,weight\nurban_share,1\n", "an empty line", 1),
    ("indicator,weight\nurban_share,１\n", "１", 2),
]


@pytest.mark.parametrize(("content", "said", "row"), BAD, ids=[said for _, said, _ in BAD])
def test_a_bad_file_is_refused_with_its_row(study: Study, tmp_path: Path, content: str, said: str, row: int) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=said) as caught:
        weights.read(study, file)
    assert caught.value.problems[0].file == str(file)
    assert caught.value.problems[0].row == row


def test_only_the_relation_of_weights_counts(study: Study, tmp_path: Path, many: Comparison) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("\ufeffindicator,weight\nurban_share,30\nhousing burden of low income,0\n", encoding="utf-8")
    with pytest.raises(StudyError):
        weights.read(study, file)
    file.write_text("\ufeffindicator,weight\nurban share,30\nservice_adequacy,10\n", encoding="utf-8")
    assert weights.read(study, file) == {"urban_share": 30.0, "service_adequacy": 10.0}
    letters = many.request.letters
    one, other = (weights.ranking(many.places, letters, [REFERENCE], told) for told in (
        {"urban_share": 30.0, "service_adequacy": 10.0}, {"urban_share": 3.0, "service_adequacy": 1.0}))
    assert [place.mean for place in one.places] == pytest.approx([place.mean for place in other.places])


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_a_rank_stands_in_the_report_only_with_weights(many: Comparison, language: str) -> None:
    given_ = {"urban_share": 3.0, "service_adequacy": 1.0}
    with_weights = Comparison(**{**vars_of(many), "weights": given_})
    ids = {one.id for one in proof.how_sure(with_weights, language).blocks if isinstance(one, ReportTable)}
    assert {"rank", "rank-turns"} <= ids
    assert not {"rank", "rank-turns"} & {one.id for one in proof.how_sure(many, language).blocks
                                         if isinstance(one, ReportTable)}
    said = " ".join(str(one) for one in summary.one_page(with_weights, language).blocks)
    first = with_weights.ranking.places[0].option
    told = {"zh": f"按您的权重，{first} ", "en": f"By your weights {first} "}[language]
    assert told in said
    assert with_weights.manifest()["weights"] == given_


def vars_of(found: Comparison) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("study", "request", "runs", "indicators", "command")}
