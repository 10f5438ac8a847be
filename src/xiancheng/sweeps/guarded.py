"""A store as Zarr reads it, but that what is not there or is damaged is an error and never a number."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from zarr.storage import LocalStore, WrapperStore

from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps.store import VALUES, Store
from xiancheng.texts import phrase

_CHUNKS = f"{VALUES}/c/"


class GuardedStore(WrapperStore[LocalStore]):
    """The files of a store, read only; a chunk of values has to be the one that its receipt speaks of."""

    def __init__(self, inner: LocalStore, sweep: Store) -> None:
        super().__init__(inner)
        self._sweep = sweep

    async def get(self, key: str, prototype: Any, byte_range: Any = None) -> Any:
        """Return a file of the store.

        Raises:
            StudyError: runs that are not there yet, or a chunk that is not what was written.
        """
        content = await self._store.get(key, prototype, byte_range)
        if key.startswith(_CHUNKS):
            self._hold(int(key.removeprefix(_CHUNKS).split("/")[0]), content)
        return content

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """Yield the arrays of the store and nothing that lies beside them."""
        async for name in self._store.list_dir(prefix):
            if prefix or (self._sweep.folder / name / "zarr.json").is_file():
                yield name

    def _hold(self, block: int, content: Any) -> None:
        receipt = self._sweep.receipt(block)
        if receipt is None or content is None:
            raise absent(self._sweep)
        if hashlib.sha256(content.to_bytes()).hexdigest() != receipt.sha256:
            raise self._sweep.damaged(block)


def of(sweep: Store) -> GuardedStore:
    """Return a store as Zarr reads it."""
    return GuardedStore(LocalStore(sweep.folder, read_only=True), sweep)


def absent(sweep: Store) -> StudyError:
    """Return the error of looking at runs that are not there: how many, and the first of them."""
    blocks = [block for block in range(sweep.blocks) if sweep.receipt(block) is None]
    sentence = phrase("sweep.absent", count=sum(map(sweep.size, blocks)), run=blocks[0] * sweep.block)
    return StudyError(Problem(str(sweep.folder), sentence, phrase("sweep.absent_allowed"), phrase("sweep.absent_hint")))
