"""Part 1, the one page, and part 2, what the options are."""

from __future__ import annotations

from collections.abc import Sequence

from xiancheng.comparison import changes, confidence, figures, words
from xiancheng.comparison.changes import BETTER, WORSE, Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.confidence import PARAMETER, Turning
from xiancheng.comparison.report import glance, ranked, written
from xiancheng.comparison.report.document import Block, Bullets, Heading, Paragraph, Part, Table, cells
from xiancheng.comparison.report.glance import SURE, claims
from xiancheng.model.settings import LeverSetting, Scenario
from xiancheng.outputs import places
from xiancheng.texts import listing, number, text

_TOLD = glance.TOLD
_MOST_TURNS = 6
"""Sentences on what would change the answer; part 8 holds all."""


def one_page(found: Comparison, language: str) -> Part:
    """Return question, options, answer, confidence and what would change the answer."""
    blocks: list[Block] = [Heading(text("report.question", language)), *_question(found, language)]
    if found.asked.is_many:
        blocks += glance.blocks(found, language)
    else:
        blocks += [Heading(text("report.options", language)), Bullets(tuple(_options(found, language)))]
        blocks += [Heading(text("report.answer", language)), Bullets(tuple(answers(found, language)))]
        blocks += [Heading(text("report.how_sure", language)), Bullets(tuple(_sure(found, language)))]
    blocks += [Heading(text("report.turns", language)), Bullets(tuple(_turns(found, language)))]
    if found.ranking is not None and found.ranking.places:
        blocks.append(Paragraph(ranked.answer(found, found.ranking, language)))
    else:
        blocks.append(Paragraph(text("report.no_score", language), "note"))
    blocks.append(Paragraph(str(found.areas.attrs[f"nature_{language}"]), "note"))
    return Part(1, text("report.part.1", language), tuple(blocks))


def _question(found: Comparison, language: str) -> list[Block]:
    asked = [one.question.get(language, "") for one in found.asked.options if not found.asked.is_many]
    own = list(dict.fromkeys(words_ for words_ in asked if words_))
    usual = text("report.question_usual", language, baseline=found.title("baseline", language), year=found.year)
    return [Bullets((*own, usual))]


def _options(found: Comparison, language: str) -> list[str]:
    lines = [
        text("report.option", language, name=written.named(found, letter, language),
             sentence=told.sentence.get(language, ""))
        for letter, told in zip(found.asked.letters, found.asked.options, strict=True)
    ]
    return [*lines, text("report.against", language, name=found.title("baseline", language))]


def answers(found: Comparison, language: str) -> list[str]:
    """Return the answer in sentences: what each option gains, loses and costs, and how options stand to each other."""
    said = []
    lines = found.lines(level=[places.LIST])
    for option in found.asked.letters:
        own = [line for line in lines if line.option == option]
        said += _answer(found, option, own, language)
    said += _pairs(found, language)
    for first, second in found.equal_pairs():
        said.append(text("compare.equal", language, first=written.named(found, first, language),
                         second=written.named(found, second, language)))
    return said


def _answer(found: Comparison, option: str, own: list[Line], language: str) -> list[str]:
    name = written.named(found, option, language)
    judged = [line for line in own if line.about["direction"] in ("higher", "lower")]
    better, worse = ([line for line in judged if line.verdict == kind] for kind in (BETTER, WORSE))
    if not any(line.change.median for line in own):
        return [text("report.nothing_moves", language, name=name)]
    said = [text("report.counts", language, name=name, better=len(better), worse=len(worse), count=len(judged),
                 area=written.area_name(found, places.LIST, language))]
    gains = confidence.leading(judged, found.sizes, _TOLD)
    if gains:
        said.append(text("report.gains", language, option=option, claims=_listed(gains, language)))
    if worse:
        first = sorted(worse, key=lambda line: -abs(found.sizes.get((line.indicator, option), 0.0) or 0.0))[:_TOLD]
        said.append(text("report.losses", language, option=option, claims=_listed(first, language)))
    money = [one for one in figures.spent(found) if one.option == option and one.total.members]
    if money:
        extra = written.moved(money[0].total, "yuan", language).words
        said.append(text("report.costs", language, option=option, money=extra))
    return said


def _listed(lines: list[Line], language: str) -> str:
    return text("report.claims_separator", language).join(written.claim(line, language) for line in lines)


def _pairs(found: Comparison, language: str) -> list[str]:
    said = []
    duels = confidence.duels(found.areas, found.shown, places.LIST)
    for first, second in dict.fromkeys((one.first, one.second) for one in duels):
        own = [one for one in duels if (one.first, one.second) == (first, second)]
        ahead = [one.about[f"title_{language}"] for one in own if one.apart.median and one.first_wins >= SURE]
        behind = [one.about[f"title_{language}"] for one in own if one.apart.median and one.first_wins <= 1 - SURE]
        said.append(text("report.pair", language, first=first, second=second, ahead=len(ahead), behind=len(behind),
                         count=len(own)))
    return said


def _sure(found: Comparison, language: str) -> list[str]:
    said = []
    if not found.has_bands:
        said.append(text("compare.no_bands", language))
    for line in claims(found):
        marks = found.evidence(line)
        kind = confidence.confidence(line, marks)
        said.append(text(
            "report.sure", language, option=line.option, title=line.title(language),
            confidence=text(f"report.confidence.{kind}", language),
            mark=text(f"evidence.{confidence.weakest(marks)}", language),
            agreement=words.percent(line.agreement, language), members=line.change.members,
        ))
    sides = found.sides
    said += [text("report.sides_count", language, option=option, count=sum(one.option == option for one in sides))
             for option in found.asked.letters]
    return said


def _turns(found: Comparison, language: str) -> list[str]:
    said = []
    turned: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for line in claims(found):
        if not line.robust and len(found.stresses) > 1:
            turned.setdefault((line.option, _turning_stresses(found, line, language)), []).append(line.title(language))
        for one in confidence.turnings(found.areas, line, found.parameters):
            if one.at == one.at:
                said.append(text("report.break_even", language, option=line.option, title=line.title(language),
                                 words=turning(found, one, language)))
    first = [text("report.turned_by", language, option=option, titles=listing(titles, language),
                  stresses=listing(stresses, language)) for (option, stresses), titles in turned.items()]
    said = [*first, *said]
    if len(said) > _MOST_TURNS:
        said = [*said[:_MOST_TURNS], text("report.more_turns", language, count=len(said) - _MOST_TURNS)]
    if len(found.stresses) == 1:
        said.append(text("report.no_stress_run", language))
    elif not said:
        said.append(text("report.nothing_turns", language, count=len(found.stresses) - 1))
    return said


def _turning_stresses(found: Comparison, line: Line, language: str) -> tuple[str, ...]:
    under = changes.lines(found.areas, [line.indicator], level=[line.area], stresses=found.stresses)
    return tuple(written.stress_name(found, one.stress, language) for one in under
                 if one.option == line.option and one.verdict != line.verdict)


def turning(found: Comparison, one: Turning, language: str) -> str:
    """Return at which value of an assumption a claim turns, or that it does not within what was run."""
    is_parameter = one.kind == PARAMETER
    name = one.name if is_parameter else written.stress_name(found, one.name, language)
    if one.at != one.at:
        return text("report.no_turn", language, name=name)
    if is_parameter:
        return text("report.turn_parameter", language, name=name, at=f"{one.at:.4g}", middle=f"{one.middle:.4g}")
    return text("report.turn_stress", language, name=name, share=words.percent(one.at, language))


def what_they_are(found: Comparison, language: str) -> Part:
    """Return the levers of each option with their values, start and article."""
    blocks: list[Block] = []
    for letter, told in zip(found.asked.letters, found.asked.options, strict=True):
        name = written.named(found, letter, language)
        if told.trade_off.get(language):
            blocks.append(Paragraph(text("report.trade_off", language, name=name, words=told.trade_off[language])))
        blocks.append(_levers(found, letter, told, language))
    if found.asked.stresses:
        blocks.append(_stresses(found, language))
    return Part(2, text("report.part.2", language), tuple(blocks))


def _levers(found: Comparison, letter: str, told: Scenario, language: str) -> Table:
    rows = []
    for name, settings in told.levers.items():
        lever = found.levers.get(name)
        for setting in settings:
            if lever is not None:
                rows.append(cells(
                    lever.title[language], number(lever.baseline, lever.unit, language), _points(setting, language),
                    str(min(setting.points)) if setting.points else "—", _where(setting, language), lever.article,
                    _payers(lever.who_pays, language), text(f"evidence.{lever.evidence}", language)))
    heads = tuple(text(f"report.lever.{key}", language)
                  for key in ("name", "baseline", "values", "start", "where", "article", "payers", "evidence"))
    notes = [text("scenario.not_in_the_model", language, count=len(told.missing),
                  levers=listing(told.missing, language))] if told.missing else []
    caption = text("report.levers_of", language, name=written.named(found, letter, language))
    if not rows:
        rows = [cells(text("report.no_lever", language), *[""] * (len(heads) - 1))]
    return Table(f"levers-{letter}", caption, heads, tuple(rows), tuple(notes))


def _points(setting: LeverSetting, language: str) -> str:
    return text("report.points_separator", language).join(
        text("report.point", language, year=year, value=f"{value:,g}") for year, value in setting.points.items())


def _where(setting: LeverSetting, language: str) -> str:
    if setting.losing_more_than is not None:
        return text("report.where_losing", language, share=words.percent(setting.losing_more_than, language))
    if setting.where in ("all", "68", "poles", "core", "circle"):
        return text(f"report.where.{setting.where}", language)
    return text("report.where_some", language, count=len(setting.places))


def _payers(payers: Sequence[str], language: str) -> str:
    named = ("budget", "bond", "private", "household", "none")
    return listing([text(f"report.payer.{payer}", language) if payer in named else payer
                    for payer in payers or ("—",)], language)


def _stresses(found: Comparison, language: str) -> Table:
    rows = [cells(told.title.get(language, told.id), told.sentence.get(language, "")) for told in found.asked.stresses]
    heads = (text("report.stress", language), text("report.meaning", language))
    return Table("stresses", text("report.stresses", language), heads, tuple(rows))
