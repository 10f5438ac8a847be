"""`causes`: what feeds a variable, what it feeds, and the loops through it."""

from __future__ import annotations

from typing import Annotated

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.engine import graph, read
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import did_you_mean, phrase

Name = Annotated[str, typer.Argument(metavar="VARIABLE", help="cli.causes.variable")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "causes")(causes)


def causes(session: Session, variable: Name, form: Form = "table") -> None:
    """Show what surrounds a variable."""
    screen.checked(form)
    model = read.read(session.study.equations)
    if key(variable) not in model.variables:
        unknown, hint = phrase("variable.unknown", name=variable), did_you_mean(key(variable), model.variables)
        raise StudyError(Problem("", unknown, phrase("lever.variable_allowed"), hint))
    tree = graph.causes(model, model.variables[key(variable)].name)
    rows = [{"relation": "feeds", "variables": [feeding]} for feeding in tree.feeds]
    rows += [{"relation": "fed", "variables": [user]} for user in tree.fed]
    rows += [{"relation": "loop", "variables": list(loop)} for loop in tree.loops]
    if form == "json":
        screen.json_out({"variable": tree.variable, "feeds": tree.feeds, "fed": tree.fed, "loops": tree.loops})
        return
    shown = [
        {"relation": session.words(f"cli.causes.{row['relation']}"), "variables": " → ".join(row["variables"])}
        for row in rows
    ]
    titles = {"relation": tree.variable, "variables": session.words("cli.column.variables")}
    screen.rows(session, shown, form, titles=titles)
