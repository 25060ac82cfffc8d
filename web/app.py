"""The application: its pages behind one door, its files, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.errors import StoreError
from web.api.app import PATH, AtPlace
from web.api.problems import told
from web.door import handler, stopped_by
from web.pages import FAMILIES
from web.place import Place
from web.render import STATIC
from web.rules import Page

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What every answer carries (OWASP Secure Headers)."""
_BY_HTTPS: Final = {"strict-transport-security": "max-age=31536000"}
_KEPT: Final = "public, max-age=31536000, immutable"
"""Files have a new address when they change; pages are kept by nobody."""


def pages() -> Iterable[Page]:
    """Every page there is."""
    return (page for family in FAMILIES for page in family)


def application(place: Place) -> FastAPI:
    """The application at a place."""
    app = FastAPI(
        title="carepath",
        version=place.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        exception_handlers={HTTPException: nowhere},
        redirect_slashes=False,  # it would go by whatever host was named
    )
    app.add_api_route("/healthz", place_answers(place), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount(PATH, AtPlace(place))
    for page in pages():
        app.add_route(page.path, handler(place, page), methods=[page.method], include_in_schema=False)

    app.add_middleware(Last)
    app.add_middleware(Headers, secure=place.secure)
    return app


async def nowhere(request: Request, error: Exception) -> Response:
    """The answer to what no page and no operation is for: programs are told as programs are."""
    if request.url.path.startswith(PATH):
        return told(error)
    assert isinstance(error, HTTPException), "it is asked for these alone"
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)


def place_answers(place: Place) -> Callable[[], Response]:
    """What tells whoever watches over it that the application and its database answer."""

    def healthz() -> Response:
        try:
            place.database.check()
        except StoreError:
            return PlainTextResponse("the database does not answer\n", 503)
        return PlainTextResponse("ok\n")

    return healthz


class Last:
    """Answers where nothing else could, so that no traceback, with whatever is in it, gets into a log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:  # nobody waits for an answer
            return
        except Exception as error:  # whatever it is: others go on
            stopped = stopped_by(error)
            if not begun:
                answer = PlainTextResponse(f"{stopped.title}. {stopped.told}\n", stopped.status)
                await answer(scope, receive, send)


class Headers:
    """Gives every answer its headers, also those about what went wrong."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = {**HEADERS, **(_BY_HTTPS if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_file = scope["path"].startswith("/static/")

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", _KEPT if is_file else "no-store")
            await send(message)

        await self._app(scope, receive, sent)
