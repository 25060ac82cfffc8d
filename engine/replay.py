"""Replay: what a patient's story means on a day, under what was known, for every pathway side by side.

Pure: the same story, day, knowledge and settings give the same snapshot (architecture section 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from engine.snapshot import Deviation, GuardVerdict, PathwayRef, PatientSnapshot, Snapshot, TimerItem
from engine.timers import Timers
from engine.trail import Walker
from engine.verdict import guard_verdict, open_guards, standing, step_verdicts
from pathways.fingerprint import fingerprint
from pathways.pathway import Pathway
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
) -> PatientSnapshot:
    """All enrolled pathways over one ledger; the first is the main one.

    Pathways share derived facts and never read each other's state. Without `companion_trails` the companions
    are only asked where they stand: same states, no trail and no day of entry. Raises ValueError without an
    enrolment.
    """
    if not enrolments:
        raise ValueError("a patient without an enrolment has no snapshot")
    ledger = Ledger(story, known_at)
    main = enrolments[0].pathway
    found = {
        snapshot.pathway.id: snapshot
        for settings, pathways in _grouped(enrolments).items()
        for snapshot in _plan(pathways, settings).snapshots(ledger, as_of, None if companion_trails else main)
    }
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

    @cached_property
    def shown(self) -> tuple[Program, Explainer]:
        """The displays, compiled."""
        program = Program([n for p in self.pathways for n in display_roots(p)], self.program.settings)
        return program, Explainer(program)

    def snapshots(self, ledger: Ledger, as_of: date, only: Pathway | None) -> Iterator[Snapshot]:
        """One snapshot per pathway; with `only`, just that pathway's trail is walked."""
        evaluation = Evaluation(self.program, ledger, as_of)
        view = evaluation.now()
        entered = [self._concerns(view, p) for p in self.pathways]
        walked = [n for n, p in enumerate(self.pathways) if entered[n] and only in (None, p)]
        trails = self.walker.trails(evaluation, view, walked)
        verdicts = [self._guards(view, p) for p in self.pathways]
        places = [
            standing(self.program, view, p, t.cursor.state, g)
            for p, t, g in zip(self.pathways, trails, verdicts, strict=True)
        ]
        unknown = [guard for place in places for guard in open_guards(place)]
        for n, (here, trail) in enumerate(zip(places, trails, strict=True)):
            pathway = here.pathway
            moves = tuple(trail.moves)
            items, found = self._duties(view, pathway) if entered[n] else ((), [])
            if pathway.question is not None:
                found += questions(self.program, self.explainer, view, unknown, pathway.question, pathway)
            yield Snapshot(
                pathway=self.references[n],
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
        evaluation.forget()

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

    def _guards(self, view: View, pathway: Pathway) -> dict[str, GuardVerdict]:
        return {g.id: guard_verdict(self.program, self.explainer, view, g) for g in pathway.guards}

    def _facts(self, view: View, pathway: Pathway) -> dict[str, object]:
        values = ((name, self.program[node](view)) for name, node in pathway.facts)
        return {name: None if value is ABSENT else value for name, value in values}


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
