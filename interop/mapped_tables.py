"""The tables of a site opened by a mapping, joined by patient, each patient read whole or told why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from engine.event import Story
from interop.located import BrokenFile, forbidden_character
from interop.long_table import RowError
from interop.mapped_cells import Notes, cell_text
from interop.mapped_patient import MappedPatient, TableRow
from interop.mapped_report import Tallies, tallies_of
from interop.mapping import TableMapping, TableRule
from interop.nameless import possible_owners
from interop.patient_rows import RowFault, patient_field
from interop.sheets import Layout, Row, read_table
from pathways.vocabulary import ValueFault, closest

why_column = "why"
"""The column that a repair file has in addition; it is not read."""

table_endings = (".csv", ".tsv", ".txt", ".xlsx")


Place = tuple[str, int]
"""The name of a table and the number of a row."""


class BadTables(Exception):
    """Tables that cannot be read by this mapping at all; the message has a line for each fault."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table of the mapping with its file; `unread` are the columns that the mapping does not name."""

    rule: TableRule
    path: Path
    layout: Layout
    columns: tuple[str, ...]
    unread: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class OpenTables:
    """All tables of a mapping that are there."""

    mapping: TableMapping
    place: Path
    tables: tuple[OpenTable, ...]


@dataclass(frozen=True, slots=True)
class ReadPatient:
    """A patient of the tables: the story, or why there is none; and what the rows came to.

    `patient` is None for rows that name nobody. `kinds` are the reasons without what names anybody, `told`
    those of each row as a person reads them.
    """

    patient: str | None
    story: Story | None
    errors: tuple[RowError, ...]
    kinds: tuple[str, ...]
    tallies: Tallies
    notes: Notes
    rows: tuple[Place, ...]
    told: tuple[tuple[Place, str], ...]


def open_tables(place: Path, mapping: TableMapping) -> OpenTables:
    """Open every table of the mapping in a file or a folder. Raises BadTables with all that is wrong."""
    wrong: list[str] = []
    found: list[OpenTable] = []
    for rule in mapping.tables:
        try:
            path = _file_of(place, rule)
            if path is not None:
                found.append(_opened(path, rule))
        except BrokenFile as broken:
            wrong.append(f"table {rule.name}: {broken.problem.message}")
    if wrong:
        raise BadTables("\n".join(f"{place}: {told}" for told in wrong))
    return OpenTables(mapping, place, tuple(found))


def _file_of(place: Path, rule: TableRule) -> Path | None:
    """The one file of a table; None where it may be missing. Raises BrokenFile."""
    pattern = rule.file or "*"
    if place.is_dir():
        names = sorted(one.name for one in place.iterdir() if _may_be_table(one))
    else:
        names = [place.name]
    fitting = [name for name in names if fnmatchcase(name, pattern)]
    if not fitting and rule.optional:
        return None
    if not fitting:
        folder = "this folder" if place.is_dir() else "what was named; name the folder that holds all tables"
        near = closest(pattern, names) if place.is_dir() else ""
        raise BrokenFile(None, f"no file {pattern!r} is in {folder}{near}")
    if len(fitting) > 1:
        told = f"{len(fitting)} files fit {pattern!r}: {', '.join(fitting[:5])}"
        raise BrokenFile(None, f"{told}; say which one is meant: file = ...")
    return place / fitting[0] if place.is_dir() else place


def _may_be_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in table_endings and not path.name.startswith(("~", "."))


def _opened(path: Path, rule: TableRule) -> OpenTable:
    needed = tuple(name for name in rule.columns if name not in rule.optional_columns)
    layout = Layout(
        needed,
        rule.delimiter,
        rule.encoding,
        rule.quotes,
        rule.header_row,
        rule.skip_rows,
        rule.comment,
        rule.sheet,
    )
    sheet = read_table(path, layout)
    missing = [name for name in needed if name not in sheet.columns]
    if len(missing) == len(needed):
        shown = ", ".join(repr(name) for name in sheet.columns[:3] if name) or "no name"
        words = f"{path.name} has none of the columns of the mapping; row {rule.header_row} reads"
        raise BrokenFile(
            None, f"{words} {shown[:80]}: check header_row, delimiter and encoding ({rule.encoding})"
        )
    if missing:
        told = [f"{name!r}{closest(name, filter(None, sheet.columns))}" for name in missing[:10]]
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        raise BrokenFile(None, f"{path.name} has no column {', no column '.join(told)}{more}")
    rows = tuple(sheet.rows)
    if not rows and rule.register:
        raise BrokenFile(None, f"{path.name} holds no row below its header: nobody is in the register")
    unread = [name for name in sheet.columns if name and name not in rule.columns and name != why_column]
    return OpenTable(rule, path, layout, sheet.columns, tuple(unread), rows, sheet.name)


def patients_of(opened: OpenTables) -> Iterator[ReadPatient]:
    """Every patient of the tables, those of the register first and in its order."""
    rows: dict[str | None, list[TableRow]] = {}
    strays: dict[str | None, tuple[OpenTable, Row]] = {}
    for table in sorted(opened.tables, key=lambda one: not one.rule.register):
        named = [_patient_of(table.rule, row) for row in table.rows]
        for patient, row in zip(named, table.rows, strict=True):
            rows.setdefault(patient, []).append(TableRow(table.rule, row))
        for patient, row in possible_owners(table.rows, named).items():
            strays.setdefault(patient, (table, row))
    paths = {table.rule.name: table.path for table in opened.tables}
    for patient, own in rows.items():
        yield _read_patient(opened.mapping, paths, patient, own, strays.get(patient))


def _patient_of(rule: TableRule, row: Row) -> str | None:
    """Whom a row names; None where it names nobody, or by a formula."""
    if any(problem.column == rule.patient for problem in row.problems):
        return None
    text = cell_text(row.cells.get(rule.patient))
    try:
        return str(patient_field.parse(text)) if not forbidden_character(text) else None
    except ValueFault:
        return None


def _read_patient(
    mapping: TableMapping,
    paths: Mapping[str, Path],
    patient: str | None,
    rows: Sequence[TableRow],
    stray: tuple[OpenTable, Row] | None,
) -> ReadPatient:
    reader = MappedPatient(mapping, rows)
    story, faults = None, _standing_faults(patient, rows)
    if stray is not None:
        table, row = stray
        told = f"row {row.number} of {table.path.name} names no patient and may belong to this one"
        faults.append((rows[0], RowFault(rows[0].row, rows[0].table.patient, None, told)))
    if not faults:
        story = reader.story()
        by_row = {id(one.row): one for one in rows}
        faults = [(by_row[id(fault.row)], fault) for fault in reader.notes.faults]
    errors = tuple(_error(paths, patient, one, fault) for one, fault in faults)
    return ReadPatient(
        patient=patient,
        story=story if not faults else None,
        errors=errors,
        kinds=tuple(dict.fromkeys(_kind(one, fault) for one, fault in faults)),
        tallies=tallies_of(reader.rows),
        notes=reader.notes,
        rows=tuple((one.table.name, one.row.number) for one in rows),
        told=tuple(((one.table.name, one.row.number), _in_row(fault)) for one, fault in faults),
    )


def _standing_faults(patient: str | None, rows: Sequence[TableRow]) -> list[tuple[TableRow, RowFault]]:
    """What is wrong with a patient before any cell is read."""
    first = rows[0]
    column = first.table.patient
    if patient is None:
        told = "the row names no patient: every row must name its patient, also below a merged cell"
        return [(one, RowFault(one.row, one.table.patient, None, told)) for one in rows]
    registered = [one for one in rows if one.table.register]
    if not registered:
        told = "this patient is not in the register: add a row there, or mend the name"
        return [(first, RowFault(first.row, column, patient, told))]
    if len(registered) > 1 and not registered[0].table.several_rows:
        told = f"this patient stands twice in the register, first in row {registered[0].row.number}"
        return [(registered[1], RowFault(registered[1].row, column, patient, told))]
    return []


def _error(paths: Mapping[str, Path], patient: str | None, one: TableRow, fault: RowFault) -> RowError:
    row, column, value, message = fault
    return RowError(paths[one.table.name].name, row.sheet, row.number, patient, column, value, message)


def _in_row(fault: RowFault) -> str:
    return f"{fault.column}: {fault.message}" if fault.column else fault.message


def _kind(one: TableRow, fault: RowFault) -> str:
    """A reason as it is counted: by table and column, without what names anybody."""
    where = f"{one.table.name}, {fault.column}" if fault.column else one.table.name
    quoted = {text for text in (fault.value, cell_text(one.row.cells.get(one.table.patient))) if text}
    message = fault.message
    for text in sorted(quoted, key=len, reverse=True):
        message = message.replace(repr(text), "...")
    return f"{where}: {message}"
