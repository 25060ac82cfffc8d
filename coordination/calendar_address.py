"""The secret addresses of calendars: whoever knows one reads that calendar, so only their hashes are kept."""

from __future__ import annotations

import hashlib
import hmac

from coordination.entries import CalendarAddress
from coordination.site_desk import SiteDesk


def path(secret: str) -> str:
    """The address below that of the web application."""
    return f"/calendar/{secret}.ics"


def with_secret(name: str, secret: str | None) -> CalendarAddress:
    """The entry by which a calendar has this secret and no other; none without one."""
    return CalendarAddress(name=name, secret=_hash(secret) if secret else None)


def calendar_at(site: SiteDesk, secret: str) -> str | None:
    """Whose calendar a secret opens; None where it opens none (any more)."""
    hashed = _hash(secret)
    found = (name for name, kept in site.calendar_addresses.items() if hmac.compare_digest(kept, hashed))
    return next(found, None)


def _hash(secret: str) -> str:
    """SHA-256 does for a secret that was made by chance and is long."""
    return hashlib.sha256(secret.encode()).hexdigest()
