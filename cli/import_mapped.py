"""`carepath import --mapping`: a site's own tables into the database, every row and value accounted for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from cli.import_outcome import Outcome, most_told, so_far
from cli.import_source import import_source
from cli.incoming import Incoming, Source, TurnedAway
from cli.mapped_repair import check_mapped_place, write_mapped_repair
from cli.mapped_view import preview_of, shorter, sum_up, summary_json
from cli.mapping import named
from cli.output import complain, print_json
from cli.progress import counted
from cli.status import BadInput, Interrupted, Status, Unavailable
from cli.workplace import workplace
from interop.limits import told_in_part
from interop.mapped_join import Joined, ReadPatient
from interop.mapped_patient import content_ids
from interop.mapped_report import Report
from interop.mapped_tables import BadTables, OpenTables, open_tables
from interop.mapping import TableMapping
from store.errors import Busy, CannotWrite, WorkerLost
from store.identities import references
from store.recording import Recorded, Retelling

previewed = 3
"""Patients that a preview shows."""


def import_mapped(
    place: Path, mapping: str, *, dry_run: bool, preview: bool, repair: Path | None, json: bool
) -> Status:
    """Import what a mapping reads out of a file or a folder."""
    opened = _opened(place, mapping, repair)
    reading = _Reading(opened)
    if preview:
        preview_of(reading.joined, previewed)
    rehearsed = dry_run or preview
    outcome = _imported(reading, rehearsed, json)
    written = repair if repair and outcome.away else None
    if repair:
        write_mapped_repair(repair, opened, reading.refused_rows)
    if json:
        print_json(summary_json(opened, outcome, reading.report, rehearsed, written))
    else:
        sum_up(opened, outcome, reading.report, rehearsed, written)
    return Status.REFUSED if outcome.away else Status.OK


def _opened(place: Path, mapping: str, repair: Path | None) -> OpenTables:
    found = named(mapping)
    if repair:
        check_mapped_place(repair, place)
    try:
        return open_tables(place, found)
    except BadTables as bad:
        raise BadInput(str(bad)) from None


def _imported(reading: _Reading, rehearsed: bool, json: bool) -> Outcome:
    """Hand everybody to the store, and tell whom it or the reader turned away."""
    outcome, teller = Outcome(), _Teller(json)
    with workplace(begins=True) as here:
        with here.database.reading() as connection:
            source = reading.source(references(connection))
        answers = import_source(here, source, outcome, rehearsed)
        try:
            for one in counted(answers, source.total, "patients", quiet=json):
                reading.settle(one)
                teller.tell(one)
        except KeyboardInterrupt:
            raise Interrupted(so_far(outcome.counts, rehearsed)) from None
        except (Busy, CannotWrite, WorkerLost) as error:
            raise Unavailable(f"{error}; {so_far(outcome.counts, rehearsed)}") from None
    return outcome


class _Teller:
    """Tells whom was turned away, as far as that helps a person; what holds back many is told once."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._told: set[str] = set()

    def tell(self, one: Recorded | TurnedAway) -> None:
        if isinstance(one, Recorded):
            return
        if self._json:
            patient = shorter(one.patient) if one.patient else None
            print_json({"patient": patient, "error": one.error})
            return
        for line in one.error.splitlines():
            if line not in self._told and len(self._told) < most_told:
                self._told.add(line)
                complain(line)


_by_mapping = "mapping "
"""How the ledger names a mapping as the source of an entry."""


def _retelling(mapping: TableMapping) -> Retelling:
    return Retelling(content_ids, _by_mapping, frozenset(_by_mapping + one for one in mapping.beside))


class _Reading:
    """The patients of the tables on their way to the store, each remembered until it is answered."""

    def __init__(self, opened: OpenTables) -> None:
        self._opened = opened
        self._waiting: dict[str | None, ReadPatient] = {}
        self.joined = Joined(opened)
        self.refused_rows: dict[tuple[str, int], str] = {}
        self.report = Report.of([table.rule.name for table in opened.tables])
        self.report.add_rows(self.joined.passed, refused=False)

    def source(self, known: Collection[str]) -> Source:
        """The tables as a source of patients; `known` are the references of those who are there already."""
        mapping = self._opened.mapping
        return Source(
            self._opened.place,
            self._patients(known),
            len(self.joined),
            day_zero=mapping.day_zero,
            name=_by_mapping + mapping.name,
            retelling=_retelling(mapping),
        )

    def _patients(self, known: Collection[str]) -> Iterator[Incoming | TurnedAway]:
        """Everybody, readable or not."""
        for number, one in enumerate(self.joined.patients(known)):
            self._waiting[one.patient] = one
            if one.patient is not None and one.story is not None:
                yield Incoming(one.patient, one.story, number, tuple(one.notes.words))
            else:
                errors = [str(error) for error in one.errors]
                yield TurnedAway(one.patient, told_in_part(errors, "faults of this patient"), None)

    def settle(self, answer: Recorded | TurnedAway) -> None:
        """Count an answer: what was read is recorded, or refused with its patient."""
        refused = isinstance(answer, TurnedAway)
        one = self._waiting.pop(answer.patient if isinstance(answer, TurnedAway) else answer.reference)
        self.report.add_rows(one.tallies, refused=refused)
        self.report.unmapped.update(one.notes.unmapped)
        if not isinstance(answer, TurnedAway):
            assert one.story is not None, "who is recorded has a story"
            self.report.add_story(one.story, one.notes)
            self.report.retracted += [(answer.reference, id) for id in answer.retracted]
            return
        self.report.reasons.update(one.kinds or [_reason(one, answer.error)])
        told = list(one.told) or [(one.rows[0], answer.error)]
        for place in one.rows:
            self.refused_rows[place] = "; ".join(reason for at, reason in told if at == place)


def _reason(one: ReadPatient, error: str) -> str:
    """Why the store refused, without the names of patient and entry."""
    told = error.splitlines()[0].rpartition(": ")[2]
    for event in one.story.entries if one.story else ():
        told = told.replace(event.id, "an entry")
    return told
