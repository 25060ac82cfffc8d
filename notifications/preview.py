"""What a person's next digest would say if it left now. Nothing is sent, and nothing is changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coordination.entries import Person
from coordination.site_desk import SiteDesk
from notifications.deliver import check, still_open
from notifications.messages import Words, words
from store import letters
from store.database import Database
from store.derivation import Derivation
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class Preview:
    """The words of the digest, and how many patients it tells about; none: none would leave."""

    words: Words | None
    patients: int


def preview(
    database: Database,
    person: Person,
    *,
    now: datetime,
    derive: Derivation,
    templates: Path | None = None,
    only: Collection[int] | None = None,
) -> Preview:
    """The next digest by what has come up so far; `only` about these patients, by number.

    Raises jinja2.TemplateError for a site's template.
    """
    with database.reading() as connection:
        site = SiteDesk.read(connection)
        here = now.astimezone(site.site.time_zone)
        ahead = letters.ahead(connection, person.name)
        rows = [
            one for one in ahead if one.rung not in person.singly and (only is None or one.patient_id in only)
        ]
        told = check(connection, rows, person, site, Reckoning.at(here, derive), here).told
        also = still_open(connection, site, person, here) if only is None else None
    if not told:
        return Preview(None, 0)
    said = words(person, site.site, told, "digest", here, also, templates)
    return Preview(said, len({one.reference for one in told}))
