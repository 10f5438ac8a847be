"""Part 6, side effects and counties that lose; part 7, equity."""

from __future__ import annotations

from collections.abc import Sequence

from xiancheng.comparison import figures, people, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.people import PlaceChange, Tally
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Block, Cell, Heading, Paragraph, Part, Table
from xiancheng.outputs import places, views
from xiancheng.texts import listing, text

_NAMED = 12
"""Places that are named in a cell; the table of places holds all."""


def side_effects(found: Comparison, language: str) -> Part:
    """Return every indicator that worsens beyond its band, and the places that lose by name."""
    blocks: list[Block] = [Paragraph(text("report.sides_note", language), "note")]
    lines = found.sides
    for option in found.asked.letters:
        own = [line for line in lines if line.option == option]
        name = written.named(found, option, language)
        if not own:
            blocks.append(Paragraph(text("report.no_sides", language, name=name)))
            continue
        rows = tuple(
            (Cell(line.title(language)), Cell(written.area_name(found, line.area, language)),
             written.level(line.baseline, line.unit, language), written.change(line, language),
             written.share(line.agreement, language),
             Cell(text("report.asked" if line.indicator in found.shown else "report.not_asked", language)))
            for line in own
        )
        heads = tuple(text(key, language) for key in ("report.indicator", "report.area", "chart.baseline",
                                                      "chart.change", "report.agreement", "report.in_first_table"))
        caption = text("report.sides_of", language, name=name, count=len(own))
        blocks.append(Table(f"sides-{option}", caption, heads, rows))
    blocks.append(_losers(found, language))
    return Part(6, text("report.part.6", language), tuple(blocks))


def _losers(found: Comparison, language: str) -> Table:
    rows = []
    for tally in found.tallies:
        if tally.losers:
            named = [_loser(one, language) for one in tally.losers[:_NAMED]]
            more = len(tally.losers) - len(named)
            said = listing(named, language) + (text("report.and_more", language, count=more) if more else "")
            rows.append((Cell(f"{tally.option} · {tally.about[f'title_{language}']}"),
                         _count(len(tally.losers)), _count(len(tally.winners)), Cell(said)))
    heads = tuple(text(f"report.losers.{key}", language) for key in ("what", "losers", "winners", "names"))
    notes = (text("report.losers_note", language, share=words.percent(people.SURE, language)),
             text("figure.area_is", language, label=str(found.areas.attrs[f"list_label_{language}"])))
    return Table("losers", text("report.losers", language, year=found.year), heads, tuple(rows), notes)


def _loser(one: PlaceChange, language: str) -> str:
    return text("report.loser", language, name=name_of(one, language),
                change=words.change(one.change.median, str(one.about["units"]), language))


def name_of(one: PlaceChange, language: str) -> str:
    """Return the name of a place; in English with the Chinese one behind it."""
    return one.name["zh"] if language == "zh" else f"{one.name['en']} {one.name['zh']}"


def _count(number: int) -> Cell:
    return Cell(str(number), float(number))


def equity(found: Comparison, language: str) -> Part:
    """Return how changes are spread: quintiles, indices of inequality, and every listed place by name."""
    blocks: list[Block] = [Paragraph(text("report.equity_note", language), "note")]
    tables = [_quintiles(found, language), _inequality(found, language), _balance(found, language)]
    blocks += [table for table in tables if table.rows]
    tables = [table for table in _places(found, language) if table.rows]
    if tables:
        blocks += [Heading(text("report.every_place", language)), *tables]
    return Part(7, text("report.part.7", language), tuple(blocks))


def _quintiles(found: Comparison, language: str) -> Table:
    rows = []
    for one in people.quintiles(found.places, found.ratios, views.leading(found.study, "quintiles")):
        if any(band.median for band in one.changes):
            rows.append((Cell(f"{one.option} · {one.about[f'title_{language}']}"),
                         *(written.moved(band, str(one.about["units"]), language) for band in one.changes)))
    heads = (text("report.indicator", language),
             *(text("report.quintile", language, number=number) for number in range(1, people.QUINTILES + 1)))
    return Table("quintiles", text("report.quintiles", language, start=found.asked.start, year=found.year), heads,
                 tuple(rows), (text("report.quintiles_note", language),))


def _inequality(found: Comparison, language: str) -> Table:
    rows = []
    for one in people.inequality(found.places, found.ratios, views.leading(found.study, "people")):
        rows.append((
            Cell(f"{one.option} · {one.about[f'title_{language}']}"),
            written.level(one.theil[0], "", language), written.level(one.theil[1], "", language),
            written.moved(one.theil_change, "", language), written.level(one.p90_p10[0], "", language),
            written.level(one.p90_p10[1], "", language), written.moved(one.p90_p10_change, "", language),
        ))
    heads = tuple(text(f"report.inequality.{key}", language) for key in
                  ("what", "theil_baseline", "theil", "theil_change", "p90_baseline", "p90", "p90_change"))
    return Table("inequality", text("report.inequality", language, year=found.year), heads, tuple(rows),
                 (text("report.inequality_note", language),))


def _balance(found: Comparison, language: str) -> Table:
    tallies: list[Tally] = found.tallies
    rows = tuple(
        (Cell(f"{one.option} · {one.about[f'title_{language}']}"), _count(len(one.winners)), _count(len(one.losers)),
         _count(one.counted - len(one.winners) - len(one.losers)))
        for one in tallies if one.winners or one.losers
    )
    heads = tuple(text(f"report.balance.{key}", language) for key in ("what", "winners", "losers", "neither"))
    return Table("balance", text("report.balance", language), heads, rows)


def _places(found: Comparison, language: str) -> list[Table]:
    """Return the change of the mapped indicators at every listed place; of many options a table for each indicator."""
    names = figures.mapped(found)
    if not found.asked.is_many:
        return [_places_of(found, names, "places", language)]
    return [_places_of(found, [name], f"places-{name}", language) for name in names]


def _places_of(found: Comparison, names: Sequence[str], mark: str, language: str) -> Table:
    columns = [(name, option) for name in names for option in found.asked.letters]
    by_place: dict[str, list[Cell]] = {}
    named: dict[str, Cell] = {}
    for name, option in columns:
        for one in found.at_places(name, option):
            if one.is_listed:
                named[one.code] = Cell(name_of(one, language))
                unit = str(one.about["units"])
                said = f"{written.ARROWS[one.verdict]} {words.change(one.change.median, unit, language)}"
                by_place.setdefault(one.code, []).append(Cell(said, one.change.median, unit))
    rows = tuple((named[code], Cell(code), *cells) for code, cells in by_place.items() if len(cells) == len(columns))
    titles = {name: str(found.areas[name].attrs[f"title_{language}"]) for name in names}
    caption = text("report.places", language, year=found.year)
    heads = tuple(f"{option} · {titles[name]}" for name, option in columns)
    if found.asked.is_many:
        caption, heads = f"{caption} · {listing(titles.values(), language)}", found.asked.letters
    return Table(mark, caption, (text("chart.place", language), text("chart.code", language), *heads), rows,
                 (text("report.legend", language), *_own(found, language)))


def _own(found: Comparison, language: str) -> list[str]:
    label = str(found.areas.attrs[f"list_label_{language}"])
    return [text("figure.area_is", language, label=label)] if places.LIST in found.areas["area"].values else []
