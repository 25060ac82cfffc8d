"""A small site, folded from what was said about it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from coordination.entries import Assigned, Entry, Person, Site, Team
from coordination.patient_desk import PatientDesk
from coordination.site_desk import SiteDesk
from store.desk import Said

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
TODAY = NOON.date()
OFFICE = (
    Person(name="anna"),
    Person(name="ben"),
    Person(name="lena", role="lead"),
    Team(name="ward", members=("anna", "ben"), lead="lena"),
)


def day(text: str) -> date:
    return date.fromisoformat(f"2025-{text}")


def said(*entries: Entry, at: datetime = NOON) -> list[Said]:
    return [Said(n, at, "anna", one.kind, None, one.payload()) for n, one in enumerate(entries, 1)]


def site(*entries: Entry) -> SiteDesk:
    """The office, after these things were said as well."""
    return SiteDesk.of(said(Site(zone="Europe/Berlin"), *OFFICE, *entries))


def patient(*entries: Entry, owner: str | None = "anna") -> PatientDesk:
    """A patient of somebody, after these things were said about them."""
    return PatientDesk.of(said(Assigned(owner=owner), *entries))
