"""Tokens: secrets by which programs work in the name of an account, each for some things and until a day.

A token may do what its scopes say and the roles of its account still allow. Only the hash of its secret is
kept; the first digits of that hash name it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from store import accounts
from store.accounts import Account, NotAllowed, account_of, kept, new_secret
from store.web_tables import account, token

_PROGRAM: Final = frozenset({"integration"})
_READS: Final = frozenset({"coordinator", "clinician", "chair", "auditor"}) | _PROGRAM
_WORKS: Final = frozenset({"coordinator", "clinician", "chair"}) | _PROGRAM
SCOPES: Final = {
    "patients:read": _READS,
    "patients:write": _WORKS,
    "desk:write": _WORKS,
    "deviations:read": _READS,
    "deviations:review": frozenset({"auditor", "chair"}),
    "statements:review": frozenset({"clinician", "chair", "auditor"}),
    "dry-runs": frozenset({"clinician", "chair"}) | _PROGRAM,
    "board:read": _READS,
    "board:write": _WORKS,
    "audit:read": frozenset({"auditor"}) | _PROGRAM,
    "operations": frozenset({"administrator"}) | _PROGRAM,
}
"""What a token can be for, and the roles of which its account needs one."""
USUAL: Final = 90
LONGEST: Final = 366
"""Days that a token lasts."""
BEGINNING: Final = "carepath_"
"""How secrets begin, so that one that got where it does not belong is found."""
_id: Final = 12
"""Digits that name a token."""
_noted: Final = timedelta(minutes=1)
"""How exactly it is noted when a token was last used."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. `scopes` are those it was made for."""

    id: str
    account: Account
    name: str
    scopes: frozenset[str]
    made: datetime
    ends: datetime | None
    used: datetime | None

    @property
    def allowed(self) -> frozenset[str]:
        """What it may do by the roles that its account has now."""
        return self.scopes & scopes_of(self.account.roles)


def scopes_of(roles: Collection[str]) -> frozenset[str]:
    """What a token of an account with these roles can be for."""
    return frozenset(scope for scope, needed in SCOPES.items() if not needed.isdisjoint(roles))


def make(
    connection: Connection, owner: str, name: str, scopes: Collection[str], now: datetime, days: int = USUAL
) -> str:
    """A new token of an account, by name; answers its secret, which is kept nowhere. Raises NotAllowed."""
    number = accounts.number_of(connection, owner)
    found = account_of(connection.execute(select(account).where(account.c.id == number)).one())
    if not found.active:
        raise NotAllowed(f"the account {owner!r} is at rest")
    if unknown := set(scopes) - set(SCOPES):
        raise NotAllowed(f"there is no scope {min(unknown)!r}; scopes: {', '.join(SCOPES)}")
    if beyond := set(scopes) - scopes_of(found.roles):
        needed = ", ".join(sorted(SCOPES[min(beyond)]))
        raise NotAllowed(f"{min(beyond)} needs an account with one of the roles {needed}")
    if not scopes:
        raise NotAllowed(f"a token is for something: {', '.join(SCOPES)}")
    if not name.strip() or not name.isprintable() or len(name) > 60:
        raise NotAllowed("a name says what the token is for, in at most 60 characters")
    if not 1 <= days <= LONGEST:
        raise NotAllowed(f"a token lasts from 1 to {LONGEST} days")
    secret = BEGINNING + new_secret()
    row = {"secret": kept(secret), "account": number, "name": name.strip(), "made": now}
    row |= {"scopes": " ".join(sorted(scopes)), "ends": now + timedelta(days)}
    connection.execute(insert(token), row)
    return secret


def find(connection: Connection, secret: str, now: datetime) -> Token | None:
    """The token with this secret; None where there is none, it has ended, or its account is at rest."""
    row = connection.execute(_tokens.where(token.c.secret == kept(secret))).first()
    if row is None or not row.active or (row.ends is not None and row.ends <= now):
        return None
    return _token(row)


def note_use(connection: Connection, secret: str, now: datetime) -> None:
    """Note that a token was used."""
    connection.execute(update(token).where(token.c.secret == kept(secret)).values(used=now))


def is_to_be_noted(found: Token, now: datetime) -> bool:
    """Whether it was last noted so long ago that it is to be noted again."""
    return found.used is None or now - found.used > _noted


def all_tokens(connection: Connection, owner: int | None = None) -> list[Token]:
    """The tokens of an account, by number, or of all: by account and name, ended ones too."""
    query = _tokens if owner is None else _tokens.where(token.c.account == owner)
    ordered = query.order_by(account.c.name, token.c.name, token.c.made)
    return [_token(row) for row in connection.execute(ordered)]


def revoke(connection: Connection, id: str, owner: int | None = None) -> Token:
    """End a token for good; with `owner` only one of that account. Raises NotAllowed where there is none."""
    there = [one for one in all_tokens(connection, owner) if one.id == id]
    if len(there) != 1:
        raise NotAllowed("there is no such token")
    connection.execute(delete(token).where(token.c.secret.startswith(id, autoescape=True)))
    return there[0]


_tokens: Final[Select[tuple[object, ...]]] = select(
    account,
    token.c.secret.label("token_secret"),
    token.c.name.label("token_name"),
    *(token.c[name] for name in ("scopes", "ends", "used")),
    token.c.made.label("token_made"),
).join(account, account.c.id == token.c.account)


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(
        id=row.token_secret[:_id],
        account=account_of(row),
        name=row.token_name,
        scopes=frozenset(row.scopes.split()),
        made=row.token_made,
        ends=row.ends,
        used=row.used,
    )
