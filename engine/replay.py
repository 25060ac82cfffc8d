"""Replay: what a patient's story means on a day, under what was known, for every pathway side by side.

Pure: the same story, day, knowledge and settings give the same snapshot (architecture section 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

from engine.deviations import deviations
from engine.evaluate import Evaluation, Program, View
from engine.event import Moment, Story
from engine.evidence import Shown, evidence
from engine.explain import Explainer
from engine.history import Ledger
from engine.kleene import ABSENT
from engine.questions import questions
from engine.resumed import Derived, Memory, Since, lasts, sources
from engine.snapshot import Deviation, GuardVerdict, PathwayRef, PatientSnapshot, Snapshot, TimerItem
from engine.timers import Timers
from engine.trail import Trail, Walker
from engine.verdict import Standing, guard_verdict, open_guards, standing, step_verdicts
from pathways.fingerprint import fingerprint
from pathways.graph import Node
from pathways.pathway import Guard, Pathway
from pathways.roots import answer_roots, display_roots
from pathways.settings import DEFAULT_SETTINGS, Settings


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A pathway a patient is on, with the settings pinned for it."""

    pathway: Pathway
    settings: Settings = DEFAULT_SETTINGS


def replay(pathway: Pathway, story: Story, as_of: date, known_at: Moment, settings: Settings) -> Snapshot:
    """The snapshot of one pathway. `as_of` is the clinical day, nothing recorded after `known_at` is seen."""
    return replay_patient([Enrolment(pathway, settings)], story, as_of, known_at).main


def replay_patient(
    enrolments: Sequence[Enrolment],
    story: Story,
    as_of: date,
    known_at: Moment,
    *,
    companion_trails: bool = True,
    memory: Memory | None = None,
) -> PatientSnapshot:
    """All enrolled pathways over one ledger; the first is the main one.

    Pathways share derived facts and never read each other's state. Without `companion_trails` the companions
    are only asked where they stand: same states, no trail and no day of entry. With `memory` the derivation
    goes on where the last one of this patient ended, if it can. Raises ValueError without an enrolment.
    """
    if not enrolments:
        raise ValueError("a patient without an enrolment has no snapshot")
    ledger = Ledger(story, known_at)
    only = None if companion_trails else enrolments[0].pathway
    found: dict[str, Snapshot] = {}
    for plan in plans(enrolments):
        name = memory.of((plan, companion_trails), story) if memory else None
        derived = plan.snapshots(ledger, as_of, only, memory.take(name) if memory else None)
        if memory:
            memory.leave(name, derived)
        found.update((part.pathway.id, part) for part in derived.parts)
    ordered = tuple(found[e.pathway.id] for e in enrolments)
    return PatientSnapshot(as_of, known_at, enrolments[0].settings, ordered)


def _grouped(enrolments: Sequence[Enrolment]) -> dict[Settings, list[Pathway]]:
    """Pathways with the same settings are worked out together."""
    groups: dict[Settings, list[Pathway]] = {}
    for enrolment in enrolments:
        groups.setdefault(enrolment.settings, []).append(enrolment.pathway)
    return groups


_MOST_PLANS: Final = 64
_plans: dict[tuple[Settings, tuple[int, ...]], Plan] = {}


def _plan(pathways: Sequence[Pathway], settings: Settings) -> Plan:
    """The compiled plan, kept by the identity of its pathways (a plan keeps them alive, so no identity is
    reused).
    """
    key = (settings, tuple(map(id, pathways)))
    plan = _plans.get(key)
    if plan is None:
        if len(_plans) >= _MOST_PLANS:
            _plans.pop(next(iter(_plans)), None)
        plan = _plans[key] = Plan(pathways, settings)
    return plan


def plans(enrolments: Sequence[Enrolment]) -> Iterator[Plan]:
    """The compiled plans, one for each choice of settings."""
    return (_plan(pathways, settings) for settings, pathways in _grouped(enrolments).items())


def plan_of(enrolments: Sequence[Enrolment], key: str) -> tuple[Plan, int]:
    """The compiled plan that holds the pathway of this key, and its number in it.

    Raises KeyError where no enrolment has it.
    """
    for settings, pathways in _grouped(enrolments).items():
        for number, pathway in enumerate(pathways):
            if pathway.key == key:
                return _plan(pathways, settings), number
    raise KeyError(key)


class Plan:
    """Pathways compiled together under one choice of settings, shared by all patients.

    What is shown beside the verdicts is compiled apart, and only when it is asked for: a snapshot does
    not pay for it.
    """

    def __init__(self, pathways: Sequence[Pathway], settings: Settings) -> None:
        self.pathways = pathways
        rules = [rule.when for p in pathways for rule in p.rules]
        self.program = Program([n for p in pathways for n in answer_roots(p)], settings, asked_often=rules)
        self.explainer = Explainer(self.program)
        self.walker = Walker(self.program, pathways)
        self.references = [PathwayRef(p.id, p.version, fingerprint(p)) for p in pathways]
        self.judged_by = [{g.id: sources(_judging(g)) for g in p.guards} for p in pathways]
        self.stands_by = [None if _asks(p) else sources(_standing(p)) for p in pathways]

    @cached_property
    def shown(self) -> tuple[Program, Explainer]:
        """The displays, compiled."""
        program = Program([n for p in self.pathways for n in display_roots(p)], self.program.settings)
        return program, Explainer(program)

    def snapshots(
        self, ledger: Ledger, as_of: date, only: Pathway | None, earlier: Derived | None = None
    ) -> Derived:
        """One snapshot per pathway; with `only`, just that pathway's trail is walked. What can be taken from
        an `earlier` derivation is.
        """
        evaluation = Evaluation(self.program, ledger, as_of)
        view = evaluation.now()
        since = earlier.until(ledger, as_of) if earlier and self.walker.resumable else None
        if since:
            evaluation.furthest = since.before.furthest
            view.memo[:] = self.program.lasting(since.before.memo, ledger.now, since.before.walk.length)
        lasting = [lasts(by, since) for by in self.stands_by]
        entered = [
            since.before.entered[n] if since and lasting[n] else self._concerns(view, p)
            for n, p in enumerate(self.pathways)
        ]
        if since and since.before.entered != entered:
            since = None
        walked = [n for n, p in enumerate(self.pathways) if entered[n] and only in (None, p)]
        trails, walk = self.walker.trails(evaluation, view, walked, since.before.walk if since else None)
        rests = [since is not None and lasting[n] and not entered[n] for n in range(len(trails))]
        places = [
            since.before.places[n] if since and rests[n] else self._place(view, n, trail.cursor.state, since)
            for n, trail in enumerate(trails)
        ]
        unknown = [guard for place in places for guard in open_guards(place)]
        parts = [
            since.before.parts[n]
            if since and rests[n]
            else self._part(view, n, trail, place, entered[n], unknown)
            for n, (trail, place) in enumerate(zip(trails, places, strict=True))
        ]
        evaluation.forget()
        return Derived(ledger, walk, evaluation.furthest, view.memo, entered, places, parts)

    def _place(self, view: View, number: int, state: str, since: Since | None) -> Standing:
        """Where the patient stands on a pathway; verdicts that nothing new concerns are as they were."""
        pathway, judged_by = self.pathways[number], self.judged_by[number]
        verdicts = {
            guard.id: since.before.places[number].guards[guard.id]
            if since and lasts(judged_by[guard.id], since)
            else guard_verdict(self.program, self.explainer, view, guard)
            for guard in pathway.guards
        }
        return standing(self.program, view, pathway, state, verdicts)

    def _part(
        self,
        view: View,
        number: int,
        trail: Trail,
        here: Standing,
        entered: bool,
        unknown: Sequence[GuardVerdict],
    ) -> Snapshot:
        """What is told of a pathway; `unknown` are the open guards of all pathways."""
        pathway, moves = here.pathway, tuple(trail.moves)
        items, found = self._duties(view, pathway) if entered else ((), [])
        if pathway.question is not None:
            found += questions(self.program, self.explainer, view, unknown, pathway.question, pathway)
        return Snapshot(
            pathway=self.references[number],
            key=pathway.key,
            state=here.state,
            entered_on=moves[-1].on if moves else None,
            guards=here.guards,
            steps=step_verdicts(self.program, view, here, unknown),
            timers=items,
            deviations=tuple(found),
            facts=self._facts(view, pathway),
            profiles={one.id: str(self.program[one.result](view)) for one in pathway.profiles},
            not_determined=tuple(t for t, n in pathway.open_questions if self.program[n](view) is True),
            trail=moves,
        )

    def _concerns(self, view: View, pathway: Pathway) -> bool:
        """Whether a way into the pathway is open; until then it has no moves, no duties and no departures
        (tests/properties/test_enrolment.py).
        """
        return not pathway.enrols or any(self.program[way.test](view) is True for way in pathway.enrols)

    def _duties(self, view: View, pathway: Pathway) -> tuple[tuple[TimerItem, ...], list[Deviation]]:
        timers = Timers(self.program, view, pathway)
        instances = timers.instances()
        found = list(deviations(self.program, view, pathway, instances))
        return tuple(timers.item(i) for i in instances if i.timer.listed), found

    def _facts(self, view: View, pathway: Pathway) -> dict[str, object]:
        values = ((name, self.program[node](view)) for name, node in pathway.facts)
        return {name: None if value is ABSENT else value for name, value in values}


def _judging(guard: Guard) -> Iterator[Node]:
    """All that a guard's verdict follows from."""
    yield from (guard.outcome, guard.hard)
    yield from (clause.test for clause in guard.clauses)


def _standing(pathway: Pathway) -> Sequence[Node]:
    """All that follows of a pathway before the patient is on it: nothing is due then, and nothing departs."""
    return answer_roots(replace(pathway, timers=(), deviations=()))


def _asks(pathway: Pathway) -> bool:
    """Whether what is told of it follows from open guards of other pathways, too."""
    return pathway.question is not None or any(step.on_question for step in pathway.steps)


def evidence_shown(
    enrolments: Sequence[Enrolment], story: Story, as_of: date, known_at: Moment, *, only: str = ""
) -> dict[str, tuple[Shown, ...]]:
    """What is shown at the decisions of each enrolled pathway, by the pathway's key; or `only` of one."""
    ledger = Ledger(story, known_at)
    found: dict[str, tuple[Shown, ...]] = {}
    for settings, pathways in _grouped(enrolments).items():
        program, explainer = _plan(pathways, settings).shown
        view = Evaluation(program, ledger, as_of).now()
        asked = [p for p in pathways if only in ("", p.key)]
        found.update({p.key: tuple(evidence(program, explainer, view, p)) for p in asked})
    return found
