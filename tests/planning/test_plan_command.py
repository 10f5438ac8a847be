"""`plan` as a person meets it: what is said in both languages, what is written, how a call ends."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from miniature import Call, caller

import xiancheng
from xiancheng.planning import answer as answers
from xiancheng.scenarios import scenario
from xiancheng.study import Study

WORDS = '[title]\nzh = "试"\nen = "Try"\n\n[sentence]\nzh = "规划。"\nen = "A plan."\n'
AIM = '\n[[aims]]\nindicator = "residents"\nyear = 2035\n'
LEAST = '\n[[limits]]\nindicator = "residents"\nyears = [2035]\nat_most = 1.7e6\n'
LEVER = "\n[levers.tax_relief]\nyears = [2026]\nlow = 0\n"


@pytest.fixture
def call(
    mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Call the command line on the miniature study from an empty folder."""
    return caller(mini, tmp_path, monkeypatch, capfdbinary)


def test_a_plan_from_file_to_scenario(call: Call, mini: Study) -> None:
    """The limit binds and has a price; the answer is a scenario; a second call runs nothing again."""
    Path("try.toml").write_text(WORDS + AIM + LEAST + LEVER, encoding="utf-8")
    code, out, err = call("plan", "try.toml", "--dry-run")
    assert (code, out) == (0, "")
    assert "Settings that may move: 1; limits: 1; futures: 1." in err
    assert not Path("try_answer.toml").exists()
    code, out, err = call("plan", "try.toml", "--members", "people:4")
    assert code == 0, err
    assert "Binds: Residents in 2035 (68) at most 1.70 million, now 1.70 million." in out
    assert "Room of 20,000 more would bring 20,000 of the aim." in out
    assert "in people:4 members" in out
    value = scenario.read(mini, Path("try_answer.toml")).levers["tax_relief"][0].points[2026]
    assert 0 < value < 1
    assert "All limits are kept at once in 75% of people:4 members." in out
    assert "--in 90%" in out
    code, out, err = call("plan", "try.toml", "--members", "people:4", "--in", "100%")
    assert code == 0, err
    assert "Without a margin" in err
    assert "All limits are kept at once in 100% of people:4 members." in out
    assert scenario.read(mini, Path("try_answer.toml")).levers["tax_relief"][0].points[2026] < value
    log = Path("try_answer.jsonl").read_text(encoding="utf-8")
    code, out, _ = call("plan", "try.toml", "--format", "csv", language="zh")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["kind"] for row in rows] == ["setting", "aim", "limit"]
    assert float(rows[0]["value"]) == pytest.approx(value)
    assert Path("try_answer.jsonl").read_text(encoding="utf-8") == log
    assert xiancheng.plan("try.toml", log="try_answer.jsonl", study=mini).values.tolist() == [value]


@pytest.mark.parametrize(("language", "words"), [("zh", "互相排斥"), ("en", "exclude each other")])
def test_limits_that_exclude_each_other_end_with_code_4(call: Call, language: str, words: str) -> None:
    both = LEAST + LEAST.replace("at_most = 1.7e6", "at_least = 1.75e6")
    Path("try.toml").write_text(WORDS + AIM + both + LEVER, encoding="utf-8")
    code, out, _ = call("plan", "try.toml", language=language)
    assert code == 4
    assert words in out
    assert len([line for line in out.splitlines() if "超出 " in line or "overstepped by" in line]) == 2


@pytest.mark.parametrize(("language", "words"), [("zh", "试算过的取值都保存在"), ("en", "Every setting tried is kept")])
def test_a_call_that_is_stopped_says_what_is_kept(
    call: Call, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(answers, "solve", stopped)
    Path("try.toml").write_text(WORDS + AIM + LEVER, encoding="utf-8")
    code, _, err = call("plan", "try.toml", language=language)
    assert code == 130
    assert words in err
    assert "try_answer.jsonl" in err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_calls_are_told_without_a_traceback(call: Call, language: str) -> None:
    for words, hint in ((("plan", "hold"), "scenarios/plans"), (("plan", "nowhere.toml"), "nowhere.toml"),
                        (("plan", "hold", "-o", "no/x.toml"), "no"), (("plan", "hold", "--in", "190%"), "190%"),
                        (("plan", "hold", "--format", "tabel"), "table")):
        code, out, err = call(*words, language=language)
        assert (code, out) == (3, "")
        assert hint in err
        assert "Traceback" not in err
