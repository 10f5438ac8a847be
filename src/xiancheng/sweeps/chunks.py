"""The array of a store in the form of Zarr: what describes it, and its chunks as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.errors import optional

ZARR = ("sweep", "zarr")
"""The extra of sweeps and what it brings."""
DIMS = ("run", "indicator", "year", "area")
COORDINATES = ("status", "scenario", "unit", "title_zh", "title_en", "level", "name_zh", "name_en")
"""What tells of the axes and is none itself."""


def array(place: Any, shape: tuple[int, ...], chunks: tuple[int, ...], kind: str, attributes: Mapping[str, Any]) -> Any:
    """Make the array: compressed, with a checksum outermost, and never without a chunk because it is empty."""
    import zarr
    from zarr.codecs import BloscCodec, Crc32cCodec

    blosc = BloscCodec(typesize=np.dtype(kind).itemsize, cname="zstd", clevel=3, shuffle="shuffle")
    return zarr.create_array(
        place, shape=shape, chunks=chunks, dtype=kind, fill_value=np.nan,
        compressors=[blosc, Crc32cCodec()],
        config={"write_empty_chunks": True}, attributes=dict(attributes), dimension_names=DIMS, zarr_format=3,
    )


def description(labels: Mapping[str, Any], runs: int, block: int, kind: str) -> bytes:
    """Return what describes the values of a store.

    Args:
        labels: of its axes but the runs.
        runs: how many there are.
        block: how many of them are in a chunk.
        kind: of the numbers.

    Raises:
        MissingPart: Zarr is not installed.
    """
    with optional(*ZARR):
        from zarr.storage import MemoryStore

    sizes = [len(labels[dim]) for dim in DIMS[1:]]
    memory: dict[str, Any] = {}
    about = {"labels": labels, "coordinates": " ".join(COORDINATES)}
    array(MemoryStore(memory), (runs, *sizes), (block, *sizes), kind, about)
    return bytes(memory["zarr.json"].to_bytes())


def encoded(values: NDArray[Any]) -> bytes:
    """Return a whole chunk as the array stores it."""
    from zarr.storage import MemoryStore

    memory: dict[str, Any] = {}
    array(MemoryStore(memory), values.shape, values.shape, values.dtype.name, {})[:] = values
    return bytes(memory["c/0/0/0/0"].to_bytes())


def files(
    shape: tuple[int, ...], chunks: tuple[int, ...], kind: Any, dims: tuple[str, ...], about: Mapping[str, Any], *,
    values: NDArray[Any] | None = None, fill: Any = None,
) -> dict[str, bytes]:
    """Return the files of an array that tells of an axis, by their place in its folder.

    Args:
        shape: of the array.
        chunks: shape of a chunk.
        kind: of its numbers, or str.
        dims: names of its axes.
        about: its attributes.
        values: what it holds; chunks are left out when None.
        fill: what a chunk that is not there stands for.
    """
    import zarr
    from zarr.storage import MemoryStore

    memory: dict[str, Any] = {}
    array = zarr.create_array(MemoryStore(memory), shape=shape, chunks=chunks, dtype=kind, dimension_names=dims,
                              compressors=None, fill_value=fill, attributes=dict(about), zarr_format=3,
                              config={"write_empty_chunks": True})
    if values is not None:
        array[:] = values
    return {place: bytes(content.to_bytes()) for place, content in memory.items()}
