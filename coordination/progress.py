"""How far each due item has come by what people reported, and what holds back notices about a patient.

Source: pathway-outline.md R17 (pause, transfer, loss to follow-up) and R18 (task_progress changes no state
and fulfils no timer). What is not done, not reported and not acted upon are three different things to
chase.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from coordination.due_items import Dated
from coordination.entries import Item, Site
from coordination.putting_off import latest
from coordination.reasons import pause_words, refusal_words
from engine.calendar import later
from engine.event import Event, Moment, Story
from engine.history import Ledger
from engine.snapshot import TimerItem
from pathways.worded import worded

STAGES: Final = ("ordered", "booked", "not_attended", "done", "reported", "acted_on")
"""What somebody reported of a due item that is still to be settled by the clinical event itself."""

REFUSALS: Final = ("declined", "contraindicated", "deferred")
"""What needs a reason; the first two end a due item, the third puts it off."""

DATED: Final = frozenset({"booked", "deferred"})
"""What needs a day that lies ahead: that of the appointment, or until when it is deferred."""

Chase = Literal["not_done", "not_reported", "not_acted_on", "not_recorded"]
CHASES: Final[Mapping[str, Chase]] = {
    "done": "not_reported",
    "reported": "not_acted_on",
    "acted_on": "not_recorded",
}
"""By stage, what is still to be chased; where nothing of the kind was reported, that it is done at all."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The latest report on a due item: `on` is the appointment where it is booked, or until when deferred.

    `event` is the id of the entry.
    """

    status: str
    day: date
    on: date | None = None
    place: str | None = None
    reason: str | None = None
    event: str = field(default="", compare=False)
    latest: date = date.max
    """The last day for which the site waits."""

    @property
    def put_off(self) -> date | None:
        """The day before which nothing is expected: that of an appointment, or until when it is deferred."""
        return min(self.on, self.latest) if self.on and self.status in ("booked", "deferred") else None

    @property
    def comes_back(self) -> date | None:
        """The day from which it is chased again: the one after an appointment, or that of a deferral."""
        day = self.put_off
        return later(day, 1) if day and self.status == "booked" else day

    @property
    def words(self) -> str:
        """That it is not to be done, and why."""
        return worded(
            "{status} on {day}: {reason}", status=worded(self.status), day=self.day, reason=self.reason
        )


def chase(report: Progress | None) -> Chase:
    """What is to be chased of an item that is not settled."""
    return CHASES.get(report.status, "not_done") if report else "not_done"


@dataclass(frozen=True, slots=True)
class Held:
    """What was recorded about a patient that concerns every notice."""

    paused_on: date | None = None
    paused_because: str = ""
    lost_on: date | None = None
    transferred_on: date | None = None
    died_on: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()
    """From the first day of each pause to the day of resumption, which is none of it; None: it lasts."""

    def paused_days(self, first: date, last: date) -> int:
        """How many of the days from the first to the last, which is not counted, notices were paused."""
        spans = ((min(ended or last, last) - max(begun, first)).days for begun, ended in self.pauses)
        return sum(days for days in spans if days > 0)


USUAL: Final = Site()
"""A site that has said nothing."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The reports there were, in their order, and the days of all events by their id; at which site."""

    reports: tuple[Event, ...] = ()
    days: Mapping[str, date] = field(default_factory=dict)
    site: Site = USUAL

    @classmethod
    def of(cls, events: Iterable[Event], site: Site = USUAL) -> Reported:
        """From the events known, in their order; a later report takes the place of one before."""
        found = list(events)
        reports = tuple(one for one in found if one.type == "task_progress")
        return cls(reports, {one.id: one.day for one in found} if reports else {}, site)

    def about(self, about: Item, timers: Mapping[Item, Dated]) -> Progress | None:
        """The latest report on one due item, among all of the patient, settled ones too."""
        closed = False
        for one in reversed(self.reports):
            if one.fields.get("item") != about.item:
                continue
            due = one.fields.get("due")
            if due == about.due:
                return None if _ends(one) else self._progress(one, about.due)
            if due is None and _ends(one):
                closed = True  # what was reported before it was about the one that it ended
            elif due is None and not closed and about.due == self._earliest(about.item, one.day, timers):
                return self._progress(one, about.due)
        return None

    def refusal(self, about: Item, timers: Mapping[Item, Dated]) -> Progress | None:
        """The report by which a due item was given up: each ends the first of its name it can be about."""
        ended: dict[Item, Event] = {}
        for report in filter(_ends, self.reports):
            due = report.fields.get("due")
            given_up = [
                one
                for one, timer in timers.items()
                if one.item == report.fields.get("item")
                and timer.status == "cancelled"
                and due in (None, one.due)
            ]
            if left := [one for one in given_up if one not in ended]:
                ended[min(left, key=lambda one: one.due)] = report
        return self._progress(ended[about], about.due) if about in ended else None

    def of_step(self, step: Item) -> Progress | None:
        """The latest report on a step that may be taken, since the day from which it could be worked on."""
        latest = self._latest_of(step)
        return self._progress(latest, step.due) if latest else None

    def refused(self, step: Item) -> bool:
        """Whether a step was declined or is contraindicated, with a reason: nobody is to be asked again."""
        latest = self._latest_of(step)
        return latest is not None and _ends(latest)

    @property
    def given_up(self) -> Iterator[date]:
        """The days on which something was declined or found contraindicated."""
        return (one.day for one in self.reports if _ends(one))

    def _latest_of(self, step: Item) -> Event | None:
        found = (one for one in reversed(self.reports) if one.fields.get("item") == step.item)
        return next((one for one in found if one.day >= step.due), None)

    def reports_on(self, about: Item, timers: Mapping[Item, Dated]) -> Iterator[Progress]:
        """Every report on one due item or step, the latest last."""
        for one in self.reports:
            due = one.fields.get("due") or self._earliest(about.item, one.day, timers) or about.due
            if (one.fields.get("item"), due) == (about.item, about.due):
                yield self._progress(one, about.due)

    def answers(self, about: Item, timers: Mapping[Item, Dated]) -> Iterator[datetime]:
        """The moments at which reports on one due item were recorded."""
        for one in self.reports:
            due = one.fields.get("due") or self._earliest(about.item, one.day, timers)
            if (one.fields.get("item"), due) == (about.item, about.due) and isinstance(
                one.recorded, datetime
            ):
                yield one.recorded

    def _progress(self, event: Event, due: date) -> Progress:
        said = event.fields
        reason = refusal_words(_text(said.get("reason_code")), _text(said.get("reason")))
        on, place = _day(said.get("on")), _text(said.get("place"))
        most = latest(self.site, event.day, due)
        return Progress(str(said["status"]), event.day, on, place, reason, event.id, most)

    def _earliest(self, item: str, day: date, timers: Mapping[Item, Dated]) -> date | None:
        """The due date that a report of a day is about which names none: the first not done by then."""
        there = (
            one.due
            for one, timer in timers.items()
            if one.item == item and timer.status != "cancelled" and self._was_open(timer, day)
        )
        return min(there, default=None)

    def _was_open(self, timer: Dated, day: date) -> bool:
        done = timer.done_on if isinstance(timer, TimerItem) else None
        begun = all(self.days.get(id, day) <= day for id in timer.anchor)
        return begun and (done is None or done > day)


def due_named(about: Item, there: Iterable[Item]) -> date | None:
    """The day a report names: of a series the date, unless it is the earliest, as that holds also when its
    date is corrected.
    """
    others = [one.due for one in there if (one.pathway, one.item) == (about.pathway, about.item)]
    return about.due if others and about.due != min(others) else None


def _ends(report: Event) -> bool:
    """Whether it ends an item: declined or contraindicated, with a reason (R18)."""
    reasoned = report.fields.get("reason") or report.fields.get("reason_code")
    return report.fields.get("status") in ("declined", "contraindicated") and bool(reasoned)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def known(story: Story, known_at: Moment, day: date) -> list[Event]:
    """The events that an answer for a day rests on: what was recorded by a moment and happened by the day."""
    now = Ledger(story, known_at).now
    return now.events[: now.until(day)]


def held(events: Iterable[Event]) -> Held:
    """What holds notices back as of the last of these events, which stand in their order."""
    paused_on: date | None = None
    because = ""
    pauses: list[tuple[date, date | None]] = []
    days: dict[str, date] = {}
    for one in events:
        if one.type == "pathway_paused":
            paused_on, because = paused_on or one.day, pause_words(str(one.fields.get("reason") or ""))
        elif one.type == "pathway_resumed":
            if paused_on:
                pauses.append((paused_on, one.day))
            paused_on, because = None, ""
        elif one.type in ("lost_to_follow_up", "transferred", "death"):
            days[one.type] = one.day
        elif one.type == "withdrawal_revoked":
            days.pop("transferred", None)
        elif one.type not in _WITHOUT_THE_PATIENT and one.day > days.get("lost_to_follow_up", one.day):
            days.pop("lost_to_follow_up", None)
    return Held(
        paused_on,
        because,
        days.get("lost_to_follow_up"),
        days.get("transferred"),
        days.get("death"),
        (*pauses, *([(paused_on, None)] if paused_on else [])),
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
