"""The evidence of one deviation, for somebody who trusts nobody: what was answered then and now, what was
recorded, what was judged, and the proof that none of it was altered since. It names the patient by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from audit.reasons import address, words_of
from audit.review import Reviewed
from engine.answer import answer, plain
from engine.event import Moment
from engine.snapshot import PatientSnapshot
from pathways.day_zero import is_counted
from store import identities, ledger, seals
from store.database import Database
from store.derivation import Derivation
from store.errors import NotKnownYet
from store.judgements import Judgement
from store.ledger import Line
from store.parts import same_person
from store.patient_view import look_up
from store.seals import Sealed
from store.standalone_pack import PACK
from store.standalone_parts import ENTRY
from store.tables import definition, seal, sealed_head

FORMAT: Final = "carepath deviation 1"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What goes into the pack: `record` tells all, `chain` proves it, `pathway` is the version's text."""

    record: Json
    chain: Json
    pathway: str


def evidence(database: Database, review: Reviewed, *, now: datetime, derive: Derivation, by: str) -> Evidence:
    """Gather it. Raises what `look_up` raises for the present answer."""
    about, number = review.about, review.about.patient_id
    present = _snapshot(database, number, now, derive)
    assert present is not None, "what deviates was recorded"
    part = next((one.pathway for one in present.pathways if one.key == about.pathway), None)
    day = about.raised_on if about.raised_on and not is_counted(about.raised_on) else None
    with database.reading() as connection:
        chain = proof(connection, number)
        judged = [_judged(one) for one in review.steps]
        names = _named(connection, about.events, number)
        body = connection.execute(_definition, {"of": part.fingerprint if part else ""}).scalar_one_or_none()
    record = {
        "format": FORMAT,
        "made": now.isoformat(),
        "by": by,
        "patient": number,
        "deviation": {**plain(about._asdict()), "mark": about.mark},
        "review": {"state": review.state, "steps": judged, "reasons": address()},
        "pathway": asdict(part) if part else None,
        "rests_on": names,
        "answers": {
            "now": _told(present),
            "on_the_day_as_known_now": _told(_snapshot(database, number, now, derive, day)) if day else None,
            "on_the_day_as_known_then": _told(_snapshot(database, number, now, derive, day, day))
            if day
            else None,
        },
    }
    return Evidence(record, chain, body or "")


def _snapshot(
    database: Database,
    number: int,
    now: datetime,
    derive: Derivation,
    day: date | None = None,
    known_at: Moment | None = None,
) -> PatientSnapshot | None:
    """What follows for a day; None where nothing was recorded by then."""
    reference = f"{identities.NUMBERED}{number}"
    try:
        found = look_up(database, reference, now=now, derive=derive, as_of=day, known_at=known_at)
    except NotKnownYet:
        return None
    return found.snapshot


def _told(snapshot: PatientSnapshot | None) -> Json | None:
    return plain(answer("", snapshot)) if snapshot else None


def _named(connection: Connection, events: Iterable[str], number: int) -> list[Json]:
    """The entries that it names, with those that corrected them or took them back."""
    wanted, found = set(events), []
    for line in ledger.lines(connection, number):
        if line.kind != "event" or line.event_id is None:
            continue
        target = ledger.event_of(line).fields.get("target")
        if line.event_id in wanted or target in wanted:
            wanted.add(line.event_id)
            found.append(_entry(line))
    return found


def _entry(line: Line) -> Json:
    recorded = line.recorded_there.isoformat()
    told: Json = plain({**line._asdict(), "recorded": recorded})
    return told


def _judged(one: Judgement) -> Json:
    return {
        "number": one.seq,
        "step": one.step,
        "verdict": one.verdict,
        "reason": one.reason,
        "reason_in_words": words_of(one.reason),
        "note": one.note,
        "by": one.recorder,
        "at": one.at.isoformat(),
        "status_then": one.about.status,
    }


# ---- proof ----


def proof(connection: Connection, number: int) -> Json:
    """The chains of a patient and of the records merged into it, with the last seal over one of them."""
    numbers = same_person(connection, number)
    last = _last_seal(connection, numbers)
    sealed = dict(_sealed_at(connection, last.number, numbers)) if last else {}
    return {
        "format": PACK,
        "columns": [*ENTRY, "hash"],
        "chains": [_chain(connection, one, sealed.get(one)) for one in numbers],
        "seal": _seal(last) if last else None,
        "heads": list(_heads(connection, last.number)) if last else [],
        "keys": seals.public_keys(connection),
    }


def _chain(connection: Connection, number: int, sealed: int | None) -> Json:
    head = identities.head_of(connection, number)
    return {
        "patient": number,
        "entries": [_row(line) for line in ledger.chain_of(connection, number)],
        "end": [head.sequence, head.hash],
        "sealed": sealed,
    }


def _row(line: Line) -> list[Any]:
    """Every column in the form in which it is hashed."""
    said: Mapping[str, Any] = {
        **line._asdict(),
        "recorded": line.recorded.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return [plain(said[name]) for name in (*ENTRY, "hash")]


def _last_seal(connection: Connection, numbers: list[int]) -> Sealed | None:
    of = select(sealed_head.c.seal).where(sealed_head.c.patient_id.in_(numbers))
    query = select(seal.c.number, seal.c.content, seal.c.hash, seal.c.signature).where(seal.c.number.in_(of))
    row = connection.execute(query.order_by(seal.c.number.desc()).limit(1)).first()
    return Sealed(*row) if row else None


def _sealed_at(connection: Connection, number: int, patients: list[int]) -> Iterator[tuple[int, int]]:
    for patient, sequence, _ in _heads(connection, number):
        if patient in patients:
            yield patient, sequence


def _heads(connection: Connection, number: int) -> Iterator[tuple[int, int, str]]:
    columns = (sealed_head.c.patient_id, sealed_head.c.sequence, sealed_head.c.head)
    query = select(*columns).where(sealed_head.c.seal == number).order_by(sealed_head.c.patient_id)
    yield from ((patient, sequence, head) for patient, sequence, head in connection.execute(query))


def _seal(one: Sealed) -> Json:
    return {"number": one.number, "content": one.content, "hash": one.hash, "signature": one.signature}


_definition = select(definition.c.body).where(definition.c.fingerprint == bindparam("of"))
