"""`carepath replay --json` over 10,000 case files against reading them as bytes, and memory over 100,000
patients.

The files are seeded patients of 16 events, one case each. Memory is that of the answering process, read after
10,000, 50,000 and 100,000 patients answered one after the other; it must not grow with their number.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading
from bench.patients import AS_OF, EVENTS, case
from engine.answer import answer
from engine.entries import read_event, read_facts, read_story
from engine.replay import Enrolment, replay_patient
from pathways.library import all_pathways

FILES = 10_000
MARKS = (10_000, 50_000, 100_000)
GROWTH = 1.05
"""Memory after the last mark may be this much of that after the first."""


def replayed(folder: Path) -> tuple[float, int]:
    """Seconds and lines of one call over every file."""
    names = [str(path) for path in sorted(folder.iterdir())]
    command = [sys.executable, "-m", "cli.main", "replay", "--json", "--as-of", AS_OF.isoformat()]
    started = time.perf_counter()
    done = subprocess.run([*command, *names], capture_output=True, check=True, cwd=Path(__file__).parents[1])
    return time.perf_counter() - started, done.stdout.count(b"\n")


def flat() -> bool:
    """Answers patients one after the other and reads the process's greatest memory at each mark."""
    enrolled = [Enrolment(pathway) for pathway in all_pathways()]
    peaks: list[int] = []
    for number in range(1, MARKS[-1] + 1):
        raw = case(number % 500)
        story = read_story(read_facts(raw["facts"]), [read_event(event) for event in raw["events"]])
        answer("B", replay_patient(enrolled, story, AS_OF, AS_OF, companion_trails=False))
        if number in MARKS:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            print(f"after {number:7} patients: {peaks[-1] / 1024:.0f} MiB", flush=True)
    return peaks[-1] <= peaks[0] * GROWTH


def main() -> int:
    heading(f"{FILES} case files of {EVENTS} events")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for seed in range(FILES):
            content = json.dumps(case(seed), default=str)
            (folder / f"{seed:05}.json").write_text(content, encoding="utf-8")
        started = time.perf_counter()
        read = sum(len(path.read_bytes()) for path in folder.iterdir())
        reading = time.perf_counter() - started
        taken, lines = replayed(folder)
    assert lines == FILES, f"{lines} answers for {FILES} files"
    print(f"replay --json: {FILES / taken:.0f} cases/s, {taken / reading:.0f} times reading {read} bytes")
    return 0 if flat() else 1


if __name__ == "__main__":
    sys.exit(main())
