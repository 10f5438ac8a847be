"""Errors a user can act on: every problem at once, each with its place, what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from xiancheng.texts import catalogue, phrase


@dataclass(frozen=True)
class Problem:
    """One finding about an input.

    Attributes:
        file: the file as the user named it, or "" when the input is no file.
        found: what stands there.
        allowed: what may stand there.
        hint: the next move.
        row: line or row number counted from 1, or None.
    """

    file: str
    found: str
    allowed: str = ""
    hint: str = ""
    row: int | None = None

    @classmethod
    def of(cls, file: str, key: str, row: int | None = None, /, **values: Any) -> Problem:
        """Return the finding that the texts have under a key; `key.allowed` and `key.hint` are there where needed."""
        parts = f"{key}.allowed", f"{key}.hint"
        allowed, hint = (phrase(part, **values) if part in catalogue() else "" for part in parts)
        return cls(file, phrase(key, **values), allowed, hint, row)

    @property
    def sentences(self) -> tuple[str, str, str]:
        """What stands there, what may, and the next move."""
        return self.found, self.allowed, self.hint

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        parts = [f"{place}: {self.found}" if place else self.found]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.hint:
            parts.append(f"hint: {self.hint}")
        return " · ".join(parts)


class StudyError(Exception):
    """Bad input: carries every problem found, in reading order."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MissingPart(Exception):
    """An optional part of the installation is missing; the message names the extra that brings it."""

    def __init__(self, extra: str, package: str) -> None:
        self.extra, self.package = extra, package
        super().__init__(f"{package} is not installed: pip install 'xiancheng[{extra}]'")


@contextmanager
def optional(extra: str, package: str) -> Iterator[None]:
    """Import an optional part while the block lasts.

    Args:
        extra: that brings it.
        package: as installers know it.

    Raises:
        MissingPart: it is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise MissingPart(extra, package) from error


class MissingFont(MissingPart):
    """No font of this machine holds the characters of a page; the message says which to install."""

    def __init__(self, message: str) -> None:
        self.extra = self.package = ""
        self.message = message
        Exception.__init__(self, str(message))
