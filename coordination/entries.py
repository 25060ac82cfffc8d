"""What can be said at the desk: the kinds of entries, checked as they are said and as they are read back.

Said again about the same name, an entry takes the place of the one before; all of them are kept. None of
these numbers is from a guideline: they are a site's own choice, and the defaults are the project's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

LONGEST = 2000
"""Characters of a text."""

Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\s#,;/\p{C}][^,;/\p{C}\p{Zl}\p{Zp}]*$")]
"""All its characters are seen: none turns the direction of writing, or the colour of what is shown."""
Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Weekday = Annotated[int, Field(ge=1, le=7)]
"""As ISO 8601 counts: Monday is 1."""

Role = Literal["owner", "team", "clinician", "lead"]
"""To whom a rung of the ladder goes, seen from the patient."""

AccountRole = Literal["coordinator", "clinician", "chair", "auditor", "administrator"]
"""What people may do at the desk in a browser."""

Rung = Literal[
    "before_opening", "opening", "before_due", "due", "overdue", "escalated", "escalated_again", "unanswered",
    "resumed",
]  # fmt: skip
"""In the order in which they come; a later one overtakes those before it. `unanswered`: nobody answered a
rung within the days that its step expects. `resumed`: a day until which
somebody had taken it on, put it off, deferred or booked it has passed, and it is still to be done.
"""
RUNGS = get_args(Rung)
LADDER_RUNGS = RUNGS[:-2]
"""Those that a ladder may have, in their order."""


class Entry(BaseModel):
    """One thing said; `kind` is the name under which it is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """What is kept, as JSON values."""
        return self.model_dump(mode="json")


class Person(Entry):
    """Somebody who works here. `name` is what `--user` says; it is what patients are assigned to."""

    kind: ClassVar[str] = "person"

    name: Name
    full_name: str = ""
    role: Literal["coordinator", "clinician", "lead"] = "coordinator"
    addresses: Mapping[str, str] = {}
    """Where each channel beside the inbox reaches this person, such as email -> anna@example.org."""
    digest: Literal["daily", "weekly"] = "daily"
    digest_weekday: Weekday = 1
    digest_at: time = time(7, 30)
    singly: tuple[Rung, ...] = ("escalated", "escalated_again")
    """The rungs that are told at once, by themselves."""
    language: Literal["en", "de"] = "en"
    quiet_from: time = time(18)
    quiet_until: time = time(7)
    working_days: tuple[Weekday, ...] = (1, 2, 3, 4, 5)
    active: bool = True


class Team(Entry):
    """Several people who share patients; `lead` answers for it."""

    kind: ClassVar[str] = "team"

    name: Name
    members: tuple[Name, ...] = ()
    lead: Name | None = None
    active: bool = True


class Absence(Entry):
    """Somebody is away from one day to another, both included; the deputy gets what would come to them.

    An absence that begins on the same day takes the place of the one before; with `last` before `first` there
    is none.
    """

    kind: ClassVar[str] = "absence"

    person: Name
    first: date
    last: date
    deputy: Name | None = None


class Site(Entry):
    """How this site works, as a whole."""

    kind: ClassVar[str] = "site"

    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    own_holidays: tuple[date, ...] = ()
    working_days: tuple[Weekday, ...] = (1, 2, 3, 4, 5)
    pool: Name | None = None
    """Who looks after patients that nobody owns."""
    lead: Name | None = None
    language: Literal["en", "de"] = "en"
    link: str = ""
    """Where a message says the patient is found, the reference behind it; empty: no link."""
    reference_in_messages: bool = True
    names_in_messages: bool = False
    undated_days: Annotated[int, Field(ge=0, le=365)] = 14
    """Working days after which an undated duty gets its working date."""
    snooze_days: Annotated[int, Field(ge=1, le=90)] = 14
    """The most days for which something may be put off at once."""
    wait_days: Annotated[int, Field(ge=1, le=366)] = 90
    """The most days, from today or from its due date, for which something may be taken on, deferred or
    booked ahead.
    """
    untracked_days: Annotated[int, Field(ge=1, le=365)] = 30
    """Days without a comment after which a patient counts as not tracked."""
    carry_out_days: Annotated[int, Field(ge=1, le=365)] = 10
    """Working days within which a board's decision is to be carried out, and each step towards that taken."""
    smallest_reported: Annotated[int, Field(ge=1, le=100)] = 5
    """The least number of people that a report tells which leaves the house."""
    factor_roles: tuple[AccountRole, ...] = ()
    """Whoever has one of these roles signs in with a second factor, or with nothing but setting one up."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        try:
            ZoneInfo(self.zone)
        except (ValueError, KeyError, OSError):
            told = f"there is no time zone {self.zone!r}; one is named as Europe/Berlin is"
            raise ValueError(told) from None
        return self

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which the site's days begin."""
        return ZoneInfo(self.zone)


class Step(BaseModel):
    """One rung of a ladder: so many days from its own day, to whom, and by when an answer is expected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rung: Rung
    days: Annotated[int, Field(ge=0, le=180)] = 0
    """Before the day for before_opening and before_due; after it for the others."""
    to: tuple[Role, ...] = ("owner",)
    answer_days: Annotated[int, Field(ge=1, le=90)] | None = None
    """Working days after the day on which it was told, within which somebody should have answered."""


class Ladder(Entry):
    """Which rungs there are, for a pathway and a due item of it, or for all (empty).

    Without `steps` it has none of its own any more, and those of what it is part of hold.
    """

    kind: ClassVar[str] = "ladder"

    pathway: str = ""
    item: str = ""
    steps: tuple[Step, ...] | None


class Board(Entry):
    """A tumour board that meets: where, under whom, and when."""

    kind: ClassVar[str] = "board"

    name: Name
    place: str = ""
    chair: Name | None = None
    meetings: tuple[datetime, ...] = ()
    minutes: Annotated[int, Field(ge=5, le=600)] = 60
    closes_days: Annotated[int, Field(ge=0, le=30)] = 2
    """Working days before a meeting after which nobody is put on its list."""
    capacity: Annotated[int, Field(ge=1, le=200)] | None = None
    """Patients that are discussed at one meeting; null: as many as there are."""
    questions: tuple[Name, ...] = ()
    """The codes of the questions it takes; empty: all."""
    active: bool = True

    @property
    def calls(self) -> tuple[datetime, ...]:
        """The meetings that take place."""
        return self.meetings if self.active else ()

    def takes(self, question: str) -> bool:
        """Whether a question is one for this board."""
        return not self.questions or question in self.questions


class BoardItem(Entry):
    """What this site wants known before a board, or does not ask for; it takes the place of what a pathway
    asks for under the same name. `needs` is the type of an entry, or a fact about the patient.
    """

    kind: ClassVar[str] = "board_item"

    name: Name
    question: str = ""
    """Only of this question; empty: of all."""
    title: str = ""
    needs: str = ""
    wanted: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.wanted and not (self.title and self.needs):
            raise ValueError("what is asked for besides needs a title, and what entry or fact answers it")
        return self


class Provider(Entry):
    """Who can provide a kind of data for boards: a type of entries, or `facts`; null: as usual, the clinician
    in charge of the patient, else the owner.
    """

    kind: ClassVar[str] = "provider"

    name: Name
    by: Name | None = None


class CalendarAddress(Entry):
    """The secret address of somebody's calendar: only its hash is kept; null: there is none any more."""

    kind: ClassVar[str] = "calendar_address"

    name: Name
    secret: str | None


class MinutesSigned(Entry):
    """Somebody signed the minutes of a board's meeting as they stood: of the text only its digest is kept, as
    it names patients.
    """

    kind: ClassVar[str] = "minutes_signed"

    board: Name
    meeting: AwareDatetime
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Phrase(Entry):
    """A comment that is made often, by a name; an empty text takes it out."""

    kind: ClassVar[str] = "phrase"

    name: Name
    text: str


class Assigned(Entry):
    """Whose patient this is: a person or a team, and the clinician in charge; null: nobody."""

    kind: ClassVar[str] = "assigned"

    owner: Name | None
    clinician: Name | None = None
    reason: str = ""


class Comment(Entry):
    """What somebody noted about a patient; comments are never changed."""

    kind: ClassVar[str] = "comment"

    text: Text


class Item(BaseModel):
    """Which due item of a patient is meant: the pathway, the timer, the events it follows from, and when.

    A step for which the sources give no date is named by the day from which it could be worked on. One whose
    date is corrected is another one: what was said of the date before does not hold for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pathway: str
    item: str
    due: date
    anchor: tuple[str, ...] = ()


class Acknowledged(Entry):
    """Somebody has made a due item theirs until a day: it is not chased before, and not by others."""

    kind: ClassVar[str] = "acknowledged"

    about: Item
    until: date
    reason: Text


class Snoozed(Entry):
    """Somebody put a due item off until a day, without making it theirs."""

    kind: ClassVar[str] = "snoozed"

    about: Item
    until: date
    reason: Text


class WorkingDate(Entry):
    """By when the site means to have done what the sources give no date for; null: the site's usual."""

    kind: ClassVar[str] = "working_date"

    about: Item
    on: date | None
    reason: str = ""


class OnBoard(Entry):
    """What is said of one patient's question to one board; `meeting` is the one for which it was listed."""

    board: Name
    question: str
    meeting: AwareDatetime


class Listed(OnBoard):
    """A patient is on the list of a meeting. `pathway` and `step` are those that ask for the board, empty
    where none does. `reason` tells why, where the list was closed or full, or nothing asks for it.
    """

    kind: ClassVar[str] = "listed"

    pathway: str = ""
    step: str = ""
    priority: Literal["routine", "urgent"] = "routine"
    discussion: Literal["full", "standard_of_care"] = "full"
    late: bool = False
    over: bool = False
    reason: str = ""


class Unlisted(OnBoard):
    """A patient is taken off a list: the question is not for the board any more."""

    kind: ClassVar[str] = "unlisted"

    reason: Text


class Postponed(OnBoard):
    """A patient's question is put off to another meeting of the board, or to none yet (null), and why."""

    kind: ClassVar[str] = "postponed"

    to: AwareDatetime | None
    code: str
    text: str = ""
    late: bool = False
    over: bool = False


OF_SITE: tuple[type[Entry], ...] = (
    Person, Team, Absence, Site, Ladder, Board, BoardItem, Provider, CalendarAddress, Phrase,
    MinutesSigned,
)  # fmt: skip
OF_PATIENT: tuple[type[Entry], ...] = (
    Assigned, Comment, Acknowledged, Snoozed, WorkingDate, Listed, Unlisted, Postponed,
)  # fmt: skip
_kinds = {one.kind: one for one in (*OF_SITE, *OF_PATIENT)}


def read(kind: str, payload: Mapping[str, Any]) -> Entry:
    """An entry as it was kept. Raises KeyError for a kind of a later program."""
    return _kinds[kind].model_validate_json(_text(payload))


def _text(payload: Mapping[str, Any]) -> str:
    import json

    return json.dumps(payload)
