"""One patient as recorded and as it follows: the story, the pathways and the whole answer for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.event import Moment
from engine.replay import Enrolment as Enrolled
from engine.snapshot import PatientSnapshot
from store import identities, ledger
from store.counted_days import last_day
from store.database import Database
from store.derivation import Derivation
from store.errors import MergedAway, NotKnownYet, UnknownPatient
from store.ledger import Dossier, Line
from store.origins import first_recorded


@dataclass(frozen=True, slots=True)
class PatientView:
    """What was known about a patient, and where the patient stood by it.

    `lines` are the ledger's own, with recorder, source and hashes; `dossier` what they say. `enrolled` are
    the pathways the patient is on, as the snapshot was derived from them. `first_recorded` are the moments at
    which entries that a merge lends were recorded, by id; by their lines they are known since the merge.
    """

    reference: str
    dossier: Dossier
    lines: tuple[Line, ...]
    snapshot: PatientSnapshot
    enrolled: tuple[Enrolled, ...]
    first_recorded: Mapping[str, datetime]

    @property
    def day_zero(self) -> str | None:
        """The event from which all days are counted; None: they are calendar days."""
        return self.dossier.head.day_zero


def look_up(
    database: Database,
    reference: str,
    *,
    now: datetime,
    derive: Derivation,
    as_of: date | None = None,
    known_at: Moment | None = None,
) -> PatientView:
    """A patient on the day `as_of` (today) by what was recorded by `known_at` (now).

    A patient whose days are counted stands on the day of the last entry, whatever day is asked for. Raises
    UnknownPatient, MergedAway, NotKnownYet when nothing was recorded by then, and UnknownPathway.
    """
    with database.reading() as connection:
        head = identities.find(connection, reference)
        if head is None:
            raise UnknownPatient
        lines = ledger.lines(connection, head.patient_id)
        first = first_recorded(connection, lines)
    dossier = ledger.dossier(head, lines, known_at)
    if dossier.merged_into is not None:
        raise MergedAway(dossier.merged_into)
    if dossier.enrolment is None or dossier.last_recorded is None:
        raise NotKnownYet
    known = known_at or dossier.all_known(now)
    day = last_day(dossier) if head.day_zero is not None else as_of or now.date()
    snapshot = derive.replay(dossier.enrolment, dossier.story, day, known)
    seen = ledger.visible(lines, known_at)
    return PatientView(reference, dossier, tuple(seen), snapshot, derive.enrolled(dossier.enrolment), first)
