"""Whom boards may have to see, from the kept rows: who stands where a board is asked for, who is listed.

It only narrows down: whether a board is asked for is told by the answer itself.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import BindParameter, Connection, bindparam, exists, false, not_, or_, select, tuple_, union

from store import candidacies
from store.parts import outermost, part_of
from store.tables import snapshot, standing
from store.work_tables import candidacy, desk

LISTING = ("listed", "postponed")
"""The kinds of entries by which somebody is on the list of a board, or comes back to it."""


def standing_at(connection: Connection, states: Collection[tuple[str, str]]) -> list[int]:
    """The patients, by number, who stand in one of these states, each with the key of its pathway; who has
    been there longest comes first.
    """
    found = connection.execute(_standing, {"states": sorted(states)}) if states else ()
    since: dict[int, date] = {}
    for number, entered_on in found:
        since[number] = min(entered_on or date.max, since.get(number, date.max))
    return sorted(since, key=lambda number: (since[number], number))


def may_be_asked(connection: Connection, guards: Collection[str], day: date) -> list[int]:
    """The patients of whom it is known that a board is to be asked about them, and those of whom it is not
    known, and one of these conditions alone holds a step back.
    """
    known = exists().where(candidacy.c.patient_id == snapshot.c.patient_id, candidacies.is_right())
    wanted = [snapshot.c.body.contains(f',false,["{guard}"],') for guard in sorted(guards)]
    unknown = select(snapshot.c.patient_id).where(not_(known), or_(false(), *wanted))
    asked = select(candidacy.c.patient_id).where(candidacy.c.asked, candidacies.is_right())
    found = union(asked, unknown)
    return sorted(connection.execute(found, {"day": day}).scalars())


def listed(connection: Connection) -> set[int]:
    """The patients of whom it was ever said that they are on the list of a board; of records that were merged
    the one that goes on.
    """
    numbers = set(connection.execute(_listed).scalars())
    away = part_of(connection, numbers)
    return {outermost(connection, one) if one in away else one for one in numbers}


_states: BindParameter[list[tuple[str, str]]] = bindparam("states", expanding=True)
_standing = select(standing.c.patient_id, standing.c.entered_on).where(
    tuple_(standing.c.pathway, standing.c.state).in_(_states)
)
_listed = select(desk.c.patient_id).where(desk.c.kind.in_(LISTING)).distinct()
