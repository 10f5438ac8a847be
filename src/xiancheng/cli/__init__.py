"""The command line `xiancheng`: the only room that prints. Data go to stdout, all else to stderr."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from xiancheng.cli.outcome import run as _run

_OBJECTS = 100_000
"""New objects from which on what nobody refers to is looked for."""
_OTHER_ARRAYS = {"run": ("dask.array",), "county": ("dask.array", "pint")}
"""What xarray imports at its first array, by verbs that have no use for it; a module that is None counts as absent."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: words after the program's name; those of this process when None.

    Returns:
        0 done, 1 failure inside, 2 usage, 3 bad input, 6 an optional part is missing, 130 interrupted.
    """
    if arguments is None:
        _spare(sys.argv[1:])
    return _run(sys.argv[1:] if arguments is None else list(arguments))


def _spare(words: Sequence[str]) -> None:
    """Spare a process that does one thing and ends: it seldom collects, and xarray does not look for other arrays."""
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    for module in _OTHER_ARRAYS.get(words[0] if words else "", ()):
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]
