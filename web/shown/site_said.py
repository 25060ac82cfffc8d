"""What is said about the site, only upon what was seen of it; it stands in the access log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from coordination.entries import Entry
from coordination.saying import arrange
from coordination.site_desk import SiteDesk
from store import access
from store.access import Look
from store.canonical import canonical, digest
from web.shown.site_kinds import Kind
from web.visit import Visit

_NAMED: Final = ("name", "person", "first", "pathway", "item")
"""Fields that the log tells: which entry it was, not what it says."""


def mark(entry: Entry | None) -> str:
    """What stands, in short: another mark once it is altered."""
    return digest(canonical(entry.payload()))[:16] if entry else ""


def key_of(kind: Kind, entry: Entry) -> Mapping[str, str]:
    """What names an entry among those of its kind."""
    return {name: str(getattr(entry, name) or "") for name in kind.key}


def arranged(
    connection: Connection, visit: Visit, kind: Kind, after: Entry, check: Callable[[Entry | None], None]
) -> None:
    """Say it. `check` is given what stands, and raises where that is not what was seen. Raises Unfit."""
    key = key_of(kind, after)

    def change(site: SiteDesk) -> Entry:
        check(kind.find(site, key))
        return after

    arrange(connection, change, recorder=visit.account.name, now=visit.now)
    about = {name: str(value) for name, value in after.payload().items() if name in _NAMED and value}
    access.append_within(
        connection, Look(visit.account.name, visit.way, f"desk {after.kind}", None, about), visit.now
    )
