"""Where the refused rows of an import by a mapping go: a place that holds nothing of anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cli.new_file import write_over
from cli.repair import check_folder, importing_again
from cli.status import BadInput, Unavailable
from interop.mapped_repair import READ_ME, TITLE, refused_rows
from interop.mapped_tables import OpenTables, Place, changed, table_endings, why_column
from interop.repair_workbook import is_repair_workbook


def check_mapped_place(errors: Path, source: Path) -> None:
    """Raises before anything is imported when the refused rows could not be written there."""
    if errors.exists() and source.exists() and errors.samefile(source):
        raise BadInput("--errors names what is imported; give it a place of its own")
    if source.is_dir():
        if errors.exists() and not (errors.is_dir() and _is_free(errors)):
            told = f"{errors} exists and holds other things than refused rows of an earlier import"
            raise BadInput(f"{told}; --errors names a new folder")
    else:
        if errors.suffix.lower() != source.suffix.lower():
            raise BadInput(f"--errors must end in {source.suffix}: what is refused is written in that form")
        if errors.is_dir() or errors.exists() and errors.stat().st_size and not _has_reasons(errors):
            told = f"{errors} exists and holds no refused rows of an import"
            raise BadInput(f"{told}; give --errors another name, or move that file away")
    check_folder(errors, errors if errors.is_dir() else errors.parent)


def _is_free(folder: Path) -> bool:
    """Whether a folder is empty, or holds what an earlier import wrote there and nothing else."""
    inside = sorted(folder.iterdir())
    if not inside:
        return True
    read_me = folder / READ_ME
    if not read_me.is_file():
        return False
    with read_me.open("rb") as opened:
        ours = opened.read(len(TITLE)) == TITLE.encode()
    return ours and all(one == read_me or _is_table(one) for one in inside)


def _is_table(file: Path) -> bool:
    return file.is_file() and file.suffix.lower() in table_endings


def _has_reasons(file: Path) -> bool:
    """Whether a file was written by an earlier import: its header names the reasons last."""
    if file.suffix.lower() == ".xlsx":
        return is_repair_workbook(file)
    with file.open("rb") as opened:
        lines = opened.read(100_000).splitlines()
    return any(line.rstrip().endswith(why_column.encode()) for line in lines[:20])


def write_mapped_repair(errors: Path, opened: OpenTables, reasons: Mapping[Place, str]) -> None:
    """Write the refused rows, each file whole or not at all; what an earlier import left there goes.

    Raises Unavailable.
    """
    with importing_again(errors):
        if reasons and changed(opened):
            raise Unavailable(f"{errors} cannot be written: the tables were changed while they were imported")
        files = refused_rows(opened, reasons) if reasons else {}
        if opened.place.is_dir():
            _fill(errors, files)
        elif files:
            [content] = files.values()
            write_over(errors, content)
        else:
            errors.unlink(missing_ok=True)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Let these files be all that a folder holds, in which `check_mapped_place` found nothing of anybody's;
    where there are none it goes.
    """
    if files:
        folder.mkdir(mode=0o700, exist_ok=True)
    for name, content in files.items():
        write_over(folder / name, content)
    if folder.is_dir():
        for one in folder.iterdir():
            if one.name not in files:
                one.unlink()
        if not files:
            folder.rmdir()
