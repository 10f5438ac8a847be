"""The font that a report is drawn with, found by the characters it holds; none is an error, never boxes."""

from __future__ import annotations

from dataclasses import dataclass

from xiancheng.errors import MissingFont
from xiancheng.outputs import fonts
from xiancheng.texts import phrase

SAMPLE = "莒鄄郯沂县城²▲▼●◆—·“”"
"""Characters that every report holds: rare ones of place names, marks of change, square metres."""


@dataclass(frozen=True)
class Font:
    """A font of this machine.

    Attributes:
        family: its name; file: where it lies; number: which one of a collection.
    """

    family: str
    file: str
    number: int


def font(characters: str) -> Font:
    """Return a font that holds all the characters, or at least the sample and the Chinese among them.

    Args:
        characters: what is to be written.

    Raises:
        MissingFont: there is none.
    """
    for letters in (characters, SAMPLE + "".join(character for character in characters if ord(character) > 0x2E7F)):
        family, place = fonts.family_for(letters), fonts.file_for(letters)
        if family is not None and place is not None:
            return Font(family, *place)
    raise MissingFont(phrase("report.no_font"))
