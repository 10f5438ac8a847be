"""Machine code: compiled once, kept under the digest of what it was compiled from, tried before it is kept.

JAX keeps what it compiles as well, but what it takes from there cannot be written out again: of such code the functions
are missing. So the code of runs is kept here, and only after what was written has been read back and has computed the
same as what was compiled.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax.experimental import serialize_executable

from xiancheng.engine import keeping
from xiancheng.engine.devices import import_jax

_ALWAYS = "jax_persistent_cache_min_compile_time_secs"


@dataclass(frozen=True, eq=False)
class Code:
    """Compiled code, from numbers in a row to numbers in a row.

    Attributes:
        run: computes.
        name: under which it is kept; "" where it is not.
    """

    run: Callable[..., Any]
    name: str = ""


def compiled(lowered: Any, numbers: Sequence[Any], name: str = "") -> Code:
    """Compile, or take what an earlier process compiled from the same.

    Args:
        lowered: what JAX has made of a function of numbers in a row, for its compiler.
        numbers: some to try it with.
        name: what the code is known by, where that is known before it is lowered.
    """
    name = name or f"code-{hashlib.sha256(f'{place()} {lowered.as_text()}'.encode()).hexdigest()}"
    code = of(name)
    if code is not None:
        return code
    begun = time.perf_counter()
    run = _compiled(lowered)
    if time.perf_counter() - begun < keeping.LEAST_SECONDS or keeping.folder() is None:
        return Code(run)
    return _tried(run, name, numbers)


def of(name: str) -> Code | None:
    """Return the code of a name; None where there is none that works here."""
    payload = keeping.get(name)
    if payload is None:
        return None
    try:
        return Code(_loaded(payload), name)
    except Exception:  # of another make, whatever its digest says
        return None


def place() -> str:
    """Return what code belongs to besides the processor: the programs, and kind and number of devices."""
    devices = [[device.platform, device.device_kind] for device in import_jax().devices()]
    return json.dumps([keeping.maker(), os.environ.get("XLA_FLAGS", ""), devices])


def _compiled(lowered: Any) -> Any:
    """Compile without leaving a second copy with JAX."""
    before = getattr(jax.config, _ALWAYS)
    jax.config.update(_ALWAYS, float("inf"))  # type: ignore[no-untyped-call]
    try:
        return lowered.compile()
    finally:
        jax.config.update(_ALWAYS, before)  # type: ignore[no-untyped-call]


def _tried(run: Any, name: str, numbers: Sequence[Any]) -> Code:
    """Keep code if what is written of it computes the same."""
    try:
        written, _, results = serialize_executable.serialize(run)
        payload = len(numbers).to_bytes(8) + results.num_leaves.to_bytes(8) + written
        pairs = zip(run(*numbers), _loaded(payload)(*numbers), strict=True)
        same = all(np.array_equal(*pair, equal_nan=True) for pair in pairs)
    except Exception:  # code that cannot be written out, or not be read again, is used and not kept
        same = False
    if not same:
        return Code(run)
    keeping.put(name, payload)
    return Code(run, name)


def _loaded(payload: bytes) -> Any:
    device = import_jax().devices()[0]
    count, results = int.from_bytes(payload[:8]), int.from_bytes(payload[8:16])
    shapes = jax.tree.structure(((0,) * count, {})), jax.tree.structure([0] * results)
    return serialize_executable.deserialize_and_load(payload[16:], *shapes, device.client, [device])
