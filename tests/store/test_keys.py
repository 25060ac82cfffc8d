"""Keys: written and read, refused when they are not those of the database, rotated without losing anybody."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from store import identities
from store.database import Database, open_database
from store.errors import CannotOpen
from store.keys import beside, new_keys, read_file, read_keys, replace_file, write_file, written
from store.vault import Person, Vault, plain_number, plain_words
from tests.keys import KEYS
from tests.server import ONLY_SQLITE
from tests.store.cast import say, story

ERIKA = Person("V01", "Müller-Lüdenscheidt, Änne", {"insurance": "a 4711/0815"}, date(1970, 4, 12))


def test_they_are_read_as_they_were_written(tmp_path: Path) -> None:
    place, made = tmp_path / "keys", new_keys()
    write_file(place, made)
    assert read_file(place) == made == read_keys(written(made), "here")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]
    with pytest.raises(CannotOpen, match="cannot be written: File exists"):
        write_file(place, new_keys())
    assert read_file(place) == made


def test_they_are_on_the_disk_before_anything_is_encrypted_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, settled = tmp_path / "keys", list[object]()
    monkeypatch.setattr(
        "store.whole_file.settle", lambda folder: settled.append((folder, sorted(read_file(place).vault)))
    )
    write_file(place, KEYS)
    replace_file(place, KEYS.rotated("vault"), tmp_path / "before")
    assert settled == [(tmp_path, ["vault-1"]), (tmp_path, ["vault-1"]), (tmp_path, ["vault-1", "vault-2"])]


def test_nobody_gets_the_same_keys_and_nobody_reads_them_in_a_message() -> None:
    one, other = new_keys(), new_keys()
    assert not {*one.vault.values(), *one.signing.values()} & {*other.vault.values(), *other.signing.values()}
    assert repr(one) == "Keys()"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": "carepath keys 1"}', written(KEYS).replace("keys 1", "keys 2"),
     written(KEYS).replace("AAAA", "AA"), written(KEYS).replace('"vault-1"', '"vault-1": 7, "x"'),
     written(replace(KEYS, index={}))],
)  # fmt: skip
def test_what_is_no_key_file(text: str) -> None:
    with pytest.raises(CannotOpen, match=r"^the file holds no keys of carepath"):
        read_keys(text, "the file")


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    place = tmp_path / "keys"
    with pytest.raises(CannotOpen, match="cannot be read: No such file"):
        read_file(place)
    place.write_bytes(b"\xff\xfe\xfa")
    place.chmod(0o600)
    with pytest.raises(CannotOpen, match="cannot be read: it is no text"):
        read_file(place)
    place.chmod(0o640)
    with pytest.raises(CannotOpen, match="may be read by others"):
        read_file(place)


def test_wrong_keys_are_refused(database: Database, url: str) -> None:
    say(database, story())
    own = database.keys
    for wrong, told in (
        (new_keys(), "are not those of this database: another one is called 'vault-1'"),
        (replace(own, signing={"other": bytes(32)}), "'signing-1' of this database is missing"),
    ):
        with pytest.raises(CannotOpen, match=told):
            open_database(url, wrong)
    again = open_database(url, own)
    assert say(again, story()).repeated
    again.close()


@ONLY_SQLITE
def test_a_database_whose_key_file_is_gone(database: Database, url: str) -> None:
    place = beside(Path(str(database.engine.url.database)))
    kept = place.read_text()
    place.unlink()
    with pytest.raises(CannotOpen, match=r"key file .* cannot be read: No such file"):
        open_database(url)
    assert not place.exists()
    open_database(url, read_keys(kept, "kept")).close()


def test_a_person_is_bound_to_the_patient_and_readable_with_the_key_only() -> None:
    vault = Vault(KEYS)
    key, sealed = vault.sealed(7, ERIKA)
    assert vault.opened(7, key, sealed) == ERIKA
    assert vault.sealed(7, ERIKA)[1] != sealed
    assert b"ller" not in sealed
    for other, of, secret in (
        (vault, 8, sealed),
        (Vault(new_keys()), 7, sealed),
        (vault, 7, sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(CannotOpen, match=f"the identity of patient {of} is not as it was written"):
            other.opened(of, key, secret)


def test_what_is_searched_for_has_one_plain_form() -> None:
    assert list(plain_words("Müller-Lüdenscheidt,  ÄNNE")) == ["muller", "ludenscheidt", "anne"]
    assert plain_number("a 4711/0815") == plain_number("A47110815")
    vault = Vault(KEYS)
    assert ("name", vault.blind("name", "anne")) in vault.indexes(ERIKA)
    assert ("number", vault.blind("number", "A47110815")) in vault.indexes(ERIKA)
    assert vault.blind("name", "anne") != Vault(new_keys()).blind("name", "anne")
    assert vault.blind("name", "anne") != vault.blind("number", "anne")


def test_after_a_rotation_the_old_is_read_and_the_new_is_written(database: Database, url: str) -> None:
    say(database, story("V01"))
    rotated = open_database(url, database.keys.rotated("vault").rotated("signing"))
    say(rotated, story("V02"))
    with rotated.reading() as connection:
        assert identities.references(connection) == {"V01": 1, "V02": 2}
    rotated.close()
    with pytest.raises(CannotOpen, match=r"the key '(vault|signing)-2' of this database is missing"):
        open_database(url, database.keys)
