"""The one next step of a patient, whose it is, and what is wrong where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coordination.due_items import item_of
from coordination.entries import (
    Absence,
    Acknowledged,
    Comment,
    Entry,
    Item,
    Person,
    Site,
    Snoozed,
    WorkingDate,
)
from coordination.next_step import NextStep, put_off
from coordination.patient_desk import PatientDesk
from coordination.progress import Progress
from coordination.site_desk import SiteDesk
from coordination.track import Track, track
from coordination.working_dates import undated_steps
from engine.event import Event
from engine.snapshot import PathwayRef, Snapshot, StepVerdict, TimerItem
from tests.coordination.people import TODAY, day, patient, site

SINCE = day("01-10")


def timer(id: str, due: str, overdue_from: str | None = None, status: str = "open") -> TimerItem:
    late = day(overdue_from) if overdue_from else None
    return TimerItem(id, f"Do {id}", day(due), day(due), late, None, status, ())


def pathway(
    timers: Sequence[TimerItem] = (), steps: Sequence[tuple[str, bool]] = (), entered: str | None = "02-01"
) -> Snapshot:
    return Snapshot(
        pathway=PathwayRef("p", "1.0.0", ""),
        key="main",
        state="waiting",
        entered_on=day(entered) if entered else None,
        guards={},
        steps=tuple(StepVerdict(name, name.title(), allowed, (), (), ()) for name, allowed in steps),
        timers=tuple(timers),
        deviations=(),
        facts={},
        profiles={},
        not_determined=(),
        trail=(),
    )


def tracked(
    one: Snapshot, desk: PatientDesk | None = None, here: SiteDesk | None = None, *events: Event
) -> Track:
    return track(here or site(), desk or patient(), [one], events, SINCE, TODAY)


def step(one: Snapshot, *said: Entry, events: Sequence[Event] = (), here: SiteDesk | None = None) -> NextStep:
    found = tracked(one, patient(*said), here, *events).work.step
    assert found is not None
    return found


def report(item: str, status: str, on: str | None = None, of: str = "02-20", **more: object) -> Event:
    fields = {"item": item, "status": status, **({"on": day(on)} if on else {}), **more}
    return Event("r", "task_progress", day(of), day(of), day(of), fields)


def about(one: TimerItem) -> Item:
    return item_of("main", one)


SCAN, VISIT = timer("t-scan", "03-10"), timer("t-visit", "03-20")
LATE = timer("t-late", "02-20", "02-21", "overdue")
LATER = timer("t-later", "02-10", "02-25", "escalated")
BOTH = pathway([VISIT, SCAN])


def test_the_longest_overdue_comes_first_and_then_what_is_due_first() -> None:
    assert (step(BOTH).about, step(BOTH).on, step(BOTH).basis) == (about(SCAN), day("03-10"), "due")
    late = step(pathway([SCAN, LATER, LATE]))
    assert (late.about, late.late_from) == (about(LATE), day("02-21"))
    done = replace(SCAN, status="done", done_on=day("03-01"))
    assert step(pathway([done, replace(VISIT, status="scheduled")])).about == about(VISIT)
    assert tracked(pathway([replace(SCAN, missed=True)])).work.step is None


def test_what_somebody_put_off_comes_back_on_its_day() -> None:
    mine = Acknowledged(about=about(SCAN), until=day("03-15"), reason="r")
    assert (step(BOTH, mine).on, step(BOTH, mine).basis) == (day("03-15"), "put_off")
    longer = Snoozed(about=about(SCAN), until=day("03-25"), reason="r")
    assert step(BOTH, mine, longer).about == about(VISIT)
    over = Acknowledged(about=about(SCAN), until=TODAY, reason="r")
    assert step(BOTH, over).basis == "due"
    late = Snoozed(about=about(LATE), until=day("03-12"), reason="r")
    assert step(pathway([LATE, SCAN]), late).about == about(SCAN)
    assert (step(pathway([LATE]), late).on, step(pathway([LATE]), late).late_from) == (
        day("03-12"),
        day("02-21"),
    )
    assert put_off(about(SCAN), patient(), TODAY, Progress("booked", TODAY, day("03-30"))) == day("03-30")
    assert put_off(about(SCAN), patient(), TODAY, Progress("done", TODAY, day("03-30"))) is None


def test_what_is_booked_comes_back_on_its_day() -> None:
    booked = step(BOTH, events=[report("t-scan", "booked", "03-15")])
    assert (booked.on, booked.basis) == (day("03-15"), "put_off")
    assert booked.report is not None
    assert step(BOTH, events=[report("t-scan", "booked", "03-01")]).basis == "due"


STEPS = pathway(steps=[("biopsy", False), ("board", True), ("staging", True)])


def test_a_step_without_a_date_gets_the_site_s_working_date() -> None:
    found = step(STEPS)
    assert (found.about.item, found.title, found.about.due) == ("board", "Board", day("02-20"))
    assert (found.on, found.basis) == (day("02-20"), "site"), "14 working days"
    holidays = Site(zone="Europe/Berlin", undated_days=2, own_holidays=(day("02-03"),))
    assert step(STEPS, here=site(holidays)).on == day("02-05")
    assert first_of(pathway(steps=[("board", True)], entered="01-01")).due == SINCE
    assert first_of(pathway(steps=[("board", True)], entered=None)).due == SINCE


def test_what_was_given_up_gives_no_date_but_the_day_on_which_it_was() -> None:
    gone = replace(timer("t-x", "02-28"), status="cancelled")
    one = replace(STEPS, timers=(gone,))
    refused = report("t-x", "declined", of="02-04", reason_code="patient-refuses")
    assert (step(one).on, step(one, events=[refused]).on) == (day("02-20"), day("02-24")), "14 working days"


def first_of(one: Snapshot) -> Item:
    """The first step that may be taken, as a working date names it."""
    return next(undated_steps(one, SINCE)).about


def test_a_working_date_that_was_chosen_and_taken_back() -> None:
    board = first_of(STEPS)
    chosen = WorkingDate(about=board, on=day("03-28"))
    assert (step(STEPS, chosen).on, step(STEPS, chosen).basis) == (day("03-28"), "chosen")
    assert step(STEPS, chosen, WorkingDate(about=board, on=None)).basis == "site"
    other = pathway(steps=[("board", True)], entered="02-02")
    assert step(other, chosen).basis == "site", "another time in the state is another step"


def test_a_working_date_that_was_given_stands_beside_what_is_due() -> None:
    both = pathway([VISIT], [("board", True)])
    chosen = WorkingDate(about=first_of(both), on=day("03-10"))
    assert step(both).about == about(VISIT)
    assert (step(both, chosen).basis, step(both, chosen).on) == ("chosen", day("03-10"))
    late = pathway([LATE], [("board", True)])
    assert step(late, WorkingDate(about=first_of(late), on=day("02-10"))).about == about(LATE)


def test_a_working_date_that_has_passed_is_an_alert_until_somebody_puts_it_off() -> None:
    (told,) = tracked(STEPS).work.alerts
    assert told == "a working date has passed: Board, planned for 2025-02-20"
    today = WorkingDate(about=first_of(STEPS), on=TODAY)
    assert tracked(STEPS, patient(today)).work.alerts == ()
    mine = Acknowledged(about=step(STEPS).about, until=day("03-15"), reason="r")
    assert tracked(STEPS, patient(mine)).work.alerts == ()
    assert (step(STEPS, mine).on, step(STEPS, mine).basis) == (day("03-15"), "put_off")


def test_what_only_informs_and_has_passed_is_no_next_step() -> None:
    told = timer("t-told", "02-20")
    assert step(pathway([told, VISIT], [("board", True)])).about == about(VISIT)
    assert step(pathway([replace(told, due=TODAY)])).on == TODAY, "on its day it is still to come"
    board = step(pathway([told], [("board", True)]))
    assert (board.about.item, board.on) == ("board", day("03-12")), "14 working days after it has passed"
    done = replace(told, status="done", done_on=day("02-27"))
    assert step(pathway([done], [("board", True)])).on == day("03-19")
    assert tracked(pathway([told])).work.step is None


def test_a_step_that_was_booked_or_refused() -> None:
    booked = step(STEPS, events=[report("board", "booked", "03-05")])
    assert (booked.on, booked.basis) == (day("03-05"), "put_off")
    ordered = step(STEPS, events=[report("board", "ordered")])
    assert (ordered.basis, ordered.report and ordered.report.status) == ("site", "ordered")
    declined = report("board", "declined", reason="no more boards")
    assert step(STEPS, events=[declined]).about.item == "staging"
    assert step(STEPS, events=[report("board", "declined")]).about.item == "board", "no reason, no refusal"
    before = report("board", "declined", of="01-20", reason="not now")
    assert step(STEPS, events=[before]).about.item == "board", "that was before the state"


def alerts(one: Snapshot, owner: str | None, *said: Entry) -> tuple[str, ...]:
    return tracked(one, patient(owner=owner), site(*said)).work.alerts


def test_alerts() -> None:
    nothing = pathway()
    assert alerts(BOTH, "anna") == ()
    assert alerts(BOTH, None) == ("nobody's patient",)
    assert alerts(BOTH, None, Site(pool="ward")) == ()
    assert alerts(nothing, "anna") == ("no next step: nothing is due and no step may be taken",)
    away = Absence(person="anna", first=TODAY, last=TODAY)
    assert alerts(BOTH, "anna", away) == ("nobody is there for anna: no deputy, no pool, no lead",)
    assert alerts(BOTH, "anna", away, Site(lead="lena")) == ()
    gone = [Person(name=name, active=False) for name in ("anna", "ben", "lena")]
    assert alerts(nothing, None, Site(pool="ward"), *gone)[0].startswith("nobody is there for ward")


def test_who_is_in_charge_and_when_anybody_last_noted_something() -> None:
    away = Absence(person="anna", first=TODAY, last=TODAY, deputy="ben")
    found = tracked(BOTH, here=site(away))
    assert ([one.name for one in found.work.in_charge], found.work.owner) == (["ben"], "anna")
    assert found.tracked_on == SINCE


def test_the_day_of_the_last_comment() -> None:
    assert tracked(BOTH, patient(Comment(text="called"))).tracked_on == TODAY
