"""How far a run has come: a bar on a terminal, else a line every 10 %."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from xiancheng.cli.session import Session

Advance = Callable[[float], None]
_LINES = 10
_PAUSE = 10.0
"""Seconds between two signs of life of a search."""


@contextmanager
def shown(session: Session, title: str) -> Iterator[Advance]:
    """Show the progress of a run on stderr while the block lasts.

    Args:
        session: the call.
        title: what runs.

    Yields:
        A function to call with the share that is done, 0 to 1.
    """
    if session.loudness < 0:
        yield lambda share: None
    elif session.err.is_terminal:
        with _bar(session, title) as advance:
            yield advance
    else:
        yield _lines(session, title)


@contextmanager
def _bar(session: Session, title: str) -> Iterator[Advance]:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=session.err, transient=True) as progress:
        task = progress.add_task(title, total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _lines(session: Session, title: str) -> Advance:
    began = time.monotonic()
    last = [0]
    session.say("cli.progress.begin", title=title)

    def advance(share: float) -> None:
        tenth = int(share * _LINES + 1e-9)
        if tenth > last[0]:
            last[0] = tenth
            spent = time.monotonic() - began
            left = spent / share - spent if share > 0 else 0.0
            session.say("cli.progress.line", percent=tenth * 100 // _LINES, spent=round(spent), left=round(left))

    return advance


def tried(session: Session) -> Callable[[int], None]:
    """Return what says every few seconds how many settings a search has tried."""
    last = [time.monotonic()]

    def advance(count: int) -> None:
        if time.monotonic() - last[0] > _PAUSE:
            last[0] = time.monotonic()
            session.say("cli.plan.tried", count=count)

    return advance
