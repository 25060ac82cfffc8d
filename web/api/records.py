"""Records as a whole, by programs: a patient registered, put right, merged, parted; an entry moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from coordination.registering import NewPatient, register
from interop.difference_json import with_decisions
from pathways.library import all_pathways
from store import identities, merged
from store.identify import Identified
from store.merging import Unmerged, merge_within, unmerge_within
from store.move import Move, move_within
from store.recording import Recorded
from web.api import answers
from web.api import answers_records as told
from web.api.asked import IdentityAsked, MergeAsked, MoveAsked, RegisterAsked, UnmergeAsked
from web.api.door import Reading, answer_of
from web.api.patients import present, version_of
from web.api.problems import Failed
from web.api.recording import EntryId
from web.api.rules import Operations
from web.api.versions import Write, Writing, WritingNew, check_version
from web.api.versions import version_of as version_of_number
from web.door import check_reach
from web.shown import identity as shown
from web.visit import API, Visit

OPERATIONS = Operations()
WRITE = "patients:write"

_Done = TypeVar("_Done")


@OPERATIONS.post("/patients", WRITE, told.Registered)
def register_patient(write: WritingNew, asked: RegisterAsked) -> Response:
    """Register a patient. Where others may be the same person, nothing is kept: problem `duplicate`."""
    visit, new = write.visit, _new(asked)
    visit.seen("patient register", dry_run=asked.dry_run)

    def do(connection: Connection) -> Recorded:
        name, teams = visit.account.name, visit.account.teams
        return register(connection, new, recorder=name, source=API, at=visit.reckoning, teams=teams)

    if asked.dry_run:
        with visit.database.writing(keeping=False) as connection:
            state = _state(do(connection))
        return answer_of(told.Registered(number=None, version=None, dry_run=True, state=state))

    def made(connection: Connection) -> tuple[int, Callable[[str], BaseModel]]:
        done = do(connection)
        number, state = done.patient_id, _state(done)
        return number, lambda tag: told.Registered(number=number, version=tag, dry_run=False, state=state)

    return write.made(made)


def _new(asked: RegisterAsked) -> NewPatient:
    main = all_pathways()[0].id
    return NewPatient(
        reference=asked.reference,
        name=asked.name,
        birth_date=asked.birth_date,
        numbers=asked.numbers,
        facts=asked.facts,
        pathways=None if asked.companions is None else (main, *asked.companions),
        suspected_on=asked.suspected_on,
        owner=asked.owner,
        others=frozenset(asked.different_from),
        reason=asked.reason.strip(),
    )


@OPERATIONS.get("/patients/{number}/identity", "patients:read", told.Identity)
def identity(visit: Reading) -> Response:
    """Who a patient is: name, date of birth, numbers."""
    tag, found = version_of(visit), present(visit)
    visit.seen("patient identity", found.number)
    one = found.person
    made = told.Identity(
        number=found.number,
        version=tag,
        reference=one.reference if one else None,
        name=one.name if one else None,
        birth_date=one.birth_date if one else None,
        numbers=dict(one.numbers) if one else {},
    )
    return answer_of(made, tag)


@OPERATIONS.post("/patients/{number}/identity", WRITE, told.Identified)
def put_right(write: Writing, asked: IdentityAsked) -> Response:
    """Put right who a patient is; another date of birth is a correction in the story."""
    visit = write.visit
    visit.seen("patient identity", present(visit).number, dry_run=asked.dry_run)

    def do(connection: Connection) -> Identified:
        return shown.put_right(connection, visit, **asked.model_dump(exclude={"dry_run"}))

    def made(done: Identified, tag: str) -> BaseModel:
        changes = _changes(done.recorded) if done.recorded else None
        said = {"number": visit.number, "version": tag, "dry_run": asked.dry_run}
        return told.Identified(**said, changed=done.changed, changes=changes)

    return _done(write, do, made, dry_run=asked.dry_run)


@OPERATIONS.post("/patients/{number}/merge", WRITE, told.Merged)
def merge(write: Writing, asked: MergeAsked) -> Response:
    """Make another record part of this one: it tells what both told, and the other takes nothing more."""
    visit = write.visit
    _look_at_both(visit, asked.other, "patient merge", dry_run=asked.dry_run)

    def do(connection: Connection) -> Recorded:
        check_version(connection, visit, asked.other, asked.other_version or None)
        here, there = _reference(visit.number), _reference(asked.other)
        name, same = visit.account.name, asked.same_person
        return merge_within(connection, here, there, asked.reason, name, visit.reckoning, same_person=same)

    def made(done: Recorded, tag: str) -> BaseModel:
        said = {"number": visit.number, "version": tag, "dry_run": asked.dry_run, "other": asked.other}
        return told.Merged(**said, state=_state(done), changes=_changes(done))

    return _done(write, do, made, asked.other, dry_run=asked.dry_run)


@OPERATIONS.post("/patients/{number}/unmerge", WRITE, told.Unmerged)
def unmerge(write: Writing, asked: UnmergeAsked) -> Response:
    """Undo the latest merge into this record."""
    visit = write.visit
    merges = merged.active(line for line in present(visit).view.lines if line.seq)
    if not merges:
        raise Failed("impossible", "No other record is merged into this one.")
    other = merged.other_of(merges[-1])
    check_reach(visit, other)
    for number in (visit.number, other):
        visit.seen("patient unmerge", number, dry_run=asked.dry_run)

    def do(connection: Connection) -> Unmerged:
        name, reference = visit.account.name, _reference(visit.number)
        return unmerge_within(connection, reference, asked.reason, name, visit.reckoning)

    def made(done: Unmerged, tag: str) -> BaseModel:
        said = {"number": visit.number, "version": tag, "dry_run": asked.dry_run, "other": other}
        state, changes = _state(done.here), _changes(done.here)
        return told.Unmerged(**said, state=state, stays=done.stays, idle=done.idle, changes=changes)

    return _done(write, do, made, other, dry_run=asked.dry_run)


@OPERATIONS.post("/patients/{number}/entries/{entry}/move", WRITE, told.Moved)
def move(write: Writing, entry: EntryId, asked: MoveAsked) -> Response:
    """Take an entry to the patient whom it concerns: taken back here and recorded there, both or neither."""
    visit = write.visit
    _look_at_both(visit, asked.to, "patient move", dry_run=asked.dry_run)

    def do(connection: Connection) -> tuple[Recorded, Recorded]:
        check_version(connection, visit, asked.to, asked.to_version or None)
        said = Move(_reference(visit.number), entry, _reference(asked.to), asked.reason)
        return move_within(connection, said, visit.account.name, visit.reckoning)

    def made(done: tuple[Recorded, Recorded], tag: str) -> BaseModel:
        gone, come = done
        said = {"number": visit.number, "version": tag, "dry_run": asked.dry_run, "to": asked.to}
        changes = {"changes": _changes(gone), "changes_there": _changes(come)}
        return told.Moved(**said, entry=come.added[0], **changes)

    return _done(write, do, made, asked.to, dry_run=asked.dry_run)


def _look_at_both(visit: Visit, other: int, what: str, *, dry_run: bool) -> None:
    """Raises OtherTeam and Failed: both have to be there, and within reach."""
    if other == visit.number:
        raise Failed("impossible", "Both are the same record.")
    check_reach(visit, other)
    present(visit)
    with visit.database.reading() as connection:
        version_of_number(connection, visit, other)  # whoever is not there, or part of another, has none
    for number in (visit.number, other):
        visit.seen(what, number, dry_run=dry_run)


def _done(
    write: Write,
    do: Callable[[Connection], _Done],
    made: Callable[[_Done, str], BaseModel],
    other: int | None = None,
    *,
    dry_run: bool,
) -> Response:
    """Do it, or try it and keep nothing; `made` is the answer. `other` is another record it is about."""
    visit = write.visit
    if dry_run:
        with visit.database.writing(keeping=False) as connection:
            tried = do(connection)
        return write.tried(lambda tag: made(tried, tag))

    def doing(connection: Connection) -> Callable[[str], BaseModel]:
        done = do(connection)
        return lambda tag: made(done, tag)

    return write.done(doing, beside=other)


def _reference(number: int) -> str:
    return f"{identities.NUMBERED}{number}"


def _state(recorded: Recorded) -> str:
    return recorded.snapshot.main.state if recorded.snapshot else ""


def _changes(recorded: Recorded) -> answers.Changes:
    return answers.Changes.model_validate(with_decisions(recorded.difference))
