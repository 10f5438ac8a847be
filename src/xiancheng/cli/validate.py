"""`validate`: what the stored fits say of places and years they did not see, or of anyone's figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.calibrate import STEPS, Folder, Form, Seed, Update, steps_shown
from xiancheng.cli.frame import verb
from xiancheng.cli.progress import Advance, shown
from xiancheng.cli.session import Session
from xiancheng.texts import number

if TYPE_CHECKING:
    from xiancheng.calibration.folds import Said
    from xiancheng.calibration.predictive import Checked
    from xiancheng.calibration.setting import Setting
    from xiancheng.outputs.against import Compared
    from xiancheng.outputs.core_runs import Held

Refit = Annotated[bool, typer.Option("--refit", help="cli.validate.refit")]
Chord = Annotated[bool, typer.Option("--chord", help="cli.validate.chord")]
Without = Annotated[str, typer.Option("--without", metavar="PARAMETER", help="cli.validate.without")]
Against = Annotated[Path | None, typer.Option("--against", metavar="FILE", help="cli.validate.against")]
Named = Annotated[str, typer.Option("--set", metavar="baseline|hindcast", help="cli.validate.set")]
_FAR = -2.0
"""Places nearer to the median of the list are not shown."""
_RIGHT = (
    "distance", "cut", "bar", "model", "inside", "inside_half", "inside_fit", "half_width", "score", "simple",
    "um", "us", "ceiling", "uc", "r", "year", "published", "said", "error", "hindcast", "baseline", "targets",
    "value", "difference", "relative", "rows", "mape", "rmse", "bias", "crps", "bins", "probability",
)


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "validate")(validate)


def validate(
    session: Session, against: Against = None, named: Named = "baseline", refit: Refit = False, chord: Chord = False,
    without: Without = "",
    seed: Seed = 1, output: Folder = STEPS, update: Update = False, form: Form = "table",
) -> None:
    """Score what the fits say of what they did not see, beside bars and benchmarks."""
    screen.checked(form)
    if against is not None:
        _against(session, against, named, form)
        return
    from xiancheng.calibration import report, stored
    from xiancheng.calibration.setting import Setting

    setting = Setting(session.study)
    if without:
        said = _without(session, setting, without, seed, output)
        _shown(session, report.rows(report.judged(setting, said), session.language), form)
        return
    if refit or chord:
        said, command = _refitted(session, setting, chord, seed, output, update)
    else:
        said, command = stored.read(session.study, setting.forward.space), stored.command(session.study)
        rests = stored.differing(session.study)
        if rests:
            session.say("cli.validate.older", names=", ".join(rests), command=command)
    found = report.judged(setting, said)
    if form != "table":
        _shown(session, report.rows(found, session.language) + report.pit_rows(found, session.language), form)
        return
    _shown(session, report.rows(found, session.language), form)
    _shown(session, report.band_rows(found, session.language), form)
    _shown(session, report.whole_rows(found, session.language), form)
    _shown(session, report.theil_rows(found, session.language), form)
    checked = _predictive(session, setting)
    held = _held(session)
    for lines in (_checked_rows(session, checked), _held_rows(session, held)):
        if lines:
            _shown(session, lines, form)
    if refit or chord or update:
        more = [(session.words("validation.cuts"), _cut_rows(session, setting)),
                (session.words("cli.validate.draws"), _checked_rows(session, checked)),
                (session.words("cli.validate.years"), _held_rows(session, held))]
        file = (session.study.calibration if update else output) / "validation.md"
        page = report.page(setting, found, command, session.language, chord="--chord" in command, more=more)
        file.write_text(page, encoding="utf-8")
        session.say("cli.wrote", file=str(file))


def _refitted(
    session: Session, setting: Setting, chord: bool, seed: int, output: Path, update: bool
) -> tuple[Said, str]:
    """Fit without each prefecture; with `update` keep what the folds said in the study."""
    from xiancheng.calibration import fit, store, stored
    from xiancheng.calibration.folds import leave_out
    from xiancheng.model.places import PREFECTURE

    steps = store.opened(output, session.study, seed)
    names = {area.id: area.names for area in setting.where.areas(PREFECTURE)}
    with ExitStack() as stack:
        held = None
        if chord:
            start = fit.starts(setting.forward.space.size, 0, 1, seed)[0]
            held = fit.optimise(setting.forward, setting.evidence, start, store=steps,
                                begun=steps_shown(session, stack, 0, 1)).jacobian

        def begun(code: str, position: int, count: int) -> Advance:
            stack.close()
            name = names[code][session.language]
            title = session.words("cli.validate.fold", name=name, number=position + 1, count=count)
            return stack.enter_context(shown(session, title))

        answer = leave_out(setting.forward, setting.evidence, setting.prefectures, store=steps, begun=begun,
                           chord=held, clean=setting.clean)
    command = f"xiancheng validate {'--chord' if chord else '--refit'}"
    folder = session.study.calibration if update else output
    for file in stored.write(folder, session.study, setting.forward.space, answer, command):
        session.say("cli.wrote", file=str(file))
    return answer.said, command


def _without(session: Session, setting: Setting, parameter: str, seed: int, output: Path) -> Said:
    """Fit without each prefecture, by one Jacobian, with a parameter held at 0."""
    from xiancheng.calibration import fit, store
    from xiancheng.calibration.folds import leave_out
    from xiancheng.calibration.priors import LINEAR
    from xiancheng.errors import Problem, StudyError
    from xiancheng.texts import did_you_mean, phrase, phrase_list

    known = {one.parameter: number for number, one in enumerate(setting.forward.space.common) if one.scale == LINEAR}
    if parameter not in known:
        raise StudyError(Problem("--without", phrase("calibration.no_parameter", name=parameter), phrase_list(known),
                                 did_you_mean(parameter, known)))
    steps, component = store.opened(output, session.study, seed), known[parameter]
    with ExitStack() as stack:
        start = fit.starts(setting.forward.space.size, 0, 1, seed)[0]
        held = fit.optimise(setting.forward, setting.evidence, start, store=steps,
                            begun=steps_shown(session, stack, 0, 1)).jacobian
        frozen = {component: setting.forward.space.common[component].theta(0.0)}
        return leave_out(setting.forward, setting.evidence, setting.prefectures, store=steps, chord=held,
                         clean=setting.clean, frozen=frozen).said


def _predictive(session: Session, setting: Setting) -> list[Checked]:
    """Run the stored draws from census to census and count the targets inside their bands; none without draws."""
    from xiancheng.calibration import predictive
    from xiancheng.model import members

    summary = session.study.calibration / "posterior_summary.csv"
    if not (session.study.calibration / members.FILE).is_file() or not summary.is_file():
        return []
    rows = csv.DictReader(io.StringIO(summary.read_text(encoding="utf-8")))
    optimum = {(row["parameter"], row["place"]): float(row["optimum"]) for row in rows}
    thetas = predictive.vectors(setting.forward.space, list(members.read(session.study).values()), optimum)
    runs = []
    with shown(session, session.words("cli.validate.draws_run", count=len(thetas))) as advance:
        for position, theta in enumerate(thetas):
            runs.append(setting.scorer.run(theta))
            advance((position + 1) / len(thetas))
    return predictive.checked(runs, setting.evidence, setting.clean)


def _checked_rows(session: Session, found: Sequence[Checked]) -> list[dict[str, str]]:
    return [{
        "measure": session.words(f"validation.kind_{one.kind.replace(' ', '_').replace('+', '').replace('-', '_')}"),
        "targets": f"{one.targets:,}", "inside": f"{100 * one.inside:.0f} %", "half_width": f"{one.half_width:.1f}",
    } for one in found]


def _cut_rows(session: Session, setting: Setting) -> list[dict[str, str]]:
    """Return the listed places that lost most of those who hardly move."""
    from xiancheng.calibration import census
    from xiancheng.calibration.targets import FIT

    fitted = {one.place for one in setting.targets if one.use == FIT}
    found = census.cuts(setting.places, setting.start_ages, setting.evidence.ages, setting.listed)
    names = {place.element: place.names for place in setting.where}
    return [{
        "place": names[one.place][session.language],
        "distance": f"{one.distance:+.1f}",
        "cut": f"{100 * one.share:.0f} %",
        "use": session.words("validation.use_fit" if one.place in fitted else "validation.use_held_out"),
    } for one in found if one.distance < _FAR]


def _held(session: Session) -> dict[str, list[Held]]:
    """Return the years after the census under each set of parameters; none where the study has no such years."""
    from xiancheng.outputs import core_runs

    if not (session.study.tables / "province_yearly.csv").is_file():
        return {}
    return {name: core_runs.hold_out(session.study, name) for name in reversed(core_runs.sets(session.study))}


def _held_rows(session: Session, found: dict[str, list[Held]]) -> list[dict[str, str]]:
    """Return the figures of the years after the census: the bar is for the set that has not seen them."""
    lines = []
    for position, one in enumerate(next(iter(found.values()), [])):
        share = bool(one.measure.below)
        lines.append({
            "measure": one.measure.title[session.language],
            "year": str(one.year),
            "published": number(one.published, "share", session.language) if share else f"{one.published:,.0f}",
            "bar": f"{one.measure.bar:g}",
            "verdict": session.words("validation.met" if abs(one.error) < one.measure.bar else "validation.missed"),
            **{name: f"{held[position].error:+.2f}" for name, held in found.items()},
        })
    return lines


def _against(session: Session, file: Path, named: str, form: str) -> None:
    """Put anyone's figures beside the core of the model."""
    from xiancheng.outputs import against

    figures = against.read(session.study, file)
    with shown(session, session.words("cli.validate.against_run", count=len(figures))) as advance:
        found = against.compare(session.study, figures, named)
        advance(1.0)
    if form != "table":
        lines = [{"place": one.figure.area, "name": one.names[session.language], "year": one.figure.year,
                  "indicator": one.figure.indicator, "value": one.figure.value, "model": one.said,
                  "difference": one.difference, "relative": one.relative, "unit": one.unit} for one in found]
        screen.rows(session, lines, form, titles=dict.fromkeys(lines[0], ""))
        return
    _shown(session, [_compared_row(session, one) for one in found], form)
    units = {one.figure.indicator: one.unit for one in found}
    _shown(session, [{
        "indicator": one.indicator, "rows": str(one.rows),
        "mape": "" if one.error != one.error else f"{one.error:.2f} %",
        "rmse": number(one.square, units[one.indicator], session.language),
        "bias": number(one.bias, units[one.indicator], session.language),
    } for one in against.summaries(found)], form)
    session.out.print(session.words("cli.validate.against_note", name=named), markup=False, soft_wrap=True)


def _compared_row(session: Session, one: Compared) -> dict[str, str]:
    def written(value: float) -> str:
        return number(value, one.unit, session.language)

    return {
        "place": one.names[session.language], "year": str(one.figure.year), "indicator": one.figure.indicator,
        "value": written(one.figure.value), "model": written(one.said), "difference": written(one.difference),
        "relative": "" if one.relative != one.relative else f"{100 * one.relative:+.2f} %",
    }


def _shown(session: Session, lines: list[dict[str, str]], form: str) -> None:
    titles: dict[str, Any] = {key: session.words(f"validation.column_{key}") for key in lines[0]}
    screen.rows(session, lines, form, titles=titles, right=_RIGHT)
