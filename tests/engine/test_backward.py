"""What a number made of results changes by for one more of a path at a step is the difference that the step makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xiancheng import engine
from xiancheng.engine import backward, keeping, ready
from xiancheng.engine.backward import Passage
from xiancheng.engine.program import Program
from xiancheng.errors import StudyError
from xiancheng.texts import in_language

EQUATIONS = """{UTF-8}
place: p1, p2, p3 ~ ~ |
stock[place] = INTEG(inflow[place] - stock[place] / lifetime, start[place]) ~ person ~ A stock. |
start[place] = 10, 20, 30 ~ person ~ |
inflow[place] = base + push[place] * INITIAL(stock[place] * 2) + Time - 2020 ~ person/year ~ |
base = 3 ~ person/year ~ |
push[place] = 0.1 ~ 1/year ~ |
lifetime = 4 ~ year ~ |
total = DELAY3(SUM(inflow[place!]), 2) ~ person/year ~ |
half[p1] = base * base ~ person/year ~ |
root[place] = ZIDZ(base - 3, push[place]) + SQRT(MAX(base - 3, 0)) ~ dmnl ~ |
capped[place] = IF THEN ELSE(stock[place] > 25, stock[place] ^ 2, 0) ~ dmnl ~ |
INITIAL TIME = 2020 ~ year ~ |
FINAL TIME = 2026 ~ year ~ |
TIME STEP = 0.25 ~ year ~ |
SAVEPER = 0.5 ~ year ~ |
"""
OUTPUTS = ("stock", "total", "half", "root", "capped", "start")
FILE = Path("model.mdl")
TIMES = 2020 + 0.25 * np.arange(26)
STEPS = ((3, ()), (4, ()), (11, ()), (23, ()))
PLACED = ((3, (0,)), (8, (2,)), (13, (1,)))


def parameters() -> dict[str, Any]:
    base = 3 + 0.5 * np.sin(np.arange(len(TIMES)))
    return {"base": engine.TimePath(TIMES, base),
            "push": engine.TimePath(TIMES, 0.1 + 0.01 * np.outer(base, [1, 2, 3]))}


@pytest.fixture(scope="module")
def program() -> Program:
    return engine.compile(FILE, text=EQUATIONS, outputs=OUTPUTS, inputs=["base", "push"])


def asked(told: dict[str, Any]) -> ready.Call:
    return ready.Call(FILE, EQUATIONS, "", OUTPUTS, told, 2020.0)


@pytest.fixture(scope="module")
def passage(program: Program) -> Passage:
    return backward.passage(asked(parameters()), lambda: program)


def weights(passage: Passage) -> dict[str, Any]:
    """Some weight on every output that moves, at every time and element."""
    draws = np.random.default_rng(4)
    holes = {"half": np.array([1, 0, 0])}
    return {name: draws.uniform(-1, 1, values.shape) * holes.get(name, 1)
            for name, (values, _) in passage.result.arrays.items()}


def number(program: Program, told: dict[str, Any], weight: dict[str, Any]) -> float:
    result = engine.run(program, told)
    return float(sum(np.nansum(result[name].values * weight[name]) for name in weight))


@pytest.mark.parametrize(("name", "step", "place"),
                         [*(("base", *at) for at in STEPS), *(("push", *at) for at in PLACED)])
def test_a_slope_is_the_difference_that_a_step_of_a_path_makes(
    program: Program, passage: Passage, name: str, step: int, place: tuple[int, ...]
) -> None:
    weight = weights(passage)
    slopes = passage.slopes(weight)
    numbers = []
    for move in (1e-5, -1e-5):
        told = parameters()
        values = told[name].values.copy()
        values[(step, *place)] += move
        told[name] = engine.TimePath(TIMES, values)
        numbers.append(number(program, told, weight))
    assert slopes.paths[name][(step, *place)] == pytest.approx((numbers[0] - numbers[1]) / 2e-5, rel=1e-6)
    assert slopes.times[step] == TIMES[step]


def test_slopes_by_numbers_are_differences_of_whole_runs() -> None:
    """What begins with a number, what every step reads of it and what shows it are all counted."""
    names = ("base", "push", "lifetime", "start", "patience")
    text = EQUATIONS.replace("inflow[place!]), 2)", "inflow[place!]), patience)") + "patience = 2 ~ year ~ |\n"
    program = engine.compile(FILE, text=text, outputs=OUTPUTS, inputs=names)
    told = {**parameters(), "lifetime": 4.0, "start": np.array([10.0, 20.0, 30.0]), "patience": 2.0}
    passage = backward.passage(ready.Call(FILE, text, "", OUTPUTS, told, 2020.0), lambda: program)
    weight = weights(passage)
    slopes = passage.by_numbers(weight)
    assert slopes.keys() == {"lifetime", "start", "patience"}
    for name, slope in slopes.items():
        for place in np.ndindex(slope.shape):
            width = np.zeros(slope.shape)
            width[place] = 1e-5
            above, below = (number(program, {**told, name: told[name] + sign * width}, weight) for sign in (1, -1))
            assert slope[place] == pytest.approx((above - below) / 2e-5, rel=1e-5)


def test_a_passage_has_the_results_of_a_run(program: Program, passage: Passage) -> None:
    result = engine.run(program, parameters())
    for name, (values, _) in passage.result.arrays.items():
        np.testing.assert_allclose(values, result[name].broadcast_like(result["time"]).transpose("time", ...).values)


def test_a_number_without_weights_does_not_change(passage: Passage) -> None:
    assert all(not slope.any() for slope in passage.slopes({}).paths.values())


def test_code_that_is_kept_is_taken_by_the_next_process(
    program: Program, passage: Passage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path))
    monkeypatch.setattr(keeping, "LONG", 0)
    monkeypatch.setattr(keeping, "LEAST_SECONDS", 0.0)
    call = asked(parameters())
    backward.forget()
    program.variants.clear()
    first = backward.passage(call, lambda: program).slopes(weights(passage))
    ready.keep(call, program)
    backward.forget()

    def none() -> Program:
        raise AssertionError("what is kept needs no program")

    second = backward.passage(call, none).slopes(weights(passage))
    for name, slope in first.paths.items():
        np.testing.assert_array_equal(slope, second.paths[name])


@pytest.mark.parametrize(("language", "words"), [("en", "Euler"), ("zh", "欧拉")])
def test_equations_by_another_rule_are_refused(language: str, words: str) -> None:
    text = EQUATIONS + "\n\\\\\\---/// Sketch information\n*View 1\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,1,0,0\n"
    program = engine.compile(FILE, text=text, inputs=["base", "push"])
    passage = backward.passage(ready.Call(FILE, text, "", None, parameters(), 2020.0), lambda: program)
    with pytest.raises(StudyError) as refused:
        passage.slopes({})
    assert words in in_language(refused.value.problems[0].allowed, language)
