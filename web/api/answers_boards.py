"""What programs are answered about boards beside their lists: who is to come, readiness, minutes."""

from __future__ import annotations

from datetime import date, datetime

from web.api.answers_lists import Lack, Meeting
from web.api.values import Anything, Model


class Needed(Model):
    """How much of what a question needs is there: `ready` of `needed`; `standing`: ready, ask or missing."""

    ready: int
    needed: int
    standing: str
    missing: tuple[Lack, ...]


class Candidate(Needed):
    """A patient about whom a board is to be asked: the step of a pathway that asks, since when, and the
    entries of boards that were held on it before.
    """

    number: int
    reference: str
    question: str
    title: str
    pathway: str
    step: str
    statements: tuple[str, ...]
    since: date | None
    before: tuple[str, ...]


class Candidates(Model):
    """Who is to come before a board and is on no list of it, who has waited longest first; whether there are
    `more`.
    """

    board: str
    candidates: tuple[Candidate, ...]
    more: bool


class Question(Needed):
    """A question about a patient. `asked`: the pathways ask it today; `listed`: for this meeting of a board,
    null where it was put off to none yet.
    """

    question: str
    title: str
    asked: bool
    board: str | None
    listed: datetime | None


class OfPatient(Model):
    """What boards are asked about a patient. `excluded`: why the patient comes before none."""

    number: int
    version: str
    excluded: str | None
    questions: tuple[Question, ...]


class Minuted(Model):
    """What became of a question: decided (`entry` with its `fields`), put_off (`to`), taken_off, or
    not_decided; `reason` of what took it off.
    """

    number: int
    reference: str
    question: str
    became: str
    entry: str | None
    fields: Anything
    to: datetime | None
    reason: str


class Signature(Model):
    """Who signed which text; `stands`: it is the text as it stands."""

    by: str
    at: datetime
    digest: str
    stands: bool


class Minutes(Model):
    """The minutes of a meeting. `text` is what is signed, `digest` its SHA-256; both are null for who may not
    see all of its patients, of whom `others` are left out.
    """

    board: str
    at: datetime
    takes_place: bool
    entries: tuple[Minuted, ...]
    others: int
    text: str | None
    digest: str | None
    signatures: tuple[Signature, ...]


class Waiting(Model):
    """A decision that has not been carried out: the entry of the board, where the patient waits since when,
    the day by which it should be, the steps that would do it, and who looks after the patient.
    """

    number: int
    reference: str
    entry: str
    decision: str
    pathway: str
    state: str
    since: date
    by: date
    late: bool
    steps: tuple[str, ...]
    owners: tuple[str, ...]


class AllWaiting(Model):
    """What waits to be carried out, the longest first."""

    decisions: tuple[Waiting, ...]


class Planned(Model):
    """The meetings that lie ahead, as they stand now; so many questions `moved` along with one."""

    board: str
    version: str
    meetings: tuple[Meeting, ...]
    moved: int = 0
