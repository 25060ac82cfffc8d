"""How every test run is set up: databases, how many generated examples."""

import gc
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from cli.commands import COMMANDS
from store import database
from store.collector import come_seldom
from store.database import open_database
from tests import server
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
come_seldom()
settings.load_profile("ci")  # `--hypothesis-profile=soak` replaces it


DATABASES = ("sqlite", "postgresql")
TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "only the tests that use a database, every one of them on this kind"
    parser.addoption("--database", choices=DATABASES, help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("--database")
    wanted = {item: _wanted(item, chosen) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not wanted[item]])
    items[:] = [item for item in items if wanted[item]]


def pytest_collection_finish() -> None:
    """What was collected stays: the collector of garbage need not look at it again."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_before_forking() -> None:
    """What commands import when they are asked for is there for all processes."""
    for place in COMMANDS.values():
        import_module(place.partition(":")[0])
    gc.freeze()


def _wanted(item: pytest.Item, chosen: str | None) -> bool:
    if chosen:
        return _kind(item) == chosen
    return not _command_on_server(item) or item.get_closest_marker("each_database") is not None


def _command_on_server(item: pytest.Item) -> bool:
    """A test of a command, tried on SQLite as well."""
    return _kind(item) == "postgresql" and item.path.is_relative_to(TESTS / "cli")


def _kind(item: pytest.Item) -> object:
    """The kind of database for which this test is run; None where it asks for none."""
    varied = getattr(item, "callspec", None)
    return varied.params.get("any_url") if varied else None


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


@pytest.fixture
def template(tables_made: str) -> str:
    """The name of the database on the server of which a test is given a copy."""
    return tables_made


@pytest.fixture(params=DATABASES)
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; the test runs once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'carepath.db'}"
        return
    there: Server = request.getfixturevalue("postgresql")
    url = there.new_database(request.getfixturevalue("template"))
    yield url
    there.drop(url)
