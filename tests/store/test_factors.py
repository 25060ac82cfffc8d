"""The second factor: codes are taken once, not tried without end, and sealed with the keys of the site."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from store import accounts, begun, factors
from store.accounts import Account, NotAllowed
from store.backup import back_up, opened_backup
from store.database import Database, open_database
from store.rotation import outdated_factors, renew
from store.site_copy import copy_site
from store.verify import verify
from store.web_tables import account
from tests.passwords import PASSWORD
from tests.passwords import quick_hashes as quick_hashes
from tests.store.cast import NOON


@pytest.fixture
def anna(database: Database, quick_hashes: None) -> Account:
    with database.writing() as connection:
        accounts.add(connection, "anna", ["coordinator"], PASSWORD, NOON, must_change=False)
        return accounts.all_accounts(connection)[0]


def code(secret: bytes, at: datetime = NOON) -> str:
    return factors.code_at(secret, int(at.timestamp()) // factors.STEP)


def set_up(database: Database, one: Account, at: datetime = NOON) -> tuple[bytes, list[str]]:
    with database.writing() as connection:
        secret = factors.begin(connection, one.name)
        return secret, factors.confirm(connection, one.id, code(secret, at), at)


def take(database: Database, one: Account, typed: str, at: datetime) -> str | None:
    with database.writing() as connection:
        return factors.take(connection, one.id, typed, at)


def later(steps: float) -> datetime:
    return NOON + timedelta(seconds=steps * factors.STEP)


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, for SHA-1, of which apps show the last six digits."""
    secret = b"12345678901234567890"
    for second, printed in ((59, "94287082"), (1111111109, "07081804"), (20000000000, "65353130")):
        assert factors.code_at(secret, second // factors.STEP) == printed[2:]


def test_a_factor_counts_once_a_code_of_it_was_taken(database: Database, anna: Account) -> None:
    with database.writing() as connection:
        secret = factors.begin(connection, "anna")
        assert not accounts.all_accounts(connection)[0].factor
        with pytest.raises(NotAllowed, match="does not fit"):
            factors.confirm(connection, anna.id, "000000", NOON)
        factors.confirm(connection, anna.id, code(secret), NOON)
        assert accounts.all_accounts(connection)[0].factor
        with pytest.raises(NotAllowed, match="already"):
            factors.begin(connection, "anna")
        with pytest.raises(NotAllowed, match="begin anew"):
            factors.confirm(connection, anna.id, code(secret, later(1)), NOON)


def test_a_code_is_taken_once_and_an_earlier_one_never_after_it(database: Database, anna: Account) -> None:
    secret, _ = set_up(database, anna)
    assert take(database, anna, code(secret), NOON) is None
    spaced = f"{code(secret, later(2))[:3]} {code(secret, later(2))[3:]}"
    assert take(database, anna, spaced, later(1)) == factors.CODE
    assert take(database, anna, code(secret, later(2)), later(2)) is None
    assert take(database, anna, code(secret, later(1)), later(2)) is None
    assert take(database, anna, code(secret, later(3)), later(5)) is None
    assert take(database, anna, code(secret, later(4)), later(5)) == factors.CODE


def test_a_recovery_code_is_taken_once_and_only_of_its_account(database: Database, anna: Account) -> None:
    _, codes = set_up(database, anna)
    with database.writing() as connection:
        accounts.add(connection, "ben", ["clinician"], None, NOON)
        ben = accounts.all_accounts(connection)[1]
    set_up(database, ben)
    assert len(set(codes)) == factors.RECOVERY_CODES
    assert take(database, ben, codes[0], later(2)) is None
    assert take(database, anna, codes[0].upper().replace("-", " "), later(2)) == factors.RECOVERY
    assert take(database, anna, codes[0], later(3)) is None
    with database.writing() as connection:
        assert factors.recovery_codes_left(connection, anna.id) == factors.RECOVERY_CODES - 1
        factors.new_recovery_codes(connection, anna.id)
    assert take(database, anna, codes[1], later(4)) is None


def test_codes_are_not_tried_without_end_by_who_has_the_password(database: Database, anna: Account) -> None:
    secret, codes = set_up(database, anna)
    for _ in range(accounts.PATIENCE):
        assert accounts.check(database, "anna", PASSWORD, NOON) is not None
        assert take(database, anna, "000000", NOON) is None
    for typed in (code(secret, later(1)), codes[0]):
        with pytest.raises(NotAllowed, match="too many tries"):
            take(database, anna, typed, NOON)
    with pytest.raises(NotAllowed, match="too many tries"):
        accounts.check(database, "anna", PASSWORD, NOON)
    assert take(database, anna, code(secret, later(4)), later(4)) == factors.CODE
    assert take(database, anna, "000000", later(4)) is None


def test_others_write_while_a_password_is_looked_at_and_it_counts_only_as_it_is_then(
    database: Database, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = accounts._fits

    def changed_meanwhile(hash_: str | None, password: str) -> bool:
        with database.writing() as connection:
            accounts.set_password(connection, "anna", PASSWORD + "!")
        return fits(hash_, password)

    with monkeypatch.context() as patch:
        patch.setattr(accounts, "_fits", changed_meanwhile)
        assert accounts.check(database, "anna", PASSWORD, NOON) is None
    assert accounts.check(database, "anna", PASSWORD + "!", NOON) is not None


def test_a_factor_taken_off_is_gone_with_its_codes_and_sign_ins(database: Database, anna: Account) -> None:
    _, codes = set_up(database, anna)
    with database.writing() as connection:
        secret = accounts.begin(connection, anna.id, NOON, "test")
        half = begun.begin(connection, "/", NOON, anna.id)
        factors.take_off(connection, "anna")
        assert accounts.whose(connection, secret, NOON) is None
        assert begun.find(connection, half, NOON) is None
        assert factors.recovery_codes_left(connection, anna.id) == 0
        assert not accounts.all_accounts(connection)[0].factor
        with pytest.raises(NotAllowed, match="no second factor"):
            factors.take_off(connection, "anna")
    assert take(database, anna, codes[0], NOON) is None


def test_a_factor_is_sealed_and_goes_with_new_keys(database: Database, url: str, anna: Account) -> None:
    secret, _ = set_up(database, anna)
    with database.reading() as connection:
        before = connection.execute(account.select()).one().factor
    assert secret not in before
    with contextlib.closing(open_database(url, database.keys.rotated("vault"))) as rotated:
        assert outdated_factors(rotated) == 1
        assert list(renew(rotated)) == []
        assert outdated_factors(rotated) == 0
        assert take(rotated, anna, code(secret, later(2)), later(2)) == factors.CODE
        assert verify(rotated) == []
        with rotated.reading() as connection:
            assert connection.execute(account.select()).one().factor != before


def test_a_factor_of_somebody_else_is_found_by_verify(database: Database, anna: Account) -> None:
    set_up(database, anna)
    with database.writing() as connection:
        accounts.add(connection, "ben", ["clinician"], None, NOON)
        of_anna = connection.execute(account.select()).first()
        assert of_anna is not None
        values = {"factor": of_anna.factor, "factor_used": 1}
        connection.execute(update(account).where(account.c.name == "ben"), values)
    (problem,) = verify(database)
    assert str(problem) == "second factor of account 2: is not as it was written for this account"


def test_a_factor_goes_along_with_a_backup_and_a_copy(
    database: Database, anna: Account, tmp_path: Path
) -> None:
    secret, codes = set_up(database, anna)
    backup = tmp_path / "backup.db"
    assert back_up(database, backup)[0].problems == ()
    with opened_backup(backup, database.keys) as kept:
        assert verify(kept) == []
    with contextlib.closing(open_database(f"sqlite:///{tmp_path / 'copy.db'}", database.keys)) as copy:
        copy_site(database, copy)
        assert take(copy, anna, code(secret), NOON) is None
        assert take(copy, anna, code(secret, later(1)), later(1)) == factors.CODE
        assert take(copy, anna, codes[0], later(2)) == factors.RECOVERY


def test_what_was_begun_counts_once_and_not_for_long(database: Database, anna: Account) -> None:
    with database.writing() as connection:
        one, other = (begun.begin(connection, to, NOON, anna.id) for to in ("/board", "/"))
        assert begun.find(connection, one, NOON) == begun.Begun(anna.id, "/board")
        assert begun.finish(connection, one, NOON) == begun.Begun(anna.id, "/board")
        assert begun.finish(connection, one, NOON) is None
        assert begun.find(connection, one, NOON) is None
        assert begun.finish(connection, other, NOON + begun.LASTS + timedelta(seconds=1)) is None
        assert begun.find(connection, "nothing of ours", NOON) is None


def test_who_signs_in_elsewhere_has_nothing_to_sign_in_with_here(database: Database, anna: Account) -> None:
    set_up(database, anna)
    with database.writing() as connection:
        accounts.add(connection, "ben", ["clinician"], PASSWORD, NOON)
        accounts.sign_in_elsewhere(connection, "anna", "issuer subject")
    assert accounts.check(database, "anna", PASSWORD, NOON) is None
    with database.writing() as connection:
        found = accounts.of_subject(connection, "issuer subject")
        assert found is not None
        assert (found.name, found.factor, found.subject) == ("anna", False, "issuer subject")
        with pytest.raises(NotAllowed, match="'anna' signs in so already"):
            accounts.sign_in_elsewhere(connection, "ben", "issuer subject")
        with pytest.raises(NotAllowed, match="signs in elsewhere"):
            factors.begin(connection, "anna")
        accounts.set_password(connection, "anna", PASSWORD + "!")
        assert accounts.of_subject(connection, "issuer subject") is None
    assert accounts.check(database, "anna", PASSWORD + "!", NOON) is not None
