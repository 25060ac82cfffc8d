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
from web.api.asked import PauseAsked, ResumeAsked
from web.api.asked_operations import DryRunAsked, EntryOfSite, ReviewAsked, SignOffAsked
from web.client import ApiError
from web.house import Configured, House


@pytest.fixture
def there(desk: Desk) -> Desk:
    said = (Configured("CAREPATH_KEYS", "•••", said=True),)
    return with_house(desk, House(channels=lambda: (Way(),), settings=said))


def test_what_became_of_a_version_is_told_with_its_statements(desk: Desk) -> None:
    put_milder(desk)
    asking = client(desk)
    assert {one.version for one in asking.all_versions() if one.id == MAIN.id} == {MAIN.version, "0.9.0"}
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
    assert (proposed.review, proposed.steps[-1].reviewer) == ("proposed", "audit")
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


def test_what_was_judged_is_another_version_and_stands_in_the_evidence(desk: Desk) -> None:
    number, first = desk.number("V14"), client(desk, "audit")
    seen = first.reviews(number)
    one = next(each for each in seen.deviations if each.severity == "critical")
    step = ReviewAsked(step="judged", verdict="unjustified", note="nothing is recorded", upon=one.upon)
    done = first.judge(number, one.mark, step, version=seen.version)
    assert done.version == first.reviews(number).version != seen.version
    evidence = first.deviation_evidence(number, one.mark)
    assert [each["verdict"] for each in evidence.record["review"]["steps"]] == ["unjustified"]
    assert evidence.chain["chains"]
    with pytest.raises(ApiError, match="404"):
        first.deviation_evidence(number, "0123")


def test_reports_on_deviations_tell_figures_and_keep_small_numbers_back(desk: Desk) -> None:
    asking = client(desk, "audit")
    filed = list(asking.deviations())
    rule = next(one for one in filed if one.statements)
    of_statement = list(asking.deviations(statement=[rule.statements[0]]))
    assert 0 < len(of_statement) < len(filed)
    assert {one.owner for one in asking.deviations(owner="anna")} == {"anna"}
    tables = {one.title: one for one in asking.deviations_report(owner="anna").tables}
    assert set(tables) == {"Figures", "By kind", "By month", "Duties done in time", "Definitions"}
    outside = asking.deviations_report(outside=True)
    assert outside.smallest == 5
    assert any("kept back" in row for one in outside.tables for row in one.rows)
    assert asking.gone_deviations().total == 0


def test_a_statement_is_signed_off_by_what_was_read(desk: Desk) -> None:
    asking, seen = client(desk, "ben"), client(desk, "ben").patient(1).version
    one = asking.statements("response")[0]
    read = SignOffAsked(verdict="agrees", content=one.content)
    for _ in range(2):
        whole = asking.sign_off(one.id, read, key="read")
        assert [(each.reader, each.verdict) for each in whole.readings] == [("ben", "agrees")]
    assert [each.id for each in asking.statements(review="agrees")] == [one.id]
    assert asking.patient(1).version != seen  # answers tell which statements were read
    for wrong, kind in (
        ({"verdict": "differs"}, "impossible"),
        ({"content": f"sha256:{'0' * 64}"}, "changed"),
    ):
        with pytest.raises(ApiError) as refused:
            asking.sign_off(one.id, read.model_copy(update=wrong))
        assert refused.value.kind == kind
    asking.sign_off(one.id, read.model_copy(update={"verdict": "withdraw", "note": "read too fast"}))
    assert asking.statement(one.id).readings == ()
    assert one.id in {id for each in asking.conflicts() for at in each.positions for id in at.statements} or (
        asking.statement(one.id).conflicts == ()
    )


def test_the_site_is_said_upon_what_was_seen(there: Desk) -> None:
    asking = client(there)
    found = {(one.kind, one.key.get("name", "")): one for one in asking.site()}
    anna, site = found["person", "anna"], found["site", ""]
    away = {"person": "anna", "first": "2025-03-10", "last": "2025-03-14"}
    for _ in range(2):
        asking.say_of_site("absence", EntryOfSite(entry=away), key="holiday")
    assert [who for who, _ in looks(there, "desk absence")] == ["program"]
    changed = EntryOfSite(entry=site.entry | {"snooze_days": 7})
    done = asking.say_of_site("site", changed, version=site.version)
    assert (done.entry["snooze_days"], done.version != site.version) == (7, True)
    for kind, entry, version, told in (
        ("site", site.entry, site.version, "changed"),
        ("person", {"name": "anna", "role": "king"}, "", "invalid"),
        ("person", {"name": "anna", "addresses": {"email": "nowhere"}}, "", "invalid"),
        ("person", anna.entry | {"active": False}, anna.version, "impossible"),
    ):
        with pytest.raises(ApiError) as refused:
            asking.say_of_site(kind, EntryOfSite(entry=entry), version=version)
        assert refused.value.kind == told, entry
    assert asking.workers().standstill is None
    assert len(asking.record_seals()) == 1


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
    asking.verify_record()
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
