"""What a run says of the policy: the board of the evaluation by its aims, and the scorecard of the text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xiancheng.cli import screen, verdict
from xiancheng.cli.session import Session
from xiancheng.outputs import articles, evaluation, journey, places, scorecard, targets
from xiancheng.outputs.headline import bare, unit_column
from xiancheng.outputs.scorecard import AGAINST, AS_ASKED, OPEN, STILL
from xiancheng.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from xiancheng.model.build import BuiltRun
    from xiancheng.outputs.articles import PolicyText
    from xiancheng.outputs.scorecard import Mark


def show(
    session: Session, built: BuiltRun, result: xr.Dataset, engine: str, *, full: bool, bands: xr.Dataset | None = None
) -> None:
    """Show the board of the evaluation, and the scorecard of a run with levers.

    Args:
        session: the call.
        built: what ran.
        result: what came out.
        engine: that the baseline under the same assumptions is run with.
        full: every indicator of both.
        bands: of the members, None without.
    """
    _board(session, built, result, full=full)
    if any(built.scenario.levers.values()):
        _scorecard(session, built, result, engine, full=full)
    if full:
        _milestones(session, built, result, bands)


def _board(session: Session, built: BuiltRun, result: xr.Dataset, *, full: bool) -> None:
    """Show the board of the evaluation; not in full only what leads."""
    language = session.language
    every = evaluation.board(result, built.study, language)
    lines = [line for line in every if full or line.leads]
    if not lines:
        return
    names = {aim.id: aim.title[language] for aim in evaluation.read(built.study)}
    heading = session.words("board.heading", area=text(f"area.{places.PROVINCE}", language))
    years = {f"y{year}": str(year) for year in dict.fromkeys(lines[0].years)}
    titles = {"aim": session.words("board.aim"), "title": heading, **years, "unit": session.words("cli.column.unit"),
              "target": session.words("cli.column.target")}
    before = ""
    cells = []
    for line in lines:
        values = [line.first, line.last][-len(years):]
        cells.append([names[line.aim] if line.aim != before else "", line.title,
                      *(bare(value, line.unit, language) for value in values), unit_column(line.unit, language),
                      line.target])
        before = line.aim
    screen.table(session, cells, titles, tuple(years))
    session.out.print(session.words("board.no_total"), markup=False, soft_wrap=True)
    if len(lines) < len(every):
        session.say("board.more", more=len(every) - len(lines))
    session.out.print()


def _scorecard(session: Session, built: BuiltRun, result: xr.Dataset, engine: str, *, full: bool) -> None:
    """Show article by article what a run does to the own indicators of the text; in full one by one besides."""
    policy = articles.read(built.study)
    marks = scorecard.marks(result, journey.run_baseline(built, engine=engine), built.study, session.language) \
        if policy.articles else []
    if not marks:
        return
    _by_article(session, built, policy, marks, int(result["year"].values[-1]))
    if full:
        _by_indicator(session, policy, marks)
    session.out.print(session.words("score.note"), markup=False, soft_wrap=True)
    session.out.print()


def _by_article(session: Session, built: BuiltRun, policy: PolicyText, marks: Sequence[Mark], year: int) -> None:
    heading = session.words("score.heading", area=text(f"area.{places.PROVINCE}", session.language), year=year)
    titles = {"article": session.words("score.article"), "title": heading, "set": session.words("score.set"),
              **{key: session.words(f"score.{key}") for key in (AS_ASKED, AGAINST, OPEN, STILL, "targets")}}
    cells = []
    for article in policy.articles.values():
        own = [mark for mark in marks if mark.demand.article == article.id]
        if not own:
            continue
        levers = list(dict.fromkeys(name for clause in policy.clauses_of(article.id) for name in clause.levers))
        count = Counter(mark.verdict for mark in own)
        aims = [mark.target for mark in own if mark.target is not None]
        cells.append([
            article.id, article.title[session.language], _of(session, _pulled(built, levers), len(levers)),
            *(str(count[key] or "") for key in (AS_ASKED, AGAINST, OPEN, STILL)),
            _of(session, sum(aim.met is not None for aim in aims), len(aims)) if aims else "",
        ])
    screen.table(session, cells, titles, tuple(titles)[2:])


def _pulled(built: BuiltRun, levers: Sequence[str]) -> int:
    return sum(bool(built.scenario.levers.get(name)) for name in levers)


def _of(session: Session, part: int, total: int) -> str:
    return session.words("score.of", part=part, total=total)


def _by_indicator(session: Session, policy: PolicyText, marks: Sequence[Mark]) -> None:
    language = session.language
    titles = {key: session.words(f"score.{key}") for key in ("article", "indicator", "baseline", "value")}
    titles |= {"unit": session.words("cli.column.unit"), "verdict": session.words("score.verdict"),
               "target": session.words("score.target")}
    cells = [
        [mark.demand.article, mark.title[language], bare(mark.baseline, mark.unit, language),
         bare(mark.value, mark.unit, language), unit_column(mark.unit, language),
         session.words(f"score.{mark.verdict}"), _target(session, mark)]
        for mark in marks
    ]
    screen.table(session, cells, titles, ("baseline", "value"))


def _target(session: Session, mark: Mark) -> str:
    aim = mark.target
    if aim is None:
        return ""
    written = targets.written(aim.target, aim.unit, session.language)
    return session.words("score.missed" if aim.met is None else "score.reached", target=written, year=aim.met)


def _milestones(session: Session, built: BuiltRun, result: xr.Dataset, bands: xr.Dataset | None) -> None:
    """Show the level of every indicator with a target in each year that some target is due in, and what is missing."""
    language = session.language
    outcomes = targets.outcomes(result, language, (places.PROVINCE,))
    if not outcomes:
        return
    asking = {item.indicator: item.article for item in reversed(scorecard.demands(built.study))}
    years = {f"y{year}": str(year) for year in outcomes[0].levels}
    titles = {"title": session.words("score.milestones", area=text(f"area.{places.PROVINCE}", language)),
              "article": session.words("score.article"), "kind": session.words("cli.column.kind_of_target"), **years,
              "unit": session.words("cli.column.unit"), "target": session.words("score.target"),
              "gap": session.words("cli.column.gap"),
              **({} if bands is None else {"meeting": session.words("cli.column.meeting")})}
    cells = [
        [item.title, asking.get(item.indicator, ""), session.words(f"binding.{item.binding}"),
         *(bare(value, item.unit, language) for value in item.levels.values()), unit_column(item.unit, language),
         f"{targets.written(item.target, item.unit, language)} ({item.due})", verdict.gap(item, language),
         *([] if bands is None else [verdict.meeting(bands, item, language)])]
        for item in outcomes
    ]
    screen.table(session, cells, titles, (*years, "gap", "meeting"))
    session.out.print()
