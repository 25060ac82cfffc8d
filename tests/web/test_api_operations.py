"""Versions, dry runs, reviews, pauses and the administrator's part of the API."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from audit import review
from pathways.fingerprint import fingerprint
from store.enrolments import changes
from store.work_tables import message
from tests.web.conftest import NOON, Desk
from tests.web.programs import client, program
from tests.web.test_operations_record import Way, looks, reached, with_house
from tests.web.test_pathway_changes import MAIN, MILDER, put_milder
from web.api.asked import DryRunAsked, PauseAsked, ResumeAsked, ReviewAsked
from web.client import ApiError
from web.house import Configured, House


@pytest.fixture
def there(desk: Desk) -> Desk:
    said = (Configured("CAREPATH_KEYS", "•••", said=True),)
    return with_house(desk, House(channels=lambda: (Way(),), settings=said))


def test_what_became_of_a_version_is_told_with_its_statements(desk: Desk) -> None:
    put_milder(desk)
    asking = client(desk)
    assert {one.version for one in asking.versions() if one.id == MAIN.id} == {MAIN.version, "0.9.0"}
    found = asking.differences(fingerprint(MILDER), fingerprint(MAIN))
    (rule,) = (one for one in found if one.kind == "deviation")
    assert (rule.id, rule.effect) == ("d-board-missing-mdt", "added")
    assert rule.statements
    with pytest.raises(ApiError) as refused:
        asking.differences(fingerprint(MAIN), f"sha256:{'0' * 64}")
    assert refused.value.kind == "impossible"


def test_a_dry_run_is_begun_and_asked_for(there: Desk) -> None:
    asking = client(there)
    assert asking.dry_run().job is None
    asking.try_out(DryRunAsked(settings={"response_min_months": "6"}), key="once")
    found = asking.dry_run()
    assert found.job is not None
    assert (found.job.done, found.order, found.pages) == (8, "response_min_months=6", 1)
    assert sum(found.counts.values()) == 8
    (one, _) = asking.dry_run("needs a person").patients
    assert one.changes["steps"]
    asking.try_out(DryRunAsked(settings={"response_min_months": "6"}), key="once")
    assert len([who for who, asked in looks(there, "dry-run") if "order" in asked]) == 1
    assert changes(there.database) == []
    for wrong, pointer in (
        ({"settings": {"none": "1"}}, "/settings"),
        ({"pathway": f"sha256:{'0' * 64}"}, "/pathway"),
        ({"settings": {"grace_days": "1"}, "patients": [999]}, "/patients"),
    ):
        answer = program(there).send("/dry-runs", wrong)
        assert (answer.status_code, answer.json()["faults"][0]["pointer"]) == (422, pointer)
    assert program(there).send("/dry-runs", {}).status_code == 422


def test_a_deviation_is_judged_by_one_and_agreed_to_by_another(desk: Desk) -> None:
    number = desk.number("V14")
    first, second = client(desk, "audit"), client(desk, "second")
    found = first.reviews(number)
    one = next(each for each in found.deviations if each.severity == "critical")
    step = ReviewAsked(step="judged", verdict="unjustified", note="nothing is recorded", upon=one.upon)
    first.judge(number, one.mark, step, key="a")
    first.judge(number, one.mark, step, key="a")
    (proposed,) = (each for each in second.reviews(number).deviations if each.mark == one.mark)
    assert (proposed.review, proposed.reviewer) == ("proposed", "audit")
    with pytest.raises(ApiError) as lost:
        second.judge(number, one.mark, ReviewAsked(step="confirmed", upon=one.upon))
    assert lost.value.kind == "changed"
    with pytest.raises(ApiError) as own:
        first.judge(number, one.mark, ReviewAsked(step="confirmed", upon=proposed.upon))
    assert own.value.kind == "refused"
    second.judge(number, one.mark, ReviewAsked(step="confirmed", upon=proposed.upon))
    with desk.database.reading() as connection:
        states = {each.about.mark: each.state for each in review.of_patient(connection, number).present}
    assert states[one.mark] == "unjustified"


def test_notices_are_paused_and_sent_again(desk: Desk) -> None:
    asking, number = client(desk), desk.number("V02")
    with pytest.raises(ApiError):
        asking.resume(number, ResumeAsked())
    assert asking.pause(number, PauseAsked(code="patient-away"), key="p").recorded
    with pytest.raises(ApiError):
        asking.pause(number, PauseAsked(code="other", reason="away"))
    assert asking.resume(number, ResumeAsked(reason="is back")).recorded


def test_the_record_is_checked(there: Desk) -> None:
    asking = client(there)
    assert asking.verification().problems is None
    asking.verify()
    found = asking.verification()
    assert (found.problems, found.by) == (0, "program")
    assert found.job is not None
    assert found.job.failed == ""


def test_messages_are_listed_and_sent_again(there: Desk) -> None:
    row = {"recipient": "anna", "channel": "email", "kind": "digest", "reason": "refused", "settled": NOON}
    row |= {"lease": None, "worker": None, "attempts": 0, "digest": None, "made": NOON, "wake": None}
    with there.database.writing() as connection:
        connection.execute(insert(message), {**row, "id": "m-1", "status": "dead"})
    asking = client(there)
    (dead,) = asking.messages("dead").messages
    assert dead.told == "refused"
    for _ in range(2):
        asking.resend(dead.id, key="again")
    assert asking.messages("dead").total == 0
    with pytest.raises(ApiError) as refused:
        asking.resend(dead.id)
    assert refused.value.kind == "impossible"


def test_channels_are_listed_and_tried_out(there: Desk) -> None:
    reached(there)
    asking = client(there)
    assert [one.name for one in asking.channels().channels] == ["inbox", "email"]
    assert asking.try_channel("email", "anna").failed == ""
    for channel, to, kind in (("none", "anna", "not-found"), ("email", "ben", "impossible")):
        with pytest.raises(ApiError) as refused:
            asking.try_channel(channel, to)
        assert refused.value.kind == kind


def test_settings_are_told_without_secrets(there: Desk) -> None:
    found = {one.name: one for one in client(there).settings()}
    assert found["CAREPATH_KEYS"].value == "•••"
    assert found["response_min_months"].open_questions == ("C09",)
    assert found["snooze_days"].source == "default"
