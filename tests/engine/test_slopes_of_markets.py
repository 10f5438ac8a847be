"""Slopes through prices that are sought are those of small differences, forward and backward."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_models import model

from xiancheng import engine

MARKET = """kind: k1, k2, k3, k4 ~~|
buyer: us, them ~~|
seller: s1, s2, s3 ~~|
P: ptype, ppriority, pwidth, pextra ~~|
wish[us] = 30 * (1 + Time) ~~|
wish[them] = 20 ~~|
asked[buyer] = wish[buyer] * eagerness ~~|
eagerness = 1 ~~|
value[buyer] = 3, 4.1 ~~|
spread = 1.5 ~~|
buying[kind, buyer, ptype] = kind ~~|
buying[kind, buyer, ppriority] = value[buyer] ~~|
buying[kind, buyer, pwidth] = spread ~~|
buying[kind, buyer, pextra] = 0 ~~|
room[seller] = 20, 25, 40 ~~|
cost[seller] = 2, 3.2, 5 ~~|
selling[kind, seller, ptype] = kind ~~|
selling[kind, seller, ppriority] = cost[seller] ~~|
selling[kind, seller, pwidth] = 1.4 ~~|
selling[kind, seller, pextra] = 0 ~~|
price[kind] = FIND MARKET PRICE(asked[us], buying[kind, us, ptype], room[s1], selling[kind, s1, ptype]) ~~|
bought[kind, buyer] = DEMAND AT PRICE(asked[buyer], buying[kind, buyer, ptype], price[kind]) ~~|
told[kind] = 7 * price[kind] + bought[kind, us] + 3 * bought[kind, them] ~~|
"""
SHARES = """kind: k0, k1, k2, k3, k4 ~~|
who: a, b, c ~~|
P: ptype, ppriority, pwidth, pextra ~~|
request[who] = 30, 20, 25 ~~|
rank[who] = 1, 1.3, 2.1 ~~|
spread = 2.5 ~~|
profile[kind, who, ptype] = kind - 1 ~~|
profile[kind, who, ppriority] = rank[who] ~~|
profile[kind, who, pwidth] = spread ~~|
profile[kind, who, pextra] = 0 ~~|
available = 40 ~~|
share[kind, who] = ALLOCATE AVAILABLE(request[who], profile[kind, who, ptype], available + Time) ~~|
told[kind] = share[kind, a] + 3 * share[kind, b] + 7 * share[kind, c] ~~|
"""
AT_MARKET = {"eagerness": 1.02, "value": [3.0, 4.1], "spread": 1.5, "room": [20.0, 25.0, 40.0], "cost": [2.0, 3.2, 5.0]}
AT_SHARES = {"request": [30.0, 20.0, 25.0], "rank": [1.0, 1.3, 2.1], "spread": 2.5, "available": 40.3}
STEP = 1e-5


def by_differences(program: Any, point: Mapping[str, Any], name: str) -> Any:
    """The change of what is told last, by kind, for a small change of each number of an input, on the host."""
    slopes = []
    for place in range(np.size(point[name])):
        ends = []
        for sign in (1, -1):
            moved = np.array(point[name], dtype=float).reshape(-1)
            moved[place] += sign * STEP
            told = {**point, name: moved.reshape(np.shape(point[name]))}
            ends.append(engine.run(program, told, backend="numpy")["told"].values[-1])
        slopes.append((ends[0] - ends[1]) / (2 * STEP))
    return np.stack(slopes, -1)


@pytest.mark.parametrize(("text", "at"), [(MARKET, AT_MARKET), (SHARES, AT_SHARES)], ids=["market", "shares"])
def test_slopes_through_a_price_are_those_of_small_differences(text: str, at: dict[str, Any]) -> None:
    """Forward, where the numbers of all inputs are few beside the results; backward, where one result is asked for."""
    program = engine.compile(Path("model.mdl"), text=model(text, final=1), inputs=list(at))
    forward = engine.gradient(program, "told", at)
    backward = engine.gradient(program, total, at)
    for name in at:
        exact = by_differences(program, at, name)
        found = forward[name][-1].reshape(exact.shape)
        np.testing.assert_allclose(found, exact, rtol=1e-5, atol=1e-5, err_msg=name)
        np.testing.assert_allclose(backward[name].reshape(-1), WEIGHTS[: len(exact)] @ exact, rtol=1e-5, atol=1e-5)


WEIGHTS = np.array([1.0, 3.0, -2.0, 5.0, 7.0])


def total(outputs: Mapping[str, Any]) -> Any:
    last = outputs["told"][-1]
    return (last * WEIGHTS[: last.shape[0]]).sum()


def test_where_all_is_met_or_ranks_are_strict_parts_follow_what_binds() -> None:
    """By strict priority the last that gets something takes all that is more."""
    strict = SHARES.replace("spread = 2.5", "spread = 0")
    program = engine.compile(Path("model.mdl"), text=model(strict, final=1), inputs=["available", "request"])
    slope = engine.gradient(program, "share", {"available": 60.0, "request": [30.0, 20.0, 25.0]}, by=["available"])
    np.testing.assert_allclose(slope["available"][0, 1], [1, 0, 0], atol=1e-3)
    met = engine.gradient(program, "share", {"available": 99.0, "request": [30.0, 20.0, 25.0]}, by=["request"])
    np.testing.assert_allclose(met["request"][0, 1], np.eye(3))
