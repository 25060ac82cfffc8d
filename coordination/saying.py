"""Saying something at the desk: checked against who is there, then appended in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from coordination.entries import Entry
from coordination.fitting import check
from coordination.site_desk import SiteDesk
from store import desk, identities
from store.desk import Said
from store.errors import MergedAway, UnknownPatient
from store.naming import check_names_nobody
from store.parts import part_of


def say(
    connection: Connection, entry: Entry, *, patient_id: int | None = None, recorder: str, now: datetime
) -> None:
    """Append an entry about the site, or about a patient whose row the caller has locked."""
    desk.say(connection, entry.kind, entry.payload(), patient_id=patient_id, recorder=recorder, now=now)


def say_about(
    connection: Connection,
    patients: Sequence[int],
    entries: Callable[[int], Iterable[Entry]],
    texts: Mapping[str, str],
    *,
    recorder: str,
    now: datetime,
) -> None:
    """Say something about each of these patients, by number: about all of them, or about none.

    `texts` are the words in it, by field: they may name none of the patients. Raises Refused where they do,
    MergedAway for a record that is part of another, and UnknownPatient.
    """
    references = [f"{identities.NUMBERED}{number}" for number in patients]
    identities.lock(connection, references)
    if not all(identities.find(connection, one, to_write=True) for one in references):
        raise UnknownPatient
    for into in part_of(connection, patients).values():
        raise MergedAway(into)
    for field, text in texts.items():
        check_names_nobody(connection, text, *references, field=field, stays="after erasure")
    for number in patients:
        for entry in entries(number):
            say(connection, entry, patient_id=number, recorder=recorder, now=now)


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
