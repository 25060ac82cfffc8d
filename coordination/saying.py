"""Saying something at the desk: checked against who is there, then appended in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from coordination.entries import Entry
from coordination.fitting import check
from coordination.site_desk import SiteDesk
from store import desk
from store.desk import Said


def say(
    connection: Connection, entry: Entry, *, patient_id: int | None = None, recorder: str, now: datetime
) -> None:
    """Append an entry about the site, or about a patient whose row the caller has locked."""
    desk.say(connection, entry.kind, entry.payload(), patient_id=patient_id, recorder=recorder, now=now)


def as_it_stays(connection: Connection) -> SiteDesk:
    """What stands at the site, about which nobody says anything else before this transaction ends."""
    desk.keep_others_off(connection)
    return SiteDesk.read(connection)


def arrange(
    connection: Connection, change: Callable[[SiteDesk], Entry | None], *, recorder: str, now: datetime
) -> SiteDesk:
    """Say about the site what `change` makes of what stands, while nobody else does.

    Answers what stands then. Where it makes nothing of it, nothing is said. Raises Unfit for what does not
    fit together.
    """
    desk.keep_others_off(connection)
    said = list(desk.of_site(connection))
    before = SiteDesk.of(said)
    entry = change(before)
    if entry is None:
        return before
    after = SiteDesk.of([*said, Said(0, now, recorder, entry.kind, None, entry.payload())])
    check(before, after, desk.owners(connection))
    say(connection, entry, recorder=recorder, now=now)
    return after
