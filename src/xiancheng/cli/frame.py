"""How verbs become commands: flags they all share, order in the help, and every sentence from the texts."""

from __future__ import annotations

import functools
import inspect
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperGroup

from xiancheng.cli.session import Session
from xiancheng.texts import catalogue, text

HELP = ("--help", "-h")
FIRST, MORE = "cli.panel.first", "cli.panel.more"
_SHARED = "cli.panel.shared"

_FLAGS: dict[str, tuple[Any, Any]] = {
    "study_folder": (
        Annotated[Path | None, typer.Option("--study", metavar="DIR", help="cli.flag.study", rich_help_panel=_SHARED)],
        None,
    ),
    "language": (
        Annotated[str, typer.Option("--lang", metavar="zh|en", help="cli.flag.lang", rich_help_panel=_SHARED)],
        "",
    ),
    "quiet": (
        Annotated[bool, typer.Option("--quiet", "-q", help="cli.flag.quiet", rich_help_panel=_SHARED)],
        False,
    ),
    "verbose": (
        Annotated[int, typer.Option("--verbose", "-v", count=True, metavar="", show_default=False,
                                    help="cli.flag.verbose", rich_help_panel=_SHARED)],
        0,
    ),
    "debug": (Annotated[bool, typer.Option("--debug", help="cli.flag.debug", rich_help_panel=_SHARED)], False),
}

Verb = Callable[..., None]


class UnknownVerb(Exception):
    """No verb of that name; says which word it was and which there are."""

    exit_code = 2

    def __init__(self, context: Any, word: str, verbs: Iterable[str]) -> None:
        self.ctx, self.word, self.verbs = context, word, tuple(verbs)
        super().__init__(word)


class Verbs(TyperGroup):
    """Verbs, or verbs behind a word such as `tables build`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the name of the verb, the verb and the words behind it.

        Raises:
            UnknownVerb: there is none of that name.
        """
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise UnknownVerb(ctx, args[0], self.commands)
        return super().resolve_command(ctx, args)


def group(app: typer.Typer, name: str) -> typer.Typer:
    """Add a word with verbs behind it, such as `tables build`."""
    below = typer.Typer(cls=Verbs, no_args_is_help=True, rich_markup_mode="rich")
    below.callback()(_language)
    app.add_typer(below, name=name, help=f"cli.{name}.help", rich_help_panel=MORE)
    return below


def _language(language: Annotated[str, typer.Option("--lang", metavar="zh|en", help="cli.flag.lang")] = "") -> None:
    """Take the language before the verb."""


def verb(app: typer.Typer, name: str, panel: str = MORE) -> Callable[[Verb], Verb]:
    """Register a function as a verb.

    Its first argument is the Session; the others are its own flags, with keys of texts as help. The flags that all
    verbs share are added.

    Args:
        app: the program or group of verbs.
        name: the verb.
        panel: where it stands in the help.
    """

    def register(function: Verb) -> Verb:
        own = list(inspect.signature(function).parameters.values())[1:]
        hints = get_type_hints(function, include_extras=True)

        @functools.wraps(function)
        def command(**values: Any) -> None:
            shared = {flag: values.pop(flag) for flag in _FLAGS}
            function(_session(shared), **values)

        shared = [
            inspect.Parameter(flag, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for flag, (annotation, default) in _FLAGS.items()
        ]
        parameters = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
            for parameter in own
        ]
        names = {parameter.name: parameter.annotation for parameter in [*parameters, *shared]}
        vars(command).pop("__wrapped__")
        vars(command)["__signature__"] = inspect.Signature([*parameters, *shared])
        command.__annotations__ = names
        app.command(name, help=f"cli.{function.__name__}.help", rich_help_panel=panel)(command)
        return function

    return register


def _session(shared: dict[str, Any]) -> Session:
    loudness = -1 if shared["quiet"] else int(shared["verbose"])
    return Session(shared["language"], shared["study_folder"], loudness)


def words_of(options: Sequence[str] | None) -> list[str]:
    """Return words given one by one or in lists with commas."""
    return [word.strip() for words in options or [] for word in words.replace("，", ",").split(",") if word.strip()]


def command_line() -> str:
    """Return the call as a person would type it."""
    return shlex.join(["xiancheng", *sys.argv[1:]])


def translate(command: Any, language: str) -> None:
    """Put the texts of a command and of all below it into a language, and make it the default of --lang."""
    command.help = _words(command.help, language)
    command.short_help = _words(command.short_help, language)
    command.epilog = _words(command.epilog, language)
    _panel(command, language)
    for parameter in command.params:
        if hasattr(parameter, "help"):
            parameter.help = _words(parameter.help, language)
        _panel(parameter, language)
        if parameter.name == "language":
            parameter.default = language
    help_flag = command.get_help_option(typer.Context(command, help_option_names=list(HELP)))
    help_flag.help = text("cli.flag.help", language)
    _panel(help_flag, language)
    for below in getattr(command, "commands", {}).values():
        translate(below, language)


def _panel(thing: Any, language: str) -> None:
    kind = "argument" if getattr(thing, "param_type_name", "") == "argument" else "option"
    usual = f"cli.panel.{kind}s" if hasattr(thing, "param_type_name") else MORE
    thing.rich_help_panel = text(getattr(thing, "rich_help_panel", None) or usual, language)


def _words(key: str | None, language: str) -> str | None:
    return text(key, language) if key in catalogue() else key
