"""Paths that are not known after the last year that was observed: other slopes, other levels, the same past.

On the scale of its family the change after that year is drawn larger or smaller, and the level drifts away with time,
by what calibration/unknowns.csv says of both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration.families import END, POSITIVE, SHARE, SIGNED, bounds, scales
from xiancheng.calibration.unknowns import Widening, widenings
from xiancheng.engine.parameters import TimePath
from xiancheng.model import clock
from xiancheng.model.element_tables import PATHS_FILE, PATHS_HEADER
from xiancheng.model.reading import Findings, Row, read_rows
from xiancheng.study import Study

Chance = Callable[[str], Floats]
"""Standard normal numbers of a stream by its name (draw,)."""
_UNSEEN = "assumed"


def draws(study: Study, chance: Chance) -> dict[str, tuple[TimePath, ...]]:
    """Return the paths of each variable that is drawn, one for each draw.

    Args:
        study: the study.
        chance: standard normal numbers by name, one for each draw.

    Raises:
        StudyError: everything wrong in the tables.
    """
    years, rows = clock.of(study), _first_paths(study)
    drawn = {}
    for name, widening in widenings(study).items() if rows else ():
        first = rows[name]
        since = float(max([years.last_census, *(float(row["time"]) for row in first if row["evidence"] != _UNSEEN)]))
        slope, level = (chance(label) for label in labels(name))
        drawn[name] = _paths(name, first, (since, years.end + 1.0), widening, (slope, level))
    return drawn


def labels(name: str) -> tuple[str, str]:
    """Return the names of the streams of chance that draw a path: its slope and its level."""
    return f"slope {name}", f"level {name}"


def points(study: Study) -> list[list[str]]:
    """Return what draws read of each point of the paths that the equations read: variable, time, value, mark."""
    return [[row[column] for column in ("variable", "time", "value", "evidence")]
            for rows in _first_paths(study).values() for row in rows]


def _first_paths(study: Study) -> dict[str, list[Row]]:
    """Return the rows of the first path of each variable: the one that the equations read."""
    if not (study.tables / PATHS_FILE).is_file():
        return {}
    paths: dict[str, list[Row]] = {}
    for row in read_rows(study.tables / PATHS_FILE, PATHS_HEADER, Findings(PATHS_FILE)):
        own = paths.setdefault(row["variable"], [])
        if not own or row["path"] == own[0]["path"]:
            own.append(row)
    return paths


def _paths(
    name: str, rows: Sequence[Row], span: tuple[float, float], widening: Widening, normals: tuple[Floats, Floats]
) -> tuple[TimePath, ...]:
    """Return the paths of one variable: as the table until the first year of the span, then wider until the last."""
    points = np.array([[float(row["time"]), float(row["value"])] for row in rows])
    since, until = span
    times = np.unique([*points[:, 0], since, *np.arange(math.floor(since) + 1, until + 1)])
    values = np.interp(times, points[:, 0], points[:, 1])
    last = float(np.interp(since, points[:, 0], points[:, 1]))
    later = times > since
    slopes, levels = (normal * math.log(width) / END
                      for normal, width in zip(normals, (widening.spread, widening.drift), strict=True))
    away = np.clip((times[later] - since) / (until - since), 0.0, 1.0)
    moved = np.tile(values, (len(slopes), 1))
    moved[:, later] = _moved(family_of(name, values), last, values[later], np.exp(slopes)[:, None],
                             levels[:, None] * away)
    return tuple(TimePath(times, row) for row in moved)


def _moved(family: str, last: float, values: Floats, slopes: Floats, levels: Floats) -> Floats:
    """Return later values with another change since the last one observed and another level (draw, time)."""
    scale, number = scales(family)
    least, most = bounds(family)
    if family == SIGNED or last in (least, most) or np.isin(values, [least, most]).any():
        moved = (last + slopes * (values - last)) * np.exp(levels)
        return np.asarray(np.clip(moved, least, most))
    return np.asarray(number(scale(last) + slopes * (scale(values) - scale(last)) + levels))


def family_of(name: str, values: Floats) -> str:
    """Return the family of a path: a share where it is called one and is at most 1, signed where it falls below 0."""
    if (values < 0).any():
        return SIGNED
    return SHARE if SHARE in name.split() and (values <= 1).all() else POSITIVE
