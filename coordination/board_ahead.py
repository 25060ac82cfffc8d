"""The next meeting for which a patient is listed, and how much of what its question needs is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from coordination.board_duties import day_of, standing
from coordination.boards import Seen
from coordination.patient_desk import Listing, PatientDesk
from coordination.site_desk import SiteDesk


@dataclass(frozen=True, slots=True)
class BoardAhead:
    """The day of a meeting and its board; so many of so many data are there (None: not worked out)."""

    on: date
    board: str
    ready: int | None = None
    needed: int | None = None

    @property
    def whole(self) -> bool | None:
        """Whether all of it is there; None: not worked out."""
        return None if self.ready is None else self.ready == self.needed


def board_ahead(
    site: SiteDesk, said: PatientDesk, today: date, seen: Callable[[], Seen | None] = lambda: None
) -> BoardAhead | None:
    """The next one; None of who is on no list. `seen` tells what is known, where that is asked."""
    there = [listing for _, listing in standing(site, said, today)]
    if not there:
        return None
    listing = min(there, key=lambda one: (day_of(site, one), one.entry.board, one.entry.question))
    ahead = BoardAhead(day_of(site, listing), listing.entry.board)
    known = seen()
    return _with_readiness(ahead, known, site, listing) if known else ahead


def _with_readiness(ahead: BoardAhead, seen: Seen, site: SiteDesk, listing: Listing) -> BoardAhead:
    said = listing.entry
    found = seen.readiness(site, said.question, said.pathway, said.step)
    needed = len(found.data)
    return replace(ahead, ready=needed - len(found.missing), needed=needed)
