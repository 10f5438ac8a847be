"""What people come for takes no more acts than it should, in Chromium and in the Firefox of the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tasks
from playwright.sync_api import Browser
from stand import Stand

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", tasks.TASKS)
def test_a_task_takes_few_acts(browser: Browser, stand: Stand, name: str) -> None:
    assert tasks.done(browser, stand.address, name) <= tasks.TASKS[name][1]


@pytest.mark.study
@pytest.mark.skipif(tasks.firefox_program() is None, reason="no Firefox is installed")
def test_firefox_takes_as_many_acts_with_the_real_engine() -> None:
    """A process of its own: what stands between Playwright and this Firefox has to be there before both."""
    words = [sys.executable, str(Path(tasks.__file__)), "--browser", "firefox"]
    told = subprocess.run(words, capture_output=True, text=True, timeout=1200, check=True).stdout
    acts = {name.strip(): int(count) for _, name, count in (line.split("|") for line in told.splitlines())}
    assert acts.keys() == tasks.TASKS.keys()
    assert {name: count for name, count in acts.items() if count > tasks.TASKS[name][1]} == {}


def test_the_tasks_are_a_command_from_any_folder(tmp_path: Path) -> None:
    words = [sys.executable, str(Path(tasks.__file__)), "--help"]
    assert "--browser" in subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
