"""What a comparison says of few members that stand for all."""

from __future__ import annotations

from dataclasses import replace

from xiancheng.calibration import stand_ins
from xiancheng.calibration.whole_members import PEOPLE, WHOLE
from xiancheng.comparison import standing
from xiancheng.comparison.comparison import Comparison
from xiancheng.outputs import indicators
from xiancheng.texts import LANGUAGES, text


def asked(pair: Comparison, kind: str, members: tuple[int, ...]) -> Comparison:
    return replace(pair, request=replace(pair.request, kind=kind, members=members))


def test_members_that_stand_for_all_are_said_to_and_their_rough_bands_named(pair: Comparison) -> None:
    few = stand_ins.read(pair.study)
    for language in LANGUAGES:
        sentence = standing.sentences(asked(pair, WHOLE, few.members), language)
        assert text("stand_ins.all", language, count=len(few.members)) in sentence
        for name in few.rough:
            assert indicators.read(pair.study)[name].title[language] in sentence


def test_other_members_are_not_said_to_stand_for_all(pair: Comparison) -> None:
    few = stand_ins.read(pair.study)
    first = tuple(range(1, len(few.members) + 1))
    for other in (asked(pair, WHOLE, first), asked(pair, WHOLE, (1, 2, 3)), asked(pair, PEOPLE, few.members)):
        assert text("stand_ins.all", "en", count=len(few.members)) not in standing.sentences(other, "en")
