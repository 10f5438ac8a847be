"""Points of a design in the unit cube, by samplers of scipy and SALib, a slice at a time."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError, optional
from xiancheng.texts import phrase

SOBOL, LHS, SALTELLI, MORRIS, FACTORIAL = "sobol", "lhs", "saltelli", "morris", "factorial"
SAMPLERS = (SOBOL, LHS, SALTELLI, MORRIS, FACTORIAL)

LARGEST = 2**30
"""Bytes that a design may take when its sampler has to draw it in one piece."""
_SLICE = 4096


def count(sampler: str, n: int, factors: int, levels: int = 4, choices: tuple[int, ...] = ()) -> int:
    """Return how many points a design has.

    Args:
        sampler: of SAMPLERS.
        n: points of sobol and lhs, base points of saltelli, trajectories of morris; factorial takes none.
        factors: how many factors there are.
        levels: values of each factor in a factorial design.
        choices: number of choices of each factor that has some, 0 of the others.
    """
    if factors == 0:
        return 1
    if sampler == SALTELLI:
        return n * (factors + 2)
    if sampler == MORRIS:
        return n * (factors + 1)
    if sampler == FACTORIAL:
        return int(np.prod([options or levels for options in choices], dtype=object))
    return n


def points(
    sampler: str, n: int, factors: int, seed: int, levels: int = 4, choices: tuple[int, ...] = ()
) -> Iterator[Floats]:
    """Yield the points (points, factor) of a design between 0 and 1, some thousands at a time.

    Raises:
        StudyError: a design of that size has to be drawn in one piece and does not fit into LARGEST.
    """
    if factors == 0:
        yield np.zeros((1, 0))
    elif sampler == SOBOL:
        yield from _sobol(n, factors, seed)
    elif sampler == FACTORIAL:
        yield from _factorial(levels, choices)
    else:
        size = count(sampler, n, factors) * factors * 8
        if size > LARGEST:
            sentence = phrase("sweep.design_large", sampler=sampler, size=float(size / 2**30))
            raise StudyError(Problem("", sentence, phrase("sweep.design_large_allowed", size=LARGEST / 2**30)))
        everything = _whole(sampler, n, factors, seed, levels)
        for first in range(0, len(everything), _SLICE):
            yield everything[first : first + _SLICE]


def _sobol(n: int, factors: int, seed: int) -> Iterator[Floats]:
    """Draw a scrambled Sobol sequence; any slice of it is the same whatever was drawn before."""
    from scipy.stats import qmc

    for first in range(0, n, _SLICE):
        sequence = qmc.Sobol(factors, scramble=True, rng=np.random.default_rng(seed))
        if first:
            sequence.fast_forward(first)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a number of points that is no power of 2 is said at reading
            yield np.asarray(sequence.random(min(_SLICE, n - first)))


def _factorial(levels: int, choices: tuple[int, ...]) -> Iterator[Floats]:
    """Yield every combination of the middles of equal parts of choices, and of evenly spaced values of the rest."""
    axes = [
        (np.arange(options) + 0.5) / options if options else np.linspace(0.0, 1.0, levels) for options in choices
    ]
    sizes = [len(axis) for axis in axes]
    total = int(np.prod(sizes))
    for first in range(0, total, _SLICE):
        positions = np.unravel_index(np.arange(first, min(first + _SLICE, total)), sizes)
        yield np.stack([axis[position] for axis, position in zip(axes, positions, strict=True)], axis=1)


def _whole(sampler: str, n: int, factors: int, seed: int, levels: int) -> Floats:
    if sampler == LHS:
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(n))
    with optional("sweep", "SALib"):
        from SALib.sample import morris, sobol  # type: ignore[import-untyped]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if sampler == MORRIS:
            return np.asarray(morris.sample(problem(factors), n, num_levels=levels, seed=seed))
        return np.asarray(sobol.sample(problem(factors), n, calc_second_order=False, seed=seed))


def problem(factors: int) -> dict[str, Any]:
    """Return the factors as SALib wants them told: by number, between 0 and 1."""
    return {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
