"""Who a patient is put right, records merged and parted, entries moved: seen first, and done once."""

from __future__ import annotations

import re
from datetime import date

import pytest

from coordination.entries import Assigned, Team
from coordination.saying import say
from store import access, accounts, identities
from store.record import record
from store.recording import Entry, Recording
from store.vault import Person
from tests.web.conftest import NOON, Browser, Desk
from tests.web.test_patient import said, text_of


@pytest.fixture
def anna(desk: Desk) -> Browser:
    return desk.browser("anna")


def registered(desk: Desk, reference: str, name: str, *days: str, **numbers: str) -> int:
    """A patient with a suspicion on each of these days."""
    entries = tuple(Entry({"type": "metastasis_suspected", "date": day}) for day in days)
    facts = {"sex": "female", "birth_date": "1961-04-05"}
    recording = Recording(reference, entries, facts=facts, name=name, numbers=numbers)
    done = record(desk.database, recording, recorder="anna", now=desk.now, derive=desk.place.derive)
    with desk.database.writing() as connection:
        say(connection, Assigned(owner="anna"), patient_id=done.patient_id, recorder="anna", now=desk.now)
    return done.patient_id


@pytest.fixture
def two(desk: Desk) -> tuple[int, int]:
    """Two records of one person, found by the same hospital number."""
    first = registered(desk, "N-1", "Ida Neumann", "2025-02-20", hospital="88-4711")
    return first, registered(desk, "N-2", "Ida Neumann", hospital="88-4711")


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form, which tell what was seen."""
    inside = page[page.index("<main") :]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
    del found["form_key"]
    return found


def person(desk: Desk, number: int) -> Person:
    with desk.database.reading() as connection:
        found = identities.person_of(connection, number)
    assert found is not None
    return found


def place_of(number: int, what: str) -> str:
    return f"/patients/{number}/{what}"


# ---- who it is ----


def as_kept(page: str) -> dict[str, str]:
    """What stands in the form of an identity."""
    shown = re.findall(r'<input type="(?:text|date)" [^>]*?name="([^"]+)"[^>]*? value="([^"]*)"', page)
    return {**fields(page), **dict(shown)}


def test_a_name_and_a_number_are_put_right_for_a_reason_and_no_entry_tells_them(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    place = place_of(two[0], "identity")
    form = as_kept(anna.get(place).text)
    assert (form["name"], form["number.0.value"]) == ("Ida Neumann", "88-4711")
    form |= {"name": "Ida Neuhaus", "number.0.value": "", "number.0.system": "", "do": "save"}
    assert anna.send(place, **form).status_code == 422
    form["reason"] = "spelled wrongly"
    assert anna.send(place, **form).status_code == 303
    assert anna.send(place, **form).status_code == 303
    assert (person(desk, two[0]).name, dict(person(desk, two[0]).numbers)) == ("Ida Neuhaus", {})
    with desk.database.reading() as connection:
        (log,) = (one for one in access.entries(connection) if one.what == "identify")
    assert (log.who, log.patient_id, log.reason) == ("anna", two[0], "spelled wrongly")
    assert "spelled wrongly" in text_of(anna.get(place_of(two[0], "access")).text)


def test_another_date_of_birth_is_a_correction_that_is_shown_first(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    place = place_of(two[0], "identity")
    form = {**as_kept(anna.get(place).text), "birth_date": "1991-04-05", "reason": "typed wrongly"}
    seen = anna.send(place, do="preview", **form)
    assert "After saving" in seen.text
    assert person(desk, two[0]).birth_date == date(1961, 4, 5)
    assert anna.send(place, do="save", **form).status_code == 303
    assert person(desk, two[0]).birth_date == date(1991, 4, 5)
    assert "33 y" in text_of(anna.get(f"/patients/{two[0]}").text)


def test_two_who_put_the_same_right_do_not_overwrite_one_another(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    place, lena = place_of(two[0], "identity"), desk.browser("lena")
    hers, other = (as_kept(one.get(place).text) for one in (anna, lena))
    assert lena.send(place, **{**other, "name": "Ida N.", "reason": "x", "do": "save"}).status_code == 303
    late = anna.send(place, **{**hers, "name": "Ada", "reason": "y", "do": "save"})
    assert late.status_code == 422
    assert "Somebody changed it meanwhile" in text_of(late.text)
    assert person(desk, two[0]).name == "Ida N."


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"name": ""}, "name"),
        ({"birth_date": ""}, "birth_date"),
        ({"number.1.system": "his"}, "number.1.value"),
        ({"name": "Ada", "reason": "was called Neumann"}, "reason"),
        ({"name": "Ada", "reason": "is called Adalbert", "number.0.value": "9"}, "name?"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_kept(
    desk: Desk, anna: Browser, two: tuple[int, int], typed: dict[str, str], place: str
) -> None:
    before = person(desk, two[0])
    page = place_of(two[0], "identity")
    form = {**as_kept(anna.get(page).text), "reason": "because", "do": "save", **typed}
    answer = anna.send(page, **form)
    if place == "name?":  # another word than the name
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert f'id="e-{place}"' in answer.text
    assert person(desk, two[0]) == before


def test_erasing_is_said_to_be_a_command(desk: Desk, anna: Browser) -> None:
    page = anna.get("/patients/1/identity").text
    assert "carepath erase" in page
    with desk.database.writing() as connection:
        identities.erase(connection, 1)
    assert "identity was erased" in text_of(anna.get("/patients/1/identity").text)
    assert anna.send("/patients/1/identity", name="Ada", reason="x", once="1").status_code == 422


def test_the_beginning_of_a_name_finds_somebody_on_the_list(desk: Desk, anna: Browser) -> None:
    number = registered(desk, "N-1", "Änne Neumann-Groß", "2025-02-20")
    for text, finds in (("neum", True), ("ANNE gros", True), ("eumann", False), ("neum ida", False)):
        assert (f'href="/patients/{number}"' in anna.send("/search", q=text).text) == finds, text


# ---- two records of one patient ----


def test_records_are_found_compared_merged_once_and_parted_again(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    first, second = two
    place = place_of(first, "merge")
    assert f"merge?other={second}" in anna.get(place_of(first, "identity")).text
    found = anna.send(place, do="find", q="88 4711")
    assert f'href="{place}?other={second}"' in found.text
    page = anna.get(f"{place}?other={second}").text
    assert "After saving" in page
    form = {**fields(page), "reason": "registered twice", "do": "save"}
    assert [anna.send(place, **form).status_code for _ in range(2)] == [303, 303]
    assert anna.get(f"/patients/{second}").headers["location"] == f"/patients/{first}"
    undo = place_of(first, "unmerge")
    page = anna.get(undo).text
    assert "Two records again" in page
    form = {**fields(page), "reason": "they are twins", "do": "save"}
    assert anna.send(undo, **{**form, "reason": ""}).status_code == 422
    assert [anna.send(undo, **form).status_code for _ in range(2)] == [303, 303]
    assert anna.get(f"/patients/{second}").status_code == 200
    assert anna.get(undo).status_code == 404


def test_a_record_of_another_team_is_not_parted_unseen(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    first, second = two
    page = anna.get(f"/patients/{first}/merge?other={second}").text
    anna.send(place_of(first, "merge"), **fields(page), reason="registered twice", do="save")
    form = {**fields(anna.get(place_of(first, "unmerge")).text), "reason": "they are twins", "do": "save"}
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        say(connection, Assigned(owner="anna"), patient_id=first, recorder="lena", now=NOON)
        say(connection, Assigned(owner="ben"), patient_id=second, recorder="lena", now=NOON)
        accounts.change(connection, "anna", teams=["north"])
    limited = desk.browser("anna")
    assert limited.send(place_of(first, "unmerge"), **form).status_code == 403
    assert limited.get(place_of(first, "unmerge")).status_code == 403
    assert limited.get(f"/patients/{second}").status_code == 403


def test_two_names_are_merged_only_by_who_says_that_it_is_one_person(desk: Desk, anna: Browser) -> None:
    first = registered(desk, "N-1", "Ida Neumann")
    second = registered(desk, "N-2", "Ida Altmann")
    place = place_of(first, "merge")
    page = anna.get(f"{place}?other={second}").text
    assert "the names differ" in page
    form = {**fields(page), "reason": "she has married", "do": "save"}
    refused = anna.send(place, **form)
    assert refused.status_code == 422
    assert 'id="e-same_person"' in refused.text
    assert anna.send(place, **form, same_person="1").status_code == 303


def test_records_that_contradict_each_other_are_not_merged(desk: Desk, anna: Browser) -> None:
    first, other = desk.number("V02"), registered(desk, "N-2", "Ida")
    page = anna.get(f"/patients/{first}/merge?other={other}")
    assert page.status_code == 200
    assert "differs" in page.text
    assert 'value="save"' not in page.text
    form = {**fields(page.text), "reason": "x", "do": "save"}
    assert anna.send(f"/patients/{first}/merge", **form).status_code == 422
    assert anna.get(f"/patients/{other}").status_code == 200


def test_who_was_overtaken_at_either_record_merges_nothing(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    first, second = two
    place = place_of(first, "merge")
    form = {**fields(anna.get(f"{place}?other={second}").text), "reason": "registered twice", "do": "save"}
    said(desk, second, {"type": "follow_up_visit", "date": "2025-03-01"}, "ben")
    late = anna.send(place, **form)
    assert late.status_code == 422
    assert "Somebody recorded something meanwhile" in text_of(late.text)
    assert anna.get(f"/patients/{second}").status_code == 200
    again = {**fields(late.text), "reason": "registered twice", "do": "save"}
    assert anna.send(place, **again).status_code == 303


def test_a_patient_of_another_team_is_neither_merged_nor_moved_to(desk: Desk, two: tuple[int, int]) -> None:
    first = two[0]
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        accounts.change(connection, "anna", teams=["north"])
    anna, other = desk.browser("anna"), desk.number("V02")
    with desk.database.writing() as connection:
        say(connection, Assigned(owner="ben"), patient_id=other, recorder="lena", now=NOON)
    assert anna.get(f"/patients/{first}/merge").status_code == 200
    for place, field in (
        (f"/patients/{first}/merge", "other"),
        (f"/patients/{first}/entries/e01/move", "to"),
    ):
        asked = anna.get(f"{place}?{field}={other}")
        assert asked.status_code == 403
        assert f'action="/other-team/{other}"' in asked.text
        sent = {"do": "save", field: str(other), "reason": "x", "once": "1", "sequence": "1"}
        assert anna.send(place, **sent).status_code == 403
        found = anna.send(place, do="find", q="V02")
        assert "a patient of another team" in found.text
    assert anna.send(f"/other-team/{other}", reason="recorded at the wrong one").status_code == 303
    assert anna.get(f"/patients/{first}/entries/e01/move?to={other}").status_code == 200
    with desk.database.reading() as connection:
        looks = [one for one in access.entries(connection) if one.what == "patient move" and one.reason]
    assert [(one.patient_id, one.reason) for one in looks] == [(other, "recorded at the wrong one")]


# ---- an entry of somebody else ----


def test_an_entry_goes_to_the_right_patient_once(desk: Desk, anna: Browser, two: tuple[int, int]) -> None:
    first, second = two
    place = place_of(first, "entries/e01/move")
    assert place in anna.get(f"/patients/{first}").text
    page = anna.get(f"{place}?to={second}").text
    assert page.count("After saving") == 2
    form = {**fields(page), "reason": "another patient of the same day", "do": "save"}
    assert anna.send(place, **{**form, "reason": ""}).status_code == 422
    assert [anna.send(place, **form).status_code for _ in range(2)] == [303, 303]
    assert "moved to another patient" in text_of(anna.get(f"/patients/{first}").text)
    assert text_of(anna.get(f"/patients/{second}").text).count("moved from") <= 1
    assert "Metastasis suspected" in text_of(anna.get(f"/patients/{second}").text)
    assert anna.get(f"{place}?to={second}").status_code == 404


def test_what_does_not_fit_the_other_story_is_not_moved(
    desk: Desk, anna: Browser, two: tuple[int, int]
) -> None:
    first, second = two
    said(desk, second, {"type": "death", "date": "2025-01-20"})
    place = place_of(first, "entries/e01/move")
    page = anna.get(f"{place}?to={second}")
    assert page.status_code == 200
    form = {**fields(page.text), "reason": "another patient", "do": "save"}
    early = said(desk, second, {"type": "follow_up_visit", "date": "2025-01-02"}, "ben")
    assert early
    late = anna.send(place, **form)
    assert late.status_code == 422
    assert "Somebody recorded something meanwhile" in text_of(late.text)


@pytest.mark.parametrize(
    "place", ["entries/e99/move", "entries/facts/move", "merge?other=99999", "merge?other=x"]
)
def test_what_is_not_there_is_not_found(desk: Desk, anna: Browser, place: str) -> None:
    assert anna.get(f"/patients/1/{place}").status_code == 404
