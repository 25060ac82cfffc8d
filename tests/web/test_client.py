"""The client: everything a program does, by typed calls."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_type_hints

import httpx
import pytest
from pydantic import BaseModel

from tests.web.conftest import NOON, Desk
from tests.web.programs import client
from web.api.app import api as api_
from web.api.asked import (
    AmendAsked,
    EntryAsked,
    OwnerAsked,
    PlanAsked,
    ProgressAsked,
    RetractAsked,
    WaitAsked,
)
from web.client import ApiError, Client

LATER = NOON.date() + timedelta(9)


def test_a_day_with_a_patient(desk: Desk) -> None:
    with client(desk, "anna") as api:
        assert api.me().account == "anna"
        rows = list(api.patients(limit=5, owner="anna"))
        assert {one.owner for one in rows} == {"anna"}
        number = rows[0].number
        assert number in [one.number for one in api.search(rows[0].reference)]
        seen = api.patient(number)
        assert api.unchanged(number, seen.version)
        entry = EntryAsked(type="response_assessed", date="2025-02-28", fields={"overall": "PR"})
        would = api.record_entry(number, entry.model_copy(update={"dry_run": True}))
        done = api.record_entry(number, entry, version=seen.version, key="one")
        assert api.record_entry(number, entry, version=seen.version, key="one") == done
        assert would.recorded == done.recorded
        assert not api.unchanged(number, seen.version)
        (id,) = done.recorded
        assert id in [one.id for one in api.story(number).entries]
        api.amend(number, id, AmendAsked(changes={"overall": "SD"}, reason="second reading"))
        api.retract(number, id, RetractAsked(reason="recorded twice"))
        assert next(one for one in api.story(number).entries if one.id == id).taken_back
        assert api.patient(number, as_of=date(2025, 1, 20)).as_of == date(2025, 1, 20)
        assert api.patient(number, known_at=NOON).known_at == NOON


def test_the_desk_by_the_client(desk: Desk) -> None:
    with client(desk, "anna") as api:
        number, task = next(
            (one.number, task.key) for one in api.patients() for task in api.due(one.number).open
        )
        before = api.comment(number, "called the practice").version
        assert api.assign(number, OwnerAsked(owner="ben"), version=before).version != before
        wait = WaitAsked(until=LATER, reason="waits")
        api.acknowledge(number, task, wait)
        api.snooze(number, task, wait)
        assert api.progress(number, task, ProgressAsked(status="ordered")).recorded
        number, step = next(
            (one.number, task.key) for one in api.patients() for task in api.due(one.number).steps
        )
        api.plan_step(number, step, PlanAsked(on=date(2025, 3, 12)))
        name = next(one.step for one in api.patient(number).allowed_next)
        assert api.why(number, name).verdict == "allowed"


def test_what_is_about_nobody_and_about_many(desk: Desk) -> None:
    with client(desk) as api:
        assert len(list(api.deviations(limit=3))) == len(list(api.deviations())) > 3
        assert {one.severity for one in api.deviations(severity=["major"])} <= {"major"}
        assert list(api.deviations(since=date(2150, 1, 1))) == []
        with pytest.raises(ApiError, match="422"):
            list(api.deviations(code=["d-nothing"]))
        assert api.boards() == ()
        main = api.pathways()[0]
        assert api.pathway(main.id).fingerprint == main.fingerprint
        assert len(api.vocabulary()) > len(api.word("board_held")) == 1
        assert api.looks(1).looks


def test_a_problem_is_an_exception(desk: Desk) -> None:
    with client(desk, "audit") as api:
        with pytest.raises(ApiError) as told:
            api.comment(1, "x")
        assert (told.value.kind, told.value.problem.status) == ("scope", 403)
        version = api.patient(1).version
    with client(desk, "anna") as api:
        api.comment(1, "x")
        with pytest.raises(ApiError, match="412"):
            api.comment(1, "y", version=version)


def test_what_is_no_answer_of_the_api_is_told_as_well() -> None:
    for content, kind in ((b"<h1>no</h1>", "text/html"), (b"{}", "application/problem+json")):
        answer = httpx.Response(502, content=content, headers={"content-type": kind})
        http = httpx.Client(base_url="http://x", transport=httpx.MockTransport(lambda _, a=answer: a))
        with pytest.raises(ApiError, match="502"):
            Client(http).me()
    assert Client.at("https://desk.example.org/", "t")._http.base_url == "https://desk.example.org/api/v1/"


def test_each_operation_is_a_method_that_asks_for_it() -> None:
    operations = {
        operation["operationId"]: (method.upper(), path)
        for path, methods in api_().openapi()["paths"].items()
        for method, operation in methods.items()
    }
    methods = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if name[0] != "_"}
    assert methods - {"unchanged"} == set(operations)
    for name, (method, path) in operations.items():
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request, asked: list[httpx.Request] = asked) -> httpx.Response:
            asked.append(request)
            return httpx.Response(503)

        there = Client(httpx.Client(base_url="http://x/api/v1", transport=httpx.MockTransport(answer)))
        with pytest.raises(ApiError, match="503"):
            called(getattr(there, name))
        (request,) = asked
        as_path = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
        pattern = f"/api/v1{re.sub(r'{[a-z]+}', '[^/]+', as_path)}"
        assert (request.method, bool(re.fullmatch(pattern, request.url.raw_path.decode().split("?")[0]))) == (
            method,
            True,
        ), name


def called(method: Any) -> object:
    """A method with something for each of its parameters."""
    kinds = get_type_hints(method)
    given = {
        name: something(kinds[name])
        for name, one in inspect.signature(method).parameters.items()
        if one.default is inspect.Parameter.empty and one.kind is not inspect.Parameter.VAR_KEYWORD
    }
    found = method(**given)
    return next(found) if isinstance(found, Iterator) else found


def something(kind: Any) -> object:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        said: Any = kind.model_config["json_schema_extra"]
        return kind.model_validate(said["examples"][0])
    return {int: 7, str: "a/b", datetime: NOON, date: NOON.date()}[kind]
