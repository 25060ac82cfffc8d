"""What a patient's story means on a day, under what was known, for every pathway side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.event import Moment, Story
from engine.kleene import ABSENT
from engine.naive.departures import departures, questions
from engine.naive.displays import shown
from engine.naive.duties import duties, item
from engine.naive.meaning import value
from engine.naive.sight import Patient, Sight
from engine.naive.verdicts import Place, guard_verdict
from engine.naive.way import moves, state_of
from engine.snapshot import GuardVerdict, Move, PathwayRef, PatientSnapshot, Snapshot
from pathways.fingerprint import fingerprint
from pathways.pathway import Pathway
from pathways.settings import Settings

Pathways = Sequence[tuple[Pathway, Settings]]
"""The pathways a patient is on, the main one first, each with the settings pinned for it."""


def replay(pathway: Pathway, story: Story, as_of: date, known_at: Moment, settings: Settings) -> Snapshot:
    """One pathway alone."""
    return replay_patient([(pathway, settings)], story, as_of, known_at).main


def replay_patient(enrolled: Pathways, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
    """All pathways over one ledger; none reads another's state, but a data question of any of them is one."""
    patients = [Patient.asked(story, as_of, known_at, settings) for _, settings in enrolled]
    places = [_place(pathway, one.now()) for (pathway, _), one in zip(enrolled, patients, strict=True)]
    unknown = [guard for place in places for guard in place.open_guards()]
    snapshots = tuple(_snapshot(place, unknown) for place in places)
    return PatientSnapshot(as_of, known_at, enrolled[0][1], snapshots)


def evidence(
    enrolled: Pathways, story: Story, as_of: date, known_at: Moment
) -> dict[str, list[dict[str, Any]]]:
    """What is shown beside the verdicts of each pathway, by its key."""
    return {
        pathway.key: list(shown(pathway, Patient.asked(story, as_of, known_at, settings).now()))
        for pathway, settings in enrolled
    }


def _place(pathway: Pathway, sight: Sight) -> Place:
    guards = {guard.id: guard_verdict(guard, sight) for guard in pathway.guards}
    return Place(pathway, sight, state_of(pathway, sight), guards)


def _snapshot(place: Place, unknown: Sequence[GuardVerdict]) -> Snapshot:
    """Of a pathway the patient is not on nothing is told but where she stands."""
    pathway, sight = place.pathway, place.sight
    concerned = _concerns(pathway, sight)
    trail = moves(pathway, sight.patient) if concerned else []
    dated = duties(pathway, sight) if concerned else []
    found = list(departures(pathway, dated, sight)) if concerned else []
    if pathway.question is not None:
        found += questions(pathway, pathway.question, unknown, sight)
    return Snapshot(
        pathway=PathwayRef(pathway.id, pathway.version, fingerprint(pathway)),
        key=pathway.key,
        state=place.state,
        entered_on=_entered(trail),
        guards=place.guards,
        steps=place.steps(unknown),
        timers=tuple(item(duty, sight) for duty in dated if duty.timer.listed),
        deviations=tuple(found),
        facts=_facts(pathway, sight),
        profiles={profile.id: value(profile.result, sight) for profile in pathway.profiles},
        not_determined=tuple(text for text, node in pathway.open_questions if value(node, sight) is True),
        trail=tuple(trail),
    )


def _concerns(pathway: Pathway, sight: Sight) -> bool:
    """A pathway without ways in is for every patient; else one of them must surely be open."""
    return not pathway.enrols or any(value(way.test, sight) is True for way in pathway.enrols)


def _entered(trail: Sequence[Move]) -> date | None:
    return trail[-1].on if trail else None


def _facts(pathway: Pathway, sight: Sight) -> Mapping[str, object]:
    values = {name: value(node, sight) for name, node in pathway.facts}
    return {name: None if found is ABSENT else found for name, found in values.items()}
