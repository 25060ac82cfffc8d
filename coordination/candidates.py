"""Who is to come before a board: derived from the answer of today, never kept.

A patient is a candidate where a step that a board takes may be taken now, or where nothing holds a step back
but one condition that only a board can meet. Not where a board has answered the same question in the present
state: one that put it off, or none, leaves it open. Where the pathway falls silent, nobody is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from coordination.board_graph import ANY_QUESTION, BOARD, BoardStep, boards, only_a_board
from coordination.progress import Held
from engine.event import Event
from engine.replay import Enrolment
from engine.snapshot import Snapshot, StepVerdict
from pathways.worded import joined, worded

UNDECIDED: Final = "deferred"
"""The decision after which the question comes back."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a board is asked about a patient, since when, and what boards said to it before, the last one
    first.
    """

    asked: BoardStep
    since: date | None
    before: tuple[Event, ...] = ()

    @property
    def question(self) -> str:
        return self.asked.question


def candidates(
    enrolled: Sequence[Enrolment], pathways: Sequence[Snapshot], events: Iterable[Event]
) -> tuple[Candidate, ...]:
    """What boards are to be asked about one patient, by the answers of its pathways."""
    held = [one for one in events if one.type == BOARD]
    found = (
        one
        for enrolment, part in zip(enrolled, pathways, strict=True)
        for one in _of_pathway(enrolment, part, held)
    )
    return tuple(_each_question_once(found))


def excluded(held: Held) -> str | None:
    """Why nobody asks a board about a patient, whatever the pathway says; None: there is no such reason."""
    if held.died_on:
        return worded("the patient died on {day}", day=held.died_on)
    if held.transferred_on:
        return worded("the patient was transferred on {day}", day=held.transferred_on)
    if held.lost_on:
        return worded("the patient is lost to follow-up since {day}", day=held.lost_on)
    if held.paused_on:
        told = worded("everything about the patient is paused since {day}", day=held.paused_on)
        return joined(": ", filter(None, (told, held.paused_because)))
    return None


def _of_pathway(enrolment: Enrolment, part: Snapshot, held: Sequence[Event]) -> Iterator[Candidate]:
    offered = {one.step: one for one in part.steps}
    for asked in boards(enrolment.pathway).steps:
        verdict = offered.get(asked.step.id)
        if verdict is None or not _open(asked, verdict, part):
            continue
        of_it = tuple(reversed([one for one in held if said_to(asked, one)]))
        named = asked.question != ANY_QUESTION or asked.waits_for is None
        if not (named and of_it and _answers(of_it[0], part)):
            yield Candidate(asked, part.entered_on, of_it)


def said_to(asked: BoardStep, board: Event) -> bool:
    """Whether a board was held on this question."""
    return board.fields.get("question") == asked.question


def _open(asked: BoardStep, verdict: StepVerdict, part: Snapshot) -> bool:
    guard = asked.waits_for
    if guard is None:
        return verdict.allowed
    if verdict.allowed or verdict.guards != (guard.id,):
        return False
    told = zip(part.guards[guard.id].clauses, guard.clauses, strict=False)
    lacking = [clause.test for one, clause in told if one.result != "pass" and clause.force in ("", "hard")]
    return bool(lacking) and all(map(only_a_board, lacking))


def _answers(board: Event, part: Snapshot) -> bool:
    """Whether a board answered in the state in which the patient is, or brought the patient there."""
    if board.fields.get("decision") == UNDECIDED:
        return False
    last = part.trail[-1] if part.trail else None
    return (
        (last is not None and last.event == board.id)
        or part.entered_on is None
        or board.day >= part.entered_on
    )


def _each_question_once(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Steps that a board takes before conditions that wait for one; each question of a pathway once."""
    seen: set[tuple[str, str]] = set()
    pathways: set[str] = set()
    for one in sorted(found, key=lambda each: each.asked.waits_for is not None):
        waits = one.asked.waits_for is not None
        key = one.asked.pathway, one.question
        if key in seen or (waits and one.asked.pathway in pathways):
            continue
        seen.add(key)
        pathways.update(() if waits else (one.asked.pathway,))
        yield one
