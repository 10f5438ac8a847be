"""`calibrate`: fits the parameters to the two censuses and says how well they are known."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.calibration import census, chains, checks, fit, nearby, posterior, priors, sampling, store, whole_members
from xiancheng.calibration.setting import Calibration
from xiancheng.cli import conditioning, screen
from xiancheng.cli.frame import verb
from xiancheng.cli.progress import Advance, shown
from xiancheng.cli.session import Session
from xiancheng.model import roles

if TYPE_CHECKING:
    from xiancheng.calibration.fit import Optimum
    from xiancheng.calibration.posterior import Marginal
    from xiancheng.calibration.sampling import Beside
    from xiancheng.calibration.store import StepStore

Starts = Annotated[int, typer.Option("--start-points", min=1, metavar="N", help="cli.calibrate.starts")]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="cli.calibrate.seed")]
Folder = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="cli.calibrate.folder")]
Update = Annotated[bool, typer.Option("--update", help="cli.calibrate.update")]
Profiles = Annotated[bool, typer.Option("--profile", help="cli.calibrate.profile")]
Truths = Annotated[int, typer.Option("--truths", min=0, metavar="N", help="cli.calibrate.truths")]
Sample = Annotated[int, typer.Option("--sample", min=0, metavar="N", help="cli.calibrate.sample")]
Draw = Annotated[int, typer.Option("--draw", min=0, metavar="N", help="cli.calibrate.draw")]
Condition = Annotated[bool, typer.Option("--condition", help="cli.calibrate.condition")]
Accept = Annotated[bool, typer.Option("--accept", help="cli.calibrate.accept")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
STEPS = Path("runs", "calibration")
_MEMBERS = 200
_SAME = 0.1
"""Values that the equations read are those of the optimum within this share of a standard deviation."""
_NEAR = 0.1
"""Searches whose sums of squares differ by less end equally deep."""


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "calibrate")(calibrate)


def calibrate(
    session: Session, start_points: Starts = 1, profile: Profiles = False, truths: Truths = 0, sample: Sample = 0,
    seed: Seed = 1, output: Folder = STEPS, update: Update = False, accept: Accept = False,
    draw: Draw = 0, condition: Condition = False, form: Form = "table",
) -> None:
    """Fit the parameters, or draw members of the whole model from what is stored."""
    screen.checked(form)
    if draw:
        _drawn(session, draw)
    elif condition:
        conditioning.condition(session, output / "whole", seed, truths)
    else:
        _fit(session, start_points, profile, truths, sample, seed, output, update, accept, form)


def _fit(
    session: Session, start_points: int, profile: bool, truths: int, sample: int, seed: int, output: Path, update: bool,
    accept: bool, form: str,
) -> None:
    """Fit the parameters of people and write what a fit leaves."""
    setting = Calibration(session.study)
    evidence, forward, steps = setting.evidence, setting.forward, store.opened(output, session.study, seed)
    space = forward.space
    optima = _searched(session, setting, steps, start_points, seed)
    best = min(optima, key=lambda optimum: optimum.point.cost)
    spread = posterior.covariance(best, evidence)
    lines = posterior.lines(space, best, spread, priors.held(session.study.parameters))
    _show(session, [line for line in lines if not line.place], form)
    after = priors.carried(session.study)
    lines += posterior.lines_of_carried(after)
    _tell(session, setting, optima, best, lines)
    folder = session.study.calibration if update else output
    posterior.write(folder / "posterior_summary.csv", lines)
    draws = posterior.members(space, best, spread, _MEMBERS, seed, after)
    posterior.write_members(folder / "members.csv", draws)
    fit.write_optima(folder / "optima.csv", optima)
    written = ["posterior_summary.csv", "members.csv", "optima.csv"]
    if profile:
        written += _profiles(session, setting, best, spread, folder)
    if truths:
        written.append(_truths(session, setting, best, steps, truths, folder))
    if sample:
        written.append(_sampled(session, setting, best, spread, steps, sample, seed, folder))
    if accept:
        changed = posterior.accepted(session.study.parameters, lines)
        session.say("cli.calibrate.accepted", count=len(changed), names=", ".join(changed),
                    file=str(session.study.parameters))
    for name in written:
        session.say("cli.wrote", file=str(folder / name))


def _searched(
    session: Session, setting: Calibration, steps: StepStore, start_points: int, seed: int
) -> list[Optimum]:
    """Search from every start point and return where each search ended."""
    space = setting.forward.space
    optima: list[Optimum] = []
    with ExitStack() as stack:
        for number, theta in enumerate(fit.starts(space.size, len(space.common), start_points, seed)):
            optima.append(fit.optimise(
                setting.forward, setting.evidence, theta, store=steps, name=f"start_{number:02d}",
                begun=steps_shown(session, stack, number, start_points), earlier=optima[0] if optima else None))
    return optima


def _drawn(session: Session, count: int) -> None:
    """Draw members of the whole model and say what differs between them."""
    file = whole_members.write(session.study, count)
    drawn = whole_members.read(session.study)
    numbers = sum(values[0].size for values in drawn.constants.values())
    session.say("cli.calibrate.drawn", count=count, number=numbers, paths=len(drawn.paths))
    session.say("cli.wrote", file=str(file))


def _profiles(session: Session, setting: Calibration, best: Optimum, spread: Any, folder: Path) -> list[str]:
    """Show how the sum of squares rises along the least informed parameters, and what a census may have missed."""
    forward, profiles = setting.forward, []
    for component in checks.least_informed(forward.space, spread, roles.of(session.study, "weakly_measured")):
        name = forward.space.common[component].parameter
        with shown(session, session.words("cli.calibrate.along", name=name)) as advance:
            profiles.append(checks.profile(forward, setting.evidence, best, component, advance))
    for line in profiles:
        rises = ", ".join(f"{value:.4g}: {rise:.1f}" for value, rise in zip(line.values, line.rises, strict=True))
        session.say("cli.calibrate.rises", name=line.parameter, rises=rises)
    pairs = ", ".join(f"{item} × {other} {r:+.2f}" for item, other, r in checks.correlated(forward.space, spread))
    session.say("cli.calibrate.pairs", pairs=pairs)
    checks.write_profiles(folder / "profiles.csv", profiles)
    covered = census.coverage(best, setting.evidence, forward.space)
    for coverage in covered:
        session.say("cli.calibrate.covered", ages=coverage.ages, estimate=f"{100 * coverage.estimate:+.2f}",
                    sd=f"{100 * coverage.sd:.2f}", shrinkage=f"{coverage.shrinkage:.2f}", partner=coverage.partner,
                    correlation=f"{coverage.correlation:+.2f}")
    census.write_coverage(folder / "coverage.csv", covered)
    return ["profiles.csv", "coverage.csv"]


def _truths(session: Session, setting: Calibration, best: Optimum, steps: StepStore, count: int, folder: Path) -> str:
    """Fit invented worlds and say how often their truth lies inside the bands."""
    with ExitStack() as stack:

        def begun(number: int) -> Advance:
            stack.close()
            title = session.words("cli.calibrate.truth", number=number + 1, count=count)
            return stack.enter_context(shown(session, title))

        recoveries = checks.recover(setting.forward, setting.evidence, best.jacobian, count, store=steps, begun=begun)
    means = [sum(values) / count
             for values in zip(*((recovery.common, recovery.local, recovery.standardised) for recovery in recoveries),
                                                  strict=True)]
    session.say("cli.calibrate.recovered", count=count, common=f"{means[0]:.0%}", local=f"{means[1]:.0%}",
                square=f"{means[2]:.2f}")
    checks.write_recoveries(folder / "recovery.csv", recoveries)
    return "recovery.csv"


def _sampled(
    session: Session, setting: Calibration, best: Optimum, spread: Any, steps: StepStore, count: int, seed: int,
    folder: Path,
) -> str:
    """Draw from the posterior by chains and say whether the spread of the fit is that of the draws."""
    posterior_near = nearby.Asked(setting.forward, setting.evidence, best, nearby.frame_of(best, spread, steps))
    with shown(session, session.words("cli.calibrate.nearby")) as advance:
        near = nearby.nearby(posterior_near, steps, advance)
    title = session.words("cli.calibrate.sampling", chains=sampling.CHAINS, count=count, warm=sampling.WARM_UP)
    with shown(session, title) as advance:
        sampled = sampling.sample(posterior_near.excess, near.excess, posterior_near.frame, count, seed=seed,
                                  store=steps, progress=advance)
    lines = sampling.beside(sampled, setting.forward.space, best.fitted)
    worst, fewest = max(lines, key=lambda line: line.r_hat), min(lines, key=lambda line: line.ess)
    session.say("cli.calibrate.sampled", chains=sampling.CHAINS, accepted=f"{sampled.accepted:.0%}",
                turns=sampled.pace.turns, stride=f"{sampled.pace.stride:.2f}",
                r_hat=f"{worst.r_hat:.4f}", worst=_named(worst), ess=f"{fewest.ess:,.0f}",
                fewest=_named(fewest))
    gate = "gate_met" if sampling.is_posterior(lines) else "gate_missed"
    session.say(f"cli.calibrate.{gate}", r_hat=chains.MOST_R_HAT, ess=f"{chains.LEAST_ESS:.0f}")
    for kind, local in (("common", False), ("local", True)):
        some = [line for line in lines if bool(line.place) == local]
        if some:
            low, high = min(some, key=lambda line: line.ratio), max(some, key=lambda line: line.ratio)
            far = max(some, key=lambda line: abs(line.shift))
            close = sum(bool(abs(line.ratio - 1) < sampling.CLOSE) for line in some)
            session.say(f"cli.calibrate.beside_{kind}", close=close, count=len(some), share=f"{sampling.CLOSE:.0%}",
                        low=f"{low.ratio:.2f}", lowest=_named(low), high=f"{high.ratio:.2f}", highest=_named(high),
                        shift=f"{far.shift:+.2f}", farthest=_named(far))
    sampling.write(folder / "sampled.csv", lines)
    return "sampled.csv"


def _named(beside: Beside) -> str:
    return f"{beside.parameter} {beside.place}".strip()


def steps_shown(session: Session, stack: ExitStack, start: int, count: int) -> Callable[[int, float], Advance]:
    """Return what is called at each exact Jacobian: it ends the bar of the one before and shows a new one."""

    def begun(number: int, cost: float) -> Advance:
        stack.close()
        title = session.words("cli.calibrate.step", start=start + 1, count=count, number=number + 1,
                              cost=f"{cost:,.1f}")
        return stack.enter_context(shown(session, title))

    return begun


def _show(session: Session, lines: list[Marginal], form: str) -> None:
    keys = ("parameter", "prior", "optimum", "sd", "shrinkage", "held", "difference")
    shown_lines = [
        {
            "parameter": line.parameter,
            "prior": f"{line.prior_mean:.4g} ± {line.prior_sd:.2g}" if form == "table" else line.prior_mean,
            "optimum": _written(line.optimum, form),
            "sd": _written(line.sd, form),
            "shrinkage": f"{line.shrinkage:.2f}" if form == "table" else line.shrinkage,
            "held": _written(line.held, form),
            "difference": f"{line.difference:+.2f}" if form == "table" else line.difference,
        }
        for line in lines
    ]
    titles = {key: session.words(f"cli.calibrate.column_{key}") for key in keys}
    screen.rows(session, shown_lines, form, titles=titles, right=keys[1:])


def _written(value: float, form: str) -> str | float:
    return f"{value:.4g}" if form == "table" else value


def _tell(session: Session, setting: Calibration, optima: list[Optimum], best: Optimum, lines: list[Marginal]) -> None:
    """Say how well the optimum is known: cost, other optima, identifiability, weak and moved parameters by name."""
    common = [line for line in lines if not line.place]
    session.say("cli.calibrate.cost", cost=f"{best.point.cost:,.1f}", count=len(best.point.theta))
    if len(optima) > 1:
        near = sum(bool(optimum.point.cost - best.point.cost < _NEAR) for optimum in optima)
        costs = ", ".join(f"{optimum.point.cost:,.1f}" for optimum in optima)
        session.say("cli.calibrate.optima", near=near, count=len(optima), costs=costs)
    fitted = len(setting.forward.space.common)
    for key, columns in (("all", None), ("common", slice(0, fitted))):
        identification = posterior.identification(best, setting.evidence, columns)
        session.say(f"cli.calibrate.identified_{key}", informed=identification.informed,
                    count=len(identification.singular),
                    condition=f"{identification.condition:.2g}")
    weak = [line.parameter for line in common if line.shrinkage < posterior.WEAK]
    session.say("cli.calibrate.weak", count=len(weak), share=f"{posterior.WEAK:.0%}", names=", ".join(weak))
    moved = [f"{line.parameter} ({line.difference:+.2f})" for line in common if abs(line.difference) > _SAME]
    session.say("cli.calibrate.moved", count=len(moved), names=", ".join(moved))
