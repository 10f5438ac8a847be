"""No option owes most of what it is named for to a lever whose effect is assumed without the report saying so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.comparison import reliance
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import owed, whole
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import indicators
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.texts import listing

MARKS = {"first": "assumed", "second": "literature"}
LANGUAGES = ("zh", "en")


def runs(base: float, option: float, without: dict[str, float]) -> tuple[xr.Dataset, xr.Dataset]:
    """One indicator of a baseline and an option A, and of the option without each lever."""
    about = {"direction": "higher", "units": "share"}
    areas = xr.Dataset(
        {"good": (("scenario", "stress", "member", "year", "area"),
                  np.array([base, option]).reshape(2, 1, 1, 1, 1), about)},
        {"scenario": [BASELINE, "A"], "stress": ["reference"], "member": [0], "year": [2035], "area": ["68"]})
    rest = xr.Dataset(
        {"good": (("scenario", "member", "year", "area"), np.array([*without.values()]).reshape(-1, 1, 1, 1), about)},
        {"scenario": [f"A-{name}" for name in without], "member": [0], "year": [2035], "area": ["68"]})
    return areas, rest


def reliances(base: float, option: float, without: dict[str, float]) -> list[reliance.Reliance]:
    return reliance.of(*runs(base, option, without), [("A", "good", "68")], MARKS)


def test_a_lever_holds_what_is_lost_without_it() -> None:
    strong, small = reliances(1.0, 2.0, {"second": 1.9, "first": 1.3})
    assert (strong.lever, small.lever) == ("first", "second")
    assert strong.share.median == pytest.approx(0.7)
    assert small.share.median == pytest.approx(0.1)
    assert strong.is_weak
    assert not small.is_weak


def test_a_lever_with_a_source_may_hold_most_of_it() -> None:
    (item,) = reliances(1.0, 2.0, {"second": 1.0})
    assert item.share.median == pytest.approx(1.0)
    assert not item.is_weak


def test_who_changes_nothing_owes_nothing() -> None:
    (item,) = reliances(1.0, 1.0, {"first": 1.0})
    assert np.isnan(item.share.median)
    assert not item.is_weak


@given(st.floats(-1e6, 1e6), st.floats(1, 1e6), st.lists(st.floats(0, 1), min_size=2, max_size=2), st.booleans())
def test_levers_that_add_up_hold_the_whole_between_them(base: float, gain: float, parts: list[float], up: bool) -> None:
    """Where a gain is a sum of what each lever brings, the shares of all levers add up to 1 or to less by the rest."""
    total = sum(parts) or 1.0
    size = gain if up else -gain
    without = {name: base + size * (1 - part / total) for name, part in zip(MARKS, parts, strict=True)}
    shares = [item.share.median for item in reliances(base, base + size, without)]
    if sum(parts) > 0 and abs(size) > 1e-3 * abs(base):
        assert sum(shares) == pytest.approx(1, abs=1e-2)


@pytest.mark.study
def test_every_weak_lever_is_named_in_the_report_in_both_languages(many: Comparison) -> None:
    """Without a lever each option of these runs is the baseline: every one with an assumed effect is to be named."""
    weak = [item for item in many.reliances if item.is_weak]
    assert {many.levers[item.lever].evidence for item in weak} == {"assumed"}
    assert len({item.option for item in weak}) > 5
    for language in LANGUAGES:
        said = "\n".join(owed.sentences(many, language))
        assert all(many.levers[item.lever].title[language] in said for item in weak)
        first, proof = (str(whole.report(many, language).parts[number]) for number in (0, 7))
        assert all(sentence in proof for sentence in owed.sentences(many, language))
        assert all(sentence in first for sentence in owed.brief(many, language))
        letters = listing(sorted({item.option for item in weak}), language)
        assert any(sentence.startswith(letters) for sentence in owed.brief(many, language))


def test_a_lever_with_a_source_is_not_named_as_assumed(many: Comparison) -> None:
    sourced = [item for item in many.reliances if item.evidence != "assumed"]
    said = "\n".join(owed.sentences(many, "en"))
    weak = {many.levers[item.lever].title["en"] for item in many.reliances if item.is_weak}
    assert sourced
    assert all(many.levers[item.lever].title["en"] not in said for item in sourced
               if many.levers[item.lever].title["en"] not in weak)


def test_an_option_that_misses_what_it_is_named_for_is_told(many: Comparison) -> None:
    """The first options of these runs lower every figure: those named for a rise miss it."""
    first = reliance.strongest(many.reliances)
    missed = [item for item in first if item.verdict == "worse"]
    said = "\n".join(owed.sentences(many, "en"))
    assert missed
    assert said.count("does not improve it") == len([item for item in first if item.verdict in ("worse", "same")])


def test_without_the_runs_that_tell_it_nothing_is_claimed(many: Comparison) -> None:
    bare = replace(many, runs=replace(many.runs, without=many.runs.without.isel(scenario=slice(0, 0))))
    assert bare.reliances == []
    for language in LANGUAGES:
        assert len(owed.sentences(bare, language)) == 1


def test_every_package_of_the_study_says_what_it_is_named_for(study: Study, many: Comparison) -> None:
    known = indicators.read(study)
    for option in many.request.options:
        named = scenario.read(study, option.id).named_for
        assert named
        assert set(named) <= set(known)


def test_an_option_without_a_name_is_held_to_its_largest_gain(pair: Comparison) -> None:
    options = tuple(replace(option, named_for={}) for option in pair.request.options)
    plain = replace(pair, request=replace(pair.request, options=options))
    assert [letter for letter, _, _ in plain.headlines] in (["A"], ["B"], ["A", "B"])
