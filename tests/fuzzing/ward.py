"""A database in memory into which doors open, and the laws that hold for whatever comes in.

Every patient is recorded whole or not at all, who was turned away is told why and left no row, and the ledger
is as it was written. The engine of most inputs is the toy of the store's tests: what comes in is tried here,
not what it means.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from unicodedata import normalize

from sqlalchemy import delete, func, select

from cli.import_outcome import Outcome
from cli.import_source import import_source
from cli.incoming import Source, TurnedAway, open_source
from cli.workplace import Workplace
from store import tables
from store.database import open_database
from store.identities import references
from store.recording import Recorded
from store.table_base import Base
from store.verify import verify
from tests.store.toy import derivation

NOW = datetime.fromisoformat("2026-03-02T12:00:00+01:00")
_kept = ("carepath", "definition")
_defects = ("the engine failed on this story", "please report it", "Traceback", "should not have happened")


@cache
def ward() -> Workplace:
    """The one of this process."""
    return Workplace(open_database("sqlite://"), NOW, derivation, "anna")


@contextlib.contextmanager
def here(*, begins: bool = False) -> Iterator[Workplace]:
    """The ward in place of a command's own workplace."""
    yield ward()


def take_in(path: Path) -> None:
    """Import a file; raises AssertionError where a law is broken."""
    take_in_source(open_source(path))


def take_in_source(source: Source) -> None:
    """Import what a reader found; raises AssertionError where a law is broken."""
    answers = list(import_source(ward(), source, Outcome()))
    try:
        check_answers(answers)
    finally:
        if any(isinstance(one, Recorded) for one in answers):
            discharge()


def check_answers(answers: Sequence[Recorded | TurnedAway]) -> None:
    recorded = [one for one in answers if isinstance(one, Recorded)]
    for one in answers:
        if isinstance(one, TurnedAway):
            assert one.error.strip(), "turned away without a reason"
            check_words(one.error)
    assert answers, "a file without an answer"
    if recorded:
        kept = sorted({normalize("NFC", one.reference) for one in recorded})
        assert patients() == kept, "other patients than those recorded"
        assert events() == sum(len(one.added) for one in recorded), "other entries than those recorded"
        assert verify(ward().database) == [], "a ledger that is not as it was written"


def check_words(told: str) -> None:
    """Raises AssertionError for words that tell of a defect."""
    assert not any(word in told for word in _defects), "told of a defect"


def patients() -> list[str]:
    with ward().database.reading() as connection:
        return list(references(connection))


def events() -> int:
    with ward().database.reading() as connection:
        counted = select(func.count()).where(tables.ledger.c.kind == "event")
        return int(connection.execute(counted).scalar_one())


def discharge() -> None:
    """Everybody leaves the ward."""
    with ward().database.writing() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in _kept:
                connection.execute(delete(table))
