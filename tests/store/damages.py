"""What somebody may do to a database who gets at its file: each way by its name."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import update

from store import seals, tables
from store.access import Access
from store.canonical import canonical, digest
from store.database import Database
from store.ledger import Line
from tests.store.intruder import intrude, log_recomputed, recomputed

Damage = Callable[[Database], object]


def statements(*texts: str) -> Damage:
    return lambda database: intrude(database, *texts)


def story_of(patient_id: int, change: Callable[[list[Line]], list[Line]]) -> Damage:
    return lambda database: recomputed(database, patient_id, change)


def log(change: Callable[[list[Access]], list[Access]]) -> Damage:
    return lambda database: log_recomputed(database, change)


DEEP = "[" * 200_000
"""No program reads what is nested so deeply."""


def merge_edited(**said: object) -> Damage:
    """Another payload of the one merge, its hash left as it was."""

    def damage(database: Database) -> None:
        ((payload,),) = intrude(database, "SELECT payload FROM ledger WHERE kind = 'merge'")
        changed = json.dumps({**json.loads(str(payload)), **said})
        intrude(database, f"UPDATE ledger SET payload = '{changed}' WHERE kind = 'merge'")

    return damage


def seal_recomputed(number: int, **said: object) -> Damage:
    """Another content of a seal, with its hash, but without the key."""

    def damage(database: Database) -> None:
        with database.writing() as connection:
            one = seals.all_seals(connection)[number - 1]
            content = canonical({**one.said, **said})
            changed = update(tables.seal).where(tables.seal.c.number == number)
            connection.execute(changed.values(content=content, hash=digest(content)))

    return damage


LEDGER: dict[str, Damage] = {
    "edited": statements("UPDATE ledger SET payload = '{}' WHERE patient_id = 2 AND seq = 4"),
    "edited, its hash too": statements(
        "UPDATE ledger SET recorder = 'eve', hash = prev_hash WHERE patient_id = 2 AND seq = 3"
    ),
    "deleted": statements("DELETE FROM ledger WHERE patient_id = 2 AND seq = 3"),
    "two deleted": statements("DELETE FROM ledger WHERE patient_id = 2 AND seq IN (2, 3)"),
    "first deleted": statements("DELETE FROM ledger WHERE patient_id = 2 AND seq = 1"),
    "deleted, the gap closed": statements(
        "DELETE FROM ledger WHERE patient_id = 2 AND seq = 3",
        "UPDATE ledger SET seq = seq - 1 WHERE patient_id = 2 AND seq > 3",
        "UPDATE patient SET sequence = sequence - 1 WHERE id = 2",
    ),
    "inserted at the end": statements(
        "INSERT INTO ledger SELECT patient_id, 7, kind, 'x1', type, day, clock, documented, basis, recorded,"
        " recorded_offset, recorder, source, NULL, payload, prev_hash, hash FROM ledger"
        " WHERE patient_id = 2 AND seq = 6"
    ),
    "reordered": statements(
        "UPDATE ledger SET seq = 99 WHERE patient_id = 2 AND seq = 3",
        "UPDATE ledger SET seq = 3 WHERE patient_id = 2 AND seq = 4",
        "UPDATE ledger SET seq = 4 WHERE patient_id = 2 AND seq = 99",
    ),
    "moved far away": statements("UPDATE ledger SET seq = 99 WHERE patient_id = 2 AND seq = 3"),
    "moved to another patient": statements(
        "UPDATE ledger SET patient_id = 1, seq = 6, event_id = 'e04' WHERE patient_id = 2 AND seq = 5"
    ),
    "truncated": statements("DELETE FROM ledger WHERE patient_id = 2 AND seq > 3"),
    "truncated, the count too": statements(
        "DELETE FROM ledger WHERE patient_id = 2 AND seq > 3", "UPDATE patient SET sequence = 3 WHERE id = 2"
    ),
    "all deleted": statements("DELETE FROM ledger WHERE patient_id = 2"),
    "all deleted, the head too": statements(
        "DELETE FROM ledger WHERE patient_id = 2",
        f"UPDATE patient SET sequence = 0, head = '{'0' * 64}', sealed_sequence = 0 WHERE id = 2",
        "DELETE FROM sealed_head WHERE patient_id = 2",
    ),
    "of a patient taken away": statements("DELETE FROM patient WHERE id = 2"),
    "a merged record edited": statements(
        "UPDATE ledger SET day = '2025-01-21' WHERE patient_id = 4 AND seq = 4"
    ),
    "a merge edited": statements("UPDATE ledger SET payload = '7' WHERE kind = 'merge'"),
    "nested deeply": statements(f"UPDATE ledger SET payload = '{DEEP}' WHERE patient_id = 2 AND seq = 4"),
    "an enrolment nested deeply": statements(
        f"UPDATE ledger SET payload = '{DEEP}' WHERE kind = 'enrolment'"
    ),
    "an enrolment in other things": statements(
        """UPDATE ledger SET payload = '{"pathways": [1, {"id": []}]}' WHERE kind = 'enrolment'"""
    ),
    "a merge nested deeply": statements(f"UPDATE ledger SET payload = '{DEEP}' WHERE kind = 'merge'"),
    "a merge with a list": merge_edited(patient=[1]),
    "a merge with too high a number": merge_edited(patient=10**30),
    "a merge up to nothing": merge_edited(sequence={}),
    "a merge with what is no text": merge_edited(patient="\x00\ud800\x1b[31m"),
    "a head edited": statements("UPDATE patient SET head = 'x' WHERE id = 2"),
    "a patient kept from being sealed": statements("UPDATE patient SET sealed_sequence = 99 WHERE id = 2"),
    "a word for a number": statements(
        "UPDATE ledger SET recorded_offset = 'x' WHERE patient_id = 2 AND seq = 3"
    ),
    "recomputed: edited": story_of(2, lambda lines: [*lines[:3], lines[3]._replace(day=None), *lines[4:]]),
    "recomputed: last edited": story_of(2, lambda lines: [*lines[:-1], lines[-1]._replace(recorder="ben")]),
    "recomputed: deleted": story_of(2, lambda lines: [*lines[:2], *lines[3:]]),
    "recomputed: inserted": story_of(
        2, lambda lines: [*lines[:2], lines[1]._replace(event_id="x1"), *lines[2:]]
    ),
    "recomputed: reordered": story_of(2, lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]]),
    "recomputed: truncated": story_of(2, lambda lines: lines[:-1]),
    "recomputed: a merged record": story_of(4, lambda lines: [*lines[:3], *lines[4:]]),
}
ACCESS: dict[str, Damage] = {
    "edited": statements("UPDATE access SET who = 'eve' WHERE number = 2"),
    "deleted": statements("DELETE FROM access WHERE number = 2"),
    "inserted": statements(
        "INSERT INTO access SELECT 8, at, at_offset, who, account, what, patient_id, asked, reason,"
        " prev_hash, hash FROM access WHERE number = 7"
    ),
    "reordered": statements(
        "UPDATE access SET number = 99 WHERE number = 2",
        "UPDATE access SET number = 2 WHERE number = 3",
        "UPDATE access SET number = 3 WHERE number = 99",
    ),
    "truncated": statements("DELETE FROM access WHERE number > 3"),
    "truncated, the count too": statements(
        "DELETE FROM access WHERE number > 3", "UPDATE carepath SET access_sequence = 3"
    ),
    "all deleted": statements("DELETE FROM access"),
    "its end gone": statements("DELETE FROM carepath"),
    "recomputed: edited": log(lambda views: [views[0]._replace(who="eve"), *views[1:]]),
    "recomputed: deleted": log(lambda views: [*views[:2], *views[3:]]),
    "recomputed: inserted": log(lambda views: [*views[:3], views[0]._replace(who="eve"), *views[3:]]),
    "recomputed: reordered": log(lambda views: [views[1]._replace(what="why"), views[0], *views[2:]]),
    "recomputed: truncated": log(lambda views: views[:-1]),
    "recomputed: emptied": log(lambda views: []),
}
SEALS: dict[str, Damage] = {
    "edited": statements("UPDATE seal SET content = '{}' WHERE number = 2"),
    "edited, no JSON": statements("UPDATE seal SET content = 'x' WHERE number = 2"),
    "another signature": statements("UPDATE seal SET signature = hash || hash WHERE number = 2"),
    "no signature": statements("UPDATE seal SET signature = 'zz' WHERE number = 2"),
    "another date": statements("UPDATE seal SET made = '2025-03-01 00:00:00.000000' WHERE number = 2"),
    "deleted": statements("DELETE FROM seal WHERE number = 2"),
    "first deleted": statements("DELETE FROM seal WHERE number = 1"),
    "inserted": statements(
        "INSERT INTO seal SELECT 9, made, content, hash, signature FROM seal WHERE number = 2"
    ),
    "reordered": statements(
        "UPDATE seal SET number = 9 WHERE number = 2",
        "UPDATE seal SET number = 2 WHERE number = 3",
        "UPDATE seal SET number = 3 WHERE number = 9",
    ),
    "truncated": statements("DELETE FROM seal WHERE number = 3"),
    "truncated, the heads too": statements(
        "DELETE FROM seal WHERE number > 1", "DELETE FROM sealed_head WHERE seal > 1"
    ),
    "recomputed: no JSON": statements(
        f"UPDATE seal SET content = 'x', hash = '{digest('x')}' WHERE number = 2"
    ),
    "recomputed: a list": statements(
        f"UPDATE seal SET content = '[]', hash = '{digest('[]')}' WHERE number = 2"
    ),
    "recomputed: nested deeply": statements(
        f"UPDATE seal SET content = '{DEEP}', hash = '{digest(DEEP)}' WHERE number = 2"
    ),
    "recomputed: a key that is none": seal_recomputed(2, key=[]),
    "recomputed: no key": seal_recomputed(2, key=None),
    "recomputed: an access log that is none": seal_recomputed(3, access=[[], {}]),
    "all gone, with the heads": statements("DELETE FROM seal", "DELETE FROM sealed_head"),
    "recomputed: another access log": seal_recomputed(3, access=[2, "f" * 64]),
    "recomputed: no access log": seal_recomputed(3, access=None),
    "recomputed: another digest": seal_recomputed(2, digest="f" * 64),
    "recomputed: another key": seal_recomputed(2, key="signing-9"),
    "recomputed: another predecessor": seal_recomputed(2, previous="f" * 64),
}
HEADS: dict[str, Damage] = {
    "edited": statements("UPDATE sealed_head SET head = 'x' WHERE seal = 1 AND patient_id = 2"),
    "another place": statements("UPDATE sealed_head SET sequence = 1 WHERE seal = 2 AND patient_id = 2"),
    "deleted": statements("DELETE FROM sealed_head WHERE seal = 2 AND patient_id = 2"),
    "inserted": statements(
        "INSERT INTO sealed_head SELECT 2, 1, sequence, head FROM sealed_head"
        " WHERE seal = 1 AND patient_id = 1"
    ),
    "under no seal": statements("UPDATE sealed_head SET seal = 9 WHERE seal = 2"),
    "reordered": statements(
        "UPDATE sealed_head SET patient_id = 99 WHERE seal = 1 AND patient_id = 1",
        "UPDATE sealed_head SET patient_id = 1 WHERE seal = 1 AND patient_id = 2",
        "UPDATE sealed_head SET patient_id = 2 WHERE seal = 1 AND patient_id = 99",
    ),
    "truncated": statements("DELETE FROM sealed_head WHERE seal = 1 AND patient_id > 3"),
}
VERSIONS: dict[str, Damage] = {
    "edited": statements("UPDATE definition SET body = body || ' ' WHERE pathway = 'toy'"),
    "renamed": statements("UPDATE definition SET version = '2.0.0' WHERE pathway = 'toy'"),
    "deleted": statements("DELETE FROM definition WHERE pathway = 'bones'"),
    "exchanged": statements(
        "UPDATE definition SET fingerprint = 'x' WHERE pathway = 'toy'",
        "UPDATE definition SET fingerprint = 'y' WHERE pathway = 'bones'",
    ),
}
TABLES: dict[str, Damage] = {
    "one gone that can be rebuilt": statements("DROP TABLE tracking"),
    "another row": statements("INSERT INTO carepath SELECT 7, created, 0, '' FROM carepath"),
    "a trigger": statements("CREATE TRIGGER quiet AFTER INSERT ON access BEGIN DELETE FROM access; END"),
}
JUDGEMENTS: dict[str, Damage] = {
    "edited": statements("UPDATE judgement SET verdict = 'unjustified' WHERE seq = 1"),
    "by somebody else": statements("UPDATE judgement SET recorder = 'eve' WHERE seq = 2"),
    "deleted": statements("DELETE FROM judgement WHERE seq = 2"),
    "inserted": statements(
        "INSERT INTO judgement SELECT 3, patient_id, pathway, code, title, severity, status, raised_on,"
        " events, statements, why, judged_under, start, sequence, step, verdict, reason, note, recorder,"
        " recorded, recorded_offset, 2 FROM judgement WHERE seq = 2"
    ),
}
ALL = {
    f"{what}: {how}": damage
    for what, kinds in {
        "ledger": LEDGER,
        "access log": ACCESS,
        "seals": SEALS,
        "sealed heads": HEADS,
        "versions": VERSIONS,
        "tables": TABLES,
        "judgements": JUDGEMENTS,
    }.items()
    for how, damage in kinds.items()
}
