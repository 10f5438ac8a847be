"""Rule: a verb that takes long says so before it loads what runs; what is wrong with usage comes before any work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from xiancheng.texts import text

GUARDED = """
import sys

class Loading:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("jax", "xarray", "pandas", "scipy"):
            print("loads what runs", file=sys.stderr, flush=True)
            raise SystemExit(9)

sys.meta_path.insert(0, Loading())
from xiancheng.cli import main
raise SystemExit(main(sys.argv[1:]))
"""
"""The program in a process that ends as soon as something heavy is loaded."""
LOADS = 9
WORDS = {"sweep": ["sweep", "levers_and_futures"], "plan": ["plan", "hold_residents"],
         "target": ["target", "urban_share>=0.6", "--by", "2035", "--using", "registration_ease"]}
KEYS = {"sweep": "cli.sweep.reading", "plan": "cli.plan.reading", "target": "cli.plan.reading"}


def call(*words: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", GUARDED, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(("language", "verb"), [("en", "sweep"), ("zh", "plan"), ("zh", "target")])
def test_first_word_comes_before_loading(language: str, verb: str) -> None:
    code, heard = call(*WORDS[verb], "--lang", language)
    assert (code, heard) == (LOADS, f"{text(KEYS[verb], language)}\nloads what runs\n")
    assert call(*WORDS[verb], "--quiet") == (LOADS, "loads what runs\n")


@pytest.mark.parametrize(("words", "code", "said"), [
    (["sweep"], 2, "DESIGN is missing"),
    (["sweep", "levers_and_futures", "--part", "9"], 3, "--part: part 9"),
    (["sweep", "levers_and_futures", "--format", "xml"], 3, "xml"),
    (["sweep", "one", "two"], 3, "one two"),
    (["sweep", "status"], 3, "takes one store"),
    (["plan"], 2, "PLAN is missing"),
    (["plan", "hold_residents", "--in", "200%"], 3, "200%"),
    (["plan", "hold_residents", "-o", "nowhere/answer.toml"], 3, "nowhere"),
    (["target"], 2, "TARGET… is missing"),
    (["target", "urban_share>=0.6"], 2, "--by is missing"),
    (["target", "urban_share>=0.6", "--by", "2035"], 2, "--using is missing"),
    (["target", "urban_share>=0.6", "--by", "soon", "--using", "registration_ease"], 2, "--by"),
    (["target", "a>=1", "--by", "2035", "--using", "b", "--weight", "b"], 3, "--weight"),
    (["target", "a>=1", "--by", "2035", "--using", "b", "--too"], 2, "--too"),
    (["replay"], 2, "RUN is missing"),
    (["export"], 2, "is missing"),
], ids=str)
def test_wrong_usage_is_told_before_any_work(words: list[str], code: int, said: str) -> None:
    """In a sentence, with nothing before it: neither a first word nor anything heavy."""
    answer, heard = call(*words, "--lang", "en")
    assert answer == code
    assert said in heard.splitlines()[0]
    assert text("cli.plan.reading", "en") not in heard
    assert text("cli.sweep.reading", "en") not in heard
