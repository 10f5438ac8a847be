"""A server on a free port of this machine, with an engine of its own that answers at once, or with the real one."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import synthetic
import uvicorn
import xarray as xr

from xiancheng.engine.labels import PlainRun
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.model import catalogue
from xiancheng.model.build import BuiltRun
from xiancheng.model.inputs import Constant
from xiancheng.model.settings import Scenario
from xiancheng.web.app import Site, application
from xiancheng.web.simulator import Simulator

IDLE = "electric_vehicles"
"""The lever that this engine leaves without effect."""


@dataclass
class QuickEngine:
    """Moves every variable up or down with the levers from 2026, each by a part of its own.

    Attributes:
        base: the run without levers.
        runs: how often it has been asked.
    """

    base: xr.Dataset
    runs: int = 0

    def run(self, scenario: Scenario, constants: Mapping[str, Constant | TimePath]) -> PlainRun:
        """Return the run without labels."""
        return PlainRun.of(self.labelled(scenario, constants))

    def warm(self) -> None:
        """Do nothing: there is nothing to compile."""

    def labelled(self, scenario: Scenario, constants: Mapping[str, Constant | TimePath]) -> xr.Dataset:
        """Return the run as an engine returns it."""
        self.runs += 1
        later = np.clip((self.base["time"].values - 2025.2) / 10, 0.0, 1.0)
        push = sum(
            _part(lever) * (list(setting.points.values())[-1] - setting.baseline)
            for lever, settings in scenario.levers.items()
            for setting in settings
            if lever != IDLE
        )
        push += 0.02 * len(scenario.assumptions) + sum(
            1e-4 * _part(name) * float(np.mean(getattr(value, "values", value))) for name, value in constants.items()
        )
        moved = {
            name: values * (1 + np.tanh(push * _part(str(name)) / 20) * 0.2 * _on(later, values.ndim))
            for name, values in self.base.data_vars.items()
        }
        return self.base.assign(moved)


def _part(name: str) -> float:
    """Return a number from -1 to 1 that belongs to a name."""
    return (zlib.crc32(name.encode()) % 2000 - 999.5) / 1000


def _on(values: np.ndarray, dims: int) -> np.ndarray:
    return values.reshape(-1, *[1] * (dims - 1))


def quick(built: BuiltRun, variables: Sequence[str]) -> Simulator:
    """Return the quick engine for a study; what it makes up for variables that no formula reads is steady."""
    steady = synthetic.run(built)
    steady = steady.assign(_lacking(built, variables, steady))
    since = steady["time"].values - built.start
    drifting = {
        name: values * (1 + 0.004 * _part(str(name)) * _on(since, values.ndim))
        for name, values in steady.data_vars.items()
    }
    return QuickEngine(steady.assign(drifting))


def _lacking(
    built: BuiltRun, variables: Sequence[str], data: xr.Dataset
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    there = {key(str(name)) for name in data.data_vars}
    known = {one.id: one for one in catalogue.read(built.study)}
    sizes = {**{name: len(elements) for name, elements in catalogue.elements(built.study).items()},
             "place": len(built.places)}
    return {
        known[name].name: (("time", *known[name].dims), np.full(
            (data.sizes["time"], *(sizes[dim] for dim in known[name].dims)), 1.0 + abs(_part(name))))
        for name in variables if key(name) not in there and set(known[name].dims) <= {*data.dims}
    }


@dataclass
class Stand:
    """A server that can be stopped and started again at the same address.

    Attributes:
        site: what it serves.
        port: where.
    """

    site: Site
    port: int = 0
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = field(default=None)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Listen."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        app = application(self.site, ["127.0.0.1"])
        config = uvicorn.Config(app, log_level="critical", access_log=False, ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Go away with every open connection."""
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(10)
            self._server = None
