"""The program: its verbs in the order of the help; the module of a verb loads when the verb is called."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from xiancheng.cli.frame import FIRST, HELP, MORE, Verbs, translate

FIRST_VERBS = {"list": "listing", "show": "show", "run": "run", "compare": "comparing", "check": "check",
               "county": "county", "serve": "serve"}
MORE_VERBS = {"articles": "articles", "causes": "causes", "loops": "loops",
              "behaviour": "behaviour", "diff": "diff", "baseline": "baseline", "tables": "tables",
              "sketch": "sketch",
              "lever": "lever", "study": "studies", "engine": "engine_sweeping", "calibrate": "calibrate",
              "validate": "validate", "sweep": "sweeping", "replay": "sweeping", "export": "sweeping",
              "sensitivity": "sensing", "discover": "discovering", "effects": "effects", "target": "targeting",
              "plan": "planning", "plot": "plotting", "schema": "schema", "doctor": "doctor"}
MODULES = FIRST_VERBS | MORE_VERBS
"""Module of each verb, or of each word that verbs stand behind."""
_KEYS = {"list": "listing"}
"""Where the sentence of the help is not called by the verb."""


class _Program(Verbs):
    """The verbs of the help, of which one is loaded: importing all of them would take seconds for one line of help."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the name of the verb, the verb and the words behind it."""
        name, _, rest = super().resolve_command(ctx, args)
        language = ctx.params.get("language") or ctx.command.language
        return name, loaded(str(name), language), rest


def loaded(name: str, language: str) -> Any:
    """Import the module of a verb and return its command, in a language."""
    app = typer.Typer()
    app.callback()(_top)
    import_module(f"xiancheng.cli.{MODULES[name]}").register(app)
    command = typer.main.get_group(app).commands[name]
    translate(command, language)
    return command


def program(language: str) -> Any:
    """Build the command line.

    Args:
        language: of every help text.

    Returns:
        The command that Typer runs.
    """
    app = typer.Typer(
        name="xiancheng",
        cls=_Program,
        help="cli.help",
        epilog="cli.epilog",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": list(HELP)},
    )
    app.callback()(_top)
    command: Any = typer.main.get_group(app)
    command.language = language
    for name in MODULES:
        panel = FIRST if name in FIRST_VERBS else MORE
        key = f"cli.{_KEYS.get(name, name)}.help"
        command.add_command(TyperCommand(name, help=key, rich_help_panel=panel, rich_markup_mode="rich"))
    translate(command, language)
    return command


def _top(
    *,
    language: Annotated[str, typer.Option("--lang", metavar="zh|en", help="cli.flag.lang")] = "",
    version: Annotated[bool, typer.Option("--version", help="cli.flag.version", is_eager=True)] = False,
) -> None:
    """Take the flags that may stand before the verb."""
