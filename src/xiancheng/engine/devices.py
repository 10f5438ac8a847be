"""JAX as this project sets it up: double precision, a host device per core, code kept between processes."""

from __future__ import annotations

import functools
import os
from typing import Any

from xiancheng.engine import keeping


def import_jax() -> Any:
    """Import JAX with double precision and, unless its devices are in use already, one host device per core."""
    flags = os.environ.get("XLA_FLAGS", "")
    if "host_platform_device_count" not in flags:
        count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        os.environ["XLA_FLAGS"] = f"{flags} --xla_force_host_platform_device_count={count}".strip()
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    _keep_code(jax)
    return jax


@functools.cache
def _keep_code(jax: Any) -> None:
    """Let JAX keep what it compiles, without the places in our code: they take longer to write than they help."""
    jax.config.update("jax_traceback_in_locations_limit", 0)
    folder = keeping.folder()
    if folder is not None and jax.config.jax_compilation_cache_dir is None:
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_compilation_cache_max_size", keeping.MOST_BYTES)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", keeping.LEAST_SECONDS)
