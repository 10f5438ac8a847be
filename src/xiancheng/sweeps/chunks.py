"""The array of a store in the form of Zarr: what describes it, and its chunks as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMS = ("run", "indicator", "year", "area")


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


def encoded(values: NDArray[Any]) -> bytes:
    """Return a whole chunk as the array stores it."""
    from zarr.storage import MemoryStore

    memory: dict[str, Any] = {}
    array(MemoryStore(memory), values.shape, values.shape, values.dtype.name, {})[:] = values
    return bytes(memory["c/0/0/0/0"].to_bytes())
