"""Registering a patient: seen before it is saved, never twice, and somebody's from the first day."""

from __future__ import annotations

import re

import pytest

from coordination.entries import Team
from coordination.saying import say
from store import access, accounts, identities, ledger
from store import desk as said
from store.vault import Person
from tests.web.conftest import NOON, Browser, Desk
from tests.web.test_patient import text_of

PLACE = "/patients/new"
NEW = {
    "reference": "N-77",
    "name": "Ida Neumann",
    "birth_date": "1961-04-05",
    "number.0.system": "hospital",
    "number.0.value": "88-4711",
    "owner": "anna",
    "suspected_on": "2025-02-20",
    "v.sex": "female",
    "pathway": ["bone-health"],
}


@pytest.fixture
def anna(desk: Desk) -> Browser:
    return desk.browser("anna")


def once(browser: Browser) -> str:
    """The name of a form that is opened."""
    return str(re.findall(r'name="once" value="([^"]+)"', browser.get(PLACE).text)[0])


def person(desk: Desk, number: int) -> Person | None:
    with desk.database.reading() as connection:
        return identities.person_of(connection, number)


def everybody(desk: Desk) -> int:
    with desk.database.reading() as connection:
        return len(identities.references(connection))


def test_what_it_begins_with_is_shown_and_nothing_is_saved(desk: Desk, anna: Browser) -> None:
    before = everybody(desk)
    page = text_of(anna.send(PLACE, do="check", once=once(anna), **NEW).text)
    assert "Nobody here has this name" in page
    assert "It begins as: Metastasis suspected, staging not begun" in page
    assert everybody(desk) == before


def test_a_patient_is_registered_once_though_the_form_came_twice(desk: Desk, anna: Browser) -> None:
    form = {"do": "save", "once": once(anna), **NEW}
    places = [anna.send(PLACE, **form).headers["location"] for _ in range(2)]
    number = desk.number("N-77")
    assert places == [f"/patients/{number}"] * 2
    kept = person(desk, number)
    assert kept is not None
    assert (kept.name, str(kept.birth_date), dict(kept.numbers)) == (
        "Ida Neumann",
        "1961-04-05",
        {"hospital": "88-4711"},
    )
    with desk.database.reading() as connection:
        lines = ledger.lines(connection, number)
        assert said.owners_of(connection, [number])[number] == "anna"
    assert [(one.type, str(one.day)) for one in ledger.dossier(identities.nobody, lines).entries] == [
        ("metastasis_suspected", "2025-02-20")
    ]
    assert {line.recorder for line in lines} == {"anna"}
    assert not any("Neumann" in line.payload or "4711" in line.payload for line in lines)
    page = text_of(anna.get(places[0]).text)
    assert "Ida Neumann" in page
    assert "female" in page


def test_who_is_alike_is_shown_before_anything_is_saved(desk: Desk, anna: Browser) -> None:
    anna.send(PLACE, do="save", once=once(anna), **NEW)
    first, before = desk.number("N-77"), everybody(desk)
    again = {**NEW, "reference": "N-78", "number.0.value": "1", "name": "Neumann, Ida"}
    form = {"do": "save", "once": once(anna), **again}
    page = anna.send(PLACE, **form)
    assert page.status_code == 409
    assert "name, and no other date of birth" in text_of(page.text)
    assert f'href="/patients/{first}"' in page.text
    assert everybody(desk) == before
    told = {"apart": "1", "seen": str(first), "reason": "other insurance"}
    for reason, fault in (("", "Why is it somebody else?"), ("a twin of Neumann", "it names a patient")):
        page = anna.send(PLACE, **form, **{**told, "reason": reason})
        assert page.status_code == 422
        assert re.search(rf'name="reason"[^>]*value="{reason}".*{re.escape(fault)}', page.text, re.DOTALL)
        assert f'name="seen" value="{first}"' in page.text
    page = anna.send(PLACE, **{**form, "do": "check"}, **told)
    assert "Nobody here has this name" not in page.text
    assert "other insurance" in page.text
    assert anna.send(PLACE, **form, **{**told, "seen": ""}).status_code == 409
    assert anna.send(PLACE, **form, **told).status_code == 303
    second = desk.number("N-78")
    assert f"Somebody else than patient {first}: other insurance" in anna.get(f"/patients/{second}").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("reference", ""), ("birth_date", "1890-01-01"), ("number.0.value", "--"), ("owner", "stranger")],
)
def test_what_does_not_fit_is_told_at_its_field(desk: Desk, anna: Browser, field: str, value: str) -> None:
    before = everybody(desk)
    page = anna.send(PLACE, **{"do": "save", "once": once(anna), **NEW, field: value})
    assert page.status_code == 422
    assert f'id="e-{field}"' in page.text
    assert everybody(desk) == before


def test_a_reference_that_is_taken_leads_to_its_patient_and_tells_no_more(desk: Desk, anna: Browser) -> None:
    page = anna.send(PLACE, do="save", once=once(anna), **{**NEW, "reference": "V02"})
    assert page.status_code == 409
    assert "This reference is that of a patient who is here" in text_of(page.text)
    assert f'href="/patients/{desk.number("V02")}"' in page.text
    assert 'name="apart"' not in page.text


def test_of_another_teams_patient_only_the_number_is_shown(desk: Desk, anna: Browser) -> None:
    anna.send(PLACE, do="save", once=once(anna), **{**NEW, "owner": "ben"})
    first = desk.number("N-77")
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        accounts.change(connection, "anna", teams=["north"])
    anna = desk.browser("anna")
    form = {"do": "save", "once": once(anna), **NEW, "reference": "N-78"}
    page = anna.send(PLACE, **form)
    told = page.text[page.text.index('id="preview"') :]
    assert "a patient of another team" in told
    assert "Neumann" not in told
    assert anna.get(f"/patients/{first}").status_code == 403
    assert anna.send(PLACE, **{**form, "owner": "ben"}).status_code == 422
    assert anna.send(PLACE, **{**form, "owner": ""}).status_code == 422
    with desk.database.reading() as connection:
        looks = [one.patient_id for one in access.entries(connection) if one.what == "patient new"]
    assert first not in looks
