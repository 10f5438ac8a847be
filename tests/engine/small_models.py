"""Small models written in a test, and the clock that they run by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xarray as xr

from xiancheng import engine

SETTINGS = "\n\\\\\\---/// Sketch information\n*View 1\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,{code},0,0\n"
BACKENDS = ("numpy", "jax")
STOCKS = """place: p1, p2, p3 ~ ~ |
stock[place] = INTEG(inflow[place] - stock[place] / lifetime, start[place]) ~ person ~ A stock. |
start[place] = 10, 20, 30 ~ person ~ |
inflow[place] = base + push * INITIAL(stock[place] * 2) + Time - 2020 ~ person/year ~ |
base = 3 ~ person/year ~ |
push = 0.1 ~ 1/year ~ |
lifetime = 4 ~ year ~ |
seen = DELAY3(SUM(inflow[place!]), patience) ~ person/year ~ |
patience = 2 ~ year ~ |
INITIAL TIME = 2020 ~ year ~ |
FINAL TIME = 2026 ~ year ~ |
TIME STEP = 0.25 ~ year ~ |
"""
"""A stock in three places and a delay behind it, 2020 to 2026 by quarters, without what is saved how often."""


def clock(final: float = 10, step: float = 1, start: float = 0) -> str:
    """The four controls, in no unit."""
    controls = {"INITIAL TIME": start, "FINAL TIME": final, "TIME STEP": step}
    return "\n".join(f"{name} = {value!r} ~~|" for name, value in controls.items()) + "\nSAVEPER = TIME STEP ~~|\n"


def model(equations: str, *, final: float = 10, step: float = 1, start: float = 0, code: str = "") -> str:
    """A model of some equations, each closed by ~~|; `code` is the integration method of its settings."""
    return "{UTF-8}\n" + equations + "\n" + clock(final, step, start) + (SETTINGS.format(code=code) if code else "")


def simulate(text: str, backend: str = "numpy", folder: Path = Path(), **options: Any) -> xr.Dataset:
    """The results of a model by its text."""
    return engine.run(engine.compile(folder / "model.mdl", text=text), backend=backend, **options)


def values(text: str, name: str, backend: str = "numpy", folder: Path = Path()) -> list[float]:
    """A variable of a model over time."""
    result = simulate(text, backend, folder)
    return [float(value) for value in result[name].broadcast_like(result["time"]).values]
