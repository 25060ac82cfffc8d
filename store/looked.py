"""Up to which entry of a patient an account has looked, and about whom something was corrected since.

Nothing is derived for it: of the patients somebody has looked at, only those about whom anything was recorded
since are asked for, along the chain of each.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, or_, select

from engine.event import CHANGES
from store import merged
from store.tables import ledger, patient
from store.web_tables import seen


def upto(connection: Connection, account: int, patient_id: int) -> int | None:
    """The last entry of a patient that the account has seen; None: it never looked."""
    return connection.execute(_upto, {"account": account, "of": patient_id}).scalar()


def look(connection: Connection, account: int, patient_id: int, sequence: int) -> None:
    """Keep that the account has seen a patient up to an entry."""
    if (upto(connection, account, patient_id) or -1) < sequence:
        connection.execute(_forget, {"account": account, "of": patient_id})
        row = {"account": account, "patient_id": patient_id, "sequence": sequence}
        connection.execute(insert(seen), row)


def corrected(connection: Connection, account: int) -> tuple[int, ...]:
    """The patients, by number, about whom something was corrected, taken back or recorded late since the
    account looked: late is what is about a day before the last that was known by then. Two records that were
    joined or parted since count, too. Of whoever the account never looked at, nothing is told.
    """
    return tuple(connection.execute(_corrected(), {"account": account}).scalars())


@cache
def _corrected() -> Select[Any]:
    known = ledger.alias("known")
    last_known = (
        select(func.max(known.c.day))
        .where(known.c.patient_id == seen.c.patient_id, known.c.seq <= seen.c.sequence)
        .correlate(seen)
        .scalar_subquery()
    )
    since = (ledger.c.patient_id == seen.c.patient_id, ledger.c.seq > seen.c.sequence)
    changes = or_(
        ledger.c.type.in_(sorted(CHANGES)),
        ledger.c.kind.in_((merged.MERGE, merged.UNMERGE)),
        ledger.c.day < last_known,
    )
    return (
        select(seen.c.patient_id)
        .join(patient, patient.c.id == seen.c.patient_id)
        .where(seen.c.account == bindparam("account"), patient.c.sequence > seen.c.sequence)
        .where(exists().where(*since, changes).correlate(seen))
        .order_by(seen.c.patient_id)
    )


_of = (seen.c.account == bindparam("account"), seen.c.patient_id == bindparam("of"))
_upto = select(seen.c.sequence).where(*_of)
_forget = delete(seen).where(*_of)
