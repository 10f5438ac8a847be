"""The page of recipes, run block by block on the miniature study: each tool finds what is known to be there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from miniature import mini_study

from xiancheng.outputs import indicators
from xiancheng.scenarios import levers
from xiancheng.study import Study

PAGE = "recipes.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"^## (.+)$", re.MULTILINE)
MINI = """
import numpy as np

import xiancheng

ranges = {"tax_relief@2028": (0.0, 1.0), "grant@2030:68": (0.0, 30000.0)}
figure = "residents@2035:68"


def price(points):
    return np.sum(points, axis=1)
"""
"""The same problem in the miniature study: both levers keep people, so that the best point is known to be their top."""
Parts = dict[str, list[str]]


@pytest.fixture(scope="module")
def parts(root: Path) -> Parts:
    """The blocks of the page by their heading."""
    pieces = HEAD.split((root / "docs" / PAGE).read_text(encoding="utf-8"))
    return {head: BLOCK.findall(body) for head, body in zip(pieces[1::2], pieces[2::2], strict=True)}


@pytest.fixture(scope="module")
def names(root: Path, parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the first section of the page defines, on the miniature study, the best point beside it."""
    study = mini_study(root, tmp_path_factory.mktemp("recipes") / "mini")
    scope: dict[str, Any] = {"print": lambda *words: None}
    exec(MINI, scope)
    batch = scope["xiancheng"].batch
    scope["xiancheng"] = type("door", (), {"batch": staticmethod(lambda *a, **k: batch(*a, study=study, **k))})
    exec(parts["The problem"][1], scope)
    scope["top"] = float(scope["figures"]([1.0, 1.0], scope["figure"])[0, 0])
    scope["bottom"] = float(scope["figures"]([0.0, 0.0], scope["figure"])[0, 0])
    return scope


Do = Callable[[str], dict[str, Any]]


@pytest.fixture
def do(parts: Parts, names: dict[str, Any]) -> Do:
    """Run the block of a heading as it stands."""

    def done(head: str) -> dict[str, Any]:
        (block,) = parts[head]
        exec(block, names)
        return names

    return done


def near(names: dict[str, Any], value: float) -> bool:
    """Tell whether a value lies in the upper twentieth of what the levers can do."""
    return value > names["top"] - 0.05 * (names["top"] - names["bottom"])


def test_the_problem_of_the_page_is_one_of_the_study(root: Path, parts: Parts) -> None:
    """Its levers, ranges and figures are there."""
    scope: dict[str, Any] = {}
    exec(parts["The problem"][0], scope)
    study = Study(root)
    catalogue = levers.read(study)
    for name, (low, high) in scope["ranges"].items():
        lever = catalogue[name.partition("@")[0]]
        assert lever.low <= low < high <= lever.high
    named = [scope["figure"], *re.findall(r'"(\w+@[^"]+)"', parts["The problem"][0].partition("figure =")[2])]
    assert {word.partition("@")[0] for word in named} <= set(indicators.read(study))


def test_scipy(do: Do) -> None:
    names = do("SciPy")
    assert near(names, -names["coarse"].fun)
    assert names["figures"](names["fine"].x, names["figure"])[0, 0] >= -names["coarse"].fun * (1 - 1e-9)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pymoo(do: Do) -> None:
    """A front: sorted by one aim it is sorted by the other, and it holds nearly the most that can be had."""
    names = do("NSGA-II by pymoo")
    aims = names["front"].F[names["front"].F[:, 0].argsort()]
    assert len(aims) > 3
    assert (aims[1:, 1] <= aims[:-1, 1]).all()
    assert near(names, -aims[0, 0])


def test_bayesian_optimisation(do: Do) -> None:
    names = do("Bayesian optimisation by scikit-learn")
    assert near(names, names["values"].max())


def test_a_tree_and_a_box(do: Do) -> None:
    """Both find the corner where people leave: little of what keeps them."""
    do("Bayesian optimisation by scikit-learn")
    names = do("A tree by scikit-learn")
    assert names["tree"].score(names["sample"], names["cases"]) > 0.9
    names = do("A box by PRIM")
    about = names["measures"](names["table"], names["hull"])
    assert min(about.coverage, about.density) > 0.7
    assert {edge.side for edge in names["hull"].edges} == {"high"}
