"""What is known at the decision on one step: its verdict with the conditions, what the sources say there, and
how old the facts are on which it rests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.event import Event
from engine.evidence import Shown
from engine.replay import Enrolment
from engine.snapshot import GuardVerdict, PatientSnapshot, Snapshot, StepVerdict
from engine.verdict import asked_guards
from pathways.guidelines.seeds import SEEDS
from pathways.guidelines.statements import Statement
from pathways.pathway import Step

SOURCE: Final = "source"
"""The kind of display that tells age and review status of a source."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A step with its conditions and what is shown there, or one guard by itself (then `verdict` is None).

    `verdict` is allowed, blocked, undetermined or not offered. `held` names the guards that hold the step
    back; a step may be blocked by the state alone. `offered_in` are states. `own` are the statements of the
    step itself, `shown` what is displayed with it, apart from sources.
    """

    pathway: str
    name: str
    title: str
    verdict: str | None
    guards: tuple[GuardVerdict, ...]
    offered_in: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement behind it, each once."""
        behind = [self.own, *(one.statements for one in self.shown)]
        for guard in self.guards:
            behind += [guard.statements, *(clause.statements for clause in guard.clauses)]
        return tuple(dict.fromkeys(id for ids in behind for id in ids))

    @property
    def because(self) -> tuple[str, ...]:
        """The events its conditions look at."""
        return because(self.guards)


def because(guards: Iterable[GuardVerdict]) -> tuple[str, ...]:
    """The events that these conditions look at, each once."""
    return tuple(dict.fromkeys(id for guard in guards for clause in guard.clauses for id in clause.because))


def decisions(
    enrolled: Sequence[Enrolment],
    parts: Sequence[Snapshot],
    shown: Mapping[str, Sequence[Shown]],
    name: str,
) -> Iterator[Decision]:
    """The steps of that name on these pathways, those offered now first. `parts` answer for `enrolled`."""
    found = [
        (part, step, _verdict(part, step))
        for enrolment, part in zip(enrolled, parts, strict=True)
        for step in enrolment.pathway.steps
        if step.id == name
    ]
    for part, step, verdict in sorted(found, key=lambda one: one[2] is None):
        yield _decision(part, step, verdict, shown.get(part.key, ()))


def of_guard(snapshot: PatientSnapshot, name: str) -> Decision | None:
    """One guard by itself."""
    for part in snapshot.pathways:
        if name in part.guards:
            return Decision(part.key, name, part.guards[name].title, None, (part.guards[name],))
    return None


def _verdict(part: Snapshot, step: Step) -> StepVerdict | None:
    return next((one for one in part.steps if one.step == step.id), None)


def _decision(part: Snapshot, step: Step, verdict: StepVerdict | None, shown: Iterable[Shown]) -> Decision:
    guards = tuple(part.guards[guard] for guard in asked_guards(step, part.state) if guard in part.guards)
    return Decision(
        pathway=part.key,
        name=step.id,
        title=step.title,
        verdict=_said(verdict, guards),
        guards=guards,
        offered_in=tuple(dict.fromkeys(state for offer in step.offers for state in offer.states)),
        held=verdict.guards if verdict else (),
        own=step.statements,
        shown=tuple(one for one in shown if one.kind != SOURCE and (not one.steps or step.id in one.steps)),
    )


def _said(verdict: StepVerdict | None, guards: Sequence[GuardVerdict]) -> str:
    """Undetermined is only what nothing blocks: one condition that is not met is enough to block."""
    if verdict is None:
        return "not offered"
    if verdict.allowed:
        return "allowed"
    failed = any(one.result == "fail" for one in guards if one.guard in verdict.guards)
    return "undetermined" if verdict.guards and not failed else "blocked"


@dataclass(frozen=True, slots=True)
class Source:
    """A document some statements come from: its age or state, and what is displayed about it."""

    title: str
    currency: str
    shown: tuple[Shown, ...]


def sources(statements: Iterable[Statement], shown: Mapping[str, Sequence[Shown]]) -> tuple[Source, ...]:
    """The documents behind these statements, each once, in the order of the statements."""
    about = {one.display: one for pathway in shown.values() for one in pathway if one.kind == SOURCE}
    found: dict[str, Source] = {}
    for one in statements:
        seed = SEEDS.get(one.seed)
        prefixes = seed.prefixes if seed else ()
        displays = tuple(
            display for display in about.values() if any(id.startswith(prefixes) for id in display.statements)
        )
        found.setdefault(one.document, Source(one.document, seed.currency if seed else "", displays))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Aged:
    """An event that a verdict rests on, and how many days ago it was."""

    event: str
    day: date
    days: int


@dataclass(frozen=True, slots=True)
class Ages:
    """How old the facts are on which a verdict rests."""

    oldest: Aged
    newest: Aged


def ages(because: Iterable[str], events: Iterable[Event], as_of: date) -> Ages | None:
    """The oldest and the newest of the events named, as they stand; None where there is none.

    `events` are findings with corrections worked in (engine.history): a correction makes no finding younger.
    """
    named = set(because)
    found = sorted((event.day, event.id) for event in events if event.id in named)
    if not found:
        return None
    first, last = (Aged(id, day, (as_of - day).days) for day, id in (found[0], found[-1]))
    return Ages(first, last)
