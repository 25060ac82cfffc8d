"""Processes that record, started quickly, so that many can be killed or set upon the same patients."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from engine.history import retracted
from store.database import Database
from store.enforcement import Order, put_in_force, tried, undoing
from store.errors import MergedAway, Overtaken, Refused
from store.merging import merge, unmerge
from store.move import Move, move
from store.patient_view import look_up
from store.record import record_many
from store.recording import Recorded, Recording
from store.refresh import rebuild, refresh
from tests.keys import opened
from tests.store.cast import NOON, entries, event, say, story
from tests.store.toy import TOY_2, derivation

_context = get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.store.writers", "tests.store.dying", "cli.keys", "sqlalchemy.dialects.postgresql.psycopg"]
)

Work = Callable[..., None]


@contextlib.contextmanager
def started(work: Work, url: str, *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that does this work; what it tells comes through the connection, up to its end."""
    hearing, telling = _context.Pipe(duplex=False)
    process = _context.Process(target=work, args=(url, telling, *arguments))
    process.start()
    telling.close()
    try:
        yield process, hearing
    finally:
        process.kill()
        process.join()
        hearing.close()


def told(hearing: Connection) -> list[Any]:
    """All that is still told, until the other process has ended."""
    heard = []
    with contextlib.suppress(EOFError):
        while True:
            heard.append(hearing.recv())
    return heard


def reference(number: int) -> str:
    return f"V{number:02d}"


def visit(patient: int, name: str, **more: Any) -> Recording:
    """An entry with a name of its own in the system it comes from."""
    said = event("follow_up_visit", "2025-03-01", name, note=f"visit {name}")
    return Recording(reference(patient), entries(said, source_ids={name: name}), source="ward", **more)


def numbered(number: int, patients: int) -> Recording:
    return visit(number % patients, f"n{number}")


def keep_recording(url: str, telling: Connection, first: int, patients: int, together: int) -> None:
    """Record numbered visits for ever, single or several in one transaction; tell each once it is durable."""
    database = opened(url)
    telling.send("open")
    if together > 1:
        visits = (numbered(number, patients) for number in count(first))
        for answer in record_many(
            database, visits, recorder="w", now=NOON, derive=derivation, batch=together
        ):
            assert isinstance(answer, Recorded)
            telling.send(answer.reference)
    for number in count(first):
        telling.send(say(database, numbered(number, patients), recorder="w").reference)


def keep_importing(url: str, telling: Connection, together: int) -> None:
    """Import new patients for ever, so many in one transaction; tell each entry once it is durable."""
    database = opened(url)
    telling.send("open")
    stories = (story(f"w-{number}") for number in count())
    for answer in record_many(database, stories, recorder="w", now=NOON, derive=derivation, batch=together):
        assert isinstance(answer, Recorded)
        for added in answer.added:
            telling.send((answer.reference, added))


def record_visits(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Record visits in turn, looking first; whoever is overtaken says so, looks again, and records."""
    database = opened(url)
    seen = dict.fromkeys(range(patients), 5)
    for n in range(number):
        patient = (n * 7 + len(name)) % patients
        recording = visit(patient, f"{name}-{n}", expected=seen[patient])
        try:
            answer = say(database, recording, recorder=name)
        except Overtaken as error:
            telling.send(("overtaken", error.meanwhile))
            answer = say(database, visit(patient, f"{name}-{n}"), recorder=name)
        seen[patient] = answer.sequence
        telling.send(("recorded", answer.reference, f"{name}-{n}"))
    database.close()


def repeat_visits(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Send what another sends too, as a system does that was not answered."""
    database = opened(url)
    for n in range(number):
        patient = (n * 7 + len(name)) % patients
        answer = say(database, visit(patient, f"{name}-{n}"), recorder=name)
        telling.send(("recorded", answer.reference, f"{name}-{n}"))
    database.close()


def import_histories(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Import everybody again and again, each time with one more event."""
    database = opened(url)
    for n in range(max(1, number // patients)):
        for answer in _imported(database, f"{name}-{n}", patients):
            assert isinstance(answer, Recorded), answer.error
            telling.send(("recorded", answer.reference, f"{name}-{n}"))
    database.close()


def _imported(database: Database, name: str, patients: int) -> Iterator[Any]:
    board = event("board_held", "2025-02-20", question="mdt", decision="recommended")
    stories = (story(reference(patient), {**board, "id": name}) for patient in range(patients))
    return record_many(database, stories, recorder="import", now=NOON, derive=derivation, batch=7)


def derive_again(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Derive all rows anew, and those that time has overtaken, all the while."""
    database = opened(url)
    for _ in range(max(2, number // 10)):
        assert rebuild(database, now=NOON, derive=derivation).troubled == ()
        assert refresh(database, now=NOON, derive=derivation).troubled == ()
    telling.send(("derived",))
    database.close()


def record_somewhere(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Record visits about whoever takes entries at this moment."""
    database = opened(url)
    for n in range(number):
        visited = visit(_somebody(name, n, patients), f"{name}-{n}")
        with contextlib.suppress(MergedAway):
            say(database, visited, recorder=name)
            telling.send(("recorded", visited.reference, f"{name}-{n}"))
    database.close()


def join_and_part(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Merge two records, or undo what was merged, whoever did it."""
    database = opened(url)
    for n in range(number):
        one, other = _two(name, n, patients)
        said: Any = {"recorder": name, "now": NOON, "derive": derivation}
        with contextlib.suppress(MergedAway, Refused):
            merge(database, one, other, "registered twice", **said)
            telling.send(("merged",))
        with contextlib.suppress(MergedAway, Refused):
            unmerge(database, other if n % 3 else one, "two persons", **said)
            telling.send(("unmerged",))
    database.close()


def move_about(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Move the last entry of one record to another, and at times back."""
    database = opened(url)
    for n in range(number):
        one, other = _two(name, n, patients)
        with contextlib.suppress(MergedAway, Refused):
            entries = look_up(database, one, now=NOON, derive=derivation).dossier.entries
            gone = retracted(entries)
            movable = [e.id for e in entries if e.type != "retraction" and e.id not in gone]
            said = Move(one, movable[-1], other, "label") if movable else None
            if said:
                move(database, said, recorder=name, now=NOON, derive=derivation)
                telling.send(("moved",))
    database.close()


def put_in_force_and_back(url: str, telling: Connection, name: str, patients: int, number: int) -> None:
    """Put another version in force for everybody, and take it back."""
    database = opened(url)
    references = [reference(patient) for patient in range(patients)]
    for n in range(number):
        found = list(tried(database, Order(TOY_2), references, now=NOON, derive=derivation))
        said: Any = {"recorder": name, "now": NOON, "derive": derivation}
        answers = list(put_in_force(database, found, "agreed", f"C-{n}", **said))
        back = undoing(database, f"C-{n}", "not agreed").recordings
        answers += record_many(database, back, **said)
        for one in answers:
            if isinstance(one, Recorded):
                telling.send(("put",))
            else:
                assert isinstance(one.error, (Overtaken, MergedAway)), one.error
    database.close()


def _somebody(name: str, n: int, patients: int) -> int:
    return (n * 7 + len(name) + ord(name[0])) % patients


def _two(name: str, n: int, patients: int) -> tuple[str, str]:
    """Two different ones, in changing order."""
    one = _somebody(name, n, patients)
    return reference(one), reference((one + 1 + n % (patients - 1)) % patients)
