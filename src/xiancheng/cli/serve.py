"""`serve`: the page, on this machine, until it is stopped."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.errors import MissingPart, Problem, StudyError
from xiancheng.texts import phrase
from xiancheng.web.opening import Application, Opening, Stage

if TYPE_CHECKING:
    import uvicorn

    from xiancheng.web.boundaries import Boundaries

Port = Annotated[int, typer.Option("--port", metavar="NUMBER", help="cli.serve.port")]
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="cli.serve.host")]
Open = Annotated[bool, typer.Option("--open", help="cli.serve.open")]
Export = Annotated[Path | None, typer.Option("--export", metavar="DIR", help="cli.serve.export")]
Outlines = Annotated[Path | None, typer.Option("--boundaries", metavar="FILE", help="cli.serve.boundaries")]
_FIRST = 1.0
"""Seconds that belong to the page's own files before anything is done behind it."""
_ON_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "serve", FIRST)(serve)


def serve(
    session: Session, port: Port = 8420, host: Host = "127.0.0.1", open_page: Open = False, export: Export = None,
    boundaries: Outlines = None,
) -> None:
    """Show the page: change a lever and see the province change."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise MissingPart("web", error.name or "starlette") from None
    if export is not None:
        if boundaries is not None:
            raise StudyError(Problem.of("--boundaries", "cli.serve.not_handed_on"))
        _write(session, export)
        return
    if not 0 <= port <= 65535:
        raise StudyError(Problem("--port", phrase("cli.serve.port_wrong", port=port), phrase("cli.serve.port_range")))
    outlines = None if boundaries is None else _outlines(session, boundaries)
    listening = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    with contextlib.closing(listening):
        if host not in _ON_LOOPBACK:
            session.say("cli.serve.open_to_others", host=host)
        session.say("cli.serve.preparing", address=address)
        opening, listener = _opened(session, host, address, outlines)
        opening.start()
        if open_page:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        listener.run(sockets=[listening])
        if opening.failure:
            raise opening.failure


def _write(session: Session, folder: Path) -> None:
    """Write the page into a folder, telling how far it is."""
    from xiancheng.web import export, start

    export.refuse_taken(folder)
    site = start.site(session.study)
    export.write(site, folder, lambda done, count: session.say("cli.serve.export_done", done=done, count=count))
    kind = "cli.serve.exported" if export.has_stories(site) else "cli.serve.exported_alone"
    words = session.words(kind, count=len(site.choices.bases), folder=str(folder))
    session.out.print(words, markup=False, soft_wrap=True)
    session.say("cli.serve.export_lacks")


def _outlines(session: Session, file: Path) -> Boundaries:
    """Read boundaries before anything else is begun, and say what of the file is used."""
    from xiancheng.model import places
    from xiancheng.web.boundaries import read

    outlines = read(file, places.read(session.study.tables))
    session.say("cli.serve.outlines", file=str(file), areas=outlines.areas, others=outlines.others)
    return outlines


def _opened(session: Session, host: str, address: str, outlines: Boundaries | None) -> tuple[Opening, uvicorn.Server]:
    """Return what answers from the first moment on, and what listens for it until the study is found wrong."""
    import uvicorn

    def ready() -> None:
        if opening.failure:
            listener.should_exit = True
            return
        session.out.print(session.words("cli.serve.ready", address=address), markup=False, soft_wrap=True)
        sys.stdout.flush()
        session.say("cli.serve.stop")
        time.sleep(_FIRST)
        for act in behind:
            with contextlib.suppress(StudyError):  # whoever asks for what it is about is told
                act()

    def prepare(stage: Stage) -> Application:
        from xiancheng.web.start import server

        answering = server(session.study, host, stage, outlines)
        behind.append(answering.state.behind)
        return cast(Application, answering)

    behind: list[Callable[[], None]] = []

    opening = Opening(prepare, ready)
    settings = uvicorn.Config(cast(Any, opening), log_level="warning", access_log=False, server_header=False,
                              limit_concurrency=400, timeout_keep_alive=30)
    listener = uvicorn.Server(settings)
    return opening, listener


def _listening(host: str, port: int) -> socket.socket:
    """Take the port before the work begins, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        reason = phrase("cli.serve.taken", host=host, port=port, reason=error.strerror or str(error))
        raise StudyError(Problem("--port", reason, phrase("cli.serve.port_range"), phrase("cli.serve.other"))) from None
    return listening
