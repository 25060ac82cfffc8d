"""One patient for one meeting: the step asked about, the story so far, and what the sources say to it.

Values only, for whoever shows them (a page, a message, a web application). Pure: the same story, day and
knowledge give the same brief.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.decision import Ages, Decision, Source, ages, because, decisions, sources
from engine.event import Event, Moment, Story
from engine.evidence import Shown
from engine.history import Ledger
from engine.profiles import concerns
from engine.replay import Enrolment, evidence_shown
from engine.snapshot import ClauseVerdict, Deviation, GuardVerdict, PathwayRef, PatientSnapshot, Snapshot
from engine.verdict import missing_of
from pathways.guidelines.catalogue import Catalogue
from pathways.guidelines.signoff import SignOffs, Tally
from pathways.guidelines.statements import Statement

BOARD: Final = "board_held"
IMAGING: Final = "imaging_done"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the patient stands on one pathway; `title` and `state` in its words."""

    pathway: PathwayRef
    title: str
    state: str
    entered_on: date | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it stands on the day, and the corrections that are worked into it."""

    event: Event
    corrections: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """The answer of one definition: met, not_met or undetermined."""

    id: str
    label: str
    result: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the step asked about. `open` are its clauses that are not met or unknown and count;
    `ages` tells how old the facts are on which it rests.
    """

    verdict: GuardVerdict
    open: tuple[ClauseVerdict, ...]
    ages: Ages | None

    @property
    def is_open(self) -> bool:
        """Whether it is not met or not known."""
        return self.verdict.result in ("fail", "unknown")


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum nobody knows, and the titles of the conditions that ask for it."""

    name: str
    asked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a board reads about one patient.

    `question` is None where no step can be taken. `others` are the other steps offered on the main pathway.
    `shown` are the displays at the question and at the boards that can be held now. `taken_back` counts the
    entries that were retracted. `day_zero` is what days are counted from, where they are no calendar days.
    """

    reference: str
    as_of: date
    known_at: Moment
    facts: Mapping[str, object]
    main: Standing
    companions: tuple[Standing, ...]
    question: Decision | None
    conditions: tuple[Condition, ...]
    others: tuple[Decision, ...]
    history: tuple[Happened, ...]
    taken_back: int
    profiles: tuple[Profile, ...]
    missing: tuple[Missing, ...]
    shown: tuple[Shown, ...]
    left_open: tuple[str, ...]
    deviations: tuple[Deviation, ...]
    statements: Mapping[str, Statement]
    sources: tuple[Source, ...]
    tally: Tally
    day_zero: str | None = None

    @property
    def by_id(self) -> dict[str, Event]:
        """The events as they stand."""
        return {one.event.id: one.event for one in self.history}

    def of_type(self, type: str) -> tuple[Happened, ...]:
        """What happened of one type, the earliest first."""
        return tuple(one for one in self.history if one.event.type == type)


def brief(
    reference: str,
    enrolled: Sequence[Enrolment],
    story: Story,
    snapshot: PatientSnapshot,
    catalogue: Catalogue,
    signed: SignOffs,
    step: str | None = None,
) -> Brief:
    """The brief for `snapshot`, which is the answer for this story.

    Without a step the question is the one nearest to being taken: of the steps on the main pathway that
    something holds back the one with the fewest such conditions, else the one with the most conditions.
    Raises KeyError for a step that no pathway of the patient has.
    """
    shown = evidence_shown(enrolled, story, snapshot.as_of, snapshot.known_at)
    parts = snapshot.pathways
    offered = [
        one for step in snapshot.main.steps for one in decisions(enrolled[:1], parts[:1], shown, step.step)
    ]
    open_ = any(one.held or one.verdict == "allowed" for one in offered)  # once the patient has left, none is
    question = _asked(offered) if step is None else next(decisions(enrolled, parts, shown, step), None)
    if step is not None and question is None:
        raise KeyError(step)
    told = _told(enrolled[0], question, offered if open_ else ())
    known = _statements(question, told, catalogue)
    ledger = Ledger(story, snapshot.known_at)
    history = tuple(_history(ledger, snapshot.as_of))
    return Brief(
        reference=reference,
        as_of=snapshot.as_of,
        known_at=snapshot.known_at,
        facts=ledger.now.facts,
        main=_standing(enrolled[0], snapshot.main),
        companions=tuple(
            _standing(one, part) for one, part in zip(enrolled[1:], parts[1:], strict=True) if part.entered_on
        ),
        question=question,
        conditions=tuple(_conditions(enrolled, question, history, snapshot.as_of)),
        others=tuple(one for one in offered if open_ and question and one.name != question.name),
        history=history,
        taken_back=len(ledger.entries) - len(ledger.now.by_id),
        profiles=tuple(_profiles(enrolled[0], snapshot.main)),
        missing=_missing(question.guards if question else ()),
        shown=told,
        left_open=snapshot.main.not_determined,
        deviations=tuple(
            one
            for part in parts
            for one in part.deviations
            if one.status == "open" and one.severity != "data"
        ),
        statements=known,
        sources=sources(known.values(), shown),
        tally=signed.tally(known.values()),
    )


def _asked(offered: Sequence[Decision]) -> Decision | None:
    held = [one for one in offered if one.held]
    if held:
        return min(held, key=lambda one: (len(one.held), -len(one.guards)))
    allowed = [one for one in offered if one.verdict == "allowed"]
    return max(allowed, key=lambda one: len(one.guards), default=None)


def _told(main: Enrolment, question: Decision | None, offered: Sequence[Decision]) -> tuple[Shown, ...]:
    """The displays at the question, and those at the boards that can be held, each once."""
    boards = {step.id for step in main.pathway.steps if BOARD in step.taken_by}
    at = [*([question] if question else []), *(one for one in offered if one.name in boards)]
    return tuple({shown.display: shown for one in at for shown in one.shown}.values())


def _statements(
    question: Decision | None, told: Sequence[Shown], catalogue: Catalogue
) -> dict[str, Statement]:
    """Everything the question and the displays rest on."""
    ids = [*(question.statements if question else ()), *(id for one in told for id in one.statements)]
    return {id: catalogue.statements[id] for id in ids if id in catalogue.statements}


def _conditions(
    enrolled: Sequence[Enrolment], question: Decision | None, history: Sequence[Happened], as_of: date
) -> Iterator[Condition]:
    if question is None:
        return
    declared = {
        g.id: g for one in enrolled if one.pathway.key == question.pathway for g in one.pathway.guards
    }
    events = [one.event for one in history]
    for verdict in question.guards:
        clauses = zip(
            verdict.clauses, declared[verdict.guard].clauses, strict=False
        )  # a lifted one shows none
        open_ = tuple(one for one, said in clauses if one.result != "pass" and said.force != "info")
        yield Condition(verdict, open_, ages(because([verdict]), events, as_of))


def _standing(enrolment: Enrolment, part: Snapshot) -> Standing:
    titles = {state.id: state.title for state in enrolment.pathway.states}
    return Standing(part.pathway, enrolment.pathway.title, titles[part.state], part.entered_on)


def _history(ledger: Ledger, as_of: date) -> Iterator[Happened]:
    known = ledger.now
    for event in known.events[: known.until(as_of)]:
        yield Happened(event, tuple(known.by_id[id] for id in event.corrected_by))


def _profiles(enrolment: Enrolment, main: Snapshot) -> Iterator[Profile]:
    for one in enrolment.pathway.profiles:
        if concerns(one.id, main):
            yield Profile(one.id, one.title, main.profiles[one.id])


def _missing(guards: Iterable[GuardVerdict]) -> tuple[Missing, ...]:
    asked: dict[str, dict[str, None]] = {}
    for guard in guards:
        for name in missing_of(guard):
            asked.setdefault(name, {})[guard.title] = None
    return tuple(Missing(name, tuple(titles)) for name, titles in asked.items())
