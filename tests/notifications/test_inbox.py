"""The inbox says how things stand now, not how they stood when it was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from coordination.entries import Acknowledged, Item, Team
from coordination.site_desk import SiteDesk
from engine.snapshot import PatientSnapshot
from notifications.decide import Drop, decide
from notifications.inbox import Line, inbox, owners
from notifications.present import present
from notifications.sweep import kept
from store.database import Database
from store.derivation import Derivation
from store.planning import of_patient
from store.settle import Reckoning
from tests.notifications.office import ANNA, BEN, LENA, SITE, Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

RESPONSE = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))


@pytest.fixture
def clinic(database: Database) -> Database:
    """Anna has V01 and V02, whose responses are due two weeks apart, and was told that both may begin."""
    furnish(database, SITE, ANNA, BEN, LENA, Team(name="breast", members=("anna", "ben")))
    for n, day in (("1", "2025-03-03"), ("2", "2025-03-17")):
        started = event("systemic_started", day, f"s{n}", line=1, regimen_class=["endocrine_cdk46"])
        say(database, live(f"V0{n}", started, facts={"sex": "female"}), at(day))
        assign(database, f"V0{n}", "anna", at(day))
    for day in ("2025-03-17", "2025-03-31"):
        tick(database, at(day, "08:00"), Kept())
    return database


def lines(database: Database, now: datetime, *people: str, derive: Derivation = derivation) -> list[Line]:
    with database.reading() as connection:
        return inbox(connection, people or ("anna",), now=now, derive=derive)


def stands(found: list[Line]) -> list[tuple[str, str, str]]:
    return [(one.reference, one.standing, one.why) for one in found]


def test_what_is_late_comes_first_then_the_newest(clinic: Database) -> None:
    now = at("2025-03-31", "09:00")
    found = lines(clinic, now)
    assert [(one.reference, one.rung, one.title) for one in found] == [
        ("V01", "due", "t-response"),
        ("V02", "opening", "t-response"),
    ]
    assert [one.late_since for one in lines(clinic, now + timedelta(1))] == [date(2025, 4, 1), None]
    tick(clinic, at("2025-04-14", "08:00"), Kept())
    assert [one.reference for one in lines(clinic, at("2025-04-14"))] == ["V01", "V02"]


def test_what_is_not_so_any_more_stays_with_the_reason(clinic: Database) -> None:
    done = event("response_assessed", "2025-04-01", "r1", overall="PR")
    say(clinic, live("V01", done), at("2025-04-01"))
    aside = Acknowledged(about=_second(), until=date(2025, 4, 10), reason="CT is booked")
    say_about(clinic, "V02", aside, now=at("2025-04-01"))
    assert stands(lines(clinic, at("2025-04-02"))) == [
        ("V02", "held", "taken on by anna until 2025-04-10: CT is booked"),
        ("V01", "gone", "done on 2025-04-01"),
    ]


def _second() -> Item:
    return Item(pathway="toy", item="t-response", due=date(2025, 4, 14), anchor=("s2",))


def test_what_went_on_to_others_is_still_to_be_done(clinic: Database) -> None:
    tick(clinic, at("2025-04-08", "08:00"), Kept())
    (first, _) = lines(clinic, at("2025-04-08", "09:00"))
    assert (first.rung, first.standing, first.to) == ("escalated", "open", ("anna",))
    assign(clinic, "V02", "ben", at("2025-04-09"))
    assert stands(lines(clinic, at("2025-04-09")))[1] == ("V02", "gone", "it is for ben now")
    assert stands(lines(clinic, at("2025-04-09"), "anna", "ben"))[1] == ("V02", "open", "")


def test_who_cannot_be_derived_is_told(clinic: Database) -> None:
    def broken(*_: object) -> PatientSnapshot:
        raise ZeroDivisionError

    found = lines(clinic, at("2025-04-01"), derive=replace(derivation, replay=broken))
    assert {one.standing for one in found} == {"unknown"}
    assert found[0].why == "it cannot be derived what is due (CannotDerive)"
    assert found[0].title == "t-response"


def test_whose_inbox_it_is() -> None:
    site = SiteDesk(
        people={"anna": ANNA, "ben": BEN}, teams={"breast": Team(name="breast", members=("anna", "ben"))}
    )
    assert list(owners(site, "anna")) == ["anna"]
    assert list(owners(site, "breast")) == ["anna", "ben"]
    assert list(owners(site, "nobody")) == []


def test_an_earlier_rung_is_as_the_latest_one_stands_and_only_for_who_is_in_charge(clinic: Database) -> None:
    assign(clinic, "V01", "ben", at("2025-04-02"))
    tick(clinic, at("2025-04-14", "08:00"), Kept())
    assert stands(lines(clinic, at("2025-04-14"), "anna"))[1] == ("V01", "gone", "it is for ben now")
    assert stands(lines(clinic, at("2025-04-14"), "ben"))[0][:2] == ("V01", "open")
    aside = Acknowledged(about=RESPONSE, until=date(2025, 4, 20), reason="CT is booked")
    say_about(clinic, "V01", aside, now=at("2025-04-14", "09:00"), by="ben")
    quiet = "taken on by ben until 2025-04-20: CT is booked"
    assert stands(lines(clinic, at("2025-04-15"), "ben")) == [("V01", "held", quiet)]
    assert stands(lines(clinic, at("2025-04-15"), "lena")) == [("V01", "held", quiet)]
    say(clinic, live("V01", event("lost_to_follow_up", "2025-04-15", "l1")), at("2025-04-15"))
    ((_, standing, why),) = stands(lines(clinic, at("2025-04-16"), "ben"))
    assert (standing, why) == ("gone", "lost to follow-up since 2025-04-15: only the lead is told that")


def test_what_is_put_off_once_more_is_quiet_and_its_notice_says_so(clinic: Database) -> None:
    for day, until in (("2025-03-31", "2025-04-02"), ("2025-04-02", "2025-04-09")):
        again = Acknowledged(about=RESPONSE, until=date.fromisoformat(until), reason="CT is booked")
        say_about(clinic, "V01", again, now=at(day, "09:00"))
        if until == "2025-04-02":
            tick(clinic, at(until, "08:00"), Kept())
    quiet = ("V01", "held", "taken on by anna until 2025-04-09: CT is booked")
    assert quiet in stands(lines(clinic, at("2025-04-02", "09:01")))
    with clinic.reading() as connection:
        (resumed,) = (one for one in of_patient(connection, [1]) if one.rung == "resumed")
        site = SiteDesk.read(connection)
        now = at("2025-04-02", "09:01")
        found = present(connection, 1, site, Reckoning.at(now, derivation), now)
    assert decide(kept(resumed), found) == Drop("withdrawn", "it was put off to another day")
