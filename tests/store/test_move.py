"""An entry recorded for the wrong patient goes to the right one, wholly or not at all, and back."""

from __future__ import annotations

from datetime import date

import pytest

from engine.event import Event
from store.database import Database
from store.errors import Refused, UnknownPatient
from store.move import Move, move
from store.origins import moved_here
from store.patient_view import look_up
from store.recording import Recorded
from store.verify import verify
from tests.store.cast import at, event, live, say, story
from tests.store.test_projections import kept
from tests.store.toy import derivation


def moved(
    database: Database, entry: str, source: str, to: str, reason: str = "label"
) -> tuple[Recorded, Recorded]:
    said = Move(source, entry, to, reason)
    return move(database, said, recorder="bert", now=at("2025-03-10"), derive=derivation)


def visible(database: Database, reference: str) -> list[Event]:
    """What is told of a patient, retracted entries left out."""
    dossier = look_up(database, reference, now=at("2025-03-20"), derive=derivation).dossier
    gone = {e.fields["target"] for e in dossier.entries if e.type == "retraction"}
    return [event for event in dossier.entries if event.id not in gone and event.type != "retraction"]


@pytest.fixture
def two(database: Database) -> Database:
    say(database, story("V01"))
    say(database, story("V02", event("metastasis_suspected", "2025-01-05", "e01")))
    return database


def test_it_goes_with_its_day_and_its_day_of_writing(two: Database) -> None:
    gone, come = moved(two, "e03", "V01", "V02")
    assert (gone.added, come.added) == (("e04",), ("e02",))
    assert str(gone.difference).splitlines()[0] == "state toy: response_assessed -> systemic_started"
    assert str(come.difference).splitlines()[0] == "state toy: metastasis_suspected -> response_assessed"
    (_, response) = visible(two, "V02")
    assert (response.type, response.day, response.documented) == (
        "response_assessed",
        date(2025, 2, 25),
        date(2025, 2, 27),
    )
    assert [one.id for one in visible(two, "V01")] == ["e01", "e02"]
    assert verify(two) == []


def test_the_ledger_names_the_other_by_number(two: Database) -> None:
    moved(two, "e03", "V01", "V02")
    lines = look_up(two, "V01", now=at("2025-03-20"), derive=derivation).lines
    there = look_up(two, "V02", now=at("2025-03-20"), derive=derivation).lines
    assert "moved to patient 2: label" in lines[-1].payload
    assert there[-1].source == "move of e03 from patient 1: label"
    assert moved_here(there[-1]) == "moved here from patient 1: label"
    before = there[-1]._replace(source="move of e03 from patient 1")
    assert moved_here(before) == "moved here from patient 1"
    with pytest.raises(Refused, match="reason"):
        moved(two, "e02", "V01", "V02", "belongs to V02, says the ward")


def test_corrections_are_worked_in_and_it_can_go_back(two: Database) -> None:
    say(
        two, live("V01", event("correction", "2025-03-09", target="e03", field="overall", old="PR", new="PD"))
    )
    moved(two, "e03", "V01", "V02")
    assert visible(two, "V02")[-1].fields["overall"] == "PD"
    back, again = moved(two, "e02", "V02", "V01")
    assert (back.added, again.added) == (("e03",), ("e06",))
    assert [one.type for one in visible(two, "V02")] == ["metastasis_suspected"]
    assert visible(two, "V01")[-1].fields["overall"] == "PD"
    assert verify(two) == []


@pytest.mark.parametrize(
    ("entry", "to", "told"),
    [
        ("e09", "V02", "no such entry"),
        ("e04", "V02", "a correction stays with what it is about"),
        ("e02", "V02", "retracted already"),
        ("e01", "V01", "about this patient already"),
        ("e01", "V03", "before the birth_date"),
    ],
)
def test_what_cannot_be_moved(two: Database, entry: str, to: str, told: str) -> None:
    """Nothing is recorded then, about neither."""
    change = event("correction", "2025-03-02", "e04", target="e03", field="overall", old="PR", new="PD")
    say(two, live("V01", change, event("retraction", "2025-03-02", "e05", target="e02", reason="x")))
    young = story("V03", event("death", "2025-01-08", "e01"))
    born = {"sex": "female", "birth_date": "2025-01-08"}
    say(two, type(young)("V03", young.entries, born, source="file", imported=True))
    before = kept(two)
    with pytest.raises(Refused) as refused:
        moved(two, entry, "V01", to)
    assert told in str(refused.value.faults[0])
    assert kept(two) == before
    assert verify(two) == []


def test_nobody_knows_the_other(two: Database) -> None:
    with pytest.raises(UnknownPatient):
        moved(two, "e01", "V01", "V09")
    with pytest.raises(UnknownPatient):
        moved(two, "e01", "V09", "V01")
