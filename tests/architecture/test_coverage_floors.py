"""A room whose branches are not covered fails the run, and the report shows which ones."""

import subprocess
import sys
from pathlib import Path

from tests import coverage_floors

SOURCE = """\
def sign(number: int) -> str:
    if number < 0:
        return "-"
    return "+"
"""
SETTINGS = (
    '[tool.coverage.run]\nbranch = true\nsource = ["engine"]\n[tool.coverage.report]\nshow_missing = true\n'
)


def measured(folder: Path, calls: str) -> list[str]:
    (folder / "engine").mkdir()
    (folder / "engine" / "__init__.py").write_text(SOURCE, encoding="utf-8")
    (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "use.py").write_text(f"import engine\n{calls}\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "coverage", "run", "use.py"], cwd=folder, check=True)
    return [str(failure.longrepr) for failure in coverage_floors.failures(folder)]


def test_a_missed_branch_is_a_failure_with_its_line(tmp_path: Path) -> None:
    (report,) = measured(tmp_path, "engine.sign(1)")
    assert report.startswith("coverage of engine: 66.7%, at least 95% wanted")
    assert "engine/__init__.py" in report


def test_a_covered_room_is_none(tmp_path: Path) -> None:
    assert measured(tmp_path, "engine.sign(1), engine.sign(-1)") == []
