"""The miniature study and plans on it as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from miniature import mini_study

from xiancheng.study import Study


@pytest.fixture(scope="session")
def mini(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The miniature study, five places; nobody changes it."""
    return mini_study(root, tmp_path_factory.mktemp("planning") / "mini")
