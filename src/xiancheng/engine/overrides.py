"""Other values and other tables in the text of a model, put where the reader found the equations.

The text stays the one thing that both engines read; whoever asks for a variable or a table that it does not have is
told so, and nothing else in it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xiancheng.engine.dimensions import is_definition
from xiancheng.engine.entries import Entry, entries
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import did_you_mean, phrase


def override(
    text: str, values: Mapping[str, float], renamed: Callable[[str], str] = str, file: str = ""
) -> str:
    """Return a model in which variables are constants and that reads other tables.

    Args:
        text: the model.
        values: by name of the variable, the number in all of its cells, in its unit.
        renamed: from the name of a table, as a GET call has it, to that of the table to read instead.
        file: where the names come from, for problems.

    Raises:
        StudyError: names that no equation of the text defines.
    """
    parts = entries(text, file)[0]
    spelled = {key(entry.name): entry.name for entry in parts if not is_definition(entry)}
    unknown = [Problem(file, phrase("variable.unknown", name=name), phrase("lever.variable_allowed"),
                       did_you_mean(name, spelled.values())) for name in values if key(name) not in spelled]
    if unknown:
        raise StudyError(unknown)
    numbers = {key(name): value for name, value in values.items()}
    pieces: list[str] = []
    end = 0
    for entry in parts:
        value = numbers.get(key(entry.name))
        right = _other_tables(entry.written, renamed) if value is None else f"{_left(entry.written)}= {value:.17g}"
        pieces += [text[end : entry.start], right]
        end = entry.start + len(entry.written)
    return "".join([*pieces, text[end:]])


def equations(text: str, file: str = "") -> list[Entry]:
    """Return the entries of a model that define variables, in the order of the text."""
    return [entry for entry in entries(text, file)[0] if not is_definition(entry)]


def _left(written: str) -> str:
    """Return an equation up to its sign: all before the first = that stands in no quotes."""
    quoted = False
    for position, letter in enumerate(written):
        quoted ^= letter == '"' and written[position - 1 : position] != "\\"
        if letter == "=" and not quoted:
            return written[:position].removesuffix(":")
    return f"{written} "


def _other_tables(written: str, renamed: Callable[[str], str]) -> str:
    """Rename what stands first inside the parentheses of each call that reads a file."""
    parts = written.split("'")
    for position in range(1, len(parts), 2):
        if parts[position - 1].rstrip().endswith("("):
            parts[position] = renamed(parts[position])
    return "'".join(parts)
