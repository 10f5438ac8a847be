"""The sketch of a study by the command line: drawn once, renewed when equations change, every fault told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.model import tables
from xiancheng.sketches import sketch
from xiancheng.study import EQUATIONS, Study
from xiancheng.texts import in_language
from xiancheng.weaving import weave

Streams = pytest.CaptureFixture[bytes]
Say = Callable[..., tuple[int, str]]
ADDED = "halved births[place] = births[place] / 2 ~ person/year ~ Half. |\n"
BEFORE = "********************************************************\n\t.Migration\n"


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Study:
    """The miniature study with its sketch."""
    shutil.copytree(root / "tests" / "mini", tmp_path / "mini")
    own = Study(tmp_path / "mini")
    assert sketch.build(own)
    return own


@pytest.fixture
def say(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Streams) -> Say:
    """Call the command line from another folder; gives back the code and all that it says."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def answer(*words: str, language: str = "en") -> tuple[int, str]:
        code = main([*words, "--study", str(study.root), "--lang", language])
        out, err = capfdbinary.readouterr()
        return code, (out + err).decode("utf-8")

    return answer


def edited(study: Study, before: str, after: str) -> Study:
    """Change the text of the equations, sketch included, at one place."""
    text = study.equations.read_text(encoding="utf-8")
    assert text.count(before) == 1
    study.equations.write_text(text.replace(before, after), encoding="utf-8")
    return Study(study.root)


def line_of(study: Study, pattern: str) -> str:
    match = re.search(pattern, study.equations.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert match is not None
    return match.group()


FAULTS = {
    "lacks": (r"^(10,\d+,leaving rate,.*,8,)3,", "{start}2,", "it lacks leaving rate", "缺少 leaving rate"),
    "twice": (r"^10,(\d+),leaving rate,.*\n", "10,900,leaving rate,0,0,9,9,8,3,0,0,0,0,0,0\n{line}",
              "shows leaving rate more than once", "重复显示 leaving rate"),
    "unknown": (r"^10,(\d+),leaving rate,.*\n", "{line}10,900,ghost town,0,0,9,9,8,3,0,0,0,0,0,0\n",
                "they have no ghost_town", "方程中没有 ghost_town"),
    "elsewhere": (r"^10,(\d+),leaving rate,.*\n", "{line}10,900,births,0,0,9,9,8,3,0,0,0,0,0,0\n",
                  "variables of another sector as its own: births", "把其他部门的变量当作本部门变量显示：births"),
    "view": (r"^\*Migration\n", "*Moves\n", "the sketch has no view Migration", "结构图没有视图 Migration"),
    "line": (r"^10,(\d+),leaving rate,.*\n", "10,leaving rate\n", "10,leaving rate is no line of a sketch",
             "10,leaving rate 不是结构图的行"),
    "arrow": (r"^(1,\d+),\d+,\d+,0,0,0,0,0,64,0,.*\n", "1,901,999,1,0,0,0,0,0,64,0,-1--1--1,,1|(0,0)|\n{line}",
              "leads from or to nothing", "有箭头没有起点或终点"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_sketch_is_told_in_both_languages(study: Study, fault: str) -> None:
    pattern, after, english, chinese = FAULTS[fault]
    line = line_of(study, pattern)
    wrong = edited(study, line, after.format(line=line, start=line[:-2]))
    with pytest.raises(StudyError) as error:
        sketch.check(wrong)
    assert english in str(error.value)
    assert any(chinese in in_language(part, "zh") for problem in error.value.problems for part in problem.sentences)
    assert all(problem.hint and problem.allowed and problem.file for problem in error.value.problems)


def test_an_equation_that_looks_at_something_else_is_told(study: Study) -> None:
    wrong = edited(study, "residents[place] * leaving rate * EXP", "births[place] * leaving rate * EXP")
    with pytest.raises(StudyError, match="older than the equations: other causes have leavers"):
        sketch.check(wrong)


def test_shapes_may_be_moved_by_hand(study: Study) -> None:
    line = line_of(study, r"^10,\d+,leaving rate,.*\n")
    moved = re.sub(r"(leaving rate),-?\d+,-?\d+", r"\1,33,44", line)
    sketch.check(edited(study, line, moved))


def test_a_study_without_a_sketch_is_right_and_gets_none_by_renewing(root: Path) -> None:
    bare = Study(root / "tests" / "mini")
    sketch.check(bare)
    assert not sketch.renew(bare)


def test_the_verb_draws_says_what_is_older_and_renews(study: Study, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    assert say("sketch") == (0, "nothing to do: the sketch is what the equations give\n")
    assert say("sketch", "--check") == (0, "right: the sketch shows the equations as they are\n")
    edited(study, BEFORE, ADDED + BEFORE)
    code, words = say("sketch", "--check")
    assert (code, "it lacks halved births" in words, "xiancheng sketch" in words) == (3, True, True)
    assert "缺少 halved births" in say("sketch", "--check", language="zh")[1]
    monkeypatch.setattr(weave, "build", lambda _study: ())
    monkeypatch.setattr(tables, "check", lambda _root: None)
    assert say("tables", "build") == (0, f"wrote {study.root / EQUATIONS}\n")
    assert say("sketch", "--check")[0] == 0


def test_pictures_are_written_beside_and_a_sketch_that_is_missing_is_told(study: Study, say: Say) -> None:
    code, words = say("sketch", "-o", "pictures")
    assert (code, Path("pictures", "sector_population.svg").read_text(encoding="utf-8")[:4]) == (0, "<svg")
    assert "wrote pictures/sector_population.svg" in words
    Path("taken").write_text("", encoding="utf-8")
    assert say("sketch", "-o", "taken")[0] == 3
    text = study.equations.read_text(encoding="utf-8")
    study.equations.write_text(text.partition("\\\\\\---///")[0], encoding="utf-8")
    code, words = say("sketch", "--check", language="zh")
    assert (code, "方程没有结构图" in words, "xiancheng sketch" in words) == (3, True, True)
