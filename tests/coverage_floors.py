"""The least branch coverage each room must have, and the report of a room that has less."""

import io
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

FLOORS = {"engine": 95.0, "pathways": 95.0}
FLOOR_ELSEWHERE = 90.0


def failures(root: Path) -> Iterator[pytest.TestReport]:
    measured = coverage.Coverage(data_file=root / ".coverage", config_file=str(root / "pyproject.toml"))
    measured.load()
    for room in measured.config.source or ():
        floor = FLOORS.get(room, FLOOR_ELSEWHERE)
        table = io.StringIO()
        percent = measured.report(include=[f"{root}/{room}/*"], file=table)
        if percent < floor:
            yield _failed(
                f"coverage of {room}", f"{percent:.1f}%, at least {floor:.0f}% wanted", table.getvalue()
            )


def _failed(what: str, why: str, table: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=what,
        location=(what, None, what),
        keywords={},
        outcome="failed",
        longrepr=f"{what}: {why} (lines and branches; those missed are on the right)\n\n{table}",
        when="call",
    )
