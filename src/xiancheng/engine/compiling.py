"""How code is compiled: our arrays inside of it, the options of the compiler, loops."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import numpy as np

from xiancheng.engine import devices
from xiancheng.engine.arrays import Array
from xiancheng.engine.bundles import Bundles
from xiancheng.engine.functions import SMALL
from xiancheng.engine.once import Once


class Backend(StrEnum):
    """What computes a run: compiled code, or the same expressions on the host, which a debugger can follow."""

    JAX = "jax"
    NUMPY = "numpy"


def import_jax() -> Any:
    """Import JAX, set up, with our own arrays as something that goes into and out of compiled code."""
    jax = devices.import_jax()
    _register(jax)
    return jax


@functools.cache
def _register(jax: Any) -> None:
    """Let arrays go into and out of compiled code with the names of their dimensions, which belong to the code."""
    jax.tree_util.register_pytree_node(Array, lambda array: ((array.data,), array.dims),
                                       lambda dims, data: Array(data[0], dims))
    jax.tree_util.register_pytree_node(Once, Once.parts, Once.of_parts)
    jax.tree_util.register_pytree_node(Bundles, Bundles.parts, Bundles.of_parts)


_OPTIONS: dict[str, str | bool | int] = {
    # Matrix products alone go to the kernel library. With all that it would take, a run on a thread of the page's
    # server, beside a browser, takes half as long again; and of equations as they are written (see below) it then
    # computes some wrongly: residents of the study came out 0.3 % off.
    "xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT",
    # The plain emitter of kernels: a fourteenth faster to run and a third faster to compile.
    "xla_cpu_use_fusion_emitters": False,
    # Passes that take a fifth of the time to compile and gain no time to run.
    "xla_llvm_disable_expensive_passes": True,
    # Eight numbers at a time where the processor can: a twentieth faster.
    "xla_cpu_prefer_vector_width": 512,
    # Fewer copies of what steps remember: a seventh faster, the same numbers to the bit.
    "xla_cpu_copy_insertion_use_region_analysis": True,
    # Sums over places as one loop, not in parts: a sixth faster to run, and fewer kernels to compile. And equations as
    # they are written: else x / 49 becomes x · (1 / 49) and a / (b / c) becomes a · c / b, off by the last bit (one in
    # INTEGER of 49 / 49) and infinite where a · c is.
    "xla_disable_hlo_passes": "tree_reduction_rewriter,algsimp",
}
"""Options for compiling, each with its reason; measured on the study's model."""

@functools.cache
def compiler_options() -> dict[str, str | bool | int]:
    """Return the options for compiling, without those that this XLA does not know."""
    return {name: value for name, value in _OPTIONS.items() if _knows({name: value})}


def _knows(option: dict[str, str | bool | int]) -> bool:
    try:
        import_jax().jit(lambda number: number, compiler_options=option)(0.0)
    except RuntimeError:
        return False
    return True


def numpy_scan(body: Callable[..., Any], state: Any, first: int, last: int) -> tuple[Any, Any]:
    """Call `body` from first to last - 1, and stack what it saves."""
    rows = []
    for number in range(first, last):
        state, saved = body(state, number)
        rows.append(saved)
    return state, import_jax().tree.map(lambda *several: np.stack(several), *rows) if rows else None


def jax_scan(body: Callable[..., Any], state: Any, first: int, last: int) -> tuple[Any, Any]:
    """Do the same as `numpy_scan`, compiled."""
    jax = import_jax()
    return jax.lax.scan(body, state, np.arange(first, last))  # type: ignore[no-any-return]


def jax_scan_again(body: Callable[..., Any], state: Any, first: int, last: int) -> tuple[Any, Any]:
    """Do the same, for derivatives backward: what a step computes is computed again on the way back, not kept."""
    jax = import_jax()
    return jax.lax.scan(jax.checkpoint(body), state, np.arange(first, last))  # type: ignore[no-any-return]


@functools.cache
def smooth() -> Any:
    """Return JAX's functions, with slopes of 0 where a quotient or an exponential is not finite.

    Backward the branch that a condition leaves out is multiplied by 0, which does not make infinity nothing.
    """
    jax = import_jax()
    divide: Any = jax.custom_jvp(lambda above, below: jax.numpy.divide(above, below))
    exponential: Any = jax.custom_jvp(lambda power: jax.numpy.exp(power))

    def divide_moved(values: Any, moves: Any) -> Any:
        (above, below), (up, down) = values, moves
        nothing = (below == 0) | jax.numpy.isnan(below)
        safe = jax.numpy.where(nothing, 1.0, below)
        return divide(above, below), jax.numpy.where(nothing, 0.0, up / safe - above / safe * (down / safe))

    def exponential_moved(values: Any, moves: Any) -> Any:
        result = exponential(*values)
        return result, jax.numpy.where(jax.numpy.isfinite(result), result, 0.0) * moves[0]

    divide.defjvp(divide_moved)
    exponential.defjvp(exponential_moved)
    functions = {name: getattr(jax.numpy, name) for name in dir(jax.numpy) if not name.startswith("_")}
    return SimpleNamespace(**functions | {"divide": divide, "exp": exponential})


@functools.cache
def off_rest() -> Any:
    """Return the same with slopes where much has been moved off rest by a trace, each part as if it moved alone.

    Of two moving terms that are nothing but for such traces the larger follows each of them. A model whose own terms
    are that small takes `smooth`.
    """
    jax = import_jax()
    chosen = {"maximum": _of_one(jax, jax.numpy.maximum, 1.0), "minimum": _of_one(jax, jax.numpy.minimum, -1.0)}
    return SimpleNamespace(**vars(smooth()) | chosen)


def _of_one(jax: Any, choose: Callable[[Any, Any], Any], side: float) -> Callable[[Any, Any], Any]:
    """Return a choice of the larger term (side 1) or the lesser one (-1), with the slopes of moving one term alone.

    Where both terms are on one side of nothing, by less than Vensim tells from it, they would be nothing but for what
    was moved off rest to see which way slopes go. Moved by itself, each term would then be the larger of the two, and
    neither the lesser; moved off together, one of them hides the other.
    """
    chosen: Any = jax.custom_jvp(lambda a, b: choose(a, b))

    def moved(values: Any, moves: Any) -> Any:
        (a, b), (up, down) = values, moves
        own, rival = side * a, side * b
        both = (own > 0) & (rival > 0) & (own < SMALL) & (rival < SMALL)
        none = (own < 0) & (rival < 0) & (own > -SMALL) & (rival > -SMALL)
        where = jax.numpy.where
        first = where(none | (own < rival) & ~both, 0.0, where(both | (own > rival), 1.0, 0.5))
        other = where(none | (rival < own) & ~both, 0.0, where(both | (rival > own), 1.0, 0.5))
        return choose(a, b), first * up + other * down

    chosen.defjvp(moved)

    def either(a: Any, b: Any) -> Any:
        """Leave a choice between a term and a number of the equations, which nothing moves, as it stands."""
        both_move = isinstance(a, jax.core.Tracer) and isinstance(b, jax.core.Tracer)
        return chosen(a, b) if both_move else choose(a, b)

    return either
