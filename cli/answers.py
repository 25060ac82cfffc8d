"""What is asked of case files, and the answers: what `replay` does between reading and printing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import is_standard_input
from cli.status import defect
from engine.answer import Json, answer
from engine.event import Moment, day_of
from engine.replay import Enrolment, replay_patient
from interop.case import Case, Checkpoint, Refusal
from interop.case_file import read_cases
from interop.check import differences
from interop.located import BrokenFile
from interop.sources import text_of
from pathways.library import all_pathways
from pathways.settings import Settings
from pathways.titles import known_deviations
from pathways.vocabulary import Vocabulary

if TYPE_CHECKING:
    from cli.pathway_find import Named


@dataclass(frozen=True, slots=True)
class Question:
    """What the command line asks of every case, over what the case asks itself.

    `as_of` replaces the checkpoints, `known_at` is what was known at each, `settings` outrank a checkpoint's.
    `named` is the only pathway that is asked, instead of all that ship.
    """

    as_of: Moment | None
    known_at: Moment | None
    settings: Mapping[str, object]
    named: Named | None = None

    def checkpoints(self, case: Case) -> tuple[Checkpoint, ...]:
        asked = case.checkpoints
        if self.as_of is not None:
            asked = (Checkpoint(day_of(self.as_of), self.known_at or self.as_of),)
        elif self.known_at is not None:
            asked = tuple(replace(one, known_at=self.known_at) for one in asked)
        return asked


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer at one checkpoint; `differences` is None where nothing was expected.

    `named` is the pathway that was asked alone, if one was.
    """

    case: Case
    checkpoint: Checkpoint
    answer: Json
    differences: list[str] | None
    named: Named | None = None


def answered(case: Case, question: Question) -> list[Answered] | Refusal:
    """Every checkpoint of a case in order, or why the case is not answered."""
    checkpoints = question.checkpoints(case)
    if not checkpoints:
        return _refused(case, "the case has no checkpoint: add one, or give --as-of DATE")
    try:
        return [_answered(case, one, question) for one in checkpoints]
    except Exception as error:  # one case must not stop the others, whatever it makes the engine do
        told = f"carepath failed on this case ({defect(error)}); please report it"
        return _refused(case, told)


def read_all(files: Iterable[Path], named: Named | None = None) -> Iterator[Case | Refusal]:
    """The cases of all files, one after the other; `-` is standard input.

    They are told in the words of the pathway that is named, if one is.
    """
    vocabulary = named.basis.vocabulary if named else None
    for file in files:
        if is_standard_input(file):
            yield from _from_standard_input(vocabulary)
        else:
            yield from read_cases(file, vocabulary=vocabulary)


def _from_standard_input(vocabulary: Vocabulary | None) -> Iterator[Case | Refusal]:
    try:
        text = text_of(sys.stdin.buffer)
    except BrokenFile as broken:
        line, message = broken.problem
        yield Refusal(None, f"standard input: {message}", "standard input", line)
    else:
        yield from read_cases(text, "standard input", vocabulary)


def _answered(case: Case, checkpoint: Checkpoint, question: Question) -> Answered:
    settings = Settings.from_overrides({**checkpoint.settings, **question.settings})
    asked = enrolments(settings, question.named)
    snapshot = replay_patient(
        asked, case.story, checkpoint.as_of, checkpoint.known_at, companion_trails=False
    )
    given = answer(case.id, snapshot)
    expected = checkpoint.expected
    found = None if expected is None else differences(given, expected, _codes(question.named))
    return Answered(case, checkpoint, given, found, question.named)


@lru_cache(maxsize=8)
def _codes(named: Named | None) -> frozenset[str]:
    """The codes of every deviation that a case may expect not to be raised."""
    own = [one.code for one in named.pathway.deviations] if named else []
    return frozenset((*own, *known_deviations()))


@lru_cache(maxsize=64)
def enrolments(settings: Settings, named: Named | None = None) -> tuple[Enrolment, ...]:
    """A case asks for every pathway that ships, the main one first, or for the one that is named."""
    asked = (named.pathway,) if named else all_pathways()
    return tuple(Enrolment(one, settings) for one in asked)


def _refused(case: Case, told: str) -> Refusal:
    place = f"{case.file}:{case.line}" if case.line else f"{case.file}"
    return Refusal(case.id, f"{place}: {told}", case.file, case.line)
