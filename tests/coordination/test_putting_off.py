"""What somebody put off holds no longer than they have to do with the patient, and than the site allows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coordination.entries import Acknowledged, Assigned, Entry, Item, Person, Site, Snoozed, Team
from coordination.ownership import answerable, reached
from coordination.patient_desk import PatientDesk
from coordination.progress import Progress
from coordination.putting_off import in_force
from coordination.site_desk import SiteDesk
from store.desk import Said
from tests.coordination.people import NOON, OFFICE, TODAY, day, site

ITEM = Item(pathway="toy", item="t-x", due=day("03-10"))
WARD = next(one for one in OFFICE if isinstance(one, Team))
LATER = NOON + timedelta(5)
NOBODY: tuple[Entry, ...] = ()


def until(
    *then: Entry,
    by: str = "anna",
    owner: str | None = "anna",
    to: date = date(2199, 12, 31),
    kind: type[Acknowledged | Snoozed] = Acknowledged,
    site: tuple[Entry, ...] = OFFICE,
) -> date:
    """Until when it holds what `by` says at noon, where this is said five days later, in this order."""
    mine = kind(about=ITEM, until=to, reason="mine")
    said = [
        *(Said(0, NOON, "anna", one.kind, None, one.payload()) for one in site),
        Said(0, NOON, "anna", "assigned", 1, Assigned(owner=owner, clinician="cara").payload()),
        Said(0, NOON, by, mine.kind, 1, mine.payload()),
    ]
    said += [
        Said(0, LATER, "x", one.kind, 1 if isinstance(one, Assigned) else None, one.payload()) for one in then
    ]
    office = SiteDesk.of(one for one in said if one.patient_id is None)
    desk = in_force(office, PatientDesk.of(one for one in said if one.patient_id))
    found = desk.acknowledged if kind is Acknowledged else desk.snoozed
    return found[ITEM][0].until


def test_the_site_says_for_how_long_at_most() -> None:
    assert until(to=day("03-20")) == day("03-20")
    assert until() == ITEM.due + timedelta(90), "from its due date, where that lies ahead"
    assert until(Site(wait_days=20)) == day("03-30")
    assert until(kind=Snoozed) == FAR


GIVEN = LATER.date()
FAR = ITEM.due + timedelta(90)


@pytest.mark.parametrize(
    ("by", "owner", "then", "expected"),
    [
        ("anna", "anna", [Assigned(owner="ben")], GIVEN),
        ("anna", "anna", [Assigned(owner=None)], GIVEN),
        ("anna", "anna", [Assigned(owner="anna", clinician="lena")], FAR),
        ("anna", "anna", [Assigned(owner="ward")], FAR),
        ("lena", "anna", [Assigned(owner="ward")], FAR),
        ("cara", "anna", [Assigned(owner="ben", clinician="cara")], FAR),
        ("cara", "anna", [Assigned(owner="ben", clinician="lena")], GIVEN),
        ("anna", "ward", [WARD.model_copy(update={"members": ("ben",)})], GIVEN),
        ("anna", "ward", [Person(name="anna", active=False)], GIVEN),
        ("anna", "ward", [Person(name="anna", active=False), Person(name="anna")], FAR),
        ("cara", "anna", [], FAR),
        ("a stranger", "anna", [], TODAY),
    ],
)
def test_it_ends_where_who_said_it_has_not_to_do_with_it_any_more(
    by: str, owner: str, then: list[Entry], expected: date
) -> None:
    office = (*OFFICE, Person(name="cara", role="clinician"))
    assert until(*then, by=by, owner=owner, site=office) == expected


@pytest.mark.parametrize(("by", "expected"), [("ben", LATER.date()), ("anna", FAR), ("lena", FAR)])
def test_under_a_record_that_became_part_of_another_it_holds_for_who_has_to_do_with_that(
    by: str, expected: date
) -> None:
    mine = Acknowledged(about=ITEM, until=date(2199, 12, 31), reason="mine")
    owned = Said(0, NOON, "anna", "assigned", 1, Assigned(owner="anna").payload())
    desk = PatientDesk.of([owned, Said(0, LATER, by, mine.kind, 2, mine.payload(), lent=True)])
    until = in_force(site(Site(lead="lena")), desk).acknowledged[ITEM][0].until
    assert until == expected


def test_where_nobody_was_named_yet_it_holds() -> None:
    assert until(by="anna", site=NOBODY) == FAR


def test_patients_of_nobody_are_the_pools_and_its_lead_is_told() -> None:
    site = SiteDesk.of(
        Said(0, NOON, "x", one.kind, None, one.payload()) for one in (*OFFICE, Site(pool="ward"))
    )
    assert answerable(site, PatientDesk()) == {"ward", "anna", "ben", "lena"}
    assert [one.name for one in reached(site, PatientDesk(), "lead", TODAY)] == ["lena"]
    assert [one.name for one in reached(site, PatientDesk(), "team", TODAY)] == ["anna", "ben"]


def test_an_appointment_far_ahead_is_waited_for_no_longer_than_the_site_does() -> None:
    booked = Progress("booked", TODAY, date(2199, 12, 31), latest=day("05-01"))
    assert (booked.put_off, booked.comes_back) == (day("05-01"), day("05-02"))
    deferred = Progress("deferred", TODAY, day("04-01"), latest=day("05-01"))
    assert (deferred.put_off, deferred.comes_back) == (day("04-01"), day("04-01"))
    assert Progress("ordered", TODAY, day("04-01")).comes_back is None
