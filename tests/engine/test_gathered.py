"""Numbers of a small program travel together: the same results, but for last bits, as each by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from small_models import STOCKS

from xiancheng import engine
from xiancheng.engine import gathered, integrate
from xiancheng.engine.compiling import import_jax
from xiancheng.engine.gathered import Gathering

MANY = 90
"""Scalars that move: more than stand in one array."""
EQUATIONS = "{UTF-8}\n" + STOCKS + """late = DELAY FIXED(seen, 0.75, 1) ~ person/year ~ |
large[place] = IF THEN ELSE(stock[place] > 22, 1, 0) ~ dmnl ~ |
is large[place] = stock[place] > 22 ~ dmnl ~ |
curve((0,0),(1,2),(2,3),(30,5)) ~ dmnl ~ |
part 0 = curve(stock[p1]) / 3 + seen * base ~ dmnl ~ |
{parts}
SAVEPER = {saveper} ~ year ~ |
"""
PARTS = "\n".join(f"part {number} = part {number - 1} * 0.9 + late / {number} ~ dmnl ~ |" for number in range(1, MANY))


def text(saveper: float) -> str:
    return EQUATIONS.replace("{parts}", PARTS).replace("{saveper}", str(saveper))


def compiled(saveper: float) -> Any:
    return engine.compile(Path("model.mdl"), text=text(saveper), inputs=["base", "push", "patience"])


def told(**others: Any) -> dict[str, Any]:
    return {"base": engine.TimePath(np.array([2020.0, 2022.0]), np.array([3.0, 5.0])), **others}


OPTIONS: tuple[dict[str, Any], ...] = ({}, {"branch": 2022.5}, {"steps": (0, 3, 4)}, {"dtype": "float32"})


@pytest.mark.parametrize(("options", "saveper"), [
    pytest.param(options, saveper, marks=[pytest.mark.study] if (number + turn) % 2 else [])
    for number, options in enumerate(OPTIONS) for turn, saveper in enumerate((0.25, 1.0))
])
def test_numbers_that_travel_together_are_the_same_to_the_bit(
    saveper: float, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = engine.run(compiled(saveper), told(push=0.2), **options)
    with monkeypatch.context() as patched:
        patched.setattr(gathered, "MOST_BYTES", 0)
        alone = engine.run(compiled(saveper), told(push=0.2), **options)
    xr.testing.assert_identical(together, alone)


def test_a_small_program_takes_and_gives_few_arrays_and_a_large_one_does_not() -> None:
    program = compiled(0.25)
    variant, numbers, paths = integrate.inputs(program, told(), "float64", None)
    stretches = integrate.stretches(variant)
    standing = stretches.begun(numbers, paths)
    now, shape = import_jax().tree.flatten((standing.once, standing.memory, standing.saved, paths))
    few = stretches.few(now, shape)
    assert few is not None
    assert len(few.input.groups) < 10 < MANY < len(now)
    large = EQUATIONS.replace("{parts}", "").replace("{saveper}", "1").replace("place: p1, p2, p3", "place: (p1-p99)")
    program = engine.compile(Path("model.mdl"), text=large.replace("10, 20, 30", "10"))
    variant, numbers, paths = integrate.inputs(program, {}, "float64", None)
    standing = integrate.stretches(variant).begun(numbers, paths)
    now, shape = import_jax().tree.flatten((standing.once, standing.memory, standing.saved, paths))
    assert integrate.stretches(variant).few(now, shape) is None


SHAPES = st.lists(st.tuples(st.lists(st.integers(1, 4), max_size=3), st.sampled_from(["f8", "f4", "?"])), max_size=30)


@given(front=SHAPES, rooms=SHAPES, behind=SHAPES, rows=st.integers(1, 5))
def test_what_is_put_together_comes_apart_as_it_was(front: Any, rooms: Any, behind: Any, rows: int) -> None:
    random = np.random.default_rng(1)
    kinds = [*front, *((([rows, *shape]), kind) for shape, kind in rooms), *behind]
    arrays = [(random.random(shape) * 9 - 4).astype(kind) for shape, kind in kinds]
    gathering = Gathering.of(arrays, (len(front), len(front) + len(rooms)))
    parts = gathering.together(np, arrays)
    assert all(part.nbytes <= gathered.MOST_BYTES * (rows if part.ndim == 2 else 1) for part in parts)
    for before, after in zip(arrays, gathering.apart(parts), strict=True):
        assert before.dtype == after.dtype
        np.testing.assert_array_equal(before, after)


def test_a_dataset_is_what_xarray_makes_of_the_same_and_belongs_to_its_run_alone() -> None:
    program = compiled(1.0)
    first, second = engine.run(program, told()), engine.run(program, told())
    made = xr.Dataset(
        {name: (array.dims, array.values, array.attrs) for name, array in first.data_vars.items()},
        {str(name): array.values for name, array in first.coords.items()})
    xr.testing.assert_identical(first, made)
    assert first.sizes == made.sizes
    first["time"].attrs["units"] = first["base"].attrs["units"] = "changed"
    assert not second["time"].attrs
    assert second["base"].attrs["units"] == "person/year"
