"""Tests shared among processes, as a plugin: `pytest -p tests.forked --processes=3`.

Collecting imports every module, with probes in it, and takes as long as hundreds of tests. So one process
collects, forks into those that run the tests, hands out pieces of what there is, and reports what they tell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

import pytest
from _pytest.capture import CaptureManager
from _pytest.terminal import TerminalReporter

Piece = tuple[int, int]
"""The place of the first test of a piece among those that were collected, and of the one behind its last."""

Location = tuple[str, int | None, str]


class Hooks:
    def pytest_before_forking(self) -> None:
        """Make what every process would make for itself otherwise."""

    def pytest_process_told(self, told: dict[str, Any]) -> None:
        """One of the processes has run its last test, and left this in its `config.workeroutput`."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "share the tests among so many processes, where the system can fork"
    parser.addoption("--processes", type=int, default=1, help=told)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """In a process that was forked this returns as well: the session ends there as it does anywhere."""
    options = session.config.option
    in_one = options.processes < 2 or options.collectonly or options.basetemp or not hasattr(os, "fork")
    if in_one or session.testsfailed:
        return None  # pytest goes on as it would without us
    session.config.hook.pytest_before_forking()
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    assert isinstance(reporter, TerminalReporter)
    reporter.showfspath = False  # tests of many files are told in turn
    reporter.flush()  # or each process would print what is not yet printed
    forks = list[Fork]()
    for _ in range(options.processes):
        ours, theirs = Pipe()
        pid = os.fork()
        if pid == 0:
            for line in (ours, *(fork.line for fork in forks)):
                line.close()
            _work(session, theirs)
            return True
        theirs.close()
        forks.append(Fork(session, pid, ours))
    _hand_out(session, forks)
    return True


@dataclass
class Fork:
    """One of the processes, as the one that collected sees it."""

    session: pytest.Session
    pid: int
    line: Connection
    running: tuple[str, Location] | None = None
    """The test that it has begun and not ended."""
    ended: int = 0
    """How many tests it has run."""

    def listen(self, pieces: Iterator[Piece]) -> bool:
        """Take what it tells; whether there is more to come."""
        hook = self.session.config.hook
        try:
            what, told = self.line.recv()
        except (EOFError, OSError):
            hook.pytest_runtest_logreport(report=self._lost())
            return False
        match what:
            case "wants":
                stopped = self.session.shouldfail or self.session.shouldstop
                self.line.send(None if stopped else next(pieces, None))
            case "begins":
                self.running = told
                hook.pytest_runtest_logstart(nodeid=told[0], location=told[1])
            case "reports":
                read = hook.pytest_report_from_serializable(config=self.session.config, data=told)
                hook.pytest_runtest_logreport(report=read)
            case "ends":
                self.running = None
                self.ended += 1
                hook.pytest_runtest_logfinish(nodeid=told[0], location=told[1])
            case _:
                hook.pytest_process_told(told=told)
                return False
        return True

    def _lost(self) -> pytest.TestReport:
        nodeid, location = self.running or ("between two tests", ("", None, "between two tests"))
        told = f"the process that ran {nodeid} has ended"
        return pytest.TestReport(nodeid, location, {}, outcome="failed", longrepr=told, when="call")


def _hand_out(session: pytest.Session, forks: list[Fork]) -> None:
    """Serve the processes until the last has ended. Where this one is interrupted, they end their test."""
    pieces = pieces_of([item.path for item in session.items], len(forks))
    try:
        left = {fork.line: fork for fork in forks}
        while left:
            for line in wait(list(left)):
                assert isinstance(line, Connection)
                if not left[line].listen(pieces):
                    del left[line]
    finally:
        for fork in forks:
            fork.line.close()
        for fork in forks:
            os.waitpid(fork.pid, 0)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)
    missing = len(session.items) - sum(fork.ended for fork in forks)
    if missing and not session.shouldfail:
        session.shouldfail = f"{missing} tests were not run"
    if session.shouldfail:
        raise session.Failed(session.shouldfail)


def pieces_of(files: Sequence[object], processes: int) -> Iterator[Piece]:
    """Pieces of tests of these files: many files first, few last, so that all processes end together.

    The tests of one file stay together: they share what takes a while to make.
    """
    start = stop = 0
    for _, tests in groupby(files):
        stop += len(list(tests))
        if stop - start >= (len(files) - start) / (2 * processes):
            yield start, stop
            start = stop
    if start < stop:
        yield start, stop


def _work(session: pytest.Session, line: Connection) -> None:
    """Run what is handed out, in a process that was forked."""
    session.config.workeroutput = {}  # type: ignore[attr-defined]
    session.config.workerinput = {}  # type: ignore[attr-defined]  # by this pytest knows that another reports
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    capture = plugins.getplugin("capturemanager")
    assert isinstance(capture, CaptureManager)
    capture.stop_global_capturing()  # its file is that of the other processes, too
    capture.start_global_capturing()
    capture.suspend_global_capture()
    teller = Teller(session, line)
    plugins.register(teller)
    todo = teller.handed_out()
    item = next(todo, None)
    while item and not (session.shouldfail or session.shouldstop):
        following = next(todo, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following


@dataclass(eq=False)
class Teller:
    """Tells the process that collected what happens in this one."""

    session: pytest.Session
    line: Connection

    def handed_out(self) -> Iterator[pytest.Item]:
        while piece := self._told("wants"):
            yield from self.session.items[slice(*piece)]

    def pytest_runtest_logstart(self, nodeid: str, location: Location) -> None:
        self._tell("begins", (nodeid, location))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        config = self.session.config
        self._tell("reports", config.hook.pytest_report_to_serializable(config=config, report=report))

    def pytest_runtest_logfinish(self, nodeid: str, location: Location) -> None:
        self._tell("ends", (nodeid, location))

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self) -> Iterator[None]:
        yield
        self._tell("done", self.session.config.workeroutput)  # type: ignore[attr-defined]

    def _tell(self, what: str, told: object = None) -> None:
        try:
            self.line.send((what, told))
        except OSError:
            self.session.shouldstop = "nobody listens"

    def _told(self, what: str) -> Piece | None:
        self._tell(what)
        try:
            answer: Piece | None = self.line.recv()
        except (EOFError, OSError):
            return None
        return answer
