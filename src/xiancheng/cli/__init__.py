"""The command line `xiancheng`: the only room that prints. Data go to stdout, all else to stderr."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Sequence

from xiancheng.cli.outcome import run as _run

_OBJECTS = 100_000
"""New objects from which on what nobody refers to is looked for."""
_OTHER_ARRAYS = {"run": ("dask.array", "dask", "pint"), "county": ("dask.array", "dask", "pint")}
"""What xarray imports at its first array, by verbs that have no use for it; a module that is None counts as absent."""
_NEEDS_THEM = "pysd"
"""Word of an engine that uses such arrays."""
_HEAP = {-8: 1, -2: 64 * 1024**2, -1: 1024**3}
"""Settings of the heap of glibc by number (M_ARENA_MAX, M_TOP_PAD, M_TRIM_THRESHOLD): one heap that grows by 64 MiB.

Of its own a heap of a thread grows by a page at a time, each a call of the system: a hundred thousand of them while the
code of a run is read.
"""


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
    verb = next((word for word in words if word in _OTHER_ARRAYS), "")
    if verb:
        _widen_heap()
    for module in () if any(_NEEDS_THEM in word for word in words) else _OTHER_ARRAYS.get(verb, ()):
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]


def _widen_heap() -> None:
    """Let memory come in large pieces where the library of the system can be told so."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        for number, value in _HEAP.items() if hasattr(library, "mallopt") else ():
            library.mallopt(number, value)
