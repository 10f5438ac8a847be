"""Whatever comes in is right, or refused with its line: no failure inside, nothing that hangs, nothing wrong taken.

Each kind of input is spoiled by strategies of hypothesis from a seed. A door of the program reads it; a reader that
shares no code with the program says whether it is wrong. `make test` tries some hundreds, `make study` twenty thousand.
"""

from __future__ import annotations

import re
import shutil
import signal
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import mutations
import oracle
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from oracle import Rule
from rules import OWN, STUDY, TABLES

from xiancheng.engine import checks
from xiancheng.errors import Problem, StudyError
from xiancheng.scenarios import scenario, schema
from xiancheng.study import Study
from xiancheng.sweeps import design

ROOT = Path(__file__).parents[2]
SECONDS = 5
SEED = 20260711
QUICK = {"table": 120, "own table": 90, "scenario": 60, "design": 20, "setting": 60, "model": 40}
FULL = {"table": 7_000, "own table": 4_500, "scenario": 3_500, "design": 500, "setting": 2_000, "model": 2_500}
Case = tuple[str, Callable[[], object], str]
"""An input as text, the door that reads it, and what the oracle says is wrong with it, or ""."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where something takes longer."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def hold(case: Case) -> None:
    """Read an input: it is refused with what was found and where, or taken, and then the oracle has no objection."""
    text, door, wrong = case
    problems = refusal(door)
    if problems is None:
        assert not wrong, f"taken though wrong ({wrong}): {text[:2000]}"
        return
    assert problems, text
    for problem in problems:
        assert problem.found, text
        assert problem.allowed or problem.hint, (str(problem), text)
        assert len(str(problem)) < 6_000, text


def refusal(door: Callable[[], object]) -> tuple[Problem, ...] | None:
    """The problems with which a door refuses; None where it takes what it reads."""
    try:
        with within(SECONDS):
            door()
    except StudyError as error:
        return error.problems
    return None


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    root = tmp_path_factory.mktemp("fuzz")
    for room in ("model", "scenarios", "outputs", "calibration"):
        shutil.copytree(ROOT / room, root / room)
    return Study(root)


@cache
def _text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def _tables(study: Study, folder: Path) -> st.SearchStrategy[Case]:
    def case(pair: tuple[str, str]) -> Case:
        name, text = pair
        check, rule = TABLES[name]

        def door() -> None:
            (study.root / name).write_text(text, encoding="utf-8", newline="")
            try:
                check(study)
            finally:
                (study.root / name).write_text(_text(name), encoding="utf-8", newline="")

        return f"{name}\n{text[:1500]}", door, oracle.wrong(text, rule)

    names = st.sampled_from(sorted(TABLES))
    return names.flatmap(lambda name: st.tuples(st.just(name), mutations.table(_text(name)))).map(case)


def _own_tables(study: Study, folder: Path) -> st.SearchStrategy[Case]:
    file = folder / "mine.csv"

    def case(pair: tuple[str, str]) -> Case:
        name, text = pair
        _, read, rule = OWN[name]
        bare = text.removeprefix("\ufeff")
        spaced = "\n".join(",".join(cell.strip() for cell in line.split(",")) for line in bare.split("\n"))

        def door() -> None:
            file.write_text(text, encoding="utf-8", newline="")
            read(file)

        return text, door, oracle.wrong(bare, rule) and oracle.wrong(spaced, rule)

    names = st.sampled_from(sorted(OWN))
    return names.flatmap(lambda name: st.tuples(st.just(name), mutations.table(OWN[name][0]))).map(case)


def _documents(
    folder: Path, files: list[Path], rule: dict[str, Any], read: Callable[[Path], object]
) -> st.SearchStrategy[Case]:
    bases = tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in files)
    validator, file = Draft202012Validator(rule), folder / "mine.toml"

    def case(text: str) -> Case:
        def door() -> None:
            file.write_text(text, encoding="utf-8", newline="")
            read(file)

        return text, door, _wrong(text, validator)

    return mutations.document(bases, rule).map(case)


def _wrong(text: str, validator: Draft202012Validator) -> str:
    """Say what the schema of a document finds, where a text is one."""
    if len(text) > 100_000:
        return "too large"
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return "no TOML"
    return next((error.message[:200] for error in validator.iter_errors(values)), "")


def _scenarios(study: Study, folder: Path) -> st.SearchStrategy[Case]:
    files = list(scenario.files(STUDY).values())
    return _documents(folder, files, schema.of_scenario(STUDY, "en"), lambda file: scenario.read(STUDY, file))


def _sweeps(study: Study, folder: Path) -> st.SearchStrategy[Case]:
    files = list(design.files(STUDY).values())
    return _documents(folder, files, design.schema(STUDY, "en"), lambda file: design.read(STUDY, file))


def _settings(study: Study, folder: Path) -> st.SearchStrategy[Case]:
    table = oracle.rows(_text("scenarios/levers.csv")) or []
    ranges = {row["id"]: (float(row["low"]), float(row["high"])) for row in table}
    names = {"all", "68", "poles", "core", "circle"}
    for row in oracle.rows(_text("model/tables/places.csv")) or []:
        words = (row["code"], f"p{row['code']}", row["name_zh"], row["name_en"], *row["old_names"].split("+"))
        names |= {re.sub(r"[ '’]", "", word.lower()) for word in words if word}
    ids = (*sorted(ranges), "outside_attractiveness", "fertility_path", "in_place_rate", "labour_demand_elasticity")

    def case(text: str) -> Case:
        return text, lambda: scenario.from_settings(STUDY, [text]), oracle.setting(text, ranges, names, 2035)

    return mutations.setting(ids).map(case)


def _models(study: Study, folder: Path) -> st.SearchStrategy[Case]:
    sources = ROOT / "tests" / "engine" / "conformance"
    shutil.copytree(sources / "tables", folder / "tables", dirs_exist_ok=True)
    texts = tuple(file.read_text(encoding="utf-8") for file in sorted(sources.glob("*.mdl")))
    file = folder / "mine.mdl"

    def case(pair: tuple[str, bool]) -> Case:
        text, refused = pair

        def door() -> None:
            file.write_text(text, encoding="utf-8", newline="")
            if problems := checks.check(file):
                raise StudyError(problems)

        return text, door, "a form or a limit" if refused else ""

    return mutations.model(texts).map(case)


KINDS: dict[str, Callable[[Study, Path], st.SearchStrategy[Case]]] = {
    "table": _tables, "own table": _own_tables, "scenario": _scenarios, "design": _sweeps, "setting": _settings,
    "model": _models,
}


def attempt(kind: str, count: int, study: Study, folder: Path) -> None:
    """Try a number of inputs of a kind, always the same ones."""
    tried = 0

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, derandomize=False,
              suppress_health_check=list(HealthCheck))
    @given(KINDS[kind](study, folder))
    def each(case: Case) -> None:
        nonlocal tried
        tried += 1
        hold(case)

    each()
    assert tried >= count * 0.9


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_some_hundred_inputs_are_right_or_refused(kind: str, study: Study, tmp_path: Path) -> None:
    attempt(kind, QUICK[kind], study, tmp_path)


@pytest.mark.study
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_thousand_inputs_are_right_or_refused(kind: str, study: Study, tmp_path: Path) -> None:
    assert sum(FULL.values()) >= 20_000
    attempt(kind, FULL[kind], study, tmp_path)


def test_the_oracle_sees_what_is_wrong() -> None:
    """An oracle that finds nothing proves nothing."""
    rule = Rule(("name", "value"), ("name",), {"value": (0.0, 1.0)})
    assert oracle.wrong("name,value\na,0.5\n", rule) == ""
    for text in ("name,value\na,2\n", "name,value\na,1,5\n", "name,value\na,nan\n", "value,name\n1,a\n",
                 'name,value\n"a,1\n', "name,value\na,1\na,1\n", "name,value\na,１\n", "name,value\r\ra,1"):
        assert oracle.wrong(text, rule), text
    with pytest.raises(AssertionError, match="taken though wrong"):
        hold(("text", lambda: None, "a reason"))
    with pytest.raises(ZeroDivisionError):
        hold(("text", lambda: 1 / 0, ""))
