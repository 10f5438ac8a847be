"""The page on the whole model with the real engine: how fast it answers, printed with the machine it ran on."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from client import Client
from playwright.sync_api import Browser
from stand import Stand

from xiancheng.engine.labels import PlainRun
from xiancheng.model.inputs import Constant
from xiancheng.model.settings import Scenario
from xiancheng.study import Study
from xiancheng.web import service as services
from xiancheng.web import start, wire
from xiancheng.web.app import Site
from xiancheng.web.service import Service
from xiancheng.web.simulator import CompiledSimulator

pytestmark = pytest.mark.study
PEOPLE, ROUNDS, EVERY = 20, 8, 2.0
DRAGS = 38
DRAG, CROWD, READY = 0.1, 0.5, 2.0
RESTS, BESIDE = 0.1, 0.1
FIRST_LOAD = 2_500_000
WATCH_SCRIPT = """() => {
  const ask = window.fetch;
  window.fetch = async (...words) => {
    window.askedAt = performance.now();
    const answer = await ask(...words);
    const body = await answer.arrayBuffer();
    window.answeredAt = performance.now();
    return new Response(body, answer);
  };
}"""
DRAG_SCRIPT = """(to) => new Promise((done) => {
  const slider = document.getElementById("bundle-county_jobs");
  const from = performance.now();
  window.askedAt = window.answeredAt = from;
  const drawn = () => requestAnimationFrame(() => done(
    [from, window.askedAt, window.answeredAt, performance.now()].map((at) => (at - from) / 1000)));
  document.addEventListener("drawn", drawn, {once: true});
  slider.value = to;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
})"""


@pytest.fixture(scope="module")
def seconds() -> dict[str, list[float]]:
    """How long each run of the equations and each reading of one took on the server, by name."""
    return {"run": [], "reading": []}


@pytest.fixture(scope="module")
def real(root: Path, seconds: dict[str, list[float]]) -> Iterator[Stand]:
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, part in ((CompiledSimulator, "run", "run"), (services, "figures", "reading")):
            patch.setattr(owner, name, timed(getattr(owner, name), seconds[part]))
        made = Stand(start.site(Study(root)))
        made.start()
        yield made
        made.stop()


def timed(function: Callable[..., Any], into: list[float]) -> Callable[..., Any]:
    """Return a function that also notes how long each call took."""

    def call(*arguments: Any) -> Any:
        begin = time.perf_counter()
        found = function(*arguments)
        into.append(time.perf_counter() - begin)
        return found

    return call


def machine() -> str:
    """The machine, and how busy it is: a figure says nothing without them."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} x {model}, {platform.system()}{load}"


def tell(capsys: pytest.CaptureFixture[str], what: str, seconds: Sequence[float], budget: float) -> float:
    """Print a distribution beside its budget, and return its 95 % point."""
    middle, high = np.quantile(seconds, [0.5, 0.95])
    with capsys.disabled():
        print(f"\n{what}: median {middle * 1000:.0f} ms, p95 {high * 1000:.0f} ms, budget {budget * 1000:.0f} ms "
              f"({len(seconds)} times) · {machine()}")
    return float(high)


def tell_parts(capsys: pytest.CaptureFixture[str], parts: Mapping[str, Sequence[float]]) -> None:
    """Print what a time is made of."""
    words = [f"{name} {1000 * middle:.0f} / {1000 * high:.0f} ms" for name, values in parts.items() if len(values)
             for middle, high in [np.quantile(values, [0.5, 0.95])]]
    with capsys.disabled():
        print(f"    of it, median / p95: {', '.join(words)}")


def test_from_slider_to_full_redraw(
    real: Stand, browser: Browser, seconds: dict[str, list[float]], capsys: pytest.CaptureFixture[str]
) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(real.address + "#lang=zh&place=68")
    page.wait_for_selector("body[data-ready]")
    page.evaluate(WATCH_SCRIPT)
    settings = [5 * step - 95 for step in range(DRAGS) if step != 19]
    warm, counted = settings[:2], settings[2:]
    for setting in warm:
        page.evaluate(DRAG_SCRIPT, setting)
    begun = {part: len(values) for part, values in seconds.items()}
    times = np.array([page.evaluate(DRAG_SCRIPT, setting) for setting in counted])
    again = np.array([page.evaluate(DRAG_SCRIPT, setting) for setting in counted])
    page.close()
    high = tell(capsys, "slider to full redraw", times[:, 3], DRAG)
    run, reading = (np.array(seconds[part][begun[part]:]) for part in ("run", "reading"))
    answer = times[:, 2] - times[:, 1]
    parts = {"run": run, "reading": reading, "rest of the answer": answer - run - reading,
             "drawing": times[:, 3] - times[:, 2] + times[:, 1], "drawing alone, of kept answers": again[:, 3]}
    tell_parts(capsys, parts)
    assert high < DRAG


def crowd(port: int, indicators: Sequence[str]) -> tuple[list[float], dict[float, bytes]]:
    """Let 20 people each change a lever every two seconds, to settings that nobody else has.

    Returns:
        How long each waited each time, and what came back by setting.
    """
    waited: list[float] = []
    found: dict[float, bytes] = {}

    def person(number: int) -> None:
        client = Client(port)
        time.sleep(number * EVERY / PEOPLE)
        for step in range(ROUNDS):
            begin = time.perf_counter()
            told = round(0.01 + 0.1 * step + 0.004 * number, 4)
            asked = {"levers": {"county_industry": {"value": told}}, "indicators": list(indicators)}
            answer = client.post("/run", asked)
            waited.append(time.perf_counter() - begin)
            assert answer.status == 200
            found[told] = answer.content
            time.sleep(max(0.0, EVERY - waited[-1]))

    people = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(found) == PEOPLE * ROUNDS
    return waited, found


def test_twenty_people_at_once_and_none_gets_anothers_figures(
    real: Stand, seconds: dict[str, list[float]], capsys: pytest.CaptureFixture[str]
) -> None:
    begun = {part: len(values) for part, values in seconds.items()}
    waited, found = crowd(real.port, ["residents"])
    last = [wire.unpacked(found[told])[1].reshape(16, -1)[-1, 1] for told in sorted(found)]
    assert (np.diff(last) > 0).all(), "more jobs hold more residents of the 68, setting by setting"
    high = tell(capsys, "20 people at once", waited, CROWD)
    tell_parts(capsys, {part: values[begun[part]:] for part, values in seconds.items()})
    assert high < CROWD


def test_what_twenty_people_wait_for_beside_the_runs(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """With runs that last a tenth of a second and take no core, and every headline indicator asked for."""
    engine = Resting(site.service.simulator.run(site.choices.bases["baseline"], {}))
    made = Stand(replace(site, service=Service(site.service.built, engine, site.service.reader)))
    made.start()
    headline = [name for name, one in site.service.reader.indicators.items() if one.headline]
    waited, _ = crowd(made.port, headline)
    made.stop()
    assert tell(capsys, "20 people, beside runs", [one - RESTS for one in waited], BESIDE) < BESIDE


@dataclass(frozen=True)
class Resting:
    """An engine that rests as long as a run would take, and returns the same run whatever it is told.

    Attributes:
        made: the run.
    """

    made: PlainRun

    def run(self, scenario: Scenario, constants: Mapping[str, Constant]) -> PlainRun:
        """Return the run."""
        time.sleep(RESTS)
        return self.made

    def warm(self) -> None:
        """Do nothing: there is nothing to compile."""


def test_the_first_load_is_light_and_soon_there(
    real: Stand, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    page = browser.new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))
    begin = time.perf_counter()
    page.goto(real.address)
    page.wait_for_selector("body[data-ready]")
    seconds = time.perf_counter() - begin
    page.close()
    with capsys.disabled():
        print(f"\nfirst load: {sum(sizes) / 1e6:.2f} MB in {len(sizes)} files, budget {FIRST_LOAD / 1e6:g} MB")
    assert 300_000 < sum(sizes) < FIRST_LOAD
    assert tell(capsys, "first picture after the server listens", [seconds], READY) < READY
