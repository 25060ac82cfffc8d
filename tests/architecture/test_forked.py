"""Tests that are shared among processes are all run once, and whatever happens in one of them is told."""

import os
import signal
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.forked import pieces_of

MADE = """\
import os, time
from pathlib import Path
import pytest

here = Path(__file__).parent

@pytest.fixture(scope="session")
def made():
    yield
    (here / f"{os.getpid()}.gone").touch()

"""
OPTIONS = ("-p", "tests.forked", "--processes=2", "-p", "no:cacheprovider")


def command(folder: Path, *tests: str) -> list[str]:
    """What runs each of these in a file of its own."""
    for number, test in enumerate(tests):
        (folder / f"test_{number}.py").write_text(f"{MADE}{test}\n", encoding="utf-8")
    (folder / "pytest.ini").touch()
    return [sys.executable, "-m", "pytest", *OPTIONS, str(folder)]


def ran(folder: Path, *tests: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    words = [*command(folder, *tests), *options]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_what_fails_is_told_with_what_it_printed_and_what_was_made_is_cleared_away(tmp_path: Path) -> None:
    failing = "def test_two(made):\n    print('seen by', 'nobody else')\n    assert 0"
    passing = "def test_one(made): print('not told')"
    found = ran(tmp_path, passing, failing)
    assert found.returncode == pytest.ExitCode.TESTS_FAILED
    assert found.stdout.count("seen by nobody else") == 1
    assert "not told" not in found.stdout
    assert found.stdout.splitlines()[-1].strip("= ").startswith("1 failed, 1 passed")
    assert any(tmp_path.glob("*.gone"))


def test_a_process_that_ends_is_a_failure_and_the_others_go_on(tmp_path: Path) -> None:
    dying = "def test_last_words(): os._exit(0)\ndef test_never(): pass"
    found = ran(tmp_path, dying, "def test_one(): time.sleep(0.1)", "def test_two(): pass")
    assert found.returncode == pytest.ExitCode.TESTS_FAILED
    assert "the process that ran test_0.py::test_last_words has ended" in found.stdout
    assert "2 tests were not run" in found.stdout
    assert "1 failed, 2 passed" in found.stdout


def test_the_first_failure_can_be_the_last(tmp_path: Path) -> None:
    files = ["def test_one(): assert 0", *["def test_other(): time.sleep(0.2)"] * 5]
    found = ran(tmp_path, *files, options=("-x",))
    assert found.returncode == pytest.ExitCode.TESTS_FAILED
    assert "stopping after 1 failures" in found.stdout
    assert "1 failed, 5 passed" not in found.stdout


def test_who_interrupts_them_leaves_nothing_behind(tmp_path: Path) -> None:
    waiting = "def test_it(made):\n    (here / f'{os.getpid()}.here').touch()\n    time.sleep(0.5)"
    with subprocess.Popen(
        command(tmp_path, *[waiting] * 6), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        while len(list(tmp_path.glob("*.here"))) < 2:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate()
    assert process.returncode == pytest.ExitCode.INTERRUPTED, told
    begun = {file.stem for file in tmp_path.glob("*.here")}
    assert {file.stem for file in tmp_path.glob("*.gone")} == begun
    for process_id in begun:
        with pytest.raises(ProcessLookupError):
            os.kill(int(process_id), 0)


def test_each_test_is_handed_out_once_with_its_neighbours() -> None:
    files = list(chain.from_iterable([number] * (1 + number % 7) for number in range(60)))
    pieces = list(pieces_of(files, 3))
    assert [place for start, stop in pieces for place in range(start, stop)] == list(range(len(files)))
    assert all(files[start - 1] != files[start] for start, _ in pieces[1:])
    lengths = [stop - start for start, stop in pieces]
    assert lengths[0] > len(files) / 7
    assert lengths[-1] <= 7
    assert list(pieces_of([], 3)) == []
