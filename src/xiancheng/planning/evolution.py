"""The search that needs no slopes: NSGA-II of pymoo (Deb et al., 2002), as a check, and for two aims a front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import MissingPart
from xiancheng.planning.landscape import ENOUGH, Landscape, View
from xiancheng.planning.search import Best


@dataclass(frozen=True)
class Front:
    """Settings of which none is better than another in both aims.

    Attributes:
        shares: (setting, share).
        views: what each comes to.
    """

    shares: Floats
    views: tuple[View, ...]


def search(landscape: Landscape) -> Best:
    """Return the best setting of a plan that generations came to; limits have no prices here.

    Raises:
        MissingPart: pymoo is not installed.
    """
    shares, views = _generations(landscape, 1)
    best = min(range(len(views)), key=lambda number: (max(views[number].worst, ENOUGH), -views[number].aim))
    return Best(shares[best], views[best], views[best].worst <= ENOUGH, np.zeros(len(landscape.plan.rows)))


def front(landscape: Landscape) -> Front:
    """Return the front of a plan with two aims.

    Raises:
        MissingPart: pymoo is not installed.
    """
    shares, views = _generations(landscape, 2)
    feasible = [number for number, view in enumerate(views) if view.worst <= ENOUGH]
    best = [number for number in feasible if not any(
        (views[other].aims >= views[number].aims).all() and (views[other].aims > views[number].aims).any()
        for other in feasible)]
    order = sorted(best, key=lambda number: views[number].aims[0])
    return Front(shares[order], tuple(views[number] for number in order))


def _generations(landscape: Landscape, aims: int) -> tuple[Floats, list[View]]:
    """Return the last generation and what each setting comes to."""
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem as Task
        from pymoo.optimize import minimize
    except ImportError:
        raise MissingPart("plan", "pymoo") from None
    plan, size = landscape.plan, landscape.plan.moves.size

    class Settings(Task):  # type: ignore[misc]
        """Shares of a plan, its aims to be made small and its limits at most 0."""

        def __init__(self) -> None:
            super().__init__(n_var=size, n_obj=aims, n_ieq_constr=len(plan.rows), xl=0.0, xu=1.0)

        def _evaluate(self, x: Floats, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
            views = landscape.views(x)
            out["F"] = np.array([-view.aims if aims > 1 else [-view.aim] for view in views])
            if plan.rows:
                out["G"] = np.array([view.over for view in views])

    first = np.random.default_rng(plan.search.seed).uniform(size=(plan.search.points, size))
    first[0] = landscape.start
    answer = minimize(Settings(), NSGA2(pop_size=plan.search.points, sampling=first),
                      ("n_gen", plan.search.steps), seed=plan.search.seed)
    shares = np.array([individual.X for individual in answer.pop])
    return shares, landscape.views(shares)
