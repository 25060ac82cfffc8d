"""`carepath import --mapping`: a site's own tables into the database, every row and value accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cli.import_file import Outcome, import_source, so_far, tell
from cli.incoming import Incoming, Source, TurnedAway
from cli.mapped_repair import check_mapped_place, write_mapped_repair
from cli.mapped_view import preview_of, sum_up, summary_json
from cli.mapping import named
from cli.output import print_json
from cli.progress import counted
from cli.status import BadInput, Interrupted, Status, Unavailable
from cli.workplace import workplace
from interop.limits import told_in_part
from interop.mapped_patient import content_ids
from interop.mapped_report import Report
from interop.mapped_tables import BadTables, OpenTables, ReadPatient, open_tables, patients_of
from store.errors import Busy, CannotWrite, WorkerLost
from store.recording import Recorded, Retelling

previewed = 3
"""Patients that a preview shows."""


def import_mapped(
    place: Path, mapping: str, *, dry_run: bool, preview: bool, repair: Path | None, json: bool
) -> Status:
    """Import what a mapping reads out of a file or a folder."""
    found = named(mapping)
    if repair:
        check_mapped_place(repair, place)
    try:
        opened = open_tables(place, found)
    except BadTables as bad:
        raise BadInput(str(bad)) from None
    if preview:
        preview_of(opened, previewed)
    outcome, report = Outcome(), Report.of([table.rule.name for table in opened.tables])
    reading = _Reading(opened)
    with workplace() as here:
        source = reading.source()
        answers = import_source(here, source, outcome, dry_run or preview)
        try:
            for one in counted(answers, source.total, "patients", quiet=json):
                reading.settle(one, report)
                tell(one, outcome, json)
        except KeyboardInterrupt:
            raise Interrupted(so_far(outcome.counts, dry_run or preview)) from None
        except (Busy, CannotWrite, WorkerLost) as error:
            raise Unavailable(f"{error}; {so_far(outcome.counts, dry_run or preview)}") from None
    written = repair if repair and outcome.away else None
    if repair:
        write_mapped_repair(repair, opened, reading.refused_rows)
    if json:
        print_json(summary_json(opened, outcome, report, dry_run or preview, written))
    else:
        sum_up(opened, outcome, report, dry_run or preview, written)
    return Status.REFUSED if outcome.away else Status.OK


_by_mapping = "mapping "
"""How the ledger names a mapping as the source of an entry."""


class _Reading:
    """The patients of the tables on their way to the store, each remembered until it is answered."""

    def __init__(self, opened: OpenTables) -> None:
        self._opened = opened
        self._waiting: dict[str | None, ReadPatient] = {}
        self.refused_rows: dict[tuple[str, int], str] = {}
        [register] = [table for table in opened.tables if table.rule.register]
        self.total = len(register.rows)

    def source(self) -> Source:
        """The tables as a source of patients: what they say of one, they say at each import."""
        mapping = self._opened.mapping
        retelling = Retelling(
            content_ids, _by_mapping, frozenset(_by_mapping + one for one in mapping.beside)
        )
        return Source(
            self._opened.place,
            self.patients(),
            self.total,
            day_zero=mapping.day_zero,
            name=_by_mapping + mapping.name,
            retelling=retelling,
        )

    def patients(self) -> Iterator[Incoming | TurnedAway]:
        """Everybody, readable or not."""
        for number, one in enumerate(patients_of(self._opened)):
            self._waiting[one.patient] = one
            if one.patient is not None and one.story is not None:
                yield Incoming(one.patient, one.story, number, tuple(one.notes.words))
            else:
                errors = [str(error) for error in one.errors]
                yield TurnedAway(one.patient, told_in_part(errors, "faults of this patient"), None)

    def settle(self, answer: Recorded | TurnedAway, report: Report) -> None:
        """Count an answer: what was read is recorded, or refused with its patient."""
        refused = isinstance(answer, TurnedAway)
        one = self._waiting.pop(answer.patient if isinstance(answer, TurnedAway) else answer.reference)
        report.add_rows(one.tallies, refused=refused)
        report.unmapped.update(one.notes.unmapped)
        if not isinstance(answer, TurnedAway):
            assert one.story is not None, "who is recorded has a story"
            report.add_story(one.story, one.notes)
            return
        report.reasons.update(one.kinds or [_reason(one, answer.error)])
        told = list(one.told) or [(one.rows[0], answer.error)]
        for place in one.rows:
            self.refused_rows[place] = "; ".join(reason for at, reason in told if at == place)


def _reason(one: ReadPatient, error: str) -> str:
    """Why the store refused, without the names of patient and entry."""
    told = error.splitlines()[0].rpartition(": ")[2]
    for event in one.story.entries if one.story else ():
        told = told.replace(event.id, "an entry")
    return told
