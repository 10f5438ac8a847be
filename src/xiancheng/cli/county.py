"""`county`: one place on one page, found by its name in Chinese or English, its code or an old name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.place import facts, read_places
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock
from xiancheng.model.build import starts
from xiancheng.model.places import REST
from xiancheng.outputs import profile
from xiancheng.outputs.headline import bare, unit_column
from xiancheng.texts import Phrase, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.model.places import Place, Places
    from xiancheng.outputs.profile import PlaceFigure

Name = Annotated[str, typer.Argument(metavar="PLACE", help="cli.county.place")]
Result = Annotated[Path | None, typer.Option("--result", metavar="FILE", help="cli.county.result")]
Scenarios = Annotated[list[str] | None, typer.Option("--scenarios", metavar="A,B,…", help="cli.county.scenarios")]
Report = Annotated[Path | None, typer.Option("--report", metavar="FILE", help="cli.county.report")]
Members = Annotated[str | None, typer.Option("--members", metavar="N|people[:N]", help="cli.compare.members")]
Store = Annotated[Path | None, typer.Option("--store", metavar="FOLDER", help="cli.compare.store")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
_USUAL = Path("xiancheng_run") / "baseline.nc"
_EVERY = 5
"""Years between those of a run that are shown, from the last one before the policy on."""


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "county", FIRST)(county)


def county(
    session: Session, place: Name, result: Result = None, scenarios: Scenarios = None, report: Report = None,
    members: Members = None, store: Store = None, force: Force = False, form: Form = "table",
) -> None:
    """Show one place on one page, by option where scenarios are named."""
    screen.checked(form)
    if scenarios or report or members or store or force:
        from xiancheng.cli import county_page  # heavy, and only needed to compare

        options = county_page.PageOptions(tuple(scenarios or ()), report, force, members, store)
        county_page.refuse(options, place, result)
        county_page.show(session, choose(session, place), options, form)
        return
    own = choose(session, place)
    run = _run(session, result)
    span = clock.of(session.study)
    years = range(span.baseline, span.end + 1, _EVERY)
    shown = profile.figures(session.study, own.element, starts(session.study), run, years)
    if form != "table":
        columns = ("place", "name_zh", "name_en", "indicator", "year", "value", "unit")
        screen.rows(session, _records(own, shown), form, titles=dict.fromkeys(columns, ""))
        return
    head = [[session.words(f"cli.column.{key}"), words] for key, words in facts(session, own) if words]
    screen.table(session, head, _title(own, session), ())
    _figures(session, shown)
    _after(session, run)


def choose(session: Session, name: str) -> Place:
    """Find a place by its name, code or old name.

    Raises:
        StudyError: no place is called so, or several are.
    """
    places = read_places(session)
    chosen, unknown = places.choose(name)
    if len(chosen) == 1:
        return chosen[0]
    allowed = phrase("cli.county.allowed")
    if not unknown:
        inside = phrase("place.inside", places=phrase_list(place.names[session.language] for place in chosen))
        raise StudyError(Problem("", phrase("place.several", word=name), allowed, inside))
    raise StudyError(Problem("", unknown[0].reason, allowed, _unlisted_unit(places, name) or unknown[0].hint))


def _unlisted_unit(places: Places, name: str) -> Phrase | None:
    """Return the hint for a unit that is no place of its own but part of the rest of its prefecture."""
    word = name.strip().lower()
    rests = [
        f"{REST}{unit.prefecture_code}"
        for unit in places.units
        if word in (unit.code, unit.name_zh, unit.name_en.lower(), unit.name_en.lower().split(" (")[0])
    ]
    return phrase("cli.county.in_rest", name=name, rests=phrase_list(rests), rest=rests[0]) if rests else None


def _title(place: Place, session: Session) -> dict[str, str]:
    own, other = ("zh", "en") if session.language == "zh" else ("en", "zh")
    return {"a": place.names[own], "b": place.names[other]}


def _figures(session: Session, shown: list[PlaceFigure]) -> None:
    years = list(shown[0].values)
    titles = {
        "title": session.words("cli.column.indicator"),
        **{f"y{year}": str(year) for year in years},
        "unit": session.words("cli.column.unit"),
        "rank": session.words("cli.column.rank"),
    }
    lines = []
    for figure in shown:
        unit = figure.indicator.unit
        cells = [bare(value, unit, session.language) for value in figure.values.values()]
        rank = f"{figure.rank} / {figure.of}" if figure.rank else ""
        lines.append([figure.indicator.title[session.language], *cells, unit_column(unit, session.language), rank])
    session.out.print()
    screen.table(session, lines, titles, (*(f"y{year}" for year in years), "rank"))


def _after(session: Session, run: xr.Dataset | None) -> None:
    session.out.print()
    label = read_places(session).list_label
    session.out.print(session.words("cli.county.rank", label=label), markup=False, soft_wrap=True)
    session.out.print(session.words("cli.county.censuses"), markup=False, soft_wrap=True)
    if run is None:
        session.say("cli.county.no_run", last=clock.of(session.study).end)
        return
    title = run.attrs[f"title_{session.language}"]
    session.out.print(session.words("cli.county.run", title=title), markup=False, soft_wrap=True)
    session.out.print(str(run.attrs[f"nature_{session.language}"]), markup=False, soft_wrap=True)


def _run(session: Session, file: Path | None) -> xr.Dataset | None:
    """Return the run to show: the one named, else the baseline in the working folder if it is of this study."""
    if file is None and not _USUAL.is_file():
        return None
    from xiancheng.outputs import files  # heavy, and only needed where there is a run

    shown = profile.needed(session.study)
    if file is not None:
        return files.read(file, shown)
    result = files.read(_USUAL, shown)
    made = files.manifest(result)
    study = session.study
    if (made.get("equations_sha256"), made.get("data_sha256")) != (study.equations_hash, study.data_hash):
        session.say("cli.county.old_run", file=str(_USUAL))
        return None
    return result


def _records(place: Place, shown: list[PlaceFigure]) -> list[dict[str, Any]]:
    return [
        {
            "place": place.code,
            "name_zh": place.names["zh"],
            "name_en": place.names["en"],
            "indicator": figure.indicator.id,
            "year": year,
            "value": None if value != value else value,
            "unit": figure.indicator.unit,
        }
        for figure in shown
        for year, value in figure.values.items()
    ]
