"""`behaviour`: what each lever does at both ends of its range, and whether that lies in its corridor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng import whole_files
from xiancheng.cli import progress, screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock
from xiancheng.texts import listing, number, phrase

if TYPE_CHECKING:
    from xiancheng.outputs.corridors import Corridor
    from xiancheng.sweeps.behaviour import Effect

Levers = Annotated[list[str] | None, typer.Argument(metavar="[LEVER…]", help="cli.behaviour.levers")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="cli.behaviour.output")]
Strict = Annotated[bool, typer.Option("--strict", help="cli.behaviour.strict")]
_PEOPLE, _MONEY, _LEFT = ("people", "people_of_province"), ("public", "private"), "unfunded"
_BY_LIFE = ("life_per_tonne", "net_per_tonne", "public_per_tonne")
_BY_GAIN = ("money_per_person", "money_per_tonne", *_BY_LIFE, "money_per_thing")
_EFFECTS = ("lever", "value", "scope", "own", *_PEOPLE, *_MONEY, _LEFT, *_BY_GAIN, "corridor")
_CORRIDORS = ("lever", "value", "measure", "amount", "bounds", "verdict", "source")
_MARKDOWN, _CSV = ".md", ".csv"


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "behaviour")(behaviour)


def behaviour(
    session: Session, levers: Levers = None, form: Form = "table", output: Output = None, strict: Strict = False
) -> None:
    """Run each lever to both ends of its range and hold it against its corridor."""
    from xiancheng.model import tables
    from xiancheng.outputs import files
    from xiancheng.sweeps import behaviour as room

    screen.checked(form)
    if output is not None and output.suffix not in (_MARKDOWN, _CSV):
        raise StudyError(Problem(str(output), phrase("cli.behaviour.suffix"), f"{_MARKDOWN}, {_CSV}"))
    if output is not None:
        files.try_place(output)
    tables.check(session.study.root)
    with progress.shown(session, session.words("cli.behaviour.progress")) as advance:
        effects = room.effects(session.study, levers or (), advance)
    if output is not None:
        page = _page(session, effects) if output.suffix == _MARKDOWN else screen.csv_bytes(_plain(effects))
        whole_files.aside(output, lambda path: path.write_bytes(page))
        session.say("cli.wrote", file=str(output))
    elif form == "table":
        for sentence in _bargains(session, effects):
            session.out.print(sentence, markup=False, soft_wrap=True)
        for columns, lines in ((_EFFECTS, _lines(session, effects)), (_CORRIDORS, _bounded(session, effects))):
            screen.table(session, lines, _titles(session, columns), (*_MONEY, _LEFT, *_PEOPLE, *_BY_GAIN, "amount"))
    else:
        screen.rows(session, _plain(effects), form, titles=_plain(effects)[0])
    verdicts = [inside for effect in effects for _, inside in effect.verdicts]
    session.say("cli.behaviour.count", inside=sum(verdicts), all=len(verdicts))
    if strict and not all(verdicts):
        raise typer.Exit(1)


def _plain(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """Return a row by effect with numbers as they are; what is infinite or missing is none."""
    return [
        {"lever": effect.lever.id, "value": effect.value, "unit": effect.lever.unit,
         "scope": effect.lever.default_scope,
         "own_indicator": effect.lever.own_indicator, "own_before": effect.own_before, "own_after": effect.own,
         **{name: amount if math.isfinite(amount) else None for name, amount in effect.amounts.items()},
         "thing": effect.thing,
         "corridor": "; ".join(f"{bound.measure} {bound.low:g} {bound.high:g}" for bound, _ in effect.verdicts),
         "outside": "; ".join(bound.measure for bound, inside in effect.verdicts if not inside),
         "source": "; ".join(dict.fromkeys(bound.source for bound, _ in effect.verdicts))}
        for effect in effects
    ]


def _titles(session: Session, columns: Sequence[str]) -> dict[str, str]:
    return {key: session.words(f"cli.behaviour.column.{key}") for key in columns}


def _lines(session: Session, effects: Sequence[Effect]) -> list[list[str]]:
    """Return the columns of _EFFECTS for each effect."""
    from xiancheng.outputs import indicators

    catalogue, language = indicators.read(session.study), session.language

    def line(effect: Effect) -> list[str]:
        own = catalogue[effect.lever.own_indicator]
        change = (number(amount, own.unit, language) for amount in (effect.own_before, effect.own))
        units = {**dict.fromkeys(_PEOPLE, "persons"), **dict.fromkeys(_MONEY, "yuan"), _LEFT: "yuan a year"}
        sums = [number(effect.amounts[name], unit, language, sign=True) for name, unit in units.items()]
        by_gain = [_amount(session, effect.amounts[name], "yuan") for name in _BY_GAIN]
        thing = f" ({catalogue[effect.thing].title[language]})" if effect.thing else ""
        outcome = [f"{_measure(session, bound)} {': '.join(_ends(session, bound, inside))}"
                   for bound, inside in effect.verdicts if not (bound.is_rule and inside)]
        return [*_name(session, effect), session.words(f"scope.{effect.lever.default_scope}"),
                f"{own.title[language]}: {' → '.join(change)}", *sums, *by_gain[:-1], by_gain[-1] + thing,
                listing(outcome, language) or session.words("cli.behaviour.unbounded")]

    return [line(effect) for effect in effects]


def _bounded(session: Session, effects: Sequence[Effect]) -> list[list[str]]:
    """Return the columns of _CORRIDORS for each corridor of a lever of its own, and each rule that is broken."""
    return [
        [*_name(session, effect), _measure(session, bound), _amount(session, effect.amounts[bound.measure], bound.unit),
         *_ends(session, bound, inside), f"{bound.source}. {bound.note[session.language]}".strip()]
        for effect in effects for bound, inside in effect.verdicts if not (bound.is_rule and inside)
    ]


def _name(session: Session, effect: Effect) -> list[str]:
    return [effect.lever.title[session.language], number(effect.value, effect.lever.unit, session.language)]


def _measure(session: Session, bound: Corridor) -> str:
    return session.words(f"cli.behaviour.measure.{bound.measure}")


def _amount(session: Session, value: float, unit: str) -> str:
    return session.words("cli.behaviour.none_gained") if math.isinf(value) else number(value, unit, session.language)


def _ends(session: Session, bound: Corridor, inside: bool) -> tuple[str, str]:
    """Return the bounds of a corridor and whether a value lies inside."""
    ends = [number(end, bound.unit, session.language) if math.isfinite(end) else "…" for end in (bound.low, bound.high)]
    return " – ".join(ends), session.words("cli.behaviour.inside" if inside else "cli.behaviour.outside")


def _bargains(session: Session, effects: Sequence[Effect]) -> list[str]:
    """Return a sentence for each lever that is far cheaper than all others: what it takes, and why."""
    from xiancheng.sweeps import behaviour as room

    sentences = []
    for effect in room.bargains(effects):
        lever, setting = _name(session, effect)
        price = _amount(session, effect.amounts["money_per_person"], "yuan")
        why = room.reason(effect, session.language) or session.words("cli.behaviour.unexplained")
        sentences.append(session.words("cli.behaviour.bargain", lever=lever, setting=setting, price=price, why=why))
    return sentences


def _page(session: Session, effects: Sequence[Effect]) -> bytes:
    """Return the page of the docs: what levers do, and the corridors."""
    span = clock.of(session.study)
    parts = [f"# {session.words('cli.behaviour.heading')}",
             session.words("cli.behaviour.intro", first=span.first_setting, last=span.end)]
    for name, columns, lines in (("effects", _EFFECTS, _lines(session, effects)),
                                 ("corridors", _CORRIDORS, _bounded(session, effects))):
        rows = [list(_titles(session, columns).values()), ["---"] * len(columns), *lines]
        sheet = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        parts += [f"## {session.words(f'cli.behaviour.{name}')}", sheet]
    parts += _bargains(session, effects)
    return ("\n\n".join(parts) + "\n").encode("utf-8")
