"""What an expression looks at: now, at the start, and to find its rate of change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from xiancheng.engine.functions import TABLE
from xiancheng.engine.syntax import Call, LookupCall, Node, Reference, children, walk

Name = TypeVar("Name", bound=Hashable)


def now(node: Node) -> Iterator[Reference]:
    """Yield the references whose present values the present value of `node` needs."""
    yield from _references(node, _shown)


def initially(node: Node) -> Iterator[Reference]:
    """Yield the references whose initial values the initial value of `node` needs."""
    yield from _references(node, _begun)


def rates(node: Node) -> Iterator[Reference]:
    """Yield the references that only the step to the next moment needs."""
    for part in walk(node):
        row = TABLE.get(part.function) if isinstance(part, Call) else None
        if isinstance(part, Call) and row is not None and row.state is not None:
            for position in row.state.advance_needs:
                yield from now(part.arguments[position])


def everything(node: Node) -> Iterator[Reference]:
    """Yield every reference below a node."""
    for part in walk(node):
        if isinstance(part, Reference):
            yield part


def _references(node: Node, parts: Callable[[Call], Iterable[Node]]) -> Iterator[Reference]:
    if isinstance(node, Reference):
        yield node
    elif isinstance(node, Call):
        for part in parts(node):
            yield from _references(part, parts)
    elif isinstance(node, LookupCall):
        for part in children(node):
            yield from _references(part, parts)


def _shown(node: Call) -> Iterable[Node]:
    row = TABLE.get(node.function)
    if row is not None and row.state is not None:
        return [node.arguments[position] for position in row.state.show_needs]
    if node.function == "INITIAL":
        return ()
    return node.arguments[:1] if node.function == "ACTIVE INITIAL" else node.arguments


def _begun(node: Call) -> Iterable[Node]:
    row = TABLE.get(node.function)
    if row is not None and row.state is not None:
        return [node.arguments[i] for i in sorted({*row.state.begin_needs, *row.state.show_needs})]
    return node.arguments[1:] if node.function == "ACTIVE INITIAL" else node.arguments


def rings(graph: Mapping[Name, Sequence[Name]]) -> list[list[Name]]:
    """Return the groups of nodes that reach each other (Tarjan 1972), those of one node only if it reaches itself."""
    index: dict[Name, int] = {}
    low: dict[Name, int] = {}
    stack: list[Name] = []
    on_stack: set[Name] = set()
    groups: list[list[Name]] = []
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            unfinished = (other for other in rest if other in graph and (other not in index or other in on_stack))
            following = next(unfinished, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    _close(node, graph, stack, on_stack, groups)
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(graph[following])))
            else:
                low[node] = min(low[node], index[following])
    return groups


def _close(
    node: Name, graph: Mapping[Name, Sequence[Name]], stack: list[Name], on_stack: set[Name], groups: list[list[Name]]
) -> None:
    ring = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        ring.append(member)
        if member == node:
            break
    if len(ring) > 1 or node in graph[node]:
        groups.append(ring[::-1])


def circle(graph: Mapping[Name, Sequence[Name]], ring: Sequence[Name]) -> list[Name]:
    """Return one shortest way round inside a ring, beginning and ending at the same node."""
    inside = set(ring)
    return path(graph, ring[0], ring[0], inside)


def path(graph: Mapping[Name, Sequence[Name]], start: Name, end: Name, inside: set[Name]) -> list[Name]:
    """Return a shortest way from start to end along the graph, both included; [] if there is none."""
    before: dict[Name, Name] = {}
    frontier = [start]
    while frontier:
        following = []
        for node in frontier:
            for other in graph.get(node, ()):
                if other == end:
                    way = [end, node]
                    while way[-1] != start:
                        way.append(before[way[-1]])
                    return way[::-1]
                if other in inside and other not in before and other != start:
                    before[other] = node
                    following.append(other)
        frontier = following
    return []
