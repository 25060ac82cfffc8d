"""What programs are answered about deviations: the register, reviews, evidence, reports."""

from __future__ import annotations

from datetime import date, datetime

from web.api import answers
from web.api.values import Anything, Model


class Filed(answers.Deviation):
    """A deviation in the register, with how far its review is."""

    number: int
    reference: str | None
    pathway: str
    owner: str | None
    day_zero: str | None
    review: str
    reviewer: str | None


class Register(Model):
    """A page of the register of deviations, the newest first."""

    deviations: tuple[Filed, ...]
    next: str | None
    older: int


class FiledThen(answers.Deviation):
    """A deviation as it stood on an earlier day, with how far its review was. `days_counted`: `raised_on` is
    counted from the patient's day zero (1810-01-01).
    """

    number: int
    pathway: str
    days_counted: bool
    review: str
    reviewer: str | None


class RegisterThen(Model):
    """What was found of some patients: of how many something was known at the end of the day, and the
    numbers of those who could not be derived.
    """

    day: date
    patients: int
    failed: tuple[int, ...]
    deviations: tuple[FiledThen, ...]
    next: str | None


class ReviewStep(Model):
    """One step of a review, never changed."""

    step: str
    verdict: str
    reason: str | None
    note: str
    reviewer: str
    at: datetime


class Judged(answers.Deviation):
    """A deviation of a patient as it stands, with its review: `upon` is sent with the next step."""

    mark: str
    pathway: str
    review: str
    upon: int
    steps: tuple[ReviewStep, ...]


class Reviews(Model):
    """The deviations of a patient with their reviews."""

    number: int
    version: str
    deviations: tuple[Judged, ...]


class Gone(Model):
    """The last step of a review of a deviation that the record does not show any more; `now` is the record of
    which the patient's is part since a merge, which shows the deviation under the mark `shown`, if so.
    """

    number: int
    code: str
    title: str
    judged: ReviewStep
    now: int
    shown: str | None


class AllGone(Model):
    """Judgements of what is not there any more, the newest first; `total` is how many there are."""

    gone: tuple[Gone, ...]
    total: int


class Table(Model):
    """A table of a report; the first column names each row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    note: str


class Report(Model):
    """Figures with their definitions. Numbers below `smallest` are kept back (0: none)."""

    as_of: date
    smallest: int
    tables: tuple[Table, ...]


class Evidence(Model):
    """What proves a deviation to somebody who trusts nobody: all that is told of it, the chain that shows
    that nothing was altered, and the version of the pathway by which it was judged (null: it is not kept).
    """

    record: Anything
    chain: Anything
    pathway: Anything | None
