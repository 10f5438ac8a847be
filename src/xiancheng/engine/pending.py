"""Calls that wait in a list, not on the interpreter's stack, so that a chain of equations may be as long as it likes.

The value of a variable needs the values of those its equation refers to, and so on down to constants: a chain of a
thousand equations, evaluated by calls inside calls, nests ten thousand deep, and the interpreter stops at a thousand.
Its limit can be raised, but it belongs to the whole process: two threads that raise it and put it back take it from
each other. That was tried, and failed under threads. An order worked out beforehand needs no nesting either, but it
computes what an equation turns out not to ask for, and a product inside a sum must not be computed by itself (see
`products`). Threads with stacks of their own need the limit raised as well.

So the calls of an evaluation are coroutines. Where one needs a value it hands the call that computes it to the loop in
`value_of` and is resumed with the result: who waits for whom stands in a list. What is computed, and in which order, is
the same as by plain calls.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")


class Pending(Generic[Value]):
    """A call that the loop will make when somebody awaits it."""

    __slots__ = ("call",)

    def __init__(self, call: Coroutine[Any, Any, Value]) -> None:
        self.call = call

    def __await__(self) -> Generator[Pending[Any], Any, Value]:
        value: Value = yield self
        return value


def pending(
    function: Callable[Arguments, Coroutine[Any, Any, Value]]
) -> Callable[Arguments, Pending[Value]]:
    """Let calls of a coroutine function wait in the list of `value_of`; those that may nest without end need it."""

    @wraps(function)
    def call(*arguments: Arguments.args, **named: Arguments.kwargs) -> Pending[Value]:
        return Pending(function(*arguments, **named))

    return call


async def _awaited(call: Awaitable[Value]) -> Value:
    return await call


def value_of(call: Awaitable[Value]) -> Value:
    """Return what a call gives, with all calls that it waits for made one after the other."""
    waiting: list[Coroutine[Any, Any, Any]] = [_awaited(call)]
    value: Any = None
    while waiting:
        try:
            inner: Pending[Any] = waiting[-1].send(value)
        except StopIteration as end:
            del waiting[-1]
            value = end.value
        else:
            waiting.append(inner.call)
            value = None
    result: Value = value
    return result
