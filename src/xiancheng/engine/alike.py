"""What the runs of a batch begin with alike: computed on the host, so that nothing of it has to be compiled.

A study's start is hundreds of equations, as much code as half a step. What of it follows from nothing that differs
between the runs, by what the equations name and not by chance of values, is the same for all of them; what does differ
asks for some of it, and just that goes into the compiled code, as numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from xiancheng.cache import Cache
from xiancheng.engine import depends
from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.graph import variable_graph
from xiancheng.engine.needed import along
from xiancheng.engine.results import Prepared
from xiancheng.engine.variants import Variant

_BEGINNINGS = 2
"""Beginnings that stay in memory."""


class Alike(NamedTuple):
    """Values by the label under which an evaluation looks for them.

    Attributes:
        once: of what a run computes once.
        start: of what it computes at its start.
    """

    once: Mapping[str, Any]
    start: Mapping[str, Any]

    def into(self, once: Evaluation, start: Evaluation) -> None:
        """Let two evaluations find the values as if they had computed them."""
        once.memo.update(self.once)
        start.memo.update(self.start)


class _Noting(dict[Any, Any]):
    """What has been computed, and what of it has been looked at."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.alike = frozenset(values)
        self.reads = dict[str, None]()

    def __getitem__(self, label: Any) -> Any:
        if label in self.alike:
            self.reads[label] = None
        return super().__getitem__(label)


def alike(variant: Variant, prepared: Prepared) -> Alike:
    """Return what runs begin with alike, in the precision of the runs.

    Args:
        variant: the way the program is run.
        prepared: the parameters of the runs.
    """
    labels: Alike = variant.code.get(("alike", prepared.batched), lambda: _labels(variant, prepared.batched))
    if not labels.once and not labels.start:
        return Alike({}, {})
    beginnings: Cache = variant.code.get(("beginnings", prepared.batched), lambda: Cache(_BEGINNINGS))
    values: Alike = beginnings.get(_digest(prepared), lambda: _values(variant, prepared.first(variant.dtype), labels))
    return values


def _labels(variant: Variant, apart: frozenset[str]) -> Alike:
    """Return what is alike and asked for by what is not, by the label of each."""
    names = _names(variant, apart)
    once, start = _computed(variant, variant.sample)
    later = variant.begin(np, variant.sample.numbers, variant.sample.paths)
    notings = [_Noting({label: value for label, value in now.memo.items() if label in names}) for now in (once, start)]
    later[0].memo, later[1].memo = notings
    _compute(variant, *later)
    return Alike(*(dict(noting.reads) for noting in notings))


def _names(variant: Variant, apart: frozenset[str]) -> set[str]:
    """Return the labels of all that follows, at the start, from nothing that differs between runs."""
    plan, compiled = variant.compiled.plan, variant.compiled
    users: dict[str, list[str]] = {}
    for name, causes in variable_graph(plan.model, depends.initially).items():
        for cause in causes:
            users.setdefault(cause, []).append(name)
    differ = along(users, apart)
    own = {name: pieces for name, pieces in plan.pieces.items() if name not in differ}
    names = own.keys() | {piece.label for pieces in own.values() for piece in pieces}
    return names | {f"begun {compiled.label(*call)}" for call in compiled.remembering() if call[1].variable in own}


def _computed(variant: Variant, parameters: Prepared) -> tuple[Evaluation, Evaluation]:
    """Return the evaluations, on the host, of what a run computes once and of its start."""
    once, start = variant.begin(np, parameters.numbers, parameters.paths)
    _compute(variant, once, start)
    return once, start


def _compute(variant: Variant, once: Evaluation, start: Evaluation) -> None:
    """Compute all that a batch asks of two evaluations."""
    with np.errstate(all="ignore"):
        variant.ask(once)
        variant.memory(start)
        variant.fixed(once)


def _values(variant: Variant, parameters: Prepared, labels: Alike) -> Alike:
    from xiancheng.engine.compiling import import_jax

    once, start = _computed(variant, parameters)
    values = {label: once.memo[label] for label in labels.once}, {label: start.memo[label] for label in labels.start}
    placed: Alike = import_jax().tree.map(variant.own, Alike(*values))
    return placed


def _digest(prepared: Prepared) -> bytes:
    """Return a digest of all that runs are told alike."""
    digest = hashlib.sha256()
    for name in sorted(prepared.numbers.keys() - prepared.batched):
        digest.update(name.encode() + np.asarray(prepared.numbers[name]).tobytes())
    for name in sorted(prepared.paths.keys() - prepared.batched):
        times, values = prepared.paths[name]
        digest.update(name.encode() + np.asarray(times).tobytes() + np.asarray(values).tobytes())
    return digest.digest()
