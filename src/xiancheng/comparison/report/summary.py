"""Part 1, the one page, and part 2, what the options are."""

from __future__ import annotations

from collections.abc import Sequence

from xiancheng.comparison import changes, confidence, figures, money, turnings, words
from xiancheng.comparison.changes import BETTER, WORSE, Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import beside, glance, owed, purse, ranked, results, written
from xiancheng.comparison.report.document import Block, Bullets, Heading, Paragraph, ReportTable, Section, cells
from xiancheng.comparison.report.glance import SURE, claims
from xiancheng.comparison.turnings import LEVER, PARAMETER, Turning
from xiancheng.model.places import read as places_of
from xiancheng.model.settings import LeverSetting, Scenario
from xiancheng.outputs import places
from xiancheng.outputs.certainty import Certainty, likely
from xiancheng.texts import listing, number, text

_TOLD = glance.TOLD
_MOST_TURNS = 3
"""Sentences on what would change the answer; part 8 holds all."""


def one_page(comparison: Comparison, language: str) -> Section:
    """Return question, options, answer, confidence and what would change the answer."""
    blocks: list[Block] = [Heading(text("report.question", language)), *_question(comparison, language)]
    if comparison.request.is_many:
        blocks += glance.blocks(comparison, language)
    else:
        blocks += [Heading(text("report.options", language)), Bullets(tuple(_options(comparison, language)))]
        blocks += [Heading(text("report.answer", language)), Bullets(tuple(answers(comparison, language)))]
        blocks += [Heading(text("report.how_sure", language)), Bullets(tuple(_sure(comparison, language)))]
    blocks += [] if comparison.request.is_many else results.binding(comparison, language)
    owing = owed.brief(comparison, language)
    blocks += [Heading(text("report.owed_heading", language)), Bullets(tuple(owing))] if owing else []
    blocks += [Heading(text("report.turns", language)), Bullets(tuple(turns(comparison, language)))]
    if comparison.ranking is not None and comparison.ranking.places:
        blocks.append(Paragraph(ranked.answer(comparison, comparison.ranking, language)))
    else:
        blocks.append(Paragraph(text("report.no_score", language), "note"))
    blocks.append(Paragraph(str(comparison.areas.attrs[f"nature_{language}"]), "note"))
    return Section(1, text("report.part.1", language), tuple(blocks))


def _question(comparison: Comparison, language: str) -> list[Block]:
    questions = [option.question.get(language, "") for option in comparison.request.options
                 if not comparison.request.is_many]
    own = list(dict.fromkeys(words_ for words_ in questions if words_))
    usual = text("report.question_usual", language, baseline=comparison.title("baseline", language),
                 year=comparison.year)
    return [Bullets((*own, usual))]


def _options(comparison: Comparison, language: str) -> list[str]:
    lines = [
        text("report.option", language, name=written.named(comparison, letter, language),
             sentence=option.sentence.get(language, ""))
        for letter, option in zip(comparison.request.letters, comparison.request.options, strict=True)
    ]
    return [*lines, text("report.against", language, name=comparison.title("baseline", language))]


def answers(comparison: Comparison, language: str) -> list[str]:
    """Return the answer in sentences: what each option gains, loses and costs, and how options stand to each other."""
    sentences = []
    lines = comparison.lines(level=[places.LIST])
    for option in comparison.request.letters:
        own = [line for line in lines if line.option == option]
        sentences += _answer(comparison, option, own, language)
    sentences += _pairs(comparison, language)
    sentences += purse.warnings(comparison, language)
    for first, second in comparison.equal_pairs():
        sentences.append(text("compare.equal", language, first=written.named(comparison, first, language),
                         second=written.named(comparison, second, language)))
    return sentences


def _answer(comparison: Comparison, option: str, own: list[Line], language: str) -> list[str]:
    name = written.named(comparison, option, language)
    judged = [line for line in own if line.about["direction"] in ("higher", "lower")]
    better, worse = ([line for line in judged if line.verdict == kind] for kind in (BETTER, WORSE))
    if not any(line.change.median for line in own):
        return [text("report.nothing_moves", language, name=name)]
    sentences = [text("report.counts", language, name=name, better=len(better), worse=len(worse), count=len(judged),
                 area=written.area_name(comparison, places.LIST, language))]
    gains = confidence.leading(judged, comparison.sizes, _TOLD)
    if gains:
        sentences.append(text("report.gains", language, option=option, claims=_listed(comparison, gains, language)))
    if worse:
        first = sorted(worse, key=lambda line: -abs(comparison.sizes.get((line.indicator, option), 0.0) or 0.0))[:_TOLD]
        sentences.append(text("report.losses", language, option=option, claims=_listed(comparison, first, language)))
    balance = purse.sentences(comparison, language).get(option)
    sentences += [balance] if balance else []
    return sentences


def _listed(comparison: Comparison, lines: list[Line], language: str) -> str:
    claims = (beside.claim(comparison, line, written.claim(line, language), language) for line in lines)
    return text("report.claims_separator", language).join(claims)


def _pairs(comparison: Comparison, language: str) -> list[str]:
    sentences = []
    duels = confidence.duels(comparison.areas, comparison.shown, places.LIST)
    for first, second in dict.fromkeys((duel.first, duel.second) for duel in duels):
        own = [duel for duel in duels if (duel.first, duel.second) == (first, second)]
        ahead = [duel.about[f"title_{language}"] for duel in own if duel.counts and duel.first_wins >= SURE]
        behind = [duel.about[f"title_{language}"] for duel in own if duel.counts and duel.first_wins <= 1 - SURE]
        sentences.append(text("report.pair", language, first=first, second=second, ahead=len(ahead), behind=len(behind),
                         count=len(own)))
    return sentences


def _sure(comparison: Comparison, language: str) -> list[str]:
    sentences = []
    if not comparison.has_bands:
        sentences.append(text("compare.no_bands", language))
    for line in claims(comparison):
        sure = comparison.claims.certainty(line)
        sentence = text("report.sure", language, option=line.option, title=line.title(language),
                    certainty=sure.words(language), agreement=words.percent(line.agreement, language),
                    members=line.change.members)
        sentences.append(sentence + _likely(comparison, line, sure, language))
    sides = comparison.sides
    sentences += [text("report.sides_count", language, option=option,
                       count=sum(side.option == option for side in sides))
             for option in comparison.request.letters]
    return sentences


def _likely(comparison: Comparison, line: Line, sure: Certainty, language: str) -> str:
    """Return how likely a direction is among the members, and that the claim is robust where it is."""
    sentences = []
    if comparison.has_bands:
        sentences.append(text("report.sure.likelihood", language, likelihood=likely(sure.probability, language)))
    if comparison.claims.is_robust(line):
        sentences.append(text("report.sure.robust", language))
    return "".join(sentences)


def turns(comparison: Comparison, language: str) -> list[str]:
    """Return what would change the answer: stresses, single assumptions and unit costs at which a claim turns."""
    sentences = []
    turned: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for line in claims(comparison):
        if not line.holds and len(comparison.stresses) > 1:
            turned.setdefault((line.option, _turning_stresses(comparison, line, language)),
                              []).append(line.title(language))
        for item in comparison.claims.turnings(line):
            if item.turns:
                sentences.append(text("report.break_even", language, option=line.option, title=line.title(language),
                                 words=turning(comparison, item, language)))
    sentences += costs_that_turn(comparison, language)
    first = [text("report.turned_by", language, option=option, titles=listing(titles, language),
                  stresses=listing(stresses, language)) for (option, stresses), titles in turned.items()]
    sentences = [*first, *sentences]
    if len(sentences) > _MOST_TURNS:
        sentences = [*sentences[:_MOST_TURNS], text("report.more_turns", language, count=len(sentences) - _MOST_TURNS)]
    if len(comparison.stresses) == 1:
        sentences.append(text("report.no_stress_run", language))
    elif not sentences:
        sentences.append(text("report.nothing_turns", language, count=len(comparison.stresses) - 1))
    return sentences


def costs_that_turn(comparison: Comparison, language: str) -> list[str]:
    """Return for each pair of options the unit costs at which the dearer one would cost no more than the other."""
    totals = {cost.option: cost.total.median for cost in figures.spent(comparison) if cost.total.members}
    levers = money.by_lever(comparison.areas, comparison.runs.without, figures.cost_area(comparison),
                            comparison.accounts)
    return [text("report.turn_cost", language, dear=item.dear, cheap=item.cheap, option=item.option,
                 gap=words.change(item.gap, "yuan", language).lstrip("+"), times=f"{item.times:.2g}",
                 lever=comparison.levers[item.lever].title[language])
            for item in turnings.of_costs(totals, levers) if item.lever in comparison.levers]


def _turning_stresses(comparison: Comparison, line: Line, language: str) -> tuple[str, ...]:
    under = changes.lines(comparison.areas, [line.indicator], level=[line.area], stresses=comparison.stresses)
    return tuple(written.stress_name(comparison, scenario.stress, language) for scenario in under
                 if scenario.option == line.option and scenario.verdict != line.verdict)


def turning(comparison: Comparison, turning: Turning, language: str) -> str:
    """Return at which value of an assumption a claim turns, or that it does not within what was run."""
    name = _assumption(comparison, turning, language)
    if not turning.turns:
        return text("report.no_turn", language, name=name)
    if turning.kind == PARAMETER:
        return text("report.turn_parameter", language, name=name, at=f"{turning.at:.4g}",
                    middle=f"{turning.middle:.4g}")
    key = "report.turn_lever" if turning.kind == LEVER else "report.turn_stress"
    return text(key, language, name=name, share=words.percent(turning.at, language))


def _assumption(comparison: Comparison, turning: Turning, language: str) -> str:
    """Return what an assumption is called: a stress or lever by its title, a number with its group and mark."""
    lever = comparison.levers.get(turning.lever)
    title = lever.title[language] if lever else turning.lever
    if turning.kind == LEVER:
        return title
    if turning.kind != PARAMETER:
        return written.stress_name(comparison, turning.name, language)
    return text("report.turn_number", language, group=title or text(f"unknown.group.{turning.group}", language),
                name=turning.name.replace(" ", "_"), mark=text(f"evidence.{turning.evidence}", language))


def what_they_are(comparison: Comparison, language: str) -> Section:
    """Return the levers of each option with their values, start and article."""
    blocks: list[Block] = []
    for letter, option in zip(comparison.request.letters, comparison.request.options, strict=True):
        name = written.named(comparison, letter, language)
        if option.trade_off.get(language):
            blocks.append(Paragraph(text("report.trade_off", language, name=name, words=option.trade_off[language])))
        blocks.append(_levers(comparison, letter, option, language))
    if comparison.request.stresses:
        blocks.append(_stresses(comparison, language))
    return Section(2, text("report.part.2", language), tuple(blocks))


def _levers(comparison: Comparison, letter: str, scenario: Scenario, language: str) -> ReportTable:
    rows = []
    for name, settings in scenario.levers.items():
        lever = comparison.levers.get(name)
        for setting in settings:
            if lever is not None:
                rows.append(cells(
                    beside.lever(comparison, name, language), number(lever.baseline, lever.unit, language),
                    points(setting, language),
                    str(min(setting.points)) if setting.points else "—", where(comparison, setting, language),
                    lever.article, _payers(lever.who_pays, language), text(f"evidence.{lever.evidence}", language)))
    heads = tuple(text(f"report.lever.{key}", language)
                  for key in ("name", "baseline", "values", "start", "where", "article", "payers", "evidence"))
    caption = text("report.levers_of", language, name=written.named(comparison, letter, language))
    if not rows:
        rows = [cells(text("report.no_lever", language), *[""] * (len(heads) - 1))]
    return ReportTable(f"levers-{letter}", caption, heads, tuple(rows))


def points(setting: LeverSetting, language: str) -> str:
    """Return the values of a setting by year."""
    return text("report.points_separator", language).join(
        text("report.point", language, year=year, value=f"{value:,g}") for year, value in setting.points.items())


def where(comparison: Comparison, setting: LeverSetting, language: str) -> str:
    """Return where a setting holds."""
    if setting.of_type:
        titles = {kind.id: kind.title[language] for kind in places_of(comparison.study.tables).types}
        return text("report.where_type", language, type=titles.get(setting.of_type, setting.of_type))
    if setting.losing_more_than is not None:
        return text("report.where_losing", language, share=words.percent(setting.losing_more_than, language))
    if setting.where in ("all", "68", "poles", "core", "circle"):
        return text(f"report.where.{setting.where}", language)
    return text("report.where_some", language, count=len(setting.places))


def _payers(payers: Sequence[str], language: str) -> str:
    named = ("budget", "bond", "private", "household", "none")
    return listing([text(f"payer.{payer}", language) if payer in named else payer
                    for payer in payers or ("—",)], language)


def _stresses(comparison: Comparison, language: str) -> ReportTable:
    rows = [cells(stress.title.get(language, stress.id), stress.sentence.get(language, ""))
            for stress in comparison.request.stresses]
    heads = (text("report.stress", language), text("report.meaning", language))
    return ReportTable("stresses", text("report.stresses", language), heads, tuple(rows))
