"""What stands below the first table of a run: which targets are met and when, and what the scenario costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiancheng.cli import screen
from xiancheng.cli.session import Session
from xiancheng.outputs import certainty, journey, places, pricetag, targets, unaided
from xiancheng.texts import number, text

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.model.build import BuiltRun
    from xiancheng.outputs.pricetag import PriceLine


def show_targets(session: Session, result: xr.Dataset, bands: xr.Dataset | None = None) -> None:
    """Show the year from which each target is met and what is missing to it, one table for each area.

    Args:
        session: the call.
        result: what came out.
        bands: of the members; the share of them that meets each target in time is shown beside it.
    """
    outcomes = targets.outcomes(result, session.language)
    for area in dict.fromkeys(outcome.area for outcome in outcomes):
        chosen = [outcome for outcome in outcomes if outcome.area == area]
        titles = {
            "title": session.words("cli.run.targets", name=chosen[0].name),
            **{key: session.words(f"cli.column.{key}")
               for key in ("kind_of_target", "target", "due", "value", "gap", "met")},
            **({} if bands is None else {"meeting": session.words("cli.column.meeting")}),
        }
        cells = [
            [
                item.title,
                session.words(f"binding.{item.binding}"),
                targets.written(item.target, item.unit, session.language),
                str(item.due),
                number(item.value, item.unit, session.language),
                gap(item, session.language),
                item.words(session.language),
                *([] if bands is None else [meeting(bands, item, session.language)]),
            ]
            for item in chosen
        ]
        screen.table(session, cells, titles, ("target", "due", "value", "gap", "meeting"))
        session.out.print()


def gap(outcome: targets.Outcome, language: str) -> str:
    """Return what is missing to a target in the year it is for; nothing where it is met or said in words."""
    return number(outcome.gap, outcome.unit, language) if outcome.gap > 0 else ""


def meeting(bands: xr.Dataset, outcome: targets.Outcome, language: str) -> str:
    """Return the share of members that meet a target in time, and in words how likely; nothing where none says it."""
    about = bands[outcome.indicator].attrs if outcome.indicator in bands else {}
    share = targets.share_meeting(about, outcome.area)
    if share is None:
        return ""
    word = certainty.likely(certainty.probability(share, int(bands.attrs["members"])), language)
    return text("target.likelihood", language, word=word, share=number(share, "share", language, digits=0))


def show_unaided(session: Session, built: BuiltRun, result: xr.Dataset, engine: str) -> None:
    """Say what becomes of the figures shown, of those that move without any policy, where no lever is pulled."""
    chosen = [name for name in unaided.names(session.study) if name in result]
    if not chosen:
        return
    baseline = journey.run_baseline(built, engine=engine) if any(built.scenario.levers.values()) else result
    for table in places.table_of(baseline, chosen, (places.LIST, places.PROVINCE)).values():
        figures = table.isel(area=0)
        name = str(figures[f"name_{session.language}"].item())
        if sentence := unaided.sentence(figures, chosen, name, session.language):
            session.out.print(sentence, markup=False, soft_wrap=True)
    session.out.print()


def costs(session: Session, built: BuiltRun, result: xr.Dataset, engine: str) -> list[PriceLine]:
    """Return the price tag of a run with levers; the baseline under the same assumptions is run for it."""
    if not any(built.scenario.levers.values()) or not pricetag.is_priced(result, built.study):
        return []
    return pricetag.tag(result, journey.run_baseline(built, engine=engine), built.study, session.language)


def show_costs(session: Session, tag: list[PriceLine]) -> None:
    """Show a price tag, one table for each area."""
    keys = ("scenario_sum", "baseline_sum", "extra", "per_resident")
    for area in dict.fromkeys(cost.area for cost in tag):
        chosen = [cost for cost in tag if cost.area == area]
        first, last = chosen[0].years
        title = session.words("cli.run.price", name=chosen[0].name, first=first, last=last)
        titles = {"title": title, **{key: session.words(f"cli.column.{key}") for key in keys}}
        language = session.language
        cells = [
            [
                item.title,
                number(item.scenario, "yuan", language),
                number(item.baseline, "yuan", language),
                number(item.extra, "yuan", language, sign=True),
                number(item.per_resident, "yuan", language, sign=True, digits=0),
            ]
            for item in chosen
        ]
        screen.table(session, cells, titles, keys)
        session.out.print()


def show_need(session: Session, built: BuiltRun, result: xr.Dataset, engine: str) -> None:
    """Say what need a run with levers leaves unpaid, a sentence for each area."""
    if not any(built.scenario.levers.values()) or not pricetag.is_priced(result, built.study):
        return
    language = session.language
    for line in pricetag.left(result, journey.run_baseline(built, engine=engine), built.study, language):
        mean, last, missing = (number(value, "yuan", language, sign=True)
                               for value in (line.mean, line.last, line.missing))
        words = session.words("cli.run.need", name=line.name, first=line.years[0], last=line.years[1], mean=mean,
                              in_last=last, missing=missing)
        session.out.print(words, markup=False, soft_wrap=True)
    session.out.print()
