"""Turns: those who wait are served one client after the other, equal work is done once, nothing for those who left."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest

from xiancheng.errors import StudyError
from xiancheng.web import turns
from xiancheng.web.turns import Errand, Gone, Turns


def run(function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    """Run on a thread of its own: that of the tests belongs to the browser."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(anyio.run, function, *arguments).result(30)


async def stays() -> bool:
    return False


async def leaves() -> bool:
    return True


@dataclass
class Work:
    """Pieces of work that note in which order they are done, and are held up until they may go on."""

    done: list[str] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)

    def piece(self, mark: str) -> Errand[str]:
        return Errand(mark, lambda: self.found.get(mark), lambda: self._do(mark))

    def _do(self, mark: str) -> str:
        assert self.gate.wait(10)
        self.done.append(mark)
        self.found[mark] = mark.upper()
        return mark.upper()


def asked(
    work: Work, line: Turns, asks: list[tuple[str, str]], is_gone: Callable[[], Awaitable[bool]] = stays
) -> dict[int, str]:
    """Ask in this order, (client, mark), while the first is still being done; return the answers."""
    answers: dict[int, str] = {}

    async def ask(number: int, client: str, mark: str) -> None:
        answers[number] = await line.take(work.piece(mark), client, stays if number == 0 else is_gone)

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for number, (client, mark) in enumerate(asks):
                group.start_soon(ask, number, client, mark)
                await anyio.wait_all_tasks_blocked()
            work.gate.set()

    run(all_of_them)
    return answers


def test_a_client_that_asks_for_much_does_not_hold_up_the_others() -> None:
    work = Work()
    asks = ["a1", "a2", "a3", "a4", "b1", "c1", "b2"]
    asked(work, Turns(1, 10), [(mark[0], mark) for mark in asks])
    assert work.done == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]


def test_equal_work_is_done_once_and_takes_one_place() -> None:
    work = Work()
    answers = asked(work, Turns(2, 10), [("a", "x"), ("b", "x"), ("c", "x"), ("d", "y")])
    assert sorted(work.done) == ["x", "y"]
    assert answers == {0: "X", 1: "X", 2: "X", 3: "Y"}


def test_what_is_at_hand_waits_for_nobody() -> None:
    work = Work(found={"kept": "KEPT"})
    line = Turns(1, 10)

    async def behind() -> str:
        async with anyio.create_task_group() as group:
            group.start_soon(line.take, work.piece("slow"), "a", stays)
            await anyio.wait_all_tasks_blocked()
            found = await line.take(work.piece("kept"), "b", stays)
            assert work.done == []
            work.gate.set()
        return found

    assert run(behind) == "KEPT"


def test_nothing_is_done_for_a_client_that_has_left() -> None:
    work = Work()
    with pytest.raises(BaseExceptionGroup) as raised:
        asked(work, Turns(1, 10), [("a", "x"), ("b", "y")], leaves)
    assert raised.group_contains(Gone)
    assert "y" not in work.done


def test_a_line_that_is_too_long_or_too_slow_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAITING", 2)
    work = Work()
    with pytest.raises(BaseExceptionGroup) as raised:
        asked(work, Turns(1, 10), [("a", "x"), ("b", "y"), ("c", "z")])
    assert raised.group_contains(StudyError)
    work.gate.set()
    held = Work()
    with pytest.raises(StudyError) as slow:
        run(Turns(1, 0.05).take, held.piece("x"), "a", stays)
    held.gate.set()
    assert "0.05" in str(slow.value)


def test_a_place_is_free_again_whatever_became_of_the_work() -> None:
    line = Turns(1, 10)

    def fails() -> str:
        raise ValueError("wrong")

    async def twice() -> str:
        with pytest.raises(ValueError, match="wrong"):
            await line.take(Errand("x", lambda: None, fails), "a", stays)
        with pytest.raises(Gone):
            await line.take(Errand("x", lambda: None, fails), "a", leaves)
        return await line.take(Errand("x", lambda: None, lambda: "done"), "a", stays)

    assert run(twice) == "done"
