"""One patient put together from the rows of several tables, as a mapping says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from engine.entries import EntryError, read_event, read_facts, read_story
from engine.event import Event, Story
from interop.case_writer import plain_value
from interop.cells import not_stated
from interop.limits import longest_name
from interop.mapped_cells import CellReader, Fate, Fates, Notes, cell_text, raise_fates
from interop.mapping import EventRule, TableMapping, TableRule, Value, columns_in, folded
from interop.patient_rows import RowFault
from interop.sheets import Row
from pathways.vocabulary import load_vocabulary

content_ids = re.compile(r".*~[0-9a-f]{12}", re.DOTALL)
"""Ids of entries that no column names: made from their content, as `MappedPatient` does."""


class TableRow(NamedTuple):
    """A row of a table of the mapping."""

    table: TableRule
    row: Row


@dataclass(slots=True, eq=False)
class ReadRow:
    """A row with what became of its cells."""

    source: TableRow
    fates: Fates = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Draft:
    """An event while it is put together; `fates` of each row count once the event is recorded."""

    rule: EventRule
    rows: list[tuple[ReadRow, Fates]]
    raw: dict[str, object] = field(default_factory=dict)
    lesions: list[dict[str, object]] = field(default_factory=list)
    stated: bool = False


class MappedPatient:
    """Reads the rows of one patient; `notes` gather what is wrong and what nothing explains."""

    def __init__(self, mapping: TableMapping, rows: Sequence[TableRow]) -> None:
        self.notes = Notes()
        self.rows = [ReadRow(row) for row in rows]
        self._readers = {table.name: CellReader(mapping, table.name) for table in mapping.tables}
        self._facts: dict[str, object] = {}
        self._facts_in: dict[str, tuple[Row, str | None]] = {}
        self._drafts: dict[str, list[_Draft]] = {}

    def story(self) -> Story | None:
        """The patient's story; None where there are faults."""
        for one in self.rows:
            self._problems(one)
        for table, rows in self._by_table():
            read = [one for one in rows if self._readers[table.name].holds(table.when, one.source.row)]
            for one in read:
                self._read_facts(table, one)
            for rule in table.events:
                self._read_events(table, rule, read)
        if self.notes.faults:
            return None
        return self._together()

    def _by_table(self) -> Iterable[tuple[TableRule, list[ReadRow]]]:
        groups: dict[str, tuple[TableRule, list[ReadRow]]] = {}
        for one in self.rows:
            groups.setdefault(one.source.table.name, (one.source.table, []))[1].append(one)
        return groups.values()

    def _problems(self, one: ReadRow) -> None:
        """Formulas, errors and stray cells where the mapping reads."""
        table, row = one.source
        for problem in row.problems:
            if problem.column is None or problem.column in table.columns:
                self.notes.faults.append(RowFault(row, *problem))

    def _read_facts(self, table: TableRule, one: ReadRow) -> None:
        row = one.source.row
        for name, value in table.facts:
            found = self._readers[table.name].read(value, row, one.fates, self.notes)
            if found is not_stated:
                continue
            kept = self._facts.get(name)
            if _contradicts(found, kept):
                there = _place(self._facts_in[name][0])
                told = f"{name!r} is {_shown(found)} here and {_shown(kept)} in {there}"
                self._fault(row, _column(value), told)
            elif _tells_more(found, kept):
                self._facts[name] = found
                self._facts_in[name] = row, _column(value)

    def _fault(self, row: Row, column: str | None, message: str) -> None:
        text = cell_text(row.cells.get(column or ""))
        self.notes.faults.append(RowFault(row, column, text or None, message))

    def _read_events(self, table: TableRule, rule: EventRule, rows: Sequence[ReadRow]) -> None:
        reader = self._readers[table.name]
        groups: dict[object, list[ReadRow]] = {}
        for number, one in enumerate(rows):
            if reader.holds(rule.when, one.source.row):
                key = tuple(folded(cell_text(one.source.row.cells.get(name))) for name in rule.one_per)
                groups.setdefault(key if any(key) else number, []).append(one)
        for group in groups.values():
            draft = _Draft(rule, [(one, {}) for one in group])
            for one, fates in draft.rows:
                self._read_row(reader, draft, one.source.row, fates)
            self._settle(table, draft)

    def _read_row(self, reader: CellReader, draft: _Draft, row: Row, fates: Fates) -> None:
        for name, value in (("date", draft.rule.date), *draft.rule.fields):
            found = reader.read(value, row, fates, self.notes)
            if found is not_stated:
                continue
            known = found is not None
            draft.stated |= known and name != "date" and _column(value) is not None
            kept = draft.raw.get(name)
            if _contradicts(found, kept):
                self._fault(row, _column(value), f"{name!r}: the rows of one event must agree")
            elif _tells_more(found, kept):
                draft.raw[name] = found
        for lesion in draft.rule.lesions:
            raw = {
                name: found
                for name, value in lesion
                if (found := reader.read(value, row, fates, self.notes)) is not not_stated
            }
            stated = (raw.get(name) for name, value in lesion if _column(value) is not None)
            if any(one is not None for one in stated):
                draft.lesions.append(raw)
                draft.stated = True

    def _settle(self, table: TableRule, draft: _Draft) -> None:
        """Keep a draft that is complete; leave out one that is not, or refuse it."""
        rule, row = draft.rule, draft.rows[0][0].source.row
        missing = _missing(draft)
        if not missing:
            if draft.lesions:
                draft.raw["lesions"] = draft.lesions
            id = self._id(table, draft, row)
            for one, fates in draft.rows:
                reached = [c.column for c in rule.when] + [*rule.id, *rule.one_per]
                raise_fates(fates, reached, Fate.RECORDED)
                _merge(one.fates, fates)
            self._drafts.setdefault(id, []).append(draft)
            return
        for one, fates in draft.rows:  # what was read is not recorded, as the event is not
            _merge(one.fates, {name: fate for name, fate in fates.items() if fate is not Fate.RECORDED})
        if draft.stated or "date" in draft.raw and draft.raw["date"] is not None:
            self.notes.left_out[table.name, rule.name, missing] += rule.incomplete == "leave out"
            if rule.incomplete == "refuse":
                column = _column(rule.date if missing == "date" else dict(rule.fields).get(missing))
                what = "the day" if missing == "date" else repr(missing)
                told = (
                    f"{rule.name}: {what} is not stated; complete it, or let the mapping leave such rows out"
                )
                self._fault(row, column, f'{told} (incomplete = "leave out")')

    def _id(self, table: TableRule, draft: _Draft, row: Row) -> str:
        """A name that is the same at every import, from columns of the mapping or else from the content."""
        parts = [cell_text(row.cells.get(name)) for name in draft.rule.id]
        if not all(parts):
            empty = draft.rule.id[parts.index("")]
            self._fault(
                row, empty, "the cell names the entry, so that it is known again: it must not be empty"
            )
        told = f"{draft.rule.name}-{'-'.join(parts)}"
        if parts and len(told) <= longest_name and told.isprintable():
            return told
        content = [table.name, draft.rule.name, parts or {k: plain_value(v) for k, v in draft.raw.items()}]
        written = json.dumps(content, sort_keys=True, ensure_ascii=False)
        sign = "-" if parts else "~"
        return f"{draft.rule.name}{sign}{hashlib.sha256(written.encode()).hexdigest()[:12]}"

    def _together(self) -> Story | None:
        events = [event for id, drafts in self._drafts.items() for event in self._events(id, drafts)]
        if self.notes.faults:
            return None
        try:
            return read_story(read_facts(self._facts), events)
        except EntryError as error:
            for fault in error.faults:
                drafts = self._drafts.get(fault.event or "")
                row = drafts[0].rows[0][0].source.row if drafts else self.rows[0].source.row
                row, column = (
                    self._facts_in.get(fault.field or "", (row, None)) if not drafts else (row, None)
                )
                self._fault(row, column, fault.message)
            return None

    def _events(self, id: str, drafts: Sequence[_Draft]) -> Iterator[Event]:
        for draft in drafts:
            raw = {"id": id, "type": draft.rule.type, **_nested(draft.raw)}
            try:
                yield read_event(raw)
            except EntryError as error:
                row = draft.rows[0][0].source.row
                for fault in error.faults:
                    self._fault(row, _column(dict(draft.rule.fields).get(fault.field or "")), fault.message)


_unknown = (None, "unknown")


def _contradicts(found: object, kept: object) -> bool:
    """Whether two rows say different things; what one leaves unknown the other may tell."""
    return found not in _unknown and kept not in (*_unknown, found)


def _tells_more(found: object, kept: object) -> bool:
    """Whether a later row takes the place of what is kept; a stated `unknown` is more than none."""
    return kept is None or (kept == "unknown" and found is not None)


def _missing(draft: _Draft) -> str | None:
    """The first thing an event must have and does not state; a day must also be known."""
    if draft.raw.get("date") is None:
        return "date"
    kind = load_vocabulary().events[draft.rule.type]
    for name, spec in kind.fields.items():
        if spec.required and (name not in draft.raw or (draft.raw[name] is None and not spec.nullable)):
            return name
    return None


def _merge(fates: Fates, others: Fates) -> None:
    for column, fate in others.items():
        raise_fates(fates, [column], fate)


def _nested(raw: Mapping[str, object]) -> dict[str, object]:
    """Parts of a group, `findings.ascites`, within their group."""
    nested: dict[str, object] = {}
    for name, value in raw.items():
        group, dot, part = name.partition(".")
        if dot:
            inner = nested.setdefault(group, {})
            assert isinstance(inner, dict), "a group has parts"
            inner[part] = value
        else:
            nested[name] = value
    return nested


def _column(value: Value | None) -> str | None:
    """The first column that a value itself comes from."""
    for source in value.sources if value else ():
        if source.column is not None:
            return source.column
        if source.text is not None:
            return columns_in(source.text)[0]
        if source.when:
            return source.when[0].column
    return None


def _place(row: Row) -> str:
    return f"row {row.number}{f' of sheet {row.sheet}' if row.sheet else ''}"


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
