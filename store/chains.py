"""The chains of patients' entries, followed from the first entry to the head, and what merges name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import Connection, bindparam, select

from store import merged
from store.canonical import SPOILED
from store.identities import beginning
from store.ledger import Line
from store.problem import missing
from store.tables import ledger, patient

Fault = tuple[int, int, str]
"""The patient by number, the place of the entry, and what is wrong there."""


def faults(connection: Connection) -> list[Fault]:
    """Everything wrong with the chains, in the order of patients and entries."""
    query = select(patient.c.id, patient.c.sequence, patient.c.head)
    heads = {row.id: (row.sequence, row.head) for row in connection.execute(query)}
    found: list[Fault] = []
    for patient_id, lines in groupby(_lines(connection), key=lambda line: line.patient_id):
        head = heads.pop(patient_id, None)
        found += ((patient_id, seq, what) for seq, what in _of_chain(lines, head))
    found += _merges(connection)
    found += ((id, 1, "all entries are missing") for id in heads)
    return sorted(found, key=lambda fault: fault[:2])


def _lines(connection: Connection) -> Iterator[Line]:
    query = select(*_columns).order_by(ledger.c.patient_id, ledger.c.seq)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield Line(*row)


def _of_chain(lines: Iterable[Line], head: tuple[int, str] | None) -> Iterator[tuple[int, str]]:
    previous, seq = beginning, 0
    for line in lines:
        if line.seq != seq + 1:
            yield seq + 1, missing(seq + 1, line.seq - 1)
        elif line.prev_hash != previous:
            yield line.seq, "does not follow the entry before it"
        if line.hash != line.content_hash():
            yield line.seq, "was altered or moved after it was recorded"
        previous, seq = line.hash, line.seq
    if head is None:
        yield 1, "the entries belong to no patient"
    elif head[0] > seq:
        yield seq + 1, missing(seq + 1, head[0])
    elif head != (seq, previous):
        yield seq, "is not the entry at which the chain ended"


def _merges(connection: Connection) -> Iterator[Fault]:
    """Every merge names an entry of another chain, which must be there as it was."""
    for row in connection.execute(_merge_lines):
        try:
            said = merged.merge_of(Line(*row))
        except SPOILED:
            continue  # altered, which its hash tells
        if _hash_at(connection, said.patient, said.sequence) != said.head:
            told = f"merged what entry {said.sequence} of patient {said.patient} ended"
            yield row.patient_id, row.seq, f"{told}, which is not as it was"


def _hash_at(connection: Connection, patient_id: object, seq: object) -> object:
    """The hash of an entry; None where there is none, or what should be its place is none."""
    if not all(isinstance(number, int) and 0 < number < _too_high for number in (patient_id, seq)):
        return None
    return connection.execute(_hash, {"of": patient_id, "at": seq}).scalar()


_too_high = 2**31
"""For a number of a patient or an entry, as PostgreSQL keeps them."""
_columns = tuple(ledger.c[name] for name in Line._fields)
_merge_lines = (
    select(*_columns).where(ledger.c.kind == merged.MERGE).order_by(ledger.c.patient_id, ledger.c.seq)
)
_hash = select(ledger.c.hash).where(ledger.c.patient_id == bindparam("of"), ledger.c.seq == bindparam("at"))
