"""`discover`: when the runs of a sweep go wrong, in words, as a table and as figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb, words_of
from xiancheng.cli.session import Session
from xiancheng.errors import StudyError
from xiancheng.outputs import indicators, least_changes
from xiancheng.sweeps import discovery as discoveries
from xiancheng.sweeps import discovery_words as wording
from xiancheng.sweeps import regret as regrets
from xiancheng.texts import number

if TYPE_CHECKING:
    from xiancheng.sweeps.discovery import Discovery

Stored = Annotated[Path, typer.Argument(metavar="STORE", help="cli.replay.store")]
Case = Annotated[str, typer.Argument(metavar="CASE", help="cli.discover.case")]
Scenarios = Annotated[list[str] | None, typer.Option("--scenarios", metavar="ID,…", help="cli.discover.scenarios")]
Method = Annotated[str, typer.Option("--method", metavar="prim|cart", help="cli.discover.method")]
Boxes = Annotated[int, typer.Option("--boxes", metavar="N", help="cli.discover.boxes")]
Density = Annotated[float | None, typer.Option("--density", metavar="SHARE", help="cli.discover.density")]
Resamples = Annotated[int, typer.Option("--resamples", metavar="N", help="cli.discover.resamples")]
Figures = Annotated[Path | None, typer.Option("--figures", metavar="DIR", help="cli.discover.figures")]
Missing = Annotated[str, typer.Option("--missing", metavar="strict|drop", help="cli.sensitivity.missing")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
_LEAST_CHANCE = 0.001


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "discover")(discover)


def discover(
    session: Session, store: Stored, case: Case, scenarios: Scenarios = None, method: Method = discoveries.PRIM,
    boxes: Boxes = discoveries.MOST, density: Density = None, resamples: Resamples = discoveries.RESAMPLES,
    figures: Figures = None, missing: Missing = "strict", form: Form = "table",
) -> None:
    """Find boxes of factors in which the runs of a sweep go wrong."""
    screen.checked(form)
    session.say("cli.discover.begin", store=str(store))
    result = discoveries.discover(store, case, scenarios=words_of(scenarios), method=method, boxes=boxes,
                                  density=density, missing=missing, resamples=resamples)
    if form == "table":
        _tell(session, result)
        _regret(session, result)
    else:
        screen.rows(session, wording.rows(result), form, titles=dict.fromkeys(wording.COLUMNS, ""))
    if figures is not None:
        for file in result.figures(figures, session.language):
            session.say("cli.wrote", file=str(file))


def _tell(session: Session, result: Discovery) -> None:
    language, runs = session.language, result.runs
    if not result.boxes:
        _print(session, session.words("discover.none", case=wording.case(runs, language), runs=len(runs.values),
                                      share=wording.share(result.share, language)))
    for finding in result.boxes:
        _print(session, wording.sentence(result, finding, language))
    if len(result.boxes) > 1:
        joint = wording.share(result.boxes[-1].joint_coverage, language)
        _print(session, session.words("discover.joint", coverage=joint))
    if result.boxes:
        _limits(session, result)
    if runs.members:
        session.say("discover.members", count=runs.members)
    if runs.left_out:
        session.say("discover.left_out", count=runs.left_out)


def _print(session: Session, words: str) -> None:
    session.out.print(words, markup=False, soft_wrap=True)


def _limits(session: Session, result: Discovery) -> None:
    _print(session, "\n" + session.words("discover.limits", resamples=result.resamples))
    keys = ("box", "factor", "limit", "range", "chance", "again")
    titles = {key: session.words(f"discover.column_{key}") for key in keys}
    cells = [[str(row["box"]), row[f"title_{session.spoken}"], *_bounds(session, row), _chance(row["chance"]),
              wording.share(row["again"], session.language)] for row in wording.rows(result)]
    screen.table(session, cells, titles, ("box", "chance", "again"))


def _bounds(session: Session, row: dict[str, Any]) -> tuple[str, str]:
    """Return the limits of a row and the range they lie in."""
    if row["choices"]:
        return row["choices"].replace(";", ", "), ""
    low, high, least, largest = (None if row[key] is None else number(row[key], row["unit"], session.language)
                                 for key in ("low", "high", "least", "largest"))
    limit = f"{low} – {high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
    return limit, f"{least} – {largest}"


def _chance(value: float) -> str:
    return f"< {_LEAST_CHANCE}" if value < _LEAST_CHANCE else f"{value:.3f}"


def _regret(session: Session, result: Discovery) -> None:
    """Show the regret of the options, where there are two or more."""
    runs = result.runs
    if len(set(runs.scenario.tolist())) < 2:
        return
    manifest, language = runs.store.manifest, session.language
    rows = regrets.regrets(runs, _least_change(session, result))
    area = next(row for row in manifest["areas"] if row["area"] == runs.case.area)
    _print(session, "\n" + session.words("discover.regret", futures=rows[0].futures, year=runs.case.year,
                                         title=manifest["titles"][runs.case.indicator][session.spoken],
                                         area=area[f"name_{session.spoken}"]))
    keys = ("option", "largest", "mean", "most", "best", "satisfied")
    titles = {key: session.words(f"discover.column_{key}") for key in keys}
    unit = manifest["units"][runs.case.indicator]
    cells = [[wording.option(runs, row, language), *(number(value, unit, language) for value in
                                                     (row.largest, row.mean, row.most)),
              wording.share(row.best, language), wording.share(row.satisfied, language)] for row in rows]
    screen.table(session, cells, titles, keys[1:])


def _least_change(session: Session, result: Discovery) -> float:
    """Return the least change of the indicator at its median; nothing where there is no study to read it from."""
    try:
        catalogue = indicators.read(session.study)
        least = least_changes.read(session.study)
    except StudyError:
        return 0.0
    name = result.runs.case.indicator
    return least_changes.of(catalogue[name], least).at(result.middle) if name in catalogue else 0.0
