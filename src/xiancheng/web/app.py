"""The server: the page, its files, and one stateless question, which scenario to run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import LANGUAGES, in_language, phrase
from xiancheng.web import budgets, targets, wire
from xiancheng.web import mechanism as mechanisms
from xiancheng.web import request as requests
from xiancheng.web.assets import PAGE, Asset
from xiancheng.web.budgets import Budgets
from xiancheng.web.calm import Calm, hand_back
from xiancheng.web.figures import Figures
from xiancheng.web.guard import Guarded, refusal, told
from xiancheng.web.mechanism import Mechanism
from xiancheng.web.money import ROOM, SUMS, sum_name
from xiancheng.web.progress import Progress
from xiancheng.web.request import LARGEST, RequestChoices, RunRequest
from xiancheng.web.service import Service, identity
from xiancheng.web.spread import BAND, KINDS, Bands
from xiancheng.web.turns import Answer, Errand, Gone, Turns

AT_ONCE = max(2, min(os.cpu_count() or 2, 8))
"""Scenarios that run at the same time: a run keeps one core busy and takes some eighty megabytes."""
SECONDS, SECONDS_OF_BANDS = 120.0, 900.0
"""The longest a request waits for its answer: the first bands wait for a program to be compiled."""
REST = 20.0
"""Seconds without a question after which the server does what nobody has asked for yet."""
_GONE = 499
Wish = TypeVar("Wish")


@dataclass(frozen=True)
class Site:
    """All that is served.

    Attributes:
        files: by name.
        choices: what requests may name.
        service: what answers them.
        mechanism: what tells why.
        budgets: what finds the best use of a budget.
        areas: ids in the order of the numbers.
        years: likewise.
    """

    files: Mapping[str, Asset]
    choices: RequestChoices
    service: Service
    mechanism: Mechanism
    budgets: Budgets
    areas: tuple[str, ...]
    years: tuple[int, ...]


def application(site: Site, hosts: list[str]) -> Starlette:
    """Return the server; its `state.behind` does what may wait until the page is open, and at last until nobody asks.

    Args:
        site: what is served.
        hosts: names under which it may be asked; another name is refused, so that no other page reads from it.
    """
    turns = Turns(AT_ONCE, SECONDS)
    routes = [*_routes_of_why(site, Turns(1, SECONDS_OF_BANDS)), *_routes_of_files(site),
              *_routes_of_runs(site, turns), *_routes_of_searches(site, turns),
              *_routes_of_bands(site, Turns(1, SECONDS_OF_BANDS))]
    handlers: Mapping[Any, Any] = {StudyError: _bad, HTTPException: _no_such, Exception: _failed}
    calm = Calm(REST)

    def behind() -> None:
        site.service.simulator.warm()
        hand_back()
        calm.wait()
        site.mechanism.warm()
        hand_back()

    middleware = [Middleware(Guarded, calm=calm),
                  Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)]
    server = Starlette(routes=routes, exception_handlers=handlers, middleware=middleware)
    server.state.behind = behind
    return server


def _routes_of_files(site: Site) -> list[Route]:
    async def page(request: Request) -> Response:
        return _file(site.files[PAGE], request)

    async def file(request: Request) -> Response:
        asset = site.files.get(request.path_params["name"])
        return _file(asset, request) if asset else refusal(404, phrase("page.no_file"))

    async def why(request: Request) -> Response:
        lever = site.choices.book.levers.get(request.path_params["lever"])
        if lever is None:
            return refusal(404, phrase("page.no_file"))
        return JSONResponse(await anyio.to_thread.run_sync(site.mechanism.ways.way, lever))

    async def sketch(request: Request) -> Response:
        drawn = await anyio.to_thread.run_sync(site.mechanism.ways.picture, request.path_params["sector"])
        return refusal(404, phrase("page.no_file")) if drawn is None else Response(drawn, media_type="image/svg+xml")

    return [Route("/", page), Route("/files/{name}", file), Route("/why/{lever}", why),
            Route("/sketch/{sector}", sketch)]


def _routes_of_runs(site: Site, turns: Turns) -> list[Route]:
    async def run(request: Request) -> Response:
        wish = await _read(request, site.choices, requests.read)
        service, mark = site.service, identity(wish.scenario)
        piece = Errand(
            mark,
            lambda: service.at_hand(mark, wish.indicators),
            lambda: service.figures(wish.scenario, wish.indicators),
        )
        return await _answer(turns, piece, request, lambda figures: run_answer(site, wish, figures))

    return [Route("/run", run, methods=["POST"])]


def _routes_of_bands(site: Site, turns: Turns) -> list[Route]:
    async def bands(request: Request) -> Response:
        if not site.service.members:
            raise StudyError(Problem("", phrase("page.no_members"), phrase("page.no_members_hint")))
        wish = await _read(request, site.choices, requests.read)
        service, mark = site.service, identity(wish.scenario)
        piece = Errand(mark, lambda: service.bands_at_hand(mark), lambda: service.bands(wish.scenario))
        return await _answer(turns, piece, request, lambda band: _bands(site, wish, band))

    async def progress(request: Request) -> Response:
        wish = await _read(request, site.choices, requests.read)
        spread = site.service.spread
        return JSONResponse({"done": spread.count(identity(wish.scenario)), "of": len(spread.members)})

    async def stop(request: Request) -> Response:
        wish = await _read(request, site.choices, requests.read)
        site.service.spread.stop(identity(wish.scenario))
        return Response(status_code=204)

    return [Route("/bands", bands, methods=["POST"]), Route("/bands/progress", progress, methods=["POST"]),
            Route("/bands/stop", stop, methods=["POST"])]


def _routes_of_searches(site: Site, turns: Turns) -> list[Route]:
    alone = Turns(1, SECONDS_OF_BANDS)

    async def target(request: Request) -> Response:
        wish = await _read(request, site.choices, targets.read)
        piece = Errand(repr(wish), lambda: None, lambda: targets.answer_of(site.service, wish))
        return await _answer(turns, piece, request, lambda answer: json.dumps(answer).encode(), "application/json")

    async def budget(request: Request) -> Response:
        wish = await _read(request, site.choices, lambda body, choices: budgets.read(body, choices, site.service))
        mark = f"{identity(wish.under)} {wish.plan.mark}"
        piece = Errand(mark, lambda: None, lambda: site.budgets.answer(wish))
        return await _answer(alone, piece, request, lambda answer: json.dumps(answer).encode(), "application/json")

    return [Route("/target", target, methods=["POST"]), Route("/budget", budget, methods=["POST"]),
            *_routes_of_progress("budget", site.budgets.progress)]


def _routes_of_progress(name: str, told: Progress) -> list[Route]:
    """Return how far an answer is, and what ends it."""
    async def progress(_: Request) -> Response:
        return JSONResponse(told.words(), headers={"Cache-Control": "no-store"})

    async def stop(_: Request) -> Response:
        told.is_stopped = True
        return Response(status_code=204)

    return [Route(f"/{name}/progress", progress, methods=["POST"]), Route(f"/{name}/stop", stop, methods=["POST"])]


def _routes_of_why(site: Site, turns: Turns) -> list[Route]:
    async def values(request: Request) -> Response:
        feedback = site.mechanism.loops
        wish = await _read(request, site.choices, lambda body, choices: mechanisms.read(
            body, choices, site.areas, feedback))
        piece = Errand(repr(wish), lambda: None, lambda: site.mechanism.answer(wish))
        return await _answer(turns, piece, request, lambda answer: json.dumps(answer).encode(), "application/json")

    return [Route("/why", values, methods=["POST"]), *_routes_of_progress("why", site.mechanism.progress)]


async def _read(
    request: Request, choices: RequestChoices, reader: Callable[[bytes, RequestChoices], Wish]
) -> Wish:
    """Read a request, no further than it may be long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            break
    return await anyio.to_thread.run_sync(reader, bytes(body), choices)


def run_answer(site: Site, wish: RunRequest, figures: Figures) -> bytes:
    """Return the answer to a request for a run, as it is sent."""
    names = list(figures.values)
    header = {
        **_header(site, wish, names),
        "met": figures.met,
        "notes": [{language: in_language(note, language) for language in LANGUAGES} for note in wish.scenario.notes],
    }
    return wire.packed(header, list(figures.values.values()))


def _bands(site: Site, wish: RunRequest, bands: Bands) -> bytes:
    names = [name for name in (*wish.indicators, *map(sum_name, (*SUMS, ROOM))) if name in bands]
    header = {**_header(site, wish, names), "kinds": KINDS, "shares": BAND, "members": len(site.service.members)}
    return wire.packed(header, [bands[name] for name in names])


def _header(site: Site, wish: RunRequest, names: list[str]) -> dict[str, Any]:
    return {"scenario": wish.scenario.id, "indicators": names, "years": len(site.years), "areas": len(site.areas)}


async def _answer(
    turns: Turns, piece: Errand[Answer], request: Request, packed: Callable[[Answer], bytes], kind: str = wire.TYPE
) -> Response:
    try:
        answer = await turns.take(piece, request.client.host if request.client else "", request.is_disconnected)
    except Gone:
        return Response(status_code=_GONE)
    return Response(packed(answer), media_type=kind, headers={"Cache-Control": "no-store"})


def _file(asset: Asset, request: Request) -> Response:
    headers = {"ETag": asset.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.tag:
        return Response(status_code=304, headers=headers)
    return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip", "Content-Type": asset.type})


async def _bad(_: Request, error: Exception) -> Response:
    assert isinstance(error, StudyError)
    return told(400, error.problems)


async def _no_such(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, phrase("page.no_file"))


async def _failed(_: Request, error: Exception) -> Response:
    return refusal(_GONE if isinstance(error, ClientDisconnect) else 500, phrase("page.failed"))
