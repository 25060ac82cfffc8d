"""Full snapshots by the evaluator that ships against the naive one, which works every value out anew.

Both derive the same patients, all pathways with every trail; their answers are compared before anything is
timed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.bench_replay import stories
from bench.measure import heading, in_turns, told, verdict
from bench.patients import AS_OF, EVENTS
from engine.event import Story
from engine.naive import replay as naive
from engine.replay import Enrolment, replay_patient
from engine.snapshot import PatientSnapshot
from pathways.library import all_pathways
from pathways.settings import DEFAULT_SETTINGS

PATIENTS, ROUNDS = 3, 3
TARGET, AIM = 20, 100


def shipping_answers(enrolled: Sequence[Enrolment], patients: Sequence[Story]) -> list[PatientSnapshot]:
    return [replay_patient(enrolled, story, AS_OF, AS_OF) for story in patients]


def naive_answers(enrolled: Sequence[Enrolment], patients: Sequence[Story]) -> list[PatientSnapshot]:
    pathways = [(one.pathway, DEFAULT_SETTINGS) for one in enrolled]
    return [naive.replay_patient(pathways, story, AS_OF, AS_OF) for story in patients]


def main() -> int:
    patients = [story for story, _ in zip(stories(), range(PATIENTS), strict=False)]
    enrolled = [Enrolment(pathway) for pathway in all_pathways()]
    heading(f"{PATIENTS} patients of {EVENTS} events, {len(enrolled)} pathways, {ROUNDS} rounds")
    assert shipping_answers(enrolled, patients) == naive_answers(enrolled, patients)
    ours, theirs = in_turns(
        ROUNDS,
        lambda: shipping_answers(enrolled, patients),
        lambda: naive_answers(enrolled, patients),
    )
    ratio = told("snapshot with every trail against the naive one", ours, PATIENTS, theirs, PATIENTS)
    return 0 if verdict("times as many snapshots/s", ratio, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
