"""How much work something is, as a count that is the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from xiancheng.errors import Problem, StudyError

FEW = 250_000
"""Calls that refusing something wrong may take: ten times the most it takes, for what is read for the first time."""


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called in this thread while something is done.

    Args:
        work: What is done; what it raises goes through to the caller.
    """
    number, before = 0, sys.getprofile()

    def notice(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(notice)
    try:
        work()
    finally:
        sys.setprofile(before)
    return number


def soon_refused(work: Callable[[], object]) -> tuple[Problem, ...]:
    """Return the problems for which something is refused, which has to come before much has been done."""
    problems: list[Problem] = []

    def refused() -> None:
        with pytest.raises(StudyError) as error:
            work()
        problems.extend(error.value.problems)

    assert calls(refused) < FEW
    return tuple(problems)
