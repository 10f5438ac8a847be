"""What the ids of the long table are called, so that a workbook speaks one language."""

from __future__ import annotations

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.runs import BASELINE
from xiancheng.model.reading import EVIDENCE
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import text

_VERDICTS = ("better", "worse", "same", "different")


def ids(comparison: Comparison, language: str) -> dict[str, str]:
    """Return the words of every id: of an indicator, area, stress, option, unit, verdict and mark.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
    """
    about = {str(name): values.attrs for name, values in comparison.areas.data_vars.items()}
    letters = zip(comparison.request.letters, comparison.request.options, strict=True)
    units = {str(attributes["units"]) for attributes in about.values()}
    return {
        **{name: str(attributes[f"title_{language}"]) for name, attributes in about.items()},
        **{str(area): written.area_name(comparison, str(area), language) for area in comparison.areas["area"].values},
        **{f"stress:{stress}": written.stress_name(comparison, stress, language) for stress in comparison.stresses},
        **{f"scenario:{option.id}": comparison.title(letter, language) for letter, option in letters},
        f"scenario:{BASELINE}": comparison.title(BASELINE, language),
        **{f"unit:{unit}": unit_column(unit, language) for unit in units},
        **{f"verdict:{kind}": text(f"compare.verdict.{kind}", language) for kind in _VERDICTS},
        **{f"evidence:{mark}": text(f"evidence.{mark}", language) for mark in EVIDENCE},
    }
