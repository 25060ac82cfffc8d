"""Law: a derivation that goes on where the last one of the patient ended comes to the same as one from the
beginning, in full, and is right for as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.event import Event, Moment, Story
from engine.history import recording_order
from engine.replay import replay_patient
from engine.resumed import Derived, Memory, Since
from pathways.settings import DEFAULT_SETTINGS, Settings
from store.horizon import Today
from tests.properties.asking import LAST, Asked, enrolments, questions
from tests.properties.histories import Told, known_cases


def told(story: Story, as_of: date, known_at: Moment, settings: Settings, memory: Memory | None) -> str:
    """All of the answer, also what does not count when answers are compared, and until when it is right."""
    today = Today.on(as_of)
    snapshot = replay_patient(enrolments(settings), story, today, known_at, memory=memory)
    return f"{snapshot!r} until {today.next_change}"


def check(asked: Iterable[Asked], memory: Memory) -> None:
    """Every one of these in turn, with what the ones before left."""
    for one in asked:
        given_ = one.story, one.as_of, one.known_at, one.settings
        assert told(*given_, memory) == told(*given_, None)


def little_by_little(story: Story, steps: Sequence[int], settings: Settings) -> list[Asked]:
    """The first so many entries in the order of recording, each time on a day after all of them."""
    entries = sorted(story.entries, key=recording_order)
    seen = [entries[:count] for count in steps]
    return [Asked(Story(story.facts, tuple(some)), _after(some), LAST, settings) for some in seen]


def _after(entries: Sequence[Event]) -> date:
    return max((one.day for one in entries), default=date(2024, 1, 1)) + timedelta(10)


@given(questions(), st.lists(st.integers(0, 6), min_size=1, max_size=3))
def test_any_history_told_little_by_little(asked: Asked, still_to_come: list[int]) -> None:
    count = len(asked.story.entries)
    steps = sorted(max(0, count - later) for later in still_to_come)
    check([*little_by_little(asked.story, steps, asked.settings), asked], Memory())


@pytest.fixture
def gone_on(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each derivation went on from another."""
    found: list[bool] = []
    until = Derived.until

    def noted(self: Derived, *given: object) -> Since | None:
        since = until(self, *given)  # type: ignore[arg-type]  # handed on as they were given
        found.append(since is not None)
        return since

    monkeypatch.setattr(Derived, "until", noted)
    return found


def test_known_cases_told_entry_by_entry_are_mostly_gone_on_from(gone_on: list[bool]) -> None:
    for case in known_cases()[::70]:
        check(little_by_little(Told(*case).story, range(len(case[1]) + 1), DEFAULT_SETTINGS), Memory())
    assert gone_on.count(True) > len(gone_on) / 2
