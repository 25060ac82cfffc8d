"""What is missing for a board is told to who can provide it, until it is there or the meeting is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from coordination.board_duties import MEETING as MEETING_ITEM
from coordination.entries import Acknowledged, Assigned, Board, Listed, Postponed, Provider, Site, Unlisted
from coordination.fitting import Unfit
from coordination.moving import move
from coordination.site_desk import SiteDesk
from notifications.address import address
from notifications.decide import Hold, Say, decide, recipients
from notifications.inbox import inbox
from notifications.present import Present, present
from notifications.silence import asked
from notifications.sweep import new, sweep
from pathways.worded import in_language
from store.database import Database
from store.library import shipped
from store.record import record
from store.recording import Recording
from store.settle import Reckoning
from store.work_tables import notice
from tests.notifications.office import ANNA, BEN, LENA, SITE, furnish, say_about
from tests.store.cast import NOON, at, event, live

LISTED_ON, CLOSES, MEETING = "2025-03-03", "2025-03-11", "2025-03-13"
BREAST = Board(name="Breast", meetings=(datetime.fromisoformat(f"{MEETING}T16:00+01:00"),))
LISTED = Listed(
    board="Breast", question="initial", meeting=BREAST.meetings[0], pathway="main", step="board_initial"
)
TISSUE = "board:g-tissue"


def record_as_shipped(database: Database, what: Recording, now: datetime = NOON) -> None:
    record(database, what, recorder="anna", now=now, derive=shipped(database))


def staged(database: Database) -> None:
    """A patient of Anna with complete staging and no tissue result, listed for the first board."""
    furnish(database, SITE, ANNA, BEN, LENA, BREAST, now=at(LISTED_ON))
    imaging = event(
        "imaging_done", "2025-02-28", "i1", purpose="staging", modality="pet_ct", complete=True,
        lesion_count_total=1,
    )  # fmt: skip
    suspected = event("metastasis_suspected", "2025-02-20", "m1")
    record_as_shipped(database, live("V01", suspected, imaging, facts={"sex": "female"}))
    say_about(database, "V01", Assigned(owner="anna"), LISTED, now=at(LISTED_ON))


def now_at(database: Database, day: str, clock: str = "08:00") -> Present:
    moment = at(day, clock)
    with database.reading() as connection:
        site = SiteDesk.read(connection)
        here = moment.astimezone(site.site.time_zone)
        return present(connection, 1, site, Reckoning.at(here, shipped(database)), here)


def told(database: Database, day: str, item: str = TISSUE) -> dict[str, list[str]]:
    """By rung: who is told of the missing tissue result on a day, of what stands then."""
    found = now_at(database, day)
    effects = [one for one in found.come if one.about.item == item]
    return {one.rung: [person.name for person in recipients(one, found)] for one in effects}


def tick(database: Database, day: str) -> None:
    sweep(database, now=at(day, "08:00"), derive=shipped(database))
    address(database, "w1", now=at(day, "08:00"), derive=shipped(database))


def trail(database: Database, item: str = TISSUE) -> list[tuple[str, str, str]]:
    with database.reading() as connection:
        rows = connection.execute(
            select(notice.c.rung, notice.c.day, notice.c.status)
            .where(notice.c.item == item)
            .order_by(notice.c.day)
        )
        return [(one.rung, str(one.day), one.status) for one in rows]


def test_what_is_missing_is_due_when_the_list_closes(database: Database) -> None:
    staged(database)
    found = now_at(database, LISTED_ON)
    (about,) = [one for one in found.for_board if one.item == TISSUE]
    timer = found.chased[about]
    assert (str(timer.opens), str(timer.due), str(timer.overdue_from)) == (LISTED_ON, CLOSES, "2025-03-12")
    assert timer.title == (
        "For Breast on Thu 13 Mar: Tissue proof or documented waiver "
        "(no waiver of biopsy or tissue result recorded)"
    )


def test_each_rung_comes_on_its_day_and_ends_with_the_meeting(database: Database) -> None:
    staged(database)
    for day in (LISTED_ON, "2025-03-10", CLOSES, "2025-03-12", "2025-03-14"):
        tick(database, day)
    assert [(rung, day) for rung, day, _ in trail(database)] == [
        ("opening", LISTED_ON),
        ("before_due", "2025-03-10"),
        ("due", CLOSES),
        ("overdue", "2025-03-12"),
    ]
    assert all(one.item != TISSUE for one in now_at(database, "2025-03-14").chased)


def test_data_that_came_overtake_what_was_to_be_told(database: Database) -> None:
    staged(database)
    tick(database, LISTED_ON)
    effect = next(one for one in now_at(database, CLOSES).come if one.about.item == TISSUE)
    said = event("tissue_result", "2025-03-07", "t1", method="histology", metastasis_confirmed=True)
    record_as_shipped(database, live("V01", said), now=at("2025-03-07"))
    gone = decide(new(effect), now_at(database, CLOSES))
    assert not isinstance(gone, (Say, Hold))
    assert gone.reason == "the data are there, or the patient is not on this list any more"
    tick(database, CLOSES)
    assert [day for _, day, _ in trail(database)] == [LISTED_ON]


def test_who_is_taken_off_the_list_needs_no_data(database: Database) -> None:
    staged(database)
    off = Unlisted(board="Breast", question="initial", meeting=LISTED.meeting, reason="not now")
    say_about(database, "V01", off, now=at("2025-03-04"))
    assert told(database, "2025-03-05") == {}


def test_the_provider_is_told_else_the_clinician_else_the_owner(database: Database) -> None:
    staged(database)
    assert told(database, "2025-03-12") == {
        "opening": ["anna"], "before_due": ["anna"], "due": ["anna"], "overdue": ["anna"],
    }  # fmt: skip
    say_about(database, "V01", Assigned(owner="anna", clinician="lena"), now=at("2025-03-04"))
    assert told(database, LISTED_ON)["opening"] == ["lena"]
    furnish(database, Provider(name="tissue_result", by="ben"), now=at("2025-03-05"))
    assert told(database, "2025-03-12") == {
        "opening": ["ben"], "before_due": ["ben"], "due": ["ben"], "overdue": ["ben", "anna"],
    }  # fmt: skip


def test_a_meeting_that_is_cancelled_asks_for_nothing_and_the_worker_looks_again(database: Database) -> None:
    staged(database)
    tick(database, LISTED_ON)
    furnish(database, BREAST.model_copy(update={"meetings": ()}), now=at("2025-03-04"))
    tick(database, "2025-03-12")
    assert [day for _, day, _ in trail(database)] == [LISTED_ON]


def test_the_inbox_and_the_explanation_of_silence_tell_it_in_words(database: Database) -> None:
    staged(database)
    tick(database, LISTED_ON)
    with database.reading() as connection:
        lines = inbox(connection, ["anna"], now=at(LISTED_ON, "09:00"), derive=shipped(database))
        because = asked(
            connection, 1, at(LISTED_ON).date(), now=at(LISTED_ON, "09:00"), derive=shipped(database)
        )
    assert any(one.title.startswith("For Breast on Thu 13 Mar: Tissue proof") for one in lines)
    assert any(one.about and one.about.item == TISSUE and one.kind == "told" for one in because)


def test_the_step_of_the_board_is_planned_for_the_meeting(database: Database) -> None:
    staged(database)
    found = now_at(database, LISTED_ON)
    (step,) = [one for about, one in found.chased.items() if about.item == "board_initial"]
    assert str(step.due) == MEETING


def test_a_site_may_close_its_lists_when_the_meeting_begins(database: Database) -> None:
    staged(database)
    furnish(database, BREAST.model_copy(update={"closes_days": 0}), Site(zone="Europe/Berlin", lead="lena"))
    (timer,) = [one for about, one in now_at(database, MEETING).chased.items() if about.item == TISSUE]
    assert (str(timer.due), timer.overdue_from) == (MEETING, None)


def test_who_is_listed_for_a_meeting_that_does_not_take_place_is_told_to_the_owner(
    database: Database,
) -> None:
    staged(database)
    say_about(database, "V01", Assigned(owner="anna", clinician="lena"), now=at("2025-03-04"))
    furnish(database, BREAST.model_copy(update={"meetings": ()}), now=at("2025-03-06"))
    found = now_at(database, "2025-03-07")
    (duty,) = found.for_board.values()
    assert (duty.about.item, str(duty.about.due)) == (MEETING_ITEM, MEETING)
    assert in_language(duty.timer.title, "de") == (
        "Für Breast: Die Sitzung am Do. 13. März findet nicht statt; auf welche stattdessen?"
    )
    (effect, *_) = [one for one in found.come if one.about.item == MEETING_ITEM]
    assert [one.name for one in recipients(effect, found)] == ["anna"]
    late = now_at(database, "2025-03-14")
    assert [one.timer.status for one in late.for_board.values()] == ["overdue"]
    assert [one.step.to[0] for one in late.effects if one.rung == "unanswered"] == ["lead"]
    off = Unlisted(board="Breast", question="initial", meeting=LISTED.meeting, reason="not now")
    say_about(database, "V01", off, now=at("2025-03-14"))
    assert now_at(database, "2025-03-14").for_board == {}


@pytest.mark.parametrize(
    ("planned", "due"),
    [((), "2025-03-12"), ((20, 27), "2025-03-18")],
    ids=["nothing planned", "a week later"],
)
def test_who_is_put_off_to_no_meeting_stays_a_duty_of_the_owner(
    database: Database, planned: tuple[int, ...], due: str
) -> None:
    staged(database)
    calls = (*BREAST.meetings, *(BREAST.meetings[0].replace(day=day) for day in planned))
    furnish(database, BREAST.model_copy(update={"meetings": calls}), now=at("2025-03-11"))
    off = Postponed(
        board="Breast", question="initial", meeting=BREAST.meetings[0], to=None, code="pathology-missing"
    )
    say_about(database, "V01", off, now=at("2025-03-12"))
    found = now_at(database, "2025-03-12")
    (duty,) = found.for_board.values()
    assert (duty.about.item, str(duty.about.due), duty.timer.status) == (MEETING_ITEM, due, "open")
    assert duty.timer.title == "For Breast: put off on Wed 12 Mar to no meeting; to which one?"
    german = in_language(duty.timer.title, "de")
    assert german == "Für Breast: Am Mi. 12. März auf keine Sitzung verschoben; auf welche?"
    assert told(database, "2025-04-30", MEETING_ITEM)["overdue"] == ["anna"], (
        "it does not vanish with the meetings"
    )
    again = LISTED.model_copy(update={"meeting": calls[-1]})
    say_about(database, "V01", again, now=at("2025-03-12", "09:00"))
    assert MEETING_ITEM not in {one.item for one in now_at(database, "2025-03-12").for_board}


def test_a_meeting_that_is_over_without_a_decision_is_a_duty_of_the_owner(database: Database) -> None:
    staged(database)
    for day in (MEETING, "2025-03-14"):
        tick(database, day)
    with database.reading() as connection:
        lines = inbox(connection, ["anna"], now=at("2025-03-14", "09:00"), derive=shipped(database))
    assert [one.rung for one in lines if one.about.item == MEETING_ITEM] == ["due"]
    (duty,) = now_at(database, "2025-03-14").for_board.values()
    assert duty.timer.title.startswith("For Breast: no decision of the meeting of Thu 13 Mar is recorded")
    held = event("board_held", MEETING, "b1", question="initial", decision="systemic_first")
    record_as_shipped(database, live("V01", held), now=at("2025-03-14"))
    assert now_at(database, "2025-03-14").for_board == {}


def test_a_meeting_that_is_moved_takes_its_list_along(database: Database) -> None:
    staged(database)
    later = BREAST.meetings[0] + timedelta(days=4)
    with database.writing() as connection:
        moved = move(connection, "Breast", BREAST.meetings[0], later, recorder="lena", now=at("2025-03-06"))
    assert moved == 1
    found = now_at(database, "2025-03-07")
    (listing,) = found.desk.listings.values()
    assert (listing.meeting, listing.put_off[0][0].code) == (later, "meeting-moved")
    assert {str(one.due) for one in found.for_board} == {"2025-03-13"}, "its list closes later"
    for old, new_ in ((BREAST.meetings[0], later), (later, later), (later, at("2025-03-05"))):
        with database.writing() as connection, pytest.raises(Unfit):
            move(connection, "Breast", old, new_, recorder="lena", now=at("2025-03-07"))


def test_what_somebody_took_on_or_the_patient_declined_is_not_asked_for(database: Database) -> None:
    staged(database)
    (about,) = [one for one in now_at(database, LISTED_ON).for_board if one.item == TISSUE]
    mine = Acknowledged(about=about, until=date(2025, 3, 7), reason="asked for")
    say_about(database, "V01", mine, now=at(LISTED_ON), by="anna")
    held = decide(new(now_at(database, LISTED_ON).come[0]), now_at(database, LISTED_ON))
    assert isinstance(held, Hold)
    no = event(
        "task_progress", "2025-03-04", "p1", item=TISSUE, status="declined", reason_code="patient-refuses"
    )
    effect = next(one for one in now_at(database, CLOSES).come if one.about.item == TISSUE)
    record_as_shipped(database, live("V01", no), now=at("2025-03-04"))
    gone = decide(new(effect), now_at(database, CLOSES))
    assert not isinstance(gone, (Say, Hold))
    assert gone.reason == "declined on 2025-03-04: the patient declines it"
    assert all(one.item != TISSUE for one in now_at(database, CLOSES).for_board)
