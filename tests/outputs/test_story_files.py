"""Stories: every claim is one of three, and what a file says that the study does not have is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.errors import StudyError
from xiancheng.outputs import introduction, stories
from xiancheng.outputs.stories import ABOVE, BELOW, SAME, Claim
from xiancheng.scenarios import scenario
from xiancheng.study import Study

HEAD = """
[title]
zh = "题"
en = "Title"

[about]
zh = "题"
en = "About"
"""
STEP = """
[[steps]]
indicator = "{indicator}"
year = 2035
words = {{ zh = "话", en = "Words" }}
{more}
"""
SIZES = st.floats(-1e9, 1e9)


def story(folder: Path, *steps: tuple[str, str]) -> None:
    """Write a story of steps, each an indicator and more keys."""
    text = HEAD + "".join(STEP.format(indicator=indicator, more=more) for indicator, more in steps)
    (folder / "1_story.toml").write_text(text, encoding="utf-8")


def problems(study: Study) -> list[str]:
    with pytest.raises(StudyError) as raised:
        stories.read(study, scenario.book(study))
    return [str(problem) for problem in raised.value.problems]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stories are read from."""
    monkeypatch.setattr(stories, "FOLDER", str(tmp_path))
    return tmp_path


@given(SIZES, SIZES, st.floats(1e-6, 1e9), st.floats(0.1, 100))
def test_a_figure_lies_above_or_below_or_is_the_same(value: float, level: float, least: float, by: float) -> None:
    claims = [Claim(indicator="x", relation=relation, by=by)  # type: ignore[arg-type]
              for relation in (ABOVE, BELOW, SAME)]
    holding = [claim.relation for claim in claims if claim.holds(value, level, least)]
    assert len(holding) == 1
    assert holding == [SAME] or (value > level) == (holding == [ABOVE])


def test_everything_that_the_study_does_not_have_is_told_at_once_with_its_line(root: Path, folder: Path) -> None:
    story(folder, ("residents", 'set = ["county_indstry=3"]'), ("happiness", 'place = "Nowhere"'),
          ("residents", "draw = { low = 2, high = 1 }"), ("residents", 'claims = [{ indicator = "luck", relation = '
                                                                       '"above" }]'))
    told = problems(Study(root))
    assert len(told) == 5
    for word in ("county_indstry", "happiness", "Nowhere", "low is not below high", "luck"):
        assert any(word in problem for problem in told), word
    assert all("1_story.toml:" in problem for problem in told)


@pytest.mark.parametrize(("more", "word"), [
    ('look = "sky"', "sky"), ('claims = [{ indicator = "residents", relation = "near" }]', "near"),
    ("surprise = 1", "surprise"), ('claims = [{ indicator = "residents", relation = "above", by = 0 }]', "by"),
])
def test_a_key_or_word_that_no_story_has_is_refused(root: Path, folder: Path, more: str, word: str) -> None:
    story(folder, ("residents", more), ("residents", ""))
    assert any(word in problem for problem in problems(Study(root)))


def test_a_study_without_stories_has_none(root: Path, folder: Path) -> None:
    study = Study(root)
    assert stories.read(study, scenario.book(study)) == ()


def test_the_study_says_in_two_lines_and_two_languages_what_it_is(root: Path) -> None:
    lines = introduction.read(Study(root))
    assert len(lines) == 2
    assert all(line["zh"] and line["en"] for line in lines)
