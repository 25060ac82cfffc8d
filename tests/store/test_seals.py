"""Seals: what is seen of somebody who writes to the database and can compute a chain, but has no key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from store import access, seals, tables
from store.access import Access, Look
from store.canonical import canonical, digest
from store.database import Database, open_database
from store.errors import BadSeals
from store.ledger import Line
from store.seals import Sealed, all_seals, exported, read_export, seal_all, unsealed, unsealed_views
from store.tables import patient
from store.verify import verify
from tests.store.cast import NOON, event, live, say, story
from tests.store.intruder import intrude, log_recomputed, recomputed


@pytest.fixture
def site(database: Database) -> Database:
    """Two patients, sealed; one has been followed since, and was sealed again."""
    say(database, story("V01"))
    say(database, story("V02"))
    seal_all(database, NOON)
    say(database, live("V02", event("follow_up_visit", "2025-03-01", "late")))
    seal_all(database, NOON)
    return database


def told(database: Database, kept: list[str] | None = None) -> list[str]:
    return [str(problem) for problem in verify(database, kept)]


def kept(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(exported(connection))


def there(database: Database) -> list[Sealed]:
    with database.reading() as connection:
        return all_seals(connection)


def test_everything_is_sealed_once(site: Database) -> None:
    assert [one.said["heads"] for one in there(site)] == [2, 1]
    assert seal_all(site, NOON) == []
    with site.reading() as connection:
        assert unsealed(connection) == 0
    assert told(site, kept(site)) == []


def test_many_patients_need_several_seals(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "most", 2)
    monkeypatch.setattr(seals, "_unsealed", seals._unsealed.limit(2))
    for number in range(5):
        say(database, story(f"V{number:02}"))
    assert [one.said["heads"] for one in seal_all(database, NOON)] == [2, 2, 1]
    assert told(database, kept(database)) == []


def swapped(lines: list[Line]) -> list[Line]:
    return [*lines[:3], lines[4], lines[3], *lines[5:]]


ANY, LAST = "patient 2, entry 1: not as", "patient 2, entry 6: not as"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda lines: [*lines[:3], lines[3]._replace(payload="{}"), *lines[4:]],
            ANY,
        ),
        (lambda lines: [*lines[:-1], lines[-1]._replace(recorder="ben")], LAST),
        (lambda lines: lines[:-1], LAST),
        (lambda lines: [*lines[:2], *lines[3:]], ANY),
        (lambda lines: [*lines[:-1], lines[0], lines[-1]], LAST),
        (swapped, ANY),
    ],
)
def test_a_chain_that_was_computed_anew(
    site: Database, change: Callable[[list[Line]], list[Line]], problem: str
) -> None:
    recomputed(site, 2, change)
    (found,) = told(site)
    assert found.startswith(problem)
    assert "it was sealed on 2025-03-03, or one after it up to" in found


def test_what_is_not_sealed_is_not_protected_by_seals(site: Database) -> None:
    say(site, live("V02", event("follow_up_visit", "2025-03-02", "later")))
    recomputed(site, 2, lambda lines: lines[:-1])
    assert told(site) == []


def test_a_patient_who_was_removed_with_all_that_points_there(site: Database) -> None:
    gone = ("ledger", "tracking", "standing", "due_item", "deviation", "snapshot", "vault", "lookup")
    statements = [f"DELETE FROM {table} WHERE patient_id = 1" for table in (*gone, "sealed_head")]
    statements.append("DELETE FROM patient WHERE id = 1")
    intrude(site, *statements)
    assert told(site) == ["seal 1: the heads of chains under it are not those that were signed"]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE seal SET content = 'x' WHERE number = 1", "seal 1: was altered after it was made"),
        ("UPDATE seal SET content = '7' WHERE number = 1", "seal 1: was altered after it was made"),
        ("UPDATE seal SET number = 7 WHERE number = 2", "seal 2: is missing"),
        ("DELETE FROM seal WHERE number = 1", "seal 1: is missing"),
        (
            "UPDATE seal SET signature = 'zz' WHERE number = 2",
            "seal 2: is not signed with a key of this site",
        ),
        ("UPDATE seal SET made = '2025-03-01 00:00:00' WHERE number = 2", "seal 2: its date is not the one"),
        (
            "UPDATE sealed_head SET sequence = 1 WHERE seal = 2",
            "seal 2: the heads of chains under it are not those that were signed",
        ),
    ],
)
def test_a_seal_that_somebody_touched(site: Database, statement: str, problem: str) -> None:
    intrude(site, statement)
    assert any(found.startswith(problem) for found in told(site))


def test_seals_made_with_another_key(site: Database, url: str) -> None:
    before = kept(site)
    intrude(
        site,
        "DELETE FROM seal",
        "DELETE FROM sealed_head",
        "UPDATE patient SET sealed_sequence = 0",
        "DELETE FROM site_key WHERE kind = 'signing'",
    )
    forger = open_database(url, replace(site.keys, signing={"signing-1": bytes([7]) * 32}))
    recomputed(forger, 2, lambda lines: lines[:-1])
    seal_all(forger, NOON)
    assert "seal 1: is not signed with a key of this site" in told(site)
    assert told(forger) == []
    assert told(forger, before)[0] == "signing key signing-1: is another one than in the kept seals"
    forger.close()


def test_seals_cut_off_at_the_end_are_missed_by_who_kept_them(site: Database) -> None:
    before = kept(site)
    intrude(site, "DELETE FROM seal WHERE number = 2")
    assert told(site) == ["seal 2: is missing, and heads under it are there"]
    intrude(site, "DELETE FROM sealed_head WHERE seal = 2")
    assert told(site) == ["patient 2, entry 6: is marked as sealed, and is under no seal"]
    intrude(site, "UPDATE patient SET sealed_sequence = 5 WHERE id = 2")
    assert told(site) == []
    assert told(site, before) == ["seal 2: was kept elsewhere and is missing here"]


def test_a_patient_whom_somebody_keeps_from_being_sealed(site: Database) -> None:
    intrude(site, "UPDATE patient SET sealed_sequence = 1000 WHERE id = 1")
    assert told(site) == ["patient 1, entry 6: is marked as sealed, and is under no seal"]


def test_a_seal_that_is_another_than_the_kept_one(site: Database) -> None:
    before = kept(site)
    intrude(site, "UPDATE seal SET signature = 'ab' WHERE number = 2")
    assert "seal 2: is another one than the one kept elsewhere" in told(site, before)


def test_after_a_rotation_earlier_seals_still_hold(site: Database, url: str) -> None:
    rotated = open_database(url, site.keys.rotated("signing"))
    say(rotated, story("V03"))
    (last,) = seal_all(rotated, NOON)
    assert last.said["key"] == "signing-2"
    assert told(rotated, kept(rotated)) == []
    rotated.close()


@pytest.mark.parametrize(
    "lines",
    [
        *([], ["{}"], ["7"], ["x"], ["[" * 200_000]),
        ['{"format":"carepath seals 1","keys":{}}', "7"],
        ['{"format":"carepath seals 1","keys":{}}', '{"number":[],"content":"","hash":"","signature":""}'],
        ['{"format":"carepath seals 1","keys":{},"seals":1}'],
    ],
)
def test_what_is_no_export(site: Database, lines: list[str]) -> None:
    with pytest.raises(BadSeals):
        verify(site, lines)


def test_an_export_is_read_as_it_was_written(site: Database) -> None:
    keys, found = read_export(kept(site))
    assert found == there(site)
    assert keys == {"signing-1": site.keys.proofs()["signing-1"][1]}
    assert json.loads(found[0].content)["made"] == "2025-03-03T11:00:00.000000+00:00"
    with site.reading() as connection:
        assert len(connection.execute(select(patient)).all()) == 2


def looked(database: Database, number: int) -> None:
    """So many views of the first patient, under no seal."""
    for _ in range(number):
        access.append(database, Look("anna", "ward3", "show", 1), NOON)


def test_a_seal_signs_where_the_access_log_ends(site: Database) -> None:
    looked(site, 3)
    with site.reading() as connection:
        assert unsealed_views(connection) == 3
    assert seal_all(site, NOON) == []
    (one,) = seal_all(site, NOON, views=True)
    with site.reading() as connection:
        assert one.access_end == access.end(connection)
        assert unsealed_views(connection) == 0
    assert one.access_end is not None
    assert one.access_end[0] == 3
    assert seal_all(site, NOON, views=True) == []
    assert told(site, kept(site)) == []


def test_a_seal_over_entries_takes_the_views_along(site: Database) -> None:
    looked(site, 2)
    say(site, story("V03"))
    assert [one.access_end and one.access_end[0] for one in [*there(site), *seal_all(site, NOON)]] == [
        0,
        0,
        2,
    ]


FORGED: dict[str, tuple[Callable[[list[Access]], list[Access]], int, int]] = {
    "edited": (lambda views: [views[0]._replace(who="eve"), *views[1:]], 1, 2),
    "deleted": (lambda views: [*views[:2], *views[3:]], 3, 4),
    "inserted": (lambda views: [*views[:3], views[0]._replace(who="eve"), *views[3:]], 3, 4),
    "moved": (lambda views: [views[1]._replace(what="why"), views[0], *views[2:]], 1, 2),
    "truncated": (lambda views: views[:-1], 3, 4),
    "emptied": (lambda views: [], 1, 2),
}
"""Each with the first and the last entry between which it must be."""


@pytest.mark.parametrize(("change", "first", "last"), FORGED.values(), ids=FORGED)
def test_an_access_log_that_was_computed_anew(
    site: Database, change: Callable[[list[Access]], list[Access]], first: int, last: int
) -> None:
    for _ in range(2):
        looked(site, 2)
        seal_all(site, NOON, views=True)
    log_recomputed(site, change)
    where = f"access log, entry {first}"
    assert told(site) == [f"{where}: not as it was sealed on 2025-03-03, or one after it up to {last}"]


def test_views_since_the_last_seal_are_not_protected_by_it(site: Database) -> None:
    looked(site, 2)
    seal_all(site, NOON, views=True)
    looked(site, 2)
    log_recomputed(site, lambda views: views[:-1])
    assert told(site) == []


def test_a_log_of_the_same_length_put_in_place_between_two_seals(site: Database) -> None:
    looked(site, 2)
    seal_all(site, NOON, views=True)
    log_recomputed(site, FORGED["edited"][0])
    say(site, story("V03"))
    seal_all(site, NOON)
    assert told(site) == ["access log, entry 1: not as it was sealed on 2025-03-03, or one after it up to 2"]


def test_seals_from_before_the_access_log_was_signed_hold(site: Database) -> None:
    looked(site, 2)
    content = there(site)[1].said
    del content["access"]
    text = canonical(content)
    signature = seals._signature(site.keys.in_use("signing")[1], text)
    with site.writing() as connection:
        changed = update(tables.seal).where(tables.seal.c.number == 2)
        connection.execute(changed.values(content=text, hash=digest(text), signature=signature))
    with site.reading() as connection:
        assert unsealed_views(connection) == 2
    assert told(site) == []
    (one,) = seal_all(site, NOON, views=True)
    assert one.access_end is not None
    assert told(site) == []
