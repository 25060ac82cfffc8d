"""Which pathways a patient is on, from when and because of which entry (pathways.pathway.Enrols).

Derived from the ledger like everything else: a patient is enrolled from the first entry by which a way into
the pathway is surely open, and stays so; when that entry is corrected or retracted, so is the enrolment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.evaluate import Evaluation, Program, View
from engine.event import Event, Moment, Story
from engine.explain import Explainer
from engine.history import Ledger
from engine.replay import Enrolment
from engine.trail import BEGINNING
from pathways.graph import Node
from pathways.pathway import Pathway
from pathways.settings import Settings


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Since when a patient is on a pathway, and by which entry; neither: since the beginning.

    `way` is the text of the way in; empty where every patient is on the pathway.
    """

    on: date | None = None
    event: str | None = None
    way: str = ""


@dataclass(frozen=True, slots=True)
class WayIn:
    """A way into a pathway as it stands: True, False or None (unknown), by which events, and what is
    missing.
    """

    text: str
    open: bool | None
    because: tuple[str, ...]
    missing: tuple[str, ...]


def enrolled(
    enrolments: Sequence[Enrolment], story: Story, as_of: date, known_at: Moment
) -> dict[str, Enrolled]:
    """The pathways the patient is on, by key, in the order of the enrolments."""
    ledger = Ledger(story, known_at)
    found = {one.pathway.key: _since(one.pathway, *_asked(one, ledger, as_of)) for one in enrolments}
    return {key: since for key, since in found.items() if since}


def ways_in(enrolment: Enrolment, story: Story, as_of: date, known_at: Moment) -> tuple[WayIn, ...]:
    """Every way into a pathway, as it stands on this day; none where every patient is on it."""
    program, evaluation = _asked(enrolment, Ledger(story, known_at), as_of)
    explainer, now = Explainer(program), evaluation.now()
    return tuple(
        WayIn(
            way.text,
            program[way.test](now),
            explainer.because(now, way.test),
            explainer.missing(now, way.test),
        )
        for way in enrolment.pathway.enrols
    )


def _since(pathway: Pathway, program: Program, evaluation: Evaluation) -> Enrolled | None:
    """The first entry by which a way in is surely open; None where there is no such entry yet."""
    if not pathway.enrols:
        return Enrolled()
    for view, event in _entry_by_entry(evaluation):
        for way in pathway.enrols:
            if program[way.test](view) is True:
                return Enrolled(event.day, event.id, way.text) if event else Enrolled(way=way.text)
    return None


def _asked(enrolment: Enrolment, ledger: Ledger, as_of: date) -> tuple[Program, Evaluation]:
    program = _program(tuple(way.test for way in enrolment.pathway.enrols), enrolment.settings)
    return program, Evaluation(program, ledger, as_of)


def _entry_by_entry(evaluation: Evaluation) -> Iterator[tuple[View, Event | None]]:
    """What was known from the beginning, then the story as it stood after each entry."""
    view, now = evaluation.start(BEGINNING), evaluation.now()
    yield view, None
    for length, event in enumerate(now.known.events[: now.length], 1):
        view = evaluation.advanced(view, length, event.day)
        yield view, event


@lru_cache(maxsize=256)
def _program(tests: tuple[Node, ...], settings: Settings) -> Program:
    return Program(tests, settings)
