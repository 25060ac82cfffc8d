"""Why a patient was spoken about on a day or not: every day has an answer, and it is what happened."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from coordination.entries import Absence, Acknowledged, Item, Person, Snoozed
from engine.snapshot import PatientSnapshot
from notifications.channels import Final, Passing
from notifications.silence import Because, asked
from notifications.trail import Trail, reached
from store import heartbeat
from store.database import Database, open_database
from store.merging import merge
from tests.keys import KEYS
from tests.notifications.office import ANNA, SITE, Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say, story
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
DONE = event("response_assessed", "2025-04-07", "r1", overall="PR")
RESPONSE = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
LATER = at("2025-06-01")


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(n) for n in range((end - start).days + 1)]


def work(database: Database, channel: Kept, *mornings: str) -> None:
    """A worker that comes by at these mornings of 2025."""
    for day in mornings:
        tick(database, at(f"2025-{day}", "08:00"), channel)


def why(database: Database, day: str, now: datetime = LATER) -> tuple[Because, ...]:
    with database.reading() as connection:
        return asked(connection, 1, date.fromisoformat(f"2025-{day}"), now=now, derive=derivation)


def told(database: Database, day: str, now: datetime = LATER) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in why(database, day, now)]


def sent(database: Database) -> set[date]:
    with database.reading() as connection:
        trail = Trail.of(connection, 1)
    return {
        one.settled.astimezone(SITE.time_zone).date() for one in trail.posted if reached(one) and one.settled
    }


@pytest.fixture
def clinic(database: Database) -> Database:
    """Anna's patient, whose response is to be assessed from 17 March, by 31 March."""
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    return database


def test_every_day_of_a_duty_has_its_answer(clinic: Database) -> None:
    email = Kept()
    work(clinic, email, "03-03", "03-17", "03-18")
    aside = Acknowledged(about=RESPONSE, until=date(2025, 4, 4), reason="CT is on Thursday")
    say_about(clinic, "V01", aside, now=at("2025-03-20"))
    work(clinic, email, "03-20", "03-31", "04-04", "04-07")
    say(clinic, live("V01", DONE), at("2025-04-07"))
    work(clinic, email, "04-08")
    said = defaultdict(list)
    for day in days("2025-03-02", "2025-04-10"):
        said[" ".join(kind for kind, _ in told(clinic, f"{day:%m-%d}"))].append(f"{day:%m-%d}")
    assert said == {
        "not_recorded": ["03-02"],
        "nothing_due": [*(f"03-{n:02}" for n in range(3, 17)), "04-09", "04-10"],
        "told waits": ["03-17", "04-04"],
        "told told_before": ["03-18"],
        "told_before": ["03-19"],
        "held": [*(f"03-{n}" for n in range(20, 32)), "04-01", "04-02", "04-03"],
        "waits told_before": ["04-05", "04-06"],
        "told": ["04-07"],
        "withdrawn": ["04-08"],
    }
    assert sent(clinic) == {date(2025, 3, 17), date(2025, 3, 18), date(2025, 4, 4), date(2025, 4, 7)}
    assert told(clinic, "03-02") == [("not_recorded", "the patient was recorded here on 2025-03-03")]
    assert told(clinic, "03-05") == [("nothing_due", "nothing new; next on 2025-03-17")]
    assert told(clinic, "04-10") == [("nothing_due", "nothing is to come up")]
    assert told(clinic, "03-17") == [
        ("told", "to anna (inbox 2025-03-17 08:00)"),
        ("waits", "email to anna waits for the digest: it left on 2025-03-18 08:00"),
    ]
    assert told(clinic, "03-25") == [("held", "taken on by anna until 2025-04-04: CT is on Thursday")]
    (gone,) = why(clinic, "04-08")
    assert (gone.rung, gone.title, gone.text) == ("escalated", "Assess response", "done on 2025-04-07")


def test_what_was_known_only_later_explains_nothing(clinic: Database) -> None:
    work(clinic, Kept(), "03-17", "03-18")
    put_off = Snoozed(about=RESPONSE, until=date(2025, 3, 27), reason="holiday")
    say_about(clinic, "V01", put_off, now=at("2025-03-20"))
    assert [kind for kind, _ in told(clinic, "03-19")] == ["told_before"]
    assert told(clinic, "03-20") == [("held", "put off by anna until 2025-03-27: holiday")]


def test_a_worker_that_did_not_come_by_is_named(clinic: Database) -> None:
    nobody = "it was to be told, and no worker came by"
    now = at("2025-03-18")
    assert told(clinic, "03-18", now) == [("not_taken_up", f"{nobody}: none has come since")]
    with clinic.writing() as connection:
        heartbeat.beat(connection, "w1", at("2025-03-10"), at("2025-03-15"))
    (one,) = told(clinic, "03-18", now)
    assert one[1].endswith("none has come since; the last sign of one is of 2025-03-15 12:00")
    work(clinic, Kept(), "03-20")
    assert told(clinic, "03-18") == [("not_taken_up", f"{nobody}: the next one came on 2025-03-20 08:00")]
    waiting = told(clinic, "03-20", at("2025-03-20", "20:00"))
    assert waiting[1:] == [("waits", "email to anna waits for the digest: it leaves on 2025-03-21 07:30")]
    assert told(clinic, "03-21", at("2025-03-21", "20:00"))[0] == (
        "not_taken_up",
        "email to anna: no worker came by to send it",
    )


def test_a_message_that_could_not_be_handed_over_is_told(clinic: Database) -> None:
    email = Kept(fails=[Passing("no answer"), Final("no such mailbox")])
    work(clinic, email, "03-17", "03-18")
    assert ("waits", "email to anna: tried once (no answer); it leaves on 2025-03-18 08:00") in [
        (kind, text) for kind, text in told(clinic, "03-18", at("2025-03-18", "08:00"))
    ]
    work(clinic, email, "03-19")
    assert ("failed", "email to anna: no such mailbox") in told(clinic, "03-19")
    tried = "email to anna: tried once (no answer); it was given up on 2025-03-19 08:00"
    assert ("waits", tried) in told(clinic, "03-18")


def test_nobody_to_tell_quiet_hours_and_being_left_out(clinic: Database) -> None:
    away = Absence(person="anna", first=date(2025, 3, 15), last=date(2025, 3, 21))
    furnish(clinic, away, SITE.model_copy(update={"lead": None}))
    work(clinic, Kept(), "03-17")
    assert told(clinic, "03-17") == [("held", "there is nobody to tell: no owner, no pool, no lead")]
    at_once: Person = ANNA.model_copy(update={"singly": ("opening",)})
    furnish(clinic, at_once, now=at("2025-03-20"))
    tick(clinic, at("2025-03-22", "20:00"), Kept())  # a Saturday
    quiet = "email to anna waits for the end of quiet hours: it leaves on 2025-03-24 07:00"
    assert told(clinic, "03-22", at("2025-03-22", "21:00"))[1:] == [("waits", quiet)]
    done = event("response_assessed", "2025-03-23", "r1", overall="PR")
    say(clinic, live("V01", done), at("2025-03-23"))
    tick(clinic, at("2025-03-24", "08:00"), Kept())
    assert told(clinic, "03-24") == [("withdrawn", "left out of email to anna: done on 2025-03-23")]
    ended = "it was withdrawn on 2025-03-24 08:00: done on 2025-03-23"
    assert told(clinic, "03-22")[1:] == [("waits", quiet.replace("it leaves on 2025-03-24 07:00", ended))]


def test_of_who_is_lost_each_thing_is_said_once_and_no_more_than_is_so(clinic: Database) -> None:
    work(clinic, Kept(), "03-03", "03-17", "04-01")
    gone = event("lost_to_follow_up", "2025-04-04", "l1", last_contact=date(2025, 3, 4))
    say(clinic, live("V01", gone), at("2025-04-04"))
    alone = "lost to follow-up since 2025-04-04: only the lead is told that"
    (untold, _) = told(clinic, "04-04")
    assert untold == ("withdrawn", alone), "no worker has told the lead by then"
    work(clinic, Kept(), "04-07", "04-08")
    assert [one for one in told(clinic, "04-08") if one[0] == "withdrawn"] == [("withdrawn", alone)]


def test_what_was_left_out_and_then_withdrawn_says_why_once(clinic: Database) -> None:
    tick(clinic, at("2025-03-17", "00:05"), Kept())
    say(clinic, live("V01", {**DONE, "date": "2025-03-17"}), at("2025-03-17", "06:00"))
    work(clinic, Kept(), "03-17", "03-17")
    assert [why for kind, why in told(clinic, "03-17") if kind == "withdrawn"] == ["done on 2025-03-17"]


def test_what_came_up_before_the_patient_was_recorded_is_history(database: Database) -> None:
    furnish(database)
    say(database, story("V01", START), at("2025-04-02"))
    work(database, Kept(), "04-02")
    before = "from before the patient was recorded here on 2025-04-02"
    assert told(database, "04-02") == [("history", before)]


def test_what_a_correction_withdrew_is_told(clinic: Database) -> None:
    work(clinic, Kept(), "03-17")
    fixed = event("correction", "2025-03-17", "c1", target="s1", field="date", old="2025-03-03")
    say(clinic, live("V01", {**fixed, "new": "2025-03-10"}), at("2025-03-17", "20:00"))
    work(clinic, Kept(), "03-18")
    gone = "left out of email to anna: the due date is 2025-04-07 now"
    assert told(clinic, "03-18") == [("withdrawn", gone)]
    gone_again = event("retraction", "2025-03-20", "x1", target="s1", reason="of another patient")
    say(clinic, live("V01", gone_again), at("2025-03-20"))
    (one,) = why(clinic, "03-20")
    assert (one.kind, one.text) == ("nothing_due", "nothing is to come up")


def test_who_cannot_be_derived_or_is_part_of_another_record_is_told(clinic: Database) -> None:
    def broken(*_: object) -> PatientSnapshot:
        raise ZeroDivisionError

    failing = replace(derivation, replay=broken)
    with clinic.reading() as connection:
        found = asked(connection, 1, date(2025, 3, 17), now=LATER, derive=failing)
    assert [(one.kind, one.text) for one in found] == [
        ("set_aside", "it cannot be derived what is due (CannotDerive)")
    ]
    say(clinic, live("V02", START, facts={"sex": "female"}), at("2025-03-10"))
    merge(clinic, "V02", "V01", "twice", recorder="anna", now=at("2025-03-12"), derive=derivation)
    assert told(clinic, "03-17") == [("elsewhere", "the record is part of another one, which says it")]
    assert told(clinic, "03-11") == [("nothing_due", "nothing new; next on 2025-03-17")]


@pytest.mark.parametrize("seed", range(2))
def test_the_answers_agree_with_what_was_sent(seed: int, tmp_path: Path) -> None:
    agree(seed, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 60))
def test_the_answers_agree_with_what_was_sent_often(seed: int, tmp_path: Path) -> None:
    agree(seed, tmp_path)


def agree(seed: int, folder: Path) -> None:
    """A worker that comes by on some evenings, and people who put off, go away and record between."""
    chance = random.Random(seed)
    database = open_database(f"sqlite:///{folder / 'carepath.db'}", KEYS)
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    worked = set()
    for day in days("2025-03-14", "2025-04-14"):
        now = at(str(day), "21:00")
        until = day + timedelta(chance.randint(1, 5))
        match chance.randint(0, 20):
            case 0:
                say_about(database, "V01", Snoozed(about=RESPONSE, until=until, reason="x"), now=now)
            case 1:
                furnish(database, Absence(person="anna", first=day, last=until, deputy="ben"), now=now)
            case 2:
                say(database, live("V01", event("pathway_paused", str(day), reason="holiday")), now)
            case 3:
                say(database, live("V01", event("pathway_resumed", str(day))), now)
        if chance.random() < 0.4:
            worked.add(day)
            tick(database, at(str(day), "22:00"), Kept())
    found = {
        day: [kind for kind, _ in told(database, f"{day:%m-%d}")] for day in days("2025-03-01", "2025-04-14")
    }
    assert all(found.values())
    assert {day for day, kinds in found.items() if "told" in kinds} == sent(database)
    assert all("not_taken_up" not in found[day] for day in worked)
    database.close()


def test_a_message_that_the_channel_refused_is_no_worker_s_fault(clinic: Database) -> None:
    work(clinic, Kept(), "03-17")
    down = Kept(fails=[Passing("no answer")])
    tick(clinic, at("2025-03-18", "08:00"), down)
    said = "email to anna: tried once, the last time on 2025-03-18 08:00: no answer; it is tried again"
    assert ("waits", said) in told(clinic, "03-18", at("2025-03-18", "20:00"))


def test_a_worker_that_was_there_is_not_said_to_have_been_away(clinic: Database) -> None:
    work(clinic, Kept(), "03-17")
    with clinic.writing() as connection:
        heartbeat.beat(connection, "w1", at("2025-03-18", "07:00"), at("2025-03-18", "09:00"))
    (one, _) = told(clinic, "03-18", at("2025-03-18", "20:00"))
    seen = "though a worker gave a sign on 2025-03-18 09:00; `carepath doctor` tells of channels"
    assert one == ("waits", f"email to anna has not left, {seen}")


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("pathway_paused", {"reason": "patient-away: until Easter"}, "notices are paused since 2025-03-05"),
        ("lost_to_follow_up", {"last_contact": date(2025, 3, 4)}, "lost to follow-up since 2025-03-05"),
        ("transferred", {}, "the patient was transferred on 2025-03-05: nothing is told any more"),
        ("death", {}, "the patient died on 2025-03-05: nothing is told any more"),
    ],
)
def test_what_holds_of_all_items_is_the_answer_where_none_has_come_up(
    clinic: Database, kind: str, fields: dict[str, object], said: str
) -> None:
    say(clinic, live("V01", event(kind, "2025-03-05", "x1", **fields)), at("2025-03-05"))
    texts = [text for _, text in told(clinic, "03-06")]
    assert any(text.startswith(said) for text in texts)
    assert not any("patient-away" in text for text in texts)
