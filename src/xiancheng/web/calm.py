"""Work for which nobody waits, put off until nobody asks for anything."""

from __future__ import annotations

import contextlib
import ctypes
import time
from dataclasses import dataclass, field


@dataclass
class Calm:
    """Knows when somebody has asked last.

    Attributes:
        seconds: how long nobody must have asked for a server to be at rest.
    """

    seconds: float
    _last: float = field(default_factory=time.monotonic)

    def end(self) -> None:
        """Somebody asks: the rest begins anew."""
        self._last = time.monotonic()

    def wait(self) -> None:
        """Come back once nobody has asked for so long."""
        while (left := self._last + self.seconds - time.monotonic()) > 0:
            time.sleep(left)


def hand_back() -> None:
    """Hand what a compiler has freed back to the system, which the C library of GNU does not by itself."""
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
