"""How sure a claim is, in the words of the IPCC: evidence and agreement, confidence from both, and likelihood apart.

Mastrandrea et al. (2010), Guidance note for lead authors of the IPCC fifth assessment report on consistent treatment of
uncertainties: confidence grows with evidence and with agreement in five steps; likelihood is a probability in words and
says nothing of how good the evidence is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiancheng.model.reading import EVIDENCE
from xiancheng.texts import text

LIMITED, ROBUST = "limited", "robust"
LOW, MEDIUM, HIGH = "low", "medium", "high"
EVIDENCES = (LIMITED, MEDIUM, ROBUST)
AGREEMENTS = (LOW, MEDIUM, HIGH)
CONFIDENCES = ("very_low", LOW, MEDIUM, HIGH, "very_high")
ASSUMED, LITERATURE = "assumed", "literature"
MOST, LEAST = 0.5, 0.1
"""Part of the weight that is only assumed above which evidence is limited, and up to which it may be robust."""
SURE, LIKELY = 0.95, 0.8
"""Shares of members on one sign for high and for medium agreement."""
_LIKELIHOODS = ((0.99, "virtually_certain"), (0.95, "extremely_likely"), (0.9, "very_likely"), (0.66, "likely"),
                (0.33, "about_as_likely_as_not"), (0.1, "unlikely"), (0.05, "very_unlikely"),
                (0.01, "extremely_unlikely"))
_LEAST_LIKELY = "exceptionally_unlikely"


@dataclass(frozen=True)
class Certainty:
    """How sure a claim is.

    Attributes:
        evidence: of EVIDENCES, by the marks of what the claim rests on.
        agreement: of AGREEMENTS, by members and conditions.
        probability: that it holds, as far as members and their number tell; missing without members.
    """

    evidence: str
    agreement: str
    probability: float

    @property
    def confidence(self) -> str:
        """One of CONFIDENCES, a step higher with each step of evidence or of agreement."""
        return CONFIDENCES[EVIDENCES.index(self.evidence) + AGREEMENTS.index(self.agreement)]

    @property
    def likelihood(self) -> str:
        """The word for the probability, "" where there is none."""
        return likelihood(self.probability)

    def words(self, language: str) -> str:
        """Return the confidence with the evidence and the agreement that it is made of."""
        return text("certainty.both", language, confidence=text(f"certainty.confidence.{self.confidence}", language),
                    evidence=text(f"certainty.evidence.{self.evidence}", language),
                    agreement=text(f"certainty.agreement.{self.agreement}", language))


def likelihood(probability: float) -> str:
    """Return the word of the guidance note for a probability, "" where it is missing."""
    if not 0 <= probability <= 1:
        return ""
    return next((word for least, word in _LIKELIHOODS if probability >= least), _LEAST_LIKELY)


def likely(probability: float, language: str) -> str:
    """Return the likelihood as people read it, "" where the probability is missing."""
    word = likelihood(probability)
    return text(f"certainty.likelihood.{word}", language) if word else ""


def probability(share: float, members: int) -> float:
    """Return the probability of what a share of some draws say, missing without draws.

    The mean of the posterior of Jeffreys: of twenty members that agree none can say more than that odds are 40 to 1.

    Args:
        share: of the members; missing ones make it missing.
        members: how many were drawn.
    """
    return (share * members + 0.5) / (members + 1) if members > 1 else float("nan")


def evidence(marks: Iterable[tuple[str, float]], own: str = EVIDENCE[0]) -> str:
    """Return how good the evidence is behind a claim, of EVIDENCES.

    Limited where more than half of the weight is only assumed or nothing is known; robust where no more than a tenth
    is, at least half is better than literature, and the level itself is not assumed; medium else.

    Args:
        marks: mark and weight of everything that moves what the claim is about.
        own: mark of its level at the start.
    """
    weights = [(mark, abs(weight)) for mark, weight in marks if weight == weight]
    total = sum(weight for _, weight in weights)
    if total <= 0:
        return LIMITED
    assumed, better = (sum(weight for mark, weight in weights if mark in chosen) / total
                       for chosen in ((ASSUMED,), EVIDENCE[:EVIDENCE.index(LITERATURE)]))
    if assumed > MOST:
        return LIMITED
    return ROBUST if assumed <= LEAST and better >= MOST and own != ASSUMED else MEDIUM


def agreement(share: float, members: int, *, holds: bool) -> str:
    """Return how far members and conditions agree on a sign, of AGREEMENTS; low without members.

    Args:
        share: of the members on the sign of the median.
        members: how many.
        holds: whether the sign is the same under every condition that was run.
    """
    if members < 2 or not holds or not share >= LIKELY:
        return LOW
    return HIGH if share >= SURE else MEDIUM
