"""The lists brought up to today before they are shown: what time has done since they were last derived."""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import Final

from coordination import outlook
from pathways.titles import closed_states
from store import tallies
from store.errors import Busy, StoreError
from store.refresh import derived_anew, overtaken
from web.visit import Visit

log = logging.getLogger("carepath.web")

AT_ONCE: Final = 300
"""Patients for whose derivation a person waits: well under a second."""


def freshen(visit: Visit) -> int:
    """Derive anew whom time has overtaken; where those are many, beside the page. Answers how many rows of
    the list are still those of an earlier day.
    """
    late = overtaken(visit.database, visit.here)
    if len(late) > AT_ONCE:
        _beside(visit, late)
    elif late:
        with contextlib.suppress(Busy):  # somebody else is writing: perhaps the same rows
            list(derived_anew(visit.database, late, now=visit.here, derive=visit.place.derive))
            late = overtaken(visit.database, visit.here)
    with contextlib.suppress(Busy):
        tallies.bring_up_to_date(visit.database, visit.today)
        outlook.bring_up_to_date(
            visit.database, visit.database, visit.reckoning, closed_states(), visit.place.site
        )
    return len(late)


_one_at_a_time: Final = threading.Lock()


def _beside(visit: Visit, late: list[int]) -> None:
    """Let another thread do it, unless one does already."""
    if not _one_at_a_time.acquire(blocking=False):
        return

    def derive() -> None:
        try:
            for _ in derived_anew(visit.database, late, now=visit.here, derive=visit.place.derive):
                pass
        except StoreError as error:
            log.error("rows could not be derived anew: %s", type(error).__name__)
        finally:
            _one_at_a_time.release()

    threading.Thread(target=derive, name="rows", daemon=True).start()
