"""What `carepath doctor` looks at: what was found, and what is to be done where not all is well."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from cli.check import Check
from cli.copied import shown
from cli.days import plural
from cli.processors import processors
from cli.progress import counted
from cli.settings import CarepathSettings
from cli.site_keys import key_file
from cli.workplace import Workplace
from store import clock, health, whole_file
from store.backup import checked, left_over, unpacked
from store.database import open_existing, revision_of, sqlite_file
from store.errors import CannotOpen
from store.recheck import differing
from store.refresh import everybody
from store.schema import REVISION

sample = 200
"""Patients whose rows are derived anew, unless all are wanted."""

long_waiting = 7
"""Days after which somebody should have looked at a list."""

most_skew = timedelta(seconds=5)
"""Between two clocks that are set by a time server there is less."""

set_back = timedelta(minutes=1)
"""Less is what a time server corrects."""

least_room = 200_000_000

_rebuild = "`carepath rebuild`; after an update of carepath this is to be expected"


def of_the_tables(url: str) -> Check:
    """Whether the database answers, and has the tables this program works with."""
    try:
        found = revision_of(url)
    except CannotOpen as error:
        return Check("database", str(error), "set CAREPATH_DATABASE_URL, or mend what is said here")
    if found is None:
        return Check("database", f"{shown(url)} is empty", "`carepath import` or `record` makes the tables")
    if found > REVISION:
        told = f"schema {found} of a newer carepath; this one knows up to {REVISION}"
        return Check("database", told, "use the carepath that wrote it (docs/operation.md, the way back)")
    if found < REVISION:
        told = f"schema {found}; this carepath needs {REVISION}"
        return Check("database", told, "make a backup, stop all others, `carepath database upgrade`")
    return Check("database", f"{shown(url)} answers; schema {found}, as this carepath needs it")


def of_the_keys(url: str) -> Check:
    """Whether the keys are there, private, and those of the database."""
    try:
        open_existing(url, CarepathSettings.read().site_keys()).close()
    except CannotOpen as error:
        return Check("keys", str(error), "CAREPATH_KEY_FILE must name the keys it was written with")
    return Check("keys", "the keys are those of the database")


def of_the_content(here: Workplace, *, full: bool, quiet: bool) -> Iterator[Check]:
    """Whether the ledger holds, lists follow from it, nothing is stuck, reminders go out, clocks agree."""
    from cli.channel_checks import of_the_channels
    from cli.worker_checks import of_the_workers

    chains = _chains(here)
    yield chains
    looks: dict[str, Callable[[], Iterable[Check]]] = {
        "lists": lambda: [_lists(here, full, quiet)],
        "stuck": lambda: [_stuck(here)],
        "waiting": lambda: [_waiting(here)],
        "worker": lambda: of_the_workers(here),
        "channels": lambda: of_the_channels(here),
        "clock": lambda: _clocks(here),
        "erasure": lambda: _erasure(here),
    }
    for name, look in looks.items():
        try:
            yield from look()
        except Exception as error:  # an altered row can break whatever reads it
            if not chains.to_do:
                raise
            told = f"not to be told from what is altered ({type(error).__name__})"
            yield Check(name, told, "see to the ledger first")


def of_the_machine(url: str) -> Iterator[Check]:
    """Whether there is room, files are readable by their owner only, and nobody who was killed left any."""
    keys = key_file()
    if keys and (left := whole_file.left_over(keys.resolve())):
        told = f"killed commands have left copies of the keys: {_named(left)}"
        yield Check("key file", told, "delete them, unless keys are being replaced at this moment")
    place = sqlite_file(url)
    if place is None:
        yield Check("disk", "the room on the server cannot be told from here; ask who runs it")
    else:
        yield _room(place)
        yield _rights(place)
    folders = [*([place.parent] if place else []), CarepathSettings.read().backups_folder(place)]
    made = (one for folder in dict.fromkeys(folders) for one in left_over(folder))
    if left := [*made, *unpacked(clock.now())]:
        told = f"killed backups have left copies of the database: {_named(left)}"
        yield Check("backups", told, "delete them, unless a backup is being made at this moment")


def _named(files: Iterable[Path]) -> str:
    return ", ".join(map(str, files))


def _chains(here: Workplace) -> Check:
    found = checked(here.database)
    size = f"{plural(found.patients, 'patient')}, {found.entries:,} entries"
    if not found.problems:
        return Check("ledger", f"{size}; every chain of entries holds")
    more = len(found.problems) - 1
    told = f"{found.problems[0]}{f' (and {more:,} more)' if more else ''}"
    return Check(
        "ledger",
        f"{size}; not as they were recorded: {told}",
        "stop recording; `carepath verify` tells all; find the last backup that holds (docs/operation.md)",
    )


def _lists(here: Workplace, full: bool, quiet: bool) -> Check:
    patients = everybody(here.database)
    chosen = patients if full else patients[:: max(1, -(-len(patients) // sample))]
    answers = differing(here.database, chosen, now=here.now, derive=here.derive, jobs=processors())
    wrong = sum(differs for _, differs in counted(answers, len(chosen), "patients", quiet=quiet))
    looked_at = f"{len(chosen):,} of {plural(len(patients), 'patient')} derived anew"
    if not wrong:
        return Check("lists", f"{looked_at}: the lists say the same")
    return Check("lists", f"{looked_at}: the lists say something else of {wrong:,}", _rebuild)


def _stuck(here: Workplace) -> Check:
    with here.database.reading() as connection:
        number = health.troubled(connection)
    if not number:
        return Check("stuck", "nobody: every patient could be derived")
    told = f"{plural(number, 'patient')} could not be derived; the lists keep older rows, marked with !"
    return Check("stuck", told, "`carepath rebuild` names them; if it stays so, update carepath or report it")


def _waiting(here: Workplace) -> Check:
    with here.database.reading() as connection:
        number = health.waiting(connection, here.now)
        long = health.waiting(connection, here.now, long_waiting)
    if long:
        told = f"the rows of {plural(long, 'patient')} wait since more than {long_waiting} days"
        return Check("waiting", told, "`carepath list` brings them up to date; somebody should look daily")
    told = f"{plural(number, 'patient')}, for the next list" if number else "nobody: all lists are up to date"
    return Check("waiting", told)


def _erasure(here: Workplace) -> Iterator[Check]:
    with here.database.reading() as connection:
        number = health.not_cleaned(connection)
    if number is not None:
        told = f"the database's files may still hold who #{number} was, or somebody else who was erased"
        again = f'`carepath erase "#{number}" --reason requested` again when nobody works with the database'
        yield Check("erasure", told, f"{again} (docs/operation.md, Erasure)")


def _clocks(here: Workplace) -> Iterator[Check]:
    with here.database.reading() as connection:
        skew = health.clock_ahead(connection)
        ahead = health.recorded_ahead(connection, clock.now())  # others record while the checks are made
        back = health.gone_back(connection, set_back)
    if back:
        told = f"the access log goes back in time {plural(back, 'time')}: a clock was set back"
        yield Check("clock", told, "set the clocks of all machines by a time server; what was recorded stays")
    if skew is not None:
        yield _clock(
            abs(skew), "the clocks of the server and of this machine", "agree", f"are {_told(skew)} apart"
        )
    yield _clock(ahead, "the latest entry", "is not in the future", f"is {_told(ahead)} in the future")


def _clock(apart: timedelta, what: str, well: str, wrong: str) -> Check:
    if apart <= most_skew:
        return Check("clock", f"{what} {well}")
    return Check("clock", f"{what} {wrong}", "set the clocks of all machines by a time server")


def _told(apart: timedelta) -> str:
    seconds = round(abs(apart).total_seconds())
    return f"{seconds:,} s" if seconds < 7200 else f"{seconds // 3600:,} h"


def _room(place: Path) -> Check:
    free, size = shutil.disk_usage(place.parent).free, place.stat().st_size
    told = f"{_size(free)} free beside the database, which has {_size(size)}"
    if free > max(least_room, 2 * size):
        return Check("disk", told)
    return Check("disk", told, "make room: an upgrade keeps a copy, and a full disk records nothing")


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def _rights(place: Path) -> Check:
    if os.name == "nt":
        return Check("files", "who may read them is not looked at on Windows")
    files = [place, *(place.with_name(f"{place.name}-{end}") for end in ("wal", "shm"))]
    there = [file for file in files if file.exists()]
    open_ = [file for file in there if file.stat().st_mode & 0o077]
    if not open_:
        return Check("files", "readable by their owner only")
    return Check("files", f"others may read {_named(open_)}", f"chmod 600 {' '.join(map(str, open_))}")
