"""The auditors' own program finds what `verify` finds, at the same places, whatever somebody has done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import update

from store import access, judgements, merging, seals, standalone_verifier, tables
from store.access import Access, Look
from store.backup import back_up
from store.canonical import canonical, digest
from store.database import Database, open_database
from store.judgements import Found, Said
from store.ledger import Line
from store.seals import exported, seal_all
from store.verify import verify
from tests.keys import KEYS
from tests.store.cast import at, event, live, say, story
from tests.store.intruder import intrude, log_recomputed, recomputed
from tests.store.toy import derivation

Kept = list[str]
Damage = Callable[[Database], object]


def work(database: Database) -> Kept:
    """Four patients, one of them in two records, views, three seals; answers the seals as kept elsewhere."""
    for number in range(1, 6):
        say(database, story(f"V0{number}"), at("2025-03-03"))
    look(database, 2)
    seal_all(database, at("2025-03-03"))
    say(database, live("V02", event("follow_up_visit", "2025-03-01", "late")), at("2025-03-04"))
    told = {"recorder": "anna", "now": at("2025-03-05"), "derive": derivation}
    merging.merge(database, "V03", "V04", "registered twice", **told)  # type: ignore[arg-type]
    seal_all(database, at("2025-03-05"))
    look(database, 3)
    judge(database)
    seal_all(database, at("2025-03-06"), views=True)
    with database.reading() as connection:
        return list(exported(connection))


def look(database: Database, number: int) -> None:
    for _ in range(number):
        access.append(database, Look("anna", "ward3", "show", 1), at("2025-03-03"))


def judge(database: Database) -> None:
    """Two steps of a review."""
    about = Found(1, "toy", "d-a", "Too late", "minor", "open", None, ("e01",), ("s-1",), "so it is", "")
    with database.writing() as connection:
        for upon in (None, 1):
            said = Said("judged", "justified", "limited-time", "no room", upon)
            asked = Look("audit", "web", "review")
            judgements.append(connection, about, said, sequence=4, look=asked, now=at("2025-03-06"))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Kept]:
    file = tmp_path_factory.mktemp("worked") / "carepath.db"
    with closing(open_database(f"sqlite:///{file}", KEYS)) as database:
        return file, work(database)


@pytest.fixture
def site(worked: tuple[Path, Kept], tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "carepath.db"
    copyfile(worked[0], file)
    with closing(open_database(f"sqlite:///{file}", KEYS)) as database:
        yield database


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


def places(problems: list[str]) -> set[str]:
    """Where something is wrong, without what only somebody with the keys can see."""
    found = {problem.split(": ")[0] for problem in problems}
    return {place for place in found if not place.startswith("identity of patient")}


def audited(file: Path, kept: Kept, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the auditors' program finds with the seals that were kept elsewhere."""
    (folder / "kept").write_text("\n".join(kept))
    capsys.readouterr()
    status = standalone_verifier.main([str(file), "--seals", str(folder / "kept")])
    *found, _ = capsys.readouterr().out.splitlines()
    assert status == (1 if found else 0)
    return found


@pytest.mark.parametrize("damage", ALL.values(), ids=ALL)
def test_both_find_the_same(
    site: Database,
    worked: tuple[Path, Kept],
    damage: Damage,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    damage(site)
    told = places([str(problem) for problem in verify(site, worked[1])])
    assert told
    assert places(audited(tmp_path / "carepath.db", worked[1], tmp_path, capsys)) == told


def test_neither_finds_anything_where_nobody_was(
    site: Database, worked: tuple[Path, Kept], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(site, worked[1]) == []
    assert audited(tmp_path / "carepath.db", worked[1], tmp_path, capsys) == []


@pytest.mark.parametrize("any_url", ["postgresql"], indirect=True)
def test_both_find_the_same_in_the_backup_of_a_server(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, file = work(database), tmp_path / "backup.db"
    back_up(database, file)
    assert audited(file, kept, tmp_path, capsys) == []
    for kinds in (LEDGER, ACCESS):
        kinds["recomputed: edited"](database)
    HEADS["deleted"](database)
    told = places([str(problem) for problem in verify(database, kept)])
    back_up(database, file)
    assert places(audited(file, kept, tmp_path, capsys)) == told
    assert told == {"patient 2, entry 1", "access log, entry 1", "seal 2"}


def test_a_key_that_the_kept_seals_do_not_name(
    site: Database, worked: tuple[Path, Kept], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_database(f"sqlite:///{tmp_path / 'carepath.db'}", KEYS.rotated("signing"))) as rotated:
        say(rotated, story("V09"))
        seal_all(rotated, at("2025-03-07"))
        with rotated.reading() as connection:
            later = list(exported(connection))
    (found,) = audited(tmp_path / "carepath.db", worked[1], tmp_path, capsys)
    assert found == "seal 4: is signed with signing-2, a key that the kept seals do not name"
    assert audited(tmp_path / "carepath.db", later, tmp_path, capsys) == []


def test_another_key_under_the_same_name(
    site: Database, worked: tuple[Path, Kept], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *rest = worked[1]
    other = {**json.loads(first), "keys": {"signing-1": "00" * 32}}
    found = audited(tmp_path / "carepath.db", [json.dumps(other), *rest], tmp_path, capsys)
    assert found[-1] == "signing key signing-1: is another one than in the kept seals"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE ledger SET seq = 'a' WHERE patient_id = 2 AND seq = 3", "patient 2, entry a"),
        ("UPDATE ledger SET recorded = 'x' WHERE patient_id = 2 AND seq = 3", "patient 2, entry 3"),
        ("UPDATE ledger SET payload = x'ff' WHERE patient_id = 2 AND seq = 3", "patient 2, entry 3"),
        (
            "UPDATE ledger SET payload = CAST(x'ff' AS TEXT) WHERE patient_id = 2 AND seq = 3",
            "patient 2, entry 3",
        ),
        ("UPDATE patient SET sequence = 'x' WHERE id = 2", "patient 2, entry 6"),
        ("UPDATE patient SET sealed_sequence = 'x' WHERE id = 2", "patient 2, entry 7"),
        ("UPDATE seal SET signature = x'00' WHERE number = 2", "seal 2"),
        ("UPDATE seal SET content = x'00ff' WHERE number = 2", "seal 2"),
        ("UPDATE ledger SET recorded = 5", "patient 1, entry 1"),
        ("UPDATE sealed_head SET sequence = 'x' WHERE seal = 1", "patient 1, entry 1"),
        ("DROP TABLE access", "access log: cannot be checked to the end"),
        ("UPDATE definition SET body = x'00' WHERE pathway = 'toy'", "pathway toy 1.0.0"),
    ],
)
def test_what_cannot_be_read_is_no_reason_to_stop(
    site: Database,
    worked: tuple[Path, Kept],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    told: str,
) -> None:
    intrude(site, statement, "UPDATE definition SET pathway = 'tricks' WHERE pathway = 'bones'")
    found = audited(tmp_path / "carepath.db", worked[1], tmp_path, capsys)
    assert any(problem.startswith(told) for problem in found)
    assert any(problem.startswith("pathway bones 1.0.0") for problem in found)
