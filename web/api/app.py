"""The API as an application of its own, mounted beside the pages; OpenAPI 3.1 describes it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from web.api import (
    about,
    board_meetings,
    board_plans,
    boards,
    desk,
    deviations,
    deviations_then,
    inbox,
    kept_views,
    pathways,
    patients,
    recording,
    records,
    reviews,
    site,
    statements,
)
from web.api import operations as operations_
from web.api.door import LARGEST, PLACE, Handler, let_in
from web.api.problems import KINDS, PROBLEM, Failed, Problem, told
from web.api.requests import REQUESTS
from web.api.rules import ANYBODY, HOLDERS, Operation
from web.place import Place

PATH: Final = "/api/v1"
FAMILIES: Final = (
    *(about.OPERATIONS, inbox.OPERATIONS, kept_views.OPERATIONS),
    *(patients.OPERATIONS, recording.OPERATIONS, records.OPERATIONS, desk.OPERATIONS),
    *(deviations.OPERATIONS, deviations_then.OPERATIONS, reviews.OPERATIONS),
    *(boards.OPERATIONS, board_meetings.OPERATIONS, board_plans.OPERATIONS),
    *(pathways.OPERATIONS, statements.OPERATIONS),
    *(operations_.OPERATIONS, site.OPERATIONS),
)
ABOUT: Final = """What the pages of the desk do, for programs. Every request carries a token, every look \
at a patient stands in the access log. docs/api.md explains it with examples.

Not a medical device: for planning and review by clinicians, not for decisions without them."""


def operations() -> Iterable[Operation]:
    """Every operation there is."""
    return (one for family in FAMILIES for one in family)


class AtPlace:
    """The API at a place: the operations are the same everywhere, and made once."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "0")
        if not (
            length.isdecimal() and len(length) < 9 and int(length) <= LARGEST
        ):  # one that does not say so is stopped on its way
            await told(Failed("too-large"))(scope, receive, send)
            return
        await api()({**scope, PLACE: self._place}, receive, send)


@cache
def api() -> FastAPI:
    """The API, wherever it is."""
    app = FastAPI(
        title="carepath",
        version="1",
        description=ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        exception_handlers={HTTPException: _told},
        redirect_slashes=False,  # it would go by whatever host was named
    )
    for one in operations():
        app.router.add_api_route(
            one.path,
            one.endpoint,
            methods=[one.method],
            response_model=one.answer,
            operation_id=one.endpoint.__name__,
            responses=_responses(one),
            openapi_extra=_extra(one),
            max_body_size=LARGEST,
            route_class_override=_guarded(one),
            tags=[one.path.split("/")[1]],
        )
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # as FastAPI's manual has it
    return app


async def _told(_: Request, error: Exception) -> Response:
    return told(error)


def _guarded(operation: Operation) -> type[APIRoute]:
    """Routes behind the door."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Handler:
            return let_in(operation, _parameters(self), super().get_route_handler())

    return Guarded


def _parameters(route: APIRoute) -> list[str]:
    """The names that may stand behind the question mark."""
    found: list[str] = []
    for one in route.dependant.query_params:
        kind = one.field_info.annotation
        model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
        found += list(model.model_fields) if model else [one.alias]
    return found


def _responses(one: Operation) -> dict[int | str, dict[str, Any]]:
    """What an operation may answer besides."""
    statuses = {*one.also, 422, 503}
    if one.scope != ANYBODY:
        statuses.add(401)
    if one.scope not in (ANYBODY, HOLDERS):
        statuses.add(403)
    if "{" in one.path:
        statuses.add(404)
    if one.about_patient:
        statuses.add(409)
    if one.takes_body:
        statuses |= {400, 413, 415}
    if one.writes:
        statuses |= {409, 412} if one.about_patient else {409}
    schema = {"$ref": "#/components/schemas/Problem"}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": _title(status), "content": {PROBLEM: {"schema": schema}}}
        for status in sorted(statuses)
    }
    if one.has_version:
        tag = {"schema": {"type": "string"}, "description": "The version of the patient."}
        found[200] = {"headers": {"ETag": tag}}
    if one.method == "GET" and one.has_version:
        found[304] = {"description": "You have this version already"}
    return found


def _title(status: int) -> str:
    return "; ".join(title for code, title in KINDS.values() if code == status)


def _extra(one: Operation) -> dict[str, Any]:
    if one.scope == ANYBODY:
        return {"security": []}
    scopes = [] if one.scope == HOLDERS else [one.scope]
    return {"security": [{"token": scopes}]}


def _described(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=ABOUT,
            routes=app.routes,
            servers=[{"url": PATH}],
        )
        parts = made.setdefault("components", {})
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts["schemas"] |= problem.pop("$defs", {}) | {"Problem": problem}
        # what makes the description leaves nulls out of examples
        for model in REQUESTS:
            if model.__name__ in parts["schemas"]:
                parts["schemas"][model.__name__] |= model.model_config.get("json_schema_extra", {})
        for name in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema
