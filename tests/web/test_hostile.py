"""What people and programs send who mean no good: each is refused in words, and nothing of it is kept."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest

from store import access
from store import desk as said
from tests.web.conftest import Desk
from tests.web.programs import program

UNSEEN = ("a\0b", "a\u202eb", "a\u2066b")
"""What databases refuse, and marks that turn words around."""


@pytest.mark.parametrize("header", ["origin", "hx-current-url"])
def test_what_is_no_address_is_refused_in_words(desk: Desk, header: str) -> None:
    browser = desk.browser()
    assert browser.client.get("/", headers={"hx-request": "true", header: "http://["}).status_code == 401
    assert browser.client.post("/sign-in", headers={header: "http://["}).status_code == 403


@pytest.mark.parametrize("text", UNSEEN)
def test_nothing_is_kept_that_nobody_sees(desk: Desk, text: str) -> None:
    browser = desk.browser("anna")
    refused = (
        browser.send("/bulk", once="a", number=["1", "2"], comment=text),
        browser.send("/other-team/1", reason=f"on call {text}"),
    )
    assert [one.status_code for one in refused] == [422, 422]
    with desk.database.reading() as connection:
        assert not [
            one for number in (1, 2) for one in said.about(connection, number) if one.kind == "comment"
        ]


def test_a_form_with_too_many_fields_is_refused_for_that_and_not_as_out_of_date(desk: Desk) -> None:
    refused = desk.browser("anna").send("/bulk", once="a", number=[str(one) for one in range(2001)])
    assert refused.status_code == 413
    assert "At most 2,000 fields" in refused.text
    assert desk.browser("anna").send("/bulk", once="a", number=["1"], comment="called").status_code == 303


def test_who_looks_all_the_same_names_nobody_and_looks_at_somebody(desk: Desk) -> None:
    browser, program_ = desk.browser("anna"), program(desk, "ben")
    reference = program_.get("/patients/2").json()["reference"]
    assert browser.send("/other-team/2", reason=f"asked about {reference}").status_code == 422
    assert browser.send("/other-team/99999", reason="on call tonight").status_code == 404
    with desk.database.reading() as connection:
        assert not [one for one in access.entries(connection) if one.what == "other-team"]


@pytest.mark.parametrize("path", ["/patients?due=soon&due=planned&limit=1", "/deviations?limit=1"])
def test_a_cursor_that_somebody_altered_is_refused(desk: Desk, path: str) -> None:
    asking = program(desk, "ben")
    cursor = asking.get(path).json()["next"]
    which, *place = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    strange: tuple[Any, ...] = ({}, 10**30, -(10**30), ["x"], 1.5, "\0")
    altered = [[*place[:at], one, *place[at + 1 :]] for at in range(len(place)) for one in strange]
    for one in ([], [*place, 1], *altered):
        bent = urlsafe_b64encode(json.dumps([which, *one]).encode()).decode().rstrip("=")
        answer = asking.get(f"{path}&cursor={bent}")
        assert (answer.status_code, answer.json()["type"][-7:]) == (422, "#cursor"), one
    assert asking.get(f"{path}&cursor={cursor}").status_code == 200
