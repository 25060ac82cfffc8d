"""The tables of the web application: who may sign in, who is signed in, and what people keep for themselves.

No row holds a password, or a secret that opens anything: of these only hashes are kept. The one exception is
what a second factor is computed from, which is encrypted like an identity.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from store.table_base import Base, only, table_of


class AccountRow(Base, table=True):
    """Somebody who may sign in under the name that entries are recorded by.

    `roles` are separated by blanks. `password` is an Argon2id hash; null: signs in elsewhere (OpenID
    Connect), as `subject` there. `factor` is the sealed secret of the second factor, `factor_used` the last
    step of time whose code was taken; 0: none yet, and the factor does not count before one was. `failures`
    counts tries that failed since the last that did not; none is looked at before `closed_until`. `teams` are
    those to whose patients the account is limited; empty: it is not.
    """

    __tablename__ = "account"
    __table_args__ = (
        Index("ix_account_name", "name", unique=True),
        Index("ix_account_subject", "subject", unique=True, **only("subject IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    roles: str
    teams: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    password: str | None
    must_change: bool
    subject: str | None = None
    factor: bytes | None = None
    factor_used: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    active: bool
    made: datetime
    failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    closed_until: datetime | None = None


class SignedInRow(Base, table=True):
    """A sign-in that lasts, by the hash of the secret in its cookie. Ended ones are deleted."""

    __tablename__ = "signed_in"
    __table_args__ = (Index("ix_signed_in_account", "account"),)

    secret: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id")
    began: datetime
    seen: datetime
    program: str


class BegunRow(Base, table=True):
    """A sign-in that is not finished: of an account whose code is awaited, or of somebody sent to sign
    in elsewhere (no `account`). By the hash of the secret in its cookie; it counts once, until it `ends`.
    """

    __tablename__ = "begun"
    __table_args__ = (Index("ix_begun_ends", "ends"),)

    secret: str = Field(primary_key=True)
    account: int | None = Field(default=None, foreign_key="account.id")
    goes_to: str
    ends: datetime


class RecoveryRow(Base, table=True):
    """A code that stands for the second factor once, by its hash; a used one is deleted."""

    __tablename__ = "recovery_code"

    account: int = Field(primary_key=True, foreign_key="account.id")
    code: str = Field(primary_key=True)


class TokenRow(Base, table=True):
    """A secret by which a program works in the name of an account; `scopes` separated by blanks."""

    __tablename__ = "token"
    __table_args__ = (Index("ix_token_account", "account"),)

    secret: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id")
    name: str
    scopes: str
    made: datetime
    ends: datetime | None
    used: datetime | None = None


class AnsweredRow(Base, table=True):
    """What a program was answered to what it asked to be done, under a key it made for it: asked again before
    `ends`, it is answered the same. `asked` is the hash of what it asked, `tag` the version it was told.
    """

    __tablename__ = "answered"
    __table_args__ = (Index("ix_answered_ends", "ends"),)

    account: int = Field(primary_key=True, foreign_key="account.id")
    key: str = Field(primary_key=True)
    asked: str
    answer: str
    tag: str
    ends: datetime


class ViewRow(Base, table=True):
    """A list somebody keeps by a name: `page` is list or deviations, `query` as it stands in the address.
    `first`: it is shown where that page is opened without saying more.
    """

    __tablename__ = "saved_view"

    account: int = Field(primary_key=True, foreign_key="account.id")
    page: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    query: str
    first: bool


class SeenRow(Base, table=True):
    """Up to which entry of a patient an account has looked."""

    __tablename__ = "seen"

    account: int = Field(primary_key=True, foreign_key="account.id")
    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    sequence: int


class OpenedRow(Base, table=True):
    """A patient of another team whom somebody looks at all the same while signed in, and why."""

    __tablename__ = "opened"

    secret: str = Field(primary_key=True, foreign_key="signed_in.secret")
    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    reason: str


account = table_of(AccountRow)
signed_in = table_of(SignedInRow)
begun = table_of(BegunRow)
recovery_code = table_of(RecoveryRow)
token = table_of(TokenRow)
answered = table_of(AnsweredRow)
saved_view = table_of(ViewRow)
seen = table_of(SeenRow)
opened = table_of(OpenedRow)

WEB = (account, signed_in, begun, recovery_code, token, answered, saved_view, seen, opened)
