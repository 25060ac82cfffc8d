"""Who many patients are is kept together or not at all, and none of it in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from store import access, identities
from store.access import Look
from store.database import Database
from store.erasure import erase
from store.errors import CannotWrite, Refused
from store.merging import merge
from store.recording import Recording
from store.roster import Completed, Identity, complete
from store.tracking import Wanted, tracking_list
from store.vault import Person
from store.verify import verify
from tests.store.cast import STORY, at, entries, event, say, story
from tests.store.intruder import intrude
from tests.store.toy import derivation

LATER = at("2025-03-04")
BORN = date(1970, 4, 12)


def row(
    number: int,
    reference: str,
    name: str | None = None,
    numbers: Mapping[str, str] | None = None,
    born: date | None = None,
) -> Identity:
    return Identity(number, reference, name, numbers or {}, born)


def kept(database: Database, *rows: Identity, rehearse: bool = False) -> Completed:
    look = Look("anna", "ward3", "identify")
    return complete(
        database, rows, look=look, source="roster", now=LATER, derive=derivation, rehearse=rehearse
    )


def people(database: Database) -> dict[str, Person | None]:
    with database.reading() as connection:
        known = identities.references(connection)
        return {name: identities.person_of(connection, id) for name, id in known.items()}


@pytest.fixture
def two(database: Database) -> Database:
    say(database, story("V01"))
    say(database, Recording("V02", entries(*STORY), {"sex": "female"}, imported=True))
    return database


def test_what_is_said_is_kept_and_said_again_changes_nothing(two: Database) -> None:
    rows = (
        row(2, "V02", "Muster, Erika", {"case": "K-77"}, BORN),
        row(3, "V01", None, {"case": "K-77", "insurance": "A1"}),
    )
    tried = kept(two, *rows, rehearse=True)
    assert people(two)["V02"] == Person("V02")
    found = kept(two, *rows)
    assert found == tried == Completed({2: ("name", "numbers", "born"), 1: ("numbers",)}, 0, 1)
    assert people(two) == {
        "V01": Person("V01", None, {"case": "K-77", "insurance": "A1"}, BORN),
        "V02": Person("V02", "Muster, Erika", {"case": "K-77"}, BORN),
    }
    assert kept(two, *rows) == Completed({}, 2, 1)
    assert kept(two, row(2, "V02", "Muster, E.")).changed == {2: ("name",)}
    assert people(two)["V02"] == Person("V02", "Muster, E.", {"case": "K-77"}, BORN)
    ledger = repr(intrude(two, "SELECT * FROM ledger"))
    assert not any(marker in ledger for marker in ("Muster", "K-77", "1970-04-12"))
    assert verify(two) == []
    assert len(tracking_list(two, Wanted())) == 2


def test_one_row_that_does_not_fit_keeps_all_back(two: Database) -> None:
    say(two, story("V03", event("follow_up_visit", "2025-02-01", "x1")))
    say(two, Recording("V04", entries(event("follow_up_visit", "2025-02-01")), {}, imported=True))
    say(two, story("V05"))
    erase(two, "V05", "requested", recorder="anna", now=LATER, derive=derivation)
    merge(two, "V03", "V04", "twice", recorder="anna", now=LATER, derive=derivation)
    before = people(two)
    with pytest.raises(Refused) as caught:
        kept(
            two,
            row(2, "V02", "Muster, Erika", {"case": "K-77"}, date(2025, 1, 8)),
            row(3, "V01", "Muster, Erika", born=date(1971, 1, 1)),
            row(4, "V77", "Muster, Erika"),
            row(5, "#5", "Muster, Erika"),
            row(6, "V04", born=BORN),
            row(7, "V03", "Muster, Erika"),
        )
    told = [str(one) for one in caught.value.faults]
    for one, words in zip(
        told, ("before the birth_date", "amend", "no such", "erased", "merged"), strict=True
    ):
        assert words in one
    assert [one.partition(":")[0] for one in told] == [f"row {n}" for n in range(2, 7)]
    assert people(two) == before


def test_what_is_kept_and_the_access_log_stand_or_fall_together(
    two: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(two, row(2, "V02", "Muster, Erika"))
    with two.reading() as connection:
        (entry,) = access.entries(connection)
    assert (entry.who, entry.patient_id, entry.asked) == ("anna", 2, '{"changed":"name"}')

    def full(*_: object) -> None:
        raise CannotWrite("disk full")

    monkeypatch.setattr("store.roster.access.append_within", full)
    with pytest.raises(CannotWrite):
        kept(two, row(2, "V02", "Muster, E."))
    assert people(two)["V02"] == Person("V02", "Muster, Erika")
