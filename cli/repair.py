"""Patients who were turned away, written to a file that can be mended and imported again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from cli.incoming import Source, TurnedAway, is_table
from cli.status import BadInput, Unavailable
from interop.case_writer import plain_value
from interop.located import BrokenFile
from interop.long_table import RefusedRow, TableReading
from interop.patient_rows import patient_of
from interop.repair_workbook import is_repair_workbook
from interop.sheets import Row, read_sheets
from interop.sources import file_cases
from interop.table_writer import write_repair_rows


def check_place(errors: Path, file: Path) -> None:
    """Raises before anything is imported when the repair file could not be written, or not be read again."""
    if errors.exists() and file.exists() and errors.samefile(file):
        raise BadInput("--errors names the file that is imported; give it a place of its own")
    wanted = (".csv", ".xlsx") if is_table(file) else (".yaml", ".yml")
    if errors.suffix.lower() not in wanted:
        told = "what is turned away is written in that form"
        raise BadInput(f"--errors must end in {' or '.join(wanted)}: {told}")
    if errors.exists() and not _may_be_replaced(errors):
        raise BadInput(f"{errors} exists and is no repair file of an import; give --errors another name")
    try:
        _make_private(errors)
        if not errors.stat().st_size:  # what an earlier import left stays until there is something to say
            errors.unlink()
    except OSError as error:
        raise Unavailable(f"{errors} cannot be written: {error.strerror}") from None


def write_repair(errors: Path, source: Source, away: Sequence[TurnedAway]) -> None:
    """Write what was turned away; the file goes when nothing was."""
    if not away:
        errors.unlink(missing_ok=True)
        return
    _make_private(errors)
    if source.table is not None:
        _write_rows(errors, source.path, source.table, away)
    else:
        errors.write_text("".join(_yaml(source.path, away)), encoding="utf-8")


def _may_be_replaced(errors: Path) -> bool:
    """Empty, or written by an earlier import: nothing of anybody's is lost with it."""
    try:
        if errors.suffix.lower() == ".xlsx" and errors.stat().st_size:
            return is_repair_workbook(errors)
        with errors.open("rb") as file:
            start = file.read(32).removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return False
    return not start or start.startswith((b"error,", b"vignettes:\n#"))


def _make_private(path: Path) -> None:
    """A file only its owner may read: it will hold what was said about patients."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    os.close(descriptor)
    path.chmod(0o600)


def _write_rows(errors: Path, path: Path, reading: TableReading, away: Sequence[TurnedAway]) -> None:
    """The rows the reader refused, then those of patients whom the store refused, with the reason once."""
    by_store = {one.patient: one.error for one in away if one.number is not None}
    rows = [(row.cells, row.error) for row in reading.refused_rows]
    rows += [(row.cells, row.error) for row in _rows_of(path, by_store)]
    write_repair_rows(errors, reading.columns, rows)


def _rows_of(path: Path, reasons: Mapping[str | None, str]) -> Iterator[RefusedRow]:
    told: set[str | None] = set()
    for row in _all_rows(path) if reasons else ():
        patient = patient_of(row)
        if patient in reasons:
            yield RefusedRow(row.cells, "" if patient in told else reasons[patient])
            told.add(patient)


def _all_rows(path: Path) -> Iterator[Row]:
    for sheet in read_sheets(path):
        yield from sheet.rows


def _yaml(path: Path, away: Sequence[TurnedAway]) -> Iterator[str]:
    """The cases as they were written, each under the reasons as comments."""
    reasons = {one.number: one.error for one in away}
    yield "vignettes:\n"
    try:
        for number, raw in enumerate(file_cases(path)):
            if number in reasons:
                yield _comment(reasons.pop(number))
                content = [plain_value(raw.content)] if raw.content is not None else []
                yield (
                    yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120) if content else ""
                )
    except BrokenFile:
        yield "".join(_comment(error) for error in reasons.values())


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())
