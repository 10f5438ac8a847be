"""Functions that remember: what each keeps, how it begins, what it shows and how a step changes it.

The arithmetic is Euler's, `new = old + step · rate`, on the values at the beginning of the step; `methods` makes the
steps of Runge and Kutta from it. Chains (delays,
smooths) keep their stages on a leading axis. Each function names the arguments it looks at, so that what it shows
need not wait for what flows in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.engine import arrivals

SMALL = 1e-6
NOT_AVAILABLE = -(2.0**109)
"""The number that :NA: is (Vensim Reference Manual, Missing values): it is compared as any other."""
STAGES = "stages"
STEP = "step"
"""Beside the arguments by position: the number of stages, one or one for each element; and the length of a step."""


@dataclass(frozen=True)
class StateRule:
    """One function that remembers.

    Attributes:
        name: as Vensim writes it, DELAY1 also for DELAY1I.
        arguments: argument names in order; those that set the shape end with `*`.
        begin: (xp, arguments) → what it keeps at first; `begin_needs` are the arguments it looks at.
        show: (xp, kept, arguments) → its value now.
        advance: (xp, kept, arguments, step) → what it keeps one step later.
        order: number of stages, 0 where an argument gives it, None where there are no stages. Where elements differ,
            all keep as many as the one with most, and each reads its own last.
        delay: position of the delay time that must not be shorter than stages × step, or None.
        discrete: it changes at whole steps alone, whatever the integration method.
        settle: (xp, kept, arguments) → what it keeps at the end of a step of Runge and Kutta, looking at what `advance`
            looks at; None where that is what the method gives.
    """

    name: str
    arguments: tuple[str, ...]
    begin: Callable[..., Any]
    begin_needs: tuple[int, ...]
    show: Callable[..., Any]
    show_needs: tuple[int, ...]
    advance: Callable[..., Any]
    advance_needs: tuple[int, ...]
    order: int | None = None
    delay: int | None = None
    units: str = "first"
    source: str = "Vensim Reference Manual, Functions"
    discrete: bool = False
    settle: Callable[..., Any] | None = None


def _shifted(xp: Any, stages: Any, first: Any) -> Any:
    """Return each stage's predecessor, `first` before the first stage."""
    return xp.concatenate([first[None], stages[:-1]])


def _ratio(xp: Any, a: Any, b: Any) -> Any:
    nothing = xp.abs(b) < SMALL
    return xp.where(nothing, 0.0, a / xp.where(nothing, 1.0, b))


def _delay_advance(xp: Any, memory: Any, a: Any, step: float) -> Any:
    leaving = memory / a[1]
    return memory + step * (_shifted(xp, leaving, a[0]) - leaving) * a[STAGES]


def _last(xp: Any, stages: Any, count: Any) -> Any:
    """Return the last stage, or of each element the last of its own."""
    if isinstance(count, int):
        return stages[count - 1]
    return xp.take_along_axis(stages, np.asarray(count)[None] - 1, 0)[0]


def _waited(xp: Any, memory: Any, count: Any) -> Any:
    """Return what came in `count` steps ago; the latest stands at the end."""
    return memory[0] if isinstance(count, int) else _last(xp, memory, memory.shape[0] - np.asarray(count) + 1)


def _recent(xp: Any, memory: Any, a: Any) -> Any:
    """Return the mean of what comes in now and of the latest that came in, as many in all as there are stages."""
    places = np.arange(memory.shape[0]).reshape((-1, *(1 for _ in memory.shape[1:])))
    before = xp.where(places > memory.shape[0] - np.asarray(a[STAGES]), memory, 0.0)
    return (a[0] + xp.sum(before, axis=0)) / np.asarray(a[STAGES])


def _repeat(xp: Any, first: Any, order: int) -> Any:
    return xp.broadcast_to(first, (order, *first.shape))


def _delay(name: str, order: int) -> StateRule:
    return StateRule(
        name, ("input", "delay time", "initial") if order else ("input", "delay time", "initial", "order*"),
        begin=lambda xp, a, stages: _repeat(xp, a[2] * a[1], stages), begin_needs=(1, 2),
        show=lambda xp, memory, a: _last(xp, memory, a[STAGES]) / a[1], show_needs=(1,),
        advance=_delay_advance, advance_needs=(0, 1),
        order=order, delay=1, units="delay",
    )


def _delay_n_advance(xp: Any, memory: Any, a: Any, step: float) -> Any:
    stages, times = memory
    times = _shifted(xp, times, a[1])
    leaving = stages / times
    return stages + step * (_shifted(xp, leaving, a[0]) - leaving) * a[STAGES], times


def _smooth(name: str, order: int) -> StateRule:
    return StateRule(
        name, ("input", "smooth time", "initial") if order else ("input", "smooth time", "initial", "order*"),
        begin=lambda xp, a, stages: _repeat(xp, a[2], stages), begin_needs=(2,),
        show=lambda xp, memory, a: _last(xp, memory, a[STAGES]), show_needs=(),
        advance=lambda xp, memory, a, step: (
            memory + step * (_shifted(xp, memory, a[0]) - memory) * a[STAGES] / a[1]),
        advance_needs=(0, 1), order=order, units="delay",
    )


def _follow(xp: Any, memory: Any, a: Any, step: float) -> Any:
    return memory + step * (a[0] - memory) / a[1]


def _sample(xp: Any, memory: Any, a: Any, step: float = 0.0) -> Any:
    return xp.where(a[0] != 0, a[1], memory)


def restricted(xp: Any, level: Any, a: Any) -> Any:
    """Return a multiple of the quantum, `special` where that is near, and nothing outside of the limits."""
    low, high, quantum, special, near = (a[position] for position in range(2, 7))
    limits = {name: value != NOT_AVAILABLE for name, value in
             (("low", low), ("high", high), ("quantum", quantum), ("special", special))}
    unit = xp.where(limits["quantum"] & (quantum > 0), quantum, 1.0)
    level = xp.where(limits["quantum"] & (quantum > 0), unit * xp.floor(level / unit + 0.5), level)
    level = xp.where(limits["special"] & (xp.abs(level - special) <= near), special, level)
    level = xp.where(limits["low"], xp.maximum(level, low), level)
    return xp.where(limits["high"], xp.minimum(level, high), level)


STATES: tuple[StateRule, ...] = (
    StateRule(
        "INTEG", ("flow", "initial"),
        begin=lambda xp, a, stages: a[1], begin_needs=(1,),
        show=lambda xp, memory, a: memory, show_needs=(),
        advance=lambda xp, memory, a, step: memory + step * a[0], advance_needs=(0,), units="stock",
    ),
    StateRule(
        "SINTEG", ("flow", "initial", "min", "max", "quantum", "special", "nearness"),
        begin=lambda xp, a, stages: restricted(xp, a[1], a), begin_needs=(1, 2, 3, 4, 5, 6),
        show=lambda xp, memory, a: memory, show_needs=(),
        advance=lambda xp, memory, a, step: restricted(xp, memory + step * a[0], a),
        advance_needs=(0, 2, 3, 4, 5, 6), units="stock", settle=restricted,
    ),
    _delay("DELAY1", 1),
    _delay("DELAY3", 3),
    StateRule(
        "DELAY N", ("input", "delay time", "initial", "order*"),
        begin=lambda xp, a, stages: (_repeat(xp, a[2] * a[1], stages), _repeat(xp, a[1], stages)), begin_needs=(1, 2),
        show=lambda xp, memory, a: _last(xp, memory[0], a[STAGES]) / memory[1][0], show_needs=(),
        advance=_delay_n_advance, advance_needs=(0, 1), order=0, delay=1, units="delay",
    ),
    StateRule(
        "DELAY FIXED", ("input", "delay time*", "initial"),
        begin=lambda xp, a, stages: _repeat(xp, a[2], stages), begin_needs=(2,),
        show=lambda xp, memory, a: _waited(xp, memory, a[STAGES]), show_needs=(),
        advance=lambda xp, memory, a, step: xp.concatenate([memory[1:], a[0][None]]), advance_needs=(0,),
        order=0, units="delay", discrete=True,
    ),
    StateRule(
        "DEPRECIATE STRAIGHTLINE", ("input", "delay time*", "fiscal period*", "initial"),
        begin=lambda xp, a, stages: _repeat(xp, a[3], stages), begin_needs=(3,),
        show=_recent, show_needs=(0,),
        advance=lambda xp, memory, a, step: xp.concatenate([memory[1:], a[0][None]]), advance_needs=(0,),
        order=0, units="depreciation", discrete=True,
    ),
    StateRule(
        "DELAY MATERIAL", ("input", "delay time", "initial", "missing"),
        begin=lambda xp, a, stages: arrivals.material_begun(xp, a[2], a[1], a[STEP], stages), begin_needs=(1, 2),
        show=lambda xp, memory, a: arrivals.material_shown(xp, memory, a[3]), show_needs=(3,),
        advance=lambda xp, memory, a, step: arrivals.material_advanced(xp, memory, a[0], a[1], step),
        advance_needs=(0, 1), order=0, units="material", discrete=True,
    ),
    StateRule(
        "DELAY INFORMATION", ("input", "delay time", "initial"),
        begin=lambda xp, a, stages: arrivals.information_begun(xp, a[2], stages), begin_needs=(2,),
        show=lambda xp, memory, a: memory[0][0], show_needs=(),
        advance=lambda xp, memory, a, step: arrivals.information_advanced(xp, memory, a[0], a[1], step),
        advance_needs=(0, 1), order=0, units="delay", discrete=True,
    ),
    StateRule(
        "NPV", ("stream", "discount rate", "initial", "factor"),
        begin=lambda xp, a, stages: (xp.ones_like(a[2]), a[2]), begin_needs=(2,),
        show=lambda xp, memory, a: (memory[1] + a[0] * a[STEP] * memory[0]) * a[3], show_needs=(0, 3),
        advance=lambda xp, memory, a, step: (
            memory[0] - step * memory[0] * a[1] / (1 + a[1] * step), memory[1] + step * a[0] * memory[0]),
        advance_needs=(0, 1), units="first",
    ),
    _smooth("SMOOTH", 1),
    _smooth("SMOOTH3", 3),
    _smooth("SMOOTH N", 0),
    StateRule(
        "TREND", ("input", "average time", "initial trend"),
        begin=lambda xp, a, stages: a[0] / (1 + a[2] * a[1]), begin_needs=(0, 1, 2),
        show=lambda xp, memory, a: _ratio(xp, a[0] - memory, a[1] * xp.abs(memory)), show_needs=(0, 1),
        advance=_follow, advance_needs=(0, 1), units="trend",
    ),
    StateRule(
        "FORECAST", ("input", "average time", "horizon"),
        begin=lambda xp, a, stages: a[0], begin_needs=(0,),
        show=lambda xp, memory, a: a[0] * (1 + _ratio(xp, a[0] - memory, a[1] * memory) * a[2]), show_needs=(0, 1, 2),
        advance=_follow, advance_needs=(0, 1), units="forecast",
    ),
    StateRule(
        "SAMPLE IF TRUE", ("condition", "input", "initial"),
        begin=lambda xp, a, stages: a[2], begin_needs=(2,),
        show=_sample, show_needs=(0, 1), advance=_sample, advance_needs=(0, 1), units="sample",
        discrete=True,
    ),
)
