"""Who the patients are: found by the site's reference, kept encrypted apart from what is said about them.

A patient whose identity was erased is still there, as `#` and the patient's number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Select, bindparam, delete, insert, literal_column, select, update

from engine.fault import Fault
from store.batches import batches
from store.births import Births
from store.canonical import digest
from store.errors import Refused
from store.prepared import Prepared
from store.recording import Recording
from store.tables import lookup, patient, vault
from store.vault import Person, plain_number, plain_words, vault_of

longest_reference = 200
"""Characters of a reference; case files and tables take no longer one."""

beginning = "0" * 64
"""What the first entry of a chain follows."""

NUMBERED = "#"
"""Before a patient's number, where it stands for a reference."""


@dataclass(frozen=True, slots=True)
class Head:
    """A patient as the write door needs one: the number, the end of the chain and the date of birth.

    `day_zero` is the event from which all days of the patient are counted; None: they are calendar days.
    `births` has the dates of birth of before, where one was corrected.
    """

    patient_id: int
    sequence: int
    hash: str
    birth_date: date | None
    day_zero: str | None = None
    births: Births | None = None


nobody = Head(0, 0, beginning, None)
"""Before a patient is known."""


def find(connection: Connection, reference: str, *, to_write: bool = False) -> Head | None:
    """The patient with this reference, if there is one; `to_write` keeps other writers off that patient."""
    if (number := _number(reference)) is not None:
        return _head(connection, _by_id_locked if to_write else _by_id, number)
    query = _by_reference_locked if to_write else _by_reference
    blinds = _reference_blinds(connection, reference)
    if len(blinds) > 1:  # a new key may come between: it is looked for once more under the key in use
        blinds.append(blinds[0])
    return next(filter(None, (_head(connection, query, blind) for blind in blinds)), None)


def _reference_blinds(connection: Connection, reference: str) -> list[str]:
    """As it is kept, and as it was typed: that is how it was kept before."""
    vault = vault_of(connection)
    spellings = dict.fromkeys((_composed(reference), reference))
    return [blind for one in spellings for blind in vault.blinds("reference", one)]


def _composed(reference: str) -> str:
    """A letter and its accent as one character: what looks the same is the same patient."""
    return unicodedata.normalize("NFC", reference)


def lock(connection: Connection, references: Sequence[str]) -> None:
    """Keep other writers off these patients, in an order in which no two writers wait for each other."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        blinds = [blind for one in references for blind in _reference_blinds(connection, one)]
        numbers = {number for reference in references if (number := _number(reference)) is not None}
        numbers.update(connection.execute(_referred, {"wanted": blinds}).scalars())
        connection.execute(_lock, {"wanted": sorted(numbers)}).all()


def head_of(connection: Connection, patient_id: int, *, to_write: bool = False) -> Head:
    """The head of a patient who is there; `to_write` keeps other writers off."""
    head = _head(connection, _by_id_locked if to_write else _by_id, patient_id)
    assert head is not None, f"there is no patient {patient_id}"
    return head


def heads_of(connection: Connection, patients: Iterable[int]) -> dict[int, Head]:
    """The heads of these patients, by number."""
    rows = (row for some in batches(patients) for row in connection.execute(_by_ids, {"wanted": some}))
    return {row.id: _as_head(connection, *row) for row in rows}


def references(connection: Connection) -> dict[str, int]:
    """Every reference with the patient's number, in the order of the references."""
    return dict(sorted((reference, id) for id, reference in _references(connection, _everybody)))


def numbers(connection: Connection) -> list[int]:
    """The number of every patient, ascending; who they are is not read."""
    return list(connection.execute(_numbers).scalars())


def named(connection: Connection, patients: Iterable[int]) -> dict[int, str]:
    """The references of these patients, by number."""
    wanted = list(dict.fromkeys(patients))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _at_once):
        query = _everybody.where(patient.c.id.in_(wanted[start : start + _at_once]))
        found.update(_references(connection, query))
    return found


def names(connection: Connection, patients: Iterable[int]) -> dict[int, str | None]:
    """The names of these patients, by number; None where none is kept."""
    known = {id: person_of(connection, id) for id in patients}
    return {id: person.name if person else None for id, person in known.items()}


def called(connection: Connection, patient_id: int, key: str | None, sealed: bytes | None) -> str:
    """The reference in a row of the vault; # and the number where there is none, as it was erased."""
    if key and sealed:
        return vault_of(connection).reference(patient_id, key, sealed)
    return f"{NUMBERED}{patient_id}"


def searched(connection: Connection, text: str) -> list[int]:
    """The patients (by number) whom a text finds: part of the reference, words of the name or how they begin,
    a number. Everybody is opened for that.
    """
    wanted, words, opened = text.casefold(), list(plain_words(text)), vault_of(connection).opened
    found = with_number(connection, text)
    for id, key, sealed in connection.execute(_everybody):
        who = opened(id, key, sealed) if key and sealed else Person(f"{NUMBERED}{id}")
        if wanted in who.reference.casefold() or _begins(who, words):
            found.add(id)
    return sorted(found)


def _begins(person: Person, words: Sequence[str]) -> bool:
    """Whether each of these begins a word of the name."""
    name = list(plain_words(person.name or ""))
    return bool(words) and all(any(one.startswith(word) for one in name) for word in words)


def found_by_index(connection: Connection, text: str) -> list[int]:
    """The same without looking at everybody: whom the whole reference, words of the name or a number find."""
    head = find(connection, text)
    return sorted({*_named_by(connection, text), *([head.patient_id] if head else [])})


def _named_by(connection: Connection, text: str) -> set[int]:
    """Those who have all these words in the name, or this number."""
    return with_name(connection, text) | with_number(connection, text)


def are_few(connection: Connection, most: int) -> bool:
    """Whether there are at most so many patients."""
    return connection.execute(select(patient.c.id).limit(1).offset(most)).first() is None


def with_name(connection: Connection, text: str) -> set[int]:
    """The patients who have all these words in the name."""
    words = [_indexed(connection, "name", word) for word in plain_words(text)]
    return set[int].intersection(*words) if words else set()


def with_number(connection: Connection, number: str) -> set[int]:
    """The patients who have this number, whoever gave it."""
    plain = plain_number(number)
    return _indexed(connection, "number", plain) if plain else set()


def _indexed(connection: Connection, kind: str, text: str) -> set[int]:
    blinds = vault_of(connection).blinds(kind, text)
    return set(connection.execute(_found, {"kind": kind, "blinds": blinds}).scalars())


def create(
    connection: Connection,
    recording: Recording,
    birth_date: date | None,
    now: datetime,
    births: Births | None = None,
) -> Head:
    """A new patient with an empty chain."""
    ((patient_id,),) = _new_patient.rows(
        connection, sequence=0, head=beginning, created=now, day_zero=recording.day_zero
    )
    reference = _composed(recording.reference)
    person = Person(reference, recording.name, dict(recording.numbers or {}), birth_date, births)
    key, sealed = vault_of(connection).sealed(patient_id, person)
    _new_person.run(connection, {"patient_id": patient_id, "key": key, "sealed": sealed})
    _index(connection, patient_id, person)
    return Head(patient_id, 0, beginning, birth_date, recording.day_zero, births)


def person_of(connection: Connection, patient_id: int) -> Person | None:
    """Who a patient is; None once that was erased."""
    for key, sealed in _person.rows(connection, of=patient_id):
        return vault_of(connection).opened(patient_id, key, sealed)
    return None


def mark(connection: Connection, patient_id: int) -> str:
    """What changes whenever who a patient is does; empty once that was erased."""
    return "".join(digest(sealed.hex()) for _, sealed in _person.rows(connection, of=patient_id))


def keep(connection: Connection, patient_id: int, person: Person) -> None:
    """Replace what is known of who a patient is; what it replaces is not left behind in the file."""
    _overwriting(connection)
    key, sealed = vault_of(connection).sealed(patient_id, person)
    connection.execute(_keep, {"of": patient_id, "new_key": key, "new_sealed": sealed})
    connection.execute(_forget_indexes, {"of": patient_id})
    _index(connection, patient_id, person)


def erase(connection: Connection, patient_id: int) -> bool:
    """Forget who a patient is, so that nothing of it is left in the file; answers whether it was known."""
    _overwriting(connection)
    connection.execute(_forget_indexes, {"of": patient_id})
    return connection.execute(_forget, {"of": patient_id}).rowcount > 0


def set_birth_date(connection: Connection, patient_id: int, day: date | None, births: Births | None) -> None:
    """Keep a date of birth that was not known, or corrected. Nothing is kept of somebody who was erased."""
    if (person := person_of(connection, patient_id)) is not None:
        keep(connection, patient_id, replace(person, birth_date=day, births=births))


def days_zero(connection: Connection) -> list[str]:
    """The events from which days of patients are counted, each once."""
    return list(connection.execute(_days_zero).scalars())


def check_reference(reference: str) -> None:
    """Raises Refused for a reference that nobody could ask for again."""
    if (told := _unfit(reference)) is not None:
        raise Refused([Fault(None, "reference", f"a patient's reference {told}")])


def _unfit(reference: str) -> str | None:
    """What is wrong with a reference; one with a blank behind it would be a second patient on the screen."""
    if not reference.strip() or not reference.isprintable():
        return "must be readable text"
    if reference != reference.strip():
        return "must not begin or end with a blank"
    if len(reference) > longest_reference:
        return f"has {len(reference):,} characters; at most {longest_reference} are kept"
    if _number(reference) is not None:
        return f"must not be {NUMBERED} and a number: that stands for a patient whose identity was erased"
    return None


def _number(reference: str) -> int | None:
    """The patient's number, where a reference is one."""
    digits = reference.removeprefix(NUMBERED)
    if digits == reference or not (digits.isascii() and digits.isdigit() and len(digits) <= _longest_number):
        return None
    return int(digits)


_longest_number = 9
_at_once = 10_000
"""Patients in one query: SQLite takes no more than some tens of thousands of values."""


def _head(connection: Connection, query: Prepared, wanted: object) -> Head | None:
    for row in query.rows(connection, wanted=wanted):
        return _as_head(connection, *row)
    return None


def _as_head(
    connection: Connection,
    id: int,
    sequence: int,
    end: str,
    day_zero: str | None,
    key: str | None,
    sealed: bytes,
) -> Head:
    person = vault_of(connection).opened(id, key, sealed) if key else None
    born, births = (person.birth_date, person.births) if person else (None, None)
    return Head(id, sequence, end, born, day_zero, births)


def _references(
    connection: Connection, query: Select[int, str | None, bytes | None]
) -> Iterator[tuple[int, str]]:
    for id, key, sealed in connection.execute(query):
        yield id, called(connection, id, key, sealed)


def _overwriting(connection: Connection) -> None:
    """What is deleted on this connection is overwritten, too."""
    if connection.dialect.name == "sqlite":  # PostgreSQL does that when it cleans its tables
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _index(connection: Connection, patient_id: int, person: Person) -> None:
    found = sorted(vault_of(connection).indexes(person))
    rows = [{"kind": kind, "blind": blind, "patient_id": patient_id} for kind, blind in found]
    _new_indexes.run_all(connection, rows)


_found = select(lookup.c.patient_id).where(
    lookup.c.kind == bindparam("kind"), lookup.c.blind.in_(bindparam("blinds", expanding=True))
)
_is_reference = lookup.c.kind == literal_column("'reference'")
_of_person = vault.c.patient_id == patient.c.id
_columns = (patient.c.id, patient.c.sequence, patient.c.head, patient.c.day_zero, vault.c.key, vault.c.sealed)
_heads = select(*_columns).join(vault, _of_person, isouter=True)
_heads_found = select(*_columns).join(lookup, lookup.c.patient_id == patient.c.id).join(vault, _of_person)
_by_id, _by_id_locked = (
    Prepared(query.where(patient.c.id == bindparam("wanted")))
    for query in (_heads, _heads.with_for_update(of=patient))
)
_by_ids = _heads.where(patient.c.id.in_(bindparam("wanted", expanding=True)))
_by_reference, _by_reference_locked = (
    Prepared(query.where(_is_reference, lookup.c.blind == bindparam("wanted")))
    for query in (_heads_found, _heads_found.with_for_update(of=patient))
)
_referred = select(lookup.c.patient_id).where(
    _is_reference, lookup.c.blind.in_(bindparam("wanted", expanding=True))
)
_lock = (
    select(patient.c.id)
    .where(patient.c.id.in_(bindparam("wanted", expanding=True)))
    .order_by(patient.c.id)
    .with_for_update()
)
_everybody = select(patient.c.id, vault.c.key, vault.c.sealed).join(vault, _of_person, isouter=True)
_numbers = select(patient.c.id).order_by(patient.c.id)
_days_zero = (
    select(patient.c.day_zero).where(patient.c.day_zero.is_not(None)).distinct().order_by(patient.c.day_zero)
)
_new_patient = Prepared(insert(patient).returning(patient.c.id), ["sequence", "head", "created", "day_zero"])
_new_person = Prepared(insert(vault))
_new_indexes = Prepared(insert(lookup))
_person = Prepared(select(vault.c.key, vault.c.sealed).where(vault.c.patient_id == bindparam("of")))
_keep = (
    update(vault)
    .where(vault.c.patient_id == bindparam("of"))
    .values(key=bindparam("new_key"), sealed=bindparam("new_sealed"))
)
_forget = delete(vault).where(vault.c.patient_id == bindparam("of"))
_forget_indexes = delete(lookup).where(lookup.c.patient_id == bindparam("of"))
