"""Roots, logarithms and powers for NumPy or JAX, with gradients that are finite at their ends."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

_ROUNDING = 4 * float(np.finfo(float).eps)
"""The part of a ratio of logarithms that both of them, an inverse and a product can round away."""


def square_root(xp: Any, x: Any) -> Any:
    """Return the square root with a gradient of 0 at 0."""
    positive = x > 0
    return xp.where(positive, xp.sqrt(xp.where(positive, x, 1.0)), xp.where(x == 0, 0.0, xp.nan))


def logarithm(xp: Any, x: Any) -> Any:
    """Return the natural logarithm with a gradient of 0 where it is not finite."""
    positive = x > 0
    return xp.where(positive, xp.log(xp.where(positive, x, 1.0)), xp.where(x == 0, -xp.inf, xp.nan))


def logarithm_to(xp: Any, x: Any, base: Any) -> Any:
    """Return the logarithm to a base, a whole number where it is one within its own rounding.

    A ratio of logarithms is off by the last bits, by other ones in compiled code and on the host: that of 1,000 to 10
    is then less than 3, and its INTEGER 2.
    """
    ratio = logarithm(xp, x) / logarithm(xp, base)
    flat = ratio if xp is np else import_module("jax.lax").stop_gradient(ratio)
    integer = xp.rint(flat)
    return ratio + xp.where(xp.abs(flat - integer) <= _ROUNDING * xp.abs(integer), integer - flat, 0.0)


def power(xp: Any, x: Any, y: Any) -> Any:
    """Return x to the power y with a gradient of 0 at x = 0."""
    present = x != 0
    at_zero = xp.where(y > 0, 0.0, xp.where(y == 0, 1.0, xp.inf))
    return xp.where(present, xp.power(xp.where(present, x, 1.0), y), at_zero)


def literal_power(xp: Any, x: Any, exponent: float) -> Any:
    """Return a power with a literal exponent: products for small whole ones, a root for a half."""
    if exponent == 0.5:
        return square_root(xp, x)
    if exponent == int(exponent) and 1 <= abs(exponent) <= 6:
        result = x
        for _ in range(int(abs(exponent)) - 1):
            result = result * x
        return result if exponent > 0 else 1.0 / result
    return power(xp, x, np.asarray(exponent))
