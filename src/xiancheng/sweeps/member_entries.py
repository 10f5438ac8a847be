"""The entry of a design that names members of the posterior."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiancheng.errors import StudyError
from xiancheng.model.members import read
from xiancheng.study import Study
from xiancheng.sweeps.entries import Entries
from xiancheng.texts import phrase

_PATH = ("runs", "members")


def numbers_of(study: Study, wanted: Any, entries: Entries) -> tuple[int, ...]:
    """Return the members that a design asks for: so many, those of a list, or "all"; none for 0."""
    if wanted == 0 and not isinstance(wanted, bool):
        return ()
    try:
        known: Mapping[int, object] = read(study)
    except StudyError as error:
        entries.problems += error.problems
        return ()
    allowed = phrase("sweep.members_allowed", count=len(known))
    if wanted == "all":
        return tuple(known)
    listed = wanted if isinstance(wanted, list) else [wanted]
    if not listed or any(isinstance(one, bool) or not isinstance(one, int) for one in listed):
        entries.add(_PATH, phrase("sweep.wrong_value", key="runs.members", value=repr(wanted)), allowed)
    elif isinstance(wanted, int) and not 0 < wanted <= len(known):
        entries.add(_PATH, phrase("sweep.wrong_value", key="runs.members", value=wanted), allowed)
    elif isinstance(wanted, list) and set(wanted) - set(known):
        entries.add(_PATH, phrase("sweep.wrong_value", key="runs.members", value=repr(wanted)), allowed)
    else:
        return tuple(dict.fromkeys(wanted)) if isinstance(wanted, list) else tuple(known)[:wanted]
    return ()
