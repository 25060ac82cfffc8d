"""Is the ledger as it was written? Every chain is followed to its head, and compared with what was sealed.

Found and located: an entry altered, deleted, inserted or moved, entries cut off at the end, a patient gone;
and, as far as they were sealed, also where the chain was computed anew from there on, head included. With
seals that were kept elsewhere: also seals cut off or made with another key. The access log has a chain too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, and_, bindparam, or_, select

from store import access, merged, seals
from store.canonical import canonical, digest
from store.database import Database
from store.identities import beginning
from store.ledger import Line
from store.seals import Sealed
from store.tables import ledger, patient, seal, sealed_head


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: with one patient's chain, where `seq` is the place of the entry, or with another one.

    A `patient_id` of 0 is no patient's: `seq` is the number in `chain`.
    """

    patient_id: int
    seq: int
    what: str
    chain: str = "seal"

    def __str__(self) -> str:
        where = f"patient {self.patient_id}, entry" if self.patient_id else self.chain
        return f"{where} {self.seq}: {self.what}"


def verify(database: Database, kept: Sequence[str] | None = None) -> list[Problem]:
    """Everything wrong with the ledger, in the order of patients and entries; empty when nothing is.

    `kept` are the lines of an earlier export of the seals. Raises BadSeals where they are none.
    """
    elsewhere = seals.read_export(kept) if kept is not None else None
    with database.reading() as connection:
        chains = _chains(connection)
        problems = [*chains, *_unlike_sealed(connection, {one.patient_id for one in chains})]
        seen = (Problem(0, number, what, "access log, entry") for number, what in access.faults(connection))
        return [*sorted(problems, key=_place), *_seal_problems(connection, database, elsewhere), *seen]


def _place(problem: Problem) -> tuple[int, int]:
    return problem.patient_id, problem.seq


def _chains(connection: Connection) -> list[Problem]:
    query = select(patient.c.id, patient.c.sequence, patient.c.head)
    heads = {row.id: (row.sequence, row.head) for row in connection.execute(query)}
    problems: list[Problem] = []
    for patient_id, lines in groupby(_lines(connection), key=lambda line: line.patient_id):
        head = heads.pop(patient_id, None)
        problems += _chain_problems(patient_id, lines, head)
    problems += _merges(connection)
    return problems + [Problem(id, 1, "all entries are missing") for id, (last, _) in heads.items() if last]


def _merges(connection: Connection) -> Iterator[Problem]:
    """Every merge names an entry of another chain, which must be there as it was."""
    for row in connection.execute(_merge_lines):
        try:
            said = merged.merge_of(Line(*row))
        except (ValueError, TypeError):
            continue  # altered, which its hash tells
        there = connection.execute(_hash_at, {"of": said.patient, "at": said.sequence}).scalar()
        if there != said.head:
            told = (
                f"merged what entry {said.sequence} of patient {said.patient} ended, which is not as it was"
            )
            yield Problem(row.patient_id, row.seq, told)


_merge_lines = (
    select(*(ledger.c[name] for name in Line._fields))
    .where(ledger.c.kind == merged.MERGE)
    .order_by(ledger.c.patient_id, ledger.c.seq)
)
_hash_at = select(ledger.c.hash).where(
    ledger.c.patient_id == bindparam("of"), ledger.c.seq == bindparam("at")
)


def _lines(connection: Connection) -> Iterator[Line]:
    columns = (ledger.c[name] for name in Line._fields)
    query = select(*columns).order_by(ledger.c.patient_id, ledger.c.seq)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield Line(*row)


def _chain_problems(
    patient_id: int, lines: Iterable[Line], head: tuple[int, str] | None
) -> Iterator[Problem]:
    previous, seq = beginning, 0
    for line in lines:
        if line.seq != seq + 1:
            yield Problem(patient_id, seq + 1, _missing(seq + 1, line.seq - 1))
        elif line.prev_hash != previous:
            yield Problem(patient_id, line.seq, "does not follow the entry before it")
        if line.hash != line.content_hash():
            yield Problem(patient_id, line.seq, "was altered or moved after it was recorded")
        previous, seq = line.hash, line.seq
    if head is None:
        yield Problem(patient_id, 1, "the entries belong to no patient")
    elif head[0] > seq:
        yield Problem(patient_id, seq + 1, _missing(seq + 1, head[0]))
    elif head != (seq, previous):
        yield Problem(patient_id, seq, "is not the entry at which the chain ended")


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"is missing, and all up to entry {last}"


def _unlike_sealed(connection: Connection, told: set[int]) -> Iterator[Problem]:
    """Patients whose entries are not those that were sealed, though their chain is whole; each once."""
    for row in connection.execute(_other_than_sealed):
        if row.patient_id not in told:
            told.add(row.patient_id)
            first = (
                connection.execute(_sealed_before, {"of": row.patient_id, "upto": row.sequence}).scalar() or 0
            )
            sealed = f"as it was sealed on {row.made:%Y-%m-%d}"
            yield Problem(row.patient_id, first + 1, f"not {sealed}, or one after it up to {row.sequence}")


def _seal_problems(
    connection: Connection, database: Database, elsewhere: tuple[dict[str, str], list[Sealed]] | None
) -> Iterator[Problem]:
    there = seals.all_seals(connection)
    keys = {name: proof for name, (kind, proof) in database.keys.proofs().items() if kind == "signing"}
    for number, what in seals.faults(there, keys):
        yield Problem(0, number, what)
    yield from _head_problems(connection, there)
    if elsewhere is not None:
        yield from _not_as_kept(there, keys, *elsewhere)


def _head_problems(connection: Connection, there: Iterable[Sealed]) -> Iterator[Problem]:
    """Seals whose list of heads is not the one that was signed."""
    for one in there:
        heads = [tuple(row) for row in connection.execute(_heads, {"number": one.number})]
        if digest(canonical(heads)) != one.said.get("digest"):
            yield Problem(0, one.number, "the heads of chains under it are not those that were signed")


def _not_as_kept(
    there: Sequence[Sealed], keys: dict[str, str], kept_keys: dict[str, str], kept: Sequence[Sealed]
) -> Iterator[Problem]:
    for name, key in kept_keys.items():
        if keys.get(name) != key:
            yield Problem(0, 0, f"the key {name!r} is another one than in the kept seals")
    now = {one.number: one for one in there}
    for one in kept:
        if one.number not in now:
            yield Problem(0, one.number, "was kept elsewhere and is missing here")
        elif now[one.number] != one:
            yield Problem(0, one.number, "is another one than the one kept elsewhere")


_other_than_sealed = (
    select(sealed_head.c.patient_id, sealed_head.c.sequence, seal.c.made)
    .join(seal, seal.c.number == sealed_head.c.seal)
    .outerjoin(
        ledger, and_(ledger.c.patient_id == sealed_head.c.patient_id, ledger.c.seq == sealed_head.c.sequence)
    )
    .where(or_(ledger.c.hash.is_(None), ledger.c.hash != sealed_head.c.head))
    .order_by(sealed_head.c.patient_id, sealed_head.c.sequence)
)
_sealed_before = (
    select(sealed_head.c.sequence)
    .where(sealed_head.c.patient_id == bindparam("of"), sealed_head.c.sequence < bindparam("upto"))
    .order_by(sealed_head.c.sequence.desc())
    .limit(1)
)
_heads = (
    select(sealed_head.c.patient_id, sealed_head.c.sequence, sealed_head.c.head)
    .where(sealed_head.c.seal == bindparam("number"))
    .order_by(sealed_head.c.patient_id)
)
