"""What was said at the desk about who works on what: appended, read back in order, never changed.

It stands apart from the ledger: it moves no patient through a pathway, and no entry of the ledger rests on
it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, delete, func, insert, select, update

from store import tallies
from store.batches import batches
from store.canonical import canonical
from store.parts import Renamed, renamed
from store.prepared import Prepared
from store.tables import patient, site, tracking
from store.work_tables import desk, outlook

ASSIGNED: Final = "assigned"
"""The kind of the entry that says whose patient somebody is, as `owner` (null: nobody's)."""

COMMENT: Final = "comment"
"""The kind of the entry that notes something about a patient."""

WITHOUT_NOTICES: Final = ("calendar_address", COMMENT, "minutes_signed", "phrase")
"""The kinds of entries from which nothing follows for notices."""


class Said(NamedTuple):
    """One entry; `at` has the offset of the place where it was said. `lent`: it was said under a record that
    became part of this one.
    """

    number: int
    at: datetime
    recorder: str
    kind: str
    patient_id: int | None
    payload: Mapping[str, Any]
    lent: bool = False


def say(
    connection: Connection,
    kind: str,
    payload: Mapping[str, object],
    *,
    patient_id: int | None,
    recorder: str,
    now: datetime,
) -> None:
    """Append an entry. Where something follows from it for notices, those of the patient, or of all where it
    is about the site, are planned anew, and what lies ahead of the patient is worked out anew.

    Entries about the site are said one after the other, so that who has seen one has seen those before it.
    """
    if patient_id is None:
        keep_others_off(connection)
    offset = now.utcoffset()
    assert offset is not None, "a moment has an offset"
    row = {
        "at": now.astimezone(UTC),
        "at_offset": int(offset.total_seconds() // 60),
        "recorder": recorder,
        "kind": kind,
        "patient_id": patient_id,
        "payload": canonical(payload),
    }
    number = connection.execute(insert(desk).returning(desk.c.number), row).scalar_one()
    if patient_id is None:
        return
    if kind not in WITHOUT_NOTICES:
        connection.execute(_plan, {"of": patient_id, "number": number})
        forget_outlook(connection, patient_id)
    if kind == ASSIGNED:
        settle_owner(connection, patient_id)


def about(connection: Connection, patient_id: int) -> Iterator[Said]:
    """What was said about a patient, also under the records that are part of this one, in order.

    But whose those were comes first: the record that goes on stays whose it is.
    """
    parts = renamed(connection, patient_id)
    found = _read(connection.execute(_about, {"them": sorted(parts)}))
    return iter(sorted((_here(one, parts) for one in found), key=partial(_place, patient_id)))


def about_each(
    connection: Connection,
    patients: Collection[int],
    parts: Mapping[int, Renamed],
    kinds: Collection[str] = (),
) -> dict[int, list[Said]]:
    """The same of each of these, by number; also under its `parts`, where it has any. With `kinds` only
    entries of these.
    """
    whose = {part: number for number in patients for part in parts.get(number, (number,))}
    found: dict[int, list[Said]] = {number: [] for number in patients}
    query = _about_kinds if kinds else _about
    for some in batches(whose):
        for one in _read(connection.execute(query, {"them": some, "kinds": kinds})):
            if one.patient_id is not None:
                number = whose[one.patient_id]
                found[number].append(_here(one, parts.get(number, {})))
    for number, said in found.items():
        said.sort(key=partial(_place, number))
    return found


def _here(one: Said, parts: Renamed) -> Said:
    """What was said under a part, about events by the ids that they have in the record that goes on."""
    about, names = one.payload.get("about"), parts.get(one.patient_id or 0)
    if not names:
        return one
    one = one._replace(lent=True)
    if not about:
        return one
    anchor = about["anchor"]
    for ids in names:
        anchor = [ids.get(id, id) for id in anchor]
    return one._replace(payload={**one.payload, "about": {**about, "anchor": anchor}})


def _place(number: int, one: Said) -> tuple[bool, int]:
    return one.kind != ASSIGNED or one.patient_id == number, one.number


def of_site(connection: Connection) -> Iterator[Said]:
    """What was said about the site: who works here, absences, calendars, rules."""
    return _read(connection.execute(_of_site))


def forget_outlook(connection: Connection, patient_id: int) -> None:
    """Take away what was worked out to lie ahead of a patient (`outlooks.py`)."""
    if drop_outlook(connection, patient_id):
        _nothing_ahead.run(connection, {"of": patient_id})


def drop_outlook(connection: Connection, patient_id: int) -> bool:
    """The same, but for the row of the list, which says that there is one; answers whether there was."""
    return bool(_forget_outlook.run(connection, {"of": patient_id}))


def settle_owner(connection: Connection, patient_id: int) -> None:
    """Write down whose patient this is by what was said last, also under the records that are part of it."""
    owners = [one.payload["owner"] for one in about(connection, patient_id) if one.kind == ASSIGNED]
    owner = owners[-1] if owners else None
    tallies.goes(connection, patient_id)
    for table, column in ((patient, patient.c.id), (tracking, tracking.c.patient_id)):
        connection.execute(update(table).where(column == patient_id).values(owner=owner))
    tallies.comes(connection, patient_id)


def owners(connection: Connection) -> dict[str, int]:
    """Everybody who has patients, with how many; not the records that are part of others."""
    return {row.owner: row.number for row in connection.execute(_owners)}


def patients_of(connection: Connection, *owners: str) -> list[int]:
    """The patients of these owners, by number."""
    return list(connection.execute(_patients_of, {"whose": owners}).scalars())


def whose(connection: Connection) -> dict[int, str | None]:
    """The owner of each patient, by number; not the records that are part of others."""
    return {row.patient_id: row.owner for row in connection.execute(_whose)}


def owners_of(connection: Connection, patients: Collection[int]) -> dict[int, str | None]:
    """Whose each of these patients is, by number."""
    return {
        number: owner
        for some in batches(patients)
        for number, owner in connection.execute(_owners_of, {"them": some})
    }


def last_comments(
    connection: Connection, patients: Collection[int], parts: Mapping[int, Renamed]
) -> dict[int, Said]:
    """The last comment on each of these, by number, where there is one; also under its `parts`."""
    whose = {part: number for number in patients for part in parts.get(number, (number,))}
    found: dict[int, Said] = {}
    for some in batches(whose):
        for one in _read(connection.execute(_last_comments, {"them": some})):
            number = whose[one.patient_id or 0]
            found[number] = max(one, found.get(number, one), key=lambda said: said.number)
    return found


def given_since(connection: Connection, moment: datetime) -> set[int]:
    """The patients, by number, of whom it was said from a moment on whose they are."""
    return set(connection.execute(_given, {"since": moment.astimezone(UTC)}).scalars())


def keep_others_off(connection: Connection) -> None:
    """Let nobody else say anything about the site before this transaction ends."""
    connection.execute(select(site.c.schema_version).with_for_update())


def state_of_site(connection: Connection) -> tuple[int, int]:
    """The highest number of an entry about the site, and how many there are: another after each entry."""
    last, number = connection.execute(_state_of_site).one()
    return last or 0, number


def last_about(connection: Connection, patient_id: int) -> int:
    """The highest number of what was said about a patient, as `about` reads it; 0: nothing was."""
    found = connection.execute(_last_about, {"them": sorted(renamed(connection, patient_id))}).scalar()
    return found or 0


def _read(rows: Any) -> Iterator[Said]:
    for row in rows:
        place = timezone(timedelta(minutes=row.at_offset))
        at = row.at.astimezone(place)
        yield Said(row.number, at, row.recorder, row.kind, row.patient_id, json.loads(row.payload))


_about = select(desk).where(desk.c.patient_id.in_(bindparam("them", expanding=True))).order_by(desk.c.number)
_about_kinds = _about.where(desk.c.kind.in_(bindparam("kinds", expanding=True)))
_last_about = select(func.max(desk.c.number)).where(desk.c.patient_id.in_(bindparam("them", expanding=True)))
_commented = (
    select(func.max(desk.c.number))
    .where(desk.c.patient_id.in_(bindparam("them", expanding=True)), desk.c.kind == COMMENT)
    .group_by(desk.c.patient_id)
)
_last_comments = select(desk).where(desk.c.number.in_(_commented))
_owners_of = select(patient.c.id, patient.c.owner).where(patient.c.id.in_(bindparam("them", expanding=True)))
OF_SITE: Final = and_(desk.c.patient_id.is_(None), desk.c.number > 0)
"""What is said about no patient. Each number is above 0: so SQLite takes the index of just these."""
_state_of_site = select(func.max(desk.c.number), func.count()).where(OF_SITE)
last_for_notices = (
    select(func.coalesce(func.max(desk.c.number), 0))
    .where(OF_SITE, desk.c.kind.not_in(WITHOUT_NOTICES))
    .scalar_subquery()
)
"""The number of the last entry about the site from which something follows for notices; 0: none."""
_of_site = select(desk).where(OF_SITE).order_by(desk.c.number)
_again = -bindparam("number", type_=Integer)
"""Another number for each entry, so that who is planning meanwhile sees that it was in vain."""
_plan = update(patient).where(patient.c.id == bindparam("of")).values(planned_sequence=_again)
_forget_outlook = Prepared(delete(outlook).where(outlook.c.patient_id == bindparam("of")))
_nothing_ahead = Prepared(
    update(tracking).where(tracking.c.patient_id == bindparam("of")).values(ahead_until=date.min), ()
)
_owners = (
    select(tracking.c.owner, func.count().label("number"))
    .where(tracking.c.owner.is_not(None))
    .group_by(tracking.c.owner)
)
_patients_of = (
    select(tracking.c.patient_id)
    .where(tracking.c.owner.in_(bindparam("whose", expanding=True)))
    .order_by(tracking.c.patient_id)
)
_given = select(desk.c.patient_id).where(desk.c.kind == ASSIGNED, desk.c.at >= bindparam("since"))
_whose = select(tracking.c.patient_id, tracking.c.owner).order_by(tracking.c.patient_id)
