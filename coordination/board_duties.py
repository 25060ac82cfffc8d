"""What is missing for a board as duties of those who can provide it, dated by when the list closes.

Each of the data that is missing of a listed patient is one, from the day of listing until the meeting; it
ends when the data come, when the patient is taken off the list, and with the meeting. Whose question is on no
meeting that lies ahead is a duty, too, until somebody says to which it goes. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Final, Literal

from coordination.boards import Seen, answered
from coordination.entries import Board, Item
from coordination.meetings import closing
from coordination.patient_desk import Listing, PatientDesk
from coordination.progress import Reported
from coordination.readiness import Datum
from coordination.site_desk import BOARD_ITEM, SiteDesk
from engine.snapshot import TimerItem
from pathways.texts.wording import event_noun, field_name
from pathways.worded import data, joined, worded

MEETING: Final = f"{BOARD_ITEM}meeting"
"""The item of whose question is on no meeting that lies ahead."""
Astray = Literal["cancelled", "none", "over"]
"""Why: the meeting does not take place, it was put off to none, or it is over and no decision is recorded."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody is to provide, of these kinds, for a board's meeting on a day: one of the data that it
    lacks, or, of a question that is on no meeting ahead, to which it goes. The day is then that of the
    meeting that was, or on which the question was put off.
    """

    about: Item
    timer: TimerItem
    kinds: tuple[str, ...]
    board: str
    meeting: date
    lacks: Datum | Astray


def is_for_board(about: Item) -> bool:
    """Whether something due is what a board still needs to know."""
    return about.item.startswith(BOARD_ITEM)


def board_duties(seen: Seen, site: SiteDesk, today: date) -> Mapping[Item, Duty]:
    """Those of one patient on a day."""
    if seen.excluded:
        return {}
    zone = site.site.time_zone
    found = [
        duty
        for board, listing in standing(site, seen.said, today)
        if not answered(seen.boards, listing, zone)
        for duty in _of_listing(seen, site, board, listing, today)
    ]
    found += [
        _to_which_meeting(site, board, listing, why, seen, today)
        for board, listing, why in _astray(site, seen.said, today)
        if not answered(seen.boards, listing, zone)
    ]
    return {one.about: one for one in found}


def standing(site: SiteDesk, said: PatientDesk, today: date) -> Iterator[tuple[Board, Listing]]:
    """What a patient is listed for at meetings that take place today or later."""
    for listing in said.listings.values():
        board = site.boards.get(listing.entry.board)
        if board and listing.meeting in board.calls and day_of(site, listing) >= today:
            yield board, listing


def _astray(site: SiteDesk, said: PatientDesk, today: date) -> Iterator[tuple[Board, Listing, Astray]]:
    """What a patient is listed for, but at no meeting that lies ahead."""
    for listing in said.listings.values():
        board = site.boards.get(listing.entry.board)
        if board is None:
            continue
        if listing.meeting is None:
            yield board, listing, "none"
        elif listing.meeting not in board.calls:
            yield board, listing, "cancelled"
        elif day_of(site, listing) < today:
            yield board, listing, "over"


def day_of(site: SiteDesk, listing: Listing) -> date:
    """The day of the meeting for which something is listed."""
    assert listing.meeting is not None, "what is listed for no meeting has no day"
    return listing.meeting.astimezone(site.site.time_zone).date()


def ends_on(site: SiteDesk, said: PatientDesk, today: date) -> list[date]:
    """The days after meetings, with which duties for them end."""
    return [day_of(site, listing) + timedelta(1) for _, listing in standing(site, said, today)]


def board_days(site: SiteDesk, said: PatientDesk, today: date) -> Mapping[tuple[str, str], date]:
    """By pathway and step: the day of the first meeting for which it is listed."""
    found: dict[tuple[str, str], date] = {}
    for _, listing in standing(site, said, today):
        key = listing.entry.pathway, listing.entry.step
        day = day_of(site, listing)
        found[key] = min(day, found.get(key, day))
    return found


def _of_listing(seen: Seen, site: SiteDesk, board: Board, listing: Listing, today: date) -> Iterator[Duty]:
    said, at = listing.entry, listing.meeting
    assert at is not None, "it is listed for a meeting"
    zone, meeting = site.site.time_zone, day_of(site, listing)
    noted = listing.put_off[-1][1] if listing.put_off else listing.noted
    opens = min(noted.at.astimezone(zone).date(), meeting)
    due = max(closing(site, board, at), opens)
    overdue = due + timedelta(1) if due < meeting else None
    status = "overdue" if overdue and today >= overdue else "open"
    anchor = (board.name, said.question, at.astimezone(UTC).isoformat())
    reported = Reported.of(seen.events, site.site)
    for one in seen.readiness(site, said.question, said.pathway, said.step).missing:
        item = f"{BOARD_ITEM}{one.id}"
        about = Item(pathway=said.pathway or seen.snapshot.main.key, item=item, due=due, anchor=anchor)
        if reported.refused(about.model_copy(update={"due": opens})):
            continue  # nobody asks again for what the patient declined, or must not have
        day = _day(meeting)
        title = worded("For {board} on {day}: {lacking}", board=board.name, day=day, lacking=lacking(one))
        timer = TimerItem(item, title, opens, due, overdue, None, status, one.statements, anchor)
        yield Duty(about, timer, seen.kinds(one), board.name, meeting, one)


def _to_which_meeting(
    site: SiteDesk, board: Board, listing: Listing, why: Astray, seen: Seen, today: date
) -> Duty:
    """Somebody has to say to which meeting a question goes: by the day of the one that does not take place,
    the day after the one that is over, and before the next one's list closes when it was put off to none.
    """
    said, zone = listing.entry, site.site.time_zone
    noted = listing.put_off[-1][1] if listing.put_off else listing.noted
    opens = noted.at.astimezone(zone).date()
    if listing.meeting is None:
        last = max(noted.at, listing.put_off[-1][0].meeting)
        day, anchor = opens, noted.at
        following = (closing(site, board, at) for at in board.calls if at > last)
        due = max(next(following, opens), opens)
    else:
        day, anchor = day_of(site, listing), listing.meeting
        due = day + timedelta(1) if why == "over" else day
        opens = due if why == "over" else min(opens, day)
    overdue = due + timedelta(1)
    key = (board.name, said.question, anchor.astimezone(UTC).isoformat())
    about = Item(pathway=said.pathway or seen.snapshot.main.key, item=MEETING, due=due, anchor=key)
    title = worded(_ASTRAY[why], board=board.name, day=_day(day))
    status = "overdue" if today >= overdue else "open"
    timer = TimerItem(MEETING, title, opens, due, overdue, None, status, (), key)
    return Duty(about, timer, (), board.name, day, why)


_ASTRAY: Final[Mapping[Astray, str]] = {
    "cancelled": "For {board}: the meeting of {day} does not take place; on which one instead?",
    "none": "For {board}: put off on {day} to no meeting; to which one?",
    "over": "For {board}: no decision of the meeting of {day} is recorded; what was it, or when instead?",
}


_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _day(day: date) -> str:
    """`Thu 13 Mar`."""
    weekday, month = worded(_WEEKDAYS[day.weekday()]), worded(f"{day:%b}")
    return worded("{weekday} {day} {month}", weekday=weekday, day=day.day, month=month)


def lacking(one: Datum) -> str:
    """What is missing of one of the data, in words that tell no entry of the patient."""
    title = data(one.title) if one.by_site else worded(one.title)
    return worded("{title} ({lacks})", title=title, lacks=joined("; ", _lacks(one)))


def _lacks(one: Datum) -> Iterator[str]:
    if one.absent:
        kind = event_noun(one.absent, False) if len(one.absent) > 1 else worded(event_noun(one.absent, False))
        yield worded("no {kind} recorded", kind=kind)
    for text in one.unmet:
        yield worded("not met: {clause}", clause=worded(text))
    if names := dict.fromkeys(_name(name) for name in one.unknown):
        yield worded("{names} unknown", names=joined(", ", map(worded, names)))


def _name(path: str) -> str:
    """A datum as a verdict names it, without the entry or the lesion it is of."""
    return field_name(path.rsplit(".", 1)[-1]) if not path.startswith("primary.") else field_name(path)
