"""Entries that do not fit together: corrections, retractions, ids and dates across a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from engine.entries import EntryError, read_event, read_facts, read_story, story_faults
from engine.event import Event

Raw = Mapping[str, object]

imaging: Raw = {
    "id": "e2",
    "date": "2024-07-08",
    "type": "imaging_done",
    "modality": None,
    "lesions": [
        {"id": "L1", "organ": "lung", "status": "active"},
        {"id": "L2", "organ": "bone", "status": "active"},
        {"id": "L3", "organ": "bone", "status": "unknown"},
        {"id": "L4", "organ": "bone", "status": "resolved"},
    ],
}
response: Raw = {"id": "e3", "date": "2024-10-08", "type": "response_assessed", "overall": "PR"}
finding: Raw = {"id": "e4", "date": "2024-10-09", "type": "finding_recorded", "primary.er": "positive"}


def change(id: str, target: str, **fields: object) -> Raw:
    kind = "correction" if "field" in fields else "retraction"
    needed = {} if kind == "correction" else {"reason": "wrong patient"}
    return {"id": id, "date": "2024-11-01", "type": kind, "target": target, **needed, **fields}


def told(*raws: Raw, facts: Raw | None = None) -> list[str]:
    events = [read_event(raw) for raw in raws]
    return [str(fault) for fault in story_faults(read_facts(facts), events)]


def resolved(*raws: Raw) -> Event:
    return read_story({}, [read_event(raw) for raw in raws]).entries[-1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            [change("c1", "e9", field="overall", new="CR")],
            "c1: a correction of 'e9', but there is no such entry",
        ),
        ([change("r1", "e9")], "r1: a retraction of 'e9', but there is no such entry"),
        (
            [change("c1", "c1", field="new", new=1)],
            "c1: corrections and retractions go in a circle: c1 -> c1",
        ),
        (
            [change("c1", "c2", field="new", new=1), change("c2", "c1", field="new", new=1)],
            "c1: corrections and retractions go in a circle: c1 -> c2 -> c1",
        ),
        (
            [change("r1", "r2"), change("r2", "r1")],
            "r2: corrections and retractions go in a circle: r2 -> r1 -> r2",
        ),
        (
            [change("c1", "e3", field="overal", new="CR")],
            "c1: there is no field 'overal' in response_assessed; did you mean 'overall'?",
        ),
        ([change("c1", "e3", field="type", new="death")], "c1: 'type' cannot be corrected"),
        ([change("c1", "e3", field="recorded", new="2024-10-09")], "c1: 'recorded' cannot be corrected"),
        ([change("c1", "e3", field="documented", new="2024-10-09")], "c1: 'documented' cannot be corrected"),
        (
            [change("c1", "e3", field="overall", new="CR"), change("c2", "c1", field="target", new="e2")],
            "c2: 'target' cannot be corrected",
        ),
        (
            [change("c1", "e3", field="overall", new="good")],
            "c1: 'new' does not fit 'overall': 'overall' must be one of",
        ),
        ([change("c1", "e3", field="overall", old="good", new="CR")], "c1: 'old' does not fit 'overall'"),
        ([change("c1", "e3", field="date", new="2024-02-31")], "c1: 'new' does not fit 'date'"),
        ([change("c1", "e3", field="date", new=None)], "c1: 'new' does not fit 'date'"),
        (
            [change("c1", "e2", field="lesions.L1.organ", new="brain")],
            "c1: 'new' does not fit 'lesions.L1.organ'",
        ),
        ([change("c1", "e2", field="lesions.L1.orgn", new="bone")], "c1: in 'lesions.L1.orgn'"),
        (
            [change("c1", "e2", field="lesions.L9.organ", new="bone")],
            "c1: there is no lesion 'L9' in the entry",
        ),
        ([change("c1", "e2", field="lesions.L1", new={})], "c1: 'lesions.L1' is no path"),
        ([change("c1", "e2", field="lesions", new=[{"id": "L1"}])], "c1: 'new' does not fit 'lesions'"),
        (
            [change("c1", "e2", field="findings.asites", new="none")],
            "c1: there is no field 'asites' in the findings; did you mean 'ascites'?",
        ),
        ([change("c1", "e3", field="overall.x", new="CR")], "c1: 'overall' has no parts"),
        (
            [change("c1", "e3", field="overall", old="SD", new="CR")],
            "c1: 'old' is SD, but before this correction 'overall' was PR",
        ),
        (
            [change("c1", "e3", field="overall", old=None, new="CR")],
            "c1: 'old' is unknown, but before this correction 'overall' was PR",
        ),
        (
            [change("c1", "e2", field="modality", old="ct", new="mri")],
            "c1: 'old' is ct, but before this correction 'modality' was unknown",
        ),
        (
            [change("c1", "e3", field="date", old="2024-10-07", new="2024-10-06")],
            "c1: 'old' is 2024-10-07, but before this correction 'date' was 2024-10-08",
        ),
        (
            [change("c1", "e3", field="date", old=None, new="2024-10-06")],
            "c1: 'old' does not fit 'date': 'date' must be a day",
        ),
        (
            [change("c1", "e2", field="lesion_count_total", old=4, new=6)],
            "c1: 'old' is 4, but before this correction 'lesion_count_total' was 2",
        ),
        (
            [
                change("c1", "e3", field="overall", old="PR", new="CR"),
                change("c2", "e3", field="overall", old="PR", new="SD", recorded="2024-11-02"),
            ],
            "c2: 'old' is PR, but before this correction 'overall' was CR",
        ),
        (
            [
                change("c1", "e3", field="overall", old="PR", new="CR"),
                change("c2", "c1", field="new", old="SD", new="PD", recorded="2024-11-02"),
            ],
            "c2: 'old' is SD, but before this correction 'new' was CR",
        ),
    ],
)
def test_changes_that_do_not_fit(changes: list[Raw], words: str) -> None:
    assert any(line.startswith(words) for line in told(imaging, response, *changes))


@pytest.mark.parametrize(
    "changes",
    [
        [change("c1", "e3", field="overall", old="PR", new=None)],
        [change("c1", "e3", field="overall", new="CR")],
        [change("c1", "e3", field="date", old="2024-10-08", new="2024-10-06")],
        [change("c1", "e3", field="note", old=None, new="seen twice")],
        [change("c1", "e2", field="modality", old=None, new="ct")],
        [change("c1", "e2", field="lesion_count_total", old=2, new=6)],
        [change("c1", "e2", field="lesion_count_total", old=3, new=6)],
        [change("c1", "e2", field="lesion_count_total", old=None, new=6)],
        [change("c1", "e2", field="lesions.L3.status", old="unknown", new="active")],
        [change("c1", "e2", field="findings.ascites", old=None, new="none")],
        [change("c1", "e4", field="primary_er", old="positive", new="negative")],
        [  # the newest recorded is the one in force, whatever the order of the file
            change("c2", "e3", field="overall", old="CR", new="SD", recorded="2024-11-02"),
            change("c1", "e3", field="overall", old="PR", new="CR"),
        ],
        [  # documented goes before recorded
            change("c1", "e3", field="overall", old="CR", new="SD", recorded="2024-11-02"),
            change(
                "c2",
                "e3",
                field="overall",
                old="PR",
                new="CR",
                recorded="2024-11-03",
                documented="2024-11-01",
            ),
        ],
        [  # retracted is out of force; with the retraction retracted it is in force again
            change("c1", "e3", field="overall", old="PR", new="CR"),
            change("r1", "c1", recorded="2024-11-02"),
            change("c2", "e3", field="extracranial", old=None, new="PR", recorded="2024-11-03"),
            change("c3", "e3", field="overall", old="PR", new="PD", recorded="2024-11-04"),
            change("r2", "c3", recorded="2024-11-05"),
            change("r3", "r1", recorded="2024-11-06"),
            change("c4", "e3", field="overall", old="CR", new="SD", recorded="2024-11-07"),
        ],
        [  # a corrected correction counts as if it had been right from the beginning
            change("c1", "e3", field="overall", old="PR", new="CR"),
            change("c2", "c1", field="new", old="CR", new="PD", recorded="2024-11-02"),
            change("c3", "e3", field="overall", old="PD", new="SD", recorded="2024-11-03"),
        ],
        [  # a lesion that an earlier correction of the list brought in
            change("c1", "e2", field="lesions", new=[{"id": "L9", "organ": "lung"}]),
            change("c2", "e2", field="lesions.L9.organ", old="lung", new="liver", recorded="2024-11-02"),
        ],
        [change("r1", "e3"), change("c1", "e3", field="overall", old="PR", new="CR", recorded="2024-11-02")],
    ],
)
def test_changes_that_fit(changes: list[Raw]) -> None:
    assert told(imaging, response, finding, *changes) == []


def test_values_of_a_correction_are_those_of_the_field_it_names() -> None:
    lesions = change("c1", "e2", field="lesions", new=[{"id": "L1", "organ": "lung", "diameter_mm": 3}])
    assert resolved(imaging, lesions).fields["new"] == ({"id": "L1", "organ": "lung", "diameter_mm": 3.0},)
    moved = change("c1", "e3", field="date", old="2024-10-08", new="2024-10-06")
    assert resolved(response, moved).fields["new"] == date(2024, 10, 6)
    renamed = change("c1", "e4", field="primary_er", new="negative")
    assert resolved(finding, renamed).fields["field"] == "primary.er"
    again = change("c2", "c1", field="new", new="2024-10-05")
    assert resolved(response, moved, again).fields["new"] == date(2024, 10, 5)


def test_a_chain_of_corrections_of_corrections_ends() -> None:
    chain = [change("r0", "e3"), *(change(f"r{n}", f"r{n - 1}") for n in range(1, 2000))]
    assert "more than 50 corrections and retractions of one another" in told(response, *chain)[0]


def test_the_same_entry_twice_is_one_entry() -> None:
    again = {**response, "note": "sent twice"}
    assert told(response, again) == []
    assert len(read_story({}, [read_event(response), read_event(again)]).entries) == 1


@pytest.mark.parametrize("other", [{"overall": "CR"}, {"date": "2024-10-09"}, {"recorded": "2024-12-01"}])
def test_one_id_for_two_entries(other: Raw) -> None:
    lines = told(response, {**response, **other})
    assert lines == [
        "e3: the id is used twice with different content: give the second entry an id of its own"
    ]


def test_nothing_happens_before_birth() -> None:
    facts: Raw = {"birth_date": "2024-10-08", "primary": {"diagnosis_date": "2024-10-07"}}
    assert told(imaging, response, facts=facts) == [
        "'primary.diagnosis_date' is 2024-10-07, before the birth_date",
        "e2: the event is dated 2024-07-08, before the birth_date",
    ]
    moved = change("c1", "e3", field="date", new="2024-10-07")
    assert told(response, moved, facts={"birth_date": "2024-10-08"}) == [
        "c1: the event is dated 2024-10-07, before the birth_date"
    ]


def test_an_event_after_death_is_no_fault() -> None:
    assert told({"id": "e1", "date": "2024-07-01", "type": "death"}, response) == []


def test_a_finding_may_not_contradict_itself_but_may_change_a_fact() -> None:
    assert "make it positive" in told({**finding, "hr_status": "negative"})[0]
    assert told(finding, facts={"hr_status": "negative"}) == []


def test_a_story_with_faults_is_refused_with_all_of_them() -> None:
    events = [read_event(raw) for raw in (response, {**response, "overall": "CR"}, change("r1", "e9"))]
    with pytest.raises(EntryError) as caught:
        read_story({}, events)
    assert [fault.event for fault in caught.value.faults] == ["e3", "r1"]
    with pytest.raises(EntryError) as caught:
        read_story({}, events, complete=False)
    assert [fault.event for fault in caught.value.faults] == ["e3"]
