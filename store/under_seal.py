"""What was sealed, compared with what is there: chains that were computed anew are told from those that grew.

Also whether everything about the seals themselves is as it was signed, and as it was kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from store.canonical import canonical, digest
from store.identities import beginning
from store.seals import Sealed
from store.tables import access, ledger, patient, seal, sealed_head


def entries(
    connection: Connection, there: Sequence[Sealed], told: set[int]
) -> Iterator[tuple[int, int, str]]:
    """Patients whose entries are not those that were sealed; each once, without those that were told."""
    days = {one.number: one.day for one in there}
    for row in connection.execute(_other_than_sealed):
        if row.patient_id not in told:
            told.add(row.patient_id)
            asked = {"of": row.patient_id, "upto": row.sequence}
            before = connection.execute(_sealed_before, asked).scalar() or 0
            yield row.patient_id, before + 1, _unlike(days[row.seal], row.sequence)
    for patient_id, sealed in connection.execute(_wrongly_marked):
        if patient_id not in told:
            yield patient_id, sealed + 1, "is marked as sealed, and is under no seal"


def views(connection: Connection, there: Sequence[Sealed]) -> Iterator[tuple[int, str]]:
    """Whether the access log is the one that was sealed: the first place where it may be another one."""
    ends = sorted({(*one.access_end, one.day) for one in there if one.access_end})
    wanted = {number for number, _, _ in ends}
    hashes = {0: beginning}
    for row in connection.execute(_views.execution_options(yield_per=1000)):
        if row.number in wanted:
            hashes[row.number] = row.hash
    for number, head, day in ends:
        if hashes.get(number) != head:
            before = max((good for good in wanted if good < number), default=0)
            yield before + 1, _unlike(day, number)
            return


def _unlike(day: str, upto: int) -> str:
    return f"not as it was sealed on {day}, or one after it up to {upto}"


def lists(connection: Connection, there: Sequence[Sealed]) -> Iterator[tuple[int, str]]:
    """Seals with another date or other heads than were signed, and heads without a seal."""
    made = {row.number: row.made for row in connection.execute(_made)}
    for one in there:
        heads = [tuple(row) for row in connection.execute(_heads, {"number": one.number})]
        if (said := one.said) and said.get("digest") != digest(canonical(heads)):
            yield one.number, "the heads of chains under it are not those that were signed"
        if said and said.get("made") != made[one.number].astimezone(UTC).isoformat(timespec="microseconds"):
            yield one.number, "its date is not the one that was signed"
    for number in connection.execute(_without_seal, {"last": max(made, default=0)}).scalars():
        yield number, "is missing, and heads under it are there"


def other_keys(keys: Mapping[str, str], kept: Mapping[str, str]) -> Iterator[str]:
    """The keys, by name, that are other ones in the seals that were kept elsewhere."""
    return (name for name, key in kept.items() if keys.get(name) != key)


def unlike_kept(there: Sequence[Sealed], kept: Sequence[Sealed]) -> Iterator[tuple[int, str]]:
    """Seals that are other ones than those that were kept elsewhere."""
    now = {one.number: one for one in there}
    for one in kept:
        if one.number not in now:
            yield one.number, "was kept elsewhere and is missing here"
        elif now[one.number] != one:
            yield one.number, "is another one than the one kept elsewhere"


_of_head = and_(ledger.c.patient_id == sealed_head.c.patient_id, ledger.c.seq == sealed_head.c.sequence)
_other_than_sealed = (
    select(sealed_head.c.patient_id, sealed_head.c.sequence, sealed_head.c.seal)
    .join(seal, seal.c.number == sealed_head.c.seal)
    .outerjoin(ledger, _of_head)
    .where(or_(ledger.c.hash.is_(None), ledger.c.hash != sealed_head.c.head))
    .order_by(sealed_head.c.patient_id, sealed_head.c.sequence)
)
_sealed_before = (
    select(sealed_head.c.sequence)
    .where(sealed_head.c.patient_id == bindparam("of"), sealed_head.c.sequence < bindparam("upto"))
    .order_by(sealed_head.c.sequence.desc())
    .limit(1)
)
_sealed_upto = func.coalesce(func.max(sealed_head.c.sequence), 0)
_wrongly_marked = (
    select(patient.c.id, _sealed_upto)
    .outerjoin(sealed_head, sealed_head.c.patient_id == patient.c.id)
    .group_by(patient.c.id, patient.c.sealed_sequence)
    .having(patient.c.sealed_sequence > _sealed_upto)
    .order_by(patient.c.id)
)
_views = select(access.c.number, access.c.hash)
_made = select(seal.c.number, seal.c.made)
_heads = (
    select(sealed_head.c.patient_id, sealed_head.c.sequence, sealed_head.c.head)
    .where(sealed_head.c.seal == bindparam("number"))
    .order_by(sealed_head.c.patient_id)
)
_without_seal = (
    select(sealed_head.c.seal).where(sealed_head.c.seal > bindparam("last")).distinct().order_by("seal")
)
