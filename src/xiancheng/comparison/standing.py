"""What bands of a comparison hold, and where few members stand for all, whose bands are rough."""

from __future__ import annotations

from xiancheng.calibration import stand_ins
from xiancheng.comparison.comparison import Comparison
from xiancheng.texts import text


def sentences(comparison: Comparison, language: str) -> str:
    """Return what bands hold in words.

    Args:
        comparison: what was compared.
        language: "zh" or "en".
    """
    members = comparison.request.members
    parts = [text(comparison.words_of_bands, language, count=len(members))]
    few = stand_ins.of_count(comparison.study, comparison.request.kind, len(members))
    if few and few.members == members:
        titles = {name: row.title[language] for name, row in comparison.catalogue.items()}
        parts += stand_ins.sentences(few, titles, language)
    return (" " if language == "en" else "").join(parts)
