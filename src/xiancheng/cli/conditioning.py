"""`calibrate --condition`: all that is not known of other sectors, fitted to what was published of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from xiancheng.calibration import importance, joint_prior, series, store, whole_fit, whole_members
from xiancheng.calibration.opened import OpenModel
from xiancheng.cli.progress import shown
from xiancheng.cli.session import Session

if TYPE_CHECKING:
    from xiancheng.calibration.whole_fit import WholeFit
    from xiancheng.cli.progress import Advance


def condition(session: Session, folder: Path, seed: int) -> None:
    """Fit, write the members with what was learnt beside them, and say how far the weights may be trusted."""
    study = session.study
    model = OpenModel(study, joint_prior.streams(study), series.published(study))
    steps = store.opened_for(folder, store.whole_identity(study, seed))
    with ExitStack() as stack:

        def begun(name: str) -> Advance:
            stack.close()
            return stack.enter_context(shown(session, session.words(f"cli.calibrate.condition_{name}")))

        whole = whole_fit.whole_fit(study, model, whole_members.COUNT, seed, steps, begun)
    rows = whole.draws.chosen(seed)
    file = whole_members.write_conditioned(study, whole.labels, whole.draws.thetas[rows],
                                           [whole.draws.people[row] for row in rows], seed)
    whole_fit.write_posterior(study.calibration / whole_fit.POSTERIOR, whole)
    whole_fit.write_figures(study.calibration / whole_fit.FIGURES, whole)
    _tell(session, whole)
    for written in (file, study.calibration / whole_fit.POSTERIOR, study.calibration / whole_fit.FIGURES):
        session.say("cli.wrote", file=str(written))


def _tell(session: Session, whole: WholeFit) -> None:
    weights = importance.shares(whole.draws.logarithms)
    shape = whole.draws.pareto_shape
    session.say("cli.calibrate.conditioned", figures=int(whole.published.seen.sum()), searched=len(whole.columns),
                size=len(whole.labels), informed=len(whole.approximation.singular), shape=f"{shape:.2f}",
                count=len(weights), worth=f"{importance.effective_count(weights):.0f}")
    session.say(f"cli.calibrate.condition_{'weighed' if shape < importance.USABLE else 'rough'}")
