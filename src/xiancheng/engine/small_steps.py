"""Steps of small programs, which hold small arrays alone.

What runs compiled code asks after each kernel which others may now run beside each other, unless no array among them is
larger than `gathered.MOST_BYTES`. So a step stands in a loop of its own, which goes round once and saves into small
arrays; what it saved joins the other times outside of that loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xiancheng.engine.devices import import_jax
from xiancheng.engine.gathered import Gathering
from xiancheng.engine.variants import Moment, StepResult, Variant


def carry(variant: Variant, step: Callable[[Any, Any], Moment], now: Any, first: Any, last: Any) -> Any:
    """Do what `stretches.carry` does, with steps that hold small arrays.

    The numbers are the same, to the last bits where a multiplication and an addition meet in another kernel.
    """
    jax, every, slots = import_jax(), variant.grid.every, np.asarray(variant.slots)
    tree, loop, xp = jax.tree, jax.lax.fori_loop, jax.numpy
    once = xp.minimum(last, 1)  # 1, which the compiler must not know: it would take the loop away
    (memory, form), (outputs, saved_form) = tree.flatten(now[0]), tree.flatten(now[1].outputs)
    memories, room_form = Gathering.of(memory), Gathering.of(outputs, (0, len(outputs)))
    line = Gathering(tuple((shape[1:], kind) for shape, kind in room_form.kinds))

    def moment(parts: Any, number: Any) -> Moment:
        return step(tree.unflatten(form, memories.apart(parts)), number)

    def after(parts: Any) -> list[Any]:
        return memories.together(xp, tree.leaves(parts))

    def save(row: Any, carried: Any) -> Any:
        parts, delays, _ = carried
        present = moment(parts, row * every)
        saved, memory = jax.lax.optimization_barrier((present.saved(), present.advanced()))
        delays = tree.map(xp.minimum, delays, saved.delays)
        return after(memory), delays, line.together(xp, tree.leaves(saved.outputs))

    def body(row: Any, carried: Any) -> Any:
        parts, delays, lines, rooms = carried
        parts, delays, lines = loop(row, row + once, save, (parts, delays, lines))
        slot = xp.asarray(slots)[row] if variant.chosen else row
        rooms = [jax.lax.dynamic_update_index_in_dim(*pair, slot, 0) for pair in zip(rooms, lines, strict=True)]
        if every > 1:
            parts = loop(1, every, lambda i, parts: after(
                jax.lax.optimization_barrier(moment(parts, row * every + i).advanced())), parts)
        return parts, delays, lines, rooms

    rooms = room_form.together(xp, outputs)
    start = after(memory), now[1].delays, [room[0] for room in rooms], rooms
    parts, delays, _, rooms = loop(first, last, body, start)
    saved = StepResult(tree.unflatten(saved_form, room_form.apart(rooms)), delays)
    return tree.unflatten(form, memories.apart(parts)), saved
