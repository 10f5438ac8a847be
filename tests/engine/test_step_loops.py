"""How a step's loops are laid out changes no number: short dimensions in front, large values kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng import engine
from xiancheng.engine.loops import CELLS, SHORT, short_first

PLACES, AGES, KINDS = 70, 30, 3
STEP, STEPS = 0.25, 12
MODEL = f"""
place: (p1-p{PLACES}) ~~|
age: (a1-a{AGES}) ~~|
kind: first, second, third ~~|
weight[place, first] = 3.003 - place / 100 ~~|
weight[place, second] = 2 + place / 100 ~~|
weight[place, third] = 1 ~~|
moved[place, kind] = weight[place, kind] * COS(Time * place) ~~|
order[place, kind] = VECTOR SORT ORDER(moved[place, kind], 1) ~~|
ranks[place, kind] = VECTOR RANK(moved[place, kind], -1) ~~|
stock[place, age, kind] = INTEG(flow[place, age, kind], age) ~~|
flow[place, age, kind] = EXP(-stock[place, age, kind] / 20) * weight[place, kind]
    - ZIDZ(stock[place, age, kind], moved[place, kind] + 9) ~~|
late[place, age, kind] = SMOOTH(flow[place, age, kind], 2) ~~|
all stock = SUM(stock[place!, age!, kind!]) ~~|
of kind[kind] = SUM(stock[place!, age!, kind]) ~~|
of place[place] = SUM(stock[place, age!, kind!]) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = {STEP * STEPS} ~~|
TIME STEP = {STEP} ~~|
SAVEPER = TIME STEP ~~|
"""


def by_hand() -> dict[str, list[np.ndarray]]:
    """Compute the model in plain NumPy, dimensions as the equations write them."""
    place, age = np.arange(1.0, PLACES + 1), np.arange(1.0, AGES + 1)
    weight = np.stack([3.003 - place / 100, 2 + place / 100, np.ones(PLACES)], 1)
    stock = np.broadcast_to(age[None, :, None], (PLACES, AGES, KINDS)).copy()
    names = ("order", "ranks", "late", "all stock", "of kind", "of place")
    saved: dict[str, list[np.ndarray]] = {name: [] for name in names}
    late = np.array([])
    for number in range(STEPS + 1):
        moved = weight * np.cos(number * STEP * place)[:, None]
        flow = np.exp(-stock / 20) * weight[:, None, :] - stock / (moved + 9)[:, None, :]
        late = late if late.size else flow
        saved["order"].append(np.argsort(moved, axis=1, kind="stable"))
        saved["ranks"].append(np.argsort(np.argsort(-moved, axis=1, kind="stable"), axis=1) + 1)
        saved["late"].append(late)
        saved["all stock"].append(stock.sum())
        saved["of kind"].append(stock.sum((0, 1)))
        saved["of place"].append(stock.sum((1, 2)))
        late = late + STEP * (flow - late) / 2
        stock = stock + STEP * flow
    return saved


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("backend", ["jax", "numpy"])
def test_large_arrays_with_short_dimensions_are_those_by_hand(tmp_path: Path, backend: str, many: bool) -> None:
    """Sums, sorted elements, what is remembered and what pieces make up, alone and in a batch."""
    assert PLACES * AGES * KINDS >= CELLS
    file, expected = tmp_path / "model.mdl", by_hand()
    file.write_text(MODEL, encoding="utf-8")
    program = engine.compile(file, outputs=list(expected))
    result = (engine.batch if many else engine.run)(program, {}, backend=backend)
    offset = float(result["order"].min())  # where Vensim counts elements from is a rule of its own
    for name, values in expected.items():
        written = np.squeeze(result[name].values - (offset if name == "order" else 0))
        np.testing.assert_allclose(written, np.array(values), rtol=1e-11, atol=1e-11, err_msg=name)


@given(st.lists(st.integers(1, 3 * SHORT), max_size=5))
def test_short_last_dimensions_come_first_and_nothing_else_moves(sizes: list[int]) -> None:
    dims = tuple(f"d{number}" for number in range(len(sizes)))
    order = short_first(dims, dict(zip(dims, sizes, strict=True)))
    assert sorted(order) == sorted(dims)
    end = len(dims) - (dims.index(order[0]) if dims else 0)
    assert order == (*dims[len(dims) - end:], *dims[: len(dims) - end])
    if any(size >= SHORT for size in sizes):
        assert sizes[dims.index(order[-1])] >= SHORT
    else:
        assert order == dims
