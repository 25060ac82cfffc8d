"""The generated histories reach everything: every type, field, state, guard result, timer and deviation.

What a new pathway brings fails here until a generator reaches it; a law that never meets a thing says nothing
about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history import Ledger
from engine.reached import reached
from engine.replay import evidence_shown, replay_patient
from engine.snapshot import PatientSnapshot, Snapshot
from pathways.library import all_pathways
from pathways.library.never import reasons
from pathways.outcomes import Outcome, outcomes
from pathways.settings import DEFAULT_SETTINGS
from tests.properties.asking import CHOICES, enrolments
from tests.properties.histories import ORDINARY, Told, along, course, free, known_cases
from tests.properties.values import values, vocabulary

LATE: Final = date(2027, 6, 1)
BEFORE_THE_SOURCES: Final = date(2016, 1, 1)
_MANY_PROGRESSIONS: Final = tuple(("cns", f"cns_progression_{n}") for n in range(4, 10))


def gathered(strategy: st.SearchStrategy[Told], examples: int) -> list[Told]:
    found: list[Told] = []

    @settings(max_examples=examples, derandomize=True, database=None)
    @given(strategy)
    def gather(told: Told) -> None:
        found.append(told)

    gather()
    return found


@cache
def stories() -> tuple[Told, ...]:
    """Known cases as they are and seeded courses: the same whatever Hypothesis draws."""
    known = [Told(facts, events) for facts, events in known_cases()]
    return (*known, *map(course, range(450)))


@cache
def generated() -> tuple[Told, ...]:
    return (*gathered(along(), 40), *gathered(free(), 40))


@cache
def snapshots() -> tuple[PatientSnapshot, ...]:
    """Each story some weeks after its last entry."""
    return tuple(
        replay_patient(enrolments(DEFAULT_SETTINGS), told.story, weeks_after(told), LATE)
        for told in stories()
    )


def weeks_after(told: Told) -> date:
    return max((entry.day for entry in told.story.entries), default=LATE) + timedelta(40)


def test_every_entry_type_is_told() -> None:
    told = {str(raw["type"]) for one in stories() for raw in one.events}
    assert told == set(vocabulary.events)


@pytest.mark.parametrize("type", ORDINARY)
def test_every_field_is_stated_and_every_one_that_may_be_is_null(type: str) -> None:
    fields = vocabulary.events[type].fields
    stated: set[str] = set()
    null: set[str] = set()

    @settings(max_examples=30, derandomize=True, database=None)
    @given(st.fixed_dictionaries({name: values(field) for name, field in fields.items()}))
    def gather(content: dict[str, object]) -> None:
        stated.update(name for name, value in content.items() if value is not None)
        null.update(name for name, value in content.items() if value is None)

    gather()
    assert stated == set(fields)
    assert null == {name for name, field in fields.items() if field.nullable}


def test_entries_come_late_twice_corrected_and_taken_back() -> None:
    entries = [entry for told in generated() for entry in told.story.entries]
    targets = {entry.fields["target"] for entry in entries if entry.type == "correction"}
    assert any(entry.recorded > entry.day for entry in entries if type(entry.recorded) is date)
    assert any(entry.documented != entry.recorded for entry in entries)
    assert any(entry.clock for entry in entries)
    assert any(entry.id in targets for entry in entries if entry.type == "correction")
    assert any(entry.type == "retraction" for entry in entries)
    assert any(Ledger(told.story, LATE).now.duplicates for told in generated())


def test_every_state_is_reached() -> None:
    wanted = {(p.key, s.id) for p in all_pathways() for s in p.states} - set(_MANY_PROGRESSIONS)
    reached = {(p.key, state) for s in snapshots() for p in s.pathways for state in states_of(p)}
    assert wanted <= reached, wanted - reached


def states_of(part: Snapshot) -> set[str]:
    return {part.state, *(move.target for move in part.trail)}


@cache
def reached_outcomes() -> frozenset[Outcome]:
    parts = [(p, part) for s in snapshots() for p, part in zip(all_pathways(), s.pathways, strict=True)]
    return frozenset(outcome for p, part in parts for outcome in reached(p, part, ()))


def test_every_guard_passes_and_fails_somewhere() -> None:
    wanted = {o for p in all_pathways() for o in outcomes(p) if o.kind == "guard"}
    wanted = {o for o in wanted if o.result in ("pass", "fail")} - set(reasons())
    assert wanted <= reached_outcomes(), wanted - reached_outcomes()


def test_what_cannot_be_is_nowhere() -> None:
    assert not set(reasons()) & reached_outcomes()


def shown_outcomes(told: Told, as_of: date, known: PatientSnapshot | None = None) -> Iterator[Outcome]:
    """What each display comes to for a story on a day."""
    who = enrolments(DEFAULT_SETTINGS)
    snapshot = known or replay_patient(who, told.story, as_of, LATE)
    shown = evidence_shown(who, told.story, as_of, LATE)
    for pathway, part in zip(all_pathways(), snapshot.pathways, strict=True):
        found = reached(pathway, part, shown.get(pathway.key, ()))
        yield from (outcome for outcome in found if outcome.kind == "display")


def test_every_display_has_each_of_its_outcomes() -> None:
    """On a day before any source was written, midway, and some weeks after the last entry.

    The worked patients come last among the known cases, and show most.
    """
    wanted = {o for p in all_pathways() for o in outcomes(p) if o.kind == "display"} - set(reasons())
    wanted.difference_update(shown_outcomes(stories()[0], BEFORE_THE_SOURCES))
    known = list(zip(stories(), snapshots(), strict=True))[: len(known_cases())]
    for told, snapshot in reversed(known):
        if wanted:
            wanted.difference_update(shown_outcomes(told, weeks_after(told), snapshot))
            wanted.difference_update(shown_outcomes(told, midway(told)))
    assert not wanted, wanted


def midway(told: Told) -> date:
    days = sorted(entry.day for entry in told.story.entries)
    return days[len(days) // 2] if days else LATE


def test_every_timer_and_every_step_comes_up() -> None:
    timers = {t.id for p in all_pathways() for t in p.timers if t.listed}
    steps = {(s.id, True) for p in all_pathways() for s in p.steps}
    assert not timers - {t.item for s in snapshots() for p in s.pathways for t in p.timers}
    come_up = {(t.step, t.allowed) for s in snapshots() for p in s.pathways for t in p.steps}
    assert not steps - come_up, steps - come_up


def test_every_deviation_is_raised_with_every_status_it_can_have() -> None:
    wanted = {(d.code, p.key) for p in all_pathways() for d in p.deviations}
    raised = {(d.code, p.key) for s in snapshots() for p in s.pathways for d in p.deviations}
    assert not wanted - raised, wanted - raised
    statuses = {d.status for s in snapshots() for p in s.pathways for d in p.deviations}
    assert statuses == {"open", "closed", "final", "overruled", "retrospective"}


def test_every_setting_has_every_choice_asked() -> None:
    for name, spec in vocabulary.settings.items():
        asked = {choice[name] for choice in CHOICES}
        if name != "definition_profile":
            assert asked >= set(spec.choices), name
