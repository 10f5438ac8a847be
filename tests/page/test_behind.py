"""What a server does before anyone asks: the equations of its model, then the wider program that tells why."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from stand import QuickEngine

from xiancheng.model.build import BuiltRun
from xiancheng.web import app
from xiancheng.web.app import Site, application
from xiancheng.web.calm import Calm
from xiancheng.web.mechanism import Mechanism, MechanismRequest
from xiancheng.web.simulator import Simulator


def engine_of(site: Site) -> QuickEngine:
    """An engine that counts its own runs."""
    engine = site.service.simulator
    assert isinstance(engine, QuickEngine)
    return QuickEngine(engine.base)


def test_why_is_ready_before_anyone_asks(site: Site) -> None:
    """The first to ask finds the baseline run; only the plan is run for the question."""
    engines: list[QuickEngine] = []

    def make(_: BuiltRun, __: Sequence[str]) -> Simulator:
        engines.append(engine_of(site))
        return engines[-1]

    mechanism = Mechanism(site.service, site.mechanism.ways, make)
    mechanism.warm()
    assert [engine.runs for engine in engines] == [1]
    mechanism.warm()
    answer = mechanism.answer(MechanismRequest("county_industry", 0, (), site.choices.bases["austerity"]))
    assert [engine.runs for engine in engines] == [2]
    assert answer["variables"]
    assert mechanism.progress.of == 0


@pytest.mark.parametrize("pauses", [(0.15, 0.15), ()])
def test_rest_begins_anew_with_every_question(pauses: Sequence[float]) -> None:
    calm, begun = Calm(0.3), time.monotonic()
    waiting = threading.Thread(target=calm.wait)
    waiting.start()
    for pause in pauses:
        time.sleep(pause)
        calm.end()
    waiting.join(5)
    assert 0.3 + sum(pauses) <= time.monotonic() - begun < 3


def test_the_server_gets_ready_for_why_at_rest_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[str] = []
    monkeypatch.setattr(app, "REST", 0.0)
    monkeypatch.setattr(QuickEngine, "warm", lambda _: acts.append("usual"))
    monkeypatch.setattr(Calm, "wait", lambda calm: acts.append(f"rest {calm.seconds:g}"))
    monkeypatch.setattr(Mechanism, "warm", lambda _: acts.append("why"))
    application(replace(site), ["127.0.0.1"]).state.behind()
    assert acts == ["usual", "rest 0", "why"]
