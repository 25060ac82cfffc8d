"""Laws that hold in every snapshot, whatever was recorded."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given

from engine.snapshot import PatientSnapshot
from engine.timers import LISTED
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.pathway import Pathway
from tests.properties.asking import Asked, questions

PATHWAYS: dict[str, Pathway] = {p.key: p for p in all_pathways()}
ONE_PER_LESION = {
    rule.code
    for pathway in PATHWAYS.values()
    for rule in pathway.deviations
    for timer in pathway.timers
    if timer.id in rule.timers and timer.each is not None and timer.each.type == "rows"
}
"""Duties of which each lesion of one imaging has its own; the imaging is the event of all of them."""
RESULTS = {"pass", "fail", "unknown", "replaced", "not_applicable", "overruled"}
TIMER_STATUSES = {"scheduled", "open", "overdue", "escalated", "done", "done_late", "cancelled"}
DEVIATION_STATUSES = {"open", "closed", "final", "overruled", "retrospective"}
SEVERITIES = {"critical", "major", "minor", "info", "data"}


@given(questions())
def test_no_history_raises_and_every_answer_is_json(asked: Asked) -> None:
    given = asked.answer()
    assert json.loads(json.dumps(given, allow_nan=False)) == given


@given(questions())
def test_every_guard_and_clinical_deviation_names_its_statements(asked: Asked) -> None:
    known = load_catalogue().statements
    for part in asked.snapshot().pathways:
        for guard in part.guards.values():
            assert guard.statements, guard.guard
            assert set(guard.statements) <= set(known)
            assert all(set(clause.statements) <= set(known) for clause in guard.clauses)
        for found in part.deviations:
            assert found.statements or found.code.startswith("q-"), found.code
            assert set(found.statements) <= set(known)
        shown = [*(t.statements for t in part.timers), *(s.statements for s in part.steps)]
        assert all(set(statements) <= set(known) for statements in shown)


@given(questions())
def test_a_deviation_is_told_once(asked: Asked) -> None:
    found = Counter((d.code, d.events, d.on) for p in asked.snapshot().pathways for d in p.deviations)
    assert not [one for one, count in found.items() if count > 1 and one[0] not in ONE_PER_LESION]


@given(questions())
def test_only_words_of_the_contract_are_used(asked: Asked) -> None:
    snapshot = asked.snapshot()
    for part in snapshot.pathways:
        pathway = PATHWAYS[part.key]
        assert part.state in {s.id for s in pathway.states}
        assert set(part.guards) == {g.id for g in pathway.guards}
        assert {g.result for g in part.guards.values()} <= RESULTS
        assert {c.result for g in part.guards.values() for c in g.clauses} <= {"pass", "fail", "unknown"}
        assert {t.status for t in part.timers} <= TIMER_STATUSES
        assert {d.status for d in part.deviations} <= DEVIATION_STATUSES
        assert {d.severity for d in part.deviations} <= SEVERITIES
        assert set(part.profiles.values()) <= {"met", "not_met", "undetermined"}


@given(questions())
def test_an_unknown_guard_says_what_is_missing_or_what_the_sources_leave_open(asked: Asked) -> None:
    for part in asked.snapshot().pathways:
        for guard in part.guards.values():
            for clause in guard.clauses:
                assert clause.result == "unknown" or not clause.missing, guard.guard


@given(questions())
def test_events_that_are_named_exist(asked: Asked) -> None:
    ids = {entry.id for entry in asked.story.entries}
    for part in asked.snapshot().pathways:
        assert {id for g in part.guards.values() for c in g.clauses for id in c.because} <= ids
        assert {id for d in part.deviations for id in d.events} <= ids
        assert {id for t in part.timers for id in t.anchor} <= ids
        assert {m.event for m in part.trail} <= ids | {None}


@given(questions())
def test_a_step_is_allowed_or_says_why_not(asked: Asked) -> None:
    """Of a patient who left every step is blocked, in every pathway (11.8)."""
    snapshot = asked.snapshot()
    left = snapshot.main.state in ("withdrawn", "deceased")
    for part in snapshot.pathways:
        pathway = PATHWAYS[part.key]
        for step in part.steps:
            blocking = {g for g in step.guards if part.guards[g].result in ("fail", "unknown")}
            assert set(step.guards) == blocking, step.step
            shown = next(s for s in pathway.steps if s.id == step.step)
            assert step.allowed == (not step.guards and not left and part.state not in shown.blocked_in)


@given(questions())
def test_nothing_is_due_for_a_patient_who_left(asked: Asked) -> None:
    snapshot = asked.snapshot()
    if snapshot.main.state in ("withdrawn", "deceased"):
        assert not listed(snapshot)


def listed(snapshot: PatientSnapshot) -> list[str]:
    return [t.item for p in snapshot.pathways for t in p.timers if t.status in LISTED]


@given(questions())
def test_a_timer_is_as_late_as_its_days_say(asked: Asked) -> None:
    for item in (t for p in asked.snapshot().pathways for t in p.timers):
        assert item.opens <= item.due
        if item.status == "scheduled":
            assert asked.as_of < item.opens
        if item.status in ("overdue", "escalated"):
            assert item.overdue_from is not None
            assert item.overdue_from <= asked.as_of
        if item.status in ("open", "scheduled") and item.overdue_from is not None:
            assert asked.as_of < item.overdue_from
        assert (item.done_by is not None) == (item.done_on is not None)
        assert item.overdue_from is None or item.overdue_from > item.due


@given(questions())
def test_duties_and_timers_tell_the_same(asked: Asked) -> None:
    """Each overdue timer that a duty watches is an open deviation, each done late is a closed one."""
    for part in asked.snapshot().pathways:
        listed = {t.id for t in PATHWAYS[part.key].timers if t.listed}
        for rule in (r for r in PATHWAYS[part.key].deviations if r.timers and set(r.timers) <= listed):
            watched = [t for t in part.timers if t.item in rule.timers]
            statuses = Counter(d.status for d in part.deviations if d.code == rule.code)
            assert statuses["closed"] == sum(t.status == "done_late" for t in watched)
            late = sum(t.status in ("overdue", "escalated") for t in watched)
            assert statuses["open"] <= late <= statuses["open"] + statuses["final"]
