"""An erased identity is in no file any more; the story, its chain and its seals stay."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from store import identities, ledger, postgresql, sqlite
from store.database import Database, open_database
from store.erasure import KIND, Erased, Leaver, erase, leavers
from store.errors import UnknownPatient
from store.merging import merge
from store.patient_view import look_up
from store.recording import Recording
from store.seals import seal_all
from store.tracking import Wanted, tracking_list
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import FACTS, NOON, STORY, at, entries, event, live, say, story
from tests.store.intruder import intrude
from tests.store.toy import derivation

ERIKA = Recording(
    "V01", entries(*STORY), FACTS, imported=True, name="Mustermann, Erika", numbers={"insurance": "4711-0815"}
)
LATER = at("2025-03-04")


def erased(database: Database, reference: str = "V01") -> Erased:
    return erase(database, reference, "requested", recorder="anna", now=LATER, derive=derivation)


def test_the_story_stays_and_says_what_was_done(database: Database) -> None:
    say(database, ERIKA)
    seal_all(database, NOON)
    assert erased(database) == Erased(1, was_known=True, settled=True)
    with database.reading() as connection:
        assert identities.find(connection, "V01") is None
        assert identities.searched(connection, "4711 0815") == identities.searched(connection, "erika") == []
        last = ledger.lines(connection, 1)[-1]
    assert (last.kind, json.loads(last.payload), last.recorder) == (KIND, {"reason": "requested"}, "anna")
    assert verify(database) == []
    assert [row.reference for row in tracking_list(database, Wanted())] == ["#1"]
    assert say(database, live("#1", event("follow_up_visit", "2025-03-01")), LATER).changed
    assert verify(database) == []


def test_an_earlier_view_differs_by_the_age_only(database: Database) -> None:
    say(database, ERIKA)
    seen = look_up(database, "V01", now=NOON, derive=derivation, known_at=NOON)
    erased(database)
    again = look_up(database, "#1", now=LATER, derive=derivation, as_of=NOON.date(), known_at=NOON)
    assert seen.dossier.facts == {**again.dossier.facts, "birth_date": date(1970, 4, 12)}
    assert seen.dossier.entries == again.dossier.entries
    assert seen.dossier.enrolment == again.dossier.enrolment
    assert seen.snapshot.main.state == again.snapshot.main.state


def test_done_again_it_says_so_and_adds_nothing(database: Database) -> None:
    say(database, ERIKA)
    erased(database)
    before = intrude(database, "SELECT hash FROM ledger")
    assert erased(database, "#1") == Erased(1, was_known=False, settled=True)
    assert intrude(database, "SELECT hash FROM ledger") == before
    with pytest.raises(UnknownPatient):
        erased(database, "V01")


@ONLY_SQLITE
def test_nothing_is_left_in_any_file(database: Database, tmp_path: Path) -> None:
    for number in range(30):
        say(database, story(f"X{number}"))
    say(database, ERIKA)
    blobs = [bytes(row[0]) for row in intrude(database, "SELECT sealed FROM vault WHERE patient_id = 31")]  # type: ignore[call-overload]
    blinds = intrude(database, "SELECT blind FROM lookup WHERE patient_id = 31")
    markers = [*blobs, *(str(row[0]).encode() for row in blinds), b"Mustermann", b"4711-0815", b"1970-04-12"]
    assert len(markers) > 6

    def holding() -> set[str]:
        files = {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        return {name for name, content in files.items() if any(marker in content for marker in markers)}

    assert holding()
    assert erased(database).settled
    assert holding() == set()
    assert verify(database) == []


@ONLY_SQLITE
def test_who_reads_meanwhile_keeps_a_trace_and_that_is_told(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(database, ERIKA)
    monkeypatch.setattr(sqlite, "busy_seconds", 0.1)
    impatient = open_database(url)
    with database.reading() as connection:
        identities.person_of(connection, 1)
        assert erased(impatient) == Erased(1, was_known=True, settled=False)
    assert erased(impatient, "#1") == Erased(1, was_known=False, settled=True)
    impatient.close()


def test_who_left_long_ago(database: Database) -> None:
    say(database, ERIKA)
    say(database, story("V02"))
    (row, _) = tracking_list(database, Wanted())
    assert row.latest_activity
    states = frozenset({row.state})
    assert leavers(database, states, row.latest_activity) == []
    later = date(2035, 1, 1)
    assert leavers(database, frozenset({"elsewhere"}), later) == []
    found = leavers(database, states, later)
    assert found == [Leaver(name, row.state, row.latest_activity) for name in ("V01", "V02")]
    erased(database)
    assert [one.reference for one in leavers(database, states, later)] == ["V02"]


def test_records_of_the_same_person_are_erased_together(database: Database) -> None:
    for name in ("V01", "V02", "V03", "V04"):
        say(database, story(name))
    merge_all = (("V02", "V03"), ("V01", "V02"))
    for n, (stays, goes) in enumerate(merge_all):
        merge(
            database,
            stays,
            goes,
            "twice",
            recorder="anna",
            now=at("2025-03-04", f"10:0{n}"),
            derive=derivation,
        )
    assert erased(database, "V03") == Erased(3, was_known=True, settled=True, part_of=2)
    assert erased(database) == Erased(1, was_known=True, settled=True, merged=(2,))
    assert erased(database, "#2") == Erased(2, was_known=False, settled=True)
    with database.reading() as connection:
        assert identities.references(connection) == {"#1": 1, "#2": 2, "#3": 3, "V04": 4}
    assert [row.reference for row in tracking_list(database, Wanted())] == ["#1", "V04"]
    assert verify(database) == []


@pytest.mark.parametrize("any_url", ["postgresql"], indirect=True)
def test_no_file_of_the_server_holds_what_was_erased(database: Database) -> None:
    say(database, ERIKA)
    say(database, story("V02"))
    ((sealed,),) = intrude(database, "SELECT sealed FROM vault WHERE patient_id = 1")
    blinds = [
        str(row[0]).encode() for row in intrude(database, "SELECT blind FROM lookup WHERE patient_id = 1")
    ]
    assert all(any(one in file for file in files(database)) for one in (bytes(sealed), *blinds))  # type: ignore[call-overload]
    with database.reading() as connection:
        identities.person_of(connection, 1)
        assert not postgresql.settle(database.engine)
    assert erased(database).settled
    assert not any(one in file for file in files(database) for one in (bytes(sealed), *blinds))  # type: ignore[call-overload]


def files(database: Database) -> list[bytes]:
    """The files of the tables that hold identities, as they stand on the server's disk."""
    intrude(database, "CHECKPOINT")
    names = ("vault", "lookup", "lookup_pkey", "ix_lookup_reference")
    read = "SELECT pg_read_binary_file(pg_relation_filepath('{}'))"
    return [bytes(intrude(database, read.format(name))[0][0]) for name in names]  # type: ignore[call-overload]
