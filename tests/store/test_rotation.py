"""New keys: nobody is lost on the way, at whatever point somebody stops, and nothing stays under the old."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from store import identities, rotation
from store.database import Database, open_database
from store.errors import CannotOpen
from store.keys import Keys, new_keys, read_file, replace_file, write_file
from store.recording import Recording
from store.rotation import outdated, people, renew
from store.vault import Person
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import FACTS, STORY, entries, event, live, say
from tests.store.intruder import intrude

NAMES = ("V01", "V02", "V03")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_next", rotation._next.limit(2))


def register(database: Database, *references: str) -> None:
    for reference in references:
        numbers = {"insurance": f"4711-{reference}"}
        said = Recording(
            reference, entries(*STORY), FACTS, imported=True, name=f"Erika {reference}", numbers=numbers
        )
        say(database, said)


@contextlib.contextmanager
def opened(url: str, keys: Keys) -> Iterator[Database]:
    with contextlib.closing(open_database(url, keys)) as database:
        yield database


def check_everybody(database: Database, *references: str) -> None:
    """Each is found by every way there is, and the same person."""
    with database.reading() as connection:
        for number, reference in enumerate(references, start=1):
            head = identities.find(connection, reference)
            assert head
            assert head.patient_id == number
            found = identities.person_of(connection, number)
            numbers = {"insurance": f"4711-{reference}"}
            assert found == Person(reference, f"Erika {reference}", numbers, date(1970, 4, 12))
            for text in (f"4711 {reference}", f"{reference} ERIKA", reference.lower()):
                assert identities.searched(connection, text) == [number], text


@pytest.mark.parametrize("kind", ["vault", "index"])
def test_everybody_is_found_before_while_and_after(database: Database, url: str, kind: str) -> None:
    register(database, *NAMES)
    before = intrude(database, "SELECT sealed FROM vault"), intrude(database, "SELECT blind FROM lookup")
    with opened(url, database.keys.rotated(kind)) as rotated:
        assert (outdated(rotated), people(rotated)) == (3, 3)
        check_everybody(rotated, *NAMES)
        assert say(rotated, live("V03", event("follow_up_visit", "2025-03-01"))).changed
        half = renew(rotated)
        assert next(half) == 2
        assert outdated(rotated) == 1
        check_everybody(rotated, *NAMES)
        assert list(renew(rotated)) == [0, 1]
        assert outdated(rotated) == 0
        check_everybody(rotated, *NAMES)
        assert verify(rotated) == []
    after = intrude(database, "SELECT sealed FROM vault"), intrude(database, "SELECT blind FROM lookup")
    place = ("vault", "index").index(kind)
    assert not {*before[place]} & {*after[place]}


def test_the_earlier_key_alone_reads_nothing_any_more(database: Database, url: str) -> None:
    register(database, "V01")
    earlier, keys = database.keys, database.keys.rotated("vault").rotated("index")
    with opened(url, keys) as rotated:
        list(renew(rotated))
        intrude(rotated, "DELETE FROM site_key WHERE name IN ('vault-2', 'index-2')")
    with opened(url, earlier) as thief, thief.reading() as connection:
        assert identities.find(connection, "V01") is None
        with pytest.raises(CannotOpen, match="is not as it was written"):
            identities.person_of(connection, 1)


@ONLY_SQLITE
def test_what_was_encrypted_with_the_earlier_key_is_not_in_the_file(database: Database, url: str) -> None:
    register(database, *NAMES)
    blobs = [bytes(sealed) for (sealed,) in intrude(database, "SELECT sealed FROM vault")]  # type: ignore[call-overload]
    with opened(url, database.keys.rotated("vault")) as rotated:
        database.close()
        list(renew(rotated))
        folder = Path(str(rotated.engine.url.database)).parent
        files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert not [name for name, content in files.items() for blob in blobs if blob in content]


def test_who_was_erased_is_not_asked_for(database: Database, url: str) -> None:
    register(database, *NAMES)
    with database.writing() as connection:
        identities.erase(connection, 2)
    with opened(url, database.keys.rotated("vault")) as rotated:
        assert (outdated(rotated), people(rotated)) == (2, 2)
        assert sum(renew(rotated)) == 2


def test_a_key_file_is_replaced_as_a_whole_and_kept(tmp_path: Path) -> None:
    place, kept = tmp_path / "keys", tmp_path / "kept"
    first = new_keys()
    write_file(place, first)
    second = first.rotated("vault")
    write_file(kept, first)  # as if somebody was interrupted after this
    replace_file(place, second, kept)
    assert (read_file(place), read_file(kept)) == (second, first)
    assert {file.name for file in tmp_path.iterdir()} == {"keys", "kept"}
    with pytest.raises(CannotOpen, match="File exists"):
        replace_file(place, replace(second, index=new_keys().index), kept)
    assert read_file(place) == second
