"""Opening a database on a server, and what is told when the server does not answer as it should."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url, text

from store.database import Database, open_database
from store.errors import Busy, CannotOpen, CannotWrite, Clash, Crossed, NoRoom
from store.postgresql import meaning_of
from tests.server import Server
from tests.store.cast import say, story
from tests.store.intruder import intrude


@pytest.fixture
def url(postgresql: Server, tables_made: str) -> Iterator[str]:
    made = postgresql.new_database(tables_made)
    yield made
    postgresql.drop(made)


def changed(url: str, **parts: object) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


def setting(database: Database, name: str) -> object:
    with database.writing() as connection:
        return connection.execute(text(f"SHOW {name}")).scalar_one()


def test_who_says_so_does_not_wait_for_the_disk_and_the_next_one_does(database: Database) -> None:
    with database.writing() as connection:
        database.need_not_last(connection)
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "off"
    assert setting(database, "synchronous_commit") == "on"


def test_an_empty_database_is_made_ours(postgresql: Server) -> None:
    url = postgresql.new_database()
    for changed_something in (True, False):
        database = open_database(url)
        assert say(database, story()).changed is changed_something
        database.close()
    postgresql.drop(url)


def test_it_is_durable_and_counts_in_utc(database: Database) -> None:
    assert setting(database, "synchronous_commit") == "on"
    assert setting(database, "timezone") == "UTC"
    assert setting(database, "lock_timeout") == "10s"


def test_a_database_of_another_program(postgresql: Server) -> None:
    url = postgresql.new_database()
    with psycopg.connect(url) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(CannotOpen, match="some other program"):
        open_database(url)
    postgresql.drop(url)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"database": "nowhere"}, "refuses this user, password or database"),
        ({"username": "nobody", "password": "secret"}, "refuses this user, password or database"),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "cannot be reached"),
        ({"drivername": "postgresql+asyncpg"}, "the driver 'asyncpg' is not supported"),
    ],
)
def test_nothing_to_open(url: str, parts: dict[str, object], told: str) -> None:
    with pytest.raises(CannotOpen, match=told) as refused:
        open_database(changed(url, **parts))
    assert "secret" not in str(refused.value)


def test_a_url_without_a_database() -> None:
    with pytest.raises(CannotOpen, match="names no database"):
        open_database("postgresql://anna:secret@db.example")


def test_a_connection_that_was_cut_is_made_anew(database: Database) -> None:
    say(database, story("V01"))
    others = f"datname = '{database.engine.url.database}' AND pid <> pg_backend_pid()"
    intrude(database, f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}")
    assert say(database, story("V02")).registered


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing(database: Database) -> None:
    others = f"datname = '{database.engine.url.database}' AND pid <> pg_backend_pid()"

    def write() -> None:
        with database.writing() as connection:
            connection.execute(text("DELETE FROM carepath"))
            intrude(database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            connection.execute(text("SELECT 1"))

    with pytest.raises(CannotWrite, match="closed the connection"):
        write()
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM carepath")).scalar_one() == 1


def test_nobody_writes_while_reading(database: Database) -> None:
    with pytest.raises(CannotWrite, match="takes no changes"), database.reading() as connection:
        connection.execute(text("DELETE FROM carepath"))


def test_a_writer_that_waits_too_long_for_a_patient(database: Database) -> None:
    say(database, story())

    def wait() -> None:
        with database.writing() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            connection.execute(text("SELECT 1 FROM patient FOR UPDATE"))

    with database.writing() as connection:
        connection.execute(text("SELECT 1 FROM patient FOR UPDATE"))
        with pytest.raises(Busy, match="try again"):
            wait()


class Reported(psycopg.OperationalError):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("a message that may quote a row")
        self.sqlstate = sqlstate


def test_a_mistake_of_ours_is_not_blamed_on_the_server() -> None:
    assert meaning_of(psycopg.ProgrammingError("a parameter is missing"), opening=False) is None


@pytest.mark.parametrize(
    ("state", "opening", "kind"),
    [
        ("23505", False, Clash),
        ("40P01", False, Crossed),
        ("40001", False, Crossed),
        ("55P03", False, Busy),
        ("53100", False, NoRoom),
        ("57P01", False, CannotWrite),
        (None, True, CannotOpen),
        ("42501", True, CannotOpen),
        ("42501", False, CannotWrite),
    ],
)
def test_what_the_server_reports(state: str | None, opening: bool, kind: type[Exception]) -> None:
    found = meaning_of(Reported(state), opening)
    assert type(found) is kind
    assert "quote a row" not in str(found)
