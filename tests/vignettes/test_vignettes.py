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

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
AS_WRITTEN = Question(as_of=None, known_at=None, settings={})


@cache
def cases(file: Path) -> tuple[Case | Refusal, ...]:
    return tuple(read_all([file]))


def differences(case: Case | Refusal) -> list[str]:
    answers = case if isinstance(case, Refusal) else answered(case, AS_WRITTEN)
    if isinstance(answers, Refusal):
        return [answers.error]
    return [
        f"{one.case.id} at {one.checkpoint.as_of}: {difference}"
        for one in answers
        for difference in one.differences or ()
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_stories_are_answered_as_they_expect(file: Path) -> None:
    found = [difference for case in cases(file) for difference in differences(case)]
    assert not found, "\n".join(["", *found])


def test_every_checkpoint_expects_something_and_no_id_is_used_twice() -> None:
    read = [case for file in FILES for case in cases(file)]
    assert len(read) >= 490
    assert not [case.error for case in read if isinstance(case, Refusal)]
    stories = [case for case in read if isinstance(case, Case)]
    assert not [case.id for case in stories if not case.checkpoints]
    assert not [case.id for case in stories for one in case.checkpoints if not one.expected]
    assert not [id for id, count in Counter(case.id for case in stories).items() if count > 1]
