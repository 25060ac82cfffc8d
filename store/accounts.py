"""Who may sign in, by what password, and who is signed in (OWASP ASVS 5.0, chapters 6 and 7).

An account works under its name, which is the one that entries are recorded by. Passwords are kept as Argon2id
hashes with the parameters of RFC 9106 (second recommendation). Somebody who fails time and again waits longer
and longer, and whoever tries is not told that there is such an account. A sign-in
is known by the hash of its secret: who reads the database signs in as nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, select, update

from store.database import Database
from store.errors import StoreError
from store.web_tables import account, begun, opened, recovery_code, signed_in

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES: Final = ("coordinator", "clinician", "chair", "auditor", "administrator", "integration")
SHORTEST: Final = 12
"""Characters of a password (NIST SP 800-63B-4 asks for 15 where it is the only factor, 8 beside another)."""
LONGEST: Final = 200
PATIENCE: Final = 5
"""Tries that may fail before the next has to wait."""
LONGEST_WAIT: Final = timedelta(minutes=15)
IDLE: Final = timedelta(hours=1)
"""After so long without a page somebody has to sign in again."""
WORKING_DAY: Final = timedelta(hours=12)
"""After so long in any case."""


class NotAllowed(StoreError):
    """What was asked for about accounts cannot be; the message says why, to the person who asked."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `teams`: to whose patients the account is limited; none: it is not.

    `factor`: a code is asked for beside the password. `subject`: as whom it signs in elsewhere; None: here.
    """

    id: int
    name: str
    roles: frozenset[str]
    teams: frozenset[str]
    must_change: bool
    active: bool
    factor: bool = False
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in: whose, since when, and what proves that a form was made for it."""

    account: Account
    secret: str
    began: datetime

    @property
    def form_key(self) -> str:
        """What every form of this sign-in carries; it does not tell the secret (synchronizer token)."""
        return hashlib.sha256(f"form {self.secret}".encode()).hexdigest()


def all_accounts(connection: Connection) -> list[Account]:
    """Every account, by name."""
    return [account_of(row) for row in connection.execute(select(account).order_by(account.c.name))]


def any_there(connection: Connection) -> bool:
    """Whether anybody may sign in."""
    return connection.execute(select(account.c.id).limit(1)).first() is not None


def add(
    connection: Connection,
    name: str,
    roles: Collection[str],
    password: str | None,
    now: datetime,
    *,
    must_change: bool = True,
    teams: Collection[str] = (),
) -> int:
    """A new account. Raises NotAllowed for a name that is taken, a role there is not, a weak password."""
    _check_roles(roles)
    if not name.strip() or not name.isprintable():
        raise NotAllowed("a name is readable and not empty")
    if connection.execute(select(account.c.id).where(account.c.name == name)).first():
        raise NotAllowed(f"there is an account {name!r} already")
    row = {
        "name": name,
        "roles": " ".join(sorted(roles)),
        "teams": "\n".join(sorted(teams)),
        "password": hashed(password, name) if password is not None else None,
        "must_change": must_change,
        "active": True,
        "made": now,
    }
    found = connection.execute(insert(account).returning(account.c.id), row).scalar_one()
    return int(found)


def change(
    connection: Connection,
    name: str,
    *,
    roles: Collection[str] | None = None,
    teams: Collection[str] | None = None,
    active: bool | None = None,
) -> None:
    """Alter what an account may do; whoever was signed in with it is not any more.

    Raises NotAllowed, also where nobody would be left who could administrate.
    """
    connection.execute(select(account.c.id).order_by(account.c.id).with_for_update())  # two could go at once
    number = number_of(connection, name)
    values: dict[str, object] = {}
    if roles is not None:
        _check_roles(roles)
        values["roles"] = " ".join(sorted(roles))
    if teams is not None:
        values["teams"] = "\n".join(sorted(teams))
    if active is not None:
        values["active"] = active
    if values:
        connection.execute(update(account).where(account.c.id == number), values)
    if not any(one.active and "administrator" in one.roles for one in all_accounts(connection)):
        raise NotAllowed("nobody would be left who could administrate")
    end_all(connection, number)


def set_password(connection: Connection, name: str, password: str, *, must_change: bool = False) -> None:
    """A new password, by which the account signs in here; every sign-in of it ends.

    Raises NotAllowed for a weak one.
    """
    number = number_of(connection, name)
    values = {"password": hashed(password, name), "must_change": must_change, "failures": 0, "subject": None}
    connection.execute(update(account).where(account.c.id == number), {**values, "closed_until": None})
    end_all(connection, number)


def sign_in_elsewhere(connection: Connection, name: str, subject: str) -> None:
    """From now on an account signs in elsewhere, as this subject there: it has no password, no second factor
    here, and every sign-in of it ends. Raises NotAllowed for a subject that is another account's.
    """
    number = number_of(connection, name)
    if (other := of_subject(connection, subject)) and other.id != number:
        raise NotAllowed(f"the account {other.name!r} signs in so already")
    values = {"password": None, "must_change": False, "subject": subject, "factor": None, "factor_used": 0}
    connection.execute(update(account).where(account.c.id == number), values)
    connection.execute(delete(recovery_code).where(recovery_code.c.account == number))
    end_all(connection, number)


def of_number(connection: Connection, number: int) -> Account:
    """The account of this number, which is there."""
    return account_of(connection.execute(select(account).where(account.c.id == number)).one())


def of_subject(connection: Connection, subject: str) -> Account | None:
    """The account of who signs in elsewhere as this subject."""
    row = connection.execute(select(account).where(account.c.subject == subject)).first()
    return account_of(row) if row is not None else None


def check(database: Database, name: str, password: str, now: datetime) -> Account | None:
    """The account of this name and password; None where they do not fit, or the account is at rest.

    The hash is computed while nobody waits for the database, and also where there is no such account or it
    has to wait: how long it takes tells nothing. Outcomes are told one after the other: of tries
    that come at once no more are told than may fail. Where there is a second factor, only its code
    makes the failures forgotten: else who has the password could try codes without end. Raises NotAllowed for
    one that has to wait.
    """
    with database.reading() as connection:
        row = connection.execute(select(account).where(account.c.name == name)).first()
    fits = _fits(row.password if row is not None and row.active else None, password)
    if row is None:
        return None
    with database.writing() as connection:
        return _counted(connection, row, password if fits else None, now)


def _counted(
    connection: Connection, seen: Row[tuple[object, ...]], password: str | None, now: datetime
) -> Account | None:
    """The account, where this password (None: another) fitted what was `seen` of it and is so still."""
    row = connection.execute(select(account).where(account.c.id == seen.id).with_for_update()).one()
    check_wait(row, now)
    if password is None or not row.active or row.password != seen.password:
        count_failure(connection, row, now)
        return None
    again: dict[str, object] = {} if has_factor(row) else dict(NO_FAILURES)
    if _hasher().check_needs_rehash(row.password):
        again["password"] = _hasher().hash(password)
    if again:
        connection.execute(update(account).where(account.c.id == row.id), again)
    return account_of(row)


NO_FAILURES: Final[dict[str, object]] = {"failures": 0, "closed_until": None}


def check_wait(row: Row[tuple[object, ...]], now: datetime) -> None:
    """Raises NotAllowed for an account that is not tried again yet."""
    if row.closed_until is not None and row.closed_until > now:
        minutes = -((now - row.closed_until) // timedelta(minutes=1))
        raise NotAllowed(f"too many tries failed: this account can be tried again in {minutes} min")


def begin(connection: Connection, number: int, now: datetime, program: str) -> str:
    """Sign an account in; answers the secret that its cookie holds. It is kept nowhere."""
    secret = new_secret()
    _end(connection, signed_in.c.began < now - WORKING_DAY)
    row = {"secret": kept(secret), "account": number, "began": now, "seen": now, "program": program[:200]}
    connection.execute(insert(signed_in), row)
    return secret


def whose(connection: Connection, secret: str, now: datetime) -> tuple[SignedIn, datetime] | None:
    """Who signed in with a secret, and when a page was last asked for; None: nobody, or not any more."""
    row = connection.execute(_whose, {"of": kept(secret)}).first()
    if row is None or not row.active or row.began < now - WORKING_DAY:
        return None
    if abs(now - row.seen) > IDLE:  # also by a clock that has been put right since
        return None
    return SignedIn(account_of(row), secret, row.began), row.seen


def stay(connection: Connection, secret: str, now: datetime) -> None:
    """Note that a page was asked for."""
    connection.execute(update(signed_in).where(signed_in.c.secret == kept(secret)).values(seen=now))


def end(connection: Connection, secret: str) -> None:
    """Sign out."""
    _end(connection, signed_in.c.secret == kept(secret))


def end_all(connection: Connection, number: int, *, but: str = "") -> None:
    """Sign an account out wherever it is signed in, `but` with this secret; what was only begun ends, too."""
    _end(connection, (signed_in.c.account == number) & (signed_in.c.secret != kept(but)))
    connection.execute(delete(begun).where(begun.c.account == number))


def _end(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(delete(opened).where(opened.c.secret.in_(select(signed_in.c.secret).where(which))))
    connection.execute(delete(signed_in).where(which))


def open_up(connection: Connection, secret: str, patient_id: int, reason: str) -> None:
    """Let somebody look at a patient of another team for as long as this sign-in lasts."""
    values = {"secret": kept(secret), "patient_id": patient_id}
    if opened_up(connection, secret, patient_id) is None:
        connection.execute(insert(opened), {**values, "reason": reason})


def opened_up(connection: Connection, secret: str, patient_id: int) -> str | None:
    """For what reason somebody looks at a patient of another team; None: they do not."""
    mine = (opened.c.secret == kept(secret), opened.c.patient_id == patient_id)
    return connection.execute(select(opened.c.reason).where(*mine)).scalar()


def sign_ins(
    connection: Connection, number: int, mine: str = ""
) -> list[Row[tuple[datetime, datetime, str, bool]]]:
    """Where an account is signed in: since when, last seen, with which program; `here` is that by `mine`."""
    here = (signed_in.c.secret == kept(mine)).label("here")
    query = select(signed_in.c.began, signed_in.c.seen, signed_in.c.program, here)
    return list(connection.execute(query.where(signed_in.c.account == number).order_by(signed_in.c.began)))


def hashed(password: str, name: str) -> str:
    """The Argon2id hash of a password. Raises NotAllowed for one that is too easy to guess."""
    if len(password) < SHORTEST:
        raise NotAllowed(f"a password has at least {SHORTEST} characters; several words make a good one")
    if len(password) > LONGEST:
        raise NotAllowed(f"a password has at most {LONGEST} characters")
    if name.casefold() in password.casefold() or len(set(password)) < SHORTEST // 2:
        raise NotAllowed("this password is too easy to guess: it repeats itself, or has the name in it")
    return _hasher().hash(password)


def new_secret() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """One that nobody guesses, without characters that look alike, to be typed once."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def kept(secret: str) -> str:
    """A secret of 256 bits as it is kept: no salt is needed for what nobody can guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


@cache
def _nobody() -> str:
    """The hash of a password nobody has: to look at it takes as long as to look at one somebody has."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _fits(hash_: str | None, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    try:
        _hasher().verify(hash_ or _nobody(), password[:LONGEST])
    except (InvalidHashError, VerifyMismatchError):
        return False
    return hash_ is not None


def count_failure(connection: Connection, row: Row[tuple[object, ...]], now: datetime) -> None:
    """One more try has failed; from some number on the next has to wait, each time twice as long."""
    failures = row.failures + 1
    wait = min(timedelta(seconds=15) * 2 ** min(failures - PATIENCE, 10), LONGEST_WAIT)
    values = {"failures": failures, "closed_until": now + wait if failures >= PATIENCE else None}
    connection.execute(update(account).where(account.c.id == row.id), values)


def _check_roles(roles: Collection[str]) -> None:
    if unknown := set(roles) - set(ROLES):
        raise NotAllowed(f"there is no role {min(unknown)!r}; roles: {', '.join(ROLES)}")
    if not roles:
        raise NotAllowed(f"an account has at least one role: {', '.join(ROLES)}")


def number_of(connection: Connection, name: str) -> int:
    """The number of an account; nobody changes it before this transaction ends. Raises NotAllowed."""
    found = connection.execute(select(account.c.id).where(account.c.name == name).with_for_update()).first()
    if found is None:
        raise NotAllowed(f"there is no account {name!r}")
    return int(found.id)


def account_of(row: Row[tuple[object, ...]]) -> Account:
    """The account that a row of the table is about."""
    return Account(
        id=row.id,
        name=row.name,
        roles=frozenset(row.roles.split()),
        teams=frozenset(filter(None, row.teams.split("\n"))),
        must_change=row.must_change,
        active=row.active,
        factor=has_factor(row),
        subject=row.subject,
    )


def has_factor(row: Row[tuple[object, ...]]) -> bool:
    """Whether a second factor counts: it does once a code of it was taken."""
    return row.factor is not None and row.factor_used > 0


_whose = (
    select(account, signed_in.c.began, signed_in.c.seen)
    .join(signed_in, signed_in.c.account == account.c.id)
    .where(signed_in.c.secret == bindparam("of"))
)
