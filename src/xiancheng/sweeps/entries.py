"""Entries of a design read one by one; what is wrong is noted and everything is told at the end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.scenarios.document import Document
from xiancheng.texts import did_you_mean, phrase, phrase_list

Path = tuple[str, ...]


class Entries:
    """The values of a document, and the problems found in them."""

    def __init__(self, told: Document) -> None:
        self.told = told
        self.problems: list[Problem] = []

    def add(self, path: Path, found: str, allowed: str = "", hint: str = "") -> None:
        """Note a problem."""
        self.problems.append(self.told.problem(path, found, allowed, hint))

    def stop(self) -> None:
        """Raise all problems in the order of the file.

        Raises:
            StudyError: there are any.
        """
        if self.problems:
            raise StudyError(sorted(dict.fromkeys(self.problems), key=lambda problem: problem.row or 0))

    def value(self, path: Path, usual: Any = None) -> Any:
        """Return what stands at a path, or the usual value."""
        found: Any = self.told.values
        for part in path:
            if not isinstance(found, Mapping) or part not in found:
                return usual
            found = found[part]
        return found

    def table(self, path: Path) -> dict[str, Any]:
        """Return a table, empty where there is none."""
        found = self.value(path, {})
        if isinstance(found, dict):
            return found
        self._wrong(path, found, phrase("scenario.type_table"))
        return {}

    def known(self, path: Path, keys: Sequence[str]) -> None:
        """Note the keys of a table that nobody knows."""
        for name in self.table(path) if path else self.told.values:
            if name not in keys:
                found = phrase("scenario.key_unknown", key=".".join((*path, name)))
                self.add((*path, name), found, phrase_list(keys), did_you_mean(name, keys))

    def text(self, path: Path) -> str:
        """Return a sentence that has to be there."""
        found = self.value(path)
        if isinstance(found, str) and found.strip():
            return found
        if found is None:
            self.add(path, phrase("scenario.key_missing", key=".".join(path)), phrase("scenario.key_filled"))
        else:
            self._wrong(path, found, phrase("scenario.type_text"))
        return ""

    def one_of(self, path: Path, known: Sequence[str], usual: str) -> str:
        """Return one of some words."""
        found = self.value(path, usual)
        if found in known:
            return str(found)
        self._wrong(path, found, phrase_list(known), did_you_mean(str(found), known))
        return usual

    def whole(self, path: Path, low: int, high: int, usual: int | None) -> int:
        """Return a whole number between bounds; without a usual value it has to be there."""
        found = self.value(path, usual)
        if found is None:
            self.add(path, phrase("scenario.key_missing", key=".".join(path)), f"{low:,}-{high:,}")
        elif isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            self._wrong(path, found, phrase("sweep.whole", low=low, high=high))
        else:
            return found
        return low if usual is None else usual

    def number(self, path: Path, low: float = -math.inf, high: float = math.inf, allowed: str = "") -> float | None:
        """Return a finite number between bounds, or None."""
        found = self.value(path)
        if found is None:
            self.add(path, phrase("scenario.key_missing", key=".".join(path)), allowed or phrase("table.number"))
        elif isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
            self._wrong(path, found, allowed or phrase("table.number"))
        elif not low <= found <= high:
            self._wrong(path, found, allowed)
        else:
            return float(found)
        return None

    def words(self, path: Path, known: Sequence[str], usual: tuple[str, ...], allowed: str) -> tuple[str, ...]:
        """Return words of a list, each once."""
        found = self.value(path, list(usual))
        if not isinstance(found, list) or not found or not all(isinstance(word, str) for word in found):
            self._wrong(path, found, allowed)
            return usual
        for word in dict.fromkeys(found):
            if word not in known:
                self._wrong(path, word, allowed, did_you_mean(word, known))
            elif found.count(word) > 1:
                self.add(path, phrase("sweep.twice", key=".".join(path), word=word), phrase("sweep.once"))
        return tuple(dict.fromkeys(word for word in found if word in known)) or usual

    def words_or_all(
        self, path: Path, known: Sequence[str], usual: tuple[str, ...], allowed: str
    ) -> tuple[str, ...]:
        """Return words of a list, each once, or all that are known for "all"."""
        found = self.value(path, list(usual))
        if found == "all":
            return tuple(known)
        return usual if found == list(usual) else self.words(path, known, usual, allowed)

    def years(self, path: Path, first: int, last: int, usual: tuple[int, ...]) -> tuple[int, ...]:
        """Return calendar years in order, or every year of the run for "all"."""
        found = self.value(path, list(usual))
        if found == "all":
            return tuple(range(first, last + 1))
        allowed = phrase("sweep.years", first=first, last=last)
        if not isinstance(found, list) or not found:
            self._wrong(path, found, allowed)
            return usual
        good = [year for year in found if type(year) is int and first <= year <= last]
        for year in found:
            if year not in good:
                self._wrong(path, year, allowed)
        return tuple(sorted(set(good))) or usual

    def shares(self, path: Path, usual: tuple[float, ...]) -> tuple[float, ...]:
        """Return numbers between 0 and 1 in order."""
        found = self.value(path, list(usual))
        numbers = isinstance(found, list) and all(
            isinstance(one, (int, float)) and not isinstance(one, bool) and 0 <= one <= 1 for one in found
        )
        if not numbers:
            self._wrong(path, found, phrase("sweep.shares"))
            return usual
        return tuple(sorted({float(one) for one in found}))

    def _wrong(self, path: Path, value: Any, allowed: str, hint: str = "") -> None:
        self.add(path, phrase("sweep.wrong_value", key=".".join(path), value=repr(value)), allowed, hint)
