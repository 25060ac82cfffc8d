"""How long answers took, rung by rung: worked out from who was told when and what people said since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from statistics import median

from sqlalchemy import Connection

from coordination.entries import RUNGS, Item
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.plan import BEFORE
from notifications.present import Present, present_or_trouble
from notifications.sweep import kept
from store import desk
from store.derivation import Derivation
from store.settle import Reckoning
from store.trail import FirstTold


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one notice that was told: after how many working days it was answered, None: it was not.

    `waits` says that it still is to be done.
    """

    rung: str
    to: str
    days: int | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Times:
    """The replies to one rung that went to these roles. `waiting` are not answered yet; `ended` went away
    without an answer, as the patient died or a date was corrected.
    """

    rung: str
    to: str
    told: int
    answered: int
    median: float | None
    longest: int | None
    waiting: int
    ended: int


def times(replies: Iterable[Reply]) -> list[Times]:
    """The replies counted, in the order of the rungs."""
    ordered = sorted(replies, key=_kind)
    return [_counted(rung, to, list(some)) for (_, rung, to), some in groupby(ordered, key=_kind)]


def _kind(one: Reply) -> tuple[int, str, str]:
    return RUNGS.index(one.rung), one.rung, one.to


def _counted(rung: str, to: str, some: Sequence[Reply]) -> Times:
    days = [one.days for one in some if one.days is not None]
    waiting = sum(one.days is None and one.waits for one in some)
    return Times(
        rung=rung,
        to=to,
        told=len(some),
        answered=len(days),
        median=float(median(days)) if days else None,
        longest=max(days, default=None),
        waiting=waiting,
        ended=len(some) - len(days) - waiting,
    )


def replies(
    connection: Connection, told: Sequence[FirstTold], *, now: datetime, derive: Derivation
) -> Iterator[Reply]:
    """What came of these notices. One patient is derived for all of theirs; who cannot be is left out."""
    entries = list(desk.of_site(connection))
    site = SiteDesk.of(entries)
    here = now.astimezone(site.site.time_zone)
    at = Reckoning.at(here, derive)

    @lru_cache
    def standing(said: int) -> SiteDesk:
        return SiteDesk.of(entries[:said])

    for patient_id, notices in groupby(told, key=lambda one: one.patient_id):
        found = present_or_trouble(connection, patient_id, site, at, here)
        if isinstance(found, str):
            continue
        settled = _settled(found)
        for one in (one for one in notices if one.item != BEFORE):
            by_then = standing(sum(entry.at <= one.told for entry in entries))
            yield _reply(one, found, settled, to_whom(one, by_then))


def _reply(one: FirstTold, found: Present, settled: Mapping[Item, datetime], to: str) -> Reply:
    about = kept(one).about
    calendar = SiteCalendar(found.site.site)
    answers = [*found.asked.answers(about), *([settled[about]] if about in settled else [])]
    first = min((answer for answer in answers if answer >= one.told), default=None)
    days = calendar.working_days(calendar.today(one.told), calendar.today(first)) if first else None
    return Reply(one.rung, to, days, about in found.chased)


def _settled(found: Present) -> dict[Item, datetime]:
    """When it was recorded that due items were done."""
    if found.answer is None:
        return {}
    recorded = {one.id: one.recorded for one in found.events}
    done = ((about, recorded.get(timer.done_by or "")) for about, timer in found.timers.items())
    return {about: when for about, when in done if isinstance(when, datetime)}


def to_whom(one: FirstTold, site: SiteDesk) -> str:
    """To whom a rung was told by the ladder of that time: `lead, clinician`."""
    steps = {step.rung: step.to for step in site.ladder(one.pathway, one.item)}
    if one.rung == "unanswered":
        return "next of the ladder"
    return ", ".join(steps.get(kept(one).rung, ("owner",)))
