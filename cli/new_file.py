"""Files that a command writes: whole or not at all, also where the disk is full."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cli.status import BadInput, Unavailable
from store.whole_file import beside


def write_new(path: Path, content: bytes) -> None:
    """Write a file that `--out` named, where none is: somebody may have worked on one that is there.

    Raises BadInput where one is there, Unavailable where none can be.
    """
    _write({path: content}, "another file", 0o666)


def write_folder(files: Mapping[Path, bytes]) -> None:
    """Write several files and the folders they are in, all or none; refuses as `write_new` does."""
    _check(files, "another folder")
    for path in files:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot(path, error) from None
    _write(files, "another folder", 0o666)


def write_private(files: Mapping[Path, bytes]) -> None:
    """Write files about a patient into a folder, for their owner only; refuses as `write_new` does."""
    _write(files, "another folder", 0o600)


def write_over(path: Path, content: bytes, *, private: bool = True) -> None:
    """Write a file in the place of one that is there; for its owner only where it is about a patient.

    Raises Unavailable; then the one that is there is as it was.
    """
    place = path.resolve()
    try:
        if place.exists() and not place.is_file():  # a device or a pipe is written to, not replaced
            place.write_bytes(content)
            return
        with beside(place, content, 0o600 if private else 0o666) as whole:
            whole.replace(place)
    except OSError as error:
        raise _cannot(path, error) from None


def _write(files: Mapping[Path, bytes], instead: str, rights: int) -> None:
    """All are on the disk before the first gets its name."""
    _check(files, instead)
    with contextlib.ExitStack() as stack:
        unfinished = {}
        for path, content in files.items():
            with _telling(path, instead):
                unfinished[path] = stack.enter_context(beside(path, content, rights))
        for path, whole in unfinished.items():
            with _telling(path, instead):
                os.link(whole, path)  # unlike a renaming it overwrites nothing


@contextlib.contextmanager
def _telling(path: Path, instead: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise _there(path, instead) from None
    except OSError as error:
        raise _cannot(path, error) from None


def _check(files: Iterable[Path], instead: str) -> None:
    for path in files:
        if path.exists():
            raise _there(path, instead)


def _there(path: Path, instead: str) -> BadInput:
    return BadInput(f"{path} is there already, and is not overwritten; name {instead} with --out")


def _cannot(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"{path} cannot be written: {error.strerror}")
