"""The write door: new, repeated, contradicting and refused recordings, and the answer to each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from store import ledger
from store.database import Database
from store.errors import CannotDerive, OtherContent, Overtaken, Refused, UnknownPathway, UnknownPatient
from store.identities import find
from store.ledger import Line, told_with
from store.patient_view import look_up
from store.record import record_many
from store.recording import Choice, Entry, NotRecorded, Recorded, Recording, SettingChange
from store.verify import verify
from tests.store.cast import FACTS, NOON, STORY, at, entries, event, live, say, story
from tests.store.toy import derivation


def lines(database: Database, reference: str = "V01") -> list[Line]:
    with database.reading() as connection:
        head = find(connection, reference)
        return ledger.lines(connection, head.patient_id) if head else []


def test_a_new_patient_has_facts_enrolment_and_events_in_the_ledger(database: Database) -> None:
    answer = say(database, story())
    assert answer.registered
    assert answer.added == ("e01", "e02", "e03")
    assert [line.kind for line in lines(database)] == ["facts", "enrolment", "event", "event", "event"]
    assert [line.seq for line in lines(database)] == [1, 2, 3, 4, 5]
    assert answer.sequence == 5


def test_the_answer_is_the_difference(database: Database) -> None:
    say(database, story())
    answer = say(
        database, live("V01", event("mdt_started", "2025-03-03", targets=["L1"], modality="resection"))
    )
    assert answer.added == ("e04",)
    assert answer.difference.lines() == (
        "state toy: response_assessed -> mdt_started",
        "deviation d-no-board (Treated without a board): open critical e04",
    )
    board = live("V01", event("board_held", "2025-03-04", question="mdt", decision="recommended"))
    changed = say(database, board, at("2025-03-04")).difference
    assert changed.lines() == (
        "state toy: mdt_started -> board_held",
        "step treat (Treat): allowed",
        "deviation d-no-board (Treated without a board): open critical e04 -> closed critical e04, e05",
    )


def test_time_is_no_part_of_the_difference(database: Database) -> None:
    """What became overdue since the last entry is not laid to the new one."""
    say(database, story("V01", *STORY[:2]), at("2025-01-21"))
    answer = say(database, live("V01", event("follow_up_visit", "2025-03-03")))
    assert answer.difference.lines() == ("state toy: systemic_started -> follow_up_visit",)


def test_the_three_times_of_imported_history(database: Database) -> None:
    say(database, story())
    first, _, third = lines(database)[2:]
    assert (first.documented, first.basis) == ("2025-01-07", "occurred")
    assert (third.documented, third.basis) == ("2025-02-27", "stated")
    assert {line.recorded_there for line in lines(database)} == {NOON}


def test_the_three_times_of_a_live_entry(database: Database) -> None:
    say(database, story())
    late, early = at("2025-03-05", "00:20"), event("follow_up_visit", "2025-03-04", documented="2025-03-04")
    say(database, live("V01", event("follow_up_visit", "2025-03-03"), early), late)
    visit, other = lines(database)[-2:]
    assert (visit.documented, visit.basis) == ("2025-03-05T00:20:00+01:00", "recorded")
    assert visit.recorded_there.isoformat() == "2025-03-05T00:20:00+01:00"
    assert (other.documented, other.basis) == ("2025-03-04", "stated")


def test_recorded_is_never_supplied(database: Database) -> None:
    say(database, story())
    with pytest.raises(Refused) as refused:
        say(database, live("V01", event("follow_up_visit", "2025-03-03", recorded="2025-03-01")))
    assert "'documented'" in refused.value.faults[0].message


def test_history_that_states_both_times_keeps_its_order_of_recording(database: Database) -> None:
    both = {"documented": "2025-01-09"}
    say(
        database,
        story(
            "V01",
            event("follow_up_visit", "2025-01-08", "a", recorded="2025-01-20", **both),
            event("follow_up_visit", "2025-01-07", "b", recorded="2025-01-10", **both),
        ),
    )
    first, second = lines(database)[2:]
    assert (first.event_id, second.event_id) == ("b", "a")
    assert first.recorded < second.recorded


def test_the_same_again_changes_nothing(database: Database) -> None:
    say(database, story())
    before = lines(database)
    answer = say(database, story(), NOON + timedelta(days=1))
    assert answer.repeated == ("e01", "e02", "e03")
    assert (answer.added, answer.registered, answer.snapshot) == ((), False, None)
    assert not answer.difference
    assert lines(database) == before


def test_more_of_the_same_story_adds_only_what_is_new(database: Database) -> None:
    say(database, story("V01", *STORY[:2]))
    answer = say(database, story())
    assert (answer.added, answer.repeated) == (("e03",), ("e01", "e02"))


def test_the_same_entry_in_other_words_is_the_same(database: Database) -> None:
    say(database, story())
    said = event("systemic_started", "2025-01-20", "e02", line=1, regimen_class="endocrine_cdk46")
    assert say(database, story("V01", said)).repeated == ("e02",)


@pytest.mark.parametrize(
    "other",
    [
        event("systemic_started", "2025-01-21", "e02", line=1, regimen_class=["endocrine_cdk46"]),
        event("systemic_started", "2025-01-20", "e02", line=2, regimen_class=["endocrine_cdk46"]),
        event("systemic_started", "2025-01-20", "e02", recorded="2025-01-22", line=1),
        event("follow_up_visit", "2025-01-20", "e02"),
    ],
)
def test_the_same_id_with_other_content_is_refused(database: Database, other: dict[str, object]) -> None:
    say(database, story())
    before = lines(database)
    with pytest.raises(OtherContent, match="e02"):
        say(database, story("V01", other, event("follow_up_visit", "2025-02-28", "e09")))
    assert lines(database) == before


def test_facts_stand_as_first_said(database: Database) -> None:
    say(database, story())
    assert not say(database, Recording("V01", facts={"menopausal_status": "post", "sex": "female"})).added
    with pytest.raises(OtherContent, match="facts"):
        say(database, Recording("V01", facts={**FACTS, "menopausal_status": "pre"}))
    with pytest.raises(OtherContent, match="birth"):
        say(database, Recording("V01", facts={**FACTS, "birth_date": "1970-04-13"}))


def test_facts_can_follow_where_none_were_stated(database: Database) -> None:
    say(database, Recording("V01", facts={}))
    say(database, Recording("V01", facts={"birth_date": "1970-04-12"}))
    answer = say(database, Recording("V01", facts=FACTS))
    assert answer.sequence == 4
    view = look_up(database, "V01", now=NOON, derive=derivation)
    assert view.dossier.facts == {
        "sex": "female",
        "menopausal_status": "post",
        "birth_date": date(1970, 4, 12),
    }


def test_a_source_id_said_twice_is_one_entry(database: Database) -> None:
    say(database, story())
    visit = Recording("V01", (Entry(event("follow_up_visit", "2025-03-03"), "msg-1"),), source="ward")
    assert say(database, visit).added == ("e04",)
    again = say(database, visit, NOON + timedelta(hours=1))
    assert (again.added, again.repeated) == ((), ("e04",))
    other = Recording("V01", (Entry(event("follow_up_visit", "2025-03-02"), "msg-1"),), source="ward")
    with pytest.raises(OtherContent, match="e04"):
        say(database, other)
    elsewhere = Recording("V01", (Entry(event("follow_up_visit", "2025-03-02"), "msg-1"),), source="clinic")
    assert say(database, elsewhere).added == ("e05",)


def test_a_source_id_belongs_to_one_patient(database: Database) -> None:
    say(database, story("V01"))
    say(database, story("V02"))
    entry = Entry(event("follow_up_visit", "2025-03-03"), "msg-1")
    say(database, Recording("V01", (entry,), source="ward"))
    before = lines(database, "V02")
    with pytest.raises(OtherContent, match="another patient"):
        say(database, Recording("V02", (entry,), source="ward"))
    assert lines(database, "V02") == before


def test_ids_are_given_where_there_are_none(database: Database) -> None:
    events = (event("follow_up_visit", "2025-02-01"), event("follow_up_visit", "2025-02-02", "e02"))
    answer = say(database, story("V01", *events, event("follow_up_visit", "2025-02-03")))
    assert len(set(answer.added)) == 3
    assert "e02" in answer.added


def test_all_faults_are_told_and_nothing_is_written(database: Database) -> None:
    bad = story(
        "V01",
        event("follow_up_visit", "2025-02-31", "e01"),
        event("response_assessed", "2025-02-01", "e02", overall="XX"),
        event("no_such_thing", "2025-02-01", "e03"),
    )
    with pytest.raises(Refused) as refused:
        say(database, bad)
    assert [fault.event for fault in refused.value.faults] == ["e01", "e02", "e03"]
    assert lines(database) == []


@pytest.mark.parametrize(
    "wrong",
    [
        event("follow_up_visit", "1969-01-01", "e09"),
        event("retraction", "2025-03-01", "e09", target="e77", reason="never happened"),
        event("correction", "2025-03-01", "e09", target="e03", field="overall", old="SD", new="CR"),
    ],
)
def test_what_does_not_fit_the_story_is_refused(database: Database, wrong: dict[str, object]) -> None:
    say(database, story())
    with pytest.raises(Refused):
        say(database, live("V01", wrong))
    assert len(lines(database)) == 5


def test_a_correction_is_worked_in(database: Database) -> None:
    say(database, story())
    fix = event("correction", "2025-03-03", target="e02", field="date", old="2025-01-20", new="2025-01-27")
    answer = say(database, live("V01", fix))
    assert answer.difference.lines() == (
        "due t-response (Assess response): 2025-02-17 done_late -> 2025-02-24 done_late",
    )


def test_what_cannot_be_written_down_is_refused(database: Database) -> None:
    odd = event("finding_recorded", "2025-03-01", "e01", note="\ud800")
    with pytest.raises(Refused, match="e01"):
        say(database, story("V01", odd))


@pytest.mark.parametrize("reference", ["", "  ", "V01\n", "V01 ", " V01", "V" * 201])
def test_a_reference_can_be_asked_for_again(database: Database, reference: str) -> None:
    with pytest.raises(Refused):
        say(database, story(reference))


def test_an_unknown_patient(database: Database) -> None:
    with pytest.raises(UnknownPatient):
        say(database, live("V09", event("follow_up_visit", "2025-03-03")))


def test_somebody_recorded_meanwhile(database: Database) -> None:
    seen = say(database, story()).sequence
    visit = event("follow_up_visit", "2025-03-03")
    say(database, live("V01", visit, expected=seen), at("2025-03-04"), recorder="ben")
    with pytest.raises(Overtaken) as overtaken:
        say(database, live("V01", event("follow_up_visit", "2025-03-02"), expected=seen))
    assert overtaken.value.meanwhile == ("e04 follow_up_visit by ben on 2025-03-04 at 12:00",)
    assert "somebody recorded" in str(overtaken.value)
    assert len(lines(database)) == 6


def test_a_moment_needs_an_offset(database: Database) -> None:
    with pytest.raises(ValueError, match="offset"):
        say(database, story(), NOON.replace(tzinfo=None))


def test_entries_follow_one_another_also_when_the_clock_was_set_back(database: Database) -> None:
    say(database, story())
    say(database, live("V01", event("follow_up_visit", "2025-03-02")), NOON - timedelta(days=2))
    times = [line.recorded for line in lines(database)]
    assert times == sorted(times)
    assert times[-1] > times[-2]


def test_an_enrolment_is_pinned_and_changed_by_an_entry(database: Database) -> None:
    answer = say(database, story(choice=Choice(("toy",), {"response_min_months": 6})))
    assert answer.snapshot
    assert [one.key for one in answer.snapshot.pathways] == ["toy"]
    assert answer.snapshot.settings.response_min_months == 6
    changed = say(database, Recording("V01", choice=Choice()), NOON + timedelta(days=1))
    assert changed.difference.lines() == (
        "state bones: nothing -> not_started",
        "step scan (Scan): blocked by g-bma",
    )
    assert lines(database)[-1].kind == "enrolment"
    assert not say(database, Recording("V01", choice=Choice()), NOON + timedelta(days=2)).snapshot
    with pytest.raises(UnknownPathway):
        say(database, story("V02", choice=Choice(("nowhere",))))


def test_an_engine_that_fails_leaves_nothing(database: Database) -> None:
    say(database, story())
    with pytest.raises(CannotDerive, match="ZeroDivisionError") as failed:
        say(database, live("V01", event("follow_up_visit", "2025-03-03", note="engine failure")))
    assert "1970" not in str(failed.value)
    assert len(lines(database)) == 5


def test_many_patients_each_whole_or_not_at_all(database: Database) -> None:
    bad = story("V02", *STORY, event("follow_up_visit", "1960-01-01", "e04"))
    answers = list(
        record_many(
            database,
            [story("V01"), bad, story("V03"), story("V04"), live("V05")],
            recorder="import",
            now=NOON,
            derive=derivation,
            batch=2,
        )
    )
    assert [type(answer) for answer in answers] == [Recorded, NotRecorded, Recorded, Recorded, NotRecorded]
    assert [answer.reference for answer in answers] == ["V01", "V02", "V03", "V04", "V05"]
    assert isinstance(answers[1], NotRecorded)
    assert isinstance(answers[1].error, Refused)
    assert lines(database, "V02") == []
    assert len(lines(database, "V04")) == 5


def test_one_clash_does_not_stop_the_others_of_its_batch(database: Database) -> None:
    def sourced(reference: str, source_id: str) -> Recording:
        return Recording(
            reference, entries(STORY[0], source_ids={"e01": source_id}), FACTS, source="his", imported=True
        )

    said = [sourced("V01", "a"), sourced("V02", "a"), sourced("V03", "c")]
    answers = list(record_many(database, said, recorder="import", now=NOON, derive=derivation))
    assert [type(answer) for answer in answers] == [Recorded, NotRecorded, Recorded]
    assert len(lines(database, "V03")) == 3


def test_a_rehearsal_keeps_nothing(database: Database) -> None:
    said = [story("V01"), story("V02", event("follow_up_visit", "1960-01-01", "e04"))]
    answers = list(record_many(database, said, recorder="import", now=NOON, derive=derivation, rehearse=True))
    assert [type(answer) for answer in answers] == [Recorded, NotRecorded]
    assert lines(database) == []


def test_settings_are_changed_and_nothing_else(database: Database) -> None:
    say(database, story(choice=Choice(("toy",), {"lead_days": 5})))
    later = NOON + timedelta(days=1)
    said = Recording("V01", change=SettingChange({"response_min_months": 6}, "agreed with the patient"))
    changed = say(database, said, later)
    assert (changed.registered, changed.added) == (False, ())
    view = look_up(database, "V01", now=later, derive=derivation)
    assert view.dossier.enrolment
    settings = view.dossier.enrolment.settings
    assert (settings["response_min_months"], settings["lead_days"]) == (6, 5)
    assert [ref.id for ref in view.dossier.enrolment.pathways] == ["toy"]
    reasons = [told_with(line).reason for line in view.lines if line.kind == "enrolment"]
    assert reasons == [None, "agreed with the patient"]
    before = look_up(database, "V01", now=later, derive=derivation, known_at=NOON)
    assert before.snapshot.settings["response_min_months"] == 3
    assert say(database, said, later + timedelta(days=1)).snapshot is None
    assert verify(database) == []


def test_settings_of_nobody_are_not_changed(database: Database) -> None:
    with pytest.raises(UnknownPatient):
        say(database, Recording("V01", change=SettingChange({"response_min_months": 6}, "why")))
