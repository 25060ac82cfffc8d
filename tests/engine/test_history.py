"""What is visible: corrections, retractions, duplicates, death and late documentation (R2, R4 to R6, R17)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from engine.event import Event
from engine.history import Known, Ledger
from tests.engine.telling import LAST, correction, d, ids, retraction, story, told

PR = told("e1", "response_assessed", "2025-01-10", overall="PR")


def known(*entries: Event, known_at: date | datetime | str = LAST) -> Known:
    moment = d(known_at) if isinstance(known_at, str) else known_at
    return Ledger(story(*entries), moment).now


def overall(found: Known) -> Any:
    (event,) = found.events
    return event.fields["overall"]


# ---- corrections (R4, R5) ----


def test_a_correction_is_worked_in_and_named() -> None:
    found = known(PR, correction("c1", "e1", "overall", "PD", "2025-02-01"))
    assert overall(found) == "PD"
    assert found.events[0].corrected_by == ("c1",)
    assert PR.fields == {"overall": "PR"}, "what was said stays in the ledger"


def test_a_correction_is_seen_from_its_recording_on_and_its_own_date_plays_no_part() -> None:
    late = correction("c1", "e1", "overall", "PD", "2024-12-01", recorded="2025-02-01")
    early = correction("c1", "e1", "overall", "PD", "2030-12-01", recorded="2025-02-01")
    for one in (late, early):
        assert overall(known(PR, one, known_at="2025-01-31")) == "PR"
        assert overall(known(PR, one, known_at="2025-02-01")) == "PD"


def test_a_correction_is_seen_only_with_its_target() -> None:
    later = told("e1", "response_assessed", "2025-01-10", recorded="2025-03-01", overall="PR")
    one = correction("c1", "e1", "overall", "PD", "2025-02-01")
    assert known(later, one, known_at="2025-02-15").by_id == {}


def test_of_two_corrections_the_newest_recorded_wins() -> None:
    first = correction("c9", "e1", "overall", "PD", "2025-02-01")
    second = correction("c1", "e1", "overall", "SD", "2025-02-02")
    assert overall(known(PR, second, first)) == "SD"
    assert overall(known(PR, second, first, known_at="2025-02-01")) == "PD"


def test_newest_means_documented_then_recorded_then_id() -> None:
    at = {"documented": "2025-02-01", "recorded": "2025-02-03"}
    older = correction(
        "c9", "e1", "overall", "PD", "2025-02-01", documented="2025-01-31", recorded="2025-02-05"
    )
    a, b = (
        correction(id, "e1", "overall", new, "2025-02-01", **at) for id, new in (("ca", "SD"), ("cb", "CR"))
    )
    assert overall(known(PR, b, a, older)) == "CR"


def test_a_correction_can_be_corrected() -> None:
    wrong = correction("c1", "e1", "overall", "PD", "2025-02-01")
    right = correction("c2", "c1", "new", "SD", "2025-02-10")
    assert overall(known(PR, wrong, right)) == "SD"
    assert overall(known(PR, wrong, right, known_at="2025-02-09")) == "PD"
    assert known(PR, wrong, right).events[0].corrected_by == ("c1",)


def test_a_correction_of_a_correction_of_a_correction() -> None:
    chain = [
        correction("c1", "e1", "overall", "PD", "2025-02-01"),
        correction("c2", "c1", "new", "SD", "2025-02-02"),
        correction("c3", "c2", "new", "CR", "2025-02-03"),
    ]
    assert overall(known(PR, *reversed(chain))) == "CR"


def test_a_circle_of_corrections_ends() -> None:
    one = correction("c1", "c2", "new", "PD", "2025-02-01")
    other = correction("c2", "c1", "new", "SD", "2025-02-02")
    assert overall(known(PR, one, other)) == "PR"


def test_a_corrected_date_moves_the_event() -> None:
    moved = correction("c1", "e1", "date", date(2024, 12, 24), "2025-02-01")
    found = known(PR, moved)
    assert (found.events[0].day, found.events[0].clock) == (date(2024, 12, 24), None)
    assert found.until(date(2024, 12, 24)) == 1
    assert known(PR, moved, known_at="2025-01-31").until(date(2024, 12, 24)) == 0


def test_a_corrected_date_may_carry_a_time() -> None:
    moved = correction("c1", "e1", "date", datetime.fromisoformat("2025-01-11T09:30"), "2025-02-01")
    event = known(PR, moved).events[0]
    assert (event.day, event.clock) == (date(2025, 1, 11), time(9, 30))


@pytest.mark.parametrize(
    ("field", "new"), [("date", None), ("date", "soon"), ("lesions.L9.status", "active")]
)
def test_a_correction_that_leads_nowhere_changes_nothing(field: str, new: object) -> None:
    assert known(PR, correction("c1", "e1", field, new, "2025-02-01")).events == [PR]


def test_only_the_named_lesion_is_corrected() -> None:
    rows = ({"id": "L1", "status": "active"}, {"id": "L2", "status": "active"})
    imaging = told("e1", "imaging_done", "2025-01-10", lesions=rows)
    found = known(imaging, correction("c1", "e1", "lesions.L2.status", "resolved", "2025-02-01"))
    assert found.events[0].fields["lesions"] == (rows[0], {"id": "L2", "status": "resolved"})


# ---- retractions (R5) ----


def test_a_retracted_entry_is_gone_from_every_view_that_sees_the_retraction() -> None:
    gone = retraction("r1", "e1", "2025-02-01")
    assert known(PR, gone, known_at="2025-01-31").events == [PR]
    found = known(PR, gone)
    assert found.events == []
    assert "e1" not in found.by_id
    assert ids(found.changes) == ["r1"]


def test_a_retracted_retraction_gives_the_entry_back() -> None:
    chain = [retraction("r1", "e1", "2025-02-01"), retraction("r2", "r1", "2025-02-02")]
    assert known(PR, *chain).events == [PR]
    assert known(PR, *chain, retraction("r3", "r2", "2025-02-03")).events == []


def test_a_retracted_correction_no_longer_counts() -> None:
    wrong = correction("c1", "e1", "overall", "PD", "2025-02-01")
    assert overall(known(PR, wrong, retraction("r1", "c1", "2025-02-02"))) == "PR"


def test_a_retraction_whose_target_is_not_seen_is_not_seen() -> None:
    assert known(retraction("r1", "e1", "2025-02-01")).changes == []


def test_a_circle_of_retractions_ends() -> None:
    circle = [retraction("r1", "r2", "2025-02-01"), retraction("r2", "r1", "2025-02-02")]
    assert known(PR, *circle).events == [PR]


# ---- the same entry, or the same content, twice ----


def test_an_id_counts_once_and_the_first_recorded_wins() -> None:
    again = told("e1", "response_assessed", "2025-01-10", recorded="2025-03-01", overall="PD")
    assert known(again, PR).events == [PR]
    assert known(PR, PR).events == [PR]


def test_the_same_content_on_the_same_day_is_a_duplicate_and_the_later_recorded_is_set_aside() -> None:
    later = told("e0", "response_assessed", "2025-01-10", recorded="2025-01-12", overall="PR", note="again")
    found = known(later, PR)
    assert (ids(found.events), ids(found.duplicates)) == (["e1"], ["e0"])
    assert found.by_id["e0"] == later


@pytest.mark.parametrize(
    "other",
    [
        told("e2", "response_assessed", "2025-01-11", overall="PR"),
        told("e2", "response_assessed", "2025-01-10", overall="SD"),
        told("e2", "response_assessed", "2025-01-10", overall="PR", pattern=None),
        told("e2", "response_assessed", "2025-01-10", overall="PR", clock=time(9)),
        told("e2", "follow_up_visit", "2025-01-10"),
    ],
)
def test_another_day_time_type_or_content_is_no_duplicate(other: Event) -> None:
    assert known(PR, other).duplicates == ()


def test_what_becomes_the_same_by_correction_is_a_duplicate() -> None:
    other = told("e2", "response_assessed", "2025-01-10", overall="SD")
    found = known(PR, other, correction("c1", "e2", "overall", "PR", "2025-02-01"))
    assert (ids(found.events), ids(found.duplicates)) == (["e1"], ["e2"])


def test_with_the_first_retracted_the_second_stands() -> None:
    second = told("e2", "response_assessed", "2025-01-10", recorded="2025-01-12", overall="PR")
    assert ids(known(PR, second, retraction("r1", "e1", "2025-02-01")).events) == ["e2"]


# ---- order within a day (R3) ----


def test_findings_then_decisions_then_treatments_then_administration() -> None:
    kinds = ("death", "mdt_started", "board_held", "response_assessed")
    found = known(*(told(f"e{n}", kind, "2025-01-10") for n, kind in enumerate(kinds)))
    assert [e.type for e in found.events] == list(reversed(kinds))


def test_within_a_class_no_time_comes_before_a_time() -> None:
    timed = told("e1", "follow_up_visit", "2025-01-10", clock=time(7))
    later = told("e0", "ortho_evaluated", "2025-01-10", clock=time(9))
    untimed = told("e2", "imaging_history_reviewed", "2025-01-10", recorded="2025-04-01")
    assert ids(known(later, timed, untimed).events) == ["e2", "e1", "e0"]


def test_with_a_time_on_every_entry_the_time_decides() -> None:
    start = told("e1", "mdt_started", "2025-01-10", clock=time(8), targets=("L1",))
    pd = told("e2", "response_assessed", "2025-01-10", clock=time(9), overall="PD")
    assert ids(known(pd, start).events) == ["e1", "e2"]
    untimed = told("e3", "board_held", "2025-01-10")
    assert ids(known(pd, start, untimed).events) == ["e2", "e3", "e1"]


def test_what_is_equal_so_far_goes_by_recording_then_id() -> None:
    rest = [told(id, "follow_up_visit", "2025-01-10", reason=id) for id in ("b", "a")]
    early = told("z", "follow_up_visit", "2025-01-10", recorded="2025-01-09", reason="z")
    assert ids(known(*rest, early).events) == ["z", "a", "b"]


def test_a_day_with_an_offset_is_the_day_printed() -> None:
    clock = datetime.fromisoformat("2025-01-10T23:30-08:00")
    late = told("e2", "follow_up_visit", "2025-01-10", clock=clock.timetz(), recorded=clock)
    assert known(late, known_at="2025-01-10").until(date(2025, 1, 10)) == 1


# ---- death (R17) ----


def test_entries_dated_after_death_are_set_aside() -> None:
    death = told("e2", "death", "2025-02-01")
    same_day = told("e3", "follow_up_visit", "2025-02-01")
    after = told("e4", "follow_up_visit", "2025-02-02")
    found = known(PR, death, same_day, after)
    assert ids(found.events) == ["e1", "e3", "e2"]
    assert ids(found.after_death) == ["e4"]


def test_of_two_deaths_the_earlier_counts_and_a_corrected_one_moves() -> None:
    deaths = [told("e2", "death", "2025-03-01"), told("e3", "death", "2025-02-01", cause="told twice")]
    assert ids(known(*deaths).after_death) == ["e2"]
    moved = correction("c1", "e3", "date", date(2025, 4, 1), "2025-05-01")
    assert ids(known(*deaths, moved).after_death) == ["e3"]


# ---- what was documented by a day (R2) ----


def documented_by(day: str, *entries: Event) -> Known:
    return Ledger(story(*entries), LAST).known(d(day))


def test_an_entry_documented_late_is_not_known_before() -> None:
    late = told("e1", "response_assessed", "2025-01-10", documented="2025-02-01", overall="PD")
    assert ids(documented_by("2025-01-31", late).events) == []
    assert ids(documented_by("2025-02-01", late).events) == ["e1"]


def test_late_is_judged_by_documented_and_not_by_recorded() -> None:
    imported = told("e1", "response_assessed", "2025-01-10", documented="2025-01-10", recorded="2029-01-01")
    assert ids(documented_by("2025-01-10", imported).events) == ["e1"]


def test_a_correction_is_known_from_its_documentation_on() -> None:
    one = correction("c1", "e1", "overall", "PD", "2025-02-01")
    assert overall(documented_by("2025-01-31", PR, one)) == "PR"
    assert overall(documented_by("2025-02-01", PR, one)) == "PD"


def test_a_retraction_is_known_from_its_documentation_on() -> None:
    gone = retraction("r1", "e1", "2025-02-01")
    assert ids(documented_by("2025-01-31", PR, gone).events) == ["e1"]
    assert documented_by("2025-02-01", PR, gone).events == []


def test_what_is_known_on_days_between_two_late_entries_is_one_and_the_same() -> None:
    late = [
        told(f"e{n}", "follow_up_visit", "2025-01-10", documented=day, reason=day)
        for n, day in enumerate(("2025-02-01", "2025-04-01"), 2)
    ]
    ledger = Ledger(story(PR, *late), LAST)
    assert ledger.known(d("2025-02-01")) is ledger.known(d("2025-03-31"))
    assert ledger.known(d("2025-04-01")) is ledger.now
    assert ledger.known(d("2025-01-31")) is not ledger.now


def test_known_at_may_be_a_point_of_time() -> None:
    noon = told("e1", "follow_up_visit", "2025-01-10", recorded=datetime.fromisoformat("2025-01-10T12:00"))
    assert known(noon, known_at=datetime.fromisoformat("2025-01-10T11:59")).events == []
    assert known(noon, known_at=datetime.fromisoformat("2025-01-10T12:00")).events == [noon]


def test_findings_are_indexed_by_what_they_state() -> None:
    first = told("e1", "finding_recorded", "2025-01-10", ascites="none")
    second = told("e2", "finding_recorded", "2025-01-11", ascites=None, disease_stable=True)
    found = known(second, first)
    assert found.stated == {"ascites": [0, 1], "disease_stable": [1]}
    assert found.by_type == {"finding_recorded": [0, 1]}
