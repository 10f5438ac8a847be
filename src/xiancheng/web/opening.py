"""What a server answers before its model is ready: a page that says what is being done, then the page itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from typing import Any

from xiancheng.texts import LANGUAGES, text

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Stage = Callable[[str], None]
READING, COMPILING = "page.opening.reading", "page.opening.compiling"
SECONDS = 2
"""How soon the page that waits asks again."""


class Opening:
    """An application that answers at once, and hands everything to another when that is ready.

    Args:
        prepare: makes the application; it is handed what takes the key of the text of each stage.
        ready: is called when the application is there, and when none could be made.
    """

    def __init__(self, prepare: Callable[[Stage], Application], ready: Callable[[], None]) -> None:
        self._stage = READING
        self._application: Application | None = None
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._open, args=(prepare, ready), daemon=True)

    def start(self) -> None:
        """Begin to prepare, beside the server."""
        self._thread.start()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, by the rules of ASGI 3."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif self._application is None:
            await _wait(scope, send, self._stage)
        else:
            await self._application(scope, receive, send)

    def _open(self, prepare: Callable[[Stage], Application], ready: Callable[[], None]) -> None:
        try:
            self._application = prepare(self._reach)
        except BaseException as failure:  # handed to whoever called: this thread has nobody to tell
            self.failure = failure
        ready()

    def _reach(self, stage: str) -> None:
        self._stage = stage


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _wait(scope: Message, send: Send, stage: str) -> None:
    if scope["path"] == "/":
        kind, body = "text/html; charset=utf-8", _page(stage)
    else:
        kind = "application/json"
        body = json.dumps({"problems": [{language: text(stage, language) for language in LANGUAGES}]})
    headers = {"content-type": kind, "retry-after": str(SECONDS), "cache-control": "no-store",
               "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
               "x-content-type-options": "nosniff"}
    await send({"type": "http.response.start", "status": 503,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body.encode()})


def _page(stage: str) -> str:
    """Return a page that asks again by itself; what stands behind # in its address stays there."""
    lines = "".join(f'<p lang="{language}" role="status">{escape(text(stage, language))}</p>'
                    for language in sorted(LANGUAGES, reverse=True))
    return (f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>xiancheng 县城</title>'
            f'<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="{SECONDS}">'
            f"</head><body><main><h1>xiancheng 县城</h1>{lines}</main></body></html>")
