"""Why a patient was spoken about on a day, or was not: a pure function of what stood at the end of that day.

What was told follows from the messages that left; why nothing (more) was told from `decide`, which is asked
again with the ledger and the desk as they were known then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from coordination.entries import Item, Rung
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.decide import HISTORY, Drop, Hold, Kept, Say, decide
from notifications.plan import OF_PATIENT, latest, next_day, rungs_of
from notifications.present import Present, present_or_trouble
from notifications.sweep import new
from notifications.titles import title_of
from notifications.trail import Trail, reached
from store import desk, heartbeat, ledger
from store.derivation import Derivation
from store.outbox import DEAD, SENT, WITHDRAWN
from store.settle import Reckoning
from store.trail import Posted, Tried

Kind = Literal[
    "told",  # it was said on this day
    "told_before",  # it was said on an earlier day, and nothing new has come up
    "waits",  # a message is made and leaves later: with a digest, after quiet hours, after another try
    "failed",  # the message could not be handed over
    "not_taken_up",  # it was to be said, and no worker came by
    "held",  # it was true, and somebody has put it off, or nobody is there
    "withdrawn",  # it did not hold any more
    "history",  # it came up before the patient was recorded here
    "nothing_due",  # nothing had come up
    "not_recorded",  # the patient was not recorded yet
    "elsewhere",  # the record is part of another one
    "set_aside",  # it could not be derived what is due
]


@dataclass(frozen=True, slots=True)
class Because:
    """One reason, in words. `about`, `rung` and `title` say of which due item; None and empty: of all."""

    kind: Kind
    text: str
    about: Item | None = None
    rung: Rung | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Then:
    """What stood at a moment; with the day on which the patient was recorded here.

    `present` is None before that, and where it cannot be derived, for which `trouble` is the kind of error.
    """

    day: date
    moment: datetime
    calendar: SiteCalendar
    since: date
    present: Present | None = None
    trouble: str = ""
    sign: datetime | None = None
    """When a worker gave a sign last, of all that are known."""


def asked(
    connection: Connection, patient_id: int, day: date, *, now: datetime, derive: Derivation
) -> tuple[Because, ...]:
    """Why a patient was spoken about on a day up to today, or was not."""
    calendar = SiteCalendar(SiteDesk.read(connection).site)
    end = calendar.at(day + timedelta(1)) - timedelta(microseconds=1)
    return explained(
        standing(connection, patient_id, min(end, now), derive), Trail.of(connection, patient_id)
    )


def standing(connection: Connection, patient_id: int, moment: datetime, derive: Derivation) -> Then:
    """What stood at a moment, by what was known then."""
    entries = list(desk.of_site(connection))
    calendar = SiteCalendar(SiteDesk.of(entries).site)
    here = moment.astimezone(calendar.site.time_zone)
    first = ledger.lines(connection, patient_id)[0].recorded
    sign = max((one.beat for one in heartbeat.workers(connection)), default=None)
    then = Then(here.date(), here, calendar, calendar.today(first), sign=sign)
    if first > moment:
        return then
    site, at = SiteDesk.of(entries, moment), Reckoning.at(here, derive)
    found = present_or_trouble(connection, patient_id, site, at, here, here)
    return replace(then, trouble=found) if isinstance(found, str) else replace(then, present=found)


def explained(then: Then, trail: Trail) -> tuple[Because, ...]:
    """The reasons: what was told first, then what was not, and why.

    A notice that was withdrawn on this day, and would be still, says it once.
    """
    found = list(dict.fromkeys([*_told(then, trail), *_untold(then, trail)]))
    return (*found, *_of_patient(then, found)) or (_nothing(then),)


def _of_patient(then: Then, found: Sequence[Because]) -> Iterator[Because]:
    """What holds of all items of a patient, where none of the reasons says so."""
    if then.present is None or then.present.answer is None:
        return
    held = then.present.held
    reasons: list[tuple[Kind, date | None, str, str]] = [
        ("withdrawn", held.died_on, "the patient died on", ": nothing is told any more"),
        ("withdrawn", held.transferred_on, "the patient was transferred on", ": nothing is told any more"),
        ("withdrawn", held.lost_on, "lost to follow-up since", ": only the lead is told that"),
        ("held", held.paused_on, "notices are paused since", f": {held.paused_because or 'no reason told'}"),
    ]
    for kind, day, said, more in reasons:
        if day and not any(f"{said} {day}" in one.text for one in found):
            yield Because(kind, f"{said} {day}{more}")


def _told(then: Then, trail: Trail) -> Iterator[Because]:
    for notice_id, notice in trail.kept.items():
        left = [one for one in trail.messages(notice_id) if reached(one) and _on(then, one.settled)]
        if left:
            yield _about(then, "told", f"to {to_whom(left, then.calendar)}", notice)


def _untold(then: Then, trail: Trail) -> Iterator[Because]:
    if then.present is None and then.trouble:
        yield Because("set_aside", f"it cannot be derived what is due ({then.trouble})")
    elif then.present is None:
        yield Because("not_recorded", f"the patient was recorded here on {then.since}")
    elif then.present.answer is None:
        yield Because("elsewhere", "the record is part of another one, which says it")
    else:
        yield from _of_the_day(then, trail)
        for last in latest(then.present.come):
            yield from _why_not(then, then.present, trail, new(last))


def _why_not(then: Then, found: Present, trail: Trail, notice: Kept) -> Iterator[Because]:
    """Why the rung that stands of a due item was not told on this day, by some way or by none."""
    match decide(notice, found):
        case Drop(status=status, reason=reason):
            yield _about(then, "history" if status == HISTORY else "withdrawn", reason, notice)
        case Hold(reason=reason):
            yield _about(then, "held", reason, notice)
        case Say():
            yield from _on_its_way(then, trail, notice)


def _on_its_way(then: Then, trail: Trail, notice: Kept) -> Iterator[Because]:
    """How far the messages of a notice had come that was to be told."""
    made = [one for one in trail.messages(notice.id) if one.made <= then.moment]
    for one in made:
        if one.settled is None and one.wake and one.wake <= then.moment:
            yield _about(then, *_stuck(then, trail, one, one.wake), notice)
        elif one.settled is None or one.settled > then.moment:
            yield _about(then, "waits", _waiting(then, trail, one), notice)
        elif one.status == DEAD:
            yield _about(then, "failed", f"{_way(one)}: {one.reason}", notice)
    left = [one for one in made if reached(one) and one.settled and one.settled <= then.moment]
    if before := [one for one in left if not _on(then, one.settled)]:
        yield _about(then, "told_before", f"to {to_whom(before, then.calendar)}", notice)
    if not made or (not left and all(one.status == WITHDRAWN for one in made)):
        yield _about(then, "not_taken_up", _not_taken_up(then, trail, notice), notice)


def _stuck(then: Then, trail: Trail, one: Posted, since: datetime) -> tuple[Kind, str]:
    """Why a message has not left that was to leave before."""
    failed = _failed(then, trail, one)
    if failed:
        last = f"the last time on {clock(failed[-1].at, then.calendar)}: {failed[-1].told}"
        return "waits", f"{_way(one)}: tried {times(failed)}, {last}; it is tried again"
    if one.reason:
        return "waits", f"{_way(one)} waits: {one.reason}"
    if then.sign and then.sign > since:
        seen = f"though a worker gave a sign on {clock(then.sign, then.calendar)}"
        return "waits", f"{_way(one)} has not left, {seen}; `carepath doctor` tells of channels"
    return "not_taken_up", f"{_way(one)}: no worker came by to send it"


def _failed(then: Then, trail: Trail, one: Posted) -> list[Tried]:
    return [tried for tried in trail.tries if tried.message == one.id and tried.at <= then.moment]


def times(tries: Sequence[Tried]) -> str:
    """How often something was tried."""
    return "once" if len(tries) == 1 else f"{len(tries)} times"


def _waiting(then: Then, trail: Trail, one: Posted) -> str:
    """For what a message waited at the end of the day."""
    until = one.settled or one.wake
    when = f"{'it leaves on' if one.wake else _ENDED[one.status]} {clock(until, then.calendar)}"
    if failed := _failed(then, trail, one):
        return f"{_way(one)}: tried {times(failed)} ({failed[-1].told}); {when}"
    but = f"{', without this' if one.status == SENT else ''}: {one.left_out}" if one.left_out else ""
    for_what = "digest" if one.kind == "digest" else "end of quiet hours"
    return f"{_way(one)} waits for the {for_what}: {when}{but}"


_ENDED = {SENT: "it left on", WITHDRAWN: "it was withdrawn on", DEAD: "it was given up on"}


def _way(one: Posted) -> str:
    return f"{one.channel} to {one.recipient}"


def _not_taken_up(then: Then, trail: Trail, notice: Kept) -> str:
    """Since when it could have been told, and when a worker came by."""
    row = next((one for one in trail.notices if one.id == notice.id), None)
    later = [one for one in (row.issued, row.settled) if one and one > then.moment] if row else []
    if later:
        came = f"the next one came on {clock(min(later), then.calendar)}"
    else:
        seen = f"; the last sign of one is of {clock(then.sign, then.calendar)}" if then.sign else ""
        came = f"none has come since{seen}"
    return f"it was to be told, and no worker came by: {came}"


def _of_the_day(then: Then, trail: Trail) -> Iterator[Because]:
    """What did not hold any more: withdrawn on this day, or not come up on it because it was settled."""
    assert then.present is not None
    chased = then.present.chased
    ended: dict[str, str] = {}
    for row in trail.notices:
        if row.status == WITHDRAWN and _on(then, row.settled):
            ended[row.id] = row.reason
            yield _about(then, "withdrawn", row.reason, trail.kept[row.id])
    seen = {*ended}
    for one in trail.posted:
        notice, said = trail.kept[one.notice], one.left_out in ("", ended.get(one.notice))
        if not said and _on(then, one.settled) and notice.about not in chased:
            seen.add(one.notice)
            yield _about(then, "withdrawn", f"left out of {_way(one)}: {one.left_out}", notice)
    yield from _settled(then, then.present, {trail.kept[id].about for id in seen})


def _settled(then: Then, found: Present, told: Collection[Item]) -> Iterator[Because]:
    """What somebody gave up, and what would have come up on this day and was settled since it is recorded."""
    for about, timer in found.timers.items():
        before = timer.done_on is not None and timer.done_on < then.since
        if about in found.chased or about in told or before:
            continue
        if refused := found.refusal(about):
            yield Because("withdrawn", refused.words, about, title=timer.title)
            continue
        rungs = rungs_of(about, timer, found.site, found.patient_id)
        for rung in [one for one in rungs if one.day == then.day][-1:]:
            gone = decide(new(rung), found)
            assert isinstance(gone, Drop), "what is settled is not chased"
            yield _about(then, "withdrawn", gone.reason, new(rung))


def _nothing(then: Then) -> Because:
    assert then.present is not None
    first = next_day(then.present.effects, then.day)
    return Because("nothing_due", f"nothing new; next on {first}" if first else "nothing is to come up")


def to_whom(messages: Iterable[Posted], calendar: SiteCalendar) -> str:
    """Who was reached by what, and when: `anna (inbox 2025-03-17 00:05, email 2025-03-17 07:30)`."""
    ways: dict[str, list[str]] = {}
    for one in sorted(messages, key=lambda one: str(one.settled)):
        ways.setdefault(one.recipient, []).append(f"{one.channel} {clock(one.settled, calendar)}")
    return ", ".join(f"{name} ({', '.join(by)})" for name, by in ways.items())


def clock(moment: datetime | None, calendar: SiteCalendar) -> str:
    """A moment by the clocks of the site."""
    return f"{moment.astimezone(calendar.site.time_zone):%Y-%m-%d %H:%M}" if moment else "no day"


def _about(then: Then, kind: Kind, text: str, notice: Kept) -> Because:
    timer = then.present.item(notice.about) if then.present else None
    title = timer.title if timer else title_of(notice.about, {}) if notice.about.item in OF_PATIENT else ""
    return Because(kind, text, notice.about, notice.rung, title)


def _on(then: Then, moment: datetime | None) -> bool:
    return moment is not None and then.calendar.today(moment) == then.day
