"""The store of a sweep: one Zarr array, a chunk a block, and a receipt for every block that is done.

Receipts are the only state. A chunk is written aside, synced and renamed, and its receipt after it; a chunk without its
receipt does not count, and a receipt without its chunk is taken back.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError, optional
from xiancheng.provenance import fingerprint
from xiancheng.sweeps import aside, chunks
from xiancheng.sweeps.identity import differing
from xiancheng.sweeps.kernel import ABSENT, FAILED, NAN, OK, Bad
from xiancheng.texts import phrase, phrase_list

MANIFEST, VALUES, DONE, ASIDE = "sweep.json", "values", "done", ".aside"
STATUS = "status"
STATES = (OK, NAN, FAILED, ABSENT)
"""What may be of a run, in the order of the numbers that the array of states holds."""
DOUBLE, SINGLE = "float64", "float32"
"""Kinds of stored numbers: what is written, and what a manifest without a word on it holds."""


@dataclass(frozen=True)
class Receipt:
    """What is known of a block that is done.

    Attributes:
        block: its number.
        identity: fingerprint of the identity of the sweep.
        runs: how many runs it holds.
        size: of the chunk [bytes]; sha256: of the chunk.
        bad: the runs without a usable result.
        seconds: it took; finished: when, as seconds since 1970; host: the machine.
        failure: why nothing could be computed, "" where it could.
    """

    block: int
    identity: str
    runs: int
    size: int
    sha256: str
    bad: tuple[Bad, ...]
    seconds: float
    finished: float
    host: str
    failure: str = ""


@dataclass(frozen=True)
class Store:
    """The folder of a sweep.

    Attributes:
        folder: where it lies.
        manifest: what it says about itself.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def identity(self) -> str:
        """Return the fingerprint of what the numbers depend on."""
        return fingerprint(self.manifest["identity"])

    @property
    def kind(self) -> str:
        """Return the kind of the stored numbers, DOUBLE or SINGLE."""
        return str(self.manifest.get("stored", SINGLE))

    @property
    def runs(self) -> int:
        """Return how many runs the sweep has."""
        return int(self.manifest["runs"])

    @property
    def block(self) -> int:
        """Return how many runs a block has."""
        return int(self.manifest["design"]["block"])

    @property
    def blocks(self) -> int:
        """Return how many blocks there are."""
        return -(-self.runs // self.block)

    def size(self, block: int) -> int:
        """Return how many runs a block holds; the last one may be short."""
        return min(self.block, self.runs - block * self.block)

    def _receipt_file(self, block: int) -> Path:
        return self.folder / DONE / f"{block:08d}.json"

    def _status_file(self, block: int) -> Path:
        return self.folder / STATUS / "c" / str(block)

    def _chunk_file(self, block: int) -> Path:
        return self.folder / VALUES / "c" / str(block) / "0" / "0" / "0"

    def receipt(self, block: int) -> Receipt | None:
        """Return the receipt of a block; None where there is none, it is torn or its chunk is gone."""
        try:
            content = json.loads(self._receipt_file(block).read_text(encoding="utf-8"))
            receipt = Receipt(**{**content, "bad": tuple(Bad(**bad) for bad in content["bad"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None
        with suppress(OSError):
            if receipt.identity == self.identity and self._chunk_file(block).stat().st_size == receipt.size:
                return receipt
        return None

    def revoke(self, block: int) -> None:
        """Take back the receipt of a block, and what it says of its runs."""
        self._receipt_file(block).unlink(missing_ok=True)
        self._status_file(block).unlink(missing_ok=True)

    def write_status(self, block: int, runs: int, bad: Iterable[Bad]) -> None:
        """Write what is of each run of a block, for those who read no receipts.

        Raises:
            StudyError: the place does not take files, or is full.
        """
        states = np.full(self.block, STATES.index(ABSENT), np.int8)
        states[:runs] = STATES.index(OK)
        for run in bad:
            states[run.run] = STATES.index(run.status)
        self.write(self._status_file(block), states.tobytes())

    def intact(self, block: int) -> bool:
        """Tell whether the chunk of a block is the one its receipt speaks of."""
        receipt = self.receipt(block)
        return receipt is not None and _digest(self._chunk_file(block).read_bytes()) == receipt.sha256

    def publish(
        self, block: int, values: NDArray[Any], bad: Iterable[Bad], seconds: float, failure: str = ""
    ) -> Receipt:
        """Write the chunk of a block, then what is of its runs, last its receipt.

        Raises:
            StudyError: the place does not take files, or is full.
        """
        padded = np.full((self.block, *values.shape[1:]), np.nan, dtype=self.kind)
        padded[: len(values)] = values
        chunk = chunks.encoded(padded)
        receipt = Receipt(block, self.identity, len(values), len(chunk), _digest(chunk), tuple(bad), seconds,
                          time.time(), socket.gethostname(), failure)
        content = {**vars(receipt), "bad": [vars(bad_run) for bad_run in receipt.bad]}
        self.write(self._chunk_file(block), chunk)
        self.write_status(block, len(values), receipt.bad)
        self.write(self._receipt_file(block), (json.dumps(content, ensure_ascii=False) + "\n").encode("utf-8"))
        return receipt

    def write(self, file: Path, content: bytes | Iterable[bytes]) -> None:
        """Write a file aside, sync it and rename it into its place.

        Raises:
            StudyError: the place does not take files, or is full.
        """
        aside.put(file, content, self.folder / ASIDE)

    def read(self, block: int) -> Floats:
        """Return the values of a block (run, indicator, year, area), float32 in a store of an older version.

        Raises:
            MissingPart: Zarr is not installed.
            StudyError: the chunk is not what was written.
        """
        with optional(*chunks.ZARR):
            import zarr
        first = block * self.block
        try:
            array = zarr.open_array(str(self.folder / VALUES), mode="r")
            return np.asarray(array[first : first + self.size(block)])
        except (ValueError, RuntimeError, OSError) as error:
            raise self.damaged(block) from error

    def damaged(self, block: int) -> StudyError:
        """Return the error of a chunk that is not what was written."""
        first = block * self.block
        sentence = phrase("sweep.damaged", first=first, last=first + self.size(block) - 1)
        return StudyError(Problem(str(self.folder), sentence, phrase("sweep.undamaged"), phrase("sweep.damaged_hint")))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def opened(folder: Path) -> Store:
    """Return the store of a folder.

    Raises:
        StudyError: no sweep is stored there.
    """
    try:
        return Store(folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        problem = Problem(str(folder), phrase("sweep.no_store"), phrase("sweep.a_store"))
        raise StudyError(problem) from None


def made(folder: Path, manifest: Mapping[str, Any], table: Iterable[bytes], table_name: str) -> Store:
    """Return the store of a sweep, made if need be.

    Args:
        folder: where it lies.
        manifest: the manifest.
        table: the drawn design.
        table_name: its file.

    Raises:
        StudyError: the folder holds another sweep or something else, or does not take files.
    """
    check(folder, manifest, table_name)
    store = Store(folder, manifest)
    if not (folder / MANIFEST).is_file():
        _lay_out(store)
        store.write(folder / ASIDE / MANIFEST,
                    (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
        _claim(folder / ASIDE / MANIFEST, folder / MANIFEST)
        check(folder, manifest, table_name)
    if not (folder / table_name).is_file() or _digest((folder / table_name).read_bytes()) != manifest["drawn"]:
        store.write(folder / table_name, table)
    aside.tidy(folder / ASIDE)
    return opened(folder)


def check(folder: Path, manifest: Mapping[str, Any], table_name: str) -> None:
    """Refuse a folder that holds another sweep or something else, and touch nothing; arguments as of `made`.

    Raises:
        StudyError: what it holds.
    """
    if not (folder / MANIFEST).is_file():
        ours = {VALUES, DONE, ASIDE, table_name, "zarr.json"}
        if folder.exists() and (not folder.is_dir() or any(file.name not in ours for file in folder.iterdir())):
            raise StudyError(Problem(str(folder), phrase("sweep.not_a_store"), phrase("sweep.new_folder")))
        return
    others = differing(opened(folder).manifest["identity"], manifest["identity"])
    if others:
        sentence = phrase("sweep.other_identity", names=phrase_list(others))
        raise StudyError(Problem(str(folder), sentence, phrase("sweep.same_identity"), phrase("sweep.other_store")))


def _claim(draft: Path, place: Path) -> None:
    """Put a file into its place unless another process was first; what stands there is looked at afterwards."""
    try:
        os.link(draft, place)
    except FileExistsError:
        return
    except OSError:  # no links on this disk
        os.replace(draft, place)


def _lay_out(store: Store) -> None:
    """Write the description of the group and of the array."""
    labels = store.manifest["labels"]
    content = chunks.description(labels, store.runs, store.block, store.kind)
    store.write(store.folder / VALUES / "zarr.json", content)
    store.write(store.folder / "zarr.json", group({}))


def group(about: Mapping[str, str], arrays: Mapping[str, Any] | None = None) -> bytes:
    """Return the description of the group that the arrays of a store are in.

    Args:
        about: attributes beside the name of the manifest.
        arrays: descriptions of its arrays by name, which spares readers to look for them.
    """
    content: dict[str, Any] = {"zarr_format": 3, "node_type": "group", "attributes": {"xiancheng": MANIFEST, **about}}
    if arrays is not None:
        content["consolidated_metadata"] = {"kind": "inline", "must_understand": False, "metadata": arrays}
    return (json.dumps(content, ensure_ascii=False) + "\n").encode("utf-8")
