"""The page in a browser, beside another version of it: `python -m benchmarks.page [--beside TREE] [--requests N]`.

Each tree is served by a process of its own on the same machine; drags of one slider take turns between the pages, so
that whatever else the machine does meets both alike. Told are slider to full redraw, 20 people who each change a lever
every two seconds, what each of their requests takes of the processor (which other work does not lengthen), the first
load, and what the server holds before and after many requests (by /proc, Linux alone).
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.engine import machine

ROOT = Path(__file__).parents[1]
SLIDER = "bundle-county_jobs"
DRAGS, PEOPLE, ROUNDS, EVERY = 36, 20, 8, 2.0
READY = 900.0  # [s] until a server answers with the page, compiling included
WARM = 2
REST, CALM = 4.0, 0.05  # [s] and the part of a core that a server at rest takes no more than
SCRIPT = """([id, to]) => new Promise((done) => {
  const slider = document.getElementById(id);
  const from = performance.now();
  document.addEventListener("drawn", () => requestAnimationFrame(() => done((performance.now() - from) / 1000)),
    {once: true});
  slider.value = to;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
})"""


@dataclass(frozen=True)
class Served:
    """A server of a tree.

    Attributes:
        name: what it is called.
        port: where it listens.
        process: its number.
    """

    name: str
    port: int
    process: int

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """Return the body of an answer, unpacked; anything but 200 is an error."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=READY)
        try:
            words = None if body is None else json.dumps(body)
            line.request(method, path, words, {"Content-Type": "application/json"} if words else {})
            answer = line.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise ConnectionError(f"{path}: {answer.status} {content[:200]!r}")
            return gzip.decompress(content) if answer.headers.get("content-encoding") == "gzip" else content
        finally:
            line.close()

    def processor(self) -> float:
        """Return how long the process has computed so far, on all cores together [s]."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return what the process holds now [MiB]."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


@contextmanager
def served(tree: Path, name: str) -> Iterator[Served]:
    """Serve the page of a tree until the end of a block; both trees run on the packages of this environment."""
    words = [sys.executable, "-c", "from xiancheng.cli import main; main()", "--lang", "en", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    with subprocess.Popen(words, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as process:
        try:
            yield _listening(process, name)
        finally:
            process.terminate()


def _listening(process: subprocess.Popen[str], name: str) -> Served:
    assert process.stdout is not None
    for line in process.stdout:
        port = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if port:
            threading.Thread(target=process.stdout.read, daemon=True).start()
            server = Served(name, int(port[1]), process.pid)
            _wait(server)
            return server
    raise ConnectionError(f"{name}: the server ended with {process.wait()}")


def _wait(server: Served) -> None:
    until = time.monotonic() + READY
    while True:
        try:
            server.ask("GET", "/files/catalogue.json")
            return _rest(server, until)
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def _rest(server: Served, until: float) -> None:
    """Wait until a server has done what it does behind its back before anyone asks."""
    while time.monotonic() < until:
        before = server.processor()
        time.sleep(REST)
        if server.processor() - before < CALM * REST:
            return


def drags(pages: Sequence[Page]) -> list[list[float]]:
    """Drag a slider to settings that nobody asked for before, on the pages in turn; return the seconds of each."""
    seconds: list[list[float]] = [[] for _ in pages]
    for step in range(DRAGS):
        for number, page in enumerate(pages):
            seconds[number].append(page.evaluate(SCRIPT, [SLIDER, 5 * (step % 18 + 1) * (1 if step < 18 else -1)]))
    return [each[WARM:] for each in seconds]


def crowd(server: Served) -> list[float]:
    """Let 20 people change a lever every two seconds, to settings of their own; return how long each waited [s]."""
    waited: list[float] = []

    def person(number: int) -> None:
        time.sleep(number * EVERY / PEOPLE)
        for step in range(ROUNDS):
            begin = time.perf_counter()
            value = round(0.013 + 0.1 * step + 0.004 * number, 4)
            server.ask("POST", "/run", {"levers": {"county_industry": {"value": value}}, "indicators": ["residents"]})
            waited.append(time.perf_counter() - begin)
            time.sleep(max(0.0, EVERY - waited[-1]))

    people = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return waited


def held(server: Served, requests: int) -> tuple[float, float]:
    """Return what the server holds after a tenth of so many different requests and after all of them [MiB]."""
    early = 0.0
    for number in range(requests):
        value = round(1.5 + number * 3 / requests, 5)
        server.ask("POST", "/run", {"levers": {"county_industry": {"value": value}}, "indicators": ["residents"]})
        if number == requests // 10:
            early = server.memory()
    return early, server.memory()


def told(name: str, seconds: Sequence[float]) -> str:
    """Return a distribution in words."""
    middle, high = np.quantile(seconds, [0.5, 0.95]) * 1000
    return f"{name}: median {middle:.0f} ms, p95 {high:.0f} ms ({len(seconds)} times)"


def opened(browser: Browser, server: Served) -> Page:
    """Open the page of a server and tell what came over the line."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))
    page.goto(server.address + "#lang=zh&place=68")
    page.wait_for_selector("body[data-ready]", timeout=READY * 1000)
    print(f"{server.name}: first load {sum(sizes) / 1e6:.2f} MB in {len(sizes)} files")
    return page


def measure(browser: Browser, servers: Sequence[Served], requests: int) -> None:
    """Measure and print: drags on all servers in turn, people on each, memory of the first."""
    pages = [opened(browser, server) for server in servers]
    times = drags(pages)
    for server, seconds in zip(servers, times, strict=True):
        print(told(f"{server.name}: slider to full redraw", seconds))
    if len(times) > 1:
        median, high = (np.quantile(times[0], share) / np.quantile(times[1], share) for share in (0.5, 0.95))
        print(f"this / beside: median {median:.2f}, p95 {high:.2f}")
    for page in pages:
        page.close()
    for server in servers:
        before = server.processor()
        waited = crowd(server)
        print(told(f"{server.name}: 20 people", waited))
        print(f"{server.name}: {(server.processor() - before) / len(waited) * 1000:.0f} ms of the processor for each")
    early, late = held(servers[0], requests)
    print(f"this: holds {early:.0f} MiB after {requests // 10} requests, {late:.0f} MiB after {requests}")


def main(words: Sequence[str] | None = None) -> None:
    """Serve one tree or two and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, help="another tree of the project, with its page")
    parser.add_argument("--requests", type=int, default=1000)
    choices = parser.parse_args(words)
    trees = {"this": ROOT} | ({"beside": choices.beside.resolve()} if choices.beside else {})
    print(machine())
    with ExitStack() as stack:
        servers = [stack.enter_context(served(tree, name)) for name, tree in trees.items()]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"),
                                             args=["--no-sandbox", "--disable-dev-shm-usage"])
        measure(browser, servers, choices.requests)
        browser.close()


if __name__ == "__main__":
    main()
