"""A site under watch: what must hold after every step, and how the steps of a test are written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)
from sqlalchemy import func, select

from engine.answer import answer
from engine.entries import read_story
from engine.event import Event
from store.canonical import canonical
from store.database import Database
from store.errors import MergedAway, NotKnownYet, StoreError
from store.ledger import event_of
from store.patient_view import look_up
from store.recording import Recorded, Recording
from store.refresh import rebuild
from store.table_base import Base
from store.tables import ledger, patient, tracking
from store.verify import verify
from tests.store.cast import Raw, at, say
from tests.store.intruder import intrude
from tests.store.model import Record, Told
from tests.store.tallying import kept_counts
from tests.store.test_faults import rows
from tests.store.test_projections import kept
from tests.store.toy import derivation

T = TypeVar("T")
BEGINNING = at("2025-05-01")


@dataclass(frozen=True)
class Given:
    """A view that was given: of which record, for which day, by what was known when, and what it said.

    `identity` is the part that may be otherwise once the identity is erased.
    """

    number: int
    as_of: date
    known_at: datetime
    said: str
    identity: str


class Watched(RuleBasedStateMachine):
    """A few records in one database, and what a model says of them."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.now = BEGINNING
        self.records: dict[int, Record] = {}
        self.sent: dict[str, tuple[int, Raw]] = {}
        self.changes: list[str] = []
        self.given: list[Given] = []
        self.entries = 0
        self.words = 0

    @invariant()
    def lists_are_those_of_a_rebuild(self) -> None:
        right = kept(self.database)
        kept_counts(self.database)
        assert rebuild(self.database, now=self.now, derive=derivation).troubled == ()
        assert kept(self.database) == right

    @invariant()
    def the_ledger_verifies(self) -> None:
        assert verify(self.database) == []

    @invariant()
    def nobody_and_nothing_is_lost_or_there_twice(self) -> None:
        with self.database.reading() as connection:
            people = connection.execute(select(func.count()).select_from(patient)).scalar_one()
            listed = set(connection.execute(select(tracking.c.patient_id)).scalars())
            events = select(func.count()).select_from(ledger).where(ledger.c.kind == "event")
            assert connection.execute(events).scalar_one() == self.entries
            names = connection.execute(select(ledger.c.source_id).where(ledger.c.source_id.is_not(None)))
            assert sorted(names.scalars()) == sorted(self.sent)
        assert people == len(self.records)
        assert listed == {record.number for record in self.records.values() if not record.into}

    @invariant()
    def stories_are_those_of_the_model(self) -> None:
        for record in self.records.values():
            if record.into:
                with pytest.raises(MergedAway) as away:
                    look_up(self.database, record.reference, now=self.now, derive=derivation)
                assert away.value.patient_id == record.into
            else:
                self._check(record)

    def _check(self, record: Record) -> None:
        view = look_up(self.database, record.reference, now=self.now, derive=derivation)
        told = [event_of(line) for line in view.lines if line.kind == "event"]
        assert [word_of(one) for one in told] == record.words
        assert len({one.id for one in told}) == len(told)
        assert ("birth_date" in view.dossier.facts) == record.born
        assert view.dossier.enrolment is not None
        seen = view.snapshot
        assert seen.main.pathway.version == record.version
        replayed = read_story(view.dossier.facts, told)
        assert seen == derivation.replay(view.dossier.enrolment, replayed, seen.as_of, seen.known_at)

    @invariant()
    def a_view_once_given_is_given_again(self) -> None:
        for given in self.given:
            record = self.records[given.number]
            again = self._view(record, given.as_of, given.known_at)
            assert again.said == given.said
            assert record.erased or again.identity == given.identity

    def _view(self, record: Record, as_of: date, known_at: datetime) -> Given:
        try:
            found = look_up(
                self.database,
                record.reference,
                now=self.now,
                derive=derivation,
                as_of=as_of,
                known_at=known_at,
            )
        except (MergedAway, NotKnownYet) as error:
            return Given(record.number, as_of, known_at, repr(error), "")
        main = replace(found.snapshot, pathways=found.snapshot.pathways[:1])
        facts = {name: value for name, value in found.dossier.facts.items() if name != "birth_date"}
        said = canonical([answer("P", main), facts, [line[1:] for line in found.lines]])
        identity = canonical([answer("P", found.snapshot), found.dossier.facts])
        return Given(record.number, as_of, known_at, said, identity)

    def _one(self, picked: int) -> Record:
        return self.records[picked % len(self.records) + 1]

    def _word(self) -> str:
        self.words += 1
        return f"word{self.words}"

    def _later(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def _entry(self, record: Record, data: st.DataObject) -> tuple[Event, Told]:
        """One of the last entries of the story, as the store has it and as the model."""
        entries = look_up(self.database, record.reference, now=self.now, derive=derivation).dossier.entries
        place = len(entries) - 1 - data.draw(st.integers(0, min(len(entries) - 1, 3)))
        return entries[place], record.story[place]

    def _say(self, said: Recording) -> Recorded:
        return say(self.database, said, self._later())

    def _record(self, record: Record, said: Recording, word: str, about: Told | None = None) -> bool:
        found = self._try(lambda: self._say(said))
        if found:
            self._added(record, found, [word], about)
        return bool(found)

    def _added(self, record: Record, found: Recorded, words: list[str], about: Told | None = None) -> None:
        """What was recorded stands at the end of the story, in the order of recording."""
        assert len(found.added) == len(words)
        assert found.patient_id == record.number
        self.entries += len(words)
        entries = look_up(self.database, record.reference, now=self.now, derive=derivation).dossier.entries
        new = [word_of(one) for one in entries if one.id in found.added]
        assert sorted(new) == sorted(words)
        record.story += [Told(word, about) for word in new]

    def _try(self, write: Callable[[], T]) -> T | None:
        """None where it was refused, and then nothing of it stays."""
        before = rows(self.database)
        try:
            return write()
        except StoreError:
            assert rows(self.database) == before
            return None


def word_of(entry: Event) -> str:
    """The word by which an entry is known."""
    return str(entry.fields.get("note") or entry.fields["reason"]).rpartition(" ")[2]


def emptied(database: Database) -> Database:
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    others = [name for name in names if name not in ("carepath", "site_key")]
    if database.engine.dialect.name == "sqlite":
        intrude(database, *(f"DELETE FROM {name}" for name in others))
    else:
        intrude(database, f"TRUNCATE {', '.join(others)} RESTART IDENTITY CASCADE")
    return database
