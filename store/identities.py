"""Who the patients are: found by the site's reference, kept apart from what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.fault import Fault
from store.canonical import canonical
from store.errors import Refused
from store.prepared import Prepared
from store.recording import Recording
from store.tables import identity, patient

longest_reference = 200
"""Characters of a reference; case files and tables take no longer one."""

beginning = "0" * 64
"""What the first entry of a chain follows."""


@dataclass(frozen=True, slots=True)
class Head:
    """A patient as the write door needs one: the number, the end of the chain and the date of birth.

    `day_zero` is the event from which all days of the patient are counted; None: they are calendar days.
    """

    patient_id: int
    sequence: int
    hash: str
    birth_date: date | None
    day_zero: str | None = None


nobody = Head(0, 0, beginning, None)
"""Before a patient is known."""

_columns = (
    *(patient.c.id, patient.c.sequence, patient.c.head),
    *(identity.c.birth_date, identity.c.day_zero),
)
_joined = select(*_columns).join(identity, identity.c.patient_id == patient.c.id)
_locked = _joined.with_for_update(of=patient)
_by_reference, _by_reference_locked = (
    Prepared(query.where(identity.c.reference == bindparam("wanted"))) for query in (_joined, _locked)
)
_by_id, _by_id_locked = (
    Prepared(query.where(patient.c.id == bindparam("wanted"))) for query in (_joined, _locked)
)
_lock = (
    select(patient.c.id)
    .join(identity, identity.c.patient_id == patient.c.id)
    .where(identity.c.reference.in_(bindparam("wanted", expanding=True)))
    .order_by(patient.c.id)
    .with_for_update(of=patient)
)
_references = select(identity.c.patient_id, identity.c.reference).order_by(identity.c.reference)
_days_zero = (
    select(identity.c.day_zero)
    .where(identity.c.day_zero.is_not(None))
    .distinct()
    .order_by(identity.c.day_zero)
)
_new_patient = Prepared(
    insert(patient).returning(patient.c.id), [column.name for column in patient.c if column.name != "id"]
)
_new_identity = Prepared(insert(identity))
_set_birth = (
    update(identity).where(identity.c.patient_id == bindparam("of")).values(birth_date=bindparam("day"))
)


def find(connection: Connection, reference: str, *, to_write: bool = False) -> Head | None:
    """The patient with this reference, if there is one; `to_write` keeps other writers off that patient."""
    return _head(connection, _by_reference_locked if to_write else _by_reference, reference)


def lock(connection: Connection, references: Sequence[str]) -> None:
    """Keep other writers off these patients, in an order in which no two writers wait for each other."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        connection.execute(_lock, {"wanted": list(references)}).all()


def head_of(connection: Connection, patient_id: int, *, to_write: bool = False) -> Head:
    """The head of a patient who is there; `to_write` keeps other writers off."""
    head = _head(connection, _by_id_locked if to_write else _by_id, patient_id)
    assert head is not None, f"patient {patient_id} has no identity row"
    return head


def references(connection: Connection) -> dict[str, int]:
    """Every reference with the patient's number."""
    return {row.reference: row.patient_id for row in connection.execute(_references)}


def create(connection: Connection, recording: Recording, birth_date: date | None, now: datetime) -> Head:
    """A new patient with an empty chain."""
    ((patient_id,),) = _new_patient.rows(connection, sequence=0, head=beginning, created=now)
    person = {
        "patient_id": patient_id,
        "reference": recording.reference,
        "name": recording.name,
        "numbers": canonical(recording.numbers) if recording.numbers else None,
        "birth_date": birth_date,
        "day_zero": recording.day_zero,
    }
    _new_identity.run(connection, person)
    return Head(patient_id, 0, beginning, birth_date, recording.day_zero)


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
    return None


def set_birth_date(connection: Connection, patient_id: int, day: date) -> None:
    connection.execute(_set_birth, {"of": patient_id, "day": day})


def _head(connection: Connection, query: Prepared, wanted: object) -> Head | None:
    for row in query.rows(connection, wanted=wanted):
        return Head(*row)
    return None
