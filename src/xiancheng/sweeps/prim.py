"""The patient rule induction method, PRIM (Friedman and Fisher, 1999): boxes of factors in which cases gather.

A box is peeled until little is left, each time by the edge that makes cases denser for what it gives up; one of the
boxes on the way is taken, its edges are moved out again where cases get no thinner, and edges that chance would explain
(Bryant and Lempert, 2010) are given up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from xiancheng.sweeps.boxes import HIGH, LOW, WITHOUT, Box, Edge, Measures, Sample, chance, measures

PEEL = 0.05
"""Share of the points of a box that one step takes away."""
PASTE = 0.01
"""Share that one step gives back."""
SMALLEST = 0.05
"""Share of all points below which a box is not peeled on."""
CHANCE = 0.05
"""Quasi-p-value from which on an edge is given up."""


def trajectory(sample: Sample) -> list[Box]:
    """Return the boxes from all points inwards, each one edge narrower, until few points or only cases are left."""
    boxes, left = [Box()], sample
    while not left.cases.all():
        edges = [edge for edge in _edges(left) if edge.holds(left.values).sum() >= SMALLEST * len(sample.cases)]
        if not edges:
            break
        edge = max(edges, key=lambda edge: _gain(left, edge))
        boxes.append(boxes[-1].within(edge))
        left = left.only(edge.holds(left.values))
    return boxes


def _gain(sample: Sample, edge: Edge) -> float:
    """Return by how much cases get denser for each point that is given up, so that no choice wins by its size."""
    inside = edge.holds(sample.values)
    return float(sample.cases[inside].mean() - sample.cases.mean()) / int((~inside).sum())


def _edges(sample: Sample) -> Iterator[Edge]:
    """Yield the edges that take a small share of the points away, half-way between two points."""
    step = max(int(PEEL * len(sample.cases)), 1)
    for factor, discrete in enumerate(sample.discrete):
        values = np.sort(sample.values[:, factor])
        if discrete:
            choices = np.unique(values)
            yield from (Edge(factor, WITHOUT, float(value)) for value in choices if len(choices) > 1)
            continue
        above, below = values[values > values[step - 1]], values[values < values[-step]]
        if len(above):
            yield Edge(factor, LOW, float(values[step - 1] + above[0]) / 2)
        if len(below):
            yield Edge(factor, HIGH, float(values[-step] + below[-1]) / 2)


def best(sample: Sample, least_density: float | None = None) -> Box:
    """Return a box that tells cases well, without edges of chance.

    Args:
        sample: the points.
        least_density: the box of the largest coverage that is at least as dense is taken, else the densest; that with
            the best balance of coverage and density when None.
    """
    boxes = trajectory(sample)
    ranks = [_rank(measures(sample, box), least_density) for box in boxes]
    box = _pasted(sample, boxes[int(np.argmax(ranks))])
    while box.edges:
        worst = max(sorted(box.edges), key=lambda edge: chance(sample, box, edge))
        if chance(sample, box, worst) < CHANCE:
            break
        box = box.but(worst)
    return box


def _rank(about: Measures, least_density: float | None) -> float:
    if least_density is None:
        return about.balance
    return about.coverage if about.density >= least_density else about.density - 1


def _pasted(sample: Sample, box: Box) -> Box:
    """Return a box whose edges are moved outwards as long as cases get no thinner; one without points beyond goes."""
    for side in sorted(box.edges):
        edge: Edge | None = side
        while edge is not None and (wider := _outwards(sample, box, edge)) is not edge:
            box = box.but(edge) if wider is None else box.within(wider)
            edge = wider
    return box


def _outwards(sample: Sample, box: Box, edge: Edge) -> Edge | None:
    """Return an edge moved outwards by some points, the same where cases get thinner, None where none lie beyond."""
    if edge.side == WITHOUT:
        return edge
    inside = sample.cases[box.holds(sample.values)]
    beyond = sample.only(box.but(edge).holds(sample.values) & ~edge.holds(sample.values))
    order = np.argsort(beyond.values[:, edge.factor])
    values = beyond.values[order[::-1] if edge.side == LOW else order, edge.factor]
    step = max(int(PASTE * len(inside)), 1)
    taken = beyond.cases[order[::-1] if edge.side == LOW else order][:step]
    if not len(taken) or taken.mean() < inside.mean():
        return edge
    return replace(edge, value=float(values[step - 1] + values[step]) / 2) if len(values) > step else None
