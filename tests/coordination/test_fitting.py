"""What somebody wants to say about the site and does not fit is refused, with the reason."""

from __future__ import annotations

import pytest

from coordination.entries import Absence, Board, Entry, Ladder, Person, Rung, Site, Step, Team
from coordination.fitting import Unfit, check, check_owner, check_person, faults
from tests.coordination.people import day, site


def ladder(*rungs: tuple[Rung, int], pathway: str = "", item: str = "") -> Ladder:
    return Ladder(pathway=pathway, item=item, steps=tuple(Step(rung=rung, days=days) for rung, days in rungs))


def away(person: str, first: str, last: str, deputy: str | None = None) -> Absence:
    return Absence(person=person, first=day(first), last=day(last), deputy=deputy)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Person(name="Nobody"), "stands for a patient without an owner"),
        (Person(name="ward"), "'ward' is a team already"),
        (Person(name="lena", active=False), "the lead of ward: lena does not work here any more"),
        (
            Team(name="night", members=("bne",)),
            "a member of night: there is nobody called 'bne'; did you mean",
        ),
        (Team(name="night", lead="ward"), "the lead of night: 'ward' is a team; a person is needed"),
        (Site(lead="ward"), "the site's lead: 'ward' is a team"),
        (Site(lead="zoe"), "there is nobody called 'zoe'; `carepath desk person NAME --new` adds"),
        (Site(pool="zoe"), "the pool: there is nobody and no team called 'zoe'"),
        (Site(country="Germany"), "no holidays are known of the country 'Germany'"),
        (Site(country="DE", subdivision="XX"), "DE has no part 'XX'; there are BB, BE"),
        (Site(subdivision="BY"), "the part 'BY' needs a country"),
        (away("zoe", "03-01", "03-02"), "there is nobody called 'zoe'"),
        (away("anna", "03-01", "03-02", "bne"), "the deputy: there is nobody and no team called 'bne'; did"),
        (
            away("anna", "03-01", "03-02", "anna"),
            "on 2025-03-01 everybody who stands in is away: anna for anna",
        ),
        (
            ladder(("due", 0), pathway="bone_helth"),
            "there is no pathway 'bone_helth'; did you mean 'bone_health'",
        ),
        (ladder(("due", 0), pathway="zzz"), "there is no pathway 'zzz'; there are main"),
        (ladder(("due", 0), item="t-dneo"), "there is no due item 't-dneo'; did you mean 't-deno'?"),
        (
            ladder(("due", 0), pathway="bone_health", item="t-surveillance"),
            "there is no due item 't-surveillance' of bone_health",
        ),
        (
            ladder(("overdue", 0), ("due", 0)),
            "each once, in this order: before_opening, opening, before_due, due",
        ),
        (ladder(("due", 0), ("due", 3)), "each once, in this order"),
        (ladder(), "a ladder has rungs"),
        (ladder(("escalated", 5), ("escalated_again", 2)), "escalated_again comes no earlier than escalated"),
        (Board(name="tumour", chair="bne"), "the chair of tumour: there is nobody called 'bne'"),
    ],
)
def test_what_does_not_fit(said: Entry, told: str) -> None:
    with pytest.raises(Unfit) as refused:
        check(site(), site(said))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "said",
    [
        Team(name="ward", members=("anna", "zoe"), active=False),
        Board(name="tumour", chair="zoe", active=False),
        Site(pool="ward", lead="lena", country="DE", subdivision="BY"),
        ladder(("due", 0), ("escalated", 2), ("escalated_again", 2), pathway="bone_health", item="t-deno"),
        ladder(("overdue", 5), item="t-deno"),
        away("anna", "03-01", "03-02", "ward"),
    ],
)
def test_what_fits(said: Entry) -> None:
    check(site(), site(said))


def test_deputies_who_stand_in_for_one_another_are_found_on_the_day_it_begins() -> None:
    first = away("anna", "03-01", "03-10", "ben")
    both = site(first, away("ben", "03-08", "03-12", "lena"), away("lena", "03-09", "03-09", "anna"))
    told = "on 2025-03-09 everybody who stands in is away: anna for lena, ben for anna, lena for ben"
    assert list(faults(both)) == [f"{told}; name another deputy"]
    assert list(faults(site(first, away("ben", "03-11", "03-12", "anna")))) == []


def test_nobody_is_away_twice() -> None:
    told = list(faults(site(away("anna", "03-01", "03-10"), away("anna", "03-10", "03-12"))))
    assert told == [
        "anna is away from 2025-03-01 to 2025-03-10 already; `--from 2025-03-01` alters that absence"
    ]
    assert list(faults(site(away("anna", "03-01", "03-09"), away("anna", "03-10", "03-12")))) == []


def test_what_did_not_fit_before_does_not_keep_anybody_from_mending_it() -> None:
    before = site(Site(lead="zoe"))
    check(before, site(Site(lead="zoe"), Team(name="night", members=("anna",))))


def test_who_has_patients_does_not_leave_them_alone() -> None:
    gone = Person(name="ben", active=False)
    check(site(), site(gone), owners=["ward", "anna"])
    with pytest.raises(Unfit, match="the patients of ben would have nobody: `carepath hand-over ben TO`"):
        check(site(), site(gone), owners=["ben"])
    with pytest.raises(Unfit, match="the patients of ward"):
        check(site(), site(Team(name="ward", members=("anna",), active=False)), owners=["ward"])
    with pytest.raises(Unfit, match="the patients of ward"):
        check(site(), site(Team(name="ward")), owners=["ward"])


def test_owners_and_clinicians_work_here() -> None:
    gone = site(Person(name="ben", active=False), Team(name="night", members=("ben",)))
    check_owner(gone, "anna")
    check_owner(gone, "ward")
    for name in ("ben", "night"):
        with pytest.raises(Unfit, match="does not work here any more"):
            check_owner(gone, name)
    with pytest.raises(Unfit, match="did you mean 'anna'"):
        check_owner(gone, "anan")
    check_person(gone, "anna")
    with pytest.raises(Unfit, match="does not work here any more"):
        check_person(gone, "ben")
