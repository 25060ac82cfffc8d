"""Facts known from the beginning are corrected, the date of birth too, which stays out of the ledger."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect

from store import identities
from store.births import Births
from store.database import Database
from store.erasure import erase
from store.errors import OtherContent, Refused
from store.learned import learned
from store.merging import merge, unmerge
from store.patient_view import look_up
from store.recording import Recorded, Recording
from store.refresh import rebuild
from store.verify import verify
from tests.store.cast import FACTS, NOON, STORY, Raw, at, entries, event, live, say, story
from tests.store.intruder import intrude
from tests.store.toy import derivation

WRONG, RIGHT = "1970-04-12", "1971-05-13"
LATER, LAST = at("2025-03-04"), at("2025-03-20")
SEX = event("correction", "2025-03-04", "c1", target="facts", field="sex", old="female", new="male")
BORN = event("correction", "2025-03-04", "c2", target="facts", field="birth_date", old=WRONG, new=RIGHT)


def corrected(database: Database, *more: Raw) -> Recorded:
    say(database, story())
    return say(database, live("V01", *(more or (SEX, BORN))), LATER)


def known(database: Database, known_at: datetime = LAST, reference: str = "V01") -> dict[str, object]:
    found = look_up(database, reference, now=LAST, derive=derivation, known_at=known_at)
    return dict(found.dossier.facts_in_force)


def born(database: Database) -> tuple[date | None, Births | None]:
    with database.reading() as connection:
        person = identities.person_of(connection, 1)
    assert person
    return person.birth_date, person.births


def test_what_was_said_holds_in_every_view_from_before(database: Database) -> None:
    said = {"sex": "female", "menopausal_status": "post", "birth_date": date.fromisoformat(WRONG)}
    assert corrected(database).added == ("c1", "c2")
    assert known(database, NOON) == said
    assert known(database) == {**said, "sex": "male", "birth_date": date.fromisoformat(RIGHT)}
    assert born(database)[0] == date.fromisoformat(RIGHT)
    assert verify(database) == []


def test_no_date_of_birth_is_readable_without_the_keys(database: Database, tmp_path: Path) -> None:
    corrected(database)
    for table in inspect(database.engine).get_table_names():
        rows = repr(intrude(database, f"SELECT * FROM {table}"))
        assert WRONG not in rows
        assert RIGHT not in rows
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert RIGHT.encode() not in files


def test_the_first_file_again_and_one_put_right_change_nothing(database: Database) -> None:
    corrected(database)
    for facts in (FACTS, {**FACTS, "sex": "male", "birth_date": RIGHT}, {"sex": "male"}):
        assert not say(
            database, Recording("V01", entries(*STORY), facts, source="file", imported=True), LAST
        ).changed
    assert not say(database, live("V01", SEX, BORN), LAST).changed
    for facts in ({**FACTS, "birth_date": "1972-01-01"}, {**FACTS, "sex": "other"}):
        with pytest.raises(OtherContent, match="correct"):
            say(database, Recording("V01", facts=facts), LAST)
    with pytest.raises(OtherContent, match="under this id"):
        say(database, live("V01", {**BORN, "new": "1972-01-01"}), LAST)


def test_taken_back_the_date_of_before_holds_again(database: Database) -> None:
    corrected(database)
    again = event("correction", "2025-03-05", "c3", target="facts", field="birth_date", new=None)
    say(database, live("V01", again), at("2025-03-05"))
    assert (born(database)[0], known(database)["birth_date"]) == (None, None)
    with pytest.raises(OtherContent, match="another date of birth"):
        say(database, Recording("V01", facts={"birth_date": "1980-01-01"}), at("2025-03-06"))
    for n, id in enumerate(("c3", "c2"), 6):
        day = f"2025-03-0{n}"
        say(database, live("V01", event("retraction", day, f"r{n}", target=id, reason="error")), at(day))
    first = date.fromisoformat(WRONG)
    said: dict[str, dict[str, str | None]] = {"c2": {"old": WRONG, "new": RIGHT}, "c3": {"new": None}}
    assert born(database) == (first, Births(first, said))
    assert known(database, at("2025-03-04"))["birth_date"] == date.fromisoformat(RIGHT)
    assert known(database)["birth_date"] == first


def test_a_date_that_nobody_knew_at_first_is_unknown_in_views_from_before(database: Database) -> None:
    say(database, Recording("V01", entries(*STORY), {"sex": "female"}, imported=True))
    say(database, Recording("V01", facts={"birth_date": WRONG}), at("2025-03-04"))
    say(database, live("V01", {**BORN, "date": "2025-03-05"}), at("2025-03-05"))
    days = ("2025-03-03", "2025-03-04", "2025-03-05")
    seen = [known(database, at(day)).get("birth_date") for day in days]
    assert seen == [None, date.fromisoformat(WRONG), date.fromisoformat(RIGHT)]


def test_a_patient_may_come_with_the_correction(database: Database) -> None:
    say(database, story("V01", *STORY, {**BORN, "old": WRONG}))
    assert born(database)[0] == known(database)["birth_date"] == date.fromisoformat(RIGHT)
    with database.writing() as connection:
        person = identities.person_of(connection, 1)
        assert person
        identities.keep(connection, 1, person)
    assert known(database)["birth_date"] == date.fromisoformat(RIGHT)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (event("correction", "2025-03-05", "c3", target="c2", field="new", new="1972-01-01"), "again"),
        ({**BORN, "id": "c3", "old": RIGHT, "new": "1972-01-01", "note": "not 1972-01-01"}, "leave that out"),
        ({**BORN, "id": "c3", "old": RIGHT, "new": "2025-02-28"}, "before the birth_date"),
        ({**BORN, "id": "c3", "new": "1972-01-01"}, "'old' is not the birth_date that was known"),
    ],
)
def test_what_does_not_fit_is_refused(database: Database, said: Raw, told: str) -> None:
    corrected(database)
    before = born(database)
    with pytest.raises(Refused) as caught:
        say(database, live("V01", said), at("2025-03-05"))
    assert told in str(caught.value.faults[0])
    assert born(database) == before


def test_the_difference_tells_the_correction_and_erasure_its_end(database: Database) -> None:
    corrected(database)
    found = learned(database, "V01", NOON, LATER, now=LAST, derive=derivation)
    assert [line.event_id for line in found.lines] == ["c1", "c2"]
    erase(database, "V01", "requested", recorder="anna", now=at("2025-03-05"), derive=derivation)
    said = {"sex": "male", "menopausal_status": "post", "birth_date": None}
    assert known(database, reference="#1") == said
    again = Recording("#1", entries(*STORY), FACTS, source="file", imported=True)
    assert not say(database, again, LAST).changed
    say(database, live("#1", {**BORN, "id": "c3", "old": None}), LAST)
    assert known(database, reference="#1") == said
    assert verify(database) == []
    assert rebuild(database, now=LAST, derive=derivation).troubled == ()


def joined(database: Database, day: str) -> Recorded:
    return merge(database, "V01", "V02", "twice", recorder="anna", now=at(day), derive=derivation)


def test_a_merge_lends_the_facts_as_they_were_corrected(database: Database) -> None:
    say(database, Recording("V01", entries(*STORY), {"sex": "female"}, imported=True))
    other = {"sex": "male", "menopausal_status": "pre", "pdl1": "negative", "birth_date": WRONG}
    say(database, Recording("V02", entries(STORY[0]), {**other}, imported=True))
    with pytest.raises(Refused, match="birth_date, sex"):
        joined(database, "2025-03-04")
    say(database, Recording("V01", facts={"birth_date": RIGHT}), at("2025-03-04"))
    right = [
        {**SEX, "old": "male", "new": None},
        {**BORN, "id": "c2"},
        event("correction", "2025-03-04", "c3", target="facts", field="menopausal_status", new="peri"),
        event("correction", "2025-03-04", "c4", target="c3", field="new", new="post"),
    ]
    say(database, live("V02", *right), at("2025-03-04"))
    before = known(database)
    joined(database, "2025-03-10")
    expected = {"sex": "female", "menopausal_status": "post", "pdl1": "negative"}
    assert known(database) == {**expected, "birth_date": date.fromisoformat(RIGHT)}
    assert known(database, at("2025-03-09")) == before
    entry = event(
        "correction", "2025-03-11", "c9", target="facts", field="pdl1", old="negative", new="positive"
    )
    say(database, live("V01", entry), at("2025-03-11"))
    assert known(database)["pdl1"] == "positive"
    parted = unmerge(
        database, "V01", "two after all", recorder="anna", now=at("2025-03-12"), derive=derivation
    )
    assert (parted.stays, parted.idle) == (("c9",), ("c9",))
    assert known(database) == before
    change = event("correction", "2025-03-13", "c10", target="facts", field="sex", new="other")
    say(database, live("V01", change), at("2025-03-13"))
    joined(database, "2025-03-14")
    unmerge(database, "V01", "two after all", recorder="anna", now=at("2025-03-15"), derive=derivation)
    assert known(database)["sex"] == "other", "said between two merges, of this record alone"
    assert known(database, reference="V02")["menopausal_status"] == "post"
    assert verify(database) == []


def her2(id: str, day: str, old: str | None, new: str) -> Raw:
    return event("correction", day, id, target="facts", field="her2_status", old=old, new=new)


def withdrawn(day: str, id: str, target: str) -> Raw:
    return event("retraction", day, id, target=target, reason="error")


def parted(database: Database, day: str) -> tuple[str, ...]:
    told = unmerge(database, "V01", "two", recorder="anna", now=at(day), derive=derivation)
    assert verify(database) == []
    return told.idle


@pytest.mark.parametrize("taken_back", [False, True])
@pytest.mark.parametrize("first", ["negative", None])
def test_two_with_the_same_correction_are_merged(
    database: Database, first: str | None, taken_back: bool
) -> None:
    for name, id in (("V01", "c1"), ("V02", "c2")):
        say(database, Recording(name, facts={"sex": "female", "her2_status": first}))
        say(database, live(name, her2(id, "2025-03-04", first, "positive")), LATER)
        if taken_back:
            say(database, live(name, withdrawn("2025-03-05", f"r{id}", id)), at("2025-03-05"))
    before = known(database)
    joined(database, "2025-03-06")
    assert known(database) == before
    assert verify(database) == []
    assert parted(database, "2025-03-07") == ()
    assert known(database) == known(database, reference="V02") == before


def test_what_is_corrected_from_unknown_joins_what_the_other_knew_from_the_beginning(
    database: Database,
) -> None:
    say(database, Recording("V01", facts={"sex": "female"}))
    say(database, live("V01", her2("c1", "2025-03-04", None, "positive")), LATER)
    for name in ("V02", "V03"):
        say(database, Recording(name, facts={"her2_status": "positive", "pdl1": "negative"}))
    joined(database, "2025-03-05")
    assert known(database) == {"sex": "female", "her2_status": "positive", "pdl1": "negative"}
    say(database, live("V01", withdrawn("2025-03-06", "r1", "c1")), at("2025-03-06"))
    assert known(database)["her2_status"] == "positive", "the other record had said so"
    assert parted(database, "2025-03-07") == ()
    assert "her2_status" not in known(database)


def test_a_correction_since_a_merge_stays_where_the_record_itself_had_said_it(database: Database) -> None:
    for name in ("V01", "V02"):
        say(database, Recording(name, facts={**FACTS, "sex": "female", "her2_status": "negative"}))
    say(database, live("V01", her2("c1", "2025-03-04", "negative", "positive")), LATER)
    say(database, live("V02", her2("c2", "2025-03-04", "negative", "positive")), LATER)
    joined(database, "2025-03-05")
    change = event("correction", "2025-03-06", "c3", target="facts", field="primary_er", new="positive")
    since = (SEX, BORN, her2("c4", "2025-03-06", "positive", "negative"), change)
    say(
        database,
        live("V01", *({**one, "date": "2025-03-06", "id": f"n{n}"} for n, one in enumerate(since))),
        LAST,
    )
    expected = known(database)
    assert parted(database, "2025-03-21") == ()
    assert known(database, at("2025-03-22")) == expected
    assert expected["birth_date"] == date.fromisoformat(RIGHT)
    assert born(database)[0] == date.fromisoformat(RIGHT)
    assert known(database, at("2025-03-22"), "V02") == {
        **FACTS,
        "birth_date": date.fromisoformat(WRONG),
        "her2_status": "positive",
    }
