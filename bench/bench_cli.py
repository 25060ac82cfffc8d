"""`carepath replay --json` over thousands of case files, and its memory over a hundred thousand patients.

The yardstick is the engine alone: snapshot and JSON of the same patients, already read, in one process. What
the command adds is starting, finding and reading the files, checking every entry, and printing. The memory
of the command is read while it works through one long file of cases. `--short` does a tenth of both.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading, in_turns, told, verdict
from bench.patients import EVENTS, case
from engine.answer import answer
from engine.entries import read_event, read_facts, read_story
from engine.replay import Enrolment, replay_patient
from interop.case_file import Case, read_cases
from pathways.library import all_pathways

FILES, LONG, SAMPLE = 10_000, 100_000, 300
MARKS = (0.1, 0.5, 1.0)
TARGET, AIM = 0.5, 0.7
GROWTH = 1.05
"""By how much the memory may grow from the first mark to the last."""
COMMAND = [
    sys.executable,
    "-c",
    "import sys; from cli.main import main; sys.exit(main())",
    "replay",
    "--json",
]
ROOT = Path(__file__).parents[1]


def write_files(folder: Path, count: int) -> list[Path]:
    """One case a file, as YAML reads it."""
    files = [folder / f"case-{seed:06}.yaml" for seed in range(count)]
    for seed, file in enumerate(files):
        file.write_text(as_yaml(case(seed)), encoding="utf-8")
    return files


def as_yaml(one: dict[str, object]) -> str:
    """As people write it: one event a line, in flow style."""
    events, checkpoints = (one[key] for key in ("events", "checkpoints"))
    assert isinstance(events, list)
    lines = [f"- id: {one['id']}", f"  facts: {json.dumps(one['facts'])}", "  events:"]
    lines += [f"  - {json.dumps(event)}" for event in events]
    return "\n".join(["vignettes:", *lines, f"  checkpoints: {json.dumps(checkpoints)}", ""])


def engine_alone(count: int) -> tuple[list[str], list[float]]:
    """The answers for the first cases, and the CPU seconds they take once read."""
    enrolled = [Enrolment(pathway) for pathway in all_pathways()]
    read = [one for seed in range(count) for one in read_cases(json.dumps(case(seed)), f"{seed}.json")]
    cases = [one for one in read if isinstance(one, Case)]
    assert len(cases) == count

    def answers() -> list[str]:
        return [
            json.dumps(
                answer(c.id, replay_patient(enrolled, c.story, at.as_of, at.known_at)), ensure_ascii=False
            )
            for c in cases
            for at in c.checkpoints
        ]

    return answers(), in_turns(3, answers)[0]


def reading_alone(count: int) -> float:
    """CPU seconds to check every entry of the first cases, without files and notation."""
    raws = [case(seed) for seed in range(count)]

    def read() -> None:
        for raw in raws:
            read_story(read_facts(raw["facts"]), [read_event(event) for event in raw["events"]])

    return min(in_turns(3, read)[0])


def run(files: Sequence[Path]) -> tuple[list[str], float]:
    """The lines that the command prints, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*COMMAND, *map(str, files)], cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout.splitlines(), used


def memory(folder: Path, count: int) -> Iterator[tuple[int, int]]:
    """Patients answered and MiB resident, at each mark."""
    file = folder / "long.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(case(seed))}\n" for seed in range(count))
    marks = {round(part * count) for part in MARKS}
    with subprocess.Popen([*COMMAND, str(file)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for number, _ in enumerate(process.stdout, 1):
            if number in marks:
                yield number, resident(process.pid)


def resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="a tenth of the files and patients")
    short = options.parse_known_args()[0].short
    files, long = (FILES // 10, LONG // 10) if short else (FILES, LONG)
    heading(f"{files} case files, {long} patients in one file, {EVENTS} events each")
    with tempfile.TemporaryDirectory(prefix="carepath-bench-") as name:
        folder = Path(name)
        answers, alone = engine_alone(SAMPLE)
        lines, used = run(write_files(folder, files))
        assert len(lines) == files
        assert [json.loads(line) for line in lines[:SAMPLE]] == [json.loads(one) for one in answers]
        again = engine_alone(SAMPLE)[1]
        yardstick = [*alone, *again]
        ratio = told(
            "replay --json against the engine alone", [used] * len(yardstick), files, yardstick, SAMPLE
        )
        checking = reading_alone(SAMPLE)
        print(f"{'checking the entries of a case':44} {SAMPLE / checking:9.0f}/s")
        found = list(memory(folder, long))
    print("memory of the command: " + ", ".join(f"{mib} MiB after {count:,}" for count, mib in found))
    flat = found[-1][1] <= GROWTH * found[0][1]
    print(f"memory: grows by {found[-1][1] / found[0][1] - 1:.1%}: {'flat' if flat else 'NOT FLAT'}")
    return 0 if verdict("of the engine's own rate", ratio, TARGET, AIM) and flat else 1


if __name__ == "__main__":
    sys.exit(main())
