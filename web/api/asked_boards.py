"""What programs send about boards beside lists: decisions, signatures, meetings."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from coordination import entries
from web.api.asked import BoardQuestion, DryRun, example
from web.api.values import Model, Moment, Name, Said, Text, Whole, Words, Yes


class DecisionAsked(Model):
    """What a board decided on a question at a meeting; `fields` as `GET /vocabulary/board_held` has them."""

    model_config = example(
        board="Breast board", meeting="2025-03-06T16:00:00+01:00", question="initial",
        fields={"decision": "systemic_first", "disciplines": ["medical_oncology"]}, dry_run=True,
    )  # fmt: skip
    board: Name
    meeting: Moment
    question: Annotated[BoardQuestion, Field(min_length=1)]
    fields: Said
    dry_run: DryRun = False


class SignAsked(Model):
    """The minutes of which meeting are signed, by the digest of the text that was read."""

    model_config = example(meeting="2025-03-06T16:00:00+01:00", digest="0" * 64)
    meeting: Moment
    digest: Annotated[Text, Field(pattern="^[0-9a-f]{64}$")]


def _a_name(said: str) -> str:
    try:
        return _names.validate_python(said)
    except ValidationError:
        raise ValueError("a name has no comma, semicolon or slash in it, and no # in front") from None


_names: Final = TypeAdapter[str](entries.Name)


NameThere = Annotated[Name, AfterValidator(_a_name)]
"""A name as the desk keeps it."""


class BoardAsked(Model):
    """A board as a whole: `minutes` a meeting takes, working days before it on which its list closes, places
    (null: no limit), the questions it takes (none: all). Meetings stay as they are.
    """

    model_config = example(name="Breast board", place="Room 2", chair="lena", questions=["initial"])
    name: NameThere
    place: Annotated[Words, Field(max_length=200)] = ""
    chair: NameThere | None = None
    minutes: Annotated[Whole, Field(ge=5, le=600)] = 60
    closes_days: Annotated[Whole, Field(ge=0, le=30)] = 2
    capacity: Annotated[Whole, Field(ge=1, le=200)] | None = None
    questions: Annotated[tuple[BoardQuestion, ...], Field(max_length=20)] = ()
    active: Yes = True


class MeetingsAsked(Model):
    """Meetings that are added, and those that do not take place."""

    model_config = example(add=["2025-03-13T16:00:00+01:00"], cancel=[])
    add: Annotated[tuple[Moment, ...], Field(max_length=104)] = ()
    cancel: Annotated[tuple[Moment, ...], Field(max_length=104)] = ()


class MeetingMoved(Model):
    """Which meeting is held at which other time."""

    model_config = example(meeting="2025-03-13T16:00:00+01:00", to="2025-03-14T14:00:00+01:00")
    meeting: Moment
    to: Moment
