"""What the fit looks at: calibration/targets.csv, read strictly, and compared with the tables it comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import clock
from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.study import Study
from xiancheng.texts import phrase

FILE = "calibration/targets.csv"
HEADER = ("observation", "place", "group", "year", "value", "error", "scale", "unit", "source", "use")
GROUPS = tuple([f"{age}-{age + 4}" for age in range(0, 85, 5)] + ["85+"])
ALL = "all"
PROVINCE, LISTED = "province", "listed"
RESIDENTS, URBAN, DEPARTURES, NET_OUTSIDE = "residents", "urban share", "departure rate", "net from outside"
UNITS = {RESIDENTS: "persons", URBAN: "share", DEPARTURES: "1/year", NET_OUTSIDE: "person/year"}
SCALES = {RESIDENTS: "log", URBAN: "logit", DEPARTURES: "linear", NET_OUTSIDE: "linear"}
FIT, HELD_OUT = "fit", "held out"
_ROUNDING = 1e-6


@dataclass(frozen=True)
class CensusTarget:
    """One observation.

    Attributes:
        observation: residents, urban share, departure rate or net from outside.
        place: an element of the subscript place, or province or listed for a sum.
        group: an age group or all.
        value: in `unit`.
        error: one standard deviation on `scale`: of the logarithm, of the logit, or in the unit.
        use: fit or held out.
    """

    observation: str
    place: str
    group: str
    value: float
    error: float
    source: str
    use: str


def read(study: Study, places: Sequence[str], listed: Sequence[bool]) -> tuple[CensusTarget, ...]:
    """Read the targets.

    Args:
        study: the study.
        places: elements of the subscript place.
        listed: which of them are of the study's list.

    Raises:
        StudyError: everything wrong in the file, at once.
    """
    findings = Findings(FILE)
    rows = read_rows(study.root / FILE, HEADER, findings)
    no_duplicates(rows, ["observation", "place", "group", "year"], findings)
    census = clock.of(study).last_census
    targets = [_target(row, places, census, findings) for row in rows]
    keys = {(key.observation, key.place, key.group) for key in targets}
    expected = [(RESIDENTS, place, group) for place in places for group in (*GROUPS, ALL)]
    expected += [(URBAN, place, ALL) for place in places]
    missing = [key for key in expected if key not in keys]
    for key in missing[:10]:
        findings.add(phrase("calibration.target_missing", names=", ".join(key)), phrase("calibration.every_place"))
    findings.stop()
    _check_sums(targets, rows, places, listed, findings)
    findings.stop()
    return tuple(targets)


def _target(row: Row, places: Sequence[str], census: int, findings: Findings) -> CensusTarget:
    observation = one_of(row, "observation", tuple(UNITS), findings)
    one_of(row, "place", (*places, PROVINCE, LISTED), findings, "calibration.place_hint")
    one_of(row, "group", (*GROUPS, ALL) if observation == RESIDENTS else (ALL,), findings)
    one_of(row, "year", (str(census),), findings)
    one_of(row, "unit", (UNITS.get(observation, row["unit"]),), findings)
    one_of(row, "scale", (SCALES.get(observation, row["scale"]),), findings)
    low, high = _limits(observation)
    value = number(row, "value", findings, low=low, high=high)
    error = number(row, "error", findings, low=1e-12)
    use = one_of(row, "use", (FIT, HELD_OUT), findings)
    if not row["source"].strip():
        findings.add(phrase("calibration.no_source", name=observation), phrase("calibration.a_source"), row=row.number)
    return CensusTarget(observation, row["place"], row["group"], value, error, row["source"], use)


def _limits(observation: str) -> tuple[float, float]:
    if observation == NET_OUTSIDE:
        return -math.inf, math.inf
    return (1e-9, 1 - 1e-9) if observation == URBAN else (1e-9, math.inf)


def _check_sums(
    targets: Sequence[CensusTarget], rows: Sequence[Row], places: Sequence[str], listed: Sequence[bool],
    findings: Findings,
) -> None:
    """Note sums that are not the sums of their places: a fold takes its own from the places alone."""
    cells = {(target.observation, target.place, target.group): target.value for target in targets}
    chosen = {PROVINCE: list(places), LISTED: [place for place, yes in zip(places, listed, strict=True) if yes]}
    for target, row in zip(targets, rows, strict=True):
        if target.place not in chosen or target.observation not in (RESIDENTS, URBAN):
            continue
        people = np.array([cells[RESIDENTS, place, target.group] for place in chosen[target.place]])
        total = people.sum()
        if target.observation == URBAN:
            total = (people * [cells[URBAN, place, ALL] for place in chosen[target.place]]).sum() / total
        if abs(target.value - total) > _ROUNDING * total:
            sentence = f"{target.observation}, {target.place}, {target.group} = {target.value:.8g}"
            findings.add(phrase("calibration.sum", found=sentence), f"{total:.8g}", row=row.number)


def renewed(
    targets: Sequence[CensusTarget], people: Mapping[str, Floats], town: Mapping[str, float],
    sums: Mapping[str, Sequence[str]],
) -> tuple[CensusTarget, ...]:
    """Return the targets with the values of a census.

    Args:
        targets: what is looked at, with which errors.
        people: residents by age group and place [persons].
        town: urban residents by place [persons].
        sums: places that make up province and listed.
    """
    fresh = []
    for target in targets:
        places = sums.get(target.place, (target.place,))
        counts = np.sum([people[place] for place in places], axis=0)
        if target.observation == RESIDENTS:
            value = counts.sum() if target.group == ALL else counts[GROUPS.index(target.group)]
        elif target.observation == URBAN:
            value = sum(town[place] for place in places) / counts.sum()
        else:
            value = target.value
        fresh.append(replace(target, value=float(value)))
    return tuple(fresh)
