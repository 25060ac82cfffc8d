"""An SQLite database in use stays in its files: one that was deleted or replaced meanwhile is told.

A program that has a file open goes on writing into it when its name is gone, or stands for another file: all
that it answered for would be lost at its end, and two programs would write past each other (SQLite, "How To
Corrupt An SQLite Database File", sections 2.4 and 4).
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine, event

from store.errors import CannotWrite

Identity = tuple[int, int]


class SameFiles:
    """The files of an engine, as they were when it began with them: the database, then its log, and what
    whoever has it open shares.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._beside = [place.with_name(f"{place.name}{ending}") for ending in ("-wal", "-shm")]
        self._seen = {place: _identity(place)}

    def watch(self, engine: Engine) -> None:
        """Look before a file is opened, before a transaction begins, and before one is committed."""
        event.listen(engine, "do_connect", self.check)
        event.listen(engine, "begin", self.check)
        event.listen(engine, "commit", self.check)
        event.listen(engine, "engine_disposed", self._forget)

    def note(self) -> None:
        """Keep which files stand beside the database, while a transaction that writes holds them open."""
        for one in self._beside:
            if one not in self._seen and (found := _identity(one)):
                self._seen[one] = found

    def check(self, *_: object) -> None:
        """Raises CannotWrite where one of them is gone, or is another one by now."""
        for one, before in [*self._seen.items()]:
            if _identity(one) != before:
                raise CannotWrite(
                    f"{one} was deleted or replaced while carepath worked with it, this was not recorded;"
                    " stop every carepath that uses it, look after the file, then start again"
                )

    def _forget(self, _: Engine) -> None:
        """Whoever closes a database last takes away what stands beside it."""
        for one in self._beside:
            self._seen.pop(one, None)


def _identity(place: Path) -> Identity | None:
    try:
        found = os.stat(place)
    except OSError:
        return None
    return found.st_dev, found.st_ino
