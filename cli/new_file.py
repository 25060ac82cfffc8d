"""A file that a command writes only where none is: somebody may have worked on one that is there."""

from __future__ import annotations

import os
from pathlib import Path

from cli.status import BadInput, Unavailable


def write_new(path: Path, content: bytes) -> None:
    """Write a file that `--out` named. Raises BadInput where one is there, Unavailable where none can be."""
    _write(path, content, "another file", 0o666)


def write_private(path: Path, content: bytes) -> None:
    """Write a file about a patient into a folder, for its owner only; refuses as `write_new` does."""
    _write(path, content, "another folder", 0o600)


def _write(path: Path, content: bytes, instead: str, rights: int) -> None:
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, rights)) as file:
            file.write(content)
    except FileExistsError:
        raise BadInput(
            f"{path} is there already, and is not overwritten; name {instead} with --out"
        ) from None
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from None
