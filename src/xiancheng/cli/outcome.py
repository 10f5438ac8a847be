"""What becomes of a call: an exit code, and for everything that can go wrong a sentence instead of a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from xiancheng.cli.app import program
from xiancheng.cli.frame import UnknownVerb
from xiancheng.cli.session import Session, Stopped, language_of, value_of
from xiancheng.errors import MissingFont, MissingPart, Problem, StudyError
from xiancheng.texts import LANGUAGES, did_you_mean, in_language, text

DONE, FAILURE, USAGE, BAD_INPUT, MISSING_PART, INTERRUPTED = 0, 1, 2, 3, 6, 130


def run(arguments: list[str]) -> int:
    """Run the program on the words of a command line and return its exit code."""
    _plain_streams()
    language = language_of(arguments, os.environ)
    session = Session(language)
    wrong = value_of(arguments, "--lang")
    if wrong is not None and wrong not in LANGUAGES:
        _say(session, text("cli.wrong.language", language, value=wrong))
        return USAGE
    try:
        return _call(arguments, session)
    except StudyError as error:
        from xiancheng.weaving import origin

        _problems(session, tuple(map(origin.of, error.problems)))
        return BAD_INPUT
    except MissingPart as error:
        message = error.message if isinstance(error, MissingFont) else text(
            "cli.not_installed", language, package=error.package, extra=error.extra)
        _say(session, text("cli.missing_part", language, message=message))
        return MISSING_PART
    except Stopped as stop:
        _say(session, in_language(stop.message, language))
        return INTERRUPTED
    except (KeyboardInterrupt, EOFError):
        _say(session, text("cli.interrupted", language))
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        if "--debug" in arguments:
            raise
        _say(session, text("cli.failure", language, kind=type(error).__name__, message=str(error)))
        return FAILURE


def _call(arguments: list[str], session: Session) -> int:
    try:
        if "--version" in arguments:
            folder = value_of(arguments, "--study")
            return _version(Session(session.spoken, Path(folder) if folder is not None else None))
        command = program(session.language)
        with command.make_context("xiancheng", list(arguments)) as context:  # its own `main` would swallow a Ctrl-C
            code = command.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        if getattr(error, "exit_code", None) != USAGE:
            raise
        return _usage(session, error)
    return code if isinstance(code, int) else DONE


def _version(session: Session) -> int:
    study = session.study
    session.out.print(f"xiancheng {study.version}", soft_wrap=True)
    session.say("cli.study", root=str(study.root), origin=study.origin, version=study.version)
    return DONE


def _usage(session: Session, error: Any) -> int:
    """Say what is wrong with the call in the user's language, with the nearest word that exists."""
    if not str(error) and not isinstance(error, typer.BadParameter):
        return USAGE
    command = error.ctx.command_path if getattr(error, "ctx", None) is not None else "xiancheng"
    _say(session, _sentence(session.language, error))
    _say(session, text("cli.wrong.help", session.language, command=command))
    return USAGE


def _sentence(language: str, error: Any) -> str:
    if isinstance(error, UnknownVerb):
        hint = in_language(did_you_mean(error.word, error.verbs), language)
        return text("cli.wrong.verb", language, name=error.word, hint=hint)
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        names = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
        return text("cli.wrong.option", language, name=option, hint=in_language(did_you_mean(option, names), language))
    if option is not None:
        return text("cli.wrong.no_value", language, name=option)
    if isinstance(error, typer.BadParameter) and error.param is not None:
        if hasattr(error, "param_type"):
            return text("cli.wrong.missing", language, name=_name(error))
        parameter: Any = error.param
        allowed = str(parameter.metavar or parameter.type.name)
        return text("cli.wrong.value", language, name=_name(error), allowed=allowed)
    return text("cli.wrong.call", language, message=str(error))


def _name(error: Any) -> str:
    parameter = error.param
    if getattr(parameter, "param_type_name", "") == "argument":
        return str(parameter.metavar or parameter.human_readable_name).upper()
    return str(parameter.opts[0])


def _problems(session: Session, problems: Sequence[Problem]) -> None:
    for problem in problems:
        session.finding(problem, "bold red")
    if len(problems) > 1:
        _say(session, text("cli.problems", session.language, count=len(problems)))


def _say(session: Session, words: str, style: str = "") -> None:
    session.err.print(words, style=style or None, markup=False, highlight=False, soft_wrap=True)


def _plain_streams() -> None:
    """Never fail on a character that a console cannot show; files and pipes get UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if not stream.isatty():
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="replace")


def _reader_left() -> int:
    """End quietly when who read our output has gone, as `| head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
