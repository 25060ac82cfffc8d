"""Versions side by side, and what another version or setting would mean, tried, put in force, taken back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from coordination.entries import Team
from coordination.saying import say
from pathways.canonical import to_json
from pathways.fingerprint import fingerprint
from pathways.library import all_pathways
from store import access, accounts
from store.enforcement import Order, put_in_force, tried
from store.enrolments import changes
from store.library import ref_of, shipped
from tests.web.conftest import NOON, Desk
from tests.web.test_operations_record import with_house
from web.house import House

MAIN = all_pathways()[0]
MILDER = replace(
    MAIN,
    version="0.9.0",
    deviations=tuple(rule for rule in MAIN.deviations if rule.code != "d-board-missing-mdt"),
)
PAGE = "/pathways/changes"
SIX = {"do": "try", "whom": "all", "set.response_min_months": "6"}


@pytest.fixture
def there(desk: Desk) -> Desk:
    """The desk, where what takes long is done at once."""
    return with_house(desk, House())


def put_milder(desk: Desk) -> None:
    """A patient is enrolled in an earlier version, which is kept from then on."""
    derive = shipped(desk.database, (to_json(MILDER),))
    found = list(tried(desk.database, Order(ref_of(MILDER)), ["V14"], now=NOON, derive=derive))
    list(put_in_force(desk.database, found, "as before", "C-1", recorder="lena", now=NOON, derive=derive))


def test_two_versions_stand_side_by_side_with_their_statements(desk: Desk) -> None:
    put_milder(desk)
    audit = desk.browser("audit")
    one, other = fingerprint(MILDER), fingerprint(MAIN)
    page = audit.get(f"/pathways/differences?one={one}&other={other}").text
    assert "0.9.0" in page
    (rule,) = (rule for rule in MAIN.deviations if rule.code == "d-board-missing-mdt")
    assert rule.title in page
    assert f'href="/statements/{rule.statements[0]}"' in page
    assert "No difference" in audit.get(f"/pathways/differences?one={other}&other={other}").text
    assert audit.get(f"/pathways/differences?one={other}&other=none").status_code == 404
    assert "Compare" in audit.get("/pathways/differences").text


def test_a_dry_run_tells_of_each_patient_and_writes_nothing(there: Desk) -> None:
    ben = there.browser("ben")
    assert ben.send(PAGE, **SIX).status_code == 303
    page = ben.get(PAGE).text
    assert "Needs a person: a step that may be taken now could not be any more" in page
    assert f'href="/patients/{there.number("V29")}"' in page
    assert "V43" in ben.get(f"{PAGE}?kind=unchanged").text
    assert ben.get(f"{PAGE}?kind=x&page=99").status_code == 200
    assert changes(there.database) == []
    assert "Tried" not in there.browser("lena").get(PAGE).text  # it is ben's
    with there.database.reading() as connection:
        asked = [one.asked for one in access.entries(connection) if one.what == "dry-run"]
    assert '"order":"response_min_months=6"' in asked[0]
    ben.send(PAGE, do="forget")
    assert "Tried" not in ben.get(PAGE).text


def test_it_is_put_in_force_for_those_who_are_chosen_and_taken_back(there: Desk) -> None:
    ben = there.browser("ben")
    ben.send(PAGE, **SIX)
    v02, v12 = (str(there.number(name)) for name in ("V02", "V12"))  # V02 needs a person
    said = {"do": "apply", "of": "ticked", "number": [v02, v12], "reason": "Agreed on Monday"}
    assert ben.send(PAGE, **said).status_code == 303
    page = ben.get(PAGE).text
    (made,) = changes(there.database)
    assert (made.patients, made.undone, made.reason) == (1, 0, "Agreed on Monday")
    assert f"Put in force for 1: {made.name}" in page
    assert "V02 (Needs a person" in page
    assert ben.send(PAGE, **said, blocked_too="yes").status_code == 303
    assert [one.patients for one in changes(there.database)] == [2]
    assert ben.send(PAGE, do="undo", change=made.name, reason="Withdrawn").status_code == 303
    assert "Taken back for 2" in ben.get(PAGE).text
    assert [one.undone for one in changes(there.database)] == [2]


def test_a_version_that_is_kept_is_tried_on_those_named(there: Desk) -> None:
    put_milder(there)
    ben, number = there.browser("ben"), there.number("V12")
    said = {"do": "try", "whom": "named", "patients": f"V14 #{number}", "pathway": fingerprint(MILDER)}
    assert ben.send(PAGE, **said).status_code == 303
    page = ben.get(PAGE).text
    assert re.search(r"In force already <span class=\"q\">1</span>", page)
    assert "2 patients" in page
    with there.database.reading() as connection:
        looked = [one.patient_id for one in access.entries(connection) if one.what == "dry-run"]
    assert set(looked) == {None, number, there.number("V14")}


def test_what_cannot_be_tried_or_put_in_force_is_refused(there: Desk) -> None:
    ben = there.browser("ben")
    for said, told in (
        ({"do": "try", "whom": "all"}, "Choose a version"),
        ({**SIX, "set.response_min_months": "7"}, "response_min_months"),
        ({**SIX, "whom": "named", "patients": "V02 nobody"}, "1 of these"),
        ({**SIX, "whom": "named"}, "Which patients?"),
        ({**SIX, "whom": "state"}, "Which state?"),
        ({**SIX, "whom": ""}, "For whom?"),
        ({"do": "apply", "of": "ready", "reason": "x"}, "Try it first"),
        ({"do": "undo", "change": "C-none", "reason": "x"}, "Choose one of the list"),
        ({}, "What is to be done?"),
    ):
        answer = ben.send(PAGE, **said)
        assert answer.status_code == 422, said
        assert told in answer.text, said
    ben.send(PAGE, **SIX)
    for said, told in (
        ({"do": "apply", "of": "ready"}, "Why?"),
        ({"do": "apply", "of": "ticked", "reason": "x"}, "Nobody is chosen"),
        (
            {"do": "apply", "of": "ticked", "number": str(there.number("V02")), "reason": "as V02 asked"},
            "names a patient",
        ),
    ):
        answer = ben.send(PAGE, **said)
        assert (answer.status_code, told in answer.text) == (422, True), said
    assert changes(there.database) == []


def test_who_is_limited_to_a_team_tries_it_on_its_patients(there: Desk) -> None:
    with there.database.writing() as connection:
        say(connection, Team(name="north", members=("ben",)), recorder="lena", now=NOON)
        accounts.change(connection, "ben", teams=["north"])
    ben = there.browser("ben")
    ben.send(PAGE, **SIX)
    shown = set(re.findall(r'href="/patients/(\d+)"', ben.get(f"{PAGE}?kind=unchanged").text))
    everybody = there.place.jobs.last("dry-run", "ben")
    assert everybody is not None
    with there.database.reading() as connection:
        from store import desk as said

        owners = said.owners_of(connection, list(everybody.asked.patients.values()))
    assert shown
    assert set(owners.values()) == {"ben"}


def test_those_in_a_state_are_tried(there: Desk) -> None:
    ben = there.browser("ben")
    said = {**SIX, "whom": "state", "state": "post_mdt_follow_up"}
    assert ben.send(PAGE, **said).status_code == 303
    job = there.place.jobs.last("dry-run", "ben")
    assert job is not None
    assert sorted(job.asked.patients) == ["V01", "V12", "V14", "V36"]
    assert ben.send(PAGE, do="stop").status_code == 303
