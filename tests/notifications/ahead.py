"""The law of what is kept of what lies ahead: whatever counts as right is what is worked out anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, select

from coordination.outlook import Overview, board_of, overviews, row
from coordination.site_desk import SiteDesk
from coordination.track import tracks
from store import outlooks
from store.database import Database
from store.derivation import Derivation
from store.outlooks import By, Kept
from store.settle import Reckoning
from store.tables import patient, tracking
from store.work_tables import outlook
from tests.store.toy import derivation


def right(
    database: Database, day: date, derive: Derivation = derivation, turn: int = 0, of: int = 1
) -> dict[int, Kept]:
    """What counts as right on a day, by patient, once it was compared with what is worked out anew.

    Of many patients those whose `turn` it is: each has one in `of` looks.
    """
    with database.reading() as connection:
        site, now = SiteDesk.read(connection), outlooks.by(connection, day)
        everybody = connection.execute(select(tracking.c.patient_id)).scalars()
        patients = [id for id in everybody if id % of == turn % of]
        found = {one.patient_id: one for one in outlooks.right(connection, patients, now)}
        wakes = outlooks.wakes(connection, found)
        anew = dict(tracks(connection, connection, list(found), site, day))
        at = Reckoning(day, datetime.combine(day, time(12), UTC), derive)
        boards = {number: board_of(connection, number, one, site, at) for number, one in anew.items()}
        assert dict(overviews(connection, connection, list(found), site, day)) == {
            number: Overview.of(one, day, boards[number]) for number, one in anew.items()
        }
        for number, kept in found.items():
            made = row(number, anew[number], now, wakes[number], boards[number])
            assert made._replace(made_on=kept.made_on, site=kept.site) == kept
        _found_by_an_index(connection, now)
        return found


def _found_by_an_index(connection: Connection, now: By) -> None:
    """Of whom a working date may have passed and what is kept is not right, row by row: where all states are
    such in which a board has decided, and on the first day without a date.
    """
    there = connection.execute(select(tracking)).all()
    kept = {row.patient_id: row.until for row in connection.execute(select(outlook))}
    assert all(row.ahead_until <= kept.get(row.patient_id, date.min) for row in there)
    right = {one.patient_id for one in outlooks.right(connection, [row.patient_id for row in there], now)}
    counted = set(connection.execute(select(patient.c.id).where(patient.c.day_zero.is_not(None))).scalars())
    dated = set(connection.execute(outlooks._with_a_date).scalars())
    may_be = {row.patient_id for row in there if row.rank > 0 or row.patient_id in dated}
    asked = outlooks.not_right(connection, connection, now, 0, (), {row.state for row in there})
    assert asked == sorted(may_be - right - counted)
