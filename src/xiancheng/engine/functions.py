"""The one table of Vensim functions and operators: arguments, arithmetic for NumPy or JAX, unit rule, source.

Every implementation takes `xp` (numpy or jax.numpy) first and arrays that broadcast against each other; functions of
time take the clock next. Tolerances are those of Vensim as PySD documents them: 1e-6 counts as nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.engine import chance, vector_lookup
from xiancheng.engine.allocation import allocate, demanded, market_price, supplied
from xiancheng.engine.powers import logarithm, logarithm_to, power, square_root
from xiancheng.engine.states import STATES, StateRule

SMALL = 1e-6
ALL = None


@dataclass(frozen=True)
class Clock:
    """The model's time and step, in its time unit, at the moment of evaluation."""

    time: Any
    step: float


TIMELESS = Clock(math.nan, math.nan)
"""The clock of what does not move."""


@dataclass(frozen=True)
class Function:
    """One row of the table.

    Attributes:
        name: as Vensim writes it.
        arguments: argument names in order; those that must be literal or constant end with `*`.
        implement: the arithmetic; the evaluator does sums of products and what is special in a way of its own.
        kind: plain, time (takes the clock), random (takes a draw), vector (takes the axes marked by `!`), along (works
            along the last dimension), state (remembers), or special (the evaluator).
        units: the name of the unit rule.
        source: where the meaning is written down.
        state: what a function that remembers keeps.
    """

    name: str
    arguments: tuple[str, ...]
    implement: Callable[..., Any]
    kind: str = "plain"
    units: str = "dimensionless"
    source: str = "Vensim Reference Manual, Functions"
    state: StateRule | None = None


def truth(xp: Any, x: Any) -> Any:
    """Return x as true or false; any number but 0 is true."""
    x = xp.asarray(x)
    return x if x.dtype == bool else x != 0


def divide_or(xp: Any, a: Any, b: Any, other: Any) -> Any:
    """Return a / b, and `other` where b is nothing; safe for gradients."""
    nothing = xp.abs(b) < SMALL
    return xp.where(nothing, other, a / xp.where(nothing, 1.0, b))


def quantum(xp: Any, x: Any, unit: Any) -> Any:
    """Return the largest multiple of `unit` towards 0; x itself where the unit is nothing."""
    nothing = unit < SMALL
    return xp.where(nothing, x, unit * xp.trunc(x / xp.where(nothing, 1.0, unit)))


def pulse(xp: Any, clock: Clock, start: Any, width: Any) -> Any:
    """Return 1 where the middle of the step lies in a pulse from `start` of `width`; a width of 0 is one step."""
    middle = clock.time + clock.step / 2
    return xp.where((start < middle) & (middle < start + _at_least_a_step(xp, clock, width)), 1.0, 0.0)


def pulse_train(xp: Any, clock: Clock, start: Any, width: Any, interval: Any, end: Any) -> Any:
    """Return 1 for `width` every `interval` from `start`; the train ends with the step that holds `end`.

    A width of 0 is one step, an interval of 0 gives a single pulse.
    """
    middle = clock.time + clock.step / 2
    once = interval == 0
    since = middle - start
    repeated = xp.where(once, since, xp.mod(since, xp.where(once, 1.0, interval)))
    on = (since > 0) & (repeated < _at_least_a_step(xp, clock, width))
    return xp.where(on & (once | (clock.time - clock.step / 2 < end)), 1.0, 0.0)


def _at_least_a_step(xp: Any, clock: Clock, width: Any) -> Any:
    return xp.where(width == 0, clock.step, width)


def ramp(xp: Any, clock: Clock, slope: Any, start: Any, end: Any) -> Any:
    """Return a straight rise of `slope` from `start` to `end`, constant after."""
    return xp.where(clock.time + SMALL > start, slope * (xp.minimum(end, clock.time) - start), 0.0)


def step(xp: Any, clock: Clock, height: Any, start: Any) -> Any:
    """Return `height` from `start` on, 0 before."""
    return xp.where(clock.time + clock.step / 2 > start, height, 0.0)


def gamma_logarithm(xp: Any, x: Any) -> Any:
    """Return the logarithm of the gamma function."""
    return chance.special(xp).gammaln(x)


def select(xp: Any, chosen: Any, values: Any, missing: Any, action: int, axes: tuple[int, ...]) -> Any:
    """Return the sum, product, least, largest or mean of chosen (weighted) values; `missing` where none is chosen."""
    is_chosen = chosen != 0
    if action <= 4:
        values = chosen * values
    elif action == 5:
        values = power(xp, values, chosen)
    neutral, reduce = {
        0: (0.0, xp.sum), 1: (1.0, xp.prod), 2: (xp.inf, xp.min), 3: (-xp.inf, xp.max), 4: (0.0, xp.sum),
        5: (1.0, xp.prod), 6: (0.0, xp.sum), 7: (1.0, xp.prod), 8: (xp.inf, xp.min), 9: (-xp.inf, xp.max),
        10: (0.0, xp.sum),
    }[action]
    result = reduce(xp.where(is_chosen, values, neutral), axis=axes)
    if action in (4, 10):
        result = result / xp.maximum(xp.sum(is_chosen, axis=axes), 1)
    return xp.where(xp.any(is_chosen, axis=axes), result, missing)


def sort_order(xp: Any, values: Any, direction: Any) -> Any:
    """Return positions from 0 along the last axis, rising where direction is above 0, else falling."""
    rising = xp.argsort(values, axis=-1)
    return xp.where(direction > 0, rising, xp.flip(rising, axis=-1)) * 1.0


def reorder(xp: Any, values: Any, order: Any) -> Any:
    """Return values along the last axis in an order of positions from 0."""
    shape = np.broadcast_shapes(np.shape(values), np.shape(order))
    places = xp.clip(xp.rint(xp.broadcast_to(order, shape)), 0, shape[-1] - 1).astype(int)
    return xp.take_along_axis(xp.broadcast_to(values, shape), places, axis=-1)


def rank(xp: Any, values: Any, direction: Any) -> Any:
    """Return the rank from 1 along the last axis."""
    return xp.argsort(sort_order(xp, values, direction), axis=-1) + 1.0


_ROWS: tuple[Function, ...] = (
    Function("+", ("a", "b"), lambda xp, a, b: a + b, units="same"),
    Function("-", ("a", "b"), lambda xp, a, b: a - b, units="same"),
    Function("*", ("a", "b"), lambda xp, a, b: a * b, units="product"),
    Function("/", ("a", "b"), lambda xp, a, b: xp.divide(a, b), units="quotient"),
    Function("^", ("x", "power"), power, units="power"),
    Function("negative", ("x",), lambda xp, x: -x, units="first"),
    Function("=", ("a", "b"), lambda xp, a, b: a == b, units="compare"),
    Function("<>", ("a", "b"), lambda xp, a, b: a != b, units="compare"),
    Function("<", ("a", "b"), lambda xp, a, b: a < b, units="compare"),
    Function("<=", ("a", "b"), lambda xp, a, b: a <= b, units="compare"),
    Function(">", ("a", "b"), lambda xp, a, b: a > b, units="compare"),
    Function(">=", ("a", "b"), lambda xp, a, b: a >= b, units="compare"),
    Function(":AND:", ("a", "b"), lambda xp, a, b: truth(xp, a) & truth(xp, b), units="logic"),
    Function(":OR:", ("a", "b"), lambda xp, a, b: truth(xp, a) | truth(xp, b), units="logic"),
    Function(":NOT:", ("a",), lambda xp, a: ~truth(xp, a), units="logic"),
    Function("IF THEN ELSE", ("condition", "then", "else"),
             lambda xp, condition, then, other: xp.where(truth(xp, condition), then, other), units="choice"),
    Function("ABS", ("x",), lambda xp, x: xp.abs(x), units="first"),
    Function("MIN", ("a", "b"), lambda xp, a, b: xp.minimum(a, b), units="same"),
    Function("MAX", ("a", "b"), lambda xp, a, b: xp.maximum(a, b), units="same"),
    Function("EXP", ("x",), lambda xp, x: xp.exp(x)),
    Function("LN", ("x",), logarithm),
    Function("LOG", ("x", "base"), logarithm_to),
    Function("SQRT", ("x",), square_root, units="root"),
    Function("POWER", ("x", "power"), power, units="power"),
    Function("SIN", ("x",), lambda xp, x: xp.sin(x)),
    Function("COS", ("x",), lambda xp, x: xp.cos(x)),
    Function("TAN", ("x",), lambda xp, x: xp.tan(x)),
    Function("ARCSIN", ("x",), lambda xp, x: xp.arcsin(x)),
    Function("ARCCOS", ("x",), lambda xp, x: xp.arccos(x)),
    Function("ARCTAN", ("x",), lambda xp, x: xp.arctan(x)),
    Function("SINH", ("x",), lambda xp, x: xp.sinh(x)),
    Function("COSH", ("x",), lambda xp, x: xp.cosh(x)),
    Function("TANH", ("x",), lambda xp, x: xp.tanh(x)),
    Function("INTEGER", ("x",), lambda xp, x: xp.trunc(x), units="first"),
    Function("QUANTUM", ("x", "unit"), quantum, units="same"),
    Function("MODULO", ("x", "unit"), lambda xp, x, unit: x - quantum(xp, x, unit), units="same"),
    Function("ZIDZ", ("a", "b"), lambda xp, a, b: divide_or(xp, a, b, 0.0), units="quotient"),
    Function("XIDZ", ("a", "b", "otherwise"), divide_or, units="quotient_or"),
    Function("GAMMA LN", ("x",), gamma_logarithm),
    Function("GAME", ("x",), lambda xp, x: x, units="first"),
    Function("PULSE", ("start", "width"), pulse, "time", units="times"),
    Function("PULSE TRAIN", ("start", "width", "interval", "end"), pulse_train, "time", units="times"),
    Function("RAMP", ("slope", "start", "end"), ramp, "time", units="ramp"),
    Function("STEP", ("height", "start"), step, "time", units="step"),
    Function("SUM", ("x",), lambda xp, x, axes: xp.sum(x, axis=axes), "vector", units="first"),
    Function("PROD", ("x",), lambda xp, x, axes: xp.prod(x, axis=axes), "vector", units="dimensionless"),
    Function("VMIN", ("x",), lambda xp, x, axes: xp.min(x, axis=axes), "vector", units="first"),
    Function("VMAX", ("x",), lambda xp, x, axes: xp.max(x, axis=axes), "vector", units="first"),
    Function("VECTOR SELECT", ("selection", "values", "missing", "action", "error*"), select, "vector",
             units="select"),
    Function("VECTOR LOOKUP", ("vector", "x", "minimum", "maximum", "mode"), vector_lookup.value, "vector",
             units="points"),
    Function("VECTOR SORT ORDER", ("values", "direction*"), sort_order, "along", units="order"),
    Function("VECTOR RANK", ("values", "direction*"), rank, "along", units="order"),
    Function("RANDOM 0 1", (), chance.unit, "random"),
    Function("RANDOM UNIFORM", ("min", "max", "seed"), chance.flat, "random", units="random"),
    Function("RANDOM NORMAL", ("min", "max", "mean", "deviation", "seed"), chance.normal, "random", units="random"),
    Function("RANDOM EXPONENTIAL", ("min", "max", "shift", "stretch", "seed"), chance.exponential, "random",
             units="random"),
    Function("RANDOM WEIBULL", ("min", "max", "shape", "shift", "stretch", "seed"), chance.weibull, "random",
             units="random"),
    Function("RANDOM LOGISTIC", ("min", "max", "mean", "scale", "seed"), chance.logistic, "random", units="random"),
    Function("RANDOM TRIANGULAR", ("min", "max", "start", "peak", "stop", "seed"), chance.triangular, "random",
             units="random"),
    Function("RANDOM BETA", ("min", "max", "alpha", "beta", "shift", "stretch", "seed"), chance.beta, "random",
             units="random"),
    Function("RANDOM BINOMIAL", ("min", "max", "probability", "trials", "shift", "stretch", "seed"), chance.binomial,
             "random", units="random"),
    Function("RANDOM GAMMA", ("min", "max", "order", "shift", "stretch", "seed"), chance.gamma, "random",
             units="random"),
    Function("RANDOM POISSON", ("min", "max", "mean", "shift", "stretch", "seed"), chance.poisson, "random",
             units="random"),
    Function("ALLOCATE", ("request", "profile", "priority", "width", "supply"), allocate, "along", units="first"),
    Function("DEMANDED", ("quantity", "profile", "priority", "width", "price"), demanded, units="first"),
    Function("SUPPLIED", ("quantity", "profile", "priority", "width", "price"), supplied, units="first"),
    Function("MARKET", ("asked", "profile", "priority", "width", "offered", "profile", "priority", "width"),
             market_price, "vector", units="priority"),
    Function("VECTOR REORDER", ("values", "order"), reorder, "along", units="reorder"),
    Function("VECTOR ELM MAP", ("element", "offset"), lambda xp, x, offset: x, "special", units="first"),
    Function("INVERT MATRIX", ("matrix", "size*"), lambda xp, matrix, size: xp.linalg.inv(matrix), "along",
             units="inverse"),
    Function("INITIAL", ("x",), lambda xp, x: x, "special", units="first"),
    Function("ACTIVE INITIAL", ("x", "initial"), lambda xp, x, initial: x, "special", units="same"),
    *(Function(rule.name, rule.arguments, rule.show, "state", rule.units, rule.source, rule) for rule in STATES),
)

TABLE: dict[str, Function] = {row.name: row for row in _ROWS}
ALIASES: dict[str, str] = {"VECTOR SORTORDER": "VECTOR SORT ORDER"}
