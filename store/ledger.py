"""The ledger: entries appended to a patient's chain, and read back as the story they tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache, lru_cache
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.correction import corrected_fact, resolved
from engine.event import Event, Moment, Story, not_after
from engine.history import corrects_facts, facts_in_force
from engine.snapshot import PathwayRef
from store import births, merged, restore
from store.batches import batches
from store.births import Births
from store.canonical import canonical, digest, instant, moment
from store.derivation import Enrolment
from store.identities import Head, nobody
from store.prepared import Prepared
from store.restore import is_known
from store.tables import ledger, patient


@cache
def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


class Line(NamedTuple):
    """One entry as the ledger keeps it; its columns are explained in `tables.LedgerRow`.

    `patient_id`, `seq` and the two hashes are empty until the line has its place in a chain.
    """

    patient_id: int
    seq: int
    kind: str
    event_id: str | None
    type: str | None
    day: date | None
    clock: str | None
    documented: str | None
    basis: str | None
    recorded: datetime
    recorded_offset: int
    recorder: str
    source: str
    source_id: str | None
    payload: str
    prev_hash: str = ""
    hash: str = ""

    @property
    def said(self) -> tuple[object, ...]:
        """What was said, without who said it when: two lines that say the same are one entry."""
        stated = None if self.basis == "recorded" else self.documented
        return self.kind, self.type, self.day, self.clock, stated, self.payload

    @property
    def is_lent(self) -> bool:
        """Whether a merge lends it: it stands in the chain of the other record."""
        return self.patient_id > 0 and not self.seq

    @property
    def recorded_there(self) -> datetime:
        """When it was recorded, with the offset of the place where it was."""
        return self.recorded.astimezone(_zone(self.recorded_offset))

    def content_hash(self) -> str:
        """The hash this line must have: over every column but the hash itself."""
        return digest(canonical((*self[:_recorded], _utc(self.recorded), *self[_recorded + 1 : -1])))

    def placed(self, patient_id: int, seq: int, previous: str) -> Line:
        """This line as the next of a chain, carrying the hash of the one before."""
        line = Line(patient_id, seq, *self[2:-2], previous)
        return Line(*line[:-1], line.content_hash())


_recorded = Line._fields.index("recorded")


@lru_cache(maxsize=16)
def _utc(recorded: datetime) -> str:
    """A moment as it is hashed; lines recorded together share it."""
    return recorded.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is recorded about one patient, as far as it was by some moment.

    `facts` and `entries` are as they were said; `story` has the corrections' values read as the field they
    name. `merged_into` is the number of the record that this one is part of, if it is part of one. Of
    somebody who was `erased` no date of birth is known, nor becomes known.
    """

    head: Head
    facts: dict[str, object]
    entries: tuple[Event, ...]
    enrolment: Enrolment | None
    last_recorded: datetime | None
    merged_into: int | None = None
    erased: bool = False

    @property
    def story(self) -> Story:
        """What the engine reads."""
        return Story(self.facts, resolved(self.entries))

    @property
    def facts_in_force(self) -> Mapping[str, object]:
        """What was known from the beginning, with its corrections."""
        return facts_in_force(self.story, date.max)

    @property
    def birth_date(self) -> date | None:
        """The date of birth, as it was corrected."""
        born = self.facts_in_force.get("birth_date") if self.head.births else self.head.birth_date
        return born if isinstance(born, date) else None

    def all_known(self, now: datetime) -> datetime:
        """By when all of it was recorded: now, or later where a clock was set back."""
        return max(now, self.last_recorded or now)

    def next_recorded(self, now: datetime) -> datetime:
        """When what follows is recorded: one entry after the other, also where a clock was set back."""
        return max(now, self.last_recorded + instant) if self.last_recorded else now

    def followed_by(
        self,
        new: Sequence[Line],
        birth_date: date | None,
        births: Births | None = None,
        day_zero: str | None = None,
    ) -> Dossier:
        """The dossier with further lines, and with what is new about date of birth and day zero."""
        born, zero = birth_date or self.head.birth_date, day_zero or self.head.day_zero
        head = replace(self.head, birth_date=born, births=births or self.head.births, day_zero=zero)
        return _with(new, replace(self, head=head))


_columns = tuple(ledger.c[name] for name in Line._fields)
_of_patient = Prepared(select(*_columns).where(ledger.c.patient_id == bindparam("of")).order_by(ledger.c.seq))
_of_patients = (
    select(*_columns)
    .where(ledger.c.patient_id.in_(bindparam("them", expanding=True)))
    .order_by(ledger.c.patient_id, ledger.c.seq)
)
_append = Prepared(insert(ledger), Line._fields)
_advance = Prepared(
    update(patient)
    .where(patient.c.id == bindparam("of"), patient.c.sequence == bindparam("seen"))
    .values(sequence=bindparam("new_sequence"), head=bindparam("new_head"))
    .returning(patient.c.id)
)


def lines(connection: Connection, patient_id: int) -> list[Line]:
    """A patient's entries in the order of recording.

    What other records lend by merges follows each of these; `merged.in_force` knows which were undone.
    """
    return _lines(connection, patient_id, None, {})


def chain_of(connection: Connection, patient_id: int) -> Iterator[Line]:
    """What stands in a patient's own chain, without what merges lend."""
    return (Line(*row) for row in _of_patient.rows(connection, of=patient_id))


def lines_of_each(connection: Connection, patients: Iterable[int]) -> dict[int, list[Line]]:
    """The same of each of these, by number; records into which others were merged are read one by one."""
    found: dict[int, list[Line]] = {}
    for some in batches(patients):
        found |= {number: [] for number in some}
        for row in connection.execute(_of_patients, {"them": some}):
            found[row.patient_id].append(Line(*row))
    for number, own in found.items():
        if any(line.kind == merged.MERGE for line in own):
            found[number] = lines(connection, number)
    return found


def _lines(
    connection: Connection, patient_id: int, until: int | None, read: dict[tuple[int, int], list[Line]]
) -> list[Line]:
    """Up to a place in the chain; `read` are those read before: two may be merged again and again."""
    found: list[Line] = []
    for line in chain_of(connection, patient_id):
        if until is not None and line.seq > until:
            break
        found.append(line)
        if line.kind == merged.MERGE:
            said = merged.merge_of(line)
            place = said.patient, said.sequence
            if place not in read:
                read[place] = _lines(connection, *place, read)
            found += lent(line, read[place])
    return found


def lent(merge: Line, others: Sequence[Line]) -> Iterator[Line]:
    """What another record lends by a merge: its entries, and its facts as they were corrected by then."""
    there = _with(merged.in_force(others), Dossier(nobody, {}, (), None, None))
    if not any(map(corrects_facts, there.entries)):
        return merged.lent(merge, others)
    facts = {name: value for name, value in there.facts_in_force.items() if name != births.FIELD}
    return merged.lent(merge, others, canonical(facts))


def append(connection: Connection, head: Head, new: Sequence[Line]) -> Head | None:
    """The chain with these entries at its end; None when somebody else has appended since `head` was read."""
    chained = list(chain(head, new))
    last = chained[-1]
    seen, end = head.sequence, {"new_sequence": last.seq, "new_head": last.hash}
    if not _advance.rows(connection, of=head.patient_id, seen=seen, **end):
        return None
    _append.run_all_in_order(connection, chained)
    return replace(head, sequence=last.seq, hash=last.hash)


def chain(head: Head, new: Iterable[Line]) -> Iterator[Line]:
    """The lines with their place after `head`, each carrying the hash of the one before."""
    previous = head.hash
    for seq, line in enumerate(new, start=head.sequence + 1):
        placed = line.placed(head.patient_id, seq, previous)
        previous = placed.hash
        yield placed


def dossier(head: Head, entries: Sequence[Line], known_at: Moment | None = None) -> Dossier:
    """What these lines say, as far as recorded by `known_at` (None: all of it)."""
    seen = visible(entries, known_at)
    if _tell_birth(entries) and not _tell_birth(seen):
        unknown = replace(head.births, first=None) if head.births else None
        head = replace(head, birth_date=None, births=unknown)
    return _with(seen, Dossier(head, {}, (), None, None))


def visible(entries: Iterable[Line], known_at: Moment | None = None) -> list[Line]:
    """The lines recorded by `known_at`, as they were in force then."""
    return merged.in_force(e for e in entries if known_at is None or not_after(e.recorded_there, known_at))


ERASURE: Final = "erasure"
"""The kind of the line that says that an identity was erased."""

tells_birth = births.FIELD
"""The type of the facts line from which on the date of birth is known. Ledgers from before this mark have
none; there it is known from the beginning.
"""


def _tell_birth(lines: Iterable[Line]) -> bool:
    return any(line.kind == "facts" and line.type == tells_birth for line in lines)


def _with(new: Sequence[Line], before: Dossier) -> Dossier:
    facts, enrolment, events = before.facts, before.enrolment, list(before.entries)
    into = before.merged_into
    erased = before.erased or any(line.kind == ERASURE for line in new)
    head = before.head
    if erased:  # the head may have been read a moment before
        head = replace(head, birth_date=None, births=None)
    for line in new:
        if line.kind == "event":
            events.append(event_of(line, head.births))
        elif line.kind == "facts":
            more = restore.facts(line.payload)
            if line.is_lent:
                events = list(_no_longer_the_first(events, facts, more))
            facts = together(facts, more)
        elif line.kind == "enrolment":
            enrolment = _following(enrolment, line)
        elif line.kind in (merged.MERGED_INTO, merged.UNMERGED):
            into = merged.other_of(line) if line.kind == merged.MERGED_INTO else None
    born = head.births.first if head.births else head.birth_date
    if born is not None:
        facts = {**facts, births.FIELD: born}
    last = new[-1].recorded_there if new else before.last_recorded
    return Dossier(head, facts, tuple(events), enrolment, last, into, erased)


def _no_longer_the_first(
    events: Iterable[Event], facts: Mapping[str, object], more: Mapping[str, object]
) -> Iterator[Event]:
    """The events of a record to which another lends facts that it did not know from the beginning: a
    correction that was the first to tell one of them does not say any more that nothing was known before.
    """
    told = {name for name, value in more.items() if is_known(value) and not is_known(facts.get(name))}
    for event in events:
        concerned = corrects_facts(event) and corrected_fact(str(event.fields["field"])) in told
        if concerned and not is_known(event.fields.get("old")):
            yield replace(event, fields={n: v for n, v in event.fields.items() if n != "old"})
        else:
            yield event


def together(facts: Mapping[str, object], more: Mapping[str, object]) -> dict[str, object]:
    """Facts told one after the other: what is said first holds, unless it is that it is not known."""
    return {**more, **{name: v for name, v in facts.items() if is_known(v) or name not in more}}


def _following(before: Enrolment | None, line: Line) -> Enrolment:
    """The enrolment a line says, after the one that was in force until then."""
    said = read_enrolment(line.payload)
    return replace(said, before=before, since=line.recorded_there) if before else said


def event_of(line: Line, known: Births | None = None) -> Event:
    """The event a line holds, with the times the ledger gave it, and what is `known` about dates of birth."""
    assert line.event_id is not None
    assert line.type is not None
    assert line.day is not None
    assert line.documented is not None
    event = Event(
        id=line.event_id,
        type=line.type,
        day=line.day,
        documented=moment(line.documented),
        recorded=line.recorded_there,
        fields=restore.event_fields(line.type, line.payload),
        clock=time.fromisoformat(line.clock) if line.clock else None,
    )
    return births.told(event, known)


class Told(NamedTuple):
    """What is said with an enrolment: why, the change of many it is part of, and the one it takes back."""

    reason: str | None = None
    change: str | None = None
    undoes: str | None = None


untold = Told()


def enrolment_payload(enrolment: Enrolment, told: Told = untold) -> str:
    """An enrolment as the ledger says it, with what is told about its change where there is something."""
    refs = [
        {"id": ref.id, "version": ref.version, "fingerprint": ref.fingerprint} for ref in enrolment.pathways
    ]
    said = {name: value for name, value in told._asdict().items() if value}
    return canonical({"pathways": refs, "settings": dict(enrolment.settings), **said})


def told_with(line: Line) -> Told:
    """What was said with the enrolment of a line."""
    said = json.loads(line.payload)
    return Told(*(said.get(name) for name in Told._fields))


@lru_cache(maxsize=256)
def read_enrolment(payload: str) -> Enrolment:
    """An enrolment as it was said; few are different."""
    said = json.loads(payload)
    return Enrolment(tuple(PathwayRef(**ref) for ref in said["pathways"]), said["settings"])
