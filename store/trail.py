"""What became of the notices of patients: the messages that tell them, and the tries to hand those over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select

from store.batches import batches
from store.outbox import SENT, WITHDRAWN
from store.work_tables import attempt, message, message_notice, notice


class Posted(NamedTuple):
    """A message that tells a notice, or was to tell it; the columns are those of `work_tables.MessageRow`.

    `left_out` says why this notice was not told in it; empty: it was, or is to be.
    """

    notice: str
    left_out: str
    id: str
    recipient: str
    channel: str
    kind: str
    made: datetime
    wake: datetime | None
    status: str
    reason: str
    settled: datetime | None


class Tried(NamedTuple):
    """One try to hand a message over."""

    message: str
    number: int
    at: datetime
    outcome: str
    told: str


class FirstTold(NamedTuple):
    """A notice of a patient with the moment at which somebody was first told."""

    patient_id: int
    id: str
    pathway: str
    item: str
    anchor: str
    due: date
    rung: str
    day: date
    told: datetime


def told_since(connection: Connection, since: datetime) -> list[FirstTold]:
    """The notices of all patients of which somebody was first told from a moment on, by patient."""
    found = map(FirstTold._make, connection.execute(_first_told))
    return [one for one in found if one.told >= since]


class Received(NamedTuple):
    """A notice that somebody was told by a channel, or is about to be; `made` is when the message was."""

    recipient: str
    made: datetime
    notice: str
    id: str
    patient_id: int
    pathway: str
    item: str
    anchor: str
    due: date
    rung: str
    day: date


def received(connection: Connection, people: Collection[str], channel: str) -> list[Received]:
    """What these people were told by a channel, in the order in which it was said."""
    values = {"them": sorted(people), "by": channel}
    return [Received(*row) for row in connection.execute(_received, values)]


def told_each(connection: Connection, patients: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Each notice of these patients, by their number, with when somebody was told it, in order."""
    found: dict[int, list[tuple[str, datetime]]] = {number: [] for number in patients}
    for some in batches(patients):
        for row in connection.execute(_told, {"them": some}):
            found[row.patient_id].append((row.notice, row.settled))
    return found


def told_by(told: Iterable[tuple[str, datetime]], by: datetime | None) -> dict[str, datetime]:
    """When somebody was first told each notice; only what left by a moment."""
    found: dict[str, datetime] = {}
    for one, settled in told:
        if by is None or settled <= by:
            found.setdefault(one, settled)
    return found


def told_to(connection: Connection, patient_id: int, channel: str) -> dict[str, set[str]]:
    """Who was told each notice of a patient by a channel, or is about to be, by its id."""
    found: dict[str, set[str]] = {}
    for row in connection.execute(_told_to, {"of": patient_id, "by": channel}):
        found.setdefault(row.notice, set()).add(row.recipient)
    return found


def posted(connection: Connection, patient_id: int) -> list[Posted]:
    """The messages of a patient's notices, in the order in which they were made."""
    return [Posted(*row) for row in connection.execute(_posted, {"of": patient_id})]


def tries(connection: Connection, messages: Iterable[str]) -> list[Tried]:
    """What was tried with these messages, in order."""
    return [Tried(*row) for row in connection.execute(_tries, {"them": sorted(set(messages))})]


_reaching = and_(message.c.status == SENT, message_notice.c.left_out == "")
_told = (
    select(notice.c.patient_id, message_notice.c.notice, message.c.settled)
    .join(notice, notice.c.id == message_notice.c.notice)
    .join(message, message.c.id == message_notice.c.message)
    .where(notice.c.patient_id.in_(bindparam("them", expanding=True)), _reaching)
    .order_by(message.c.settled)
)
_told_to = (
    select(message_notice.c.notice, message.c.recipient)
    .join(notice, notice.c.id == message_notice.c.notice)
    .join(message, message.c.id == message_notice.c.message)
    .where(notice.c.patient_id == bindparam("of"), message.c.channel == bindparam("by"))
    .where(message.c.status != WITHDRAWN, message_notice.c.left_out == "")
)
_first_told = (
    select(*(notice.c[name] for name in FirstTold._fields[:-1]), func.min(message.c.settled))
    .join(message_notice, message_notice.c.notice == notice.c.id)
    .join(message, message.c.id == message_notice.c.message)
    .where(_reaching)
    .group_by(notice.c.id)
    .order_by(notice.c.patient_id, notice.c.day, notice.c.id)
)
_posted = (
    select(
        message_notice.c.notice,
        message_notice.c.left_out,
        *(message.c[name] for name in Posted._fields[2:]),
    )
    .join(notice, notice.c.id == message_notice.c.notice)
    .join(message, message.c.id == message_notice.c.message)
    .where(notice.c.patient_id == bindparam("of"))
    .order_by(message.c.made, message.c.id)
)
_received = (
    select(
        message.c.recipient,
        message.c.made,
        *(notice.c["id" if name == "notice" else name] for name in Received._fields[2:]),
    )
    .join(message_notice, message_notice.c.message == message.c.id)
    .join(notice, notice.c.id == message_notice.c.notice)
    .where(message.c.recipient.in_(bindparam("them", expanding=True)), message.c.channel == bindparam("by"))
    .where(message.c.status != WITHDRAWN, message_notice.c.left_out == "")
    .order_by(message.c.made, notice.c.day, notice.c.id, message.c.recipient)
)
_tries = (
    select(*(attempt.c[name] for name in Tried._fields))
    .where(attempt.c.message.in_(bindparam("them", expanding=True)))
    .order_by(attempt.c.message, attempt.c.number)
)
