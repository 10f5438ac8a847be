"""`schema`: what a document may say, for editors and for programs that write requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from xiancheng import whole_files
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.planning import plan
from xiancheng.scenarios import schema as schemas
from xiancheng.study import Study
from xiancheng.sweeps import design
from xiancheng.texts import did_you_mean, phrase, phrase_list
from xiancheng.weaving.documents import FILES
from xiancheng.web import request


def _of_folder(name: str) -> Callable[[Study, str], dict[str, Any]]:
    return lambda _, language: schemas.of_shape(FILES[name], language)


KINDS: dict[str, Callable[[Study, str], dict[str, Any]]] = {
    "scenario": schemas.of_scenario, "design": design.schema, "plan": plan.schema,
    **{name: _of_folder(name) for name in FILES},
    "request": request.schema,
}
Kind = Annotated[str, typer.Argument(metavar="|".join(KINDS), help="cli.schema.kind")]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="cli.schema.out")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "schema")(schema)


def schema(session: Session, kind: Kind, out: Out = None) -> None:
    """Write the JSON schema of a kind of document."""
    if kind not in KINDS:
        unknown, hint = phrase("cli.schema.unknown", kind=kind), did_you_mean(kind, KINDS)
        raise StudyError(Problem("", unknown, phrase_list(KINDS), hint))
    written = json.dumps(KINDS[kind](session.study, session.language), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        session.out.print(written, end="", markup=False, highlight=False, soft_wrap=True)
        return
    if not out.parent.is_dir():
        raise StudyError(Problem(str(out), phrase("study.no_folder", path=str(out.parent))))
    whole_files.write(out, written)
    session.say("cli.schema.written_json" if kind == "request" else "cli.schema.written", file=str(out), kind=kind)
