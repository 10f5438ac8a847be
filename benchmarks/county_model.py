"""Vensim text of a model of 68 counties without cohorts: about 100 variables, migration between all pairs by gravity.

The counties, distances and rates are invented (a seeded generator); only size and shape matter here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

COUNTIES = 68
STEPS = 120
STEP = 0.125  # [year]

TEMPLATE = Path(__file__).parent / "models" / "counties.txt"
SECTORS = {
    "agriculture": {"SHARE": "0.35", "GROWTH": "0.03", "OUTPUT": "3", "WEIGHT": "0.3", "EXPORT": "0.02"},
    "industry": {"SHARE": "0.3", "GROWTH": "0.04", "OUTPUT": "12", "WEIGHT": "0.3", "EXPORT": "0.03"},
    "services": {"SHARE": "0.35", "GROWTH": "0.02", "OUTPUT": "9", "WEIGHT": "0.4", "EXPORT": "0.01"},
}


def rows(matrix: np.ndarray) -> str:
    """Write a Vensim array constant, row by row."""
    return ";".join(",".join(f"{value:.3f}" for value in row) for row in np.atleast_2d(matrix)) + ";"


def equation(line: str) -> str:
    return f"{line}\n\t~\tDmnl\n\t~\n\t|\n"


def equations() -> list[str]:
    """Return the equations, those of an industry once for each of the three."""
    lines = []
    for line in TEMPLATE.read_text(encoding="utf-8").splitlines():
        for sector, words in SECTORS.items() if "SECTOR" in line else {"": dict[str, str]()}.items():
            text = line.replace("SECTOR", sector)
            for word, value in words.items():
                text = text.replace(word, value)
            lines.append(text)
    return lines


def text(counties: int = COUNTIES, steps: int = STEPS) -> str:
    """Write the whole model as Vensim text."""
    random = np.random.default_rng(68)
    position = random.uniform(0, 500, (counties, 2))
    distance = np.linalg.norm(position[:, None] - position[None], axis=-1)
    residents = random.uniform(200_000, 1_200_000, counties)
    lines = [
        f"county: (c1-c{counties})",
        "other <-> county",
        f"start residents[county] = {','.join(f'{value:.0f}' for value in residents)}",
        f"distance[county,other] = {rows(distance)}",
        *equations(),
        "INITIAL TIME = 2020",
        f"FINAL TIME = {2020 + steps * STEP}",
        f"TIME STEP = {STEP}",
        "SAVEPER = 1",
    ]
    return "{UTF-8}\n" + "\n".join(equation(line) for line in lines)
