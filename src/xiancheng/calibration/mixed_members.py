"""Members of the whole model put together from two: all of one, and of some groups what another one has.

A member is called by its number; `7+levers@13` is member 7 with the effects of levers of member 13. Groups are drawn
apart from each other, so that such a member is as good a draw as any.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xiancheng.calibration import unknowns, whole_members
from xiancheng.calibration.joint_prior import Draws
from xiancheng.calibration.unknowns import PATH, PEOPLE
from xiancheng.engine.source import key
from xiancheng.study import Study

_AND, _OF = "+", "@"


def name(member: int, group: str, other: int) -> str:
    """Return what a member is called that has one group from another member."""
    return f"{member}{_AND}{group}{_OF}{other}"


def read(study: Study, names: Sequence[int | str]) -> Draws:
    """Return members by number or by name, in their order.

    Args:
        study: the study.
        names: numbers of members, and names as of `name`.

    Raises:
        StudyError: no members, or drawn from other ranges, groups or paths than those of today.
    """
    ensemble, groups = whole_members.read(study), _groups(study)
    parts = [_parts(str(item)) for item in names]
    rows = {group: _rows(parts, group) for group in {*groups.values(), PEOPLE, PATH}}
    people = tuple(ensemble.people[row] for row in rows[PEOPLE]) if ensemble.people else ()
    constants = {item: values[rows[groups.get(key(item), PEOPLE)]] for item, values in ensemble.constants.items()}
    paths = {item: tuple(own[row] for row in rows[PATH]) for item, own in ensemble.paths.items()}
    return Draws(len(parts), people, constants, paths)


def _groups(study: Study) -> dict[str, str]:
    """Return by key the group of each constant that is drawn here; what people bring has none."""
    return {key(row.name): row.group for row in unknowns.read(study) if row.is_drawn or row.total}


def _parts(word: str) -> tuple[int, str, int]:
    """Return member, group and the other member of a name; of a plain number the group is empty."""
    member, _, rest = word.partition(_AND)
    group, _, other = rest.partition(_OF)
    return int(member), group, int(other or member)


def _rows(parts: Sequence[tuple[int, str, int]], group: str) -> NDArray[np.int64]:
    return np.array([(other if own == group else member) - 1 for member, own, other in parts], dtype=np.int64)
