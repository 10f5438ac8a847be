"""A market clears where what is offered reaches what is asked for; each side has its profiles of prices."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize, stats
from small_models import BACKENDS, model, simulate

from xiancheng import engine
from xiancheng.engine import read, units
from xiancheng.errors import StudyError
from xiancheng.texts import in_language

WIDTH = 1.5
EQUATIONS = """buyer: us, them ~~|
seller: s1, s2, s3 ~~|
P: ptype, ppriority, pwidth, pextra ~~|
kind: k1, k2, k3, k4 ~~|
wish[kind, us] = 30 * (1 + Time) ~~|
wish[kind, them] = 20 ~~|
buying[kind, buyer, ptype] = kind ~~|
buying[kind, us, ppriority] = 3 ~~|
buying[kind, them, ppriority] = 4 ~~|
buying[kind, buyer, pwidth] = 1.5 ~~|
buying[kind, buyer, pextra] = 0 ~~|
room[seller] = 20, 25, 40 ~~|
selling[kind, seller, ptype] = kind ~~|
selling[kind, s1, ppriority] = 2 ~~|
selling[kind, s2, ppriority] = 3 ~~|
selling[kind, s3, ppriority] = 5 ~~|
selling[kind, seller, pwidth] = 1.5 ~~|
selling[kind, seller, pextra] = 0 ~~|
price[kind] = FIND MARKET PRICE(wish[kind, us], buying[kind, us, ptype], room[s1], selling[kind, s1, ptype]) ~~|
bought[kind, buyer] = DEMAND AT PRICE(wish[kind, buyer], buying[kind, buyer, ptype], price[kind]) ~~|
sold[kind, seller] = SUPPLY AT PRICE(room[seller], selling[kind, seller, ptype], price[kind]) ~~|
"""
FIXED = EQUATIONS.replace("= kind ~~|", "= 0 ~~|")


def _exponential(x: float) -> float:
    return 1 - math.exp(-x) / 2 if x > 0 else math.exp(x) / 2


RISING: tuple[Callable[[float], float], ...] = (
    stats.uniform(-0.5, 1).cdf, stats.triang(0.5, -0.5, 1).cdf, stats.norm.cdf, _exponential)
"""The share of a quantity that is offered, by widths above the middle of its profile, for kinds 1 to 4."""


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_price_is_that_of_a_market_worked_out_by_hand(backend: str) -> None:
    result = simulate(model(EQUATIONS, final=3), backend)
    for time in (0, 1, 2, 3):
        for kind, share in enumerate(RISING):
            def short(price: float, wish: float = 30.0 * (1 + time), share: Callable[..., float] = share) -> float:
                asked = [quantity * share((middle - price) / WIDTH) for quantity, middle in ((wish, 3), (20, 4))]
                offered = [quantity * share((price - middle) / WIDTH)
                           for quantity, middle in ((20, 2), (25, 3), (40, 5))]
                return float(sum(asked) - sum(offered))

            at = result.isel(time=time, kind=kind)
            assert float(at["price"]) == pytest.approx(optimize.brentq(short, -20, 20, xtol=1e-12), rel=1e-9)
            assert float(at["bought"].sum()) == pytest.approx(float(at["sold"].sum()), rel=1e-9)
            assert 0 < float(at["sold"].sum()) < 85


@pytest.mark.parametrize("backend", BACKENDS)
def test_where_nothing_is_asked_for_the_price_is_the_lowest_at_which_a_curve_is_looked_at(backend: str) -> None:
    """Half a width below the first of a rectangle or triangle, 5 of the normal curve and 10 of the exponential."""
    empty = EQUATIONS.replace("30 * (1 + Time)", "0").replace("them] = 20", "them] = 0")
    result = simulate(model(empty, final=1), backend)
    np.testing.assert_allclose(result["price"].values[0], [2 - reach * WIDTH for reach in (0.5, 0.5, 5, 10)])


@pytest.mark.parametrize("backend", BACKENDS)
def test_fixed_quantities_have_no_price_and_are_asked_for_and_offered_whole(backend: str) -> None:
    result = simulate(model(FIXED, final=1), backend)
    assert set(result["price"].values.flat) == {-(2.0**109)}
    np.testing.assert_array_equal(result["bought"].values[1], [[60, 20]] * 4)
    np.testing.assert_array_equal(result["sold"].values[1], [[20, 25, 40]] * 4)


@pytest.mark.parametrize(("written", "instead", "sentences"), [
    ("(wish[kind, us], buying[kind, us, ptype], room", "(wish[kind, them], buying[kind, us, ptype], room",
     ("does not begin at the first of those who ask or offer", "第一个元素")),
    ("(wish[kind, us], buying[kind, us, ptype], room", "(wish[kind, us], 3, room",
     ("does not begin at the first of those who ask or offer", "第一个元素")),
    (", selling[kind, s1, ptype])", ")", ("FIND MARKET PRICE has 3 arguments", "有 3 个参数")),
    (", price[kind])", ")", ("DEMAND AT PRICE has 2 arguments", "有 2 个参数")),
])
def test_a_market_that_is_written_otherwise_is_refused(written: str, instead: str, sentences: tuple[str, str]) -> None:
    with pytest.raises(StudyError) as refused:
        engine.compile("model.mdl", text=model(EQUATIONS.replace(written, instead, 1)))
    for language, sentence in zip(("en", "zh"), sentences, strict=True):
        assert sentence in in_language(refused.value.problems[0].found, language)


def test_the_price_has_the_unit_of_the_profiles_and_quantities_their_own() -> None:
    """Only the sum of a price and a quantity mixes units."""
    unit_of = {"wish": "box", "room": "box", "bought": "box", "sold": "box", "price": "yuan", "buying": "yuan",
               "selling": "yuan", "cost": "yuan"}
    lines = [*EQUATIONS.replace(" * (1 + Time)", "").splitlines(), "cost[kind] = price[kind] + room[s1] ~~|"]
    plain = ("buying[kind, buyer, ptype]", "selling[kind, seller, p")
    text = "\n".join(line.replace("~~|", f"~ {unit_of[line.split('[')[0]]} ~|") if "[" in line.split("=")[0] else line
                     for line in lines if not line.startswith(plain))
    found = [str(problem.hint) + str(problem.found) for problem in units.check_model(read.read("m.mdl", model(text)))]
    named = [sentence for sentence in found if "box" in sentence]
    assert len(named) == 1
    assert "yuan" in named[0]
