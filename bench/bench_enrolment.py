"""What pathways cost in which a patient is not enrolled: the whole library against her own pathways.

Both sides answer for the same patients with every trail; one is given all pathways that ship, the other only
those the patient is enrolled in. A library that grows costs nothing where the two are the same.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.bench_replay import PATIENTS, ROUNDS, stories
from bench.measure import heading, in_turns, verdict
from bench.patients import AS_OF, EVENTS
from engine.enrolled import enrolled
from engine.replay import Enrolment, replay_patient
from pathways.library import all_pathways

TARGET, AIM = 0.75, 0.9
"""How much of the cost of the whole library the patient's own pathways take."""


def main() -> int:
    patients = list(stories())
    every = tuple(Enrolment(pathway) for pathway in all_pathways())
    own = []
    for story in patients:
        keys = enrolled(every, story, AS_OF, AS_OF).keys()
        own.append(tuple(one for one in every if one.pathway.key in keys))
    mean = statistics.mean(map(len, own))
    heading(
        f"{PATIENTS} patients of {EVENTS} events, on {mean:.1f} of {len(every)} pathways, {ROUNDS} rounds"
    )

    def library() -> None:
        for story in patients:
            replay_patient(every, story, AS_OF, AS_OF)

    def own_only() -> None:
        for story, pathways in zip(patients, own, strict=True):
            replay_patient(pathways, story, AS_OF, AS_OF)

    for story, pathways in zip(patients, own, strict=True):
        answered = replay_patient(every, story, AS_OF, AS_OF).pathways
        keys = {one.pathway.key for one in pathways}
        same = replay_patient(pathways, story, AS_OF, AS_OF).pathways
        assert same == tuple(part for part in answered if part.key in keys)

    whole, part = in_turns(ROUNDS, library, own_only)
    shares = sorted(b / a for a, b in zip(whole, part, strict=True))
    share = statistics.median(shares)
    print(f"own pathways {1000 * statistics.median(part) / PATIENTS:.2f} ms a patient, ", end="")
    print(f"the whole library {1000 * statistics.median(whole) / PATIENTS:.2f} ms, ", end="")
    print(f"share {share:.2f} ({shares[0]:.2f} to {shares[-1]:.2f})")
    beside = (1 / share - 1) * mean / (len(every) - mean)
    print(f"a pathway in which a patient is not enrolled costs {beside:.2f} of one in which she is")
    return 0 if verdict("cost of the own pathways as a share of the library's", share, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
