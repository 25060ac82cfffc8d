"""What was known when: views of the past stay as they were, and what was learned in between is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.answer import answer
from engine.rested import Judged
from pathways.library import main_pathway
from store.canonical import canonical
from store.database import Database
from store.errors import NotKnownYet, UnknownPatient
from store.learned import learned
from store.library import shipped
from store.patient_view import look_up
from store.record import record
from store.recording import Choice, Recorded, Recording, SettingChange
from store.refresh import rebuild
from tests.store.cast import at, entries, event, live, say, story
from tests.store.toy import derivation

DAY = date(2025, 6, 1)


def view(database: Database, known_at: str) -> str:
    """The whole answer and all it follows from, as text."""
    found = look_up(
        database, "V01", now=at("2026-01-01"), derive=derivation, as_of=DAY, known_at=at(known_at)
    )
    told = answer("V01", found.snapshot)
    return canonical([told, found.dossier.facts, [line.hash for line in found.lines]])


def test_a_view_of_the_past_is_not_altered_by_what_comes_later(database: Database) -> None:
    say(database, Recording("V01", facts={}), at("2025-03-01"))
    first = view(database, "2025-03-02")
    say(database, story(), at("2025-03-03"))
    second = view(database, "2025-03-04")
    assert "1970-04-12" not in first
    assert "1970-04-12" in second
    say(database, live("V01", event("retraction", "2025-03-05", target="e03", reason="x")), at("2025-03-05"))
    say(
        database,
        Recording("V01", change=SettingChange({"response_min_months": 6}, "x")),
        at("2025-03-06"),
    )
    rebuild(database, now=at("2025-03-07"), derive=derivation)
    assert (view(database, "2025-03-02"), view(database, "2025-03-04")) == (first, second)


def test_what_was_learned_in_between_is_told_for_one_day(database: Database) -> None:
    say(database, story(), at("2025-03-03"))
    say(
        database,
        live("V01", event("mdt_started", "2025-03-04", targets=["L1"], modality="resection")),
        at("2025-03-04"),
    )

    def between(first: str, then: str) -> list[str]:
        found = learned(
            database, "V01", at(first), at(then), now=at("2025-03-09"), derive=derivation, as_of=DAY
        )
        return [*(str(line.event_id or line.kind) for line in found.lines), *found.difference.lines()]

    assert between("2025-03-04", "2025-03-05") == []
    assert between("2025-03-03", "2025-03-05")[0] == "e04"
    whole = between("2025-03-01", "2025-03-05")
    assert whole[:6] == ["facts", "enrolment", "e01", "e02", "e03", "e04"]
    assert "state toy: nothing -> mdt_started" in whole
    with pytest.raises(NotKnownYet):
        between("2025-03-01", "2025-03-02")
    with pytest.raises(UnknownPatient):
        learned(database, "V09", DAY, DAY, now=at("2025-03-09"), derive=derivation)


def test_a_decision_is_judged_by_what_was_in_force_when_it_was_documented(database: Database) -> None:
    """The board met while three months of response were asked for; six were asked for only later."""
    derive = shipped(database)

    def told(recording: Recording, day: str) -> Recorded:
        return record(database, recording, recorder="anna", now=at(day), derive=derive)

    board: dict[str, Any] = {
        "question": "mdt",
        "decision": "recommended",
        "disciplines": ["medical_oncology"],
    }
    events = (
        event("metastasis_suspected", "2025-01-01"),
        event("systemic_started", "2025-01-10", line=1, regimen_class=["endocrine_cdk46"]),
        event("response_assessed", "2025-02-10", overall="PR"),
        event("response_assessed", "2025-05-20", overall="PR"),
        event("board_held", "2025-05-28", **board),
    )
    choice = Choice((main_pathway().id,))
    told(Recording("V01", entries(*events), facts={}, imported=True, choice=choice), "2025-05-29")
    told(Recording("V01", change=SettingChange({"response_min_months": 6}, "x")), "2025-06-01")
    told(live("V01", event("board_held", "2025-06-02", **board)), "2025-06-02")
    change = event("correction", "2025-06-03", target="e04", field="overall", old="PR", new="PD")
    early, late = told(live("V01", change), "2025-06-03").difference.decisions
    title = "Response maintained over the minimum span"
    assert early.guards[0] == Judged("g-response-window", title, "pass", "fail")
    assert late.guards[0] == Judged("g-response-window", title, "fail", "fail")
