"""Whether a notice is said now, to whom, and if not, why: a pure function of what is known at this moment.

The same function answers the worker before anything leaves and the coordinator who asks why nothing was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from coordination.board_duties import MEETING, is_for_board
from coordination.entries import Item, Person, Role, Rung
from coordination.ownership import reached
from coordination.progress import Progress
from coordination.providers import who_provides
from coordination.rung_words import RUNG_WORDS
from coordination.working_dates import WORKING
from engine.snapshot import TimerItem
from notifications.escalation import answered_meanwhile
from notifications.plan import BEFORE, LOST, OF_PATIENT, Effect, come, overtaken
from notifications.present import Present
from pathways.worded import worded

OVERTAKEN: Final = "overtaken"
WITHDRAWN: Final = "withdrawn"
HISTORY: Final = "history"


@dataclass(frozen=True, slots=True)
class Say:
    """It is true and told to these people; `singly` are those who want it by itself, at once.

    `timer` is None for what is no due item, as that a patient is lost to follow-up.
    """

    timer: TimerItem | None
    to: tuple[Person, ...]
    singly: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """It is true, and somebody has a reason why it is not told before a day."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """It is not told at all: the status the notice ends with, and why."""

    status: str
    reason: str


Decision = Say | Hold | Drop


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice as the database has it: what it is about, which rung, and its day."""

    id: str
    about: Item
    rung: Rung
    day: date


def decide(notice: Kept, now: Present) -> Decision:
    """What is to become of a notice that has come up."""
    if now.answer is None:
        return Drop(WITHDRAWN, worded("the record is part of another one, which says it"))
    if notice.day < now.since:
        return Drop(HISTORY, worded("from before the patient was recorded here on {day}", day=now.since))
    lost, of_patient = notice.about.item == LOST, notice.about.item in OF_PATIENT
    timer = now.chased.get(notice.about)
    if timer is None and not of_patient:
        return Drop(WITHDRAWN, _settled(notice.about, now))
    if (later := _later(notice, now)) is not None:
        return Drop(OVERTAKEN, rung_since(later.rung, later.day))
    effect = next((one for one in now.effects if one.id == notice.id), None)
    if effect is None:
        gone = _NOT_SO.get(notice.about.item) or _GONE.get(notice.rung, _NO_RUNG)
        return Drop(WITHDRAWN, gone)
    if effect.day > now.today:
        return Hold(effect.day, worded("comes up on {day}", day=effect.day))
    if effect.after is not None:
        if answered_meanwhile(effect, now.asked, now.today):
            return Drop(WITHDRAWN, _ANSWERED)
        if (first := now.told_from(effect)) > now.today:
            rung = worded(RUNG_WORDS[effect.after.rung])
            return Hold(first, worded("whoever was told ({rung}) may still answer", rung=rung))
    if now.held.lost_on is not None and not lost:
        told = worded("lost to follow-up since {day}: only the lead is told that", day=now.held.lost_on)
        return Drop(WITHDRAWN, told)
    if (hold := held_back(notice.about, now, now.today)) is not None:
        return hold
    people = recipients(effect, now)
    if not people:
        return Hold(now.today + timedelta(1), worded("there is nobody to tell: no owner, no pool, no lead"))
    alone = () if notice.about.item == BEFORE else people
    return Say(timer, people, tuple(one for one in alone if notice.rung in one.singly))


def recipients(effect: Effect, now: Present) -> tuple[Person, ...]:
    """The people whom a rung is for today, and those before it of which nobody was told."""
    reaches = (_reached(effect.about, role, now) for role in (*effect.step.to, *now.owed(effect)))
    return tuple({one.name: one for several in reaches for one in several}.values())


def _reached(about: Item, role: Role, now: Present) -> tuple[Person, ...]:
    """The people whom a role stands for: of what a board needs to know, whoever can provide it."""
    duty = now.for_board.get(about)
    if duty is not None and role == "clinician":
        if isinstance(duty.lacks, str):  # to which meeting somebody goes is for who looks after the patient
            return reached(now.site, now.desk, "owner", now.today)
        return who_provides(now.site, now.desk, duty.kinds, now.today)
    return reached(now.site, now.desk, role, now.today)


_NOT_SO: Final[Mapping[str, str]] = {
    LOST: worded("the patient is not lost any more"),
    BEFORE: worded("nothing from before is overdue any more"),
}
_NO_RUNG: Final = worded("the site's ladder has no such rung any more")
_ANSWERED: Final = worded("somebody has answered")
_GONE: Final[Mapping[Rung, str]] = {
    "resumed": worded("it was put off to another day"),
    "unanswered": _ANSWERED,
}
"""Why a rung does not come up any more that comes of what people did, not of the ladder."""


def rung_since(rung: Rung, day: date) -> str:
    """`overdue since 2025-03-03`."""
    return worded("{rung} since {day}", rung=worded(RUNG_WORDS[rung]), day=day)


def _later(notice: Kept, now: Present) -> Effect | None:
    """The rung of the same item that has overtaken a notice; one that may not be told yet overtakes none."""
    if notice.id in now.overtaken or any(one.id == notice.id for one in now.come):
        return now.overtaken.get(notice.id)
    return overtaken(come(now.effects, now.today)).get(notice.id)


def held_back(about: Item, now: Present, day: date) -> Hold | None:
    """Why something true is not told on a day, by what is known now."""
    if now.held.paused_on is not None:
        told = worded("notices are paused since {day}", day=now.held.paused_on)
        return Hold(day + timedelta(1), _because(told, now.held.paused_because))
    report = now.progress(about)
    if report and report.comes_back and report.comes_back > day:
        return Hold(report.comes_back, _comes_back(report))
    for said, verb in ((now.desk.acknowledged, worded("taken on")), (now.desk.snoozed, worded("put off"))):
        if about in said:
            entry, noted = said[about]
            if entry.until > day:
                told = worded("{done} by {name} until {day}", done=verb, name=noted.by, day=entry.until)
                return Hold(entry.until, _because(told, entry.reason))
    return None


def _comes_back(report: Progress) -> str:
    if report.status == "booked":
        return worded("booked for {day}", day=report.on)
    told = worded("deferred until {day}", day=report.on)
    return _because(told, report.reason or worded("no reason given"))


def _because(told: str, reason: str) -> str:
    """With the reason that somebody gave, if any."""
    return worded("{told}: {reason}", told=told, reason=reason) if reason else told


def promised(effect: Effect, now: Present) -> bool:
    """Whether a rung that lies ahead is told on its day, if nothing happens until then."""
    lost = now.held.lost_on is not None and effect.about.item != LOST
    return not lost and held_back(effect.about, now, effect.day) is None


def _settled(about: Item, now: Present) -> str:
    """Why a due item is not chased any more."""
    if (report := now.refusal(about)) is not None:
        return report.words
    timer = now.timers.get(about)
    if about.item == MEETING and not _again(about, now):
        return worded("the board saw the patient, or the question goes to a meeting, or to none any more")
    if is_for_board(about) and about.item != MEETING:
        return worded("the data are there, or the patient is not on this list any more")
    if timer is None:
        other = _again(about, now)
        if len(other) == 1:
            if now.chased[other[0]].status == WORKING:
                return worded("the working date is {day} now", day=other[0].due)
            return worded("the due date is {day} now", day=other[0].due)
        return worded("nothing like it is due any more")
    if timer.status == "cancelled":
        return _cancelled(now)
    if timer.done_on:
        return worded("done on {day}", day=timer.done_on)
    return worded("nobody can do it any more")


def _again(about: Item, now: Present) -> list[Item]:
    """The same of another day."""
    same = about.pathway, about.item, about.anchor
    return [one for one in now.chased if (one.pathway, one.item, one.anchor) == same]


def _cancelled(now: Present) -> str:
    if now.held.died_on:
        return worded("the patient died on {day}", day=now.held.died_on)
    if now.held.transferred_on:
        return worded("the patient was transferred on {day}", day=now.held.transferred_on)
    return worded("cancelled: it is not to be done any more")
