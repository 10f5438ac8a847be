"""Evidence and agreement are told apart, confidence grows with both, and likelihood is a word for a probability."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from xiancheng.outputs import certainty
from xiancheng.outputs.certainty import (
    AGREEMENTS,
    CONFIDENCES,
    EVIDENCES,
    HIGH,
    LIMITED,
    LOW,
    MEDIUM,
    ROBUST,
    Certainty,
)


def test_a_sure_sign_on_weak_evidence_reads_differently_from_mixed_signs_on_strong_evidence() -> None:
    sure = Certainty(certainty.evidence([("assumed", 1.0)]), certainty.agreement(1.0, 200, holds=True),
                     certainty.probability(1.0, 200))
    mixed = Certainty(certainty.evidence([("measured", 1.0)]), certainty.agreement(0.6, 200, holds=True),
                      certainty.probability(0.6, 200))
    assert (sure.evidence, sure.agreement, sure.likelihood) == (LIMITED, HIGH, "virtually_certain")
    assert (mixed.evidence, mixed.agreement, mixed.likelihood) == (ROBUST, LOW, "about_as_likely_as_not")
    for language, said in (("en", "medium confidence (limited evidence, high agreement)"),
                           ("zh", "信度中等（证据有限，一致性高）")):
        assert sure.words(language) == said
        assert mixed.words(language) != said
        assert certainty.likely(sure.probability, language) != certainty.likely(mixed.probability, language)


def test_confidence_grows_by_a_step_with_evidence_and_with_agreement() -> None:
    """Five steps from very low to very high on the diagonals of the table of the guidance note."""
    step = {pair: CONFIDENCES.index(Certainty(*pair, 0.5).confidence) for pair in product(EVIDENCES, AGREEMENTS)}
    for (row, evidence), (column, agreement) in product(enumerate(EVIDENCES), enumerate(AGREEMENTS)):
        assert step[evidence, agreement] == row + column
    assert set(step.values()) == set(range(5))


@pytest.mark.parametrize(("marks", "own", "word"), [
    ([("assumed", 0.6), ("measured", 0.4)], "measured", LIMITED),
    ([("assumed", 0.4), ("measured", 0.6)], "measured", MEDIUM),
    ([("assumed", 0.05), ("calibrated", 0.95)], "measured", ROBUST),
    ([("calibrated", 1.0)], "assumed", MEDIUM),
    ([("literature", 1.0)], "measured", MEDIUM),
    ([("assumed", -0.6), ("measured", 0.4)], "measured", LIMITED),
    ([("assumed", float("nan")), ("measured", 1.0)], "measured", ROBUST),
    ([], "measured", LIMITED),
])
def test_evidence_is_that_of_what_moves_the_figure(marks: list[tuple[str, float]], own: str, word: str) -> None:
    assert certainty.evidence(marks, own) == word


@pytest.mark.parametrize(("share", "members", "holds", "word"), [
    (0.95, 20, True, HIGH), (0.94, 20, True, MEDIUM), (0.8, 20, True, MEDIUM), (0.79, 20, True, LOW),
    (1.0, 20, False, LOW), (1.0, 1, True, LOW), (float("nan"), 20, True, LOW),
])
def test_agreement_takes_members_and_every_condition(share: float, members: int, holds: bool, word: str) -> None:
    assert certainty.agreement(share, members, holds=holds) == word


@pytest.mark.parametrize(("chance", "word"), [
    (0.995, "virtually_certain"), (0.96, "extremely_likely"), (0.92, "very_likely"), (0.7, "likely"),
    (0.5, "about_as_likely_as_not"), (0.2, "unlikely"), (0.07, "very_unlikely"), (0.02, "extremely_unlikely"),
    (0.005, "exceptionally_unlikely"), (float("nan"), ""),
])
def test_every_probability_has_the_word_of_the_guidance_note(chance: float, word: str) -> None:
    assert certainty.likelihood(chance) == word
    assert bool(certainty.likely(chance, "zh")) == bool(word)


def test_few_members_make_nothing_virtually_certain() -> None:
    assert certainty.likelihood(certainty.probability(1.0, 20)) == "extremely_likely"
    assert certainty.likelihood(certainty.probability(1.0, 200)) == "virtually_certain"
    assert np.isnan(certainty.probability(1.0, 1))
