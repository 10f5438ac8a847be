"""A place of the equations: its row, its names, the groups it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xiancheng.characters import plain
from xiancheng.model.groups import GROUPS
from xiancheng.texts import LANGUAGES

REST = "rest_"


@dataclass(frozen=True)
class Place:
    """A place of the equations: a listed unit, or the rest of a prefecture.

    Attributes:
        row: its row of places.csv, by column.
        members: codes of the census units inside.
    """

    row: Mapping[str, str]
    members: tuple[str, ...]

    @property
    def code(self) -> str:
        """Code of the unit, or rest_ and the code of the prefecture."""
        return self.row["code"]

    @property
    def is_rest(self) -> bool:
        """Whether it is the rest of a prefecture."""
        return self.code.startswith(REST)

    @property
    def element(self) -> str:
        """Its name among the elements of the subscript `place`."""
        return self.code if self.is_rest else f"p{self.code}"

    @property
    def prefecture(self) -> str:
        """Code of its prefecture."""
        return self.row["prefecture_code"]

    @property
    def listed(self) -> bool:
        """Whether it is of the study's list."""
        return self.row["in_68"] == "1"

    @property
    def core(self) -> bool:
        """Whether it lies in one of the core cities."""
        return self.row["core"] == "1"

    @property
    def names(self) -> dict[str, str]:
        """Its name by language."""
        return {language: self.row[f"name_{language}"] for language in LANGUAGES}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name it may be called by, in plain form."""
        old = self.row["old_names"].split("+")
        return frozenset(plain(name) for name in (self.code, self.element, *self.names.values(), *old) if name)

    @cached_property
    def prefecture_words(self) -> frozenset[str]:
        """Every name its prefecture may be called by, in plain form; one ending in 市 also without it."""
        chinese, english = (self.row[f"prefecture_{language}"] for language in LANGUAGES)
        return frozenset(plain(name) for name in (self.prefecture, chinese, chinese[:-1], english) if name)

    @cached_property
    def groups(self) -> frozenset[str]:
        """Those of GROUPS that it belongs to."""
        belongs = (True, self.listed, self.is_rest, self.core, self.row["circle"] != "")
        return frozenset(group for group, member in zip(GROUPS, belongs, strict=True) if member)
