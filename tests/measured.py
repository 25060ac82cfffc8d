"""Branch coverage of the rooms, as a plugin: `pytest -p tests.measured`. A room below its floor is a failure.

SlipCover puts probes into the code when it is imported and takes them out once they have told what they can,
so that every test is measured and takes little longer for it.
"""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from slipcover import Slipcover, merge_coverage, print_coverage
from slipcover.importer import SlipcoverLoader
from slipcover.slipcover import add_summaries

FLOORS = {"engine": 95.0, "pathways": 95.0}
FLOOR_ELSEWHERE = 90.0

Found = dict[str, Any]
"""Coverage as SlipCover writes it: for each file the lines and branches that were executed and missed."""

SELDOM = 5_000
"""How often a probe tells what is known before all such are taken out, which takes a while itself."""

settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["slipcover"]
rooms: list[str] = settings["source"]
probes = Slipcover(
    branch=True, d_miss_threshold=SELDOM, source=rooms, exclude_also=settings.get("exclude-also")
)


class Rooms(MetaPathFinder):
    """Finds the modules of the rooms, and has probes put into them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in rooms:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader and spec.origin:
            spec.loader = SlipcoverLoader(probes, spec.loader, spec.origin)
        return spec


sys.meta_path.insert(0, Rooms())  # before a conftest imports the first room


class Measured:
    """What this process has executed, and the processes that share its tests."""

    def __init__(self) -> None:
        self.of_others: list[Found] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_process_told(self, told: dict[str, Any]) -> None:
        """One of the processes has run its last test."""
        self.of_others.append(told["coverage"])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Runs before pytest sums up, so that a room below its floor is counted among the failures."""
        forked = hasattr(session.config, "workeroutput")
        if forked:
            probes.source = None  # of files that nobody imported one process tells
        found = probes.get_coverage()
        if forked:
            session.config.workeroutput["coverage"] = found  # type: ignore[attr-defined]  # of tests.forked
            return
        for other in self.of_others:
            merge_coverage(found, other)
        terminal = session.config.pluginmanager.getplugin("terminalreporter")
        for failure in failures(found) if exitstatus == pytest.ExitCode.OK else ():
            terminal.stats.setdefault("failed", []).append(failure)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Measured())


def failures(found: Found) -> Iterator[pytest.TestReport]:
    """A report for each room with less coverage than its floor."""
    for room in rooms:
        floor = FLOORS.get(room, FLOOR_ELSEWHERE)
        of_room = {name: one for name, one in found["files"].items() if Path(name).parts[0] == room}
        part = {**found, "files": of_room}
        add_summaries(part)
        percent = part["summary"]["percent_covered"]
        if percent < floor:
            yield _failed(f"coverage of {room}", f"{percent:.1f}%, at least {floor:.0f}% wanted", part)


def _failed(what: str, why: str, part: Found) -> pytest.TestReport:
    table = io.StringIO()
    print_coverage(part, outfile=table, skip_covered=True)
    return pytest.TestReport(
        nodeid=what,
        location=(what, None, what),
        keywords={},
        outcome="failed",
        longrepr=f"{what}: {why} (lines and branches; those missed are on the right)\n{table.getvalue()}",
        when="call",
    )
