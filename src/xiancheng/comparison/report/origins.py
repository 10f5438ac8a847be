"""Where the bands of the first claims come from, and what knowing it would be worth for a choice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from xiancheng.calibration import ties, whole_members
from xiancheng.charts import parts
from xiancheng.comparison import figures, words
from xiancheng.comparison.attribution import Attribution
from xiancheng.comparison.changes import Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Block, Cell, Heading, Paragraph, Picture, ReportTable
from xiancheng.comparison.report.glance import claims
from xiancheng.comparison.shares import LEFT, Shares, Worth
from xiancheng.outputs import places
from xiancheng.study import Study
from xiancheng.texts import listing, text

_NAMED = 2
"""Groups that are named in a sentence."""


def blocks(comparison: Comparison, language: str) -> list[Block]:
    """Return a bar and a table of the shares by group, and the worth of knowing; nothing where it was not run."""
    attribution = comparison.attribution
    if attribution is None:
        return []
    lines = list(_told(comparison, attribution))
    if not lines:
        reason = text("report.origins.none", language, least=LEFT, failed=attribution.failed)
        return [Heading(text("report.origins", language)), Paragraph(reason)]
    tables: list[Block] = [Heading(text("report.origins", language)), _chart(comparison, attribution, lines, language),
                           _table(comparison.study, attribution, lines, language)]
    worth = _worth(comparison, attribution, language)
    return [*tables, *([worth] if worth.rows else [])]


def _told(comparison: Comparison, attribution: Attribution) -> Iterator[tuple[Line, Shares]]:
    for line in claims(comparison):
        shares = attribution.shares(line.indicator, line.option, line.area)
        if shares is not None:
            yield line, shares


def _names(attribution: Attribution, language: str) -> list[str]:
    return [text(f"unknown.group.{group}", language) for group in attribution.groups]


def _chart(
    comparison: Comparison, attribution: Attribution, lines: list[tuple[Line, Shares]], language: str
) -> Picture:
    kinds = [*_names(attribution, language), text("report.origins.together", language)]
    rows = [{"scenario": line.option, "line": line.title(language), "kind": kind, "value": float(part)}
            for line, shares in lines for kind, part in zip(kinds, shares.parts, strict=True)]
    return Picture(parts.stacked("origins", text("report.origins_chart", language, year=comparison.year), rows,
                                 figures.labels(comparison, language), language,
                                 notes=[text("report.origins_note", language)]))


def _table(
    study: Study, attribution: Attribution, lines: list[tuple[Line, Shares]], language: str
) -> ReportTable:
    rows = []
    for line, shares in lines:
        head = (Cell(f"{line.option} · {line.title(language)}"), written.change(line, language))
        for key, values, errors in (("first", shares.first, shares.first_error),
                                    ("total", shares.total, shares.total_error)):
            own = (Cell(text("report.origins.share", language, share=words.percent(value, language),
                             error=words.percent(error, language)), float(value), "share")
                   for value, error in zip(values.tolist(), errors.tolist(), strict=True))
            rows.append((*head, Cell(text(f"report.origins.{key}", language)), *own))
    heads = (text("report.claims.what", language), text("report.claims.change", language),
             text("report.origins.order", language), *_names(attribution, language))
    count = attribution.plain.sizes["member"]
    return ReportTable("origins", text("report.origins_table", language), heads, tuple(rows),
                       (text("report.origins_method", language, count=count), *tied(study, language)))


def tied(study: Study, language: str) -> list[str]:
    """Return in sentences whether groups may be mixed: the one of the closest two, or of each two that are tied."""
    if not whole_members.is_conditioned(study):
        return [text("report.origins.drawn", language)]
    every = ties.read(study)
    if not every:
        return [text("report.origins.untold", language)]
    close = [tie for tie in every if not tie.is_negligible]
    key = "report.origins.tied" if close else "report.origins.apart"
    return [text(key, language, first=text(f"unknown.group.{tie.group}", language), number=_plain(tie.number),
                 second=text(f"unknown.group.{tie.other_group}", language), other_number=_plain(tie.other_number),
                 most=f"{tie.most:.2f}", correlation=f"{tie.correlation:+.2f}") for tie in close or every[:1]]


def _plain(stream: str) -> str:
    """Return the name of the number that a stream of chance moves."""
    return stream.partition(" ")[2].removesuffix("[]")


def _worth(comparison: Comparison, attribution: Attribution, language: str) -> ReportTable:
    """Return for pairs of options the chance that the better one is the other, and what knowing would gain."""
    rows = []
    indicators = dict.fromkeys(line.indicator for line in claims(comparison))
    for first, second in combinations(comparison.request.letters, 2):
        for name in indicators:
            worth = attribution.worth(name, first, second, places.LIST)
            if worth is not None:
                about = attribution.plain[name].attrs
                unit = str(about["units"])
                rows.append((
                    Cell(f"{first} / {second} · {about[f'title_{language}']}"), written.share(worth.other, language),
                    _gain(worth.everything, worth.everything_error, unit, language),
                    Cell(_groups(attribution, worth, unit, language)),
                ))
    heads = tuple(text(f"report.knowing.{key}", language) for key in ("what", "other", "everything", "groups"))
    return ReportTable("knowing", text("report.knowing", language), heads, tuple(rows),
                       (text("report.knowing_note", language),))


def _gain(value: float, error: float, unit: str, language: str) -> Cell:
    if not value > error:
        return Cell(text("report.knowing.nothing", language))
    return Cell(words.change(value, unit, language), value, unit)


def _groups(attribution: Attribution, worth: Worth, unit: str, language: str) -> str:
    """Return what knowing each group gains where that is larger than its error, the largest first."""
    shown = sorted((group for group in range(len(worth.groups)) if worth.is_told(group)),
                  key=lambda group: -worth.groups[group])
    names = _names(attribution, language)
    items = [text("report.knowing.item", language, group=names[group],
                  gain=words.change(float(worth.groups[group]), unit, language),
                  error=words.change(float(worth.errors[group]), unit, language).lstrip("+")) for group in shown]
    return text("report.claims_separator", language).join(items) or text("report.knowing.nothing", language)


def brief(comparison: Comparison, language: str) -> list[str]:
    """Return for each first claim in a sentence the groups that its band comes from, and if groups may be mixed."""
    if comparison.attribution is None:
        return []
    names = _names(comparison.attribution, language)
    sentences = []
    for line, shares in _told(comparison, comparison.attribution):
        order = sorted(range(len(names)), key=lambda group: -shares.first[group])[:_NAMED]
        largest = [text("report.origins.item", language, group=names[group],
                        share=words.percent(float(shares.parts[group]), language)) for group in order]
        sentences.append(text("report.origins_brief", language, option=line.option, title=line.title(language),
                              groups=listing(largest, language),
                              together=words.percent(float(shares.parts[-1]), language)))
    return [*sentences, *(tied(comparison.study, language) if sentences else [])]
