"""Two records of one patient become one story and two again; views from before stay as they were."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from engine.answer import answer
from store import identities, ledger
from store.canonical import canonical
from store.database import Database
from store.differing import Contradictory, Differing, OtherPerson
from store.erasure import erase
from store.errors import MergedAway, Refused, UnknownPatient
from store.learned import learned
from store.ledger import Line
from store.merging import Unmerged, merge, unmerge
from store.move import Move, move
from store.patient_view import look_up
from store.recording import Recorded, Recording
from store.refresh import rebuild
from store.tracking import Wanted, tracking_list
from store.verify import verify
from tests.store.cast import FACTS, at, event, live, say, story
from tests.store.intruder import intrude
from tests.store.test_projections import kept
from tests.store.toy import derivation

OTHER = (
    event("board_held", "2025-01-30", "e01", question="other", decision="other"),
    event("response_assessed", "2025-03-01", "x02", overall="PR"),
    event("correction", "2025-03-01", "x03", target="e01", field="date", old="2025-01-30", new="2025-01-29"),
)


@pytest.fixture
def two(database: Database) -> Database:
    say(database, story("V01"), at("2025-03-03"))
    say(database, story("V02", *OTHER), at("2025-03-04"))
    return database


def merged(database: Database, day: str = "2025-03-10", kept: str = "V01", other: str = "V02") -> Recorded:
    said = "registered twice"
    return merge(database, kept, other, said, recorder="anna", now=at(day), derive=derivation)


def unmerged(database: Database, day: str = "2025-03-20", reference: str = "V01") -> Unmerged:
    return unmerge(database, reference, "two persons", recorder="anna", now=at(day), derive=derivation)


def view(database: Database, reference: str, known_at: str) -> str:
    """The whole answer and what it follows from, as text."""
    day = date(2025, 3, 15)
    found = look_up(
        database, reference, now=at("2026-01-01"), derive=derivation, as_of=day, known_at=at(known_at)
    )
    lines = [(line.event_id, line.recorder, line.source, line.payload) for line in found.lines]
    return canonical([answer(reference, found.snapshot), found.dossier.facts, lines])


def ids(database: Database, reference: str) -> list[str]:
    found = look_up(database, reference, now=at("2025-04-01"), derive=derivation)
    return [event.id for event in found.dossier.entries]


def listed(database: Database) -> list[str]:
    return [row.reference for row in tracking_list(database, Wanted())]


def right(database: Database, day: str = "2025-03-10") -> None:
    """The chains hold, and the lists are those of a rebuild."""
    rows = kept(database)
    assert rebuild(database, now=at(day), derive=derivation).troubled == ()
    assert kept(database) == rows
    assert verify(database) == []


def test_a_merge_tells_one_story_with_the_ids_that_are_free(two: Database) -> None:
    answered = merged(two)
    assert ids(two, "V01") == ["e01", "e02", "e03", "p2-e01", "x02", "x03"]
    found = look_up(two, "V01", now=at("2025-03-10"), derive=derivation).dossier
    assert found.entries[-1].fields["target"] == "p2-e01"
    assert str(answered.difference).splitlines()[0] == "step treat (Treat): allowed"
    right(two)


def test_the_other_record_is_off_the_lists_and_takes_nothing_more(two: Database) -> None:
    merged(two)
    assert listed(two) == ["V01"]
    with pytest.raises(MergedAway) as away:
        say(two, live("V02", event("death", "2025-03-11")), at("2025-03-11"))
    assert away.value.patient_id == 1
    for again in (("V01", "V02"), ("V02", "V01")):
        with pytest.raises(MergedAway):
            merged(two, "2025-03-11", *again)
    with pytest.raises(MergedAway):
        look_up(two, "V02", now=at("2025-03-11"), derive=derivation)
    with pytest.raises(MergedAway):
        learned(two, "V02", date(2025, 1, 1), date(2025, 4, 1), now=at("2025-03-11"), derive=derivation)
    say(two, live("V01", event("death", "2025-03-11")), at("2025-03-11"))
    right(two, "2025-03-11")


def test_views_from_before_and_between_stay_as_they_were(two: Database) -> None:
    asked = {(name, day) for name in ("V01", "V02") for day in ("2025-03-05", "2025-03-09")}
    before = {one: view(two, *one) for one in asked}
    merged(two)
    between = view(two, "V01", "2025-03-15")
    assert {one: view(two, *one) for one in asked} == before
    unmerged(two)
    assert {one: view(two, *one) for one in asked} == before
    assert view(two, "V01", "2025-03-15") == between
    merged(two, "2025-03-25")
    rebuild(two, now=at("2025-03-26"), derive=derivation)
    assert {one: view(two, *one) for one in asked} == before
    assert view(two, "V01", "2025-03-15") == between


def test_undone_both_are_as_before_and_what_came_meanwhile_stays(two: Database) -> None:
    merged(two)
    late = event("board_held", "2025-03-12", "n01", question="other", decision="other")
    change = event("correction", "2025-03-12", "n02", target="x02", field="overall", old="PR", new="PD")
    say(two, live("V01", late, change), at("2025-03-12"))
    found = unmerged(two)
    assert (found.reference, found.stays, found.idle) == ("V02", ("n01", "n02"), ("n02",))
    assert (ids(two, "V01"), ids(two, "V02")) == (["e01", "e02", "e03", "n01"], ["e01", "x02", "x03"])
    assert sorted(listed(two)) == ["V01", "V02"]
    for name in ("V01", "V02"):
        say(two, live(name, event("death", "2025-03-21")), at("2025-03-21"))
    rebuild(two, now=at("2025-03-21"), derive=derivation)
    assert verify(two) == []
    with pytest.raises(Refused, match="entry"):
        unmerged(two)


def test_what_went_with_a_merge_is_about_nothing_new(two: Database) -> None:
    """A retraction of a lent entry must not take back what is recorded later; no id comes twice."""
    say(two, live("V02", event("follow_up_visit", "2025-03-05")), at("2025-03-05"))
    assert ids(two, "V02")[-1] == "e04"
    merged(two)
    taken_back = live("V01", event("retraction", "2025-03-11", target="e04", reason="another patient"))
    assert say(two, taken_back, at("2025-03-11")).added == ("e08",)
    assert unmerged(two).idle == ("e08",)
    assert say(two, live("V01", event("follow_up_visit", "2025-03-12")), at("2025-03-21")).added == ("e09",)
    named = live("V01", event("follow_up_visit", "2025-03-13", "e04"))
    assert say(two, named, at("2025-03-21")).added == ("e04",)
    again = live("V01", event("retraction", "2025-03-11", "e08", target="e04", reason="another patient"))
    assert say(two, again, at("2025-03-21")).repeated == ("e08",)
    assert move(
        two, Move("V02", "x02", "V01", "label"), recorder="anna", now=at("2025-03-21"), derive=derivation
    )[1].added == ("e10",)
    assert ids(two, "V01") == ["e01", "e02", "e03", "e09", "e04", "e10"]
    merged(two, "2025-03-22")
    assert ids(two, "V01")[6:] == ["p2-e01", "x02", "x03", "p2-e04", "e05"]
    right(two, "2025-03-22")


def test_two_that_are_merged_again_and_again_are_read_once_each(
    two: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each lends to the other in turn: reading must not take twice as long with every merge."""
    for day in range(10, 18):
        kept, other = ("V01", "V02") if day % 2 else ("V02", "V01")
        merged(two, f"2025-03-{day}", kept, other)
        unmerged(two, f"2025-03-{day}", kept)
    read, reads = ledger._lines, list[object]()

    def counted(*arguments: Any) -> list[Line]:
        reads.append(arguments)
        return read(*arguments)

    monkeypatch.setattr(ledger, "_lines", counted)
    assert ids(two, "V01") == ["e01", "e02", "e03"]
    assert len(reads) == 9


def test_a_merge_of_a_merge_and_the_other_way_round(two: Database) -> None:
    say(two, story("V03", event("bma_given", "2025-02-01", "e01", drug="zoledronate")), at("2025-03-05"))
    merged(two, "2025-03-10", "V02", "V03")
    merged(two, "2025-03-11", "V01", "V02")
    assert len(ids(two, "V01")) == 7
    first = look_up(two, "V01", now=at("2025-03-11"), derive=derivation).first_recorded
    assert first == {
        **dict.fromkeys(("p2-e01", "x02", "x03"), at("2025-03-04")),
        "p3-e01": at("2025-03-05"),
    }
    right(two, "2025-03-11")
    assert unmerged(two, "2025-03-12").reference == "V02"
    assert ids(two, "V02") == ["e01", "x02", "x03", "p3-e01"]
    merged(two, "2025-03-13", "V02", "V01")
    assert len(ids(two, "V02")) == 7
    right(two, "2025-03-13")


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        ({"birth_date": "1970-04-13"}, Differing("birth_date", date(1970, 4, 12), date(1970, 4, 13))),
        ({"menopausal_status": "pre"}, Differing("menopausal_status", "post", "pre")),
    ],
)
def test_records_that_contradict_each_other(
    database: Database, other: Mapping[str, object], differing: Differing
) -> None:
    say(database, story("V01"), at("2025-03-03"))
    say(database, Recording("V02", facts={**FACTS, **other}), at("2025-03-04"))
    with pytest.raises(Contradictory, match=differing.fact) as refused:
        merged(database)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (again.facts, again.others) == ((differing,), ())
    right(database)


def test_what_was_corrected_to_unknown_is_no_gap_that_the_other_fills(database: Database) -> None:
    for name in ("V01", "V02"):
        say(database, Recording(name, facts={"menopausal_status": "pre"}), at("2025-03-03"))
    change = event("correction", "2025-03-04", "c1", target="facts", field="menopausal_status", new=None)
    say(database, live("V01", change), at("2025-03-04"))
    with pytest.raises(Contradictory) as refused:
        merged(database)
    assert refused.value.facts == (Differing("menopausal_status", None, "pre"),)
    merged(database, kept="V02", other="V01")


def test_names_or_numbers_of_two_persons(database: Database) -> None:
    people = [("Müller, Änne", "A 1"), ("Anne MULLER", "a-1"), ("Berta Huber", "A2"), (None, "A2")]
    for n, (name, number) in enumerate(people, 1):
        numbers = {"insurance": number, f"ward {n}": f"{n}"}
        say(database, Recording(f"V0{n}", facts={}, name=name, numbers=numbers), at("2025-03-03"))
    merged(database)
    told = {"V03": ["the names differ", "the numbers of insurance differ"]}
    told["V04"] = told["V03"][1:]
    for other, faults in told.items():
        with pytest.raises(OtherPerson) as refused:
            merged(database, other=other)
        assert [fault.message for fault in refused.value.faults] == faults
    found = merge(
        database, "V01", "V03", "a", recorder="b", now=at("2025-03-10"), derive=derivation, same_person=True
    )
    assert found.changed
    erase(database, "V04", "requested", recorder="anna", now=at("2025-03-11"), derive=derivation)
    merged(database, "2025-03-11", other="#4")


def test_what_only_one_tells_is_known_and_what_a_finding_put_right(database: Database) -> None:
    say(database, Recording("V01", facts={"sex": "unknown"}), at("2025-03-03"))
    say(database, Recording("V02", facts={"sex": "female", "menopausal_status": "pre"}), at("2025-03-04"))
    say(database, Recording("V03", facts={"birth_date": "1970-04-12"}), at("2025-03-04"))
    say(database, Recording("V04", facts={"menopausal_status": "post"}), at("2025-03-04"))
    with pytest.raises(Refused) as refused:
        merged(database, kept="V01", other="V03")
    assert "merge this one into that" in str(refused.value.faults[0])
    merged(database)
    finding = event("finding_recorded", "2025-03-11", menopausal_status="post")
    say(database, live("V01", finding), at("2025-03-11"))
    merged(database, "2025-03-12", other="V04")
    found = look_up(database, "V01", now=at("2025-04-01"), derive=derivation).dossier
    assert found.facts == {"sex": "female", "menopausal_status": "pre"}
    right(database, "2025-03-12")


def test_who_is_not_there(two: Database) -> None:
    for pair in (("V01", "V09"), ("V09", "V01")):
        with pytest.raises(UnknownPatient):
            merged(two, "2025-03-10", *pair)
    with pytest.raises(UnknownPatient):
        unmerged(two, reference="V09")
    with pytest.raises(Refused):
        merged(two, other="V01")
    with pytest.raises(Refused) as refused:
        merge(two, "V01", "V02", "V02 is the same", recorder="a", now=at("2025-03-10"), derive=derivation)
    assert "it names a patient" in str(refused.value.faults[0])


def test_days_counted_from_another_day(database: Database) -> None:
    say(database, Recording("V01", facts={}), at("2025-03-03"))
    say(database, Recording("V02", facts={}, day_zero="diagnosis"), at("2025-03-03"))
    with pytest.raises(Refused) as refused:
        merged(database)
    assert "day zero" in str(refused.value.faults[0])


def test_a_merge_of_what_was_altered_is_found(two: Database) -> None:
    merged(two)
    with two.reading() as connection:
        head = identities.head_of(connection, 1)
    intrude(two, "UPDATE ledger SET hash = 'x' WHERE patient_id = 2 AND seq = 5")
    told = [str(problem) for problem in verify(two)]
    assert f"patient 1, entry {head.sequence}: merged what entry 5 of patient 2 ended" in " ".join(told)
    intrude(two, f"UPDATE ledger SET payload = '{{}}' WHERE patient_id = 1 AND seq = {head.sequence}")
    assert any("patient 1" in str(problem) and "altered" in str(problem) for problem in verify(two))
