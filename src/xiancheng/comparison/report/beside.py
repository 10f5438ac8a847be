"""What never stands alone: a gross flow has its net beside it, and what the text does not ask for says so."""

from __future__ import annotations

from xiancheng.comparison import changes, words
from xiancheng.comparison.changes import Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.texts import text


def title(comparison: Comparison, line: Line, language: str) -> str:
    """Return the name of an indicator; that of a gross flow with the change of its net."""
    net = comparison.net_of.get(line.indicator)
    if net is None or net not in comparison.areas:
        return line.title(language)
    own = next(item for item in changes.lines(comparison.areas, [net], level=[line.area], year=line.year)
               if item.option == line.option)
    return text("beside.net", language, title=line.title(language), net=own.title(language),
                change=words.change(own.change.median, own.unit, language))


def claim(comparison: Comparison, line: Line, written: str, language: str) -> str:
    """Return a written claim in which a gross flow has its net beside it.

    Args:
        comparison: the comparison.
        line: the claim.
        written: the claim in words, with the name of its indicator.
        language: "zh" or "en".
    """
    return written.replace(line.title(language), title(comparison, line, language), 1)


def lever(comparison: Comparison, name: str, language: str) -> str:
    """Return the name of a lever, and that the text does not ask for it where it does not."""
    row = comparison.levers.get(name)
    if row is None:
        return name
    named = row.title[language]
    return text("beside.beyond", language, lever=named) if row.is_beyond else named
