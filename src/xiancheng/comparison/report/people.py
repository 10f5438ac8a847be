"""Part 6, side effects and counties that lose; part 7, equity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiancheng.comparison import figures, people, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.people import PlaceChange, PlaceTally
from xiancheng.comparison.report import beside, prefectures, written
from xiancheng.comparison.report.document import Block, Cell, Heading, Paragraph, ReportTable, Section
from xiancheng.outputs import places, views
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import listing, text

_NAMED, _FEW = 12, 6
"""Places that are named in a cell, and in one of the short report; the table of places holds all."""
_HEAVIEST = 4
"""Indicators of each option whose losers the short report names."""


def side_effects(comparison: Comparison, language: str) -> Section:
    """Return every indicator that worsens beyond its band, and the places that lose by name."""
    blocks: list[Block] = [Paragraph(text("report.sides_note", language), "note")]
    lines = comparison.sides
    for option in comparison.request.letters:
        own = [line for line in lines if line.option == option]
        name = written.named(comparison, option, language)
        if not own:
            blocks.append(Paragraph(text("report.no_sides", language, name=name)))
            continue
        rows = tuple(
            (Cell(beside.title(comparison, line, language)),
             Cell(written.area_name(comparison, line.area, language)),
             written.level(line.baseline, line.unit, language),
             written.change(line, language),
             written.share(line.agreement, language),
             Cell(text("report.asked" if line.indicator in comparison.shown else "report.not_asked", language)))
            for line in own
        )
        heads = tuple(text(key, language) for key in ("report.indicator", "report.area", "chart.baseline",
                                                      "chart.change", "report.agreement", "report.in_first_table"))
        caption = text("report.sides_of", language, name=name, count=len(own))
        blocks.append(ReportTable(f"sides-{option}", caption, heads, rows))
    blocks += prefectures.tables(comparison, language)
    blocks.append(losers(comparison, language))
    return Section(6, text("report.part.6", language), tuple(blocks))


def most_losers(comparison: Comparison, language: str) -> ReportTable:
    """Return the same for the indicators of each option in which most places lose."""
    chosen = [tally for letter in comparison.request.letters for tally in _heaviest(comparison, letter)]
    caption = text("short.losers", language, year=comparison.year)
    return replace(losers(comparison, language, chosen, _FEW), caption=caption)


def _heaviest(comparison: Comparison, letter: str) -> list[PlaceTally]:
    own = [tally for tally in comparison.tallies if tally.option == letter]
    return sorted(own, key=lambda tally: -len(tally.losers))[:_HEAVIEST]


def losers(
    comparison: Comparison, language: str, tallies: Sequence[PlaceTally] | None = None, most: int = _NAMED
) -> ReportTable:
    """Return the listed places that lose, by option and indicator, the first of them by name.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        tallies: what is told; all of the comparison when None.
        most: places that are named in a cell.
    """
    rows = []
    for tally in comparison.tallies if tallies is None else tallies:
        if tally.losers:
            named = [_loser(loser, language) for loser in tally.losers[:most]]
            more = len(tally.losers) - len(named)
            sentence = listing(named, language) + (text("report.and_more", language, count=more) if more else "")
            rows.append((Cell(f"{tally.option} · {_with_unit(tally, language)}"),
                         _count(len(tally.losers)), _count(len(tally.winners)), Cell(sentence)))
    heads = tuple(text(f"report.losers.{key}", language) for key in ("what", "losers", "winners", "names"))
    notes = (text("report.losers_note", language, share=words.percent(people.SURE, language)),
             text("figure.area_is", language, label=str(comparison.areas.attrs[f"list_label_{language}"])))
    return ReportTable("losers", text("report.losers", language, year=comparison.year), heads, tuple(rows), notes)


def _loser(place: PlaceChange, language: str) -> str:
    unit = str(place.about["units"])
    moved = words.bare(words.change(place.change.median, unit, language), unit, language)
    return text("report.loser", language, name=place.name[language], change=moved)


def _with_unit(tally: PlaceTally, language: str) -> str:
    """Return the title of an indicator with its unit, which the places behind it then do without."""
    title, unit = str(tally.about[f"title_{language}"]), unit_column(str(tally.about["units"]), language)
    return text("short.with_unit", language, title=title, unit=unit) if unit else title


def _count(number: int) -> Cell:
    return Cell(str(number), float(number))


def equity(comparison: Comparison, language: str) -> Section:
    """Return how changes are spread: quintiles, indices of inequality, and every listed place by name."""
    blocks: list[Block] = [Paragraph(text("report.equity_note", language), "note")]
    tables = [_quintiles(comparison, language), _inequality(comparison, language), _balance(comparison, language)]
    blocks += [table for table in tables if table.rows]
    tables = [table for table in _places(comparison, language) if table.rows]
    if tables:
        blocks += [Heading(text("report.every_place", language)), *tables]
    return Section(7, text("report.part.7", language), tuple(blocks))


def _quintiles(comparison: Comparison, language: str) -> ReportTable:
    rows = []
    for quintile in people.quintiles(comparison.places, comparison.ratios,
                                     views.leading(comparison.study, "quintiles")):
        if any(band.median for band in quintile.changes):
            rows.append((Cell(f"{quintile.option} · {quintile.about[f'title_{language}']}"),
                         *(written.moved(band, str(quintile.about["units"]), language) for band in quintile.changes)))
    heads = (text("report.indicator", language),
             *(text("report.quintile", language, number=number) for number in range(1, people.QUINTILES + 1)))
    title = text("report.quintiles", language, start=comparison.request.start, year=comparison.year)
    return ReportTable("quintiles", title, heads, tuple(rows), (text("report.quintiles_note", language),))


def _inequality(comparison: Comparison, language: str) -> ReportTable:
    rows = []
    for row in people.inequality(comparison.places, comparison.ratios, views.leading(comparison.study, "people")):
        rows.append((
            Cell(f"{row.option} · {row.about[f'title_{language}']}"),
            written.level(row.theil[0], "", language), written.level(row.theil[1], "", language),
            written.moved(row.theil_change, "", language), written.level(row.p90_p10[0], "", language),
            written.level(row.p90_p10[1], "", language), written.moved(row.p90_p10_change, "", language),
        ))
    heads = tuple(text(f"report.inequality.{key}", language) for key in
                  ("what", "theil_baseline", "theil", "theil_change", "p90_baseline", "p90", "p90_change"))
    return ReportTable("inequality", text("report.inequality", language, year=comparison.year), heads, tuple(rows),
                 (text("report.inequality_note", language),))


def _balance(comparison: Comparison, language: str) -> ReportTable:
    tallies: list[PlaceTally] = comparison.tallies
    rows = tuple(
        (Cell(f"{tally.option} · {tally.about[f'title_{language}']}"), _count(len(tally.winners)),
         _count(len(tally.losers)),
         _count(tally.counted - len(tally.winners) - len(tally.losers)))
        for tally in tallies if tally.winners or tally.losers
    )
    heads = tuple(text(f"report.balance.{key}", language) for key in ("what", "winners", "losers", "neither"))
    return ReportTable("balance", text("report.balance", language), heads, rows)


def _places(comparison: Comparison, language: str) -> list[ReportTable]:
    """Return the change of the mapped indicators at every listed place; of many options a table for each indicator."""
    names = figures.mapped(comparison)
    if not comparison.request.is_many:
        return [_places_of(comparison, names, "places", language)]
    return [_places_of(comparison, [name], f"places-{name}", language) for name in names]


def _places_of(comparison: Comparison, names: Sequence[str], mark: str, language: str) -> ReportTable:
    columns = [(name, option) for name in names for option in comparison.request.letters]
    by_place: dict[str, list[Cell]] = {}
    named: dict[str, Cell] = {}
    for name, option in columns:
        for at_place in comparison.at_places(name, option):
            if at_place.is_listed:
                named[at_place.code] = Cell(at_place.name[language])
                unit = str(at_place.about["units"])
                cell = f"{written.ARROWS[at_place.verdict]} {words.change(at_place.change.median, unit, language)}"
                by_place.setdefault(at_place.code, []).append(Cell(cell, at_place.change.median, unit))
    rows = tuple((named[code], Cell(code), *cells) for code, cells in by_place.items() if len(cells) == len(columns))
    titles = {name: str(comparison.areas[name].attrs[f"title_{language}"]) for name in names}
    caption = text("report.places", language, year=comparison.year)
    heads = tuple(f"{option} · {titles[name]}" for name, option in columns)
    if comparison.request.is_many:
        caption, heads = f"{caption} · {listing(titles.values(), language)}", comparison.request.letters
    return ReportTable(mark, caption, (text("chart.place", language), text("chart.code", language), *heads), rows,
                 (text("report.legend", language), *_own(comparison, language)))


def _own(comparison: Comparison, language: str) -> list[str]:
    label = str(comparison.areas.attrs[f"list_label_{language}"])
    return [text("figure.area_is", language, label=label)] if places.LIST in comparison.areas["area"].values else []
