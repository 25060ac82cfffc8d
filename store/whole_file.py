"""Files that are whole or not there: written beside their place, settled on the disk, then put into it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def beside(place: Path, content: bytes, rights: int) -> Iterator[Path]:
    """A file with all of it on the disk, to be put into its place; gone afterwards. Raises OSError."""
    unfinished = place.with_name(f"{_begins(place)}{secrets.token_hex(_drawn // 2)}{_ending}")
    try:
        with open(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, rights), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def left_over(place: Path) -> list[Path]:
    """What is beside a place of whoever was killed while writing it, or is writing it now."""
    ours = re.compile(rf"{re.escape(_begins(place))}[0-9a-f]{{{_drawn}}}{re.escape(_ending)}")
    return sorted(one for one in place.parent.iterdir() if ours.fullmatch(one.name))


def settle(folder: Path) -> None:
    """The names of new files in a folder are on the disk, too, where the system lets us say so."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # not every file system takes that of a folder
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _begins(place: Path) -> str:
    return f".{place.name[:_longest]}."


_drawn = 8
_ending = ".unfinished"
_longest = 50
"""Characters of the name kept while a file is unfinished, so that it does not become too long."""
