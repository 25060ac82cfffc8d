"""`carepath doctor`: what is well, what is not, and what is to be done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from store.database import open_database
from store.keys import beside, new_keys, write_file, written
from tests.cli.conftest import Clock, Ran, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE, Server


@pytest.fixture(autouse=True)
def nothing_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other programs of this machine left behind when they were killed is not looked at."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        for sql in statements:
            raw.execute(sql)


def to_do(ran: Ran) -> dict[str, str]:
    """The checks with something to do, and what was found."""
    assert ran.status == (1 if any(not one["ok"] for one in ran.lines) else 0)
    assert all(one["ok"] == (one["to_do"] is None) for one in ran.lines)
    return {one["check"]: one["found"] for one in ran.lines if not one["ok"]}


@ONLY_SQLITE
def test_all_is_well(run: Run, clinic: Path) -> None:
    ran = run("doctor", "--json", "--full")
    assert to_do(ran) == {}
    checks = ["database", "keys", "ledger", "lists", "stuck", "waiting"]
    checks += ["worker", "notices", "messages", "clock", "disk", "files"]
    assert [one["check"] for one in ran.lines] == checks
    ran = run("doctor")
    assert (ran.status, ran.err) == (0, "")
    assert "8 patients, 110 entries; every chain of entries holds" in ran.out
    assert ran.out.endswith("All is well.\n")


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE vault SET sealed = x'00' WHERE patient_id = 5", "identity of patient 5: is not as it was"),
        ("UPDATE ledger SET recorded = 'x' WHERE patient_id = 3 AND seq = 5", "patient 3, entry 5: recorded"),
    ],
)
def test_what_is_altered_keeps_nothing_else_from_being_looked_at(
    run: Run, clinic: Path, statement: str, problem: str
) -> None:
    change(clinic, statement)
    ran = run("doctor", "--json", "--full")
    found = to_do(ran)
    assert problem in found["ledger"]
    assert found["lists"].startswith("not to be told from what is altered (")
    assert [one["check"] for one in ran.lines][-1] == "files"


@ONLY_SQLITE
def test_a_fault_of_ours_is_not_put_down_to_the_ledger(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cli.checks.differing", broken)
    assert "ZeroDivisionError" in run("doctor").err


@ONLY_SQLITE
def test_what_is_not_well(run: Run, clinic: Path) -> None:
    change(
        clinic,
        "UPDATE ledger SET recorder = 'ben' WHERE seq = 3 AND patient_id < 3",
        "DELETE FROM due_item",
        "UPDATE tracking SET trouble = 'KeyError' WHERE patient_id = 2",
        "UPDATE tracking SET wake_on = '2025-01-20' WHERE patient_id = 3",
    )
    clinic.chmod(0o644)
    found = to_do(run("doctor", "--json"))
    assert list(found) == ["ledger", "lists", "stuck", "waiting", "files"]
    assert found["ledger"].endswith(
        "patient 1, entry 3: was altered or moved after it was recorded (and 1 more)"
    )
    assert "1 patient could not be derived" in found["stuck"]
    assert "the rows of 1 patient wait since more than 7 days" in found["waiting"]
    assert found["files"].startswith(f"others may read {clinic}")
    ran = run("doctor")
    assert ran.status == 1
    assert "-> `carepath rebuild`" in ran.out
    assert ran.out.endswith("5 to do.\n")


@ONLY_SQLITE
def test_nothing_is_changed(run: Run, clinic: Path) -> None:
    change(clinic, "DELETE FROM due_item")
    before = held(clinic)
    assert run("doctor", "--full").status == 1
    assert held(clinic) == before


def held(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as raw:
        return list(raw.iterdump())


@ONLY_SQLITE
def test_a_sample(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.checks.sample", 3)
    assert "3 of 8 patients derived anew" in run("doctor").out
    assert "8 of 8 patients derived anew" in run("doctor", "--full").out


@ONLY_SQLITE
def test_one_problem_alone(run: Run, clinic: Path) -> None:
    change(clinic, "UPDATE ledger SET recorder = 'ben' WHERE seq = 3 AND patient_id = 2")
    assert to_do(run("doctor", "--json"))["ledger"].endswith("after it was recorded")


@ONLY_SQLITE
def test_lists_that_wait_for_today(run: Run, clinic: Path) -> None:
    change(clinic, "UPDATE tracking SET wake_on = '2025-02-03' WHERE patient_id = 3")
    ran = run("doctor", "--json")
    assert to_do(ran) == {}
    assert [one["found"] for one in ran.lines if one["check"] == "waiting"] == [
        "1 patient, for the next list"
    ]


@ONLY_SQLITE
@pytest.mark.parametrize(("day", "told"), [("2025-02-02", "24 h"), ("2025-02-03", "60 s")])
def test_entries_from_the_future(run: Run, clinic: Path, clock: Clock, day: str, told: str) -> None:
    clock.set(day, "12:00" if day == "2025-02-02" else "11:59")
    assert to_do(run("doctor", "--json"))["clock"] == f"the latest entry is {told} in the future"


@ONLY_SQLITE
def test_a_disk_that_is_nearly_full(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2_500_000))
    assert to_do(run("doctor", "--json"))["disk"].startswith("2 MB free beside the database, which has ")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2_500_000_000_000))
    assert "2500.0 GB free" in run("doctor").out


@ONLY_SQLITE
def test_what_was_left_where_the_desk_makes_backups_and_where_they_are_tried(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = clinic.parent / "backups"
    made = folder / ".carepath-1.db.k3x_9a2c" / "carepath-1.db"
    tried = tmp_path / "carepath-restore-1" / "backup.db"
    for one in (made, tried):
        one.parent.mkdir(parents=True)
        one.touch()
    os.utime(tried, (0, 0))
    told = f"killed backups have left copies of the database: {made.parent}, {tried.parent}"
    assert to_do(run("doctor", "--json")) == {"backups": told}


@ONLY_SQLITE
def test_what_a_killed_backup_has_left(run: Run, clinic: Path) -> None:
    left = clinic.parent / ".monday.db.k3x_9a2c"
    left.mkdir()
    (left / "monday.db").touch()
    assert to_do(run("doctor", "--json")) == {
        "backups": f"killed backups have left copies of the database: {left}"
    }
    ran = run("backup", clinic.parent / "tuesday.db")
    assert ran.status == 0
    assert f"{left} was left by a backup that was killed" in ran.err


@ONLY_SQLITE
@pytest.mark.parametrize("named", [True, False])
def test_what_was_left_while_keys_were_replaced(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    place = clinic.parent / "site.keys" if named else beside(clinic)
    write_file(place, KEYS)
    left = place.with_name(f".{place.name}.0123abcd.unfinished")
    left.touch()
    assert to_do(run("doctor", "--json")) == {}, "the keys stand in CAREPATH_KEYS"
    monkeypatch.delenv("CAREPATH_KEYS")
    if named:
        (link := clinic.parent / "link.keys").symlink_to(place)
        monkeypatch.setenv("CAREPATH_KEY_FILE", str(link))
    told = f"killed commands have left copies of the keys: {left}"
    assert to_do(run("doctor", "--json")) == {"key file": told}


def test_no_rights_to_look_at(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.chmod(0o666)
    monkeypatch.setattr("cli.checks.os", SimpleNamespace(name="nt"))
    assert to_do(run("doctor", "--json")) == {}


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "schema 9999 of a newer carepath"),
        ("UPDATE alembic_version SET version_num = '0003'", "schema 0003; this carepath needs"),
    ],
)
def test_tables_of_another_carepath(run: Run, clinic: Path, statement: str, told: str) -> None:
    change(clinic, statement)
    ran = run("doctor", "--json")
    assert list(to_do(ran)) == ["database"]
    assert told in to_do(ran)["database"]
    assert "carepath" in ran.lines[0]["to_do"]
    assert not list(clinic.parent.glob("*.before-*"))


def test_keys_of_another_database(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREPATH_KEYS", written(new_keys()))
    ran = run("doctor", "--json")
    assert list(to_do(ran)) == ["keys"]
    assert "not those of this database" in to_do(ran)["keys"]


@ONLY_SQLITE
def test_no_database(run: Run, database: Path) -> None:
    assert to_do(run("doctor", "--json")) == {"database": f"there is no database {database}"}
    assert not database.exists()
    database.touch()
    assert to_do(run("doctor", "--json")) == {"database": f"sqlite:///{database} is empty"}


@pytest.fixture
def server_url(postgresql: Server, tables_made: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    url = postgresql.new_database(tables_made)
    monkeypatch.setenv("CAREPATH_DATABASE_URL", url)
    yield url
    postgresql.drop(url)


def test_a_server(run: Run, server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("doctor", "--json")
    found: dict[str, Any] = {one["check"]: one["found"] for one in ran.lines}
    assert to_do(ran) == {}
    assert "cannot be told from here" in found["disk"]
    assert [one["found"] for one in ran.lines if one["check"] == "clock"] == [
        "the clocks of the server and of this machine agree",
        "the latest entry is not in the future",
    ]


def test_a_clock_that_is_wrong(run: Run, server_url: str, clock: Clock) -> None:
    open_database(server_url, KEYS).close()
    found = to_do(run("doctor", "--json"))
    assert list(found) == ["clock"]
    assert found["clock"].startswith("the clocks of the server and of this machine are ")


def test_checks_that_take_long_are_no_skew(
    run: Run, server_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clocks are compared at the moment at which both are read."""
    clock.now = datetime.now(UTC) - timedelta(minutes=2)

    def long(*_: object) -> int:
        clock.now = datetime.now(UTC)
        return 0

    monkeypatch.setattr("cli.checks.health.troubled", long)
    assert to_do(run("doctor", "--json")) == {}
