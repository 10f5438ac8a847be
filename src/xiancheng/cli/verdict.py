"""What stands below the first table of a run: which targets are met and when, and what the scenario costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiancheng.cli import screen
from xiancheng.cli.session import Session
from xiancheng.texts import number

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.model.build import BuiltRun
    from xiancheng.outputs.pricetag import Cost


def show_targets(session: Session, found: xr.Dataset) -> None:
    """Show the year from which each target is met, one table for each area."""
    from xiancheng.outputs import targets

    outcomes = targets.outcomes(found, session.language)
    for area in dict.fromkeys(one.area for one in outcomes):
        chosen = [one for one in outcomes if one.area == area]
        titles = {
            "title": session.words("cli.run.targets", name=chosen[0].name),
            **{key: session.words(f"cli.column.{key}") for key in ("target", "due", "value", "met")},
        }
        cells = [
            [
                one.title,
                targets.written(one.target, one.unit, session.language),
                str(one.due),
                number(one.value, one.unit, session.language),
                one.words(session.language),
            ]
            for one in chosen
        ]
        screen.table(session, cells, titles, ("target", "due", "value"))
        session.out.print()


def costs(session: Session, built: BuiltRun, found: xr.Dataset, engine: str) -> list[Cost]:
    """Return the price tag of a run with levers; the baseline under the same assumptions is run for it."""
    from xiancheng.outputs import journey, pricetag

    if not any(built.scenario.levers.values()) or not pricetag.is_priced(found, built.study):
        return []
    return pricetag.tag(found, journey.run_baseline(built, engine=engine), built.study, session.language)


def show_costs(session: Session, tag: list[Cost]) -> None:
    """Show a price tag, one table for each area."""
    keys = ("scenario_sum", "baseline_sum", "extra", "per_resident")
    for area in dict.fromkeys(one.area for one in tag):
        chosen = [one for one in tag if one.area == area]
        first, last = chosen[0].years
        title = session.words("cli.run.price", name=chosen[0].name, first=first, last=last)
        titles = {"title": title, **{key: session.words(f"cli.column.{key}") for key in keys}}
        language = session.language
        cells = [
            [
                one.title,
                number(one.scenario, "yuan", language),
                number(one.baseline, "yuan", language),
                number(one.extra, "yuan", language, sign=True),
                number(one.per_resident, "yuan", language, sign=True, digits=0),
            ]
            for one in chosen
        ]
        screen.table(session, cells, titles, keys)
        session.out.print()
