"""A program that works with the API of a desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from starlette.testclient import TestClient

from store import tokens
from tests.web.conftest import Desk
from web.client import Client


@dataclass
class Program:
    """A program with a token; every header beside it is said with the request."""

    client: TestClient
    secret: str

    def get(self, path: str, **headers: str):  # type: ignore[no-untyped-def]  # as of the client
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def send(self, path: str, body: Any, **headers: str):  # type: ignore[no-untyped-def]  # likewise
        return self.client.post(f"/api/v1{path}", json=body, headers=self._headers(headers))

    def _headers(self, said: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in said.items()}
        return {**({"authorization": f"Bearer {self.secret}"} if self.secret else {}), **named}


def program(desk: Desk, name: str = "program", *scopes: str) -> Program:
    """A program in the name of somebody; without scopes for all that the account's roles allow."""
    with desk.database.writing() as connection:
        from store.accounts import all_accounts

        roles = next(one.roles for one in all_accounts(connection) if one.name == name)
        wanted = scopes or tokens.scopes_of(roles)
        secret = tokens.make(connection, name, "a test", wanted, desk.now)
    return Program(TestClient(desk.app, base_url="http://testserver"), secret)


class InProcess(httpx.BaseTransport):
    """Brings requests to the application in this process."""

    def __init__(self, desk: Desk) -> None:
        self._there = TestClient(desk.app, base_url="http://testserver", follow_redirects=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = dict(request.headers)
        answer = self._there.request(
            request.method, str(request.url), content=request.read(), headers=headers
        )
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


def client(desk: Desk, name: str = "program", *scopes: str) -> Client:
    """The typed client, in the name of somebody."""
    secret = program(desk, name, *scopes).secret
    headers = {"authorization": f"Bearer {secret}"}
    http = httpx.Client(base_url="http://testserver/api/v1", headers=headers, transport=InProcess(desk))
    return Client(http)
