"""Writes what is written by program in docs/ anew: `python -m cli.documents`, or `python3 dev.py docs`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cli.documents.reference import left_over, pages
from cli.documents.tutorial import answered
from cli.main import main

PROJECT: Final = Path(__file__).parents[2]
TUTORIAL: Final = Path("docs") / "writing-a-pathway.md"
SPREADSHEETS: Final = Path("docs") / "spreadsheets.md"
_WIDTH: Final = "100"


def write(project: Path) -> list[Path]:
    """Write every page that is not as it should be; returns those that were, and those that were removed."""
    worked = (TUTORIAL, SPREADSHEETS)
    wanted = pages() | {page: _answered((project / page).read_text(encoding="utf-8")) for page in worked}
    written = [file for file, text in wanted.items() if _write(project / file, text)]
    gone = left_over(project)
    for file in gone:
        file.unlink()
    return [*written, *(file.relative_to(project) for file in gone)]


def _write(file: Path, text: str) -> bool:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return True


def _answered(page: str) -> str:
    """The page worked through in a folder and with a database of its own, in a terminal of usual width."""
    with TemporaryDirectory() as name, contextlib.chdir(name), _environment(name):
        return answered(page, Path(name), _printed)


@contextlib.contextmanager
def _environment(folder: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(COLUMNS=_WIDTH, CAREPATH_DATABASE_URL=f"sqlite:///{folder}/own.db")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _printed(words: Sequence[str]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main(words)
    return printed.getvalue()


if __name__ == "__main__":
    for changed in write(PROJECT):
        sys.stdout.write(f"{changed}\n")
