"""`xiancheng serve` as a person calls it: on a small study with the real engine, and with what it cannot take."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from client import Client
from playwright.sync_api import Page

from xiancheng import cli
from xiancheng.errors import StudyError
from xiancheng.scenarios import levers
from xiancheng.study import Study
from xiancheng.web import bundles, wire

MINI = Path(__file__).resolve().parents[1] / "mini"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Client, str]]:
    """The command in a process of its own; gives a client and what the command said."""
    command = [sys.executable, "-m", "xiancheng", "serve", "--port", "0", "--study", str(MINI), "--lang", "en"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert running.stdout is not None
    said = running.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
    try:
        assert found, (said, running.stderr.read() if running.stderr and running.poll() else "")
        yield Client(int(found[1])), said
    finally:
        running.terminate()
        running.communicate(timeout=20)


def test_the_command_says_where_the_page_is_and_runs_the_study(served: tuple[Client, str]) -> None:
    client, said = served
    assert said.startswith("The page is at ")
    assert client.get("/").status == 200
    offer = client.get("/files/catalogue.json").json()
    assert [one["id"] for one in offer["levers"]] == ["grant", "tax_relief"]
    assert {one["group"] for one in offer["bundles"]} == {"other"}
    asked = {"indicators": ["residents"]}
    calm = wire.unpacked(client.post("/run", asked).content)[1]
    pulled = {"levers": {"grant": {"value": 30000, "year": 2030}}}
    moved = wire.unpacked(client.post("/run", {**asked, **pulled}).content)[1]
    assert np.isfinite(calm).all()
    assert (calm != moved).any()


def test_a_study_without_money_or_bundles_has_its_page(
    served: tuple[Client, str], open_page: Callable[..., Page]
) -> None:
    page = open_page("#lang=en", at=f"http://127.0.0.1:{served[0].port}/")
    assert page.locator("#money").is_hidden()
    assert page.locator(".bundle").count() == 2
    assert page.locator("#results tbody tr").count() >= 1


def called(*words: str) -> int:
    return cli.main(["serve", *words])


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
