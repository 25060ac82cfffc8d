"""What reviewers judged of deviations: appended step by step, each on the deviation as it was then.

The digest of each step stands in the access log, whose chain is sealed: so that none can be altered unseen.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select

from store import access
from store.access import Look
from store.audit_tables import judgement
from store.batches import batches
from store.canonical import canonical, digest
from store.parts import renamed
from store.problem import Problem
from store.tables import deviation, ledger

JUDGED: Final = "judged"
CONFIRMED: Final = "confirmed"
SENT_BACK: Final = "sent_back"
REVIEW: Final = "review"
"""What the access log calls a step of a review."""
_mark_length: Final = 16


class Found(NamedTuple):
    """A deviation of a patient as it is kept, or as it was when it was judged (`tables.DeviationRow`)."""

    patient_id: int
    pathway: str
    code: str
    title: str
    severity: str
    status: str
    raised_on: date | None
    events: tuple[str, ...]
    statements: tuple[str, ...]
    why: str
    judged_under: str

    @property
    def name(self) -> tuple[object, ...]:
        """What makes it this one among those of a patient, derived anew or not."""
        return self.pathway, self.code, self.events, self.raised_on

    @property
    def mark(self) -> str:
        """The same, short, as it stands in an address."""
        return marked(self.pathway, self.code, self.events, self.raised_on)

    @property
    def start(self) -> tuple[object, ...]:
        """By what it is found again when the rest of it has changed."""
        return self.pathway, self.code, self.events[:1]


def marked(pathway: str, code: str, events: tuple[str, ...], raised_on: date | None) -> str:
    """What makes a deviation this one among those of a patient, short."""
    return digest(canonical((pathway, code, events, raised_on)))[:_mark_length]


class Judgement(NamedTuple):
    """One step of a review (`audit_tables.JudgementRow`); `at` has the offset of the place."""

    seq: int
    about: Found
    sequence: int
    step: str
    verdict: str
    reason: str | None
    note: str
    recorder: str
    at: datetime
    upon: int | None


class Said(NamedTuple):
    """What is to be kept of one step."""

    step: str
    verdict: str
    reason: str | None
    note: str
    upon: int | None


def append(
    connection: Connection,
    about: Found,
    said: Said,
    *,
    sequence: int,
    look: Look,
    now: datetime,
) -> int:
    """Keep one step, and its digest in the access log. Who writes keeps others off the patient."""
    offset = now.utcoffset()
    assert offset is not None, "a moment has an offset"
    row = {
        **_columns_of(about),
        "start": _started(about.events),
        "sequence": sequence,
        **said._asdict(),
        "recorder": look.who,
        "recorded": now.astimezone(UTC),
        "recorded_offset": int(offset.total_seconds() // 60),
    }
    seq = int(connection.execute(insert(judgement).returning(judgement.c.seq), row).scalar_one())
    asked = {"judgement": seq, "digest": _digest({"seq": seq, **row})}
    access.append_within(
        connection, replace(look, what=REVIEW, patient_id=about.patient_id, asked=asked), now
    )
    return seq


def found(connection: Connection, patient_id: int) -> list[Found]:
    """The deviations of a patient as they are kept, pathway by pathway."""
    query = select(*_deviation_columns).where(deviation.c.patient_id == patient_id)
    rows = connection.execute(query.order_by(deviation.c.pathway, deviation.c.place))
    return [found_in(row) for row in rows]


def found_in(row: Sequence[Any]) -> Found:
    """A deviation from the first columns of a row."""
    kept = Found(*row[:_width])
    return kept._replace(events=tuple(json.loads(row[7])), statements=tuple(json.loads(row[8])))


def all_steps(connection: Connection, patient_id: int | None = None) -> list[Judgement]:
    """Every step about a patient, or about anybody, in the order in which they were made."""
    query = _steps if patient_id is None else _steps.where(judgement.c.patient_id == patient_id)
    return [_judgement(row) for row in connection.execute(query.order_by(judgement.c.seq))]


def steps_of(connection: Connection, numbers: Collection[int]) -> list[Judgement]:
    """These steps, the newest first."""
    found = connection.execute(_steps.where(judgement.c.seq.in_(numbers)).order_by(judgement.c.seq.desc()))
    return [_judgement(row) for row in found]


def last_about(connection: Connection, patient_id: int) -> int:
    """The number of the latest step about a patient or a part of the record; 0: there is none."""
    them = judgement.c.patient_id.in_(sorted(renamed(connection, patient_id)))
    return connection.execute(select(func.max(judgement.c.seq)).where(them)).scalar() or 0


def current(steps: Sequence[Judgement]) -> list[Judgement]:
    """The last step of each review."""
    followed = {one.upon for one in steps}
    return [one for one in steps if one.seq not in followed]


def on_other_facts(connection: Connection, patient_id: int | None = None) -> frozenset[int]:
    """The last steps of reviews after which an entry that the deviation names was corrected or taken back."""
    changed = select(judgement.c.seq, judgement.c.patient_id, judgement.c.sequence, judgement.c.events)
    later = exists().where(
        ledger.c.patient_id == judgement.c.patient_id,
        ledger.c.seq > judgement.c.sequence,
        ledger.c.type.in_(CHANGING),
    )
    query = changed.where(_is_last(), later)
    if patient_id is not None:
        query = query.where(judgement.c.patient_id == patient_id)
    rows = connection.execute(query).all()
    changes = _changes(connection, {row.patient_id for row in rows})
    return frozenset(
        row.seq
        for row in rows
        if touched(json.loads(row.events), changes.get(row.patient_id, ()), row.sequence)
    )


class Correction(NamedTuple):
    """An entry that corrects another one, or takes it back, at its place in the chain."""

    seq: int
    id: str
    target: str


def touched(events: Iterable[str], corrections: Iterable[Correction], since: int) -> bool:
    """Whether one of the entries was corrected after that place of the chain, or a correction of one was."""
    names = set(events)
    for one in sorted(corrections):
        if one.target in names:
            if one.seq > since:
                return True
            names.add(one.id)
    return False


CHANGING: Final = ("correction", "retraction")


def _changes(connection: Connection, patients: set[int]) -> Mapping[int, list[Correction]]:
    made: dict[int, list[Correction]] = defaultdict(list)
    columns = (ledger.c.patient_id, ledger.c.seq, ledger.c.event_id, ledger.c.payload)
    for some in batches(patients):
        query = select(*columns).where(ledger.c.patient_id.in_(some), ledger.c.type.in_(CHANGING))
        for number, seq, id, payload in connection.execute(query):
            made[number].append(Correction(seq, str(id), str(json.loads(payload).get("target"))))
    return made


def faults(connection: Connection) -> Iterator[Problem]:
    """Steps that are not as the access log says they were written, and those that are missing."""
    logged = {}
    for entry in access.entries(connection):
        said = json.loads(entry.asked) if entry.what == REVIEW else {}
        if "judgement" in said:  # a look at reviews in the terminal is called the same
            logged[said["judgement"]] = said.get("digest")
    for row in connection.execute(select(judgement).order_by(judgement.c.seq)).mappings():
        if logged.pop(row["seq"], None) != _digest(dict(row)):
            yield Problem(f"judgement {row['seq']}", "is not as the access log says it was written")
    for seq in sorted(map(str, logged)):
        yield Problem(f"judgement {seq}", "is missing")


def _digest(row: Mapping[str, object]) -> str:
    recorded = row["recorded"]
    assert isinstance(recorded, datetime)
    return digest(canonical({**row, "recorded": recorded.astimezone(UTC).isoformat(timespec="microseconds")}))


def _is_last() -> ColumnElement[bool]:
    following = judgement.alias("following")
    return ~exists().where(following.c.upon == judgement.c.seq)


def _started(events: tuple[str, ...]) -> str:
    """How the text of these begins, up to the end of the first."""
    return canonical(events[:1])[:-1] if events else "[]"


def _columns_of(about: Found) -> dict[str, object]:
    lists = {"events": canonical(about.events), "statements": canonical(about.statements)}
    return {**about._asdict(), **lists}


def _judgement(row: Sequence[Any]) -> Judgement:
    seq, sequence, step, verdict, reason, note, recorder, recorded, offset, upon = row[_width:]
    at = recorded.astimezone(timezone(timedelta(minutes=offset)))
    return Judgement(seq, found_in(row), sequence, step, verdict, reason, note, recorder, at, upon)


_width: Final = len(Found._fields)
_deviation_columns = tuple(deviation.c[name] for name in Found._fields)
_own = (
    *("seq", "sequence", "step", "verdict", "reason", "note"),
    *("recorder", "recorded", "recorded_offset", "upon"),
)
_steps = select(*(judgement.c[name] for name in (*Found._fields, *_own)))
