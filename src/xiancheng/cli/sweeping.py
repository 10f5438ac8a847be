"""`sweep`: thousands of runs of a design; `sweep status`, `replay` and `export` of what is stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

_STATUS = "status"

Words = Annotated[list[str], typer.Argument(metavar="DESIGN", help="cli.sweep.words")]
Count = Annotated[int | None, typer.Option("-n", metavar="N", help="cli.sweep.n")]
Sampler = Annotated[
    str, typer.Option("--sampler", metavar="sobol|lhs|saltelli|morris|factorial", help="cli.sweep.sampler")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="cli.sweep.seed")]
Output = Annotated[str, typer.Option("-o", "--output", metavar="STORE", help="cli.sweep.output")]
Dask = Annotated[str, typer.Option("--dask", metavar="ADDRESS", help="cli.sweep.dask")]
Share = Annotated[str, typer.Option("--part", metavar="K/N", help="cli.sweep.part")]
Drawn = Annotated[Path | None, typer.Option("--design", metavar="FILE", help="cli.sweep.drawn")]
Verify = Annotated[bool, typer.Option("--verify", help="cli.sweep.verify")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cli.sweep.dry")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
Run = Annotated[int, typer.Argument(metavar="RUN", help="cli.replay.run")]
Stored = Annotated[Path, typer.Argument(metavar="STORE", help="cli.replay.store")]
Source = Annotated[Path, typer.Argument(metavar="RUN|STORE", help="cli.export.source")]
File = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="cli.export.output")]
As = Annotated[str, typer.Option("--format", metavar="netcdf|zarr|csv", help="cli.export.form")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]


def register(app: typer.Typer) -> None:
    """Offer the verbs."""
    verb(app, "sweep")(sweep)
    verb(app, "replay")(replay)
    verb(app, "export")(export)


def sweep(
    session: Session, words: Words, n: Count = None, sampler: Sampler = "", seed: Seed = None, output: Output = "",
    dask: Dask = "", part: Share = "1/1", design: Drawn = None, verify: Verify = False, dry_run: Dry = False,
    form: Form = "table",
) -> None:
    """Run a design, or say how far a store has come."""
    screen.checked(form)
    if words[0] == _STATUS:
        if len(words) != 2:
            raise StudyError(Problem("", phrase("cli.sweep.status_words"), phrase("sweep.a_store")))
        from xiancheng.cli import store_answer

        store_answer.status(session, words[1], form)
        return
    name, share = _design(words), _share(part)
    session.begin("cli.sweep.reading")
    from xiancheng.cli import sweep_answer  # what runs the model takes seconds to load: after usage is right

    sampling = {"n": n, "sampler": sampler or None, "seed": seed}
    changes = {key: value for key, value in sampling.items() if value is not None}
    ready = sweep_answer.ready(session, name, changes, design, output)
    if not dry_run:
        sweep_answer.run(session, *ready, address=dask, part=share, verify=verify)


def _design(words: Sequence[str]) -> str:
    if len(words) != 1:
        sentence = phrase("sweep.wrong_value", key="DESIGN", value=" ".join(words))
        raise StudyError(Problem("", sentence, phrase("sweep.design_allowed")))
    return words[0]


def _share(part: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", part)
    if match is not None and 1 <= int(match[1]) <= int(match[2]):
        return int(match[1]), int(match[2])
    raise StudyError(Problem("--part", phrase("sweep.part_wrong", part=part), phrase("sweep.part_allowed")))


def replay(session: Session, run: Run, store: Stored, form: Form = "table") -> None:
    """Compute one run of a sweep again and compare it with the stored one."""
    screen.checked(form)
    from xiancheng.cli import store_answer

    store_answer.replay(session, run, store, form)


def export(session: Session, store: Source, output: File, form: As = "", force: Force = False) -> None:
    """Write a sweep, or a single result, in another form."""
    from xiancheng.cli import store_answer

    store_answer.export(session, store, output, form, force=force)
