"""What a server does before anyone asks: a program for what is on the screen, and the wider one that tells why."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from stand import QuickEngine

from xiancheng.model.build import BuiltRun
from xiancheng.web import app
from xiancheng.web.app import Site, application
from xiancheng.web.calm import Calm
from xiancheng.web.mechanism import Mechanism, MechanismRequest
from xiancheng.web.service import Service, identity
from xiancheng.web.simulator import Simulator

USUAL, OTHER = "residents", "births"


def engine_of(site: Site) -> QuickEngine:
    """An engine that counts its own runs."""
    engine = site.service.simulator
    assert isinstance(engine, QuickEngine)
    return QuickEngine(engine.base)


def test_a_question_of_the_usual_is_run_narrowly_once_that_is_warm(site: Site) -> None:
    """Until then, and for any other figure, all is run; what one question asks for comes off one run."""
    wide, narrow = engine_of(site), engine_of(site)
    service = Service(site.service.built, wide, site.service.reader, (), frozenset({USUAL}), lambda: narrow)
    plan = site.choices.bases["austerity"]
    before = service.figures(plan, [USUAL])
    assert (wide.runs, narrow.runs) == (1, 0)
    service.warm()
    assert service.at_hand(identity(plan), [USUAL]) is None, "baseline and plan come from the same program"
    np.testing.assert_array_equal(service.figures(plan, [USUAL]).values[USUAL], before.values[USUAL])
    assert (wide.runs, narrow.runs) == (1, 1)
    assert service.at_hand(identity(plan), [USUAL]) is not None
    assert set(service.figures(plan, [OTHER, USUAL]).values) == {OTHER, USUAL}
    assert (wide.runs, narrow.runs) == (1, 1), "its run with everything is still at hand"
    service.warm()
    assert service.figures(plan, [USUAL]).values[USUAL] is service.figures(plan, [USUAL]).values[USUAL]


def test_what_the_page_shows_at_first_is_usual(site: Site) -> None:
    reader = site.service.reader
    headline = {name for name, indicator in reader.indicators.items() if indicator.headline}
    assert headline < site.service.often < set(reader.indicators)
    narrow = set(reader.needed(sorted(site.service.often)))
    assert narrow < set(reader.needed(list(reader.indicators)))


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
    monkeypatch.setattr(Service, "warm", lambda _: acts.append("usual"))
    monkeypatch.setattr(Calm, "wait", lambda calm: acts.append(f"rest {calm.seconds:g}"))
    monkeypatch.setattr(Mechanism, "warm", lambda _: acts.append("why"))
    application(replace(site), ["127.0.0.1"]).state.behind()
    assert acts == ["usual", "rest 0", "why"]
