"""The law of what is kept of what lies ahead: whatever counts as right is what is worked out anew."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from coordination.outlook import Overview, overviews, row
from coordination.site_desk import SiteDesk
from coordination.track import tracks
from store import outlooks
from store.database import Database
from store.outlooks import Kept
from store.tables import tracking


def right(database: Database, day: date) -> dict[int, Kept]:
    """What counts as right on a day, by patient, once it was compared with what is worked out anew."""
    with database.reading() as connection:
        site, now = SiteDesk.read(connection), outlooks.by(connection, day)
        patients = list(connection.execute(select(tracking.c.patient_id)).scalars())
        found = {one.patient_id: one for one in outlooks.right(connection, patients, now)}
        wakes = outlooks.wakes(connection, found)
        anew = dict(tracks(connection, connection, list(found), site, day))
        assert dict(overviews(connection, connection, list(found), site, day)) == {
            number: Overview.of(one, day) for number, one in anew.items()
        }
        for number, kept in found.items():
            made = row(number, anew[number], now, wakes[number])
            assert made._replace(made_on=kept.made_on, site=kept.site) == kept
        return found
