"""How far each due item has come by what people reported, and what holds back notices about a patient.

Source: pathway-outline.md R17 (pause, transfer, loss to follow-up) and R18 (task_progress changes no state
and fulfils no timer). What is not done, not reported and not acted upon are three different things to
chase.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.event import Event

STAGES: Final = ("ordered", "booked", "not_attended", "done", "reported", "acted_on")
"""What somebody reported of a due item that is still to be settled by the clinical event itself."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The latest report on a due item: `on` is the appointment where it is booked, or until when deferred."""

    status: str
    day: date
    on: date | None = None
    place: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What was recorded about a patient that concerns every notice."""

    paused_on: date | None = None
    paused_because: str = ""
    lost_on: date | None = None
    transferred_on: date | None = None
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """Reports by timer or step, and by the date of a series they name (None: the earliest not done)."""

    by_item: dict[tuple[str, date | None], Progress] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Reported:
        """From the events known, in their order; a later report takes the place of one before."""
        found: dict[tuple[str, date | None], Progress] = {}
        for one in events:
            if one.type == "task_progress":
                said = one.fields
                reason = said.get("reason") or said.get("reason_code")
                on, place, due = said.get("on"), said.get("place"), said.get("due")
                told = Progress(str(said["status"]), one.day, _day(on), _text(place), _text(reason))
                found[str(said["item"]), _day(due)] = told
        return cls(found)

    def about(self, item: str, due: date, dues: Sequence[date]) -> Progress | None:
        """The report on one date of an item whose open dates are `dues`: by that date, else on the
        earliest.
        """
        named = self.by_item.get((item, due))
        return named or (self.by_item.get((item, None)) if due == min(dues, default=due) else None)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def held(events: Iterable[Event]) -> Held:
    """What holds notices back as of the last of these events, which stand in their order."""
    paused: Event | None = None
    days: dict[str, date] = {}
    for one in events:
        if one.type == "pathway_paused":
            paused = one
        elif one.type == "pathway_resumed":
            paused = None
        elif one.type in ("lost_to_follow_up", "transferred", "death"):
            days[one.type] = one.day
        elif one.type == "withdrawal_revoked":
            days.pop("transferred", None)
        elif one.type not in _WITHOUT_THE_PATIENT and one.day > days.get("lost_to_follow_up", one.day):
            days.pop("lost_to_follow_up", None)
    return Held(
        paused.day if paused else None,
        str(paused.fields.get("reason") or "") if paused else "",
        days.get("lost_to_follow_up"),
        days.get("transferred"),
        days.get("death"),
    )


_WITHOUT_THE_PATIENT: Final = frozenset(
    {
        "task_progress",
        "pathway_paused",
        "pathway_resumed",
        "withdrawal",
        "board_held",
        "correction",
        "retraction",
    }
)
"""What can be recorded about a patient nobody sees; whoever is seen again later is not lost."""
