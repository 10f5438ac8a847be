"""How far a sweep has come: a bar on a terminal, else a line every 10 %; times and sizes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xiancheng.cli.session import Session, Stopped
from xiancheng.sweeps import reading
from xiancheng.sweeps import store as stores
from xiancheng.texts import phrase

if TYPE_CHECKING:
    from xiancheng.sweeps.work import RunTally

_LINES = 10
NONE = "–"
_UNITS = ("KiB", "MiB", "GiB", "TiB")


def size(count: float) -> str:
    """Return a number of bytes in words."""
    value, unit = count / 1024, 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:,.1f} {_UNITS[unit]}"


def span(seconds: float | None) -> str:
    """Return a time as hours, minutes and seconds, a dash for none."""
    if seconds is None:
        return NONE
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def rate(runs: float) -> str:
    """Return runs a second, a dash where they are not known yet."""
    return f"{runs:,.1f}" if runs else NONE


def words(session: Session, tally: RunTally) -> str:
    """Return how far a sweep has come."""
    key = "cli.sweep.compiling" if tally.is_compiling else "cli.sweep.progress"
    return session.words(key, done=f"{tally.done:,}", total=f"{tally.total:,}", rate=rate(tally.rate),
                         left=span(tally.left), failed=tally.bad)


@contextmanager
def told(session: Session, store: Path | None = None) -> Iterator[Callable[[RunTally], None]]:
    """Show the progress of a sweep on stderr while the block lasts; yields what is called after every block.

    Where it is interrupted and there is a store, it is said how many runs this holds and how to go on.
    """
    try:
        with _shown(session) as progress:
            yield progress
    except KeyboardInterrupt:
        if store is None or not (store / stores.MANIFEST).is_file():
            raise
        runs = sum(receipt.runs for receipt in reading.receipts(stores.opened(store)))
        raise Stopped(phrase("cli.stopped", runs=f"{runs:,}", store=str(store))) from None


@contextmanager
def _shown(session: Session) -> Iterator[Callable[[RunTally], None]]:
    if session.loudness < 0:
        yield lambda tally: None
    elif session.err.is_terminal:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with Progress(BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False),
                      console=session.err, transient=True) as progress:
            task = progress.add_task("", total=1.0)
            yield lambda tally: progress.update(
                task, completed=tally.done / max(tally.total, 1), description=words(session, tally)
            )
    else:
        yield _lines(session)


def _lines(session: Session) -> Callable[[RunTally], None]:
    last = [0]

    def advance(tally: RunTally) -> None:
        tenth = tally.done * _LINES // max(tally.total, 1)
        if tenth > last[0] or tally.is_compiling:
            last[0] = tenth
            session.tell(words(session, tally))

    return advance
