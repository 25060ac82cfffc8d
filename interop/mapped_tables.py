"""The tables of a site opened by a mapping: all of them as they are at one time, or told why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from interop.located import BrokenFile
from interop.mapping import TableMapping, TableRule
from interop.sheets import Layout, Row, read_table
from pathways.vocabulary import closest

why_column = "why"
"""The column that a repair file has in addition; it is not read."""

table_endings = (".csv", ".tsv", ".txt", ".xlsx")


Place = tuple[str, int]
"""The name of a table and the number of a row."""


Stamp = tuple[int, int, int] | None
"""Size, time of the last change and number of a file; None where there is none."""


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
    """All tables of a mapping that are there; `stamps` tell how their files were before they were read."""

    mapping: TableMapping
    place: Path
    tables: tuple[OpenTable, ...]
    stamps: Mapping[Path, Stamp]


def open_tables(place: Path, mapping: TableMapping) -> OpenTables:
    """Open every table of the mapping in a file or a folder. Raises BadTables with all that is wrong."""
    wrong: list[str] = []
    found: list[OpenTable] = []
    stamps: dict[Path, Stamp] = {}
    for rule in mapping.tables:
        try:
            path = _file_of(place, rule)
            if path is not None:
                stamps.setdefault(path, stamp_of(path))
                found.append(_opened(path, rule))
        except BrokenFile as broken:
            wrong.append(f"table {rule.name}: {broken.problem.message}")
    opened = OpenTables(mapping, place, tuple(found), stamps)
    wrong += [f"{path.name} was changed while it was read: {_when_saved}" for path in changed(opened)]
    if wrong:
        raise BadTables("\n".join(f"{place}: {told}" for told in wrong))
    return opened


_when_saved = "import again once nobody writes to it"


def stamp_of(path: Path) -> Stamp:
    """What tells whether a file is written to."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def changed(opened: OpenTables) -> list[Path]:
    """The files that are no longer as they were when they were opened."""
    return [path for path, stamp in opened.stamps.items() if stamp_of(path) != stamp]


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
