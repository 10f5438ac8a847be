"""Each lever does what the cases of its folder say: to its own indicator, and for money."""

from __future__ import annotations

import pytest

from tests.linked.outcomes import outcome, study
from xiancheng.weaving import folders
from xiancheng.weaving.documents import Case

FROM = 2026 - 2020
LEAST = 1e-4
"""Part of the baseline's figure that a change must exceed, where a case names no size."""
STEADY = 5e-3
"""Part of the baseline's figure that a steady one may move by, where a case names no size."""
CASES = [(folder.id, case) for folder in folders.read(study()) for case in folder.cases]


def figure(case: Case, settings: tuple[str, ...], purse: str) -> float:
    """The figure that a case reads, in the unit of its indicator."""
    values = outcome(settings, poor=purse == "empty")[case.area, case.indicator]
    return float(values[-1] if case.reads == "end" else values[FROM:].sum())


def change(lever: str, case: Case, purse: str) -> float:
    """What the setting of a case adds to its figure."""
    return figure(case, (f"{lever}={case.setting}",), purse) - figure(case, (), purse)


@pytest.mark.parametrize(("lever", "case"), CASES, ids=[f"{lever}-{case.says.en}" for lever, case in CASES])
def test_a_lever_does_what_its_case_says(lever: str, case: Case) -> None:
    added, level = change(lever, case, case.purse), abs(figure(case, (), case.purse))
    if case.change == "halved":
        assert abs(added) <= 0.5 * abs(change(lever, case, "open"))
    elif case.change == "0":
        assert abs(added) <= (case.least or STEADY * level)
    else:
        assert (added if case.change == "+" else -added) > (case.least or LEAST * level)


def test_a_lever_that_only_public_money_pays_says_what_an_empty_purse_does() -> None:
    assert sum(case.purse == "empty" and case.change == "halved" for _, case in CASES) >= 8
