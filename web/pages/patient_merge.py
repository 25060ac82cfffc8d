"""Two records of one patient become one, and two again: compared first, with what that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection
from starlette.responses import Response

from interop.event_words import field_words, value_words
from interop.plain_text import day_words
from pathways.titles import state_title
from store import accounts, identities, merged
from store.differing import Contradictory, OtherPerson
from store.errors import MergedAway, Overtaken, Refused
from store.merging import Unmerged, merge_within, unmerge_within
from store.recording import Recorded
from web.door import check_reach
from web.form import Form
from web.once import came_before, check_seen, done_once, sequence_typed
from web.pages.patient_do import back, present
from web.pages.patient_others import Other, other_seen, searched
from web.pages.patient_preview import Preview, preview
from web.pages.patient_saving import REASON_TO_COME
from web.rules import WORKS, Pages
from web.shown.patient_seen import Seen
from web.visit import Stopped, Visit

PAGES = Pages()
_GONE = "This record was merged into another one"


@dataclass
class Comparison:
    """Two records beside each other. `differs` are facts of which they say different things, here and there;
    `apart` tells what makes them of two persons; `faults` what else stands against a merge.
    """

    preview: Preview | None = None
    differs: tuple[tuple[str, str, str], ...] = ()
    apart: tuple[str, ...] = ()
    faults: tuple[str, ...] = field(default=())


@PAGES.get("/patients/{number}/merge", WORKS)
def merge_form(visit: Visit) -> Response:
    """Whom to merge with; with `other`, both side by side."""
    found = present(visit)
    said = visit.asked("other")
    visit.seen("patient merge", found.number)
    return _merge_page(visit, found, _other(visit, found, said) if said else None)


@PAGES.post("/patients/{number}/merge", WORKS)
def merge(visit: Visit) -> Response:
    """Look for the other record, or merge it into the one in the address."""
    found, form = present(visit), Form(visit)
    visit.seen("patient merge", found.number)
    if visit.field("do") == "find":
        return _merge_page(visit, found, None, form, searched(visit, form, "patient merge"))
    if came_before(visit):
        return back(visit, "#st")
    other = _other(visit, found, visit.field("other", 20))
    reason = form.text("reason", 200, needed="Why are they one patient?")
    if form.fits:
        try:
            done_once(visit, lambda connection: _merged(connection, visit, found, other, reason))
            return back(visit, "#st")
        except OtherPerson:
            form.fault("same_person", "Say that they are one person although this differs.")
        except Refused as refused:
            form.refused(refused.faults, "reason")
        except MergedAway as away:
            raise Stopped(409, _GONE, f"It is part of the record #{away.patient_id}.") from None
        except Overtaken:
            found, other = present(visit), _other(visit, found, str(other.number))
            form.fault("reason", "Somebody recorded something meanwhile. Look at both as they are now.")
    return _merge_page(visit, found, other, form)


def _other(visit: Visit, found: Seen, said: str) -> Seen:
    other = other_seen(visit, said)
    if other.number == found.number:
        raise Stopped(422, "That cannot be done", "A record cannot be merged with itself.")
    visit.seen("patient merge", other.number)
    return other


def _merged(connection: Connection, visit: Visit, found: Seen, other: Seen, reason: str) -> str:
    ends = {found.number: "sequence", other.number: "other_sequence"}
    check_seen(connection, {number: sequence_typed(visit, name) for number, name in ends.items()})
    _merge(connection, visit, found, other, reason, same_person=bool(visit.field("same_person")))
    return "merged"


def _merge(
    connection: Connection, visit: Visit, found: Seen, other: Seen, reason: str, *, same_person: bool
) -> Recorded:
    here, there = (f"{identities.NUMBERED}{one.number}" for one in (found, other))
    name = visit.account.name
    return merge_within(connection, here, there, reason, name, visit.reckoning, same_person=same_person)


def _compared(visit: Visit, found: Seen, other: Seen) -> Comparison:
    """What a merge would change, or what stands against it; nothing is kept."""
    made = Comparison()
    for same_person in (False, True):
        try:
            with visit.database.writing(keeping=False) as connection:
                tried = _merge(connection, visit, found, other, REASON_TO_COME, same_person=same_person)
            made.preview = preview(found, tried)
            break
        except OtherPerson as apart:
            made.apart = tuple(one.message for one in apart.faults)
        except Contradictory as wrong:
            facts = ((one.fact, one.here, one.there) for one in wrong.facts)
            made.differs = tuple(
                (field_words(fact), value_words(here, day_words), value_words(there, day_words))
                for fact, here, there in facts
            )
            made.faults = tuple(one.message for one in wrong.others)
            break
        except Refused as refused:
            made.faults = tuple(one.message for one in refused.faults)
            break
    return made


def _merge_page(
    visit: Visit,
    found: Seen,
    other: Seen | None,
    form: Form | None = None,
    candidates: Sequence[Other] = (),
) -> Response:
    faults: Mapping[str, str] = form.faults if form else {}
    return visit.page(
        "patient_merge.html",
        422 if faults else 200,
        here="/",
        seen=found,
        beside=other,
        compared=_compared(visit, found, other) if other else None,
        candidates=candidates,
        once=visit.field("once", 80) or accounts.new_secret(),
        typed=form.typed if form else {},
        faults=faults,
        states=[state_title(one.view.snapshot.main.state, "main") for one in (found, other) if one],
    )


@PAGES.get("/patients/{number}/unmerge", WORKS)
def unmerge_form(visit: Visit) -> Response:
    """What undoing the last merge would change."""
    found = present(visit)
    visit.seen("patient unmerge", found.number)
    return _unmerge_page(visit, found)


@PAGES.post("/patients/{number}/unmerge", WORKS)
def unmerge(visit: Visit) -> Response:
    """Undo the last merge into the record in the address."""
    found, form = present(visit), Form(visit)
    _check_other(visit, found)
    visit.seen("patient unmerge", found.number)
    reason = form.text("reason", 200, needed="Why are they two again?")
    if form.fits:
        try:
            done_once(visit, lambda connection: _unmerged(connection, visit, reason))
            return back(visit, "#st")
        except Refused as refused:
            form.refused(refused.faults, "reason")
        except Overtaken:
            found = present(visit)
            form.fault("reason", "Somebody recorded something meanwhile. Look at it as it is now.")
    return _unmerge_page(visit, found, form)


def _check_other(visit: Visit, found: Seen) -> None:
    """Raises OtherTeam where the record that would be parted again is not theirs to see."""
    if merges := merged.active(line for line in found.view.lines if line.seq):
        check_reach(visit, merged.other_of(merges[-1]))


def _unmerged(connection: Connection, visit: Visit, reason: str) -> str:
    check_seen(connection, {visit.number: sequence_typed(visit)})
    _unmerge(connection, visit, reason)
    return "unmerged"


def _unmerge(connection: Connection, visit: Visit, reason: str) -> Unmerged:
    reference = f"{identities.NUMBERED}{visit.number}"
    return unmerge_within(connection, reference, reason, visit.account.name, visit.reckoning)


def _unmerge_page(visit: Visit, found: Seen, form: Form | None = None) -> Response:
    merges = merged.active(line for line in found.view.lines if line.seq)
    if not merges:
        raise Stopped(404, "No other record is merged into this one")
    number = merged.other_of(merges[-1])
    check_reach(visit, number)
    visit.seen("patient unmerge", number)
    with visit.database.writing(keeping=False) as connection:
        tried = _unmerge(connection, visit, REASON_TO_COME)
        person = identities.person_of(connection, number)
    there = tried.there.snapshot
    return visit.page(
        "patient_unmerge.html",
        422 if form and form.faults else 200,
        here="/",
        seen=found,
        number=number,
        person_=person,
        preview=preview(found, tried.here),
        state=state_title(there.main.state, there.main.key) if there else "",
        tried=tried,
        once=visit.field("once", 80) or accounts.new_secret(),
        typed=form.typed if form else {},
        faults=form.faults if form else {},
    )
