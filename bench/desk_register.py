"""A simulated register at which people work, for the benchmarks of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coordination.entries import Assigned, Person, Site
from coordination.outlook import overviews
from coordination.saying import say
from pathways.titles import closed_states
from simulation.cohort import cohort
from store import accounts, desk, desk_list, identities, outlooks, worklist
from store.database import Database
from store.desk_list import Scope, Ticked
from store.desk_list_counts import tallied
from store.library import shipped
from store.record import record_many
from store.recording import NotRecorded, Recording
from web.place import Place
from web.shown.tracking_lines import OPEN


def register(
    database: Database, patients: int, people: Sequence[str], now: datetime, mine: int | None = None
) -> tuple[list[str], list[range]]:
    """Record simulated patients and give each an owner; answers the secrets of people's sign-ins, and the
    numbers of their patients. With `mine` all but the last have so many, else all have the same.
    """
    drawn = cohort(patients, 1, now.date())
    histories = (Recording.of_history(one.id, one.story, "bench") for one in drawn)
    for answer in record_many(
        database, histories, recorder="bench", now=now, derive=shipped(database), jobs=2
    ):
        assert not isinstance(answer, NotRecorded), answer
    share = mine or patients // len(people)
    starts = [1 + share * place for place in range(len(people))]
    shares = [range(one, other) for one, other in zip(starts, [*starts[1:], patients + 1], strict=True)]
    with database.writing() as connection:
        assert sorted(identities.references(connection).values()) == list(range(1, patients + 1))
        for entry in (*(Person(name=one) for one in people), Site(zone="UTC", lead=people[-1])):
            say(connection, entry, recorder="bench", now=now)
        for name, numbers in zip(people, shares, strict=True):
            for number in numbers:
                say(connection, Assigned(owner=name), patient_id=number, recorder="bench", now=now)
        return [_signed_in(connection, name, now) for name in people], shares


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
