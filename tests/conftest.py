"""How every test run is set up: databases, how many generated examples, the coverage floor of each room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from store import database
from store.database import open_database
from tests import coverage_floors, server
from tests.keys import KEYS
from tests.server import Server

settings.register_profile("ci", derandomize=True, max_examples=25, deadline=None)
for name, examples in (("soak", 1_000), ("night", 5_000)):  # `dev.py soak --hypothesis-profile=night`
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("ci")  # `--hypothesis-profile=soak` replaces it


DATABASES = ("sqlite", "postgresql")
TESTS = Path(__file__).parent
UNMEASURED = [
    TESTS / name
    for name in (
        "boundaries",
        "cli/test_worked_patients.py",
        "golden",
        "properties",
        "simulation/test_composed.py",
        "simulation/test_demo_cohort.py",
        "simulation/test_planted.py",
        "vignettes",
    )
]
"""Tests of the whole by many stories, without coverage: it would make them three times as long, and a line
that only they reach is one that no test is about."""
MEASURED = TESTS / "properties" / "test_two_evaluators.py"
"""The one test that the naive evaluator has (decision 0014)."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--floors", action="store_true", help="fail if the branch coverage of a room is too low")
    told = "only the tests that use a database, every one of them on this kind"
    parser.addoption("--database", choices=DATABASES, help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("--database")
    wanted = {item: _wanted(item, chosen) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not wanted[item]])
    items[:] = [item for item in items if wanted[item]]
    for item in items:
        if _kind(item) == "postgresql" or _unmeasured(item):  # what is tried on SQLite too is measured there
            item.add_marker("no_cover")


def _wanted(item: pytest.Item, chosen: str | None) -> bool:
    if chosen:
        return _kind(item) == chosen
    return not _command_on_server(item) or item.get_closest_marker("each_database") is not None


def _command_on_server(item: pytest.Item) -> bool:
    """A test of a command, tried on SQLite as well."""
    return _kind(item) == "postgresql" and item.path.is_relative_to(TESTS / "cli")


def _unmeasured(item: pytest.Item) -> bool:
    return item.path != MEASURED and any(map(item.path.is_relative_to, UNMEASURED))


def _kind(item: pytest.Item) -> object:
    """The kind of database for which this test is run; None where it asks for none."""
    varied = getattr(item, "callspec", None)
    return varied.params.get("any_url") if varied else None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Runs before pytest sums up, so that a room below its floor is counted among the failures."""
    config = session.config
    if not config.getoption("--floors") or hasattr(config, "workerinput") or exitstatus != pytest.ExitCode.OK:
        return
    terminal = config.pluginmanager.getplugin("terminalreporter")
    for failure in coverage_floors.failures(config.rootpath):
        terminal.stats.setdefault("failed", []).append(failure)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def keys_for_servers() -> Iterator[None]:
    """In tests nobody has to name the keys of a database on a server."""
    with pytest.MonkeyPatch.context() as patched:
        named = database.missing_keys
        patched.setattr(
            database,
            "missing_keys",
            lambda engine: named(engine) if engine.dialect.name == "sqlite" else KEYS,
        )
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with server.running() as running:
        yield running


@pytest.fixture(scope="session")
def tables_made(postgresql: Server) -> str:
    """The name of a database on the server with nothing but carepath's tables."""
    url = postgresql.new_database()
    open_database(url).close()
    return str(make_url(url).database)


@pytest.fixture(params=DATABASES)
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; the test runs once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'carepath.db'}"
        return
    there: Server = request.getfixturevalue("postgresql")
    url = there.new_database(request.getfixturevalue("tables_made"))
    yield url
    there.drop(url)
