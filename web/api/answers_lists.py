"""What programs are answered about many patients, boards, the site, pathways and tokens."""

from __future__ import annotations

from datetime import date, datetime

from web.api.answers import PathwayRef
from web.api.values import Anything, Model


class Me(Model):
    """The token that asks."""

    account: str
    token: str
    scopes: tuple[str, ...]
    ends: datetime | None


class View(Model):
    """A list that an account keeps by a name; `query` as it stands in the address of the page."""

    page: str
    name: str
    query: str
    first: bool


class Views(Model):
    """The views of an account."""

    views: tuple[View, ...]


class Kind(Model):
    """A kind of problem."""

    kind: str
    status: int
    title: str


class Kinds(Model):
    """The kinds of problems."""

    problems: tuple[Kind, ...]


class Look(Model):
    """Somebody saw something, or recorded something about a patient."""

    at: datetime
    who: str
    account: str | None
    kind: str
    what: str
    details: Anything
    reason: str | None


class Looks(Model):
    """Who looked at a record and who recorded what, in the order of time."""

    number: int
    looks: tuple[Look, ...]


class PathwayRow(PathwayRef):
    """A pathway in short."""

    title: str
    main: bool


class Pathways(Model):
    """The pathways that ship, the main one first."""

    pathways: tuple[PathwayRow, ...]


class Pathway(PathwayRow):
    """A pathway: its canonical form, over which its fingerprint is made."""

    definition: Anything


class Vocabulary(Model):
    """What can be recorded, in which codes and units, and what it is called elsewhere."""

    entries: tuple[Anything, ...]


class Meeting(Model):
    """A meeting of a board: the last day for its list, places that are taken and left (null: no limit)."""

    at: datetime
    closes: date
    taken: int
    left: int | None


class Board(Model):
    """A tumour board that meets; `version`: its plan and its lists, to be sent with what changes the plan."""

    name: str
    version: str
    place: str
    chair: str | None
    capacity: int | None
    questions: tuple[str, ...]
    meetings: tuple[Meeting, ...]


class Boards(Model):
    """The boards of the site with their meetings that lie ahead."""

    boards: tuple[Board, ...]


class Lack(Model):
    """Something that a question needs and is not there, and who can provide it."""

    what: str
    who: str


class OnList(Model):
    """One patient on a list: the question, how much of what it needs is there, and the entry that decided."""

    number: int
    reference: str
    question: str
    title: str
    priority: str
    discussion: str
    ready: int
    needed: int
    standing: str
    missing: tuple[Lack, ...]
    decided: str | None


class Agenda(Model):
    """The list of a meeting, and those who are on the list of none that takes place."""

    board: str
    meeting: Meeting | None
    patients: tuple[OnList, ...]
    without_meeting: tuple[OnList, ...]


class InboxLine(Model):
    """What somebody was told of a patient. `standing`: whether it is still to be done (`open`), waits for the
    reason in `why` (`held`), is not so any more (`gone`), or cannot be derived (`unknown`).
    """

    number: int
    reference: str
    key: str
    item: str
    title: str
    due: date
    overdue_from: date | None
    rung: str
    told: datetime
    to: tuple[str, ...]
    standing: str
    why: str


class Inbox(Model):
    """The inbox of a person or team, the late first; how much is overdue of their patients, told or not."""

    of: str
    lines: tuple[InboxLine, ...]
    overdue_items: int
    overdue_patients: int
