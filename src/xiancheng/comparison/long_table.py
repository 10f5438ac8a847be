"""The long table of a comparison: a row for each figure of each option, stress, area and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiancheng.comparison.changes import Line

if TYPE_CHECKING:
    from xiancheng.comparison.comparison import Comparison

COLUMNS = (
    "option", "scenario", "stress", "area", "year", "indicator", "unit", "baseline", "value", "value_low", "value_high",
    "change", "change_low", "change_high", "members", "agreement", "holds", "robust", "verdict", "evidence",
)


def row(comparison: Comparison, line: Line) -> dict[str, Any]:
    """Return a figure's row, by name of the column."""
    scenario = comparison.option(line.option).id
    return {
        "option": line.option, "scenario": scenario, "stress": line.stress, "area": line.area, "year": line.year,
        "indicator": line.indicator, "unit": line.unit, "baseline": line.baseline.median, "value": line.level.median,
        "value_low": line.level.low, "value_high": line.level.high, "change": line.change.median,
        "change_low": line.change.low, "change_high": line.change.high, "members": line.change.members,
        "agreement": line.agreement, "holds": line.holds, "robust": comparison.claims.is_robust(line),
        "verdict": line.verdict, "evidence": str(line.about.get("evidence", "")),
    }
