"""What looks after the record and takes long: following the chains, a backup, and all that could be wrong.

Each is done beside the pages, one at a time, and stands in the access log: when it was asked for, and what
came of it. None of them tells anything about a patient but a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from store import access
from store.access import Look
from store.backup import back_up
from store.seals import all_seals, unsealed, unsealed_views
from store.verify import verify
from web.house import Finding
from web.jobs import Job
from web.place import Place

VERIFY, BACKUP, DOCTOR = "verify", "backup", "doctor"
MOST: Final = 100
"""Problems that are kept to be shown."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What following the chains found: how many problems, the first of them, and how much is under seals;
    the numbers are None where what is spoiled is in the way.
    """

    problems: int
    first: tuple[str, ...]
    seals: int | None = None
    unsealed: int | None = None
    unsealed_views: int | None = None


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: its file, what it holds, the SHA-256, and how many chains do not hold."""

    file: str
    patients: int
    entries: int
    sha256: str
    problems: int


class Kept(NamedTuple):
    """A backup in the folder: its file, how large, and since when."""

    file: str
    size: int
    made: datetime


def begin(place: Place, kind: str, who: str, way: str) -> Job:
    """Begin with one of them. Raises UnderWay, and KeyError for what there is not."""
    work, now = WORK[kind], place.clock()

    def done(_: Job) -> object:
        access.append(place.database, Look(who, way, kind), now)
        found, told = work(place)
        access.append(place.database, Look(who, way, f"{kind} done", None, told), place.clock())
        return found

    return place.jobs.start(Job(kind, who, now), done, place.clock)


def _verify(place: Place) -> tuple[Verified, dict[str, object]]:
    found = [str(one) for one in verify(place.database)]
    told: dict[str, object] = {"problems": len(found)}
    if found:
        return Verified(len(found), tuple(found[:MOST])), told
    with place.database.reading() as connection:
        sealed = (len(all_seals(connection)), unsealed(connection), unsealed_views(connection))
    return Verified(0, (), *sealed), told


def _backup(place: Place) -> tuple[BackedUp, dict[str, object]]:
    folder = place.house.backups
    assert folder is not None, "it is asked for only where there is one"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"carepath-{place.clock().astimezone(UTC):%Y%m%dT%H%M%SZ}.db"
    held, digest = back_up(place.database, file)
    found = BackedUp(file.name, held.patients, held.entries, digest, len(held.problems or ()))
    return found, {"file": file.name, "sha256": digest, "problems": found.problems}


def _doctor(place: Place) -> tuple[tuple[Finding, ...], dict[str, object]]:
    found = tuple(place.house.findings())
    return found, {"to_do": sum(one.to_do is not None for one in found)}


WORK: Final[dict[str, Callable[[Place], tuple[Any, dict[str, object]]]]] = {
    VERIFY: _verify,
    BACKUP: _backup,
    DOCTOR: _doctor,
}


def backups(folder: Path | None) -> list[Kept]:
    """The backups made from the desk, the latest first."""
    if folder is None or not folder.is_dir():
        return []
    found = ((file, file.stat()) for file in folder.glob("carepath-*.db"))
    kept = (Kept(file.name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC)) for file, told in found)
    return sorted(kept, key=lambda one: one.made, reverse=True)
