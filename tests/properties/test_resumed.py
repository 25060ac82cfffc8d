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
from tests.properties.asking import CHOICES, LAST, Asked, enrolments, questions
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


@given(st.lists(questions(), min_size=1, max_size=2), st.data())
def test_any_questions_one_after_the_other(asked: list[Asked], data: st.DataObject) -> None:
    memory = Memory()
    for one in asked:
        length = len(one.story.entries)
        steps = data.draw(st.lists(st.integers(max(0, length - 6), length), min_size=1, max_size=4))
        check([*little_by_little(one.story, sorted(steps), one.settings), one], memory)


def test_known_cases_told_to_their_end() -> None:
    for number, case in enumerate(known_cases()[::15]):
        story, count = Told(*case).story, len(case[1])
        check(little_by_little(story, [count - 1, count], CHOICES[number % len(CHOICES)]), Memory())


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


def test_a_story_told_in_order_is_gone_on_from(gone_on: list[bool]) -> None:
    for case in [one for one in known_cases() if len(one[1]) > 5][:10]:
        check(little_by_little(Told(*case).story, range(len(case[1]) + 1), DEFAULT_SETTINGS), Memory())
    assert gone_on.count(True) > len(gone_on) / 2
