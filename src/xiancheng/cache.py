"""What is made once and kept, for all threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any


@dataclass(eq=False)
class _Entry:
    lock: RLock = field(default_factory=RLock)
    values: list[Any] = field(default_factory=list)


class Cache:
    """Values by key, each made by the first thread that asks for it; a thread that asks meanwhile waits for that one.

    Each value has its own lock: what takes long to make holds up nobody who asks for something else, and what is made
    may ask for other values of the same cache. A value that could not be made is tried again by the next who asks.

    Args:
        most: how many values stay, those asked for longest ago go first; all when None.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return the value of a key, made by `make` where there is none yet."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while self._most is not None and len(self._entries) > self._most:
                self._entries.popitem(last=False)
        with entry.lock:
            if not entry.values:
                entry.values.append(make())
            return entry.values[0]

    def clear(self) -> None:
        """Forget every value."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)
