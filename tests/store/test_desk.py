"""What was said at the desk, whose patients are whose, and both through merges and copies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from sqlalchemy import select

from store import desk, identities, ledger, worklist
from store.database import Database, open_database
from store.desk import Said
from store.erasure import erase
from store.merging import merge, unmerge
from store.recording import Recording
from store.site_copy import copy_site
from store.tables import patient, tracking
from tests.store.cast import FACTS, NOON, STORY, at, event, live, say, story
from tests.store.toy import derivation


def number_of(database: Database, reference: str) -> int:
    with database.reading() as connection:
        head = identities.find(connection, reference)
    assert head is not None
    return head.patient_id


def note(database: Database, reference: str | None, kind: str, **said: object) -> None:
    number = number_of(database, reference) if reference else None
    with database.writing() as connection:
        desk.say(connection, kind, said, patient_id=number, recorder="anna", now=NOON)


def assign(database: Database, reference: str, owner: str | None) -> None:
    note(database, reference, desk.ASSIGNED, owner=owner, clinician=None, reason="")


def owner(database: Database, reference: str) -> tuple[str | None, str | None]:
    """As the patient's row and the row of the tracking list have it; `none` where there is no row."""
    number = number_of(database, reference)
    with database.reading() as connection:
        own = connection.execute(select(patient.c.owner).where(patient.c.id == number)).scalar_one()
        listed = connection.execute(select(tracking.c.owner).where(tracking.c.patient_id == number)).all()
    return own, listed[0].owner if listed else "none"


def texts(said: list[Said]) -> list[object]:
    return [one.payload.get("text") for one in said]


def each(database: Database, *references: str) -> Mapping[int, list[Said]]:
    numbers = [number_of(database, one) for one in references]
    with database.reading() as connection:
        return desk.about_each(connection, numbers, worklist.parts(connection, numbers))


def test_an_owner_is_kept_beside_the_entry_that_says_so(database: Database) -> None:
    say(database, story("V01"))
    assert owner(database, "V01") == (None, None)
    assign(database, "V01", "anna")
    say(database, live("V01", event("response_assessed", "2025-03-01", "e9", overall="SD")))
    assert owner(database, "V01") == ("anna", "anna")
    with database.reading() as connection:
        assert (desk.owners(connection), desk.patients_of(connection, "anna")) == ({"anna": 1}, [1])
    assign(database, "V01", None)
    assert owner(database, "V01") == (None, None)


def merged(database: Database) -> None:
    for reference in ("V01", "V02"):
        say(database, story(reference, STORY[0]))
    assign(database, "V01", "anna")
    note(database, "V01", "comment", text="first")
    note(database, "V02", "comment", text="second")
    assign(database, "V02", "ben")
    assign(database, "V01", "lena")
    merge_both(database)


def merge_both(database: Database, stays: str = "V02", goes: str = "V01") -> None:
    merge(
        database,
        stays,
        goes,
        "twice",
        recorder="anna",
        now=at("2025-03-04"),
        derive=derivation,
        same_person=True,
    )


def test_records_of_one_patient_are_read_together(database: Database) -> None:
    merged(database)
    assert owner(database, "V02") == ("ben", "ben"), "the record that goes on stays whose it is"
    assert owner(database, "V01") == ("lena", "none")
    with database.reading() as connection:
        assert desk.owners(connection) == {"ben": 1}
        together = list(desk.about(connection, number_of(database, "V02")))
    assert texts(together)[2:4] == ["first", "second"]
    assert [one.lent for one in together] == [True, True, True, False, False]
    assert each(database, "V02") == {number_of(database, "V02"): together}
    unmerge(database, "V02", "not the same", recorder="anna", now=at("2025-03-05"), derive=derivation)
    assert (owner(database, "V01"), owner(database, "V02")) == (("lena", "lena"), ("ben", "ben"))
    assert [texts(said)[-2:] for said in each(database, "V01", "V02").values()] == [
        ["first", None],
        ["second", None],
    ]


def test_who_had_the_other_record_has_both_where_nobody_had_the_one_that_goes_on(database: Database) -> None:
    for reference in ("V01", "V02"):
        say(database, story(reference, STORY[0]))
    assign(database, "V01", "anna")
    merge_both(database)
    assert owner(database, "V02") == ("anna", "anna")
    assign(database, "V02", None)
    assert owner(database, "V02") == (None, None)


def test_what_was_said_of_an_event_is_about_it_by_the_name_it_has_now(database: Database) -> None:
    for reference in ("V01", "V02", "V03"):
        say(database, story(reference, STORY[0]))
    note(database, "V03", "snoozed", about={"item": "t", "anchor": ["e01"]})
    note(database, "V01", "snoozed", about={"item": "t", "anchor": ["e01", "x"]})
    merge_both(database, "V01", "V03")
    merge_both(database)
    (said,) = each(database, "V02").values()
    assert [one.payload["about"]["anchor"] for one in said] == [["p3-e01"], ["p1-e01", "x"]]
    with database.reading() as connection:
        assert list(desk.about(connection, number_of(database, "V02"))) == said
        told = {line.event_id for line in ledger.lines(connection, number_of(database, "V02"))}
    assert {"e01", "p1-e01", "p3-e01"} <= told


def test_what_was_said_stays_when_an_identity_is_erased(database: Database) -> None:
    say(database, story("V01"))
    assign(database, "V01", "anna")
    note(database, "V01", "comment", text="called")
    erase(database, "V01", "requested", recorder="anna", now=NOON, derive=derivation)
    assert owner(database, "#1") == ("anna", "anna")
    assert texts(each(database, "#1")[1]) == [None, "called"]


def test_a_copied_site_knows_whose_patients_are_whose(database: Database, tmp_path: Path) -> None:
    say(database, story("V01"))
    note(database, None, "person", name="anna")
    assign(database, "V01", "anna")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}", database.keys)
    copy_site(database, copy)
    with database.reading() as there, copy.reading() as here:
        assert list(desk.of_site(here)) == list(desk.of_site(there))
    assert owner(copy, "V01") == ("anna", "anna")
    copy.close()


def test_the_day_of_recording_and_the_stories_that_matter(database: Database) -> None:
    say(database, story("V01"), at("2025-03-01"))
    say(database, story("V02"))
    say(database, Recording("V03", facts=FACTS))
    report = event("task_progress", "2025-03-02", "e9", item="t-response", status="ordered")
    say(database, live("V02", report))
    with database.reading() as connection:
        days = worklist.recorded_on(connection, [1, 2], UTC)
        assert {number: str(day) for number, day in days.items()} == {1: "2025-03-01", 2: "2025-03-03"}
        assert [number for number, _ in worklist.told(connection, [1, 2, 3], [])] == [2]
        assert [number for number, _ in worklist.told(connection, [1, 2, 3], [3])] == [2, 3]
        kept = dict(worklist.kept(connection, [1, 3]))
    assert (kept[1][0].state, kept[3][0].state) == ("response_assessed", "not_started")
