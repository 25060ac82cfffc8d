"""Journeys through time: what happened is told to a database in order, and a worker comes by at its ticks.

Two journeys with the same story are compared: one without interruption, and one in which the worker was away
or the clock was set back. The ladder expects no answers: who is told later has as long for an answer, so that
such rungs come up later, too.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from coordination.entries import Absence, Acknowledged, Entry, Item, Ladder, Snoozed, Step
from coordination.ownership import reached
from coordination.patient_desk import PatientDesk
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.address import address
from notifications.deliver import deliver
from notifications.sweep import sweep
from store import desk, planning
from store.database import Database
from store.derivation import Derivation
from store.errors import StoreError
from store.outbox import SENT
from store.patient_view import look_up
from store.work_tables import message, message_notice
from tests.notifications.ahead import right
from tests.notifications.office import ANNA, BEN, LENA, SITE, Kept, assign, furnish, say_about
from tests.store.cast import Raw, event, live, say

BERLIN = ZoneInfo("Europe/Berlin")
Happening = tuple[datetime, Callable[[Database, datetime], object]]
LADDER = Ladder(
    steps=(
        Step(rung="opening"),
        Step(rung="due"),
        Step(rung="overdue"),
        Step(rung="escalated", to=("lead", "clinician")),
        Step(rung="escalated_again", days=7, to=("lead",)),
    )
)
Way = tuple[str, str, str]
"""A notice, a person and a channel."""
Told = dict[Way, list[tuple[str, datetime]]]
"""By what way: the messages that told it, each with the moment it was sent."""


@dataclass(frozen=True)
class Journey:
    """What came of it: every notice with how it ended, who was told what, and the e-mails that left."""

    notices: dict[str, str]
    days: dict[str, date]
    told: Told
    reached: dict[Way, frozenset[str]]
    """Whom the notice was for when it was last told by a way, by the desk as it stood at that moment."""
    emails: list[str]
    unanswered: frozenset[str]
    """The notices of which somebody was told again because nobody answered."""
    over: frozenset[str] = frozenset()
    """The notices that had nothing to tell any more when the worker came back."""


def here(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, BERLIN)


def mornings(first: date, last: date) -> Iterator[datetime]:
    """A worker's ticks of every day: after midnight, before digests leave, when they do, and at noon."""
    day = first
    while day <= last:
        for clock in (time(0, 5), time(7, 29), time(7, 31), time(12)):
            yield here(day, clock)
        day += timedelta(1)


def travel(
    database: Database,
    story: Iterable[Happening],
    ticks: Sequence[datetime],
    derive: Derivation,
    looks: int = 1,
    back: datetime | None = None,
) -> Journey:
    """Let everything happen at its time, and the worker come by at each tick, also where the clock is set
    back. What is kept of what lies ahead is compared for each patient once in so many `looks`. `back` is
    when the worker comes back.
    """
    waiting, email = sorted(story, key=lambda one: one[0]), Kept()
    furnish(database, SITE, ANNA, BEN, LENA, LADDER, now=ticks[0].astimezone(UTC))
    for turn, now in enumerate(ticks):
        while waiting and waiting[0][0] <= now:
            moment, happens = waiting.pop(0)
            happens(database, moment)
        sweep(database, now=now, derive=derive)
        right(database, now.date(), derive, turn, looks)
        address(database, "w1", now=now, derive=derive)
        deliver(database, "w1", email, now=now, derive=derive)
    journey = seen(database, email)
    return replace(journey, over=over(database, back.astimezone(UTC), derive)) if back else journey


def seen(database: Database, email: Kept) -> Journey:
    told: Told = defaultdict(list)
    way = message.c.recipient, message.c.channel
    sent = (
        select(message_notice.c.notice, *way, message.c.id, message.c.settled)
        .join(message, message.c.id == message_notice.c.message)
        .where(message.c.status == SENT, message_notice.c.left_out == "")
    )
    with database.reading() as connection:
        notices = list(planning.of_patient(connection, range(1, 2_000)))
        for notice, recipient, channel, id, settled in connection.execute(sent):
            told[notice, recipient, channel].append((id, settled))
        rungs = {one.id: one for one in notices}
        last = {way: messages[-1][1] for way, messages in told.items()}
        sites = {moment: SiteDesk.read(connection, moment) for moment in {*last.values()}}
        whom = {way: _reached(connection, sites[last[way]], rungs[way[0]], last[way]) for way in told}
    return Journey(
        {one.id: one.status for one in notices},
        {one.id: one.day for one in notices},
        dict(told),
        whom,
        [f"{one.address} {one.key}" for one in email.sent],
        frozenset(one.id for one in notices if one.rung == "unanswered"),
    )


def over(database: Database, back: datetime, derive: Derivation) -> frozenset[str]:
    """The notices of before whose item was done by then, is put off for longer, or has come to a later rung.

    Derived anew from what was said by then: nothing is asked of what the worker kept.
    """
    day = SiteCalendar(SITE).today(back)
    with database.reading() as connection:
        notices = list(planning.of_patient(connection, range(1, 2_000)))
    rungs: dict[tuple[int, Item], list[planning.Notice]] = defaultdict(list)
    for one in notices:
        if one.item.startswith("t-") and one.day <= day:
            rungs[one.patient_id, _item(one)].append(one)
    asked = {number: _asked(database, number, back, derive) for number in {number for number, _ in rungs}}
    last = {max(found, key=lambda one: one.day).id for key, found in rungs.items() if key[1] in asked[key[0]]}
    return frozenset(one.id for found in rungs.values() for one in found) - last


def _asked(database: Database, patient_id: int, moment: datetime, derive: Derivation) -> frozenset[Item]:
    """What is asked of a patient at a moment, and is not put off for longer."""
    day = SiteCalendar(SITE).today(moment)
    view = look_up(database, f"#{patient_id}", now=moment, derive=derive, as_of=day, known_at=moment)
    with database.reading() as connection:
        said = PatientDesk.of(desk.about(connection, patient_id), moment)
    put_off = {
        item
        for held in (said.acknowledged, said.snoozed)
        for item, (one, _) in held.items()
        if one.until > day
    }
    found = (
        Item(pathway=one.key, item=timer.item, due=timer.due, anchor=timer.anchor)
        for one in view.snapshot.pathways
        for timer in one.timers
        if timer.status in ("open", "overdue")
    )
    return frozenset(found) - put_off


def _item(notice: planning.Notice) -> Item:
    anchor = tuple(json.loads(notice.anchor))
    return Item(pathway=notice.pathway, item=notice.item, due=notice.due, anchor=anchor)


def _reached(
    connection: Connection, site: SiteDesk, notice: planning.Notice, moment: datetime
) -> frozenset[str]:
    """The people whom a rung was for at a moment, by what had been said by then, as of the `site`."""
    said = PatientDesk.of(desk.about(connection, notice.patient_id), moment)
    step = next((one for one in LADDER.steps or () if one.rung == notice.rung), Step(rung="resumed"))
    day = SiteCalendar(site.site).today(moment)
    return frozenset(one.name for role in step.to for one in reached(site, said, role, day))


def nothing_twice(journey: Journey) -> None:
    assert {way: messages for way, messages in journey.told.items() if len(messages) > 1} == {}
    assert len(journey.emails) == len(set(journey.emails))


def as_if_nothing_had_happened(whole: Journey, other: Journey) -> None:
    """The law of a clock that is set back: the same notices ended alike, told in the same messages."""
    nothing_twice(other)
    assert other.notices == whole.notices
    assert sorted(other.emails) == sorted(whole.emails)
    assert {way: [id for id, _ in messages] for way, messages in other.told.items()} == {
        way: [id for id, _ in messages] for way, messages in whole.told.items()
    }


def with_what_still_holds(whole: Journey, other: Journey, away: datetime, back: datetime) -> None:
    """The law of a worker that was away: the trail is the same, and so is everything told before and after.

    What would have been told meanwhile is told once, to the same people by the same ways, by the next digest
    after the return; or it was overtaken by then, or does not hold any more, and its notice says so; or it
    is somebody else's by then, as a deputy's, who is told and whom it is for at that moment, when it is not
    for the one who was to be told; without the gap both are, one after the other; or somebody had been told
    before, and it was over before the one who came instead could be. Nothing else is told, and nobody is told
    what is not for them. Who was told only after the return may still answer: a missing answer is told later.
    """
    nothing_twice(other)
    assert other.days == whole.days
    assert set(other.told) <= set(whole.told)
    assert [way for way, people in other.reached.items() if way[1] not in people] == []
    for way, ((id, sent),) in whole.told.items():
        soon = back + timedelta(14 if way[0] in whole.unanswered else 4)  # a weekend with a holiday between
        if not away <= sent < soon:
            assert [one for one, _ in other.told.get(way, [])] == [id], way
        elif way in other.told:
            assert back <= other.told[way][0][1] <= soon, way
        elif way[0] in other.over and _told_before(other, way, away):
            continue
        elif other.notices[way[0]] not in ("overtaken", "withdrawn"):
            instead = [one for one in other.told if _instead(other, way, one, back, soon)]
            assert any(whole.told[one][0][1] != sent for one in instead), way


def _told_before(other: Journey, way: Way, away: datetime) -> bool:
    """Whether a notice had been told to somebody else, by the same channel, before the worker was away."""
    return any((one[0], one[2]) == (way[0], way[2]) and other.told[one][0][1] < away for one in other.told)


def _instead(other: Journey, way: Way, one: Way, back: datetime, soon: datetime) -> bool:
    """Whether a notice was told to somebody else soon after the return, when it was not for this one."""
    same = (one[0], one[2]) == (way[0], way[2])
    return same and back <= other.told[one][0][1] <= soon and way[1] not in other.reached[one]


def made_up(number: int, first: date, last: date, seed: int) -> Iterator[Happening]:
    """So many patients with treatments, answers, corrections and retractions, and what is said about them."""
    chance = random.Random(seed)
    for patient in range(number):
        reference = f"V{patient:03d}"
        yield from _lives(reference, first, last, chance, min(0.2, 10 / number))


def _lives(
    reference: str, first: date, last: date, chance: random.Random, away: float
) -> Iterator[Happening]:
    day, number = first + timedelta(chance.randrange(20)), 0
    owner = chance.choice(["anna", "anna", "ben", None])
    yield _at(day, chance, 1), lambda d, now: assign(d, reference, owner, now=now)
    while day < last:
        yield _at(day, chance), partial(_started, reference, day, number)
        yield from _cycle(reference, day, number, chance, away)
        day, number = day + timedelta(chance.randint(40, 120)), number + 1


def _started(reference: str, day: date, number: int, database: Database, now: datetime) -> None:
    start = event("systemic_started", str(day), f"s{number}", line=1, regimen_class=["endocrine_cdk46"])
    _record(database, reference, start, now, facts={"sex": "female"} if number == 0 else {})


def _cycle(
    reference: str, start: date, number: int, chance: random.Random, away: float
) -> Iterator[Happening]:
    """What comes after a treatment began: put off, taken on, assessed in time or late, taken back.

    Now and then somebody goes `away`, with a probability: as often among many patients as among few.
    """
    due = start + timedelta(28)
    about = Item(pathway="toy", item="t-response", due=due, anchor=(f"s{number}",))
    until = due + timedelta(chance.randint(1, 9))
    said: list[Entry] = [
        Acknowledged(about=about, until=until, reason="asked"),
        Snoozed(about=about, until=until, reason="later"),
    ]
    if chance.random() < 0.5:
        one = chance.choice(said)
        yield _at(due, chance), lambda d, now: say_about(d, reference, one, now=now)
    if chance.random() < away:
        absence = Absence(person="anna", first=due, last=until, deputy="ben")
        yield _at(due - timedelta(3), chance), lambda d, now: furnish(d, absence, now=now)
    if chance.random() < 0.8:
        day = due + timedelta(chance.randint(-5, 12))
        done = event("response_assessed", str(day), f"r{number}", overall="PR")
        yield _at(day, chance), lambda d, now: _record(d, reference, done, now)
        if chance.random() < 0.3:
            gone = event("retraction", str(day), f"x{number}", target=f"r{number}", reason="another patient")
            later = _at(day + timedelta(chance.randint(1, 6)), chance)
            yield later, lambda d, now: _record(d, reference, gone, now)


def _at(day: date, chance: random.Random, later: int = 0) -> datetime:
    """Some time of a day in office hours."""
    return here(day, time(9 + later, chance.randrange(60)))


def _record(database: Database, reference: str, said: Raw, now: datetime, **more: object) -> None:
    try:
        say(database, live(reference, said, **more), now)
    except StoreError:  # as when what is taken back is not there
        return
