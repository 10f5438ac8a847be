"""A variable whose equations hold for parts of a range is each equation's values in the cells that it fills."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model

from xiancheng import engine
from xiancheng.engine.assemble import MOST_RUNS, _row

AGES = 12


def text_of(owners: list[int], ages_first: bool) -> str:
    """A model in which equation n fills the ages that have n among `owners`, in the order in which they stand."""
    both = "age, place" if ages_first else "place, age"
    lines = [f"age: (a1-a{AGES}) ~~|", "place: p1, p2, p3 ~~|", f"base[{both}] = 100 * place + age + Time ~~|"]
    for owner in sorted(set(owners)):
        mine = [f"a{number + 1}" for number, other in enumerate(owners) if other == owner]
        lines.append(f"part {owner}: {', '.join(mine)} ~~|")
        own = both.replace("age", f"part {owner}")
        lines.append(f"x[{own}] = base[{own}] * {owner + 1} ~~|")
    lines.append(f"level[{both}] = INTEG(x[{both}], 0) ~~|")
    return model("\n".join(lines), final=3)


def by_hand(owners: list[int]) -> np.ndarray:
    """The same by NumPy alone: x (time, place, age)."""
    times, places, ages = np.ogrid[0.0:4.0, 1.0:4.0, 1.0:AGES + 1.0]
    return np.asarray((100 * places + ages + times) * (np.array(owners) + 1))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=AGES, max_size=AGES).filter(lambda own: len(set(own)) > 1), st.booleans())
def test_each_cell_is_what_its_equation_says(owners: list[int], ages_first: bool) -> None:
    program = engine.compile("model.mdl", text=text_of(owners, ages_first), outputs=("x", "level"))
    expected = by_hand(owners)
    levels = np.cumsum(expected, 0) - expected
    for backend in BACKENDS:
        result = engine.run(program, backend=backend).transpose("time", "place", "age")
        np.testing.assert_array_equal(result["x"].values, expected)
        np.testing.assert_array_equal(result["level"].values, levels)


@pytest.mark.parametrize(
    ("owners", "counts"),
    [
        ([0] * 5 + [1] * 7, [5, 7]),
        ([0] * 3 + [1] * 4 + [0] * 5, [3, 4, 5]),
        ([1] * 2 + [0] * 4 + [2] * 4 + [0] * 2, [2, 4, 4, 2]),
        ([0, 1] * (AGES // 2), []),
    ],
)
@pytest.mark.parametrize("ages_first", [True, False])
def test_equations_that_seldom_alternate_are_put_one_after_the_other(
    owners: list[int], counts: list[int], ages_first: bool
) -> None:
    program = engine.compile("model.mdl", text=text_of(owners, ages_first))
    axis, runs = _row(program.compiled.plan.pieces["x"], program.compiled.shape("x"))
    assert [run.cells for run in runs] == counts
    assert axis == (0 if ages_first or not counts else 1)
    assert AGES > MOST_RUNS


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_exception_takes_its_cells_from_the_rule(backend: str) -> None:
    rule = "x[place, age] :EXCEPT: [place, a3] = 10 * place + age ~~|\nx[place, a3] = -place ~~|"
    text = model(f"age: (a1-a5) ~~|\nplace: p1, p2 ~~|\n{rule}", final=1)
    x = engine.run(engine.compile("model.mdl", text=text), backend=backend)["x"].transpose(..., "place", "age")
    last = x.values.reshape(-1, 2, 5)[-1]
    assert last.tolist() == [[11, 12, -1, 14, 15], [21, 22, -2, 24, 25]]
