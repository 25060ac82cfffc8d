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
from coordination.providers import who_provides
from coordination.rung_words import RUNG_WORDS
from coordination.working_dates import WORKING
from engine.snapshot import TimerItem
from notifications.escalation import answered_meanwhile
from notifications.plan import BEFORE, LOST, OF_PATIENT, Effect, come, overtaken
from notifications.present import Present

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
        return Drop(WITHDRAWN, "the record is part of another one, which says it")
    if notice.day < now.since:
        return Drop(HISTORY, f"from before the patient was recorded here on {now.since}")
    lost, of_patient = notice.about.item == LOST, notice.about.item in OF_PATIENT
    timer = now.chased.get(notice.about)
    if timer is None and not of_patient:
        return Drop(WITHDRAWN, _settled(notice.about, now))
    if (later := _later(notice, now)) is not None:
        return Drop(OVERTAKEN, f"{RUNG_WORDS[later.rung]} since {later.day}")
    effect = next((one for one in now.effects if one.id == notice.id), None)
    if effect is None:
        gone = _NOT_SO.get(notice.about.item) or _GONE.get(notice.rung, _NO_RUNG)
        return Drop(WITHDRAWN, gone)
    if effect.day > now.today:
        return Hold(effect.day, f"comes up on {effect.day}")
    if effect.after is not None:
        if answered_meanwhile(effect, now.asked, now.today):
            return Drop(WITHDRAWN, "somebody has answered")
        if (first := now.told_from(effect)) > now.today:
            return Hold(first, f"whoever was told ({RUNG_WORDS[effect.after.rung]}) may still answer")
    if now.held.lost_on is not None and not lost:
        return Drop(WITHDRAWN, f"lost to follow-up since {now.held.lost_on}: the lead was told")
    if (hold := held_back(notice.about, now, now.today)) is not None:
        return hold
    people = recipients(effect, now)
    if not people:
        return Hold(now.today + timedelta(1), "there is nobody to tell: no owner, no pool, no lead")
    alone = () if notice.about.item == BEFORE else people
    return Say(timer, people, tuple(one for one in alone if notice.rung in one.singly))


def recipients(effect: Effect, now: Present) -> tuple[Person, ...]:
    """The people whom a rung is for today."""
    reaches = (_reached(effect.about, role, now) for role in effect.step.to)
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
    LOST: "the patient is not lost any more",
    BEFORE: "nothing from before is overdue any more",
}
_NO_RUNG: Final = "the site's ladder has no such rung any more"
_GONE: Final[Mapping[Rung, str]] = {
    "resumed": "it was put off to another day",
    "unanswered": "somebody has answered",
}
"""Why a rung does not come up any more that comes of what people did, not of the ladder."""


def _later(notice: Kept, now: Present) -> Effect | None:
    """The rung of the same item that has overtaken a notice; one that may not be told yet overtakes none."""
    if notice.id in now.overtaken or any(one.id == notice.id for one in now.come):
        return now.overtaken.get(notice.id)
    return overtaken(come(now.effects, now.today)).get(notice.id)


def held_back(about: Item, now: Present, day: date) -> Hold | None:
    """Why something true is not told on a day, by what is known now."""
    if now.held.paused_on is not None:
        because = f": {now.held.paused_because}" if now.held.paused_because else ""
        return Hold(day + timedelta(1), f"notices are paused since {now.held.paused_on}{because}")
    report = now.progress(about)
    if report and report.comes_back and report.comes_back > day:
        why = f"deferred until {report.on}: {report.reason or 'no reason given'}"
        return Hold(report.comes_back, f"booked for {report.on}" if report.status == "booked" else why)
    for said, verb in ((now.desk.acknowledged, "taken on"), (now.desk.snoozed, "put off")):
        if about in said:
            entry, noted = said[about]
            if entry.until > day:
                return Hold(entry.until, f"{verb} by {noted.by} until {entry.until}: {entry.reason}")
    return None


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
        return "the board saw the patient, or the question goes to a meeting, or to none any more"
    if is_for_board(about) and about.item != MEETING:
        return "the data are there, or the patient is not on this list any more"
    if timer is None:
        other = _again(about, now)
        if len(other) == 1:
            kind = "working" if now.chased[other[0]].status == WORKING else "due"
            return f"the {kind} date is {other[0].due} now"
        return "nothing like it is due any more"
    if timer.status == "cancelled":
        return _cancelled(now)
    return f"done on {timer.done_on}" if timer.done_on else "nobody can do it any more"


def _again(about: Item, now: Present) -> list[Item]:
    """The same of another day."""
    same = about.pathway, about.item, about.anchor
    return [one for one in now.chased if (one.pathway, one.item, one.anchor) == same]


def _cancelled(now: Present) -> str:
    if now.held.died_on:
        return f"the patient died on {now.held.died_on}"
    if now.held.transferred_on:
        return f"the patient was transferred on {now.held.transferred_on}"
    return "cancelled: it is not to be done any more"
