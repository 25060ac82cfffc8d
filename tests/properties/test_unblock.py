"""Laws of what opens a step: every offered set does, asked of the whole engine, and no part of it alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.assumed import is_assumed
from engine.entries import story_faults
from engine.event import Event, Story, day_of
from engine.replay import replay_patient
from engine.snapshot import PatientSnapshot
from engine.trial import visible
from engine.unblock import Opening, Unblocking, unblock
from interop.case import Case
from interop.case_file import read_cases
from pathways.library import all_pathways
from pathways.settings import Settings
from tests.properties.asking import Asked, enrolments, questions

_TESTS: Final = Path(__file__).parents[1]
_MOST_PARTS: Final = 24
"""Parts of a set that are tried; of a larger set, some drawn by chance."""


Held = tuple[str, str]
"""The key of a pathway and a step of it."""


def held_steps(snapshot: PatientSnapshot) -> list[Held]:
    return [(part.key, step.step) for part in snapshot.pathways for step in part.steps if step.guards]


def opened(asked: Asked, held: Held) -> Unblocking:
    return unblock(enrolments(asked.settings), asked.story, asked.as_of, asked.known_at, held[0], held[1])


def supposing(asked: Asked, day: date, assumed: Sequence[Event]) -> tuple[Story, PatientSnapshot]:
    """The story up to the day of the question with these entries, and what follows on `day`."""
    before = visible(asked.story, asked.as_of, asked.known_at)
    story = Story(before.facts, (*before.entries, *assumed))
    known_at = max(day, day_of(asked.known_at))
    return story, replay_patient(enrolments(asked.settings), story, day, known_at, companion_trails=False)


_DATED: Final = {rule.code for p in all_pathways() for rule in p.deviations if rule.timers}


def departures(snapshot: PatientSnapshot) -> set[tuple[str, ...]]:
    """Departures of steps, each with what was really recorded of it."""
    return {
        (found.code, *(id for id in found.events if not is_assumed(id)))
        for part in snapshot.pathways
        for found in part.deviations
        if found.severity != "data" and found.status in ("open", "final") and found.code not in _DATED
    }


def opens(asked: Asked, held: Held, day: date, assumed: Sequence[Event]) -> bool:
    """The step is allowed, and nothing that is assumed departs from the guideline."""
    _, before = supposing(asked, asked.as_of, ())
    _, after = supposing(asked, day, assumed)
    steps = [(part.key, step.step, step.allowed) for part in after.pathways for step in part.steps]
    return (*held, True) in steps and departures(after) <= departures(before)


def check(asked: Asked, held: Held, opening: Opening) -> None:
    entries = [one.entry for one in opening.remedies]
    story, _ = supposing(asked, opening.on, entries)
    assert not story_faults(story.facts, _without_strays(story.entries))
    assert opens(asked, held, opening.on, entries)
    for part in _parts(entries):
        assert not opens(asked, held, opening.on, part), f"{[one.id for one in part]} alone open it too"


def _without_strays(entries: Sequence[Event]) -> Sequence[Event]:
    """Without changes of what lies after the day of the question."""
    ids = {entry.id for entry in entries}
    kept = [e for e in entries if e.type not in ("correction", "retraction") or e.fields["target"] in ids]
    return kept if len(kept) == len(entries) else _without_strays(kept)


def _parts(entries: Sequence[Event]) -> list[tuple[Event, ...]]:
    parts = list(chain.from_iterable(combinations(entries, size) for size in range(len(entries))))
    return parts if len(parts) <= _MOST_PARTS else Random(len(parts)).sample(parts, _MOST_PARTS)


@pytest.mark.soak
@given(questions(), st.randoms(use_true_random=False))
def test_an_offered_set_opens_the_step_and_no_part_of_it_does(asked: Asked, chance: Random) -> None:
    held = held_steps(asked.snapshot())
    assume(held)
    step = chance.choice(held)
    for opening in opened(asked, step).openings:
        check(asked, step, opening)


def _cases(folder: str) -> Iterator[Case]:
    for file in sorted(_TESTS.glob(f"{folder}/*.yaml")):
        yield from (case for case in read_cases(file) if isinstance(case, Case))


def _asked(case: Case) -> list[Asked]:
    return [
        Asked(case.story, one.as_of, one.known_at, Settings.from_overrides(one.settings))
        for one in case.checkpoints
    ]


@pytest.mark.parametrize("case", [*_cases("examples")], ids=lambda case: case.id)
def test_the_examples(case: Case) -> None:
    for asked in _asked(case):
        for held in held_steps(asked.snapshot()):
            for opening in opened(asked, held).openings:
                check(asked, held, opening)


@pytest.mark.soak
def test_every_step_that_is_ever_held_back_has_been_opened_somewhere() -> None:
    """Of the vignettes, some by chance; each step of each pathway until a way was found for it."""
    wanted: dict[Held, list[Asked]] = {}
    for case in _cases("vignettes"):
        for asked in _asked(case)[:1]:
            for held in held_steps(asked.snapshot()):
                wanted.setdefault(held, []).append(asked)
    for held, occasions in wanted.items():
        Random(len(occasions)).shuffle(occasions)
        found = next((w for w in ((a, opened(a, held)) for a in occasions) if w[1].openings), None)
        assert found, f"nothing opens {held}"
        check(found[0], held, found[1].openings[0])
