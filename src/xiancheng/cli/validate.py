"""`validate`: what the stored fits say of places and years they did not see, or of anyone's figures."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng import whole_files
from xiancheng.calibration import census, fit, posterior, predictive, report, store, stored
from xiancheng.calibration.folds import leave_out
from xiancheng.calibration.priors import LINEAR
from xiancheng.calibration.setting import Calibration
from xiancheng.calibration.targets import FIT
from xiancheng.cli import screen
from xiancheng.cli.calibrate import STEPS, Folder, Form, Seed, Update, steps_shown
from xiancheng.cli.frame import verb
from xiancheng.cli.progress import Advance, shown
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model import members
from xiancheng.model.places import PREFECTURE
from xiancheng.outputs import against, core_runs
from xiancheng.texts import did_you_mean, number, phrase, phrase_list

if TYPE_CHECKING:
    from xiancheng.calibration.folds import OutOfFold
    from xiancheng.outputs.against import Compared

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
    without: Without = "", seed: Seed = 1, output: Folder = STEPS, update: Update = False,
    form: Form = "table",
) -> None:
    """Score what the fits say of what they did not see, beside bars and benchmarks."""
    screen.checked(form)
    if against is not None:
        _against(session, against, named, form)
        return
    setting = Calibration(session.study)
    if without:
        forecast = _without(session, setting, without, seed, output)
        _shown(session, report.rows(report.judged(setting, forecast), session.language), form)
        return
    if refit or chord:
        forecast, command = _refitted(session, setting, chord, seed, output, update)
    else:
        forecast, command = stored.read(session.study, setting.forward.space), stored.command(session.study)
        rests = stored.differing(session.study)
        if rests:
            session.say("cli.validate.older", names=", ".join(rests), command=command)
    judgement, language = report.judged(setting, forecast), session.language
    if form != "table":
        _shown(session, report.rows(judgement, language) + report.pit_rows(judgement, language), form)
        return
    for rows in (report.rows, report.band_rows, report.whole_rows, report.theil_rows):
        _shown(session, rows(judgement, language), form)
    draws, years = _draw_rows(session, setting), _year_rows(session)
    for lines in filter(None, (draws, years)):
        _shown(session, lines, form)
    if refit or chord or update:
        more = [(session.words("validation.cuts"), _cut_rows(session, setting)),
                (session.words("cli.validate.draws"), draws), (session.words("cli.validate.years"), years)]
        file = (session.study.calibration if update else output) / "validation.md"
        page = report.page(setting, judgement, command, language, chord="--chord" in command, more=more)
        whole_files.write(file, page)
        session.say("cli.wrote", file=str(file))


def _refitted(
    session: Session, setting: Calibration, chord: bool, seed: int, output: Path, update: bool
) -> tuple[OutOfFold, str]:
    """Fit without each prefecture; with `update` keep what the folds said in the study."""
    steps = store.opened(output, session.study, seed)
    names = {area.id: area.names for area in setting.where.areas(PREFECTURE)}
    with ExitStack() as stack:
        earlier = None
        if chord:
            start = fit.starts(setting.forward.space.size, 0, 1, seed)[0]
            earlier = fit.optimise(setting.forward, setting.evidence, start, store=steps,
                                begun=steps_shown(session, stack, 0, 1)).jacobian

        def begun(code: str, position: int, count: int) -> Advance:
            stack.close()
            name = names[code][session.language]
            title = session.words("cli.validate.fold", name=name, number=position + 1, count=count)
            return stack.enter_context(shown(session, title))

        answer = leave_out(setting.forward, setting.evidence, setting.prefectures, store=steps, begun=begun,
                           chord=earlier, clean=setting.clean)
    command = f"xiancheng validate {'--chord' if chord else '--refit'}"
    folder = session.study.calibration if update else output
    for file in stored.write(folder, session.study, setting.forward.space, answer, command):
        session.say("cli.wrote", file=str(file))
    return answer.said, command


def _without(session: Session, setting: Calibration, parameter: str, seed: int, output: Path) -> OutOfFold:
    """Fit without each prefecture, by one Jacobian, with a parameter held at 0."""
    positions = {prior.parameter: number for number,
                 prior in enumerate(setting.forward.space.common) if prior.scale == LINEAR}
    if parameter not in positions:
        raise StudyError(Problem("--without", phrase("calibration.no_parameter", name=parameter),
                                 phrase_list(positions),
                                 did_you_mean(parameter, positions)))
    steps, component = store.opened(output, session.study, seed), positions[parameter]
    with ExitStack() as stack:
        start = fit.starts(setting.forward.space.size, 0, 1, seed)[0]
        optimum = fit.optimise(setting.forward, setting.evidence, start, store=steps,
                            begun=steps_shown(session, stack, 0, 1)).jacobian
        frozen = {component: setting.forward.space.common[component].theta(0.0)}
        return leave_out(setting.forward, setting.evidence, setting.prefectures, store=steps, chord=optimum,
                         clean=setting.clean, frozen=frozen).said


def _draw_rows(session: Session, setting: Calibration) -> list[dict[str, str]]:
    """Run the stored draws from census to census and count the targets inside their bands; none without draws."""
    summary = session.study.calibration / "posterior_summary.csv"
    if not (session.study.calibration / members.FILE).is_file() or not summary.is_file():
        return []
    optimum = posterior.optima(summary)
    thetas = predictive.vectors(setting.forward.space, list(members.read(session.study).values()), optimum)
    runs = []
    with shown(session, session.words("cli.validate.draws_run", count=len(thetas))) as advance:
        for position, theta in enumerate(thetas):
            runs.append(setting.scorer.run(theta))
            advance((position + 1) / len(thetas))
    return [{
        "measure": session.words(f"validation.kind_{item.kind.replace(' ', '_').replace('+', '').replace('-', '_')}"),
        "targets": f"{item.targets:,}", "inside": f"{100 * item.inside:.0f} %", "half_width": f"{item.half_width:.1f}",
    } for item in predictive.checked(runs, setting.evidence, setting.clean)]


def _cut_rows(session: Session, setting: Calibration) -> list[dict[str, str]]:
    """Return the listed places that lost most of those who hardly move."""
    fitted = {target.place for target in setting.targets if target.use == FIT}
    cuts = census.cuts(setting.places, setting.start_ages, setting.evidence.ages, setting.listed)
    names = {place.element: place.names for place in setting.where}
    return [{
        "place": names[cut.place][session.language],
        "distance": f"{cut.distance:+.1f}",
        "cut": f"{100 * cut.share:.0f} %",
        "use": session.words("validation.use_fit" if cut.place in fitted else "validation.use_held_out"),
    } for cut in cuts if cut.distance < _FAR]


def _year_rows(session: Session) -> list[dict[str, str]]:
    """Return the years after the census, if there are any: the bar is for the set that has not seen them."""
    if not (session.study.tables / "province_yearly.csv").is_file():
        return []
    figures = {name: core_runs.hold_out(session.study, name) for name in reversed(core_runs.sets(session.study))}
    lines = []
    for position, item in enumerate(next(iter(figures.values()), [])):
        share = bool(item.measure.below)
        lines.append({
            "measure": item.measure.title[session.language],
            "year": str(item.year),
            "published": number(item.published, "share", session.language) if share else f"{item.published:,.0f}",
            "bar": f"{item.measure.bar:g}",
            "verdict": session.words("validation.met" if abs(item.error) < item.measure.bar else "validation.missed"),
            **{name: f"{years[position].error:+.2f}" for name, years in figures.items()},
        })
    return lines


def _against(session: Session, file: Path, named: str, form: str) -> None:
    """Put anyone's figures beside the core of the model."""
    figures = against.read(session.study, file)
    with shown(session, session.words("cli.validate.against_run", count=len(figures))) as advance:
        comparison = against.compare(session.study, figures, named)
        advance(1.0)
    if form != "table":
        lines = [{"place": row.figure.area, "name": row.names[session.language], "year": row.figure.year,
                  "indicator": row.figure.indicator, "value": row.figure.value, "model": row.model,
                  "difference": row.difference, "relative": row.relative, "unit": row.unit} for row in comparison]
        screen.rows(session, lines, form, titles=dict.fromkeys(lines[0], ""))
        return
    _shown(session, [_compared_row(session, row) for row in comparison], form)
    units = {row.figure.indicator: row.unit for row in comparison}
    _shown(session, [{
        "indicator": summary.indicator, "rows": str(summary.rows),
        "mape": "" if summary.error != summary.error else f"{summary.error:.2f} %",
        "rmse": number(summary.square, units[summary.indicator], session.language),
        "bias": number(summary.bias, units[summary.indicator], session.language),
    } for summary in against.summaries(comparison)], form)
    session.out.print(session.words("cli.validate.against_note", name=named), markup=False, soft_wrap=True)


def _compared_row(session: Session, compared: Compared) -> dict[str, str]:
    def written(value: float) -> str:
        return number(value, compared.unit, session.language)

    return {
        "place": compared.names[session.language], "year": str(compared.figure.year),
        "indicator": compared.figure.indicator,
        "value": written(compared.figure.value), "model": written(compared.model),
        "difference": written(compared.difference),
        "relative": "" if compared.relative != compared.relative else f"{100 * compared.relative:+.2f} %",
    }


def _shown(session: Session, lines: list[dict[str, str]], form: str) -> None:
    titles: dict[str, Any] = {key: session.words(f"validation.column_{key}") for key in lines[0]}
    screen.rows(session, lines, form, titles=titles, right=_RIGHT)
