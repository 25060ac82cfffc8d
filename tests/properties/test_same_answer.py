"""Law: the same inputs give the same answer, however they were put in and whatever was asked before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import replay as replay_module
from tests.properties.asking import Asked, days_of_interest, questions

ROOT = Path(__file__).parents[2]


@given(questions())
def test_asked_twice_the_answer_is_the_same(asked: Asked) -> None:
    assert asked.snapshot() == asked.snapshot()
    assert asked.answer() == asked.answer()


@given(questions(), st.data())
def test_the_order_in_which_entries_are_given_is_irrelevant(asked: Asked, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(asked.story.entries))
    assert asked.of(shuffled).snapshot() == asked.snapshot()


@given(questions(), st.data())
def test_an_entry_given_twice_counts_once(asked: Asked, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from([None, *asked.story.entries]), max_size=3))
    entries = [*asked.story.entries, *(entry for entry in again if entry is not None)]
    assert asked.of(entries).snapshot() == asked.snapshot()


@given(questions(), st.data())
def test_views_are_independent_of_one_another(asked: Asked, data: st.DataObject) -> None:
    """Advancing to one day and then to another is going straight there."""
    straight = asked.snapshot()
    for day in data.draw(st.lists(days_of_interest(asked.story), min_size=1, max_size=3)):
        asked.on(day).snapshot()
    assert asked.snapshot() == straight


@settings(max_examples=settings().max_examples // 5)  # it compiles all pathways each time
@given(questions())
def test_nothing_is_carried_from_patient_to_patient(asked: Asked) -> None:
    """A plan compiled for this patient alone answers as the one that all patients share."""
    shared = asked.snapshot()
    plans = dict(replay_module._plans)
    replay_module._plans.clear()
    try:
        assert asked.snapshot() == shared
    finally:
        replay_module._plans.update(plans)


_TOLD = """
import hashlib, json
from datetime import date
from tests.properties.asking import Asked, CHOICES
from tests.properties.histories import Told, known_cases
lines = []
for number, (facts, events) in enumerate(known_cases()[::{step}]):
    story, choice = Told(facts, events).story, CHOICES[number % len(CHOICES)]
    asked = Asked(story, date(2025, 3, 1), date(2026, 1, 1), choice)
    lines.append(json.dumps(asked.answer()))
    lines.append(repr(asked.snapshot()))
print(len(lines), hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""


def in_another_process(seed: str, step: int) -> str:
    return subprocess.run(
        [sys.executable, "-c", _TOLD.format(step=step)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_processes_with_other_hash_seeds_answer_byte_by_byte_the_same() -> None:
    first, second = (in_another_process(seed, step=25) for seed in ("1", "4242"))
    assert int(first.split()[0]) >= 40
    assert first == second


@pytest.mark.soak
def test_processes_answer_the_same_on_all_known_cases() -> None:
    assert len({in_another_process(seed, step=1) for seed in ("0", "1", "2", "4242")}) == 1
