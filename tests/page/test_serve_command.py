"""`xiancheng serve` as a person calls it, the page of a small study on the real engine, and what neither can take."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from client import Client
from playwright.sync_api import Page
from stand import Stand

from xiancheng import cli
from xiancheng.errors import Problem, StudyError
from xiancheng.model import build
from xiancheng.scenarios import levers, scenario
from xiancheng.study import Study
from xiancheng.texts import text
from xiancheng.web import bundles, start, wire
from xiancheng.web.app import Site, application
from xiancheng.web.opening import COMPILING

MINI = Path(__file__).resolve().parents[1] / "mini"


@pytest.fixture(scope="module")
def small(site: Site) -> Iterator[Stand]:
    """The miniature study with the real engine."""
    study = Study(MINI)
    built = build.build(study, scenario.read(study, "baseline"))
    made = Stand(start.site(study, built=built, charts=site.files["charts.js"]))
    made.start()
    yield made
    made.stop()


def test_the_real_engine_runs_a_study_of_its_own(small: Stand) -> None:
    client = Client(small.port)
    offer = client.get("/files/catalogue.json").json()
    assert [one["id"] for one in offer["levers"]] == ["grant", "tax_relief"]
    assert {one["group"] for one in offer["bundles"]} == {"other"}
    asked = {"indicators": ["residents"]}
    pulled = {"levers": {"grant": {"value": 30000, "year": 2030}}}
    calm, moved = (wire.unpacked(client.post("/run", told).content)[1] for told in (asked, {**asked, **pulled}))
    assert np.isfinite(calm).all()
    assert (calm != moved).any()
    refused = client.post("/bands", asked)
    assert refused.status == 400
    assert "members" in refused.json()["problems"][0]["en"]


def test_the_real_engine_tells_what_is_on_the_way_of_a_lever(small: Stand) -> None:
    """The lever's own variable is what the plan sets it to, and 0 in the baseline, in every year."""
    pulled = {"levers": {"grant": {"value": 30000, "year": 2030}}}
    question = {**pulled, "mechanism": {"lever": "grant", "area": "province", "cut": []}}
    answer = Client(small.port).post("/why", question).json()
    way = Client(small.port).get("/why/grant").json()
    first, *others = answer["variables"]
    assert [one["id"] for one in answer["variables"]] == [one["id"] for one in way["variables"]]
    assert set(first["baseline"]) == {0}
    assert (first["plan"][0], first["plan"][-1]) == (0, 30000)
    assert first["kind"] == "mean"
    assert all(one["baseline"] != one["plan"] for one in others), "each step of the way moves"
    assert answer["figure"]["plan"] != answer["figure"]["baseline"]


def test_a_study_without_money_or_bundles_has_its_page(small: Stand, open_page: Callable[..., Page]) -> None:
    page = open_page("#lang=en", at=small.address)
    assert page.locator("#money").is_hidden()
    assert page.locator(".bundle").count() == 2
    assert page.locator("#results tbody tr").count() >= 1
    assert page.locator("[data-act=bands]").count() == 0


def test_the_command_says_where_the_page_is_and_serves_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running: list[uvicorn.Server] = []

    def kept(settings: uvicorn.Config, make: Callable[..., uvicorn.Server] = uvicorn.Server) -> uvicorn.Server:
        running.append(make(settings))
        return running[0]

    compiled = threading.Event()

    def slow(_study: Study, _host: str, stage: Callable[[str], None], _outlines: None) -> Any:
        stage(COMPILING)
        compiled.wait(30)
        return application(site, ["127.0.0.1"])

    monkeypatch.setattr(start, "server", slow)
    monkeypatch.setattr(uvicorn, "Server", kept)
    thread = threading.Thread(target=called, args=("--port", "0", "--lang", "en"), daemon=True)
    thread.start()
    while not (running and running[0].started):
        time.sleep(0.02)
    said = capsys.readouterr()
    port = re.search(r"http://127\.0\.0\.1:(\d+)/ says", said.err.replace("\n", " "))
    assert port, said.err
    assert not said.out
    client = Client(int(port[1]))
    early = client.get("/")
    assert early.status == 503
    assert all(text(COMPILING, language) in early.content.decode() for language in ("zh", "en"))
    assert 'http-equiv="refresh"' in early.content.decode()
    refused = client.post("/run", {"indicators": ["residents"]})
    assert (refused.status, set(refused.json()["problems"][0])) == (503, {"zh", "en"})
    compiled.set()
    while not (out := capsys.readouterr().out):
        time.sleep(0.02)
    assert out == f"The page is at http://127.0.0.1:{port[1]}/\n"
    assert client.get("/").status == 200
    running[0].should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def test_a_study_that_is_wrong_ends_the_server_with_its_problems(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(_study: Study, _host: str, _stage: Callable[[str], None], _outlines: None) -> Any:
        raise StudyError(Problem("levers.csv:3", "a lever without a range"))

    monkeypatch.setattr(start, "server", wrong)
    assert called("--port", "0", "--lang", "en") == 3
    said = capsys.readouterr()
    assert "levers.csv:3" in said.err
    assert not said.out


def called(*words: str) -> int:
    """Call the command on a thread of its own: a browser of another case may hold this thread's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(cli.main, ["serve", *words]).result()


def test_a_taken_port_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert called("--port", str(port), "--lang", "en") == 3
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in said
    assert "--port 8421" in said


@pytest.mark.parametrize(("words", "code"), [(["--port", "99999"], 3), (["--port", "x"], 2),
                                             (["--port", "0", "--host", "no.such.host.invalid"], 3)])
def test_a_wrong_call_gets_a_sentence(words: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(*words, "--lang", "zh") == code
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said


BUNDLE_HEAD = "id,group,title_en,title_zh,levers\n"
WRONG_BUNDLES = {
    "a lever that is none": ("a,homes,A,甲,grnt\n", "grnt"),
    "a group that is none": ("a,heart,A,甲,grant\n", "heart"),
    "a lever in two bundles": ("a,homes,A,甲,grant\nb,homes,B,乙,grant\n", "more than one bundle"),
    "an id twice": ("a,homes,A,甲,grant\na,homes,B,乙,tax_relief\n", "a"),
    "no title in Chinese": ("a,homes,A,,grant\n", "title_zh"),
}


@pytest.mark.parametrize(("rows", "named"), WRONG_BUNDLES.values(), ids=WRONG_BUNDLES.keys())
def test_a_wrong_table_of_bundles_is_named(tmp_path: Path, rows: str, named: str) -> None:


    shutil.copytree(MINI, tmp_path / "study")
    (tmp_path / "study" / "scenarios" / "page").mkdir()
    (tmp_path / "study" / "scenarios" / bundles.FILE).write_text(BUNDLE_HEAD + rows, encoding="utf-8")
    study = Study(tmp_path / "study")
    with pytest.raises(StudyError) as raised:
        bundles.read(study, levers.read(study))
    assert named in str(raised.value)
    assert "bundles.csv:" in str(raised.value)
