"""An office under watch: whatever happens in whatever order, nobody is told anything twice, nothing that is
not so, and everything that is by the next digest.

A model a page long says what is so: which rung of which duty stands, and whom it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from coordination.entries import Absence, Acknowledged, Item, Site
from coordination.site_calendar import SiteCalendar
from notifications import address as addressing
from notifications.channels import INBOX
from notifications.deliver import LEASE
from notifications.plan import BEFORE
from store import outbox
from store.database import Database
from store.work_tables import message, notice
from tests.notifications.office import ANNA, BEN, LENA, SITE, Kept, assign, furnish, say_about, tick
from tests.notifications.travel import BERLIN, LADDER, seen
from tests.store.cast import event, live, say
from tests.store.site import emptied
from tests.store.toy import derivation

BEGINNING = datetime(2025, 3, 3, 9, tzinfo=BERLIN)
CALENDAR = SiteCalendar(Site(zone=SITE.zone))
RUNGS = {"opening": 14, "due": 28, "overdue": 29, "escalated": 36, "escalated_again": 43}
"""Days after the start."""


@dataclass
class Patient:
    """What is so about a patient: since when she is here, start and answers that stand, whose she is."""

    reference: str
    since: date
    start: date
    answers: list[tuple[str, date]] = field(default_factory=list)
    owner: str | None = None
    owned_since: datetime = BEGINNING
    taken_on: tuple[date, date, datetime] | None = None
    """Of which due date, until when, and when anna said so."""
    entries: int = 0

    def entry(self, kind: str) -> str:
        self.entries += 1
        return f"{kind}{self.entries}"

    @property
    def due(self) -> date:
        return self.start + timedelta(28)

    @property
    def comes_back(self) -> date | None:
        """When what anna took on comes back: no later than the patient went from her to somebody else."""
        if not self.taken_on or self.taken_on[0] != self.due:
            return None
        _, until, said = self.taken_on
        gone = self.owner != "anna" and self.owned_since > said
        return min(until, self.owned_since.astimezone(BERLIN).date()) if gone else until

    def answered(self, today: date) -> bool:
        return any(self.start <= day <= today for _, day in self.answers)

    def come(self, today: date) -> list[str]:
        """The rungs that have come since she is here, in order."""
        days = [(self.start + timedelta(days), n, name) for n, (name, days) in enumerate(RUNGS.items())]
        if self.comes_back:
            days.append((self.comes_back, len(days), "resumed"))
        return [name for day, _, name in sorted(days) if self.since <= day <= today]

    def rung(self, today: date) -> str | None:
        """The rung that stands and is to be told."""
        if self.answered(today) or (self.comes_back or today) > today:
            return None
        return next(reversed(self.come(today)), None)

    def stands(self, today: date) -> set[tuple[str, date, str]]:
        """What is to be told, by item, due date and rung; with the one notice of what was overdue for so long
        when she came that no rung of it comes any more.
        """
        rung = self.rung(today)
        last = self.start + timedelta(max(RUNGS.values()))
        before = (
            {(BEFORE, self.since, "overdue")} if last < self.since and not self.answered(today) else set()
        )
        return {("t-response", self.due, rung), *before} if rung else before


class Office(RuleBasedStateMachine):
    """People who write, two workers that come by, one that dies, and one that wakes up late."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database, self.now, self.email = database, BEGINNING, Kept()
        self.patients: list[Patient] = []
        self.away: tuple[date, date] | None = None
        self.known: dict[tuple[str, str, str], list[Any]] = {}
        self.late: Any = None
        furnish(database, SITE, ANNA, BEN, LENA, LADDER, now=self.now)

    @property
    def today(self) -> date:
        return self.now.astimezone(BERLIN).date()

    def people(self, one: Patient, rung: str, said: set[str]) -> set[str]:
        """Whom a rung concerns: the owner, who may be away, or the lead; and the owner, where nobody was told
        the rung before, which was for the owner, too.
        """
        owner = one.owner or "lena"
        if owner == "anna" and self.away and self.away[0] <= self.today <= self.away[1]:
            owner = "ben"
        before = one.come(self.today)[:-1]
        owed = {owner} if before and before[-1] not in said else set()
        return {"escalated": {"lena", owner}, "escalated_again": {"lena", *owed}}.get(rung, {owner})

    def _one(self, data: st.DataObject) -> Patient:
        return data.draw(st.sampled_from(self.patients))

    def _say(self, one: Patient, entry: Any, **more: Any) -> None:
        self.now += timedelta(minutes=1)
        say(self.database, live(one.reference, entry, **more), self.now)

    @precondition(lambda self: len(self.patients) < 3)
    @rule(owner=st.sampled_from(["anna", "ben", None]))
    def somebody_comes(self, owner: str | None) -> None:
        one = Patient(f"V{len(self.patients):02d}", self.today, self.today, owner=owner)
        self.patients.append(one)
        start = event("systemic_started", str(self.today), "s1", line=1, regimen_class=["endocrine_cdk46"])
        self._say(one, start, facts={"sex": "female"})
        assign(self.database, one.reference, owner, now=self.now)

    @precondition(lambda self: self.patients)
    @rule(data=st.data())
    def response_is_assessed(self, data: st.DataObject) -> None:
        one = self._one(data)
        one.answers.append((one.entry("r"), self.today))
        self._say(one, event("response_assessed", str(self.today), one.answers[-1][0], overall="PR"))

    @precondition(lambda self: any(one.answers for one in self.patients))
    @rule(data=st.data())
    def an_answer_is_taken_back(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([one for one in self.patients if one.answers]))
        id, _ = one.answers.pop()
        self._say(one, event("retraction", str(self.today), one.entry("x"), target=id, reason="another"))

    @precondition(lambda self: self.patients)
    @rule(data=st.data(), days=st.integers(-20, 20))
    def the_start_is_corrected(self, data: st.DataObject, days: int) -> None:
        one = self._one(data)
        new = min(one.start + timedelta(days), self.today)
        if new != one.start:
            said = {"target": "s1", "field": "date", "old": str(one.start), "new": str(new)}
            self._say(one, event("correction", str(self.today), one.entry("c"), **said))
            one.start = new

    @precondition(lambda self: self.patients)
    @rule(data=st.data(), owner=st.sampled_from(["anna", "ben", None]))
    def somebody_else_takes_over(self, data: st.DataObject, owner: str | None) -> None:
        one = self._one(data)
        if owner != one.owner:
            one.owner, one.owned_since = owner, self.now
        assign(self.database, one.reference, owner, now=self.now)

    @precondition(lambda self: self.patients)
    @rule(data=st.data(), days=st.integers(0, 12))
    def somebody_takes_it_on(self, data: st.DataObject, days: int) -> None:
        one = self._one(data)
        until = self.today + timedelta(days)
        one.taken_on = one.due, until, self.now
        about = Item(pathway="toy", item="t-response", due=one.due, anchor=("s1",))
        said = Acknowledged(about=about, until=until, reason="asked")
        say_about(self.database, one.reference, said, now=self.now)

    @precondition(lambda self: self.patients)
    @rule(data=st.data())
    def a_mistake_lasts_for_a_digest(self, data: st.DataObject) -> None:
        """An answer of another patient is recorded, and taken back when the digest has left without it."""
        one = self._one(data)
        self._tick(self.now + timedelta(minutes=1), "w1")
        id = one.entry("r")
        one.answers.append((id, self.today))
        self._say(one, event("response_assessed", str(self.today), id, overall="PR"))
        self._tick(datetime.combine(self.today + timedelta(1), time(7, 31), BERLIN), "w1")
        one.answers.remove((id, one.answers[-1][1]))
        self._say(one, event("retraction", str(self.today), one.entry("x"), target=id, reason="another"))

    @precondition(lambda self: self.patients)
    @rule(data=st.data())
    def somebody_thinks_better_of_it(self, data: st.DataObject) -> None:
        """What was taken on for long is given back."""
        one = self._one(data)
        about = Item(pathway="toy", item="t-response", due=one.due, anchor=("s1",))
        for days in (20, 0):
            one.taken_on = one.due, self.today + timedelta(days), self.now
            said = Acknowledged(about=about, until=one.taken_on[1], reason="asked")
            say_about(self.database, one.reference, said, now=self.now)
            self._tick(self.now + timedelta(minutes=1), "w2")

    @rule(days=st.integers(0, 10))
    def anna_is_away(self, days: int) -> None:
        self.away = self.today, self.today + timedelta(days)
        away = Absence(person="anna", first=self.away[0], last=self.away[1], deputy="ben")
        furnish(self.database, *self._back(), away, now=self.now)

    def _back(self) -> Iterator[Absence]:
        """Absences from before, which end today at the latest."""
        for first in getattr(self, "absences", []):
            yield Absence(person="anna", first=first, last=first - timedelta(1))
        self.absences = [self.today]

    @rule(hours=st.sampled_from([1, 7, 24, 24 * 6]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.patients)
    @rule(
        data=st.data(),
        days=st.sampled_from(sorted(RUNGS.values())),
        clock=st.sampled_from([time(0, 5), time(7, 31), time(12)]),
    )
    def a_rung_comes(self, data: st.DataObject, days: int, clock: time) -> None:
        """A worker comes by on the day of a rung, at night, when digests leave, or at noon."""
        when = datetime.combine(self._one(data).start + timedelta(days), clock, BERLIN)
        if when > self.now:
            self._tick(when, "w1")

    @rule(worker=st.sampled_from(["w1", "w2"]))
    def a_worker_comes_by(self, worker: str) -> None:
        self._tick(self.now + timedelta(minutes=1), worker)

    @rule()
    def a_worker_dies_with_all_it_could_get(self) -> None:
        for table in (notice, message):
            outbox.claim(self.database, table, "dead", self.now, lease=LEASE, limit=50)

    @rule()
    def a_worker_falls_asleep_over_its_notices(self) -> None:
        taken = outbox.claim(self.database, notice, "late", self.now, lease=LEASE, limit=50)
        self.late = addressing._looked(self.database, taken, self.now, derivation)

    @precondition(lambda self: self.late)
    @rule()
    def it_wakes_up_and_goes_on(self) -> None:
        with self.database.writing() as connection:
            addressing._kept(self.late, connection, self.late.decided)
        self.late = None

    @precondition(lambda self: self.patients)
    @rule()
    def the_next_digest_has_told_everything(self) -> None:
        """By then the inbox has; by the next but one the e-mail, too, where somebody else was to get it when
        it was made.
        """
        self._tick(self.now + 2 * LEASE, "w1")
        for channels in ((INBOX,), (INBOX, "email")):
            self._to_the_next_digest()
            for one in self.patients:
                for item, due, rung in sorted(one.stands(self.today)):
                    self._was_told(one, item, due, rung, channels)

    def _to_the_next_digest(self) -> None:
        day = self.today
        while True:
            day += timedelta(1)
            self._tick(datetime.combine(day, time(0, 5), BERLIN), "w1")
            if CALENDAR.works(day):
                break
        for minute in (31, 32):
            self._tick(datetime.combine(day, time(7, minute), BERLIN), "w2")

    def _was_told(self, one: Patient, item: str, due: date, rung: str, channels: Sequence[str]) -> None:
        with self.database.reading() as connection:
            query = notice.select().where(notice.c.item == item, notice.c.rung == rung, notice.c.due == due)
            rows = [row for row in connection.execute(query) if self._whose(row.patient_id) is one]
        ids = {row.id for row in rows}
        for channel in channels:  # whoever was in charge when it left: `_tick` has seen to that
            told = {person for id, person, by in self.known if id in ids and by == channel}
            assert told, (one, rung, channel)
            assert "lena" in told or not rung.startswith("escalated"), (one, rung, channel)

    def _whose(self, patient_id: int) -> Patient:
        return self.patients[patient_id - 1]

    def _tick(self, now: datetime, worker: str) -> None:
        """A worker comes by; what it told is so at this moment, and was not told before."""
        self.now = now
        tick(self.database, now, self.email, worker)
        told = seen(self.database, self.email).told
        assert {way: messages for way, messages in told.items() if len(messages) > 1} == {}
        with self.database.reading() as connection:
            rows = {row.id: row for row in connection.execute(notice.select())}
        for id, person, _ in set(told) - set(self.known):
            one, row = self._whose(rows[id].patient_id), rows[id]
            assert (row.item, row.due, row.rung) in one.stands(self.today), (one, row)
            said = {other.rung for other in rows.values() if other.status == "said" and _same(other, row)}
            assert person in self.people(one, row.rung, said), (one, row, person)
        self.known = told


def _same(one: Any, other: Any) -> bool:
    """Whether two notices are about the same item of the same patient."""
    return (one.patient_id, one.item, one.due) == (other.patient_id, other.item, other.due)


def test_whatever_happens_in_whatever_order(database: Database) -> None:
    few = settings(max_examples=max(4, settings().max_examples // 8), stateful_step_count=25)
    run_state_machine_as_test(lambda: Office(emptied(database)), settings=few)  # type: ignore[arg-type]


def test_the_model_knows_the_ladder() -> None:
    one = Patient("V00", date(2025, 3, 3), date(2025, 3, 3))
    told = {day: one.rung(date(2025, 3, 3) + timedelta(day)) for day in (13, 14, 28, 29, 36, 43)}
    assert list(told.values()) == [None, "opening", "due", "overdue", "escalated", "escalated_again"]
    late = Patient("V00", date(2025, 3, 3), date(2025, 1, 17))
    assert late.stands(date(2025, 3, 3)) == {(BEFORE, date(2025, 3, 3), "overdue")}
