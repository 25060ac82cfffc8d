"""Problem details: their kind, their place, and nothing of a patient in them, in an address or in a log."""

from __future__ import annotations

import json
import logging

import pytest

from store import access, identities
from store.errors import Clash
from store.vault import Person
from tests.web.conftest import Desk
from tests.web.programs import Program, program
from web.api import problems
from web.api.problems import PROBLEM, silent

MARKERS = ("Zaphodine", "Beeblebrox", "KH-4711-0815", "1941-08-17")
"""Of the patient, planted: name, number and a date that are told nowhere else."""


def problem(asking: Program, path: str, body: str, **headers: str) -> dict[str, object]:
    said = {"authorization": f"Bearer {asking.secret}", "content-type": "application/json", **headers}
    answer = asking.client.post(f"/api/v1{path}", content=body, headers=said)
    assert answer.headers["content-type"] == PROBLEM
    told: dict[str, object] = answer.json()
    assert told["status"] == answer.status_code
    return told


def test_what_does_not_fit_is_told_by_its_place(desk: Desk) -> None:
    asking = program(desk)
    for body, pointer in (
        ({"type": "response_assessed", "fields": {"overall": "XX"}}, "/fields/overall"),
        ({"type": "response_assessed", "date": "2025-13-01"}, "/date"),
        ({"type": "response_assessed", "date": "soon"}, "/date"),
        ({"type": "nothing"}, "/type"),
        ({"type": 5}, "/type"),
        ({}, "/type"),
        ({"type": "death", "more": 1}, ""),
        ({"type": "death", "fields": {"id": "e01"}}, "/fields"),
        ({"type": "death", "fields": {"note": "\ud800"}}, "/fields"),
    ):
        told = problem(asking, "/patients/1/entries", json.dumps(body))
        assert told["status"] == 422, body
        faults = told["faults"]
        assert isinstance(faults, list)
        assert str(faults[0].get("pointer", "")).startswith(pointer), (body, faults)


def test_what_cannot_be_read_is_a_problem_too(desk: Desk) -> None:
    asking = program(desk)
    headers = {"authorization": f"Bearer {asking.secret}", "content-type": "application/json"}
    answer = asking.client.post("/api/v1/patients/1/comments", content=b"x" * 300_000, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    for path in ("/nowhere", "/patients/1%0A", "/patients/x"):
        assert asking.get(path).headers["content-type"] == PROBLEM
    assert asking.client.put("/api/v1/patients").headers["allow"] == "GET"
    assert asking.get("/patients?nothing=1").json()["faults"][0]["detail"]


def test_what_is_sent_is_json_that_says_each_thing_once(desk: Desk) -> None:
    asking = program(desk)
    for content, kind, told in (
        (b"{", "application/json", "malformed"),
        (b'{"text": "a", "text": "b"}', "application/json", "malformed"),
        (b'{"text": NaN}', "application/json", "malformed"),
        ('{"text": "é"}'.encode("utf-16"), "application/json", "malformed"),
        (b"[" * 9999, "application/json", "malformed"),
        (b"text=a", "application/x-www-form-urlencoded", "media-type"),
        (b'{"text": "\\u0000"}', "application/json; charset=utf-8", "invalid"),
        (b"", "application/json", "invalid"),
    ):
        headers = {"authorization": f"Bearer {asking.secret}", "content-type": kind}
        answer = asking.client.post("/api/v1/patients/1/comments", content=content, headers=headers)
        assert answer.json()["type"] == f"/api/v1/problems#{told}", content


def test_planted_words_stand_in_no_problem_and_in_no_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name, last, number, _ = MARKERS
    with desk.database.writing() as connection:
        identities.keep(connection, 1, Person("P-1", name=f"{name} {last}", numbers={"case": number}))
    asking = program(desk)
    told = []
    for field in ("overall", "note", "type", "date", name, "lesions"):
        for value in (*MARKERS, f"{name} " * 12, [name], {name: last}, {name: [{last: number}]}, 47110815):
            body = {"type": "response_assessed", "fields": {"overall": "PR", field: value}}
            told.append(asking.send("/patients/1/entries", {**body, "dry_run": True}))
            told.append(
                asking.send("/patients/1/entries", {"type": "imaging", field: value, "dry_run": True})
            )
    words = f"as {name} says"
    sent: tuple[tuple[str, object], ...] = (
        ("comments", {"text": words}),
        ("owner", {"owner": name}),
        ("owner", {"owner": None, "reason": words}),
        ("entries/e01/amend", {"changes": {name: last}, "reason": "x"}),
        ("entries/e01/amend", {"changes": {"date": name}, "reason": "x"}),
        ("entries/e01/amend", {"changes": {"date": "2025-01-01"}, "reason": words}),
        ("entries/e01/retract", {"reason": f"number {number}"}),
        (f"entries/{number}/retract", {"reason": "x"}),
    )
    for path, content in sent:
        told.append(asking.send(f"/patients/1/{path}", content))
        assert told[-1].status_code >= 400, path
    told.append(asking.get(f"/patients/1/why/{name}"))
    found = asking.send("/patients/search", {"text": name})
    assert [one["name"] for one in found.json()["patients"]] == [f"{name} {last}"]
    assert asking.get("/patients/1").json()["name"] == f"{name} {last}"
    for answer in told:
        if answer.status_code >= 400:
            assert not [one for one in (*MARKERS, "47110815") if one in answer.text], answer.text
    with desk.database.reading() as connection:
        looks = " ".join(str(one) for one in access.entries(connection))
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("carepath")]
    assert not [one for one in MARKERS if one in looks or one in " ".join(ours)]


def test_of_two_who_make_the_same_at_once_one_is_told_to_try_again() -> None:
    answer = problems.told(Clash())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_words_of_ours_stay_in_a_message_and_others_do_not() -> None:
    assert silent("'overall' must be one of CR, PR, not 'Anna'; did you mean PR?") == (
        "'overall' must be one of CR, PR; did you mean PR?"
    )
    assert silent("there is no field 'Anna' in 'lesions'") == "there is no field '…' in 'lesions'"
    assert silent("on 2025-01-31 there was 4711") == "on … there was …"
