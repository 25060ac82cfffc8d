"""Every operation has a rule, and every rule holds: made from the operations themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Route
from starlette.testclient import TestClient

from coordination.entries import Team
from coordination.saying import say
from store import accounts, tokens
from store.accounts import NotAllowed
from store.tokens import SCOPES
from tests.web.conftest import NOON, ROLES, Desk
from tests.web.programs import Program, program
from tests.web.test_rules import owner
from web.api.app import api, operations
from web.api.rules import ANYBODY, HOLDERS, Operation

ALL = tuple(operations())
ABOUT = [one for one in ALL if one.about_patient]
GUARDED = [one for one in ALL if one.scope != ANYBODY]


def asked(asking: Program, one: Operation, number: int = 1) -> tuple[int, str]:
    """Status and kind of problem with which a program's request is answered."""
    words = defaultdict[str, object](
        lambda: "x",
        number=number,
        entry="e01",
        task="0123456789abcdef",
        mark="0123456789abcdef",
        at="2025-03-06",
    )
    path = one.path.format_map(words)
    answer = asking.get(path) if one.method == "GET" else asking.send(path, {})
    kind = answer.json().get("type", "") if answer.status_code >= 400 else ""
    return answer.status_code, kind.rpartition("#")[2]


def with_token(desk: Desk, secret: str) -> Program:
    return Program(TestClient(desk.app, base_url="http://testserver"), secret)


def test_nothing_is_answered_beside_the_operations() -> None:
    routes = [one for one in api().routes if isinstance(one, Route)]
    there = {
        (method, one.path) for one in routes if isinstance(one, APIRoute) for method in one.methods or ()
    }
    assert there == {(one.method, one.path) for one in ALL}
    assert [one.path for one in routes if not isinstance(one, APIRoute)] == ["/openapi.json"]
    assert all(one.scope in (ANYBODY, HOLDERS, *SCOPES) for one in ALL)


def test_what_does_something_takes_a_key_and_about_a_patient_a_version() -> None:
    described = api().openapi()["paths"]
    for one in ALL:
        operation = described[one.path][one.method.lower()]
        headers = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}
        wanted = {"Idempotency-Key"} if one.writes else set()
        wanted |= {"If-Match"} if one.writes and one.about_patient else set()
        wanted |= {"If-None-Match"} if one.method == "GET" and one.has_version else set()
        assert wanted <= headers, one
        assert ("412" in operation["responses"]) >= ("If-Match" in headers), one


def test_who_has_a_version_already_is_told_that_alone(desk: Desk) -> None:
    asking = program(desk)
    for one in ABOUT:
        if one.method == "GET" and one.has_version:
            path = one.path.format(number=1, step="mdt_start")
            tag = asking.get(path).headers["etag"]
            assert asking.get(path, if_none_match=f'"other", W/{tag}').status_code == 304, one


@pytest.mark.parametrize("scope", SCOPES)
def test_only_a_token_with_its_scope_gets_in(desk: Desk, scope: str) -> None:
    holders = [name for name, (role,) in ROLES.items() if role in SCOPES[scope]]
    asking = program(desk, "program" if "program" in holders else holders[0], scope)
    for one in ALL:
        status, kind = asked(asking, one)
        turned_away = one.scope not in (ANYBODY, HOLDERS, scope)
        assert ((status, kind) == (403, "scope")) == turned_away, one
        assert status < 500, one


def test_nothing_gets_in_without_a_token(desk: Desk) -> None:
    browser = desk.browser("anna")
    without = Program(browser.client, "")  # the cookie of a sign-in is no token
    for one in GUARDED:
        for asking in (with_token(desk, ""), with_token(desk, "carepath_x"), without):
            assert asked(asking, one) == (401, "no-token"), one


def test_who_is_limited_to_a_team_gets_only_its_patients(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        for name in ("program", "audit"):
            accounts.change(connection, name, teams=["north"])
    found = program(desk), program(desk, "audit")
    own, other = (next(n for n in range(1, 20) if owner(desk, n) == who) for who in ("anna", "ben"))
    for one in ABOUT:
        asking = found["integration" not in SCOPES.get(one.scope, ("integration",))]
        assert asked(asking, one, other) == (403, "other-team"), one
        assert asked(asking, one, own)[0] != 403, one


def test_lists_tell_who_is_limited_to_a_team_of_no_others(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        accounts.change(connection, "program", teams=["north"])
    asking = program(desk)
    listed = asking.get("/patients?limit=200").json()["patients"]
    assert {one["owner"] for one in listed} == {"anna"}
    other = next(n for n in range(1, 20) if owner(desk, n) == "ben")
    assert asking.send("/patients/search", {"text": f"#{other}"}).json()["patients"] == []


def test_a_token_does_no_more_than_the_roles_of_its_account(desk: Desk) -> None:
    for name, roles in ROLES.items():
        for scope in SCOPES:
            allowed = scope in tokens.scopes_of(roles)
            with desk.database.writing() as connection:
                if allowed:
                    tokens.make(connection, name, scope, [scope], desk.now)
                    continue
                with pytest.raises(NotAllowed):
                    tokens.make(connection, name, scope, [scope], desk.now)
    asking = program(desk, "ben")
    assert asking.get("/patients").status_code == 200
    with desk.database.writing() as connection:
        accounts.change(connection, "ben", roles=["administrator"])
    assert asking.get("/patients").status_code == 403


def test_a_token_ends(desk: Desk) -> None:
    asking = program(desk, "ben")
    assert asking.get("/me").status_code == 200
    desk.pass_(timedelta(tokens.USUAL))
    assert asking.get("/me").status_code == 401
    asking = program(desk, "ben")
    with desk.database.writing() as connection:
        (new,) = (one for one in tokens.all_tokens(connection) if one.ends and one.ends > desk.now)
        tokens.revoke(connection, new.id)
    assert asking.get("/me").status_code == 401
    asking = program(desk, "ben")
    with desk.database.writing() as connection:
        accounts.change(connection, "ben", active=False)
    assert asking.get("/me").status_code == 401


def test_the_last_use_of_a_token_is_noted(desk: Desk) -> None:
    asking = program(desk, "ben")
    for _ in range(2):
        asking.get("/me")
        desk.pass_(timedelta(seconds=30))
    with desk.database.reading() as connection:
        (token,) = tokens.all_tokens(connection)
    assert token.used == desk.now - timedelta(minutes=1)


def test_the_database_holds_no_secret(desk: Desk) -> None:
    secret = program(desk).secret
    file = desk.database.engine.url.database
    assert file is not None
    with open(file, "rb") as whole:
        assert secret.encode() not in whole.read()


def test_what_cannot_be_a_token_is_refused(desk: Desk) -> None:
    wrong: tuple[dict[str, object], ...] = (
        {"owner": "nobody"},
        {"name": " "},
        {"name": "x\n"},
        {"scopes": ["all"]},
        {"scopes": []},
        {"days": 0},
        {"days": 400},
    )
    for words in wrong:
        said = {"owner": "ben", "name": "x", "scopes": ["patients:read"], "now": NOON, **words}
        with desk.database.writing() as connection, pytest.raises(NotAllowed):
            tokens.make(connection, **said)  # type: ignore[arg-type]  # wrong on purpose
    with desk.database.writing() as connection, pytest.raises(NotAllowed):
        tokens.revoke(connection, "%")
    with desk.database.writing() as connection:
        accounts.change(connection, "ben", active=False)
        with pytest.raises(NotAllowed):
            tokens.make(connection, "ben", "x", ["patients:read"], NOON)
