"""The register as it stood on an earlier day, by what was known then: every patient derived anew for it.

Asked again it is the same to the byte, whatever was recorded or judged since: patients stand under their
numbers, and whose a record is now is of no account.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from audit.review import Reviewed, pair, standing
from engine.event import not_after
from store import identities, judgements, ledger
from store.counted_days import last_day
from store.database import Database
from store.derivation import Derivation
from store.errors import UnknownPathway
from store.judgements import Correction, Found, Judgement, touched

COLUMNS: Final = (
    *("number", "pathway", "code", "what", "severity", "status", "raised_on"),
    *("entries", "statements", "review", "reviewer"),
)


@dataclass(frozen=True, slots=True)
class RegisterThen:
    """The deviations of a day, the newest first; of how many patients something was known, and the numbers of
    those who could not be derived.
    """

    day: date
    rows: tuple[Reviewed, ...]
    patients: int
    failed: tuple[int, ...]

    @property
    def table(self) -> str:
        """The same as CSV."""
        text = io.StringIO()
        made = csv.writer(text)
        made.writerow(COLUMNS)
        made.writerows(_cells(one) for one in self.rows)
        return text.getvalue()

    @property
    def digest(self) -> str:
        """SHA-256 of the table: the same register has the same."""
        return sha256(self.table.encode()).hexdigest()


def of_patients(
    database: Database, numbers: Iterable[int], day: date, derive: Derivation
) -> Iterator[tuple[int, tuple[Reviewed, ...] | None, bool]]:
    """Of each patient: the number, the deviations (None: nothing was known by then), whether it failed."""
    for number in numbers:
        with database.reading() as connection:
            try:
                yield number, _of_one(connection, number, day, derive), False
            except UnknownPathway:
                yield number, None, True


def summed(day: date, found: Iterable[tuple[int, tuple[Reviewed, ...] | None, bool]]) -> RegisterThen:
    """The register of all of them."""
    rows: list[Reviewed] = []
    patients, failed = 0, []
    for number, some, is_failed in found:
        rows += some or ()
        patients += some is not None
        failed += [number] if is_failed else []
    rows.sort(key=lambda one: (one.about.raised_on or date.min, one.about.patient_id), reverse=True)
    return RegisterThen(day, tuple(rows), patients, tuple(sorted(failed)))


def _of_one(
    connection: Connection, number: int, day: date, derive: Derivation
) -> tuple[Reviewed, ...] | None:
    head, lines = identities.head_of(connection, number), ledger.lines(connection, number)
    dossier = ledger.dossier(head, lines, day)
    if dossier.merged_into is not None or dossier.enrolment is None or dossier.last_recorded is None:
        return None
    stands_on = last_day(dossier) if head.day_zero is not None else day
    snapshot = derive.replay(dossier.enrolment, dossier.story, stands_on, day)
    found = [
        Found(
            number,
            part.key,
            *(one.code, one.title, one.severity, one.status, one.on),
            *(tuple(one.events), tuple(one.statements), one.why, one.judged_under),
        )
        for part in snapshot.pathways
        for one in part.deviations
    ]
    steps = [one for one in judgements.all_steps(connection, number) if not_after(one.at, day)]
    last = pair(found, judgements.current(steps))
    corrections = [
        Correction(line.seq, str(line.event_id), str(json.loads(line.payload).get("target")))
        for line in ledger.visible(lines, day)
        if line.type in judgements.CHANGING
    ]
    return tuple(_reviewed(one, last.get(one), corrections) for one in found)


def _reviewed(about: Found, last: Judgement | None, corrections: Iterable[Correction]) -> Reviewed:
    changed = last is not None and touched(last.about.events, corrections, last.sequence)
    return Reviewed(about, standing(about, last, changed), (last,) if last else ())


def _cells(one: Reviewed) -> tuple[object, ...]:
    about = one.about
    known = (about.patient_id, about.pathway, about.code, about.title, about.severity, about.status)
    reviewer = one.last.recorder if one.last else ""
    listed = (" ".join(about.events), " ".join(about.statements))
    return (*known, about.raised_on or "", *listed, one.state, reviewer)
