"""What the numbers of a sweep depend on, part by part, so that a difference can be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from xiancheng import __version__
from xiancheng.calibration import whole_members
from xiancheng.model.settings import Scenario
from xiancheng.provenance import fingerprint
from xiancheng.study import Study
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.factors import MEMBER
from xiancheng.sweeps.setting import SweepSetting

_PROGRAMS = ("jax", "jaxlib", "numpy")


def identity(setting: SweepSetting, drawn: str) -> dict[str, str]:
    """Return the parts of a sweep's identity by name.

    Args:
        setting: what runs.
        drawn: sha256 of the drawn design.
    """
    return parts(setting.study, setting.design, [item.scenario for item in setting.built], drawn)


def parts(study: Study, design: Design, scenarios: Sequence[Scenario], drawn: str) -> dict[str, str]:
    """Return the same for a sweep whose equations need not be compiled, because nothing is to run.

    Args:
        study: the study.
        design: the design.
        scenarios: those of the design as they run.
        drawn: sha256 of the drawn design.
    """
    plain = design.plain()
    drawing = {name: plain[name] for name in ("sampler", "n", "levels", "factors")}
    values: dict[str, Any] = {
        "equations": study.equations_hash,
        "tables": study.data_hash,
        "scenarios": [scenario.plain() for scenario in scenarios],
        "members": _members(study, design),
        "factors": drawing,
        "seed": design.seed,
        "drawn design": drawn,
        "years of the run": [design.start, design.end],
        **({} if design.time_step is None else {"step of the run": design.time_step}),
        "indicators": plain["indicators"],
        "years": plain["years"],
        "places": [plain["areas"], plain["quantiles"]],
        "block": design.block,
        "precision": design.precision,
        "programs": {"xiancheng": __version__, **{name: metadata.version(name) for name in _PROGRAMS}},
    }
    return {name: fingerprint(part) for name, part in values.items()}


def _members(study: Study, design: Design) -> str:
    """Return what tells the members of a design from others; "" where it has none."""
    name = next((factor.name for factor in design.factors if factor.kind == MEMBER), "")
    if not name:
        return ""
    return whole_members.hash_of(study, name)


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the parts in which two identities differ."""
    return [name for name in dict.fromkeys([*before, *now]) if before.get(name) != now.get(name)]
