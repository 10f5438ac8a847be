"""Random numbers without a state: a hash of what is drawn, so that every run of the same seed draws the same.

A draw is that of a function in an equation, by seed, element and step (counter-based streams, Salmon et al. 2011; the
hash is SplitMix64, Steele et al. 2014). Limits cut the distribution off and share its weight out over what is left. The
numbers are not those that Vensim draws.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_WHOLE = 2**64 - 1
_HALVINGS = 40
_FINE = 60


def uniform(xp: Any, label: str, seed: Any, step: Any, elements: Any) -> Any:
    """Return numbers above 0 and below 1.

    Args:
        xp: numpy or jax.numpy.
        label: of the function and its equation.
        seed: whole numbers, by element or one.
        step: number of the step.
        elements: number of each element.
    """
    start = np.uint64(zlib.crc32(label.encode()) * _GOLDEN & _WHOLE)
    state = xp.asarray(elements).astype(np.uint64) + start
    for part in (seed, step):
        number = xp.rint(xp.asarray(part)).astype(np.int64).astype(np.uint64)
        state = _mixed(xp, state + (number + np.uint64(1)) * np.uint64(_GOLDEN))
    return (_mixed(xp, state) >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54


def _mixed(xp: Any, state: Any) -> Any:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
    return state ^ (state >> np.uint64(31))


def special(xp: Any) -> Any:
    """Return the special functions of numpy or jax.numpy."""
    return import_module("scipy.special" if xp is np else "jax.scipy.special")


def repeated(xp: Any, count: int, body: Callable[[Any, Any], Any], state: Any) -> Any:
    """Return a state after so many turns of `body`, which takes the number of the turn and the state."""
    if xp is not np:
        return import_module("jax.lax").fori_loop(0, count, body, state)
    for number in range(count):
        state = body(number, state)
    return state


def between(xp: Any, u: Any, low: Any, high: Any, share: Callable[[Any], Any], inverse: Callable[[Any], Any]) -> Any:
    """Return a draw of a distribution cut off below `low` and above `high`, by its shares and their inverse."""
    first, last = share(low), share(high)
    return xp.clip(inverse(first + (last - first) * u), low, high)


def flat(xp: Any, u: Any, low: Any, high: Any) -> Any:
    """Return RANDOM UNIFORM."""
    return low + (high - low) * u


def normal(xp: Any, u: Any, low: Any, high: Any, mean: Any, deviation: Any) -> Any:
    """Return RANDOM NORMAL."""
    curve = special(xp)
    return between(xp, u, low, high, lambda x: curve.ndtr((x - mean) / deviation),
                   lambda p: mean + deviation * curve.ndtri(p))


def exponential(xp: Any, u: Any, low: Any, high: Any, shift: Any, stretch: Any) -> Any:
    """Return RANDOM EXPONENTIAL."""
    return between(xp, u, low, high, lambda x: -xp.expm1(-xp.maximum((x - shift) / stretch, 0.0)),
                   lambda p: shift - stretch * xp.log1p(-p))


def weibull(xp: Any, u: Any, low: Any, high: Any, shape: Any, shift: Any, stretch: Any) -> Any:
    """Return RANDOM WEIBULL."""
    return between(xp, u, low, high, lambda x: -xp.expm1(-xp.maximum((x - shift) / stretch, 0.0) ** shape),
                   lambda p: shift + stretch * (-xp.log1p(-p)) ** (1 / shape))


def logistic(xp: Any, u: Any, low: Any, high: Any, mean: Any, scale: Any) -> Any:
    """Return RANDOM LOGISTIC."""
    return between(xp, u, low, high, lambda x: 1 / (1 + xp.exp((mean - x) / scale)),
                   lambda p: mean + scale * (xp.log(p) - xp.log1p(-p)))


def triangular(xp: Any, u: Any, low: Any, high: Any, start: Any, peak: Any, stop: Any) -> Any:
    """Return RANDOM TRIANGULAR."""
    left = (peak - start) / (stop - start)

    def share(x: Any) -> Any:
        x = xp.clip(x, start, stop)
        rising = (x - start) ** 2 / ((stop - start) * xp.maximum(peak - start, 1e-300))
        falling = 1 - (stop - x) ** 2 / ((stop - start) * xp.maximum(stop - peak, 1e-300))
        return xp.where(x <= peak, rising, falling)

    def inverse(p: Any) -> Any:
        rising = start + xp.sqrt(p * (stop - start) * (peak - start))
        return xp.where(p <= left, rising, stop - xp.sqrt((1 - p) * (stop - start) * (stop - peak)))

    return between(xp, u, low, high, share, inverse)


def beta(xp: Any, u: Any, low: Any, high: Any, alpha: Any, beta_: Any, shift: Any, stretch: Any) -> Any:
    """Return RANDOM BETA times `stretch`, and `shift`."""
    curve = special(xp).betainc
    return _scaled(xp, u, low, high, shift, stretch, lambda x: curve(alpha, beta_, xp.clip(x, 0.0, 1.0)), 1.0)


def gamma(xp: Any, u: Any, low: Any, high: Any, order: Any, shift: Any, stretch: Any) -> Any:
    """Return RANDOM GAMMA of an order of at least 1, times `stretch`, and `shift`."""
    order = xp.maximum(order, 1.0)
    curve = special(xp).gammainc
    most = order + 12 * xp.sqrt(order) + 60
    return _scaled(xp, u, low, high, shift, stretch, lambda x: curve(order, xp.maximum(x, 0.0)), most)


def _scaled(xp: Any, u: Any, low: Any, high: Any, shift: Any, stretch: Any, share: Callable[[Any], Any], most: Any
            ) -> Any:
    """Return a draw between 0 and `most` of a distribution by its shares, stretched, shifted and cut off."""
    first, last = share((low - shift) / stretch), share((high - shift) / stretch)
    goal = first + (last - first) * u

    def halved(_: Any, bounds: Any) -> Any:
        middle = (bounds[0] + bounds[1]) / 2
        enough = share(middle) >= goal
        return xp.where(enough, bounds[0], middle), xp.where(enough, middle, bounds[1])

    none = 0.0 * goal
    start, end = repeated(xp, _FINE, halved, (none, none + most))
    return xp.clip(shift + stretch * (start + end) / 2, low, high)


def binomial(xp: Any, u: Any, low: Any, high: Any, chance_: Any, trials: Any, shift: Any, stretch: Any) -> Any:
    """Return RANDOM BINOMIAL: successes of so many trials times `stretch`, and `shift`."""
    curve = special(xp).betainc
    trials = xp.rint(trials)

    def share(count: Any) -> Any:
        inner = xp.clip(count, 0.0, xp.maximum(trials - 1, 0.0))
        below = curve(xp.maximum(trials - inner, 1.0), inner + 1, 1 - chance_)
        return xp.where(count < 0, 0.0, xp.where(count >= trials, 1.0, below))

    return _counted(xp, u, low, high, shift, stretch, share, trials)


def poisson(xp: Any, u: Any, low: Any, high: Any, mean: Any, shift: Any, stretch: Any) -> Any:
    """Return RANDOM POISSON: counts times `stretch`, and `shift`."""
    tail = special(xp).gammaincc
    most = mean + 12 * xp.sqrt(mean) + 30

    def share(count: Any) -> Any:
        return xp.where(count < 0, 0.0, tail(xp.maximum(count, 0.0) + 1, mean))

    return _counted(xp, u, low, high, shift, stretch, share, most)


def _counted(xp: Any, u: Any, low: Any, high: Any, shift: Any, stretch: Any, share: Callable[[Any], Any], most: Any
             ) -> Any:
    """Return a draw among the whole numbers from 0 to `most` by their shares, stretched, shifted and cut off."""
    first = share(xp.ceil((low - shift) / stretch) - 1)
    goal = first + (share(xp.minimum(xp.floor((high - shift) / stretch), most)) - first) * u

    def halved(_: Any, bounds: Any) -> Any:
        middle = xp.floor((bounds[0] + bounds[1]) / 2)
        enough = share(middle) >= goal
        return xp.where(enough, bounds[0], middle), xp.where(enough, middle, bounds[1])

    none = 0.0 * goal
    _, count = repeated(xp, _HALVINGS, halved, (none - 1, none + xp.ceil(most)))
    return xp.clip(shift + stretch * count, low, high)


def unit(xp: Any, u: Any) -> Any:
    """Return RANDOM 0 1."""
    return u
