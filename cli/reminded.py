"""What is told of the reminders of one patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coordination.entries import Item
    from coordination.site_calendar import SiteCalendar
    from notifications.plan import Effect
    from notifications.present import Present
    from notifications.silence import Because
    from notifications.trail import Trail
    from store.planning import Notice
    from store.trail import Posted

MOST_COMING = 8
"""How many of the notices that come up next are told."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What is told of one patient: of one `day` `only`, or of that and of all there was and is to come."""

    reference: str
    day: date
    only: bool
    calendar: SiteCalendar
    titles: Mapping[str, str]
    trail: Trail
    now: Present | None
    because: Sequence[Because]
    moment: datetime

    @property
    def coming(self) -> list[Effect]:
        """What is told next, if nothing happens until then."""
        if self.now is None:
            return []
        from notifications.decide import promised

        now = self.now
        later = (one for one in now.effects if one.day > now.today and promised(one, now))
        return list(islice(later, MOST_COMING))

    def about(self, notice: Notice) -> Item:
        """The due item of a notice."""
        return self.trail.kept[notice.id].about

    def title(self, about: Item) -> str:
        """What is due in the pathway's words; its code where they are not known."""
        from notifications.titles import title_of

        return title_of(about, self.titles)

    def as_json(self) -> dict[str, Any]:
        told = {"patient": self.reference, "day": str(self.day), "because": [*map(_because, self.because)]}
        if self.only:
            return told
        notices = [self._notice(one) for one in self.trail.notices]
        return {**told, "notices": notices, "coming": [*map(self._effect, self.coming)]}

    def _notice(self, one: Notice) -> dict[str, Any]:
        about = self.about(one)
        return {
            "notice": one.id,
            "day": str(one.day),
            "rung": one.rung,
            **_about(about, self.title(about)),
            "status": one.status,
            "reason": one.reason,
            "settled": _moment(one.settled),
            "messages": [self._message(posted) for posted in self.trail.messages(one.id)],
        }

    def _message(self, one: Posted) -> dict[str, Any]:
        return {
            "message": one.id,
            "to": one.recipient,
            "channel": one.channel,
            "kind": one.kind,
            "status": one.status,
            "made": _moment(one.made),
            "leaves": _moment(one.wake),
            "settled": _moment(one.settled),
            "reason": one.reason,
            "left_out": one.left_out,
            "tries": sum(tried.message == one.id for tried in self.trail.tries),
        }

    def _effect(self, one: Effect) -> dict[str, Any]:
        about = _about(one.about, self.title(one.about))
        return {"day": str(one.day), "rung": one.rung, **about, "to": list(one.step.to)}


def _because(one: Because) -> dict[str, Any]:
    about = _about(one.about, one.title) if one.about else {}
    return {"kind": one.kind, "rung": one.rung, **about, "text": one.text}


def _about(about: Item, title: str) -> dict[str, Any]:
    return {"pathway": about.pathway, "item": about.item, "title": title, "due": str(about.due)}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
