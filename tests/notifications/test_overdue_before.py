"""What was overdue past its last rung when a patient was recorded here is told once, as a count."""

from __future__ import annotations

from pathlib import Path

import pytest

from coordination.entries import Site
from notifications.inbox import inbox
from notifications.preview import preview
from notifications.trail import Trail
from store.database import Database
from tests.notifications.office import ANNA, BEN, LENA, SITE, Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-01-06", "s1", line=1, regimen_class=["endocrine_cdk46"])
DONE = event("response_assessed", "2025-03-04", "r1", overall="PR")
MONDAY = at("2025-03-03")
COUNT = "1 item for 1 patient are overdue"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """On SQLite alone: what is asked of the database here is asked elsewhere on both."""
    return f"sqlite:///{tmp_path / 'x.db'}"


@pytest.fixture
def imported(database: Database) -> Database:
    """Anna's patient, of whom a response is overdue for a month when she is recorded."""
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}), MONDAY)
    assign(database, "V01", "anna", MONDAY)
    return database


def test_the_next_digest_leaves_with_the_count_and_no_other(imported: Database) -> None:
    email = Kept()
    tick(imported, at("2025-03-03", "13:00"), email)
    found = preview(imported, ANNA, now=at("2025-03-03", "14:00"), derive=derivation)
    assert found.words is not None
    assert COUNT in found.words.text
    for day in ("2025-03-04", "2025-03-05", "2025-03-06"):
        tick(imported, at(day, "08:00"), email)
    (digest,) = email.sent
    assert (digest.subject, COUNT in digest.text) == ("carepath: overdue from before", True)
    assert "Nothing new. But something was overdue before" in digest.text
    with imported.reading() as connection:
        assert inbox(connection, ["anna"], now=at("2025-03-06"), derive=derivation) == []


def test_nobody_is_told_what_was_done_meanwhile(imported: Database) -> None:
    email = Kept()
    tick(imported, at("2025-03-03", "13:00"), email)
    say(imported, live("V01", DONE), at("2025-03-04", "06:00"))
    for clock in ("08:00", "08:05"):
        tick(imported, at("2025-03-04", clock), email)
    assert email.sent == []
    with imported.reading() as connection:
        ends = {one.item: one.reason for one in Trail.of(connection, 1).notices}
    assert ends["overdue_before"] == "nothing from before is overdue any more"


def test_what_still_has_a_rung_ahead_is_told_by_that(database: Database) -> None:
    furnish(database, Site(**{**SITE.model_dump(), "language": "de"}), ANNA, BEN, LENA)
    early = event("systemic_started", "2025-01-27", "s1", line=1, regimen_class=["endocrine_cdk46"])
    say(database, live("V01", early, facts={"sex": "female"}), MONDAY)
    assign(database, "V01", "anna", MONDAY)
    tick(database, at("2025-03-03", "13:00"), Kept())
    with database.reading() as connection:
        assert {one.item for one in Trail.of(connection, 1).notices} == {"t-response"}
