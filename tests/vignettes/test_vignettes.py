"""Vignettes: dated stories with the answers the outline asks for, compared as `carepath replay --check` does.

They were written from the outline, not from the engine. One file alone: `carepath replay --check FILE`.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cli.answers import Question, answered, read_all
from interop.case import Case, Refusal
from tests.vignettes.waiting import WAITING, explained, waits_for

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))
AS_WRITTEN = Question(as_of=None, known_at=None, settings={})


@cache
def cases(file: Path) -> tuple[Case | Refusal, ...]:
    return tuple(read_all([file]))


@cache
def differences(file: Path) -> dict[str, list[str]]:
    """What is not as expected, for each case of a file; an empty list where all is."""
    found: dict[str, list[str]] = {}
    for case in cases(file):
        answers = case if isinstance(case, Refusal) else answered(case, AS_WRITTEN)
        if isinstance(answers, Refusal):
            found[str(answers.case)] = [answers.error]
        else:
            found[str(case.id if isinstance(case, Case) else case.case)] = [
                f"{one.checkpoint.as_of}: {difference}"
                for one in answers
                for difference in one.differences or ()
            ]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_stories_are_answered_as_they_expect(file: Path) -> None:
    unexplained = [
        f"{id} at {difference}"
        for id, found in differences(file).items()
        for difference in found
        if not (companion := waits_for(id)) or not explained(difference, companion)
    ]
    assert not unexplained, "\n".join(["", *unexplained])


def test_what_waits_for_a_companion_still_has_to_wait() -> None:
    found = {id: of_case for file in FILES for id, of_case in differences(file).items()}
    over = [id for ids in WAITING.values() for id in ids if not found.get(id, [])]
    assert not over, f"no longer waiting, take off the list in waiting.py: {', '.join(over)}"


def test_every_checkpoint_expects_something_and_no_id_is_used_twice() -> None:
    read = [case for file in FILES for case in cases(file)]
    assert len(read) >= 490
    assert not [case.error for case in read if isinstance(case, Refusal)]
    stories = [case for case in read if isinstance(case, Case)]
    assert not [case.id for case in stories if not case.checkpoints]
    assert not [case.id for case in stories for one in case.checkpoints if not one.expected]
    assert not [id for id, count in Counter(case.id for case in stories).items() if count > 1]


def test_only_what_the_companion_brings_is_excused() -> None:
    assert explained("2025-01-10: companion_states.lung: expected treated / got none", "lung")
    assert explained("2025-02-01: deviations: expected d-lung-histology-missing final major / got no", "lung")
    assert not explained("2025-02-01: companion_states.liver: expected treated / got none", "lung")
    assert not explained("2025-02-01: state: expected mdt_ready / got d-lung-histology-missing", "lung")
    assert not explained(
        "2025-02-01: deviations: expected nothing such / got d-lung-histology-missing", "lung"
    )
