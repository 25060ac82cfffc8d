"""The auditors' own program finds what `verify` finds, at the same places, whatever somebody has done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest

from store import access, judgements, merging, standalone_verifier
from store.access import Look
from store.backup import back_up
from store.database import Database, open_database
from store.judgements import Found, Said
from store.seals import exported, seal_all
from store.verify import verify
from tests.keys import KEYS
from tests.store.cast import at, event, live, say, story
from tests.store.damages import ACCESS, ALL, HEADS, LEDGER, Damage
from tests.store.intruder import intrude
from tests.store.toy import derivation

Kept = list[str]


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
