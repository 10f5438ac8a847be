"""An independent cohort projection in NumPy: it reads the CSV blocks itself and imports nothing of the project.

Leslie's matrix written out for classes of completed age at a census day, women and men, town and village, with births
and deaths only. Exposure of a year is the integral of the survivors, in steps of the model's length.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

AGES = 86


def table(path: Path) -> tuple[list[str], np.ndarray]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    return rows[0][1:], np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])


def column(path: Path, name: str) -> np.ndarray:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return np.array([float(row[name]) for row in rows])


def at(times: np.ndarray, values: np.ndarray, time: float) -> np.ndarray:
    """Linear in time, constant outside."""
    place = np.clip(np.searchsorted(times, time, side="right") - 1, 0, len(times) - 2)
    weight = np.clip((time - times[place]) / (times[place + 1] - times[place]), 0, 1)
    return values[place] * (1 - weight) + values[place + 1] * weight


def first_column(path: Path) -> np.ndarray:
    with path.open(encoding="utf-8", newline="") as stream:
        return np.array([float(row[0]) for row in list(csv.reader(stream))[1:]])


def project(
    tables: Path, start: int, years: int, steps: int, *, deaths: bool = True, rate: float | None = None
) -> np.ndarray:
    """Persons (year, place, settlement, sex, age) at the census days from `start` on.

    `rate` replaces the path of the total fertility rate by a constant.
    """
    blocks = tables / "blocks"
    folder = blocks / f"start_{start}"
    with (tables / "parameters.csv").open(encoding="utf-8", newline="") as stream:
        number = {row["name"]: float(row["value"]) for row in csv.DictReader(stream)}
    persons = np.stack(
        [
            np.stack([table(folder / f"persons_{settlement}_{sex}.csv")[1] for sex in ("female", "male")], axis=1)
            for settlement in ("town", "village")
        ],
        axis=1,
    )
    relative = column(blocks / "places_measured.csv", "mortality relative")[:, None, None, None]
    fertility = column(folder / "places.csv", "relative fertility") ** number["fertility persistence"]
    factor = np.array([number["mortality factor female"], number["mortality factor male"]])
    times = first_column(blocks / "mortality_female.csv")
    hazard = np.stack([table(blocks / f"mortality_{sex}.csv")[1] for sex in ("female", "male")], axis=1)
    schedule_times = first_column(blocks / "fertility_schedule.csv")
    schedule = table(blocks / "fertility_schedule.csv")[1]
    rate_times, rates = first_column(blocks / "fertility_path.csv"), table(blocks / "fertility_path.csv")[1][:, :1]
    girls = 1 / (1 + number["sex ratio at birth"])
    share = np.array([girls, 1 - girls])
    result = [persons]
    step = 1 / steps
    for year in range(years):
        newborns = np.zeros(persons.shape[:3])
        for k in range(steps):
            now = start + year + k * step
            force = factor[:, None] * at(times, hazard, now) * (1.0 if deaths else 0.0)
            dying = relative * force[None, None, :, 1:]
            exposed = persons * np.where(dying > 0, -np.expm1(-dying * step) / np.where(dying > 0, dying * step, 1), 1)
            children = rate if rate is not None else at(rate_times, rates, now)[0]
            mothers = exposed[:, :, 0, :] @ at(schedule_times, schedule, now)
            born = children * fertility[:, None] * mothers
            newborns += step * born[:, :, None] * share * np.exp(-relative[..., 0] * force[None, None, :, 0])
            persons = persons * np.exp(-dying * step)
        moved = np.zeros_like(persons)
        moved[..., 0] = newborns
        moved[..., 1:] = persons[..., :-1]
        moved[..., -1] += persons[..., -1]
        persons = moved
        result.append(persons)
    return np.array(result)
