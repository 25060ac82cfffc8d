"""A room whose branches are not covered fails the run, and the report shows which ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = """\
def sign(number: int) -> str:
    if number < 0:
        return "-"
    return "+"
"""
UNSEEN = "def never() -> None:\n    return None\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.slipcover]\nsource = ["engine"]\n', encoding="utf-8")
    return tmp_path


def measured(folder: Path, *tests: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    for number, test in enumerate(tests):
        written = f"import engine\n\n\ndef test_sign() -> None:\n    assert {test}\n"
        (folder / f"test_{number}.py").write_text(written, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.measured", "-p", "no:cacheprovider", *options]
    others = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(command, cwd=folder, env=others, capture_output=True, text=True, check=False)


def test_a_missed_branch_is_a_failure_with_its_line(folder: Path) -> None:
    ran = measured(folder, "engine.sign(1) == '+'")
    assert ran.returncode == 1
    assert "coverage of engine: 66.7%, at least 95% wanted" in ran.stdout
    assert "engine/__init__.py" in ran.stdout
    assert ran.stdout.splitlines()[-1].strip("= ").startswith("1 failed, 1 passed")


def test_a_covered_room_is_none(folder: Path) -> None:
    both = "engine.sign(1) == '+'", "engine.sign(-1) == '-'"
    assert measured(folder, *both).returncode == 0


def test_what_several_processes_execute_is_added_up(folder: Path) -> None:
    both = "engine.sign(1) == '+'", "engine.sign(-1) == '-'"
    ran = measured(folder, *both, options=("-p", "tests.forked", "--processes=2"))
    assert ran.returncode == 0, ran.stdout
    assert "2 passed" in ran.stdout


def test_a_file_that_nothing_imports_counts(folder: Path) -> None:
    (folder / "engine" / "unseen.py").write_text(UNSEEN, encoding="utf-8")
    ran = measured(folder, "engine.sign(1) == '+'", "engine.sign(-1) == '-'")
    assert ran.returncode == 1
    assert "engine/unseen.py" in ran.stdout
