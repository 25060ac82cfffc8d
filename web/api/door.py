"""The door of the API: which token it is, whether the operation is for it, what is told of what went wrong.

What a token is for is looked at before anything that was sent is read. Cookies count for nothing here, so
that no page of another place can ask in somebody's name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Coroutine
from typing import Annotated, Any, Final

from fastapi import Depends, Header
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from store import tokens
from store.accounts import SignedIn
from store.tokens import Token
from web.api.problems import Failed, Fault, told
from web.api.rules import ANYBODY, HOLDERS, Operation
from web.api.values import Number
from web.door import check_reach
from web.place import Place
from web.render import Look
from web.visit import API, Visit

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
PLACE: Final = "carepath.place"
"""Under which name a request tells where it was sent to."""
LARGEST: Final = 256 * 1024
"""Bytes that are taken at once."""


class Answered(Exception):
    """It was done before: this was answered."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def let_in(operation: Operation, known: Collection[str], answer: Handler) -> Handler:
    """What answers requests for an operation that has these parameters behind the question mark."""

    async def answered(request: Request) -> Response:
        try:
            request.state.visit = await run_in_threadpool(_visit, operation, request)
            unknown = set(request.query_params) - set(known)
            if unknown:
                raise Failed(
                    "invalid", "See the faults.", [Fault(detail="there is a parameter that is not known")]
                )
            if operation.takes_body:
                _check_json(request.headers.get("content-type", ""), await request.body())
            return _unless_there(request, await answer(request))
        except Answered as before:
            return before.response
        except Exception as error:  # whatever went wrong, it is told as a problem, and others go on
            return await run_in_threadpool(told, error)

    return answered


def _check_json(kind: str, content: bytes) -> None:
    """Raises Failed for what is no JSON (RFC 8259), or says something twice: nobody knows what counts."""
    if content and not _is_json.match(kind):
        raise Failed("media-type", "Send it as application/json.")
    try:
        if content:
            json.loads(content.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Failed("malformed", "It is no JSON in UTF-8, or an object in it has a name twice.") from None


_is_json: Final = re.compile(r"application/([\w.-]+\+)?json\s*(;|$)", re.IGNORECASE)


def _each_once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError


def _no_number(_: str) -> None:
    raise ValueError


def _unless_there(request: Request, answer: Response) -> Response:
    """The answer; to who has this version already nothing but that."""
    tag = answer.headers.get("etag", "")
    if request.method == "GET" and is_named(tag.strip('"'), request.headers.get("if-none-match")):
        return Response(status_code=304, headers={"etag": tag})
    return answer


def is_named(tag: str, header: str | None) -> bool:
    """Whether a header names a version."""
    named = {one.strip().removeprefix("W/").strip('"') for one in (header or "").split(",")}
    return bool(tag) and tag in named


def _visit(operation: Operation, request: Request) -> Visit:
    """Raises Failed and OtherTeam."""
    place: Place = request.scope[PLACE]
    now = place.clock()
    visit = Visit(place, request, now, None, Look(), way=API)
    if operation.scope == ANYBODY:
        return visit
    found = _token(place, request, visit)
    request.state.token = found
    visit.signed = SignedIn(found.account, "", found.made)
    if operation.scope != HOLDERS and operation.scope not in found.allowed:
        raise Failed("scope", f"It needs a token for {operation.scope}.")
    if operation.about_patient and found.account.teams:
        check_reach(visit, visit.number)
    return visit


def _token(place: Place, request: Request, visit: Visit) -> Token:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Failed("no-token", "Send it in the header Authorization: Bearer.")
    with place.database.reading() as connection:
        found = tokens.find(connection, secret.strip(), visit.now)
    if found is None:
        raise Failed("no-token", "There is no such token, it has ended, or its account is at rest.")
    if tokens.is_to_be_noted(found, visit.now):
        with place.database.writing() as connection:
            tokens.note_use(connection, secret.strip(), visit.now)
    return found


IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=500, description="A version you have already.")
]


async def _let_in(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


async def _about(request: Request, number: Number) -> Visit:  # noqa: ARG001 - it is part of the address
    return await _let_in(request)


async def _with_token(request: Request) -> Token:
    token: Token = request.state.token
    return token


Here = Annotated[Visit, Depends(_let_in)]
"""The request as it was let in."""
About = Annotated[Visit, Depends(_about)]
"""The same about the patient in the address."""


async def _read(about: About, have: IfNoneMatch = None) -> Visit:  # noqa: ARG001 - `_unless_there` looks
    return about


Reading = Annotated[Visit, Depends(_read)]
"""The same to read what has a version: who has it already is told that alone."""
Held = Annotated[Token, Depends(_with_token)]
"""The token by which it was let in."""


def answer_of(model: BaseModel, tag: str = "", status: int = 200) -> Response:
    """An answer as JSON, with the version of the patient it is about."""
    headers = {"etag": f'"{tag}"'} if tag else {}
    body = model.model_dump_json(by_alias=True)
    return Response(body, status, headers, media_type="application/json")
