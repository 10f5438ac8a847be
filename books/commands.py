"""The page of the command line in both languages, made from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from books.words import page, plain, table
from xiancheng.cli.app import MODULES, loaded
from xiancheng.texts import text

TITLES = {"en": "Command line", "zh": "命令行"}
_INTRODUCTIONS = {
    "en": "Every verb with its arguments and flags, as `xiancheng VERB --help` shows them.",
    "zh": "每个命令及其参数和选项，与 `xiancheng 命令 --help` 的内容一致。",
}
_SHARED = ("study_folder", "language", "quiet", "verbose", "debug", "help")


def pages() -> dict[str, str]:
    """Return the page of the command line in each language by its path."""
    return {f"commands{'' if language == 'en' else '.zh'}.md": _page(language) for language in TITLES}


def verbs(language: str) -> Iterator[tuple[str, Any]]:
    """Yield every verb and its command, those behind a word too.

    Args:
        language: of their help.
    """
    for name in MODULES:
        yield from _below(name, loaded(name, language))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for word, verb in command.commands.items():
        yield from _below(f"{name} {word}", verb)


def _page(language: str) -> str:
    entries = list(verbs(language))
    shared = [parameter for parameter in entries[0][1].params if parameter.name in _SHARED]
    head = text("cli.panel.shared", language)
    return page(TITLES[language], _INTRODUCTIONS[language], *(_entry(*entry) for entry in entries),
                f"## {head} {{ #shared }}", _parameters(shared))


def _entry(name: str, command: Any) -> str:
    own = [parameter for parameter in command.params if parameter.name not in _SHARED]
    arguments = " ".join(str(parameter.metavar or parameter.name) for parameter in own
                         if parameter.param_type_name == "argument")
    usage = f"```text\nxiancheng {name} {arguments}".rstrip() + "\n```"
    help_text = plain(re.sub(r"\[/?(?:bold|italic|dim|cyan|green)\]", "", command.help or ""))
    parts = [f"## {name} {{ #{name.replace(' ', '-')} }}", help_text, usage, _parameters(own) if own else ""]
    return "\n\n".join(part for part in parts if part)


def _parameters(parameters: list[Any]) -> str:
    rows = []
    for parameter in parameters:
        names = ", ".join(f"`{flag}`" for flag in parameter.opts) if parameter.param_type_name == "option" else ""
        value = f"`{parameter.metavar}`".replace("|", "\\|") if parameter.metavar else ""
        rows.append((" ".join(filter(None, (names, value))) or f"`{parameter.name}`", plain(parameter.help or "")))
    return table(("", ""), rows)
