"""What is wrong with a picture, found without anything of the layout: names on names, lines on names, crossings."""

from __future__ import annotations

from typing import Any

import numpy as np

PIPES = ("into", "out of")


def boxes(view: Any) -> np.ndarray:
    return np.array([[s.x - s.w, s.y - s.h, s.x + s.w, s.y + s.h] for s in view.shapes], dtype=float)


def overlaps(view: Any) -> list[tuple[int, int]]:
    """Pairs of shapes that cover each other, but for what stands in a frame."""
    box = boxes(view)
    covered = np.ones((len(box), len(box)), dtype=bool)
    for axis in (0, 1):
        low, high = box[:, axis], box[:, axis + 2]
        covered &= (low[:, None] < high[None, :]) & (low[None, :] < high[:, None])
    frames = np.array([shape.kind == "frame" for shape in view.shapes])
    covered &= ~(frames[:, None] | frames[None, :])
    return [(int(a), int(b)) for a, b in zip(*np.nonzero(np.triu(covered, 1)), strict=True)]


def outside_frames(view: Any) -> list[int]:
    """Shapes that stand on the edge of a frame."""
    box, wrong = boxes(view), []
    for frame in (place for place, shape in enumerate(view.shapes) if shape.kind == "frame"):
        left, top, right, bottom = box[frame]
        meets = (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < bottom) & (box[:, 3] > top)
        within = (box[:, 0] >= left) & (box[:, 2] <= right) & (box[:, 1] >= top) & (box[:, 3] <= bottom)
        wrong += [int(place) for place in np.nonzero(meets & ~within)[0]]
    return wrong


def segments(view: Any) -> tuple[np.ndarray, np.ndarray]:
    """Ends of every line that is drawn, a pipe level with its valve, and the two shapes that it joins."""
    lines, joins = [], []
    for arrow in view.arrows:
        if not arrow.hidden:
            first, last = view.shapes[arrow.start], view.shapes[arrow.end]
            lines.append((first.x, first.y, last.x, first.y if arrow.kind in PIPES else last.y))
            joins.append((arrow.start, arrow.end))
    return np.array(lines, dtype=float).reshape(-1, 4), np.array(joins, dtype=int).reshape(-1, 2)


def lines_on_names(view: Any) -> list[tuple[int, int]]:
    """Lines, by the shape that they begin at, and shapes that they run over and do not join (Liang, Barsky 1984)."""
    box, (line, joins) = boxes(view), segments(view)
    inside = {place for place, shape in enumerate(view.shapes) if shape.kind == "frame"}
    wrong = []
    for (x, y, u, v), (start, end) in zip(line, joins, strict=True):
        low, high = np.zeros(len(box)), np.ones(len(box))
        for origin, change, near, far in ((x, u - x, box[:, 0], box[:, 2]), (y, v - y, box[:, 1], box[:, 3])):
            if change:
                ends = np.sort([(near - origin) / change, (far - origin) / change], axis=0)
                low, high = np.maximum(low, ends[0]), np.minimum(high, ends[1])
            else:
                high = np.where((near < origin) & (origin < far), high, -1.0)
        over = set(np.nonzero(high - low > 1e-9)[0].tolist()) - {start, end}
        if start in inside:
            left, top, right, bottom = box[start]
            over = {place for place in over if not (left <= box[place, 0] and box[place, 2] <= right
                                                    and top <= box[place, 1] and box[place, 3] <= bottom)}
        wrong += [(int(start), int(place)) for place in over]
    return wrong


def crossings(view: Any) -> list[tuple[int, int]]:
    """Pairs of lines that cross and join no common shape, by the shapes that they begin at."""
    line, joins = segments(view)
    if not len(line):
        return []
    start, end = line[:, :2], line[:, 2:]

    def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        return np.sign((b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
                       - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0]))

    begin, stop = start[:, None], end[:, None]
    crossed = side(begin, stop, start[None]) * side(begin, stop, end[None]) < 0
    crossed &= crossed.T
    common = (joins[:, None, :, None] == joins[None, :, None, :]).any(axis=(2, 3))
    crossed &= ~common
    return [(int(joins[a, 0]), int(joins[b, 0])) for a, b in zip(*np.nonzero(np.triu(crossed, 1)), strict=True)]
