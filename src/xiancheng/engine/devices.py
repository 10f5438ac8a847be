"""JAX as this project sets it up: double precision, a host device per core, code kept between processes."""

from __future__ import annotations

import functools
import importlib.util
import os
from importlib import metadata
from typing import Any

from xiancheng.engine import keeping

_LOOPS = ("-epilogue-vectorization-minimum-VF=4", "-force-vector-interleave=1",
          "xla_cpu_small_while_loop_byte_threshold=65536")
"""How loops are made.

Cells that eight at a time leave over go four at a time, and a loop does not take two turns at once: rows of 84 places
and of 86 ages leave over four and six, and a run of the study takes a twentieth less time. A loop that reads and writes
less than 64 KiB is one kernel, not some hundred called one by one in each turn: a small model's run takes six tenths.
"""
_KNOWING = ("0.10.2",)
"""Versions of jaxlib that know these options; a compiler that does not know them ends the process."""
_OTHERS = ("jax_plugins", "libtpu")
"""Where compilers for other processors than the host come from, which may not know them."""


def import_jax() -> Any:
    """Import JAX with double precision and, unless its devices are in use already, one host device per core."""
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_backend_extra_options" not in flags and _knows_loops():
        flags = f"{flags} --xla_backend_extra_options={','.join(_LOOPS)}"
    if "host_platform_device_count" not in flags:
        count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        flags = f"{flags} --xla_force_host_platform_device_count={count}"
    os.environ["XLA_FLAGS"] = flags.strip()
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    _keep_code(jax)
    return jax


@functools.cache
def _knows_loops() -> bool:
    """Tell whether every compiler that is installed knows how to be told how loops are made."""
    return metadata.version("jaxlib") in _KNOWING and not any(map(importlib.util.find_spec, _OTHERS))


@functools.cache
def _keep_code(jax: Any) -> None:
    """Let JAX keep what it compiles, without the places in our code: they take longer to write than they help."""
    jax.config.update("jax_traceback_in_locations_limit", 0)
    folder = keeping.folder()
    if folder is not None and jax.config.jax_compilation_cache_dir is None:
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_compilation_cache_max_size", keeping.MOST_BYTES)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", keeping.LEAST_SECONDS)
