"""What stands in the calendar of a person, a team or a board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from coordination.on_lists import on_lists
from coordination.site_desk import SiteDesk
from notifications.calendar_feed import Occasion
from notifications.inbox import owners
from notifications.occasions import of_board, of_owner
from store import desk
from store.derivation import Derivation


def occasions(connection: Connection, name: str, *, now: datetime, derive: Derivation) -> Iterator[Occasion]:
    """The entries of the calendar of this name, in the language of the person, else of the site."""
    entries = list(desk.of_site(connection))
    site = SiteDesk.of(entries)
    if name in site.boards:
        return of_board(entries, name, now, on_lists(connection, name), site.site.language)
    person = site.people.get(name)
    language = person.language if person else site.site.language
    return of_owner(connection, {name, *owners(site, name)}, language=language, now=now, derive=derive)
