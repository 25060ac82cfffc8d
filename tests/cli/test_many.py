"""Many files answered by several processes: the same lines in the same order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import many
from cli.answers import Question
from cli.processors import processors
from cli.status import Unavailable
from cli.told import Manner, Told, told
from tests.cli.conftest import EXAMPLES, Run

FILES = sorted(EXAMPLES.glob("*.yaml"))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Several batches of files, some of which are refused."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: K1\nevents: [", encoding="utf-8")
    return [*FILES[:3], broken, *FILES[3:5], tmp_path / "none.yaml", *FILES[:2]]


def test_two_processes_tell_what_one_does(
    run: Run, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.many.batch", 2)
    for words in (("--check",), ("--json", "--check", "--set", "lead_days=3")):
        one, two = (run("replay", *words, "--jobs", jobs, *files) for jobs in (1, 2))
        assert two == one
        assert one.status == 2


def test_so_many_files_are_shared_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def told_by_many(files: list[Path], question: Question, manner: Manner, jobs: int) -> Iterator[Told]:
        asked.append((len(files), jobs))
        return told(files[:1], question, manner)

    monkeypatch.setattr("cli.many.told_by_many", told_by_many)
    assert run("replay", "--json", *[FILES[0]] * 100).status == 0
    assert asked == [(100, processors())]
    assert run("replay", "--json", *[FILES[0]] * 2).status == 0
    assert len(asked) == 1


@pytest.mark.parametrize("jobs", ["0", "two", "-1", "1000", "9" * 5000])
def test_a_number_of_processes_that_is_none(run: Run, jobs: str) -> None:
    ran = run("replay", "--json", f"--jobs={jobs}", FILES[0])
    assert ran.status == 2
    assert "--jobs takes a number" in ran.err


def test_standard_input_is_read_by_one_process(run: Run) -> None:
    typed = FILES[0].read_text(encoding="utf-8")
    assert run("replay", "--json", "--jobs", 2, "-", typed=typed).status == 0


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "batch", 1)
    monkeypatch.setattr(many, "_told_list", _die)
    answers = many.told_by_many(FILES, Question(None, None, {}), Manner(True, False), 2)
    with pytest.raises(Unavailable, match="--jobs 1"):
        list(answers)


def _die(*_: object) -> list[Told]:
    os._exit(1)


def test_a_reader_who_goes_away_stops_all_processes() -> None:
    words = ["replay", "--json", "--jobs", "2", *map(str, FILES * 40)]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()
