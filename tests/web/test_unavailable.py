"""A database that cannot be reached, or takes nothing: it is told, and all goes on once it is back."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.requests import ClientDisconnect

from store import accounts
from store import desk as said
from store.database import Database
from store.errors import CannotOpen, CannotWrite, NoRoom
from tests.web.conftest import Desk
from tests.web.programs import program
from web.door import LARGEST
from web.render import rendered
from web.turns import AT_ONCE, MOST

COMMENT = {"text": "came late", "phrase": ""}


def fails(error: Exception) -> Callable[..., Any]:
    def failing(*_: object, **__: object) -> Any:
        raise error

    return failing


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing is read and nothing written, until it is undone."""
    for way in ("reading", "writing"):
        monkeypatch.setattr(Database, way, fails(CannotWrite("the server cannot be reached")))
    return monkeypatch


def comments(desk: Desk) -> list[str]:
    with desk.database.reading() as connection:
        return [one.payload["text"] for one in said.about(connection, 1) if one.kind == "comment"]


def test_pages_say_so_and_go_on_by_themselves(
    desk: Desk, away: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = desk.browser()
    browser.client.cookies.set("carepath", "whatever")
    for path in ("/", "/patients/1", "/patients/1/brief.pdf", "/nowhere", "/sign-in"):
        answer = browser.get(f"{path}?due=soon")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert 'href="?due=soon"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert browser.get("/healthz").status_code == 503
    away.undo()
    assert browser.get("/sign-in").status_code == 200
    assert {one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR} == {
        "CannotWrite: the server cannot be reached"
    }


def test_what_was_typed_is_sent_again_and_done_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.browser("anna")
    monkeypatch.setattr(Database, "writing", fails(CannotWrite("no room left")))
    refused = browser.send("/patients/1/comment", **COMMENT)
    assert refused.status_code == 503
    assert 'name="text" value="came late"' in refused.text
    assert f'name="form_key" value="{browser.form_key}"' in refused.text
    monkeypatch.undo()
    for _ in range(2):
        assert browser.send("/patients/1/comment", **COMMENT).status_code == 303
    assert comments(desk).count("came late") == 1


def test_no_password_is_shown_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.browser()
    browser.get("/sign-in")
    browser.form_key = browser.client.cookies["carepath-form"]
    monkeypatch.setattr(Database, "reading", fails(CannotWrite("the server cannot be reached")))
    answer = browser.send("/sign-in", name="anna", password="not for eyes")
    assert (answer.status_code, "not for eyes" in answer.text) == (503, False)


def test_programs_are_told_when_to_ask_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = program(desk, "ben")
    for error in (CannotWrite("no room left"), CannotOpen("it is damaged")):
        monkeypatch.setattr(Database, "reading", fails(error))
        answer = asking.get("/patients")
        assert (answer.status_code, answer.json()["type"][-12:]) == (503, "#unavailable")
        assert answer.headers["retry-after"]


def test_a_defect_in_a_page_that_tells_of_one_stays_out_of_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def spoiled(template: str, *given: Any) -> str:
        if template == "stopped.html":
            raise ValueError("Meier")
        return rendered(template, *given)

    monkeypatch.setattr("web.visit.rendered", spoiled)
    answer = desk.browser("anna").get("/patients/99999")
    assert (answer.status_code, "E-" in answer.text, "Meier" in answer.text) == (500, True, False)
    assert answer.headers["x-frame-options"] == "DENY"
    assert "Meier" not in caplog.text


def test_a_full_disk_is_told_as_such(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, asking = desk.browser("anna"), program(desk, "ben")
    monkeypatch.setattr(Database, "writing", fails(NoRoom()))
    page = browser.send("/patients/1/comment", **COMMENT)
    assert page.status_code == 503
    assert "The disk of the database is full" in page.text
    assert 'name="text" value="came late"' in page.text
    assert "until there is room again" in asking.get("/patients").json()["detail"]


def test_who_goes_away_while_sending_is_no_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("starlette.requests.Request.form", fails(ClientDisconnect()))
    with pytest.raises(AssertionError):  # of the test's client: there is no answer
        desk.browser("anna").send("/patients/1/comment", **COMMENT)
    assert not caplog.records


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 30, "1e3"])
def test_too_much_is_refused_before_it_is_read(desk: Desk, length: str) -> None:
    browser = desk.browser("anna")
    sent = {"content-length": length, "content-type": "application/x-www-form-urlencoded"}
    answer = browser.client.post("/patients/1/comment", content=b"text=came+late", headers=sent)
    assert (answer.status_code, "Too much" in answer.text) == (413, True)


def test_nobody_is_led_by_the_host_that_a_request_names(desk: Desk) -> None:
    client = desk.browser().client
    for path in ("/patients/1/", "/api/v1/patients/"):
        answer = client.get(path, headers={"host": "evil.example"})
        assert "evil.example" not in answer.headers.get("location", "")


def test_strangers_take_turns_and_keep_nobody_from_the_desk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look at a password takes 64 MiB: of many at once the machine would run out."""
    at_once: list[int] = []
    statuses: list[int] = []
    looking = 0
    enough = threading.Event()

    def fits(hash_: str | None, password: str) -> bool:
        nonlocal looking
        looking += 1
        at_once.append(looking)
        enough.wait(10)
        looking -= 1
        return False

    async def everybody() -> None:
        transport = httpx.ASGITransport(desk.app)
        signed = {"cookie": f"carepath={desk.browser('anna').client.cookies['carepath']}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as strangers:
            key = (await strangers.get("/sign-in")).cookies["carepath-form"]
            sent = {"form_key": key, "name": "nobody", "password": "guessed again"}
            tries = [asyncio.create_task(strangers.post("/sign-in", data=sent)) for _ in range(MOST + 3)]
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as anna:
                while len(at_once) < AT_ONCE:
                    await asyncio.sleep(0.01)
                assert (await anna.get("/account", headers=signed)).status_code == 200
            enough.set()
            statuses.extend([(await one).status_code for one in tries])

    monkeypatch.setattr(accounts, "_fits", fits)
    # A thread of its own: a test in a browser leaves its loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, everybody()).result()
    assert max(at_once) == AT_ONCE
    assert (statuses.count(422), statuses.count(503)) == (MOST, 3)
