"""`calibrate --condition`: all that is not known of other sectors, fitted to what was published of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from xiancheng.arrays import Floats
from xiancheng.calibration import (
    importance,
    joint_prior,
    matters,
    series,
    store,
    ties,
    whole_checks,
    whole_fit,
    whole_members,
)
from xiancheng.calibration.opened import OpenModel
from xiancheng.cli.progress import shown
from xiancheng.cli.session import Session
from xiancheng.outputs import indicators, journey, places

if TYPE_CHECKING:
    from xiancheng.calibration.whole_fit import WholeFit
    from xiancheng.cli.progress import Advance


def condition(session: Session, folder: Path, seed: int, truths: int = 0) -> None:
    """Fit, write the members with what was learnt beside them, and say how far the weights may be trusted.

    Args:
        session: of the command.
        folder: where steps are kept.
        seed: of chance.
        truths: invented truths to fit again; with any, the last years of each series are left out in turn too.
    """
    study = session.study
    model = OpenModel(study, joint_prior.streams(study), series.published(study))
    steps = store.opened_for(folder, store.whole_identity(study, seed))
    with ExitStack() as stack:

        def begun(name: str) -> Advance:
            stack.close()
            return stack.enter_context(shown(session, session.words(f"cli.calibrate.condition_{name}")))

        sectors = whole_fit.whole_fit(study, model, whole_members.COUNT, seed, steps, begun)
    rows = sectors.draws.chosen(seed)
    file = whole_members.write_conditioned(study, sectors.labels, sectors.draws.thetas[rows],
                                           [sectors.draws.people[row] for row in rows], seed)
    names = (whole_fit.POSTERIOR, whole_fit.FIGURES, ties.FILE)
    posterior, figures, tied = (study.calibration / name for name in names)
    whole_fit.write_figures(figures, sectors)
    ties.write(tied, ties.of(sectors.labels, joint_prior.stream_groups(study), sectors.approximation))
    headlines = _headlines(session, len(rows))
    whole_fit.write_posterior(posterior, sectors, matters.of(sectors.labels, sectors.draws.thetas[rows], headlines))
    _tell(session, sectors)
    files = [file, posterior, figures, tied]
    if truths:
        files += _proved(session, sectors, truths, seed)
    for written in files:
        session.say("cli.wrote", file=str(written))


def _headlines(session: Session, count: int) -> dict[str, Floats]:
    """Run the members that were written and return what each says of the headline indicators (member,)."""
    from xiancheng.sweeps import bands  # heavy, and asked for by few

    study = session.study
    named = [name for name, indicator in indicators.read(study).items() if indicator.headline]
    built = journey.prepare(study)
    drawn = whole_members.read(study, count).but(built.scenario.constants)  # stand-ins are of members before these
    with shown(session, session.words("cli.calibrate.condition_headlines")) as advance:
        return bands.last_year(built, drawn.parameters(), count, named, [places.LIST], advance)[places.LIST]


def _proved(session: Session, sectors: WholeFit, truths: int, seed: int) -> list[Path]:
    """Fit invented truths and years left out, say what came of it and return the files."""
    recovery = whole_checks.recover(session.study, sectors, truths, seed)
    forecasts = whole_checks.held_out(sectors)
    inside, scores = sum(forecast.is_inside() for forecast in forecasts), [forecast.scores() for forecast in forecasts]
    session.say("cli.calibrate.condition_recovered", count=truths, told=recovery.informed.shape[1],
                told_inside=f"{recovery.informed.mean():.0%}", rest=recovery.rest.shape[1],
                rest_inside=f"{recovery.rest.mean():.0%}")
    session.say("cli.calibrate.condition_held_out", inside=inside, count=len(forecasts),
                score=f"{sum(score for score, _ in scores) / len(scores):.2f}",
                trend=f"{sum(trend for _, trend in scores) / len(scores):.2f}")
    files = [session.study.calibration / name for name in (whole_checks.RECOVERY, whole_checks.HELD_OUT)]
    whole_checks.write_recovery(files[0], recovery)
    whole_checks.write_held_out(files[1], forecasts)
    return files


def _tell(session: Session, sectors: WholeFit) -> None:
    weights = importance.shares(sectors.draws.logarithms)
    shape = sectors.draws.pareto_shape
    session.say("cli.calibrate.conditioned", figures=int(sectors.published.fitted.sum()), searched=len(sectors.columns),
                size=len(sectors.labels), informed=len(sectors.approximation.singular), shape=f"{shape:.2f}",
                count=len(weights), worth=f"{importance.effective_count(weights):.0f}")
    session.say(f"cli.calibrate.condition_{'weighed' if shape < importance.USABLE else 'rough'}")
