"""A comparison that no engine ran: every indicator of the study with made-up numbers whose changes are known."""

from __future__ import annotations

import numpy as np
import xarray as xr

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.request import REFERENCE, ComparisonRequest
from xiancheng.comparison.runs import BASELINE, OptionRuns
from xiancheng.model.build import BuiltRun
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, places
from xiancheng.outputs import result as results

YEARS = tuple(range(2020, 2036))
_SPREAD = 0.02


def scenario(name: str, zh: str, en: str, **other: object) -> Scenario:
    return Scenario(name, {"zh": zh, "en": en}, {"zh": f"{zh}的一句话。", "en": f"One sentence on {en}."}, **other)


def comparison(
    built: BuiltRun, options: tuple[Scenario, ...], *, members: int = 12, stresses: tuple[Scenario, ...] = (),
    factors: dict[str, float] | None = None, flips: str = "",
) -> Comparison:
    """Return a comparison in which each option multiplies every level.

    Args:
        built: a run of the study that is compared.
        options: the options.
        members: how many there are; the k-th scales all levels by 1 + k %.
        stresses: besides the reference; each takes a tenth off every level.
        factors: of each option's letter, reached in the last year; 1.1, 0.9, 1.2, 0.8 and so on when not told.
        flips: a stress under which the changes turn round.
    """
    asked = ComparisonRequest(options, scenario(BASELINE, "基准", "Baseline"), stresses, tuple(range(1, members + 1))
                  if members > 1 else (), start=2020, end=2035)
    told = factors or dict(zip(asked.letters, (1.1, 0.9, 1.2, 0.8) * 3, strict=False))
    names = list(indicators.read(built.study))
    about = results.attributes(built, names)
    header = results.header(built)
    labels = {"scenario": [BASELINE, *asked.letters], "stress": [REFERENCE, *(one.id for one in stresses)],
              "member": list(asked.members) or [0]}
    table = places.coordinates(built.places)
    random = np.random.default_rng(4)
    level = {name: random.uniform(0.2, 0.8) * (1e6 if about[name]["aggregation"] == "sum" else 1) for name in names}
    rise = (np.array(YEARS) - YEARS[0]) / (YEARS[-1] - YEARS[0])
    member = 1 + 0.01 * np.arange(len(labels["member"]))
    stress = np.array([0.9 ** (position > 0) for position in range(len(labels["stress"]))])
    effect = np.ones((len(labels["scenario"]), len(labels["stress"]), len(YEARS)))
    for row, letter in enumerate(asked.letters, start=1):
        for column, name in enumerate(labels["stress"]):
            size = told[letter] - 1
            effect[row, column] = 1 + (-size if name == flips else size) * rise
    shape = effect[:, :, None, :, None] * stress[None, :, None, None, None] * member[None, None, :, None, None]
    at_places = random.uniform(1 - _SPREAD, 1 + _SPREAD, len(built.places))
    dims = ("scenario", "stress", "member", "year")
    areas = {name: ((*dims, "area"), shape * level[name] * np.array([1.0, 2.0]), about[name]) for name in names}
    by_place = {name: ((*dims, "place"), shape[..., [0, -1], :] * level[name] * at_places, about[name])
                for name in names}
    words = {f"name_{language}": ("area", [header[f"list_name_{language}"], {"zh": "全省", "en": "province"}[language]])
             for language in ("zh", "en")}
    column = {key: ("place", built.places.column(key).astype(float)) for key in ("lon", "lat")}
    return Comparison(built.study, asked, OptionRuns(
        xr.Dataset(areas, {**labels, "year": list(YEARS), "area": ["68", "province"], **words}, header),
        xr.Dataset(by_place, {**labels, "year": [YEARS[0], YEARS[-1]], "place": list(built.places.elements), **table,
                              **column}, header),
        _without(areas, asked, labels, words, header),
    ), command="xiancheng compare a b")


def _without(areas: dict, asked: ComparisonRequest, labels: dict, words: dict, header: dict) -> xr.Dataset:
    """Without a lever an option is the baseline: each lever then costs the whole."""
    names = [f"{letter}-{lever}" for letter, one in zip(asked.letters, asked.options, strict=True)
             for lever in one.levers]
    held = {name: (("scenario", "member", "year", "area"), np.stack([values[0, 0]] * len(names)) if names
                   else np.zeros((0, *values[0, 0].shape)), about) for name, (_, values, about) in areas.items()}
    return xr.Dataset(held, {"scenario": names, "member": labels["member"], "year": list(YEARS),
                             "area": ["68", "province"], **words}, header)
