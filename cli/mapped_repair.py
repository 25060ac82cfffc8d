"""Where the refused rows of an import by a mapping go: a place that holds nothing of anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree

from cli.status import BadInput, Unavailable
from interop.mapped_repair import READ_ME, write_refused
from interop.mapped_tables import OpenTables, Place, why_column


def check_mapped_place(errors: Path, source: Path) -> None:
    """Raises before anything is imported when the refused rows could not be written there."""
    if errors.exists() and source.exists() and errors.samefile(source):
        raise BadInput("--errors names what is imported; give it a place of its own")
    if source.is_dir():
        if errors.exists() and not (errors.is_dir() and _is_free(errors)):
            told = f"{errors} exists and holds no refused rows of an earlier import"
            raise BadInput(f"{told}; --errors names a new folder")
        return
    if errors.suffix.lower() != source.suffix.lower():
        raise BadInput(f"--errors must end in {source.suffix}: what is refused is written in that form")
    if errors.exists() and errors.stat().st_size and not _has_reasons(errors):
        raise BadInput(f"{errors} exists and holds no refused rows of an import; give --errors another name")


def _is_free(folder: Path) -> bool:
    return not any(folder.iterdir()) or (folder / READ_ME).exists()


def _has_reasons(file: Path) -> bool:
    """Whether a file was written by an earlier import: its header names the reasons last."""
    if file.suffix.lower() == ".xlsx":
        return False
    with file.open("rb") as opened:
        lines = opened.read(100_000).splitlines()
    return any(line.rstrip().endswith(why_column.encode()) for line in lines[:20])


def write_mapped_repair(errors: Path, opened: OpenTables, reasons: Mapping[Place, str]) -> None:
    """Write the refused rows; what an earlier import left there goes."""
    try:
        if errors.is_dir():
            rmtree(errors)
        else:
            errors.unlink(missing_ok=True)
        if reasons:
            write_refused(errors, opened, reasons)
    except OSError as error:
        raise Unavailable(f"{errors} cannot be written: {error.strerror}") from None
