"""Keys made, checked and replaced from the command line."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from store import rotation
from store.database import open_database
from store.errors import Busy, CannotWrite
from store.keys import read_file, write_file, written
from tests.cli.conftest import Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "site.keys"
    write_file(place, KEYS)
    monkeypatch.delenv("CAREPATH_KEYS")
    monkeypatch.setenv("CAREPATH_KEY_FILE", str(place))
    return place


def test_new_keys(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "new.keys"
    ran = run("keys", "new", place)
    assert ran.status == 0
    assert "keep a copy apart from the database" in ran.out
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert read_file(place) != KEYS
    ran = run("keys", "new", place)
    assert (ran.status, ran.out) == (3, "")
    assert "File exists" in ran.err


def test_check(run: Run, clinic: Path) -> None:
    ran = run("keys", "check")
    assert ran.status == 0
    assert ran.out.startswith("Keys: CAREPATH_KEYS\n")
    assert "all encrypted and indexed with the keys in use" in ran.out
    (told,) = run("keys", "check", "--json").lines
    assert {key["name"] for key in told["keys"] if key["in_use"]} == {"vault-1", "index-1", "signing-1"}
    assert told["identities"] == 8
    assert told["under_earlier_keys"] == 0


@pytest.mark.parametrize("kind", ["vault", "index", "signing"])
def test_rotate(run: Run, clinic: Path, key_file: Path, kind: str) -> None:
    ran = run("keys", "rotate", kind)
    assert (ran.status, ran.err) == (0, "")
    assert f"New key {kind}-2 in {key_file}; the file as it was: {key_file}.before-{kind}-2" in ran.out
    assert ("Encrypted and indexed anew" in ran.out) == (kind != "signing")
    assert list(read_file(key_file).of(kind)) == [f"{kind}-1", f"{kind}-2"]
    assert read_file(key_file.with_name(f"site.keys.before-{kind}-2")) == KEYS
    assert run("show", "V12").status == 0
    told = run("keys", "check").out
    assert f"{kind}-2" in told
    assert str(key_file) in told


def test_with_the_earlier_file_nothing_is_done(run: Run, clinic: Path, key_file: Path) -> None:
    run("keys", "rotate", "vault")
    key_file.write_text(written(KEYS))
    ran = run("list")
    assert (ran.status, ran.out) == (3, "")
    assert "the key 'vault-2' of this database is missing among the keys" in ran.err


def test_an_interrupted_rotation_goes_on(
    run: Run, clinic: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_next", rotation._next.limit(5))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("cli.keys.renew", interrupted)
        ran = run("keys", "rotate", "vault")
    assert ran.status == 130
    assert "the key file is whole and nobody is lost; run it again to go on" in ran.err
    ran = run("keys", "check")
    assert ran.status == 1
    assert "still under earlier keys" in ran.out
    ran = run("keys", "rotate", "vault")
    assert "an earlier rotation was not finished; it goes on with" in ran.err
    assert list(read_file(key_file).vault) == ["vault-1", "vault-2"]
    assert run("keys", "check").status == 0


def test_another_kind_of_key_is_rotated_after_the_unfinished_one(
    run: Run, clinic: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotWrite("the database cannot be used, this was not recorded: disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("cli.keys.renew", full)
        ran = run("keys", "rotate", "vault")
    assert ran.status == 3
    assert "disk is full\nThe new key is in" in ran.err
    assert "run `carepath keys rotate vault` again to go on" in ran.err
    ran = run("keys", "rotate", "index")
    assert ran.status == 0
    assert "an earlier rotation was not finished; it goes on with 8 patients" in ran.err
    assert "New key index-2" in ran.out
    assert [list(read_file(key_file).of(kind)) for kind in ("vault", "index")] == [
        ["vault-1", "vault-2"],
        ["index-1", "index-2"],
    ]
    assert run("keys", "check").status == 0


def test_a_new_signing_key_that_the_database_did_not_take_yet(
    run: Run, clinic: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy

    with monkeypatch.context() as patched:
        patched.setattr("cli.keys.open_existing", busy)
        ran = run("keys", "rotate", "signing")
    assert (ran.status, ran.out.count("New key signing-2")) == (3, 1)
    assert "is in" in ran.err
    assert "the next command uses it" in ran.err
    assert run("list").status == 0


def test_a_link_to_the_key_file_stays_a_link(
    run: Run, clinic: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = key_file.with_name("link.keys")
    link.symlink_to(key_file)
    monkeypatch.setenv("CAREPATH_KEY_FILE", str(link))
    assert run("keys", "rotate", "signing").status == 0
    assert link.is_symlink()
    assert list(read_file(key_file).signing) == ["signing-1", "signing-2"]
    assert read_file(key_file.with_name("site.keys.before-signing-2")) == KEYS


def test_a_key_file_needs_a_name(run: Run) -> None:
    ran = run("keys", "new", "")
    assert (ran.status, "is no name of a file" in ran.err) == (2, True)


def test_which_file_has_to_be_clear(
    run: Run, clinic: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "which key? vault, index, signing, not 'vaults'" in run("keys", "rotate", "vaults").err
    monkeypatch.setenv("CAREPATH_KEYS", written(KEYS))
    ran = run("keys", "rotate", "vault")
    assert (ran.status, ran.out) == (2, "")
    assert "which no command can change" in ran.err
    assert run("keys", "rotate", "vault", "--file", key_file).status == 0
    monkeypatch.delenv("CAREPATH_KEYS")
    monkeypatch.delenv("CAREPATH_KEY_FILE")
    monkeypatch.setenv("CAREPATH_DATABASE_URL", "postgresql://localhost/none")
    assert "which key file? Name it" in run("keys", "rotate", "vault").err


@ONLY_SQLITE
def test_the_keys_beside_an_sqlite_file(run: Run, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAREPATH_KEYS")
    open_database(f"sqlite:///{database}").close()
    beside = database.with_name("carepath.db.keys")
    assert str(beside) in run("keys", "check").out
    assert run("keys", "rotate", "index").status == 0
    assert list(read_file(beside).index) == ["index-1", "index-2"]
