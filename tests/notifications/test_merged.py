"""What was told under a record that became part of another one is not sent again; the inbox has it there."""

from __future__ import annotations

import pytest

from coordination.entries import Item, Ladder, Step
from notifications.former import former
from notifications.inbox import inbox
from notifications.plan import Effect
from store.database import Database
from store.merging import merge
from tests.notifications.office import Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

DAY, NEXT = at("2025-04-01", "08:00"), at("2025-04-02", "08:00")


@pytest.mark.parametrize(("first", "own"), [("s2", "s1"), ("s1", "s1")], ids=["other ids", "the same ids"])
def test_who_was_told_by_mail_is_not_told_again(database: Database, first: str, own: str) -> None:
    furnish(database)
    for reference, id, day in (("V01", own, "2025-01-07"), ("V02", first, "2025-03-03")):
        started = event("systemic_started", day, id, line=1, regimen_class=["endocrine_cdk46"])
        say(database, live(reference, started, facts={"sex": "female"}))
        assign(database, reference, "anna")
    answered = event("response_assessed", "2025-02-03", "r1", overall="PR")
    say(database, live("V01", answered))
    email = Kept()
    tick(database, at("2025-04-01", "00:05"), email)
    tick(database, DAY, email)
    assert ["V02" in one.text for one in email.sent] == [True]
    merge(database, "V01", "V02", "twice", recorder="anna", now=DAY, derive=derivation, same_person=True)
    tick(database, at("2025-04-02", "00:05"), email)
    tick(database, NEXT, email)
    assert len(email.sent) == 1
    with database.reading() as connection:
        lines = inbox(connection, ["anna"], now=NEXT, derive=derivation)
    assert [one.standing for one in lines if one.reference == "V01"] == ["open"]


def test_that_nobody_answered_is_not_sent_again_either(database: Database) -> None:
    furnish(database)
    furnish(database, Ladder(steps=(Step(rung="overdue", answer_days=1),)))
    for reference, id, day in (("V01", "s1", "2025-01-07"), ("V02", "s2", "2025-03-03")):
        started = event("systemic_started", day, id, line=1, regimen_class=["endocrine_cdk46"])
        say(database, live(reference, started, facts={"sex": "female"}))
        assign(database, reference, "anna")
    say(database, live("V01", event("response_assessed", "2025-02-03", "r1", overall="PR")))
    email = Kept()
    for day in ("2025-04-01", "2025-04-03"):
        tick(database, at(day, "00:05"), email)
        tick(database, at(day, "08:00"), email)
    before = [(one.address, one.subject) for one in email.sent]
    assert len([one for one in email.sent if "nobody has answered" in one.text]) == 2, "lena and anna"
    now = at("2025-04-03", "09:00")
    merge(database, "V01", "V02", "twice", recorder="anna", now=now, derive=derivation, same_person=True)
    for day in ("2025-04-04", "2025-04-08"):
        tick(database, at(day, "00:05"), email)
        tick(database, at(day, "08:00"), email)
    assert [one.text for one in email.sent[len(before) :]] == []
    with database.reading() as connection:
        lines = inbox(connection, ["anna"], now=at("2025-04-08", "09:00"), derive=derivation)
    assert [(one.rung, one.standing) for one in lines if one.reference == "V01"] == [("unanswered", "open")]


def test_an_event_of_the_record_that_goes_on_is_none_of_the_other_s() -> None:
    def ids(*anchor: str) -> list[str]:
        about = Item(pathway="toy", item="t", due=DAY.date(), anchor=anchor)
        effect = Effect(2, about, Step(rung="due"), DAY.date())
        return list(former(effect, {1: (), 2: ({"s1": "p2-s1"}, {"e": "p1-e"})}))

    assert len(ids("p2-s1")) == len(ids("p1-e")) == len(ids("s9")) == 1
    assert ids("s1") == ids("e") == []
