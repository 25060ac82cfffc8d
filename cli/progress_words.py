"""How far a due item has come, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def progress_words(report: Mapping[str, Any] | None) -> str:
    """How far an item has come, and what of it is to be chased; nothing where nobody said anything."""
    if report is None:
        return ""
    status, day, on = report["status"], report["day"], report["on"]
    at = f", {report['place']}" if report["place"] else ""
    because = f": {report['reason']}" if report["reason"] else ""
    return {
        "ordered": f"ordered on {day}, not done",
        "booked": f"booked for {on}{at}" if on else f"booked{at}, no day told",
        "not_attended": f"not attended on {on or day}{because}",
        "done": f"done on {on or day}, not reported",
        "reported": f"reported on {on or day}, not acted on",
        "acted_on": f"acted on, {on or day}, but the event is not recorded",
        "deferred": f"deferred until {on}{because}" if on else f"deferred{because}, no day told",
    }.get(status, f"{status} on {day}{because or ', no reason told'}, so it stays due")
