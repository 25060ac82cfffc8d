"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and codes for when it is lost.

SHA-1, six digits, 30 seconds, as every app has it. A code is taken once (section 5.2), also the one of the
step before or after, as clocks differ. A factor counts once a code of it was taken: who leaves half-way is
not locked out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from store import accounts
from store.accounts import NotAllowed
from store.errors import CannotOpen
from store.vault import vault_of
from store.web_tables import account, recovery_code

STEP: Final = 30
"""Seconds for which a code is shown."""
RECOVERY_CODES: Final = 10
CODE: Final = "code"
RECOVERY: Final = "recovery code"
_secret_bytes = 20
"""160 bits, as RFC 4226 recommends."""
_digits = 6


def begin(connection: Connection, name: str) -> bytes:
    """The new secret of a second factor, which does not count before `confirm`.

    Raises NotAllowed where there is one already, and for an account that signs in elsewhere.
    """
    row = _row(connection, accounts.number_of(connection, name))
    if row.subject is not None:
        raise NotAllowed("this account signs in elsewhere: a second factor is asked for there")
    if accounts.has_factor(row):
        raise NotAllowed("there is a second factor already")
    secret = secrets.token_bytes(_secret_bytes)
    sealed = vault_of(connection).factor_sealed(row.id, secret)
    connection.execute(update(account).where(account.c.id == row.id), {"factor": sealed, "factor_used": 0})
    return secret


def confirm(connection: Connection, number: int, code: str, now: datetime) -> list[str]:
    """The factor counts from now on; answers the codes for when it is lost, which are kept nowhere.

    Raises NotAllowed where the code does not fit, and where nothing was begun.
    """
    row = _row(connection, number)
    if row.factor is None or accounts.has_factor(row):
        raise NotAllowed("no second factor is being set up: begin anew")
    if not _takes(connection, row, code, now):
        raise NotAllowed("this code does not fit; the app shows a new one every 30 seconds")
    return new_recovery_codes(connection, number)


def take(connection: Connection, number: int, code: str, now: datetime) -> str | None:
    """Take a code of the factor, or one for when it is lost: CODE or RECOVERY; None where it does not fit.

    A try that fails counts like a wrong password. Raises NotAllowed for one that has to wait.
    """
    row = _row(connection, number)
    accounts.check_wait(row, now)
    taken = None
    if row.active and accounts.has_factor(row):
        if _takes(connection, row, code, now):
            taken = CODE
        elif _takes_recovery(connection, row.id, code):
            taken = RECOVERY
    if taken is None:
        accounts.count_failure(connection, row, now)
    else:
        connection.execute(update(account).where(account.c.id == row.id), accounts.NO_FAILURES)
    return taken


def take_off(connection: Connection, name: str) -> None:
    """An account has no second factor any more, and is signed out everywhere. Raises NotAllowed."""
    row = _row(connection, accounts.number_of(connection, name))
    if row.factor is None:
        raise NotAllowed(f"{name} has no second factor")
    connection.execute(update(account).where(account.c.id == row.id), {"factor": None, "factor_used": 0})
    connection.execute(delete(recovery_code).where(recovery_code.c.account == row.id))
    accounts.end_all(connection, row.id)


def new_recovery_codes(connection: Connection, number: int) -> list[str]:
    """New codes for when the factor is lost, each for once; earlier ones count no more."""
    codes = [accounts.new_password() for _ in range(RECOVERY_CODES)]
    connection.execute(delete(recovery_code).where(recovery_code.c.account == number))
    rows = [{"account": number, "code": _kept(number, code)} for code in codes]
    connection.execute(insert(recovery_code), rows)
    return codes


def recovery_codes_left(connection: Connection, number: int) -> int:
    """How many codes for when the factor is lost have not been used."""
    query = select(func.count()).where(recovery_code.c.account == number)
    return int(connection.execute(query).scalar_one())


def late(connection: Connection) -> int:
    """How many factors are still sealed with an earlier key."""
    return sum(vault_of(connection).factor_is_late(row.factor) for row in connection.execute(_every))


def renew(connection: Connection) -> None:
    """Seal every factor with the key in use. Raises CannotOpen for one that is not as it was written."""
    vault = vault_of(connection)
    for row in connection.execute(_every.with_for_update()).all():
        if vault.factor_is_late(row.factor):
            sealed = vault.factor_sealed(row.id, vault.factor_opened(row.id, row.factor))
            connection.execute(update(account).where(account.c.id == row.id), {"factor": sealed})


def faults(connection: Connection) -> Iterator[tuple[int, str]]:
    """Every factor that does not open: of which account, by number, and what is wrong."""
    for row in connection.execute(_every):
        try:
            vault_of(connection).factor_opened(row.id, row.factor)
        except CannotOpen:
            yield row.id, "is not as it was written for this account"


def code_at(secret: bytes, step: int) -> str:
    """The code of a step of time (RFC 6238, by HOTP of RFC 4226)."""
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP

    return HOTP(secret, _digits, SHA1()).generate(step).decode()  # noqa: S303 - as apps compute it


_every = select(account.c.id, account.c.factor).where(account.c.factor.is_not(None))


def _row(connection: Connection, number: int) -> Row[tuple[object, ...]]:
    """An account; nobody changes it before this transaction ends."""
    return connection.execute(select(account).where(account.c.id == number).with_for_update()).one()


def _takes(connection: Connection, row: Row[tuple[object, ...]], code: str, now: datetime) -> bool:
    """Take a code of this moment, the step before or the one after, if none of that step or later was."""
    typed = "".join(code.split())
    secret = vault_of(connection).factor_opened(row.id, row.factor)
    present = int(now.timestamp()) // STEP
    fits = [
        step for step in (present - 1, present, present + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode())
    ]  # fmt: skip
    new = [step for step in fits if step > row.factor_used]
    if not new:
        return False
    connection.execute(update(account).where(account.c.id == row.id), {"factor_used": new[0]})
    return True


def _takes_recovery(connection: Connection, number: int, code: str) -> bool:
    mine = (recovery_code.c.account == number, recovery_code.c.code == _kept(number, code))
    return connection.execute(delete(recovery_code).where(*mine)).rowcount == 1


def _kept(number: int, code: str) -> str:
    """A code as it is kept: 80 bits that nobody guesses, and that fit no other account."""
    plain = "".join(one for one in code.lower() if one.isalnum())
    return hashlib.sha256(f"recovery {number} {plain}".encode()).hexdigest()
