"""Whose turn it is: work on threads, a few pieces at a time, one client after the other, equal pieces once."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import anyio

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

WAITING = 200
"""Requests that may wait; more are sent away with a sentence."""


Answer = TypeVar("Answer")


class Gone(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class Errand(Generic[Answer]):
    """A piece of work.

    Attributes:
        mark: what two pieces share exactly when one of them does the work for both.
        at_hand: what is found without work, or None; does not wait.
        work: finds it.
    """

    mark: str
    at_hand: Callable[[], Answer | None]
    work: Callable[[], Answer]


@dataclass
class Turns:
    """Keeps work to a few pieces at a time and the line of those that wait short.

    Attributes:
        at_once: pieces of work that go on at the same time.
        seconds: the longest that a request waits for its answer.
    """

    at_once: int
    seconds: float
    _asked: int = 0
    _going: int = 0
    _waiting: OrderedDict[str, deque[anyio.Event]] = field(default_factory=OrderedDict)
    _made: dict[str, anyio.Event] = field(default_factory=dict)

    async def take(self, piece: Errand[Answer], client: str, is_gone: Callable[[], Awaitable[bool]]) -> Answer:
        """Return what a piece of work finds: at once where it is at hand, else when its turn has come.

        Args:
            piece: the work.
            client: who asks: those who wait are served in turn, however much one of them asks for.
            is_gone: tells whether the client has left, in which case nothing is done.

        Raises:
            StudyError: too many wait already, or it takes too long.
            Gone: the client has left.
        """
        answer = piece.at_hand()
        if answer is not None:
            return answer
        if self._asked >= WAITING:
            raise StudyError(Problem("", phrase("page.busy"), phrase("page.busy_hint")))
        self._asked += 1
        try:
            with anyio.fail_after(self.seconds):
                return await self._take(piece, client, is_gone)
        except TimeoutError:
            sentence = phrase("page.slow", seconds=self.seconds)
            raise StudyError(Problem("", sentence, phrase("page.busy_hint"))) from None
        finally:
            self._asked -= 1

    async def _take(self, piece: Errand[Answer], client: str, is_gone: Callable[[], Awaitable[bool]]) -> Answer:
        while piece.mark in self._made:
            await self._made[piece.mark].wait()
            answer = piece.at_hand()
            if answer is not None:
                return answer
        made = self._made[piece.mark] = anyio.Event()
        try:
            await self._my_turn(client)
            try:
                if await is_gone():
                    raise Gone
                return await anyio.to_thread.run_sync(piece.work, abandon_on_cancel=True)
            finally:
                self._next()
        finally:
            del self._made[piece.mark]
            made.set()

    async def _my_turn(self, client: str) -> None:
        if self._going < self.at_once:
            self._going += 1
            return
        called = anyio.Event()
        line = self._waiting.setdefault(client, deque())
        line.append(called)
        try:
            await called.wait()
        except BaseException:
            if called.is_set():
                self._next()  # called and gone at the same moment
            else:
                line.remove(called)
            raise

    def _next(self) -> None:
        """Hand a free place to the client that has waited longest since it was served."""
        while self._waiting:
            client, line = self._waiting.popitem(last=False)
            if line:
                line.popleft().set()
                if line:
                    self._waiting[client] = line
                return
        self._going -= 1
