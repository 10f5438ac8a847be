"""The command line `xiancheng`: the only room that prints. Data go to stdout, all else to stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from xiancheng.cli.outcome import run as _run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: words after the program's name; those of this process when None.

    Returns:
        0 done, 1 failure inside, 2 usage, 3 bad input, 6 an optional part is missing, 130 interrupted.
    """
    return _run(sys.argv[1:] if arguments is None else list(arguments))
