"""What keeps a server and those who open its page safe: headers, whose questions are answered, and how it refuses."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xiancheng.errors import Problem
from xiancheng.texts import LANGUAGES, in_language, phrase
from xiancheng.web.calm import Calm

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def refusal(status: int, sentence: Any) -> Response:
    """Return an answer that refuses, in one sentence.

    Args:
        status: of HTTP.
        sentence: in both languages.
    """
    return told(status, (Problem("", sentence),))


def told(status: int, problems: tuple[Problem, ...]) -> Response:
    """Return an answer that tells problems, each in both languages."""
    problem_list = [{language: _sentence(problem, language) for language in LANGUAGES} for problem in problems]
    body = json.dumps({"problems": problem_list}, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json")


def _sentence(problem: Problem, language: str) -> str:
    return " · ".join(str(in_language(part, language)) for part in problem.sentences if part)


class Guarded:
    """Puts the headers that keep a browser safe on every answer, and notes that somebody asks."""

    def __init__(self, app: ASGIApp, calm: Calm) -> None:
        self._app, self._calm = app, calm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by the rules of ASGI 3."""
        self._calm.end()

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *added]
            await send(message)

        app = self._app if _is_own(scope) else refusal(403, phrase("page.other_origin"))
        await app(scope, receive, guarded)


def _is_own(scope: Scope) -> bool:
    """Tell whether a question comes from this page, or from no page; another page that a browser shows may not ask."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return True
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
