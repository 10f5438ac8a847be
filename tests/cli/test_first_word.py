"""Rule: a verb that takes long says so before it loads, in the caller's language; one that is quiet says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from xiancheng.cli import app, main
from xiancheng.texts import text


@pytest.mark.parametrize(("language", "verb"), [("en", "sweep"), ("zh", "plan"), ("zh", "target")])
def test_first_word_comes_before_loading(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, verb: str,
) -> None:
    heard: list[str] = []

    def loaded(name: str, language: str) -> Any:
        heard.append(capsys.readouterr().err)
        raise SystemExit(0)

    monkeypatch.setattr(app, "loaded", loaded)
    for words in ([verb, "something"], [verb, "something", "--quiet"], [verb, "--help"]):
        with pytest.raises(SystemExit):
            main(["--lang", language, *words])
    assert heard == [text(app._FIRST_WORDS[verb], language) + "\n", "", ""]
