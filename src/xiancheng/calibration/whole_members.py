"""Members of the whole model: draws of all that is not known, in one file that is the same on every machine.

The file holds numbers, not a seed: names, units, which member of the posterior of people each draw has, and the sha256
of what it was drawn from. Drawn from other ranges or groups than those of today it is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration import joint_prior, path_draws, series, unknowns
from xiancheng.calibration.joint_prior import Draws
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, members
from xiancheng.provenance import fingerprint
from xiancheng.study import Study
from xiancheng.texts import phrase

FILE = "members_whole.npz"
SEED, COUNT = 1, 200
"""Of the draws that a study ships."""
PEOPLE, WHOLE = "people", "whole"
KINDS = (WHOLE, PEOPLE)
"""Members that differ in all that is not known, and in what is about people alone."""
_CONDITIONED = ".conditioned"
_ABOUT, _CONSTANT, _PATH, _OWN = "about", "constant/", "path/", "people"


@dataclass(frozen=True)
class Origin:
    """Where draws come from.

    Attributes:
        count: of draws; seed: of chance.
        source: sha256 of ranges and groups, and of the series that draws were conditioned on.
        units: by variable.
        is_conditioned: whether published series of other sectors bear on them; else all but people is a prior.
    """

    count: int
    seed: int
    source: str
    units: dict[str, str]
    is_conditioned: bool = False


def has_file(study: Study) -> bool:
    """Tell whether a study has members of the whole model."""
    return (study.calibration / FILE).is_file()


def usual(study: Study) -> str:
    """Return the kind of members that a study's bands come from, of KINDS."""
    return WHOLE if has_file(study) else PEOPLE


def source(study: Study, is_conditioned: bool = False) -> str:
    """Return the sha256 of what draws depend on.

    These are ranges, groups and sets, paths and the posterior of people, and series where they are conditioned on them.
    """
    rows = [[row.name, row.element, row.unit, row.group, row.total, row.together, row.beside, row.value, row.least,
             [row.range.low, row.range.high, row.range.family] if row.range else None] for row in unknowns.read(study)]
    paths = {name: [own.spread, own.drift] for name, own in unknowns.widenings(study).items()}
    people = members.fingerprint(study) if (study.calibration / members.FILE).is_file() else ""
    figures = [_series(study)] if is_conditioned else []
    return fingerprint([rows, paths, path_draws.points(study), people, *figures])


def _series(study: Study) -> list[list[str | float]]:
    """Return what conditioned draws depend on of the series: every figure with its errors, and how a run is read."""
    fitted = [row for row in series.published(study).observations if series.is_fit(row)]
    return [[row.series.name, row.year, row.logarithm, row.series.variable, row.series.over, row.series.scope,
             row.series.reading, row.series.shared_error, row.series.own_error, row.series.persistence]
            for row in fitted]


def write(study: Study, count: int = COUNT, seed: int = SEED) -> Path:
    """Draw members of the whole model and write them beside those of people; return the file.

    Raises:
        StudyError: everything wrong in the tables.
    """
    return _written(study, joint_prior.draws(study, count, seed), joint_prior.named_chance(count, seed),
                    Origin(count, seed, source(study), {}))


def write_conditioned(
    study: Study, labels: Sequence[str], thetas: Floats, people: Sequence[int], seed: int = SEED
) -> Path:
    """Write members that were conditioned on published series; return the file.

    Args:
        study: the study.
        labels: streams of chance, see joint_prior.streams.
        thetas: standard normal numbers as they are after conditioning (member, stream).
        people: the member of the posterior of people of each.
        seed: of the draws that were conditioned.

    Raises:
        StudyError: everything wrong in the tables.
    """
    column = {label: thetas[:, position] for position, label in enumerate(labels)}
    draws = joint_prior.of_chance(study, column.__getitem__, people, len(thetas))
    about = Origin(len(thetas), seed, source(study, True), {}, True)
    return _written(study, draws, column.__getitem__, about)


def _written(study: Study, drawn: Draws, chance: path_draws.Chance, about: Origin) -> Path:
    units = {variable.name: variable.unit for variable in catalogue.read(study)}
    own = _names_of_people(study)
    constants = {name: values for name, values in drawn.constants.items() if key(name) not in own}
    about = replace(about, units={name: units[name] for name in (*constants, *drawn.paths)})
    streams = {f"{_PATH}{label}": chance(label).astype(np.float32)
               for name in drawn.paths for label in path_draws.labels(name)}
    file = study.calibration / FILE
    arrays: dict[str, Any] = {
        _ABOUT: np.array(json.dumps(asdict(about), sort_keys=True)), _OWN: np.array(drawn.people, dtype=int),
        **{f"{_CONSTANT}{name}": values.astype(np.float32) for name, values in constants.items()}, **streams,
    }
    whole_files.aside(file, lambda path: np.savez_compressed(path, **arrays))
    return file


def read(study: Study, count: int | None = None) -> Draws:
    """Return the first members of the whole model, all when None.

    Raises:
        StudyError: no such file, fewer than asked for, or drawn from other ranges, groups or paths than those of today.
    """
    about, arrays = _fresh(study)
    count = about.count if count is None else count
    if not 0 < count <= about.count:
        raise StudyError(Problem("--members", phrase("bands.count", count=count),
                                 phrase("whole.numbers", count=about.count)))
    people = tuple(int(number) for number in arrays[_OWN][:count])
    constants = {name.removeprefix(_CONSTANT): np.asarray(values[:count], dtype=float)
                 for name, values in arrays.items() if name.startswith(_CONSTANT)}
    return Draws(count, people, {**joint_prior.of_people(study, people), **constants},
                 path_draws.draws(study, lambda label: np.asarray(arrays[f"{_PATH}{label}"][:count], dtype=float)))


def counted(study: Study) -> int:
    """Return how many members of the whole model a study has.

    Raises:
        StudyError: none, or drawn from other ranges, groups or paths than those of today.
    """
    return _fresh(study)[0].count


def stored(study: Study) -> int:
    """Return how many members of the whole model the file of a study holds, stale ones too: whoever runs refuses them.

    Raises:
        StudyError: there is no file.
    """
    return _loaded(study)[0].count


def words(study: Study, name: str) -> str:
    """Return the key of a text about members of the whole model that says what they are: prior or conditioned."""
    return f"{name}{_CONDITIONED}" if is_conditioned(study) else name


def is_conditioned(study: Study) -> bool:
    """Tell whether a study has members of the whole model on which published series bear."""
    return has_file(study) and _loaded(study)[0].is_conditioned


def _fresh(study: Study) -> tuple[Origin, dict[str, Floats]]:
    about, arrays = _loaded(study)
    if about.source != source(study, about.is_conditioned):
        file = str(study.calibration / FILE)
        raise StudyError(Problem(file, phrase("whole.stale"), phrase("whole.fresh"), phrase("whole.hint")))
    return about, arrays


def _loaded(study: Study) -> tuple[Origin, dict[str, Floats]]:
    file = study.calibration / FILE
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("whole.fresh"), phrase("whole.hint")))
    try:
        with np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        return Origin(**json.loads(str(arrays.pop(_ABOUT)))), arrays
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise StudyError(Problem(str(file), phrase("whole.unreadable"), phrase("whole.fresh"),
                                 phrase("whole.hint"))) from error


def _names_of_people(study: Study) -> set[str]:
    if not (study.calibration / members.FILE).is_file():
        return set()
    return {key(name) for name in next(iter(members.read(study).values()))}


def fingerprint_of(study: Study) -> str:
    """Return what tells the members of a study from others: the sha256 of what they hold, by name, form and bytes."""
    _, arrays = _loaded(study)
    mark = hashlib.sha256()
    for name, values in sorted(arrays.items()):
        array = np.ascontiguousarray(values, dtype=np.asarray(values).dtype.newbyteorder("<"))
        mark.update(f"{name} {array.dtype.str} {array.shape} ".encode() + array.tobytes())
    return mark.hexdigest()


def hash_of(study: Study, kind: str) -> str:
    """Return the sha256 of the members of a kind."""
    return fingerprint_of(study) if kind == WHOLE else members.fingerprint(study)


def kind_and_count(study: Study, word: str | int | None) -> tuple[str, int | None]:
    """Return which members a call asks for, and how many: "20", "people", "people:20"; None of them for the usual.

    Raises:
        StudyError: neither a number nor a kind of members.
    """
    kind, _, number = (str(word) if word is not None else "").strip().partition(":")
    if kind not in KINDS:
        kind, number = usual(study), kind
    if not number:
        return kind, None
    if not number.lstrip("-").isdigit():
        raise StudyError(Problem("--members", phrase("whole.kind", word=str(word)), phrase("whole.kinds")))
    return kind, int(number)
