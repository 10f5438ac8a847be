"""`county`: one place on one page, found by its name in Chinese or English, its code or an old name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import Phrase, number, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.outputs.profile import Figure

Name = Annotated[str, typer.Argument(metavar="PLACE", help="cli.county.place")]
Result = Annotated[Path | None, typer.Option("--result", metavar="FILE", help="cli.county.result")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
_USUAL = Path("xiancheng_run") / "baseline.nc"
_YEARS = (2025, 2030, 2035)


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "county", FIRST)(county)


def county(session: Session, place: Name, result: Result = None, form: Form = "table") -> None:
    """Show one place on one page."""
    from xiancheng.model.build import starts
    from xiancheng.outputs import profile

    screen.checked(form)
    found, problem = choose(session, place)
    if found is None:
        raise StudyError(problem)
    run = _run(session, result)
    shown = profile.figures(session.study, found["element"], starts(session.study), run, _YEARS)
    if form != "table":
        columns = ("place", "name_zh", "name_en", "indicator", "year", "value", "unit")
        screen.rows(session, _records(found, shown), form, titles=dict.fromkeys(columns, ""))
        return
    head = [[session.words(f"cli.column.{key}"), words] for key, words in facts(session, found) if words]
    screen.table(session, head, _title(found, session), ())
    _figures(session, shown)
    _after(session, run)


def choose(session: Session, name: str) -> tuple[dict[str, Any] | None, Problem]:
    """Find a place.

    Args:
        session: the call.
        name: its name, code or old name.

    Returns:
        Its row of the table of places with its element, or None and what is wrong.
    """
    from xiancheng.model import tables
    from xiancheng.scenarios import places

    chosen, unknown = places.choose(places.read(session.study), name)
    if len(chosen) == 1:
        row = tables.places(session.study.root).loc[chosen[0].element]
        return {**{str(key): value for key, value in row.items()}, "element": chosen[0].element}, Problem("", "")
    if unknown:
        member = _unlisted_unit(session, name)
        hint = member if member is not None else unknown[0].hint
        return None, Problem("", unknown[0].reason, phrase("cli.county.allowed"), hint)
    return None, Problem("", phrase("place.several", word=name), phrase("cli.county.allowed"))


def names(session: Session) -> list[str]:
    """Return every name a place may be called by."""
    from xiancheng.scenarios import places

    return [name for place in places.read(session.study) for name in (place.name_zh, place.name_en, place.code)]


def _unlisted_unit(session: Session, name: str) -> Phrase | None:
    """Return the hint for a unit that is no place of its own but part of the rest of its prefecture."""
    from xiancheng.model.places import REST
    from xiancheng.model.tables import geography_of

    units = geography_of(session.study.root).units
    wanted = name.strip().lower()
    found = [
        unit
        for unit in units
        if wanted in (unit.code, unit.name_zh, unit.name_en.lower(), unit.name_en.lower().split(" (")[0])
    ]
    if not found:
        return None
    rests = [f"{REST}{unit.prefecture_code}" for unit in found]
    return phrase("cli.county.in_rest", name=name, rests=phrase_list(rests), rest=rests[0])


def facts(session: Session, place: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the table of places says about a place, as (key of the column's name, words)."""
    return [
        ("name_zh", place["name_zh"]),
        ("name_en", place["name_en"]),
        ("code", place["code"]),
        ("kind", session.words(f"kind.{place['kind']}")),
        ("prefecture", f"{place['prefecture_zh']} {place['prefecture_en']}"),
        ("old_names", str(place["old_names"]).replace("+", ", ")),
        ("area", number(float(place["area_km2"]), "km2", session.language)),
        ("listed", session.words("cli.yes" if place["in_68"] else "cli.no")),
    ]


def _title(place: dict[str, Any], session: Session) -> dict[str, str]:
    own, other = ("name_zh", "name_en") if session.language == "zh" else ("name_en", "name_zh")
    return {"a": place[own], "b": place[other]}


def _figures(session: Session, shown: list[Figure]) -> None:
    from xiancheng.outputs.headline import bare, unit_column

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
    from xiancheng.model import tables
    from xiancheng.outputs import places

    frame = tables.places(session.study.root)
    label = places.list_label(places.is_own_selection(session.study), int(frame["in_68"].sum()))
    session.out.print()
    session.out.print(session.words("cli.county.rank", label=label), markup=False, soft_wrap=True)
    session.out.print(session.words("cli.county.censuses"), markup=False, soft_wrap=True)
    if run is None:
        session.say("cli.county.no_run")
        return
    title = run.attrs[f"title_{session.language}"]
    session.out.print(session.words("cli.county.run", title=title), markup=False, soft_wrap=True)
    session.out.print(str(run.attrs[f"nature_{session.language}"]), markup=False, soft_wrap=True)


def _run(session: Session, file: Path | None) -> xr.Dataset | None:
    """Return the run to show: the one named, else the baseline in the working folder if it is of this study."""
    from xiancheng.outputs import files

    if file is not None:
        return files.read(file)
    if not _USUAL.is_file():
        return None
    found = files.read(_USUAL)
    made = files.manifest(found)
    study = session.study
    if (made.get("equations_sha256"), made.get("data_sha256")) != (study.equations_hash, study.data_hash):
        session.say("cli.county.old_run", file=str(_USUAL))
        return None
    return found


def _records(place: dict[str, Any], shown: list[Figure]) -> list[dict[str, Any]]:
    return [
        {
            "place": place["code"],
            "name_zh": place["name_zh"],
            "name_en": place["name_en"],
            "indicator": figure.indicator.id,
            "year": year,
            "value": None if value != value else value,
            "unit": figure.indicator.unit,
        }
        for figure in shown
        for year, value in figure.values.items()
    ]
