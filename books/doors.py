"""The pages of the Python interface: one directive for each public name, filled in from its docstring."""

from __future__ import annotations

from types import ModuleType

import xiancheng
from books.words import page
from xiancheng import engine

RETURNED = (
    "xiancheng.comparison.comparison.Comparison", "xiancheng.engine.graph.Causes",
    "xiancheng.planning.answer.PlanAnswer", "xiancheng.planning.target.Answer",
    "xiancheng.sweeps.discovery.Discovery", "xiancheng.sweeps.effects.Effects",
    "xiancheng.sweeps.ranges.Changes", "xiancheng.sweeps.work.RunTally",
)
"""What public functions take and give back beside Datasets and tables: nobody makes these, everybody reads them."""


def pages() -> dict[str, str]:
    """Return the page of the Python interface by its path."""
    homes = [home(xiancheng, name) for name in sorted(xiancheng.__all__, key=str.lower)]
    own = [home(engine, name) for name in sorted(engine.__all__, key=str.lower)]
    return {"api.md": page(
        "Python interface",
        "`import xiancheng` offers these names; each is made from its docstring. Results are xarray Datasets with "
        "their dimensions and units; errors are told by `StudyError`, all problems of an input at once.",
        *map(_directive, homes),
        "## What comes back",
        "What functions hand over that is neither a Dataset nor a table, and what `sweep` and `design` take beside a "
        "design.",
        *map(_directive, RETURNED),
        "## The engine",
        "`from xiancheng import engine` runs any model of Vensim, without a study ([the engine](engine.md)). `compile` "
        "and `gradient` of it stand above, under the same name.",
        *(_directive(path) for path in own if path not in homes))}


def home(module: ModuleType, name: str) -> str:
    """Return the path of a public name in the module that defines it."""
    thing = getattr(module, name)
    return f"{thing.__module__}.{thing.__qualname__}"


def _directive(path: str) -> str:
    return f"::: {path}"
