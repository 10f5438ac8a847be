"""The program: its verbs in the order of the help."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from xiancheng.cli.frame import HELP, MORE, translate

FIRST_VERBS = ("listing", "show", "run", "comparing", "check", "county", "serve")
MORE_VERBS = ("causes", "loops", "behaviour", "diff", "baseline", "tables", "lever", "studies", "engines", "calibrate",
              "validate", "sweeping", "sensing", "plotting", "schema", "doctor")
_ROOMS = {
    "calibrate": "xiancheng.calibration.fit",
    "validate": "xiancheng.calibration.folds",
    "causes": "xiancheng.engine.graph",
    "tables": "xiancheng.model.tables",
    "serve": "xiancheng.web.start",
    "studies": "xiancheng.model.new_study",
    "engines": "xiancheng.engine.checks",
}
"""Verbs that need a part of the package; without it they are not offered."""


def program(language: str) -> Any:
    """Build the command line.

    Args:
        language: of every help text.

    Returns:
        The command that Typer runs.
    """
    app = typer.Typer(
        name="xiancheng",
        help="cli.help",
        epilog="cli.epilog",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": list(HELP)},
    )
    app.callback()(_top)
    for name in (*FIRST_VERBS, *MORE_VERBS):
        if name not in _ROOMS or find_spec(_ROOMS[name]) is not None:
            import_module(f"xiancheng.cli.{name}").register(app)
    command = typer.main.get_command(app)
    translate(command, language)
    return command


def _top(
    *,
    language: Annotated[str, typer.Option("--lang", metavar="zh|en", help="cli.flag.lang")] = "",
    version: Annotated[bool, typer.Option("--version", help="cli.flag.version", is_eager=True, callback=None)] = False,
) -> None:
    """Take the flags that may stand before the verb."""


def _language(language: Annotated[str, typer.Option("--lang", metavar="zh|en", help="cli.flag.lang")] = "") -> None:
    """Take the language before the verb."""


def group(app: typer.Typer, name: str) -> typer.Typer:
    """Add a group of verbs such as `tables build`."""
    below = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
    below.callback()(_language)
    app.add_typer(below, name=name, help=f"cli.{name}.help", rich_help_panel=MORE)
    return below
