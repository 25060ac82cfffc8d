"""Patients who were turned away, written to a file that can be mended and imported again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

import yaml

from cli.incoming import Source, TurnedAway, is_table
from cli.new_file import write_over
from cli.status import BadInput, Unavailable
from interop.case_writer import plain_value
from interop.located import BrokenFile
from interop.long_table import RefusedRow, TableReading
from interop.patient_rows import patient_of
from interop.repair_workbook import is_repair_workbook
from interop.sheets import Row, read_sheets
from interop.sources import file_cases
from interop.table_writer import repair_rows


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
    check_folder(errors, errors.parent)


def check_folder(errors: Path, folder: Path) -> None:
    """Raises Unavailable where no file can be made in the folder in which `errors` is to be written."""
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unavailable(f"{errors} cannot be written: {error.strerror}") from None


def write_repair(errors: Path, source: Source, away: Sequence[TurnedAway]) -> None:
    """Write what was turned away, whole or not at all; the file goes when nothing was. Raises Unavailable."""
    with importing_again(errors):
        if not away:
            errors.unlink(missing_ok=True)
        elif source.table is not None:
            write_over(errors, _rows(errors.suffix, source.path, source.table, away))
        else:
            write_over(errors, "".join(_yaml(source.path, away)).encode())


@contextlib.contextmanager
def importing_again(errors: Path) -> Iterator[None]:
    """While what was refused is written to `errors`: raises Unavailable that says how to get it."""
    again = "import again for the refused rows, what is recorded is not recorded twice"
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{errors} cannot be written: {error.strerror}; {again}") from None
    except Unavailable as error:
        raise Unavailable(f"{error}; {again}") from None


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


def _rows(ending: str, path: Path, reading: TableReading, away: Sequence[TurnedAway]) -> bytes:
    """The rows the reader refused, then those of patients whom the store refused, with the reason once."""
    by_store = {one.patient: one.error for one in away if one.number is not None}
    rows = [(row.cells, row.error) for row in reading.refused_rows]
    rows += [(row.cells, row.error) for row in _rows_of(path, by_store)]
    return repair_rows(ending, reading.columns, rows)


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
