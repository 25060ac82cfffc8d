"""Is the ledger as it was written? Every chain is followed from its first entry to its head.

Found and located: an entry altered, deleted, inserted or moved, and entries cut off at the end. Not found: a
chain that was altered and computed anew from there on, head included; that takes signatures kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, select

from store.database import Database
from store.identities import beginning
from store.ledger import Line
from store.tables import ledger, patient


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one patient's chain; `seq` is the place of the entry."""

    patient_id: int
    seq: int
    what: str

    def __str__(self) -> str:
        return f"patient {self.patient_id}, entry {self.seq}: {self.what}"


def verify(database: Database) -> list[Problem]:
    """Everything wrong with the ledger, in the order of patients and entries; empty when nothing is."""
    with database.reading() as connection:
        heads = {row.id: (row.sequence, row.head) for row in connection.execute(select(patient))}
        problems: list[Problem] = []
        for patient_id, lines in groupby(_lines(connection), key=lambda line: line.patient_id):
            head = heads.pop(patient_id, None)
            problems += _chain_problems(patient_id, lines, head)
        problems += [Problem(id, 1, "all entries are missing") for id, (last, _) in heads.items() if last]
        return sorted(problems, key=lambda problem: (problem.patient_id, problem.seq))


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
