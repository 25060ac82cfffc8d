"""The rows of one patient in a long table put together to a story, with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from engine.entries import EntryError, Fault, read_event, read_facts, read_story
from engine.event import Event, Story
from interop.cells import Cell, not_stated, read_cell
from interop.limits import excesses
from interop.sheets import Row
from interop.words import Word, with_labels
from pathways.vocabulary import EventType, Field, ValueFault, closest, load_vocabulary

facts_type = "patient_facts"
"""The type of a row that holds facts known from the beginning."""

error_column = "error"
"""The column that a repair file has in addition; it is not read."""

patient_field = Field("patient", "id", required=True, nullable=False)

_no_name = "every row must name its patient; a merged cell names it in its first row only: fill every row"

_no_type = (
    f"the cell is empty: write what the row tells, {facts_type} for what is known from the beginning, else "
    "imaging_done, board_held or another event of `carepath vocabulary`"
)

_lesion, _fact = "lesion.", "fact."
_set_apart = frozenset({"patient", "type", error_column})


class RowFault(NamedTuple):
    """What is wrong in a row; `value` is the cell as it stands."""

    row: Row
    column: str | None
    value: str | None
    message: str


def patient_of(row: Row) -> str | None:
    """The id of the patient the row is about; None where it names none."""
    return _named(row)[0]


def _named(row: Row) -> tuple[str | None, str]:
    """The patient a row names; where it names none, why."""
    if not names_itself(row) or not _filled(row, "patient"):
        return None, _no_name
    try:
        return str(patient_field.parse(_stated(patient_field, row.cells.get("patient")))), ""
    except ValueFault as fault:
        return None, str(fault)


def names_itself(row: Row) -> bool:
    """Whether a cell of a workbook names the patient, and no formula does."""
    return all(problem.column != "patient" for problem in row.problems)


def _stated(field: Field, cell: Cell) -> object:
    value = read_cell(field, cell)
    return None if value is not_stated else value


@dataclass(slots=True, eq=False)
class _Entry:
    """The rows that make up one event, and its content as far as it can be read."""

    rows: list[Row]
    raw: dict[str, object] = field(default_factory=dict)
    lesions: list[dict[str, object]] = field(default_factory=list)
    wrong_lesions: bool = False


class PatientRows:
    """Reads the rows of one patient; `faults` gathers what is wrong, `words` what was read as a code."""

    def __init__(self, patient: str | None, rows: Sequence[Row]) -> None:
        self.faults: list[RowFault] = []
        self.words: list[Word] = []
        self._patient = patient
        self._rows = rows
        self._facts: dict[str, object] = {}
        self._facts_in: dict[str, tuple[Row, str]] = {}

    def story(self) -> Story:
        """The patient's story; not to be used when there are faults."""
        for row in self._rows:
            self.faults += [RowFault(row, *problem) for problem in row.problems]
            if self._patient is None:
                self._fault(row, "patient", _named(row)[1])
        if self._patient is None:
            return Story({}, ())
        entries = self._entries()
        events = {entry: event for entry in entries if (event := self._event(entry))}
        return self._told_together(events, complete=len(events) == len(entries))

    def _told_together(self, events: Mapping[_Entry, Event], *, complete: bool) -> Story:
        try:
            facts = read_facts(self._facts)
            return read_story(facts, list(events.values()), complete=complete)
        except EntryError as error:
            rows = {event.id: entry.rows for entry, event in events.items()}
            for fault in error.faults:
                self._place(rows.get(fault.event or "", self._rows), fault)
            return Story({}, ())

    def _fault(self, row: Row, column: str | None, message: str) -> None:
        cell = row.cells.get(column or "")
        self.faults.append(RowFault(row, column, None if cell is None else str(cell), message))

    def _place(self, rows: Sequence[Row], fault: Fault) -> None:
        """Puts a fault to the row and column in which its field is stated."""
        column, message = fault.field, fault.message
        if fault.event is None and column in self._facts_in:
            self._fault(*self._facts_in[column], message)
        else:
            self._fault(next((row for row in rows if _filled(row, column)), rows[0]), column, message)

    def _entries(self) -> list[_Entry]:
        """The rows of each event; rows of facts are read on the way."""
        joined = {_id(row) for row in self._rows if any(c.startswith(_lesion) for c in _filled_columns(row))}
        entries: dict[object, _Entry] = {}
        for row in self._rows:
            if _type(row) == facts_type:
                for column in _filled_columns(row):
                    self._read_fact(row, column)
            else:
                together = _id(row) in joined and _id(row) != ""
                entries.setdefault(_id(row) if together else (row.sheet, row.number), _Entry([])).rows.append(
                    row
                )
        return list(entries.values())

    def _event(self, entry: _Entry) -> Event | None:
        before, words_before = len(self.faults), len(self.words)
        kind = self._kind(entry)
        if kind is None:
            return None
        for row in entry.rows:
            self._read_row(entry, kind, row)
        entry.raw = with_labels(entry.raw, self.words[words_before:])
        if entry.lesions and "lesions" in entry.raw:
            self._fault(
                entry.rows[0], "lesions", "lesions stand here and in rows of their own: keep one of the two"
            )
        elif entry.lesions:
            entry.raw["lesions"] = entry.lesions
        for column, told in _unfit(entry.raw):
            self._fault(entry.rows[0], column, told)
        named = {fault.column for fault in self.faults[before:]}
        try:
            event = read_event({**entry.raw, "type": kind.name})
        except EntryError as error:
            for fault in error.faults:
                if fault.field not in named and not (fault.field == "lesions" and entry.wrong_lesions):
                    self._place(entry.rows, fault)
            return None
        return None if named else event

    def _kind(self, entry: _Entry) -> EventType | None:
        """The type of the event, which later rows of it need not repeat."""
        first, *others = entry.rows
        name = _type(first)
        for row in others:
            if _type(row) not in ("", name):
                self._fault(
                    row, "type", f"the rows of one event have one type; row {first.number} says {name!r}"
                )
        try:
            return load_vocabulary().event_type(name)
        except ValueFault:
            known = (facts_type, *load_vocabulary().events)
            told = f"there is no event type {name!r}{closest(name, known)}" if name else _no_type
            self._fault(first, "type", told)
            return None

    def _read_row(self, entry: _Entry, kind: EventType, row: Row) -> None:
        lesion: dict[str, object] = {}
        for column in _filled_columns(row):
            if column.startswith(_fact):
                self._read_fact(row, column)
            elif column.startswith(_lesion):
                self._read_lesion_field(lesion, row, column)
            else:
                self._read_field(entry, kind, row, column)
        if lesion:
            problems = load_vocabulary().lesion.read(lesion).problems
            for name, message in problems:
                self._fault(row, f"{_lesion}{name}", message)
            entry.wrong_lesions = entry.wrong_lesions or bool(problems)
            entry.lesions.append(lesion)

    def _read_fact(self, row: Row, column: str) -> None:
        facts = load_vocabulary().facts
        try:
            name = facts.canonical(column.removeprefix(_fact))
            value = read_cell(facts[name], row.cells[column], self.words)
        except ValueFault as fault:
            self._fault(row, column, str(fault))
            return
        if name in self._facts and self._facts[name] != value:
            other = self._facts_in[name][0].number
            self._fault(row, column, f"the fact {name!r} is stated twice, and otherwise in row {other}")
        self._facts[name] = value
        self._facts_in.setdefault(name, (row, column))

    def _read_lesion_field(self, lesion: dict[str, object], row: Row, column: str) -> None:
        fields = load_vocabulary().lesion
        name = column.removeprefix(_lesion)
        try:
            lesion[name] = read_cell(fields[fields.canonical(name)], row.cells[column], self.words)
        except ValueFault as fault:
            self._fault(row, column, str(fault))

    def _read_field(self, entry: _Entry, kind: EventType, row: Row, column: str) -> None:
        try:
            field, group, name = _found(_place_of(kind.name, column))
            value = read_cell(field, row.cells[column], self.words)
        except ValueFault as fault:
            self._fault(row, column, str(fault))
            return
        content = entry.raw if group is None else entry.raw.setdefault(group, {})
        if not isinstance(content, dict):
            self._fault(row, column, f"{group!r} is also stated as a whole: keep one of the two")
        elif content.setdefault(name, value) != value:
            first = entry.rows[0].number
            self._fault(row, column, f"the rows of one event must agree; row {first} says otherwise")


def _unfit(raw: Mapping[str, object]) -> Iterator[tuple[str | None, str]]:
    """What the cells of an event do not tell by themselves: the values of a correction, and sheer number."""
    yield from ((excess.key, excess.message) for excess in excesses(raw))


Place = tuple[Field, str | None, str]
"""The field of a column, the mapping it is part of, and its name there."""


def _found(place: Place | str) -> Place:
    if isinstance(place, str):
        raise ValueFault(place)
    return place


@lru_cache(maxsize=4096)
def _place_of(type: str, column: str) -> Place | str:
    """The place of a column in events of a type, else what is wrong with it: asked of every row."""
    common, kind = load_vocabulary().common, load_vocabulary().events[type]
    group, _, part = column.partition(".")
    whole = kind.fields.get(group)
    try:
        if column in common:
            return common[column], None, column
        if column in kind.fields or whole is None or whole.type != "mapping":
            name = kind.fields.canonical(column)
            return kind.fields[name], None, name
        if whole.of is None:
            return Field(part, "text"), group, part
        return whole.of[whole.of.canonical(part)], group, whole.of.canonical(part)
    except ValueFault as fault:
        return str(fault)


def _filled(row: Row, column: str | None) -> bool:
    cell = row.cells.get(column or "")
    return cell is not None and str(cell).strip() != ""


def _filled_columns(row: Row) -> list[str]:
    """Columns of content, in their order."""
    return [column for column in row.cells if column not in _set_apart and _filled(row, column)]


def _id(row: Row) -> str:
    return str(row.cells.get("id") or "").strip()


def _type(row: Row) -> str:
    return str(row.cells.get("type") or "").strip()
