"""Full snapshots of seeded patients, the JSON answer included, against a dictionary dispatch per event.

Everything of one patient is derived from the entries each time: all pathways, every clause of every guard,
timers, deviations, the trail. The yardstick walks a story of the same length through a dictionary of guarded
moves; how many of its events one snapshot costs is the same on every machine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import dispatch
from bench.measure import heading, in_turns, told, verdict
from bench.patients import AS_OF, EVENTS, case
from engine.answer import answer
from engine.entries import read_event, read_facts, read_story
from engine.event import Story
from engine.replay import Enrolment, replay_patient
from engine.snapshot import PatientSnapshot
from pathways.library import all_pathways, main_pathway

PATIENTS, ROUNDS = 200, 7
DISPATCHED = 20_000
QUIET = 3_000_000
"""Dispatched events a second on a quiet core of the machine for which the target was set."""
TARGET, AIM = 500, 1000


def stories() -> Iterator[Story]:
    for seed in range(PATIENTS):
        raw = case(seed)
        yield read_story(read_facts(raw["facts"]), [read_event(event) for event in raw["events"]])


def main() -> int:
    patients = list(stories())
    every = [Enrolment(pathway) for pathway in all_pathways()]
    alone = [Enrolment(main_pathway())]
    moves = dispatch.table()
    heading(f"{PATIENTS} patients of {EVENTS} events, {len(every)} pathways, {ROUNDS} rounds")

    def snapshots(enrolments: list[Enrolment], trails: bool) -> list[PatientSnapshot]:
        return [
            replay_patient(enrolments, story, AS_OF, AS_OF, companion_trails=trails) for story in patients
        ]

    def answers() -> list[str]:
        """As `carepath replay --json` does, which shows no trail but that of the main pathway."""
        return [json.dumps(answer("B", one)) for one in snapshots(every, trails=False)]

    def dispatched() -> None:
        for _ in range(DISPATCHED // EVENTS):
            assert dispatch.walk(moves, dispatch.FACTS) == f"s{EVENTS}"

    states = {json.loads(one)["state"] for one in answers()}
    assert states == {"post_mdt_follow_up"}, states
    full, bare, walked, main_only, reference = in_turns(
        ROUNDS,
        answers,
        lambda: snapshots(every, trails=False),
        lambda: snapshots(every, trails=True),
        lambda: snapshots(alone, trails=True),
        dispatched,
    )
    ratio = told("snapshot and JSON against one dispatched event", full, PATIENTS, reference, DISPATCHED)
    told("snapshot without JSON", bare, PATIENTS, reference, DISPATCHED)
    told("snapshot with every trail", walked, PATIENTS, reference, DISPATCHED)
    told("snapshot of the main pathway alone", main_only, PATIENTS, reference, DISPATCHED)
    print(f"one snapshot with its JSON costs what {1 / ratio:.0f} dispatched events cost")
    return 0 if verdict("snapshots/s on a core that dispatches 3 M/s", ratio * QUIET, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
