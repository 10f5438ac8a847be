"""`plan`: the best use of levers under limits, as a scenario, with what binds and what each limit costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.cli.targeting import USUAL_MEMBERS, share_of
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

Name = Annotated[str, typer.Argument(metavar="PLAN", help="cli.plan.file")]
Out = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE.toml", help="cli.plan.output")]
Log = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="cli.plan.log")]
Members = Annotated[str | None, typer.Option("--members", metavar="N", help="cli.plan.members")]
Share = Annotated[str | None, typer.Option("--in", metavar="SHARE", help="cli.plan.in")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cli.plan.dry")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "plan")(plan)


def plan(
    session: Session, name: Name, output: Out = None, log: Log = None, members: Members = None, share: Share = None,
    dry_run: Dry = False, form: Form = "table",
) -> None:
    """Search for the best setting of a plan, or say which limits exclude each other."""
    screen.checked(form)
    part = share_of(share) if share is not None else None
    file = output or Path(f"{Path(name).stem}_answer.toml")
    if not file.parent.is_dir():
        raise StudyError(Problem(str(file), phrase("study.no_folder", path=str(file.parent))))
    session.begin("cli.plan.reading")
    from xiancheng.cli import plan_answer  # what runs the model takes seconds to load: after usage is right

    count = members or (USUAL_MEMBERS if part is not None else None)
    plan_answer.tell(session, name, file, log or file.with_suffix(".jsonl"), members=count, share=part,
                     dry_run=dry_run, form=form)
