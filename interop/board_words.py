"""How what boards need, and where patients stand on their lists, is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from coordination.boards import Seen
from coordination.entries import Person
from coordination.meetings import Meeting
from coordination.patient_desk import Listing
from coordination.providers import who_provides
from coordination.readiness import Datum, Readiness
from coordination.reasons import deferral_words
from coordination.site_desk import SiteDesk
from engine.answer import plain
from interop.event_words import SayDay, datum_words
from pathways.texts.wording import code_name, event_noun
from pathways.worded import Worded, data, joined, worded


def question_words(question: str) -> str:
    """The question's code in words."""
    return code_name(question)


def on(at: datetime, site: SiteDesk) -> str:
    """`Thu 2026-11-26 16:00`, by the site's clocks."""
    return f"{at.astimezone(site.site.time_zone):%a %Y-%m-%d %H:%M}"


def on_day(day: date) -> str:
    """`Tue 2026-11-24`."""
    return f"{day:%a %Y-%m-%d}"


def missing_words(one: Datum, seen: Seen, say_day: SayDay = date.isoformat) -> str:
    """What is missing of one of the data: `Staging is complete: no imaging`."""
    title = data(one.title) if one.by_site else worded(one.title)
    return worded("{title}: {lacks}", title=title, lacks=joined("; ", _parts(one, seen, say_day)))


def _parts(one: Datum, seen: Seen, say_day: SayDay) -> Iterator[str]:
    events = {event.id: event for event in seen.events}
    if one.absent:
        yield worded("no {kind} is recorded", kind=_kinds(one.absent))
    for text in one.unmet:
        yield worded("not met: {clause}", clause=worded(text))
    for name in one.unknown:
        entry, _, path = name.partition(".")
        known = entry in events or not path or entry in ("primary", "findings")
        yield worded("unknown: {datum}", datum=datum_words(name, events, say_day) if known else worded(name))


def _kinds(types: Sequence[str]) -> Worded:
    """`imaging`, `imaging or tissue result`."""
    if len(types) == 2:
        first, second = (worded(event_noun([one], False)) for one in types)
        return worded("{a} or {b}", a=first, b=second)
    return worded(event_noun(types, False))


def providers(one: Datum, seen: Seen, site: SiteDesk, day: date) -> tuple[Person, ...]:
    """Who can provide it."""
    return who_provides(site, seen.said, seen.kinds(one), day)


def readiness_json(found: Readiness, seen: Seen, site: SiteDesk, day: date) -> dict[str, Any]:
    """All the data with everything about them."""
    return {
        "ready": len(found.data) - len(found.missing),
        "of": len(found.data),
        "data": [
            {
                "id": one.id,
                "title": one.title,
                "standing": one.standing,
                "missing": None if one.ready else missing_words(one, seen),
                "unknown": list(one.unknown),
                "absent": list(one.absent),
                "unmet": list(one.unmet),
                "against": list(one.against),
                "statements": list(one.statements),
                "by_site": one.by_site,
                "asked": [] if one.ready else [person.name for person in providers(one, seen, site, day)],
            }
            for one in found.data
        ],
    }


def listing_json(one: Listing) -> dict[str, Any]:
    """Where a question stands on a list."""
    said = one.entry
    return {
        "board": said.board,
        "meeting": plain(one.meeting),
        "question": said.question,
        "priority": said.priority,
        "discussion": said.discussion,
        "late": said.late,
        "over": said.over,
        "reason": said.reason or None,
        "listed_by": one.noted.by,
        "listed_at": plain(one.noted.at),
        "put_off": [
            {"from": plain(each.meeting), "to": plain(each.to), "code": each.code, "text": each.text or None}
            for each, _ in one.put_off
        ],
    }


def meeting_json(one: Meeting) -> dict[str, Any]:
    """A meeting with its places."""
    return {
        "board": one.board.name,
        "meeting": plain(one.at),
        "closes": plain(one.closes),
        "capacity": one.board.capacity,
        "taken": one.taken,
        "left": one.left,
        "takes_place": one.takes_place,
    }


def listing_words(one: Listing) -> Iterator[str]:
    """What is to be known of a listing beside the question."""
    said = one.entry
    if said.priority == "urgent":
        yield "urgent"
    if said.discussion != "full":
        yield "standard of care, for the record"
    if said.late:
        yield f"added after the list was closed: {said.reason}"
    elif said.over:
        yield f"added beyond the places: {said.reason}"
    if one.put_off:
        last, _ = one.put_off[-1]
        times = f" ({len(one.put_off)} times)" if len(one.put_off) > 1 else ""
        yield f"put off{times}: {deferral_words(last.code, last.text)}"
