"""The form of an answer: a header in JSON, then the numbers as 32-bit floats, which a browser reads without parsing."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPE = "application/octet-stream"
_WORD = 4


def packed(header: Mapping[str, Any], arrays: Sequence[NDArray[np.float32]]) -> bytes:
    """Return an answer: length of the header, the header padded to whole words, all numbers little-endian.

    Args:
        header: what the numbers are.
        arrays: one after the other, each row by row.
    """
    words = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    words += b" " * (-len(words) % _WORD)
    numbers = [np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays]
    return b"".join([struct.pack("<I", len(words)), words, *numbers])


def unpacked(body: bytes) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return header and numbers of an answer."""
    (length,) = struct.unpack_from("<I", body)
    header = json.loads(body[_WORD : _WORD + length])
    return header, np.frombuffer(body, dtype="<f4", offset=_WORD + length)
