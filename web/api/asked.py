"""What programs send: every field bounded, no field beside these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, JsonValue

from coordination.progress import REFUSALS, STAGES
from coordination.reasons import DEFERRALS, PAUSES
from pathways.library import all_pathways
from pathways.vocabulary import load_vocabulary
from store.desk_list import BUCKETS, FLAGS, Due
from store.register import SEVERITIES, STATUSES, State
from web.api.values import (
    HIGHEST,
    Code,
    Day,
    FullName,
    IdNumber,
    Model,
    Moment,
    Name,
    Reason,
    Reference,
    Said,
    Text,
    Whole,
    Words,
    Yes,
)

MOST: Final = 200
"""Rows of a page."""
DryRun = Annotated[Yes, Field(description="Only tell what it would change; nothing is recorded.")]
When = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$",
        description="A day, or a moment by the clocks of the site.",
    ),
]


def _among(words: Sequence[str]) -> Callable[[str], str]:
    def one_of(said: str) -> str:
        if said not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return said

    return one_of


Flag = Annotated[str, AfterValidator(_among(FLAGS)), Field(json_schema_extra={"enum": [*FLAGS]})]
Severity = Annotated[
    str, AfterValidator(_among(SEVERITIES)), Field(json_schema_extra={"enum": [*SEVERITIES]})
]
Status = Annotated[str, AfterValidator(_among(STATUSES)), Field(json_schema_extra={"enum": [*STATUSES]})]
_stages = (*STAGES, *REFUSALS)
Stage = Annotated[str, AfterValidator(_among(_stages)), Field(json_schema_extra={"enum": [*_stages]})]
Deferral = Annotated[
    str, AfterValidator(_among([*DEFERRALS])), Field(json_schema_extra={"enum": [*DEFERRALS]})
]
Pause = Annotated[str, AfterValidator(_among([*PAUSES])), Field(json_schema_extra={"enum": [*PAUSES]})]
_questions = ("", *load_vocabulary().code_lists["board_question"])
BoardQuestion = Annotated[
    str, AfterValidator(_among(_questions)), Field(json_schema_extra={"enum": [*_questions]})
]
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$", max_length=500)]
Limit = Annotated[int, Field(ge=1, le=MOST)]


class ListAsked(Model):
    """Which patients: of each kind one of those that are named, flags all of them."""

    owner: Annotated[
        Words, Field(max_length=60, description="A person, a team, me, nobody; empty: everybody.")
    ] = ""
    due: Annotated[tuple[Due, ...], Field(max_length=7, description="Empty: all but closed.")] = ()
    flag: Annotated[tuple[Flag, ...], Field(max_length=len(FLAGS))] = ()
    day: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=len(BUCKETS))], ...],
        Field(max_length=4, description="Days on the pathway: 0 to 28, 29 to 62, 63 to 104, more."),
    ] = ()
    state: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    cursor: Cursor = ""
    limit: Limit = 50


class ReportAsked(Model):
    """Which deviations: all that is given holds. `owner`: a person, a team, nobody; `statement` is one of
    those that a rule rests on.
    """

    owner: Annotated[Words, Field(max_length=60)] = ""
    statement: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    code: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    severity: Annotated[tuple[Severity, ...], Field(max_length=5)] = ()
    status: Annotated[tuple[Status, ...], Field(max_length=5)] = ()
    review: Annotated[tuple[State, ...], Field(max_length=7)] = ()
    pathway: Code | None = None
    since: Day | None = None
    until: Day | None = None


class FiguresAsked(ReportAsked):
    """The same; `outside`: the report leaves the house, so that small numbers are kept back."""

    outside: bool = False


class DeviationsAsked(ReportAsked):
    """The same, page by page."""

    cursor: Cursor = ""
    limit: Limit = 50


class DeviationsThenAsked(Model):
    """The register of which day, and of how many patients at once."""

    day: Annotated[Day, Field(description="A day that is over.", examples=["2025-02-28"])]
    cursor: Cursor = ""
    limit: Limit = 50


def example(**said: JsonValue) -> ConfigDict:
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [said]})


class SearchAsked(Model):
    """A name, a reference or a number; it stands in no address and in no log."""

    model_config = example(text="P-104")
    text: Annotated[Text, Field(max_length=200)]


class EntryAsked(Model):
    """An event about a patient, as `GET /vocabulary` tells what can be recorded."""

    model_config = example(
        type="response_assessed", date="2025-02-20", fields={"overall": "PR"}, dry_run=True
    )
    type: Code
    date: When | None = None
    documented: When | None = None
    fields: Said = Field(default_factory=dict)
    dry_run: DryRun = False


class AmendAsked(Model):
    """Corrections of an entry: by field (`overall`, `date`, `lesions.L2.status`) what it is instead."""

    model_config = example(changes={"overall": "SD"}, reason="second reading", dry_run=True)
    changes: Annotated[Said, Field(min_length=1, max_length=50)]
    reason: Text
    dry_run: DryRun = False


class RetractAsked(Model):
    """Why an entry is taken back."""

    model_config = example(reason="recorded twice", dry_run=True)
    reason: Text
    dry_run: DryRun = False


PatientNumber = Annotated[Whole, Field(ge=1, le=HIGHEST, description="The patient's number.")]
_companions = tuple(one.id for one in all_pathways()[1:])
Companion = Annotated[
    str, AfterValidator(_among(_companions)), Field(json_schema_extra={"enum": [*_companions]})
]


class RegisterAsked(Model):
    """A new patient. `facts` are known from the beginning (`GET /vocabulary`), `suspected_on` is the day on
    which the pathway begins. Whoever may be the same person is refused as a `duplicate`, unless named in
    `different_from`, with the reason.
    """

    model_config = example(
        reference="N-4711",
        name="Ida Muster",
        birth_date="1961-04-05",
        numbers={"hospital": "88-4711"},
        facts={"sex": "female"},
        suspected_on="2025-02-20",
        dry_run=True,
    )
    reference: Reference
    name: FullName | None = None
    birth_date: Day | None = None
    numbers: Annotated[dict[Name, IdNumber], Field(max_length=20)] = Field(default_factory=dict)
    facts: Said = Field(default_factory=dict)
    companions: tuple[Companion, ...] | None = Field(None, description="Null: all there are.", max_length=50)
    suspected_on: Day | None = None
    owner: Name | None = Field(None, description="A person or a team.")
    different_from: Annotated[tuple[PatientNumber, ...], Field(max_length=100)] = ()
    reason: Annotated[Words, Field(max_length=200)] = ""
    dry_run: DryRun = False


class IdentityAsked(Model):
    """Who a patient is, put right: what is null or not among the numbers stays, an empty number goes."""

    model_config = example(name="Ida Neuhaus", reason="spelled wrongly", dry_run=True)
    name: FullName | None = None
    birth_date: Day | None = None
    numbers: Annotated[dict[Name, IdNumber | Literal[""]], Field(max_length=20)] = Field(default_factory=dict)
    reason: Reason
    dry_run: DryRun = False


class MergeAsked(Model):
    """The record that becomes part of the one in the address. `same_person`: although names or numbers
    differ. `other_version`: the version of it that was seen, as `If-Match` is of the first.
    """

    model_config = example(other=2, reason="registered twice", dry_run=True)
    other: PatientNumber
    reason: Reason
    same_person: Yes = False
    other_version: Annotated[Words, Field(max_length=100)] = ""
    dry_run: DryRun = False


class UnmergeAsked(Model):
    """Why the latest merge into a record is undone."""

    model_config = example(reason="they are twins", dry_run=True)
    reason: Reason
    dry_run: DryRun = False


class MoveAsked(Model):
    """Whom an entry concerns in truth, and why; `to_version` is the version of that patient that was seen."""

    model_config = example(to=2, reason="another patient of the same day", dry_run=True)
    to: PatientNumber
    reason: Reason
    to_version: Annotated[Words, Field(max_length=100)] = ""
    dry_run: DryRun = False


class CommentAsked(Model):
    """What is noted about a patient; it names no patient."""

    model_config = example(text="Called the practice, they send the letter.")
    text: Text


class OwnerAsked(Model):
    """Whose patient it is to be; null: nobody's. `clinician`: who is in charge."""

    model_config = example(owner="anna", clinician="ben", reason="holiday")
    owner: Name | None
    clinician: Name | None = None
    reason: Annotated[Words, Field(max_length=200)] = ""


class WaitAsked(Model):
    """Until which day something is taken on or put off, and why."""

    model_config = example(until="2025-03-10", reason="waiting for the clinic to call back")
    until: Day
    reason: Text


class PlanAsked(Model):
    """By when the site means to take a step for which the sources give no date; null: as usual."""

    model_config = example(on="2025-03-12", reason="the patient is away until then")
    on: Day | None
    reason: Annotated[Words, Field(max_length=200)] = ""


class ProgressAsked(Model):
    """How far something due has come, or why it is not done."""

    model_config = example(status="booked", on="2025-03-20", place="radiology")
    status: Stage
    on: Annotated[Day | None, Field(description="The appointment, or until when it is deferred.")] = None
    place: Annotated[Words, Field(max_length=200)] = ""
    reason: Annotated[Words, Field(max_length=2000)] = ""
    reason_code: Annotated[Words, Field(max_length=60)] = ""


class ListedAsked(Model):
    """Who is to be on the list of which meeting (null: the next that is right), with which question (empty:
    the only one the pathways ask). `late`, `over`: although it is closed, or full; then with a reason.
    """

    model_config = example(board="Breast board", question="initial", priority="urgent")
    board: Name
    question: BoardQuestion = ""
    meeting: Moment | None = None
    priority: Literal["routine", "urgent"] = "routine"
    discussion: Literal["full", "standard_of_care"] = "full"
    late: Yes = False
    over: Yes = False
    reason: Annotated[Words, Field(max_length=1000)] = ""


class UnlistedAsked(Model):
    """Which question is not for which board any more, and why."""

    model_config = example(board="Breast board", reason="decided by telephone")
    board: Name
    question: BoardQuestion = ""
    reason: Annotated[Text, Field(max_length=1000)]


class DeferAsked(Model):
    """To which meeting (null: none yet) a question is put off, and why, by a code of the list."""

    model_config = example(board="Breast board", to=None, code="imaging-missing")
    board: Name
    question: BoardQuestion = ""
    to: Moment | None
    code: Deferral
    late: Yes = False
    over: Yes = False
    reason: Annotated[Words, Field(max_length=1000)] = ""


class PauseAsked(Model):
    """Why no notices are sent about a patient for a while, by a code of the list, and in words."""

    model_config = example(code="patient-away", reason="")
    code: Pause
    reason: Annotated[Words, Field(max_length=200)] = ""


class ResumeAsked(Model):
    """Why notices are sent again."""

    model_config = example(reason="back from the journey")
    reason: Annotated[Words, Field(max_length=200)] = ""
