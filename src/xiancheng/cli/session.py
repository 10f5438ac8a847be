"""What every verb knows: the study, the language, how much to say, and where to say it."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from xiancheng import study as studies
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import LANGUAGES, Phrase, in_language, text

T = TypeVar("T")
_WIDTH = 160
"""Columns where no terminal tells how wide it is."""


class Stopped(KeyboardInterrupt):
    """An interruption with what is to be said of it."""

    def __init__(self, message: Phrase) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Session:
    """One call of the command line.

    Attributes:
        spoken: the language, "zh" or "en".
        folder: the study the user names, or None.
        loudness: -1 quiet, 0 usual, 1 and more for details.
    """

    spoken: str
    folder: Path | None = None
    loudness: int = 0

    @cached_property
    def language(self) -> str:
        """The language, with the words of the study for its units; without them where there is no study to read."""
        from xiancheng.outputs import units

        try:
            return units.spoken(studies.find(self.folder), self.spoken)
        except StudyError:
            return self.spoken

    @cached_property
    def study(self) -> studies.Study:
        """The study to work on."""
        study = studies.find(self.folder)
        if self.loudness > 0:
            self.say("cli.study", root=str(study.root), origin=study.origin, version=study.version)
        return study

    @cached_property
    def _tables(self) -> dict[Callable[..., Any], Any]:
        return {}

    def table(self, read: Callable[[studies.Study], T]) -> T:
        """Return what a reader makes of the study, which is read once in a call.

        Args:
            read: reads a table of a study.

        Raises:
            StudyError: what the reader raises.
        """
        if read not in self._tables:
            self._tables[read] = read(self.study)
        rows: T = self._tables[read]
        return rows

    @cached_property
    def out(self) -> Console:
        """Where data go."""
        return _console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """Where all else goes."""
        return _console(stderr=True)

    def words(self, key: str, /, **values: Any) -> str:
        """Return a text in the user's language."""
        return text(key, self.spoken, **values)

    def say(self, key: str, /, **values: Any) -> None:
        """Tell the user something that is no data; nothing when quiet."""
        self.tell(self.words(key, **values))

    def begin(self, key: str) -> None:
        """Say the first word of a verb that takes long, before anything is loaded or read; nothing when quiet."""
        if self.loudness >= 0:
            self.err.print(self.words(key), highlight=False, markup=False, soft_wrap=True)

    def tell(self, message: Any) -> None:
        """Tell the user a message or Phrase; nothing when quiet."""
        if self.loudness >= 0:
            self.err.print(in_language(message, self.language), highlight=False, markup=False, soft_wrap=True)

    def finding(self, problem: Problem, style: str = "") -> None:
        """Tell the user what was found, where, what is allowed and what to do."""
        language = self.language
        file = in_language(problem.file, language)
        place = file if problem.row is None else f"{file}:{problem.row}"
        sentence = in_language(problem.found, language)
        lines = [f"{place}: {sentence}" if place else sentence]
        for key, part in (("cli.allowed", problem.allowed), ("cli.hint", problem.hint)):
            if part:
                lines.append("  " + text(key, language, words=in_language(part, language)))
        for number, line in enumerate(lines):
            self.err.print(line, style=style if style and not number else None, markup=False, highlight=False,
                           soft_wrap=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _WIDTH
    return Console(stderr=stderr, width=width, highlight=False)


def value_of(arguments: Sequence[str], flag: str) -> str | None:
    """Return what stands behind the first use of a flag: asked before the command line is read, for its language."""
    for position, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name == flag:
            return value if equals else "".join(arguments[position + 1 : position + 2])
    return None


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language: the one asked for by --lang, else that of the system, else English.

    Args:
        arguments: words of the command line.
        environment: variables of the process.
    """
    chosen = value_of(arguments, "--lang")
    if chosen in LANGUAGES:
        return str(chosen)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return _language_of_windows() if sys.platform == "win32" else "en"


def _language_of_windows() -> str:
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
