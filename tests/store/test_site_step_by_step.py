"""A whole site, step by step in any order: entries, corrections, moves, merges, erasure, versions, time.

After every step the lists are those of a rebuild, `verify` finds nothing, every story is what a model says
that knows nothing of the store, and every view that was given before is given again.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store.database import Database
from store.enforcement import Order, put_in_force, tried, undoing
from store.erasure import erase
from store.merging import merge, unmerge
from store.move import Move, move
from store.record import record_many
from store.recording import Entry, NotRecorded, Recorded, Recording
from store.refresh import refresh
from tests.store.cast import FACTS, Raw, event
from tests.store.model import Record
from tests.store.site import BEGINNING, Watched, emptied
from tests.store.test_door_step_by_step import ORDINARY, days
from tests.store.toy import TOY_2, derivation

UNBORN = {name: value for name, value in FACTS.items() if name != "birth_date"}
picked = st.integers(0, 9)


class Site(Watched):
    """Every step that there is."""

    @initialize()
    def begin(self) -> None:
        for born in (True, True, False):
            self.register(born)

    @precondition(lambda self: len(self.records) < 5)
    @rule(born=st.booleans())
    def register(self, born: bool) -> None:
        number = len(self.records) + 1
        record = self.records[number] = Record(number, f"V{number}", born)
        first = event("metastasis_suspected", "2025-01-01", note=self._word())
        said = Recording(record.name, (Entry(first),), facts=FACTS if born else UNBORN, imported=True)
        assert self._record(record, said, str(first["note"]))

    @rule(one=picked, raw=ORDINARY, later=st.none() | days)
    def enter(self, one: int, raw: Raw, later: int | None) -> None:
        """At once, or what was known in writing earlier than it is recorded."""
        record, word = self._one(one), self._word()
        raw = {**raw, "note": word}
        if later is not None:
            raw["documented"] = (date.fromisoformat(str(raw["date"])) + timedelta(later)).isoformat()
        assert self._record(record, Recording(record.reference, (Entry(raw),)), word) == (not record.into)

    @rule(
        batch=st.lists(st.tuples(picked, st.lists(ORDINARY, min_size=1, max_size=3)), min_size=1, max_size=3)
    )
    def receive(self, batch: list[tuple[int, list[Raw]]]) -> None:
        """Several patients in one batch from a source that names its entries, in whatever order they come."""
        said: list[tuple[Record, list[str], Recording]] = []
        for one, raws in batch:
            words = [self._word() for _ in raws]
            entries = [{**raw, "note": word} for raw, word in zip(raws, words, strict=True)]
            record = self._one(one)
            for word, entry in zip(words, entries, strict=True):
                self.sent[word] = record.number, entry
            told = tuple(map(Entry, entries, words))
            said.append((record, words, Recording(record.reference, told, source="lab", imported=True)))
        found = record_many(
            self.database, [one for _, _, one in said], recorder="lab", now=self._later(), derive=derivation
        )
        for (record, words, _), answered in zip(said, found, strict=True):
            if record.into:
                assert isinstance(answered, NotRecorded)
                for word in words:
                    del self.sent[word]
            else:
                assert isinstance(answered, Recorded)
                self._added(record, answered, words)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), one=st.none() | picked)
    def send_again(self, data: st.DataObject, one: int | None) -> None:
        """The same under the same name adds nothing, nor about another patient, nor with other content."""
        word = data.draw(st.sampled_from(sorted(self.sent)))
        number, raw = self.sent[word]
        record = self.records[number] if one is None else self._one(one)
        said = Recording(record.reference, (Entry(raw, word),), source="lab", imported=True)
        added = self._try(lambda: self._say(said))
        assert not added or not added.added
        if record.number == number and not record.into:
            assert added
            assert not added.changed
            other = Recording(record.reference, (Entry({**raw, "note": "other"}, word),), source="lab")
            assert self._try(lambda: self._say(other)) is None

    @rule(one=picked, data=st.data(), day=st.sampled_from(["2025-01-05", "2025-03-05", "2025-04-20"]))
    def amend(self, one: int, data: st.DataObject, day: str) -> None:
        self._change(one, data, "correction", field="date", new=day)

    @rule(one=picked, data=st.data())
    def retract(self, one: int, data: st.DataObject) -> None:
        self._change(one, data, "retraction")

    def _change(self, one: int, data: st.DataObject, type: str, **more: object) -> None:
        record = self._one(one)
        if record.into:
            return
        entry, about = self._entry(record, data)
        word = self._word()
        raw = {**event(type, "2025-04-30", target=entry.id, reason=word), **more}
        self._record(record, Recording(record.reference, (Entry(raw),)), word, about)

    @rule(one=picked, other=picked, data=st.data())
    def misfiled(self, one: int, other: int, data: st.DataObject) -> None:
        """An entry is moved to another record, wholly or not at all."""
        here, there = self._one(one), self._one(other)
        if here.into:
            return
        entry, about = self._entry(here, data)
        said = Move(here.reference, entry.id, there.reference, reason := self._word())
        moved = self._try(
            lambda: move(self.database, said, recorder="bert", now=self._later(), derive=derivation)
        )
        if moved:
            assert here is not there
            assert not there.into
            self._added(here, moved[0], [reason], about)
            self._added(there, moved[1], [about.word])

    @rule(one=picked, other=picked)
    def merge(self, one: int, other: int) -> None:
        here, there = self._one(one), self._one(one + other)
        joined = self._try(
            lambda: merge(
                self.database,
                here.reference,
                there.reference,
                "registered twice",
                recorder="carla",
                now=self._later(),
                derive=derivation,
            )
        )
        only_there = there.born and not here.born
        assert bool(joined) == (here is not there and not here.into and not there.into and not only_there)
        if joined:
            here.take(there)

    @rule(one=picked)
    def unmerge(self, one: int) -> None:
        """Mostly where there is something to undo."""
        joined = [record for record in self.records.values() if record.parts]
        record = joined[one % len(joined)] if joined else self._one(one)
        undone = self._try(
            lambda: unmerge(
                self.database,
                record.reference,
                "two persons",
                recorder="carla",
                now=self._later(),
                derive=derivation,
            )
        )
        assert bool(undone) == (bool(record.parts) and not record.into)
        if undone:
            other = self.records[record.parts[-1]]
            assert undone.reference == other.reference
            record.give_back(other)

    @rule(one=picked)
    def erase(self, one: int) -> None:
        """With the records that are part of this one."""
        record = self._one(one)
        done = erase(
            self.database,
            record.reference,
            "requested",
            recorder="dora",
            now=self._later(),
            derive=derivation,
        )
        assert done.was_known == (not record.erased)
        person = self._person(record)
        assert done.merged == tuple(sorted(one.number for one in person[1:] if not one.erased))
        stays = record.into and not self.records[record.into].erased
        assert done.part_of == (record.into if stays else None)
        for part in person:
            part.erased, part.born = True, False

    def _person(self, record: Record) -> list[Record]:
        """The record, and those that are part of it."""
        return [record, *(one for part in record.parts for one in self._person(self.records[part]))]

    @rule(one=picked)
    def tell_facts_again(self, one: int) -> None:
        """A date of birth may become known, but not of somebody who was erased."""
        record = self._one(one)
        said = Recording(record.reference, facts=FACTS, imported=True)
        told = self._try(lambda: self._say(said))
        assert bool(told) == (not record.into)
        if told:
            assert told.changed == (not record.born and not record.erased)
            record.born = not record.erased

    @rule()
    def enforce(self) -> None:
        """Another version for everybody, except those whose record is part of another."""
        name = f"C-{len(self.changes) + 1}"
        self.changes.append(name)
        order = Order(TOY_2)
        references = [record.reference for record in self.records.values()]
        found = list(tried(self.database, order, references, now=self._later(), derive=derivation))
        done = put_in_force(
            self.database, found, "agreed", name, recorder="emil", now=self.now, derive=derivation
        )
        assert all(isinstance(one, Recorded) for one in done)
        for record in self.records.values():
            if not record.into and record.version == "1.0.0":
                record.version, record.change = "2.0.0", name

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """A change is undone where it is in force still."""
        name = data.draw(st.sampled_from(self.changes))
        found = undoing(self.database, name, "not agreed").recordings
        list(
            record_many(self.database, found, recorder="emil", now=self._later(), derive=derivation, batch=2)
        )
        for record in self.records.values():
            if not record.into and record.change == name:
                record.version, record.change = "1.0.0", None

    @rule(later=days)
    def time_passes(self, later: int) -> None:
        self.now += timedelta(later)
        refresh(self.database, now=self.now, derive=derivation)

    @rule(one=picked, day=st.integers(-120, 60), ago=st.floats(0, 1))
    def look(self, one: int, day: int, ago: float) -> None:
        """A view of any day by what was known at any moment up to now."""
        known_at = BEGINNING + (self.now - BEGINNING) * ago
        self.given.append(self._view(self._one(one), BEGINNING.date() + timedelta(day), known_at))


def run(database: Database, examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(lambda: Site(emptied(database)), settings=chosen)  # type: ignore[arg-type]


def test_a_site_in_short(database: Database) -> None:
    run(database, examples=5, steps=12)


@pytest.mark.soak
def test_a_site_at_length(database: Database) -> None:
    run(database, examples=300, steps=50)
