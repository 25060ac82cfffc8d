"""Mutation testing of what decides dates, answers and departures: `python -m tests.mutation.run [FILE...]`.

Every small change to these files must make a test fail. Mutants that survive the quick tests, or run out of
time, are tried again with all tests of the engine and every vignette; who survives these too must be
explained in survivors.toml, and what is explained there must still exist. Works in a copy of the repository,
which stays where it was.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.mutation.unrolled import unrolled

ROOT = Path(__file__).parents[2]
EXPLAINED = Path(__file__).with_name("survivors.toml")

FILES = (
    "engine/kleene.py",
    "engine/calendar.py",
    "engine/timers.py",
    "engine/deviations.py",
    "engine/evaluate.py",
    *(f"engine/meaning/{name}.py" for name in ("dates", "events", "lesions", "logic", "one_event", "views")),
)
QUICK = (
    *(f"tests/engine/test_{name}.py" for name in ("calendar", "deviations", "kleene", "timers", "operators")),
    "tests/engine/meaning",
)
THOROUGH = ("tests/engine", "tests/vignettes")

_left_behind = (".git", ".venv", ".*_cache", "__pycache__", ".hypothesis", "mutants", "dist", "build")
_survived = 0
"""What mutmut writes for a mutant under which every test passed."""
_out_of_time = (36, -24, 24, 152, 255)
"""What it writes where the tests did not end in time: an endless loop, or a machine with too much to do."""


class Change(NamedTuple):
    """What a mutant does, told by its lines; its number changes with the file."""

    file: str
    was: str
    becomes: str


def main(files: Sequence[str]) -> int:
    """Run both rounds, tell the score of every file, and return 1 for a survivor that nobody explained."""
    chosen = files or FILES
    with tempfile.TemporaryDirectory(prefix="carepath-mutation-") as folder:
        copy = Path(folder) / "carepath"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_left_behind))
        for file in chosen:
            (copy / file).write_text(unrolled((ROOT / file).read_text(encoding="utf-8")), encoding="utf-8")
        _mutmut(copy, chosen, QUICK)
        if names := [name for file in chosen for name in _surviving(copy, file, *_out_of_time)]:
            _mutmut(copy, chosen, THOROUGH, names)
        for file in chosen:
            results = list(_results(copy, file).values())
            late = sum(status in _out_of_time for status in results)
            survived = results.count(_survived)
            print(f"{file}: {len(results)} mutants, {survived} survived, {late} out of time", flush=True)
        survivors = {_change(copy, file, name) for file in chosen for name in _surviving(copy, file)}
    return _told(survivors, {one for one in explained() if one.file in chosen})


def explained() -> set[Change]:
    """The mutants of which survivors.toml says why no test can tell them from the program."""
    with EXPLAINED.open("rb") as file:
        rows = tomllib.load(file).get("equivalent", [])
    return {Change(row["file"], row["was"], row["becomes"]) for row in rows if row["because"]}


def _told(survivors: set[Change], known: set[Change]) -> int:
    for one in sorted(survivors - known):
        print(f"survived: {one.file}\n  - {one.was}\n  + {one.becomes}")
    for one in sorted(known - survivors):
        print(
            f"explained in {EXPLAINED.name}, and killed or gone: {one.file}\n  - {one.was}\n  + {one.becomes}"
        )
    return int(survivors != known)


def _mutmut(copy: Path, files: Iterable[str], tests: Iterable[str], names: Sequence[str] = ()) -> None:
    """One round; with `names` only these mutants, anew."""
    settings = {
        "source_paths": _rooms(),
        "only_mutate": list(files),
        "pytest_add_cli_args_test_selection": list(tests),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "tests.mutation.afresh"],
        "timeout_constant": 10.0,  # who is kept waiting by others has not found anything
        "process_isolation": "forkserver",  # a fork of a process that ran tests would keep what they cached
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (copy / "pyproject.toml").write_text("\n".join([project, "[tool.mutmut]", *lines, ""]), encoding="utf-8")
    (copy / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    workers = str(os.cpu_count() or 1)
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", workers, *names],
        cwd=copy,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _rooms() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms: list[str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return rooms


def _results(copy: Path, file: str) -> dict[str, int | None]:
    """The exit status of the tests by mutant; none for a file in which nothing can be changed."""
    kept = copy / "mutants" / f"{file}.meta"
    found: dict[str, int | None] = json.loads(kept.read_text())["exit_code_by_key"] if kept.exists() else {}
    return found


def _surviving(copy: Path, file: str, *also: int) -> Iterator[str]:
    """Those that every test passed, or that no test reached (then there is no status, or 33), or with such a
    status.
    """
    counted = (_survived, None, 33, *also)
    return (name for name, status in _results(copy, file).items() if status in counted)


def _change(copy: Path, file: str, name: str) -> Change:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=copy, check=True, capture_output=True, text=True
    )
    lines = [line for line in shown.stdout.splitlines() if not line.startswith(("---", "+++"))]
    was, becomes = ("\n".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return Change(file, was, becomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
