"""`carepath database`, `backup` and `restore`: what a person is told."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli import backup as restoring
from cli import database as command
from store.database import Database
from store.errors import CannotWrite
from store.keys import beside, new_keys, read_file, write_file
from store.site_copy import Content, copy_site
from tests.cli.conftest import EXAMPLES, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE
from tests.store.test_migrations import PATIENT, old_database


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(sql)


@ONLY_SQLITE
def test_a_backup_and_the_way_back(run: Run, clinic: Path, tmp_path: Path) -> None:
    listed = run("list", "--json").out
    file, new = tmp_path / "b.db", f"sqlite:///{tmp_path / 'new.db'}"
    ran = run("backup", file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    size = "8 patients, 110 entries; every chain of entries holds.\n"
    assert (ran.status, ran.out, ran.err) == (0, f"Backup in {file}:\n{size}SHA-256 {digest}\n", "")
    assert run("restore", file, "--verify").out == f"{file} can be restored:\n{size}"
    ran = run("restore", file, "--to", new, "--verify")
    assert ran.out == f"{file} restored to {new}, and read back equal, row by row:\n{size}"
    clinic.unlink()
    run("restore", file, "--to", f"sqlite:///{clinic}")
    assert run("list", "--json").out == listed


@ONLY_SQLITE
def test_in_json(run: Run, clinic: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "b.db", f"sqlite:///{tmp_path / 'new.db'}"
    (made,) = run("backup", file, "--json").lines
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    held = {"patients": 8, "entries": 110}
    assert made == {"file": str(file), "sha256": digest, **held, "chain_problems": []}
    (back,) = run("restore", file, "--to", new, "--json").lines
    assert back == {"file": str(file), "to": new, **held, "chain_problems": None}
    (copied,) = run("database", "copy", "--to", f"sqlite:///{tmp_path / 'copy.db'}", "--json").lines
    assert copied["tables"]["ledger"]["rows"] == copied["entries"] == 110
    assert copied["recorded_meanwhile"] == 0


@ONLY_SQLITE
def test_nothing_is_overwritten(run: Run, clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    file.write_text("precious")
    ran = run("backup", file)
    assert (ran.status, file.read_text()) == (2, "precious")
    assert "is there already, and is not overwritten" in ran.err
    full = f"sqlite:///{clinic}"
    assert run("backup", tmp_path / "c.db").status == 0
    for words in (("restore", tmp_path / "c.db", "--to", full), ("database", "copy", "--to", full)):
        ran = run(*words)
        assert ran.status == 2
        assert "holds patients already, nothing was written; name an empty one" in ran.err


@ONLY_SQLITE
def test_without_a_place(run: Run, clinic: Path, tmp_path: Path) -> None:
    ran = run("restore", tmp_path / "b.db")
    assert (ran.status, ran.out) == (2, "")
    assert "name an empty database with --to URL" in ran.err
    ran = run("restore", tmp_path / "b.db", "--verify")
    assert (ran.status, ran.err) == (3, f"carepath: {tmp_path / 'b.db'}: No such file or directory\n")


@ONLY_SQLITE
@pytest.mark.parametrize(
    "words", [("backup", "b.db"), ("database", "copy", "--to", "sqlite:///new.db"), ("database", "upgrade")]
)
def test_no_database_is_made_by_looking_for_one(
    run: Run, database: Path, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*words)
    assert (ran.status, ran.err) == (3, f"carepath: there is no database {database}\n")
    assert list(tmp_path.iterdir()) == []
    database.touch()
    ran = run(*words)
    assert words[-1] == "upgrade" or (ran.status, "carepath.db is empty" in ran.err) == (3, True)


@ONLY_SQLITE
def test_a_damaged_ledger_is_told_with_a_status(run: Run, clinic: Path, tmp_path: Path) -> None:
    change(clinic, "UPDATE ledger SET recorder = 'ben' WHERE seq = 2")
    ran = run("backup", tmp_path / "b.db")
    assert ran.status == 1
    assert "8 patients, 110 entries.\n" in ran.out
    assert ran.err.startswith("The ledger is not as it was recorded:\n  patient 1, entry 2: was altered")
    assert ran.err.endswith("  and 3 more\n")
    assert run("restore", tmp_path / "b.db", "--verify").status == 1


@ONLY_SQLITE
def test_a_site_moves(run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, new = run("list", "--json").out, f"sqlite:///{tmp_path / 'new.db'}"
    ran = run("database", "copy", "--to", new)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        f"Copied to {new}, and read back equal, row by row:\n"
        "8 patients, 110 entries; every chain of entries holds.\n"
        "The database it was copied from is unchanged. To work on the new one, set\n"
        f"CAREPATH_DATABASE_URL={new}\n"
    )
    monkeypatch.setenv("CAREPATH_DATABASE_URL", new)
    assert run("list", "--json").out == listed


@ONLY_SQLITE
def test_whoever_is_killed_leaves_no_database_without_its_keys(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, found = tmp_path / "new.db", []

    def looking(*_: object) -> dict[str, Content]:
        found.append(beside(new).exists())
        raise CannotWrite

    monkeypatch.delenv("CAREPATH_KEYS")
    write_file(beside(clinic), KEYS)
    run("backup", backup := tmp_path / "b.db")
    for module in (command, restoring):
        monkeypatch.setattr(module, "copy_site", looking)
    for words in (("database", "copy"), ("restore", backup)):
        assert run(*words, "--to", f"sqlite:///{new}").status == 3
        beside(new).unlink()
    assert found == [True, True]


@ONLY_SQLITE
def test_what_was_recorded_meanwhile_is_told(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(source: Database, target: Database) -> dict[str, Content]:
        copied = copy_site(source, target)
        assert run("record", "V12", "follow_up_visit", "--date", "2025-02-01").status == 0
        return copied

    monkeypatch.setattr(command, "copy_site", slow)
    ran = run("database", "copy", "--to", f"sqlite:///{tmp_path / 'new.db'}")
    assert ran.status == 1
    assert ran.err.startswith("Recorded while it was copied, and not in the copy: 1 more in the ledger.")


@ONLY_SQLITE
def test_a_site_begins_with_nobody_in_it_once(run: Run, database: Path) -> None:
    ran = run("database", "new")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"A new site stands in sqlite:///{database}; nobody is in it yet.\n")
    assert run("list").status == 0
    again = run("database", "new")
    assert (again.status, again.out) == (2, "")
    assert "holds a site already, of schema " in again.err


@ONLY_SQLITE
def test_an_upgrade_tells_what_it_did(run: Run, database: Path) -> None:
    old_database(f"sqlite:///{database}", "0003", *PATIENT)
    ran = run("database", "upgrade")
    assert (ran.status, ran.err) == (0, "")
    first, second = ran.out.splitlines()
    assert first.startswith("The tables were brought from schema 0003 to ")
    assert Path(second.removeprefix("The file as it was before: ")).exists()
    assert run("database", "upgrade").out.startswith("Nothing to do: the tables are those of schema ")


@ONLY_SQLITE
def test_a_later_schema_is_refused(run: Run, clinic: Path) -> None:
    change(clinic, "UPDATE alembic_version SET version_num = '9999'")
    ran = run("database", "upgrade")
    assert (ran.status, ran.out) == (3, "")
    assert "has schema 9999" in ran.err


@ONLY_SQLITE
def test_keys_beside_the_file_go_along(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAREPATH_KEYS")
    run("import", EXAMPLES / "regular-path.yaml")
    backup, copied, restored = (tmp_path / name for name in ("b.db", "copy.db", "restored.db"))
    assert run("backup", backup).status == 0
    assert run("database", "copy", "--to", f"sqlite:///{copied}").status == 0
    assert run("restore", backup, "--to", f"sqlite:///{restored}").status == 0
    assert not beside(backup).exists()
    for place in (copied, restored):
        monkeypatch.setenv("CAREPATH_DATABASE_URL", f"sqlite:///{place}")
        assert "V01" in run("list").out
        assert read_file(beside(place)) == read_file(beside(database))


@ONLY_SQLITE
def test_beside_the_keys_of_another_site_nothing_is_written(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(beside(clinic), KEYS)
    monkeypatch.delenv("CAREPATH_KEYS")
    backup, new = tmp_path / "b.db", tmp_path / "new.db"
    assert run("backup", backup).status == 0
    write_file(beside(new), new_keys())
    for words in (("restore", backup), ("database", "copy")):
        ran = run(*words, "--to", f"sqlite:///{new}")
        assert (ran.status, ran.out) == (2, "")
        assert f"{beside(new)} holds other keys than those of this site, nothing was written" in ran.err
        assert not new.exists()
    beside(new).unlink()
    write_file(beside(new), KEYS)
    assert run("restore", backup, "--to", f"sqlite:///{new}").status == 0


@ONLY_SQLITE
@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal", ".keys"])
def test_a_backup_under_a_name_that_belongs_to_a_database(
    run: Run, clinic: Path, tmp_path: Path, ending: str
) -> None:
    ran = run("backup", f"{clinic}{ending}")
    assert (ran.status, "belongs to a database" in ran.err) == (2, True)
    assert not Path(f"{clinic}{ending}").exists()


@ONLY_SQLITE
def test_a_backup_without_its_keys(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAREPATH_KEYS")
    run("import", EXAMPLES / "regular-path.yaml")
    file = tmp_path / "b.db"
    run("backup", file)
    beside(database).rename(tmp_path / "kept")
    ran = run("restore", file, "--verify")
    assert (ran.status, ran.out) == (2, "")
    assert "name them with CAREPATH_KEY_FILE, or lay them at" in ran.err
    monkeypatch.setenv("CAREPATH_KEY_FILE", str(tmp_path / "kept"))
    assert run("restore", file, "--verify").status == 0
    monkeypatch.delenv("CAREPATH_KEY_FILE")
    (tmp_path / "kept").rename(beside(file))
    assert run("restore", file, "--verify").status == 0
