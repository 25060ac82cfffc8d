"""What stands in a calendar: entries that keep their name, move, and are cancelled."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.calendar_address import calendar_at, path, with_secret
from coordination.entries import Absence, Board, Item, Listed, Postponed, Team, Unlisted, WorkingDate
from coordination.on_lists import on_lists
from coordination.site_desk import SiteDesk
from engine.snapshot import PatientSnapshot
from notifications.calendar_feed import Occasion
from notifications.occasions import of_board, of_owner
from store import desk, identities, ledger
from store.database import Database
from tests.notifications.office import ANNA, BEN, LENA, SITE, assign, furnish, say_about
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

NOW = at("2025-03-10")


@pytest.fixture
def clinic(database: Database) -> Database:
    """Anna's V01, whose response is due on 31 March; nobody has V02, due on 3 April."""
    furnish(database, SITE, ANNA, BEN, LENA, Team(name="ward", members=("anna", "ben"), lead="lena"))
    for n, day in ((1, "2025-03-03"), (2, "2025-03-06")):
        started = event("systemic_started", day, f"s{n}", line=1, regimen_class=["endocrine_cdk46"])
        say(database, live(f"V0{n}", started, facts={"sex": "female"}), at(day))
    assign(database, "V01", "anna", NOW)
    return database


def calendar(database: Database, *names: str, now: datetime = NOW, language: str = "en") -> list[Occasion]:
    with database.reading() as connection:
        found = of_owner(connection, names or ("anna",), language=language, now=now, derive=derivation)
        return sorted(found, key=lambda one: str(one.begin))


def when(occasions: Iterable[Occasion]) -> list[tuple[str, str, bool]]:
    return [(one.summary, str(one.begin), one.cancelled) for one in occasions]


def corrected(database: Database, day: str, now: datetime) -> None:
    fixed = event("correction", str(now.date()), f"c{day}", target="s1", field="date", old="2025-03-03")
    say(database, live("V01", {**fixed, "new": day}), now)


def test_patients_are_read_together_not_one_by_one(clinic: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assign(clinic, "V02", "anna", NOW)
    monkeypatch.setattr("notifications.present.on_record", None)  # by which one is read alone
    for single in (identities.head_of, ledger.lines, ledger.chain_of, desk.about):
        monkeypatch.setattr(sys.modules[single.__module__], single.__name__, None)
    assert [one.summary for one in calendar(clinic)] == ["V01: 1 item due", "V02: 1 item due"]


def test_what_is_due_lasts_a_day_and_says_nothing_more(clinic: Database) -> None:
    (one,) = calendar(clinic)
    assert (one.begin, one.end) == (date(2025, 3, 31), date(2025, 4, 1))
    assert (one.summary, one.link, one.place) == ("V01: 1 item due", "", "")
    assert one.changed == at("2025-03-03")
    furnish(clinic, SITE.model_copy(update={"link": "https://care.example.org/patients/"}), now=NOW)
    (linked,) = calendar(clinic)
    assert linked.link == "https://care.example.org/patients/V01"
    assert linked.changed == NOW
    silent = SITE.model_copy(update={"link": linked.link, "reference_in_messages": False})
    furnish(clinic, silent, now=NOW)
    (one,) = calendar(clinic, language="de")
    assert (one.summary, one.link) == ("1 Punkt fällig", "")


def test_a_correction_moves_it_under_the_same_name(clinic: Database) -> None:
    (before,) = calendar(clinic)
    assert calendar(clinic, now=NOW + timedelta(5)) == [before]
    corrected(clinic, "2025-03-05", at("2025-03-11"))
    (after,) = calendar(clinic, now=at("2025-03-12"))
    assert (after.uid, after.begin) == (before.uid, date(2025, 4, 2))
    assert after.sequence > before.sequence
    assert after.changed == at("2025-03-11")


def test_what_is_done_is_cancelled_for_a_while(clinic: Database) -> None:
    (before,) = calendar(clinic)
    done = event("response_assessed", "2025-03-31", "r1", overall="PR")
    say(clinic, live("V01", done), at("2025-04-10"))
    (gone,) = calendar(clinic, now=at("2025-04-11"))
    assert (gone.uid, gone.begin, gone.cancelled) == (before.uid, before.begin, True)
    assert gone.sequence > before.sequence
    assert calendar(clinic, now=at("2025-06-01")) == []
    taken_back = event("retraction", "2025-06-02", "x1", target="r1", reason="of another patient")
    say(clinic, live("V01", taken_back), at("2025-06-02"))
    (again,) = calendar(clinic, now=at("2025-06-03"))
    assert (again.uid, again.cancelled, again.sequence > gone.sequence) == (before.uid, False, True)


def test_what_nobody_knows_any_more_is_cancelled_too(clinic: Database) -> None:
    (before,) = calendar(clinic)
    taken_back = event("retraction", "2025-04-20", "x1", target="s1", reason="of another patient")
    say(clinic, live("V01", taken_back), at("2025-04-20"))
    (gone,) = calendar(clinic, now=at("2025-04-21"))
    assert (gone.uid, gone.cancelled) == (before.uid, True)


def test_what_came_and_went_within_the_weeks_is_cancelled_too(clinic: Database) -> None:
    furnish(clinic, Absence(person="anna", first=date(2025, 3, 10), last=date(2025, 3, 14), deputy="ben"))
    (mine,) = calendar(clinic, now=at("2025-03-11"))
    taken_back = event("retraction", "2025-03-12", "x1", target="s1", reason="of another patient")
    say(clinic, live("V01", taken_back), at("2025-03-12"))
    for day in ("2025-03-13", "2025-03-17"):  # during the absence, and after it
        for name in ("anna", "ben"):
            (gone,) = calendar(clinic, name, now=at(day))
            assert (gone.uid, gone.cancelled, gone.sequence > mine.sequence) == (mine.uid, True, True)
    assert calendar(clinic, now=at("2025-04-20")) == []


def test_whose_patients_stand_in_a_calendar(clinic: Database) -> None:
    assert when(calendar(clinic, "ward")) == []
    assert when(calendar(clinic, "ward", "anna", "ben")) == [("V01: 1 item due", "2025-03-31", False)]
    assert when(calendar(clinic, "ben")) == []
    furnish(clinic, Absence(person="anna", first=date(2025, 3, 10), last=date(2025, 3, 14), deputy="ben"))
    assert when(calendar(clinic, "ben")) == [("V01: 1 item due", "2025-03-31", False)]
    assert when(calendar(clinic, "anna")) == [("V01: 1 item due", "2025-03-31", False)]
    assert when(calendar(clinic, "lena")) == [("V02: 1 item due", "2025-04-03", False)]


def test_what_went_to_somebody_else_is_cancelled_for_a_while_and_comes_back(clinic: Database) -> None:
    (mine,) = calendar(clinic)
    given = NOW + timedelta(2)
    assign(clinic, "V01", "ben", given)
    (gone,) = calendar(clinic, now=NOW + timedelta(3))
    assert (gone.uid, gone.cancelled, gone.changed) == (mine.uid, True, given)
    assert gone.sequence > mine.sequence
    (his,) = calendar(clinic, "ben", now=NOW + timedelta(3))
    assert (his.uid, his.cancelled) == (mine.uid, False)
    assert calendar(clinic, now=NOW + timedelta(33)) == []
    assert calendar(clinic, "lena", now=NOW + timedelta(3))[-1].summary != mine.summary
    assign(clinic, "V01", "anna", NOW + timedelta(4))
    (back,) = calendar(clinic, now=NOW + timedelta(5))
    assert (back.uid, back.cancelled) == (mine.uid, False)
    assert back.sequence > gone.sequence


def test_who_stood_in_has_it_cancelled_once_the_absence_is_over(clinic: Database) -> None:
    away = Absence(person="anna", first=date(2025, 3, 10), last=date(2025, 3, 14), deputy="ben")
    furnish(clinic, away, now=NOW)
    (his,) = calendar(clinic, "ben", now=at("2025-03-14"))
    assert (his.summary, his.cancelled) == ("V01: 1 item due", False)
    (gone,) = calendar(clinic, "ben", now=at("2025-03-15", "00:01"))
    assert (gone.uid, gone.cancelled, gone.changed) == (his.uid, True, at("2025-03-15", "00:00"))
    assert gone.sequence > his.sequence
    assert when(calendar(clinic, "anna", now=at("2025-03-15"))) == [("V01: 1 item due", "2025-03-31", False)]
    assert calendar(clinic, "ben", now=at("2025-04-15")) == []
    again = Absence(person="anna", first=date(2025, 3, 20), last=date(2025, 3, 21), deputy="ben")
    furnish(clinic, again, now=at("2025-03-17"))
    (back,) = calendar(clinic, "ben", now=at("2025-03-20"))
    assert (back.uid, back.cancelled, back.sequence > gone.sequence) == (his.uid, False, True)


def test_an_absence_that_is_taken_back_cancels_what_the_deputy_had(clinic: Database) -> None:
    away = Absence(person="anna", first=date(2025, 3, 10), last=date(2025, 3, 14), deputy="ben")
    furnish(clinic, away, now=at("2025-03-10", "08:00"))
    (his,) = calendar(clinic, "ben", now=at("2025-03-11", "11:00"))
    taken_back = at("2025-03-11")
    furnish(clinic, away.model_copy(update={"last": date(2025, 3, 9)}), now=taken_back)
    (gone,) = calendar(clinic, "ben", now=at("2025-03-12"))
    assert (gone.cancelled, gone.changed, gone.sequence > his.sequence) == (True, taken_back, True)


def test_a_working_date_is_told_as_the_site_s_own_choice(clinic: Database) -> None:
    board = event("board_held", "2025-03-03", "b1", question="other", decision="other")
    say(clinic, live("V03", board, facts={"sex": "female"}), NOW)
    assign(clinic, "V03", "ben", NOW)
    (usual,) = calendar(clinic, "ben")
    assert (usual.summary, usual.begin) == ("V03: 1 step by this site's own choice", date(2025, 3, 28))
    (german,) = calendar(clinic, "ben", language="de")
    assert german.summary == "V03: 1 Schritt nach eigener Wahl des Hauses"
    treat = Item(pathway="toy", item="treat", due=date(2025, 3, 10))
    said = at("2025-03-11")
    say_about(clinic, "V03", WorkingDate(about=treat, on=date(2025, 3, 20)), now=said)
    (chosen,) = calendar(clinic, "ben", now=at("2025-03-12"))
    assert (chosen.uid, chosen.begin, chosen.cancelled) == (usual.uid, date(2025, 3, 20), False)
    assert chosen.sequence > usual.sequence


def test_a_working_date_that_time_alone_moves_is_told_by_a_higher_sequence(clinic: Database) -> None:
    board = event("board_held", "2025-03-03", "b1", question="other", decision="other")
    say(clinic, live("V03", board, facts={"sex": "female"}), NOW)
    assign(clinic, "V03", "ben", NOW)
    meeting = datetime(2025, 3, 19, 14, tzinfo=UTC)
    furnish(clinic, Board(name="Wednesday board", meetings=(meeting,)), now=NOW)
    listed = Listed(board="Wednesday board", question="other", meeting=meeting, pathway="toy", step="treat")
    say_about(clinic, "V03", listed, now=NOW)
    before, after = (calendar(clinic, "ben", now=at(day))[0] for day in ("2025-03-18", "2025-03-20"))
    assert (before.begin, after.begin) == (date(2025, 3, 19), date(2025, 3, 28))
    assert after.uid == before.uid
    assert after.sequence > before.sequence
    assert calendar(clinic, "ben", now=at("2025-03-25"))[0] == after


def test_of_whom_nothing_can_be_derived_nothing_is_told(clinic: Database) -> None:
    def broken(*_: object) -> PatientSnapshot:
        raise ZeroDivisionError

    failing = replace(derivation, replay=broken)
    with clinic.reading() as connection:
        assert list(of_owner(connection, ("anna",), language="en", now=NOW, derive=failing)) == []


def meetings(database: Database, now: datetime = NOW) -> list[Occasion]:
    with database.reading() as connection:
        return list(of_board(desk.of_site(connection), "Wednesday board", now))


def test_a_meeting_tells_how_many_are_listed_and_whom_it_does_not(clinic: Database) -> None:
    at_two = datetime(2025, 3, 19, 14, tzinfo=UTC)
    furnish(clinic, SITE, Board(name="Wednesday board", meetings=(at_two,)), now=at("2025-03-03"))
    listed = Listed(board="Wednesday board", question="other", meeting=at_two)
    say_about(clinic, "V01", listed, now=at("2025-03-04"))

    def feed(language: str = "en") -> Occasion:
        with clinic.reading() as connection:
            entries, counts = desk.of_site(connection), on_lists(connection, "Wednesday board")
            (one,) = of_board(entries, "Wednesday board", NOW, counts, language)
        return one

    assert (feed().summary, feed().sequence) == ("Wednesday board: 1 patient listed", 1)
    assert feed().changed == at("2025-03-04")
    say_about(clinic, "V01", listed.model_copy(update={"question": "mdt"}), now=at("2025-03-05"))
    assert (feed("de").summary, feed().sequence) == ("Wednesday board: 1 Person angemeldet", 2)
    off = Postponed(board="Wednesday board", question="mdt", meeting=at_two, to=None, code="no-time")
    gone = Unlisted(board="Wednesday board", question="other", meeting=at_two, reason="settled")
    say_about(clinic, "V01", off, gone, now=at("2025-03-06"))
    assert (feed().summary, feed().sequence) == ("Wednesday board", 4)


def test_the_meetings_of_a_board(database: Database) -> None:
    first, second = (datetime(2025, 3, day, 14, tzinfo=UTC) for day in (19, 26))
    board = Board(name="Wednesday board", place="Room 2", meetings=(first, second), minutes=90)
    furnish(database, SITE, Board(name="another"), board, now=at("2025-03-03"))
    one, two = meetings(database)
    assert isinstance(one.begin, datetime)
    assert (one.summary, one.place, str(one.begin)) == (
        "Wednesday board",
        "Room 2",
        "2025-03-19 15:00:00+01:00",
    )
    assert (str(one.end), one.begin.tzinfo) == ("2025-03-19 16:30:00+01:00", SITE.time_zone)
    assert one.link == ""
    assert (one.sequence, one.changed, one.uid != two.uid) == (0, at("2025-03-03"), True)
    desk_link = "https://care.example.org/patients/{number}"
    furnish(database, SITE.model_copy(update={"link": desk_link}), now=at("2025-03-04"))
    assert meetings(database)[0].link == (
        "https://care.example.org/board?board=Wednesday+board&meeting=2025-03-19T14%3A00Z"
    )
    moved = board.model_copy(update={"place": "Room 3", "meetings": (second,)})
    furnish(database, moved, now=at("2025-03-05"))
    gone, stays = meetings(database)
    assert (gone.uid, gone.cancelled, gone.sequence, gone.place) == (one.uid, True, 1, "Room 2")
    assert (stays.uid, stays.cancelled, stays.sequence, stays.place) == (two.uid, False, 1, "Room 3")
    furnish(database, moved.model_copy(update={"closes_days": 5}), now=at("2025-03-06"))
    assert [each.sequence for each in meetings(database)] == [1, 1]
    furnish(database, moved.model_copy(update={"active": False}), now=at("2025-03-07"))
    assert [each.cancelled for each in meetings(database)] == [True, True]
    assert meetings(database, at("2025-05-01")) == []


def test_a_secret_opens_one_calendar_and_can_be_taken_back(database: Database) -> None:
    furnish(database, ANNA, with_secret("anna", "one"), with_secret("board", "two"))
    with database.reading() as connection:
        entries = list(desk.of_site(connection))
    site = SiteDesk.of(entries)
    assert [calendar_at(site, secret) for secret in ("one", "two", "three")] == ["anna", "board", None]
    assert not any("one" in str(entry.payload) for entry in entries)
    furnish(database, with_secret("anna", "four"), with_secret("board", None))
    with database.reading() as connection:
        site = SiteDesk.read(connection)
    assert [calendar_at(site, secret) for secret in ("one", "two", "four")] == [None, None, "anna"]
    assert path("four") == "/calendar/four.ics"
