"""Paths put together: they move as each by itself, and a hundred of them compile to what one does."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from xiancheng import engine
from xiancheng.engine.bundles import Bundles
from xiancheng.engine.compiling import import_jax
from xiancheng.interpolate import linear

TIMES = np.array([0.0, 1.0, 1.5, 4.0])
MOMENTS = (-1.0, 0.0, 0.3, 1.0, 1.25, 1.5, 3.9, 4.0, 9.0)
MODEL = """
{levers}
pool = INTEG({sum}, 0) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 4 ~~|
TIME STEP = 0.25 ~~|
SAVEPER = TIME STEP ~~|
"""


def paths(count: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Paths of two forms, of a number and of an array, with points of their own."""
    draw = np.random.default_rng(4)
    shapes = ((4,), (4, 3))
    return {f"path {number}": (TIMES + number / 10, draw.normal(size=shapes[number % 2])) for number in range(count)}


def test_paths_together_move_as_each_by_itself() -> None:
    """To the bit, between points, at them, before the first and after the last, with points of their own."""
    jax, several = import_jax(), paths(7)

    def together(moment: float) -> dict[str, np.ndarray]:
        bundles = Bundles.of(jax.numpy, {name: tuple(map(jax.numpy.asarray, path)) for name, path in several.items()})
        assert len(bundles.groups) == 2
        return {name: bundles.moved(group, moment)[row] for name, (group, row) in bundles.seats.items()}

    for moment in MOMENTS:
        for name, moved in together(moment).items():
            assert np.array_equal(moved, linear(np, *several[name], moment)), (name, moment)


def test_what_differs_from_run_to_run_is_a_group_of_its_own() -> None:
    """What holds for all runs of a batch is not copied for each of them."""
    bundles = Bundles.of(np, paths(6), frozenset({"path 2"}))
    group, _ = bundles.seats["path 2"]
    assert [name for name, seat in bundles.seats.items() if seat[0] == group] == ["path 2"]


def test_paths_of_runs_stand_behind_the_axes_of_the_runs() -> None:
    """Times once for all runs; values with the runs in front, so that these can be divided between devices."""
    several = {name: (times, np.broadcast_to(values, (2, 3, *values.shape)))
               for name, (times, values) in paths(7).items()}
    shared = paths(8)["path 7"]
    bundles = Bundles.of(np, several | {"path 7": shared}, several.keys(), 2)
    for name, (group, row) in bundles.seats.items():
        times, values = bundles.groups[group]
        own = (several | {"path 7": shared})[name]
        assert np.array_equal(times[row], own[0])
        assert np.array_equal(values[:, :, row] if name in several else values[row], own[1])
    assert Bundles.of_parts(bundles.parts()[1], bundles.parts()[0]).seats == bundles.seats


def model(tmp_path: Path, levers: int) -> engine.program.Program:
    """A model whose stock grows by the sum of its levers."""
    names = [f"lever {number}" for number in range(levers)]
    text = MODEL.format(levers="\n".join(f"{name} = 1 ~~|" for name in names), sum=" + ".join(names))
    file = tmp_path / f"levers_{levers}.mdl"
    file.write_text("{UTF-8}" + text, encoding="utf-8")
    return engine.compile(file, outputs=["pool"], inputs=names)


def test_runs_of_a_batch_that_share_some_paths_are_what_each_is_alone(tmp_path: Path) -> None:
    """One lever differs from run to run, the others hold for all."""
    program, levers = model(tmp_path, 5), 5
    moves = {f"lever {number}": engine.TimePath(TIMES, np.array([0.0, number, 2.0, 1.0])) for number in range(levers)}
    rows = [engine.TimePath(TIMES, np.array([0.0, height, 0.0, 3.0])) for height in (1.0, 2.0, 5.0)]
    batch = engine.batch(program, {**moves, "lever 3": rows})
    for number, row in enumerate(rows):
        alone = engine.run(program, {**moves, "lever 3": row})
        by_hand = engine.run(program, {**moves, "lever 3": row}, backend="numpy")
        np.testing.assert_allclose(batch["pool"].isel(run=number), alone["pool"], rtol=1e-14)
        np.testing.assert_allclose(alone["pool"], by_hand["pool"], rtol=1e-14)


def test_what_is_compiled_for_paths_does_not_grow_with_their_number() -> None:
    """A path by itself looks up two times and two values; a hundred of one form do so together."""
    jax = import_jax()

    def lookups(count: int) -> int:
        several = {name: path for name, path in paths(2 * count).items() if path[1].ndim == 1}
        code = jax.jit(lambda moment: Bundles.of(jax.numpy, several).moved(0, moment)).lower(1.0).as_text()
        return len(re.findall(r"stablehlo\.gather|call @_take", code))

    assert 0 < lookups(3) == lookups(100)
