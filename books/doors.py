"""The pages of the Python interface: one directive for each public name, filled in from its docstring."""

from __future__ import annotations

import xiancheng
from books.words import page


def pages() -> dict[str, str]:
    """Return the page of the Python interface by its path."""
    directives = [f"::: {home(name)}" for name in sorted(xiancheng.__all__, key=str.lower)]
    return {"api.md": page(
        "Python interface",
        "`import xiancheng` offers these names; each is made from its docstring. Results are xarray Datasets with "
        "their dimensions and units; errors are told by `StudyError`, all problems of an input at once.",
        *directives)}


def home(name: str) -> str:
    """Return the path of a public name in the module that defines it."""
    thing = getattr(xiancheng, name)
    return f"{thing.__module__}.{thing.__qualname__}"
