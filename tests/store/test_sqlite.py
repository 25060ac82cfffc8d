"""Opening an SQLite file: made private when missing, refused with a reason when it is not ours."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from store.database import Database, open_database
from store.errors import Busy, CannotOpen, CannotWrite
from store.sqlite import embedded_url
from tests.store.cast import say, story


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'carepath.db'}"


def pragma(database: Database, name: str) -> object:
    with database.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_a_new_file_is_for_its_owner_only(database: Database, url: str, tmp_path: Path) -> None:
    say(database, story())
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {file.name for file in tmp_path.iterdir()} >= {"carepath.db", "carepath.db-wal"}


def test_it_is_durable_and_keeps_references(database: Database) -> None:
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "busy_timeout") == 10_000


def test_what_was_written_is_there_when_opened_again(database: Database, url: str) -> None:
    say(database, story())
    again = open_database(url)
    assert say(again, story()).repeated == ("e01", "e02", "e03")
    again.close()


def test_the_folder_of_the_embedded_database_is_private(tmp_path: Path) -> None:
    url = embedded_url(tmp_path / "share" / "carepath")
    open_database(url).close()
    assert url.endswith("/share/carepath/carepath.db")
    assert stat.S_IMODE((tmp_path / "share" / "carepath").stat().st_mode) == 0o700


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="no folder"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'carepath.db'}")


@pytest.mark.parametrize(
    "sql", ["DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0003')"]
)
def test_a_database_that_does_not_tell_its_version(url: str, tmp_path: Path, sql: str) -> None:
    open_database(url).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "carepath.db")) as raw, raw:
        raw.execute(sql)
    with pytest.raises(CannotOpen, match="is damaged: it does not tell its schema version"):
        open_database(url)


def test_half_a_database(database: Database, url: str, tmp_path: Path) -> None:
    say(database, story())
    database.close()
    file = tmp_path / "carepath.db"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(CannotOpen, match="is damaged"):
        open_database(url)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="is a folder"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    place = tmp_path / "carepath.db"
    place.write_bytes(b"Once upon a time there was no database here." * 100)
    with pytest.raises(CannotOpen, match="not a carepath database"):
        open_database(f"sqlite:///{place}")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    with sqlite3.connect(place) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    before = place.read_bytes()
    with pytest.raises(CannotOpen, match="some other program"):
        open_database(f"sqlite:///{place}")
    assert place.read_bytes() == before


def test_another_schema_version(database: Database, url: str) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CannotOpen, match="has schema 9999, this program knows up to 0"):
        open_database(url)


@pytest.mark.parametrize("url", ["mysql://localhost/carepath", "carepath.db", ""])
def test_other_urls(url: str) -> None:
    with pytest.raises(CannotOpen, match="sqlite:///"):
        open_database(url)


def test_a_second_writer_that_waits_too_long(database: Database, url: str) -> None:
    impatient = open_database(url)
    with impatient.reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with database.writing(), pytest.raises(Busy, match="try again"):
        say(impatient, story())
    assert say(impatient, story()).registered
    impatient.close()


def test_readers_do_not_wait_for_a_writer(database: Database, url: str) -> None:
    say(database, story())
    reader = open_database(url)
    with database.writing() as writing:
        writing.execute(text("UPDATE tracking SET state = 'elsewhere'"))
        with reader.reading() as reading:
            assert reading.execute(text("SELECT state FROM tracking")).scalar_one() == "response_assessed"
    reader.close()


def test_an_exception_rolls_everything_back(database: Database) -> None:
    row = text(
        "INSERT INTO patient (id, sequence, head, created) VALUES (1, 0, '', '2025-01-01 00:00:00.000000')"
    )
    with contextlib.suppress(KeyError), database.writing() as connection:
        connection.execute(row)
        raise KeyError
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM definition")).scalar_one() == 0


def test_a_full_disk_is_told_and_nothing_is_half_written(database: Database) -> None:
    say(database, story())
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(CannotWrite, match="full"):
        register_many(database)
    with database.reading() as connection:
        counts = [
            connection.execute(text(query)).scalar_one()
            for query in (
                "SELECT count(*) FROM patient",
                "SELECT count(*) FROM tracking",
                "SELECT count(*) / 5 FROM ledger",
            )
        ]
    assert len(set(counts)) == 1


def register_many(database: Database) -> None:
    for number in range(200):
        say(database, story(f"W{number:03d}"))


@pytest.mark.skipif(
    not hasattr(os, "setuid") or os.getuid() != 0, reason="only root can become somebody else"
)
@pytest.mark.parametrize(
    ("mode", "told"),
    [(0o644, "read-only for this user; `carepath restore FILE --verify`"), (0o600, "may not be read")],
)
def test_a_file_of_somebody_else(mode: int, told: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        url = f"sqlite:///{folder}/carepath.db"
        open_database(url).close()
        (Path(folder) / "carepath.db").chmod(mode)
        assert told in opened_by_nobody(url)


def opened_by_nobody(url: str) -> str:
    """What a process without privileges is told when it opens the database."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            open_database(url)
        except BaseException as error:
            os.write(writing, str(error).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return told.read()
