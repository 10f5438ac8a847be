"""What people come for takes no more acts than it should."""

from __future__ import annotations

import pytest
import tasks
from playwright.sync_api import Browser
from stand import Stand

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", tasks.TASKS)
def test_a_task_takes_few_acts(browser: Browser, stand: Stand, name: str) -> None:
    assert tasks.done(browser, stand.address, name) <= tasks.TASKS[name][1]
