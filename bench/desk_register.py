"""A simulated register at which people work, for the benchmarks of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from coordination.entries import Assigned, Person, Site
from coordination.outlook import overviews
from coordination.saying import say
from pathways.titles import closed_states
from simulation.cohort import cohort
from store import accounts, desk, desk_list, outlooks, tables, worklist
from store.database import Database
from store.desk_list import Scope, Ticked
from store.desk_list_counts import tallied
from store.library import shipped
from store.record import record_many
from store.recording import NotRecorded, Recording
from store.seals import seal_all
from store.vault import Person as PatientPerson
from store.vault import vault_of
from store.work_tables import desk as desk_table
from store.work_tables import outlook
from web.place import Place
from web.shown.tracking_lines import OPEN

DRAWN: Final = 2_000
"""Patients who are drawn and recorded through the write door; further ones have the same stories again."""


def register(
    database: Database, patients: int, people: Sequence[str], now: datetime, mine: int | None = None
) -> tuple[list[str], list[range]]:
    """Simulated patients, each with an owner; answers the secrets of people's sign-ins, and the numbers of
    their patients. With `mine` all but the last have so many, else all have the same.

    The stories of `DRAWN` are copied within the database, row by row with all that follows from them, so that
    the hashes of copies are those of others: `carepath verify` would say so, a page does not look.
    """
    drawn = min(patients, DRAWN)
    histories = (Recording.of_history(one.id, one.story, "bench") for one in cohort(drawn, 1, now.date()))
    for answer in record_many(
        database, histories, recorder="bench", now=now, derive=shipped(database), jobs=2
    ):
        assert not isinstance(answer, NotRecorded), answer
    for first in range(drawn, patients, drawn):
        with database.writing() as connection:
            again(connection, min(drawn, patients - first), first)
    share = mine or patients // len(people)
    starts = [1 + share * place for place in range(len(people))]
    shares = [range(one, other) for one, other in zip(starts, [*starts[1:], patients + 1], strict=True)]
    with database.writing() as connection:
        for entry in (*(Person(name=one) for one in people), Site(zone="UTC", lead=people[-1])):
            say(connection, entry, recorder="bench", now=now)
        for name, numbers in zip(people, shares, strict=True):
            _give(connection, name, numbers, now)
        secrets = [_signed_in(connection, name, now) for name in people]
    seal_all(database, now)  # as an import does at its end
    return secrets, shares


def again(connection: Connection, number: int, first: int) -> None:
    """The first patients, so many, once more with numbers that are higher by `first`; each is somebody else.

    Raises AssertionError where the numbers of those drawn have gaps.
    """
    for table in (tables.patient, *_FOLLOWING):
        key = "id" if table is tables.patient else "patient_id"
        columns = [one for one in table.c if one.name != "source_id"]
        values = [one + first if one.name == key else one for one in columns]
        chosen = select(*values).where(table.c[key] <= number)
        connection.execute(insert(table).from_select([one.name for one in columns], chosen))
    there = select(func.count()).where(tables.patient.c.id.between(first + 1, first + number))
    assert connection.execute(there).scalar_one() == number
    kept = vault_of(connection)
    people = {n: PatientPerson(f"C{n:07}") for n in range(first + 1, first + number + 1)}
    sealed = [(n, *kept.sealed(n, one)) for n, one in people.items()]
    rows = [{"patient_id": n, "key": key, "sealed": secret} for n, key, secret in sealed]
    connection.execute(insert(tables.vault), rows)
    found = [(n, *one) for n, person in people.items() for one in kept.indexes(person)]
    rows = [{"patient_id": n, "kind": kind, "blind": blind} for n, kind, blind in found]
    connection.execute(insert(tables.lookup), rows)


_FOLLOWING: Final = (
    tables.ledger,
    tables.tracking,
    tables.standing,
    tables.due_item,
    tables.deviation,
    tables.snapshot,
    outlook,
)
"""What there is about a patient beside who it is."""


def _give(connection: Connection, owner: str, numbers: range, now: datetime) -> None:
    """Say whose patients these are: of the first as people do, of the others in bulk."""
    say(connection, Assigned(owner=owner), patient_id=numbers[0], recorder="bench", now=now)
    said = desk_table.c.patient_id == numbers[0]
    row = connection.execute(select(desk_table).where(said)).mappings().one()
    rows = [{**row, "number": row["number"] + n, "patient_id": numbers[n]} for n in range(1, len(numbers))]
    if rows:
        connection.execute(insert(desk_table), rows)
    for column in (tables.patient.c.id, tables.tracking.c.patient_id):
        theirs = column.between(numbers[0], numbers[-1])
        connection.execute(update(column.table).where(theirs).values(owner=owner))


def _signed_in(connection: Any, name: str, now: datetime) -> str:
    account = accounts.add(connection, name, ["coordinator"], "benchmarks only", now, must_change=False)
    return accounts.begin(connection, account, now, "bench")


def list_parts(
    database: Database, place: Place, owners: tuple[str | None, ...] | None, now: datetime
) -> dict[str, Any]:
    """What the tracking list is made of, each to be run by itself."""
    closed = closed_states()
    scope, ticked = Scope(now.date(), closed, owners), Ticked(due=OPEN)

    def asked() -> list[desk_list.Row]:
        with database.reading() as connection:
            by = outlooks.by(connection, now.date())
            rows = desk_list.page(connection, scope, by, ticked)
            tallied(connection, scope, by)
        return rows

    numbers = [row.number for row in asked()]

    def worked_out() -> None:
        with database.reading() as connection:
            dict(overviews(connection, connection, numbers, place.site(connection), now.date()))
            desk.last_comments(connection, numbers, worklist.parts(connection, numbers))

    return {"asked of the database": asked, "worked out for 50 rows": worked_out}
