"""What programs send about boards beside lists: decisions, signatures, meetings."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from web.api.asked import BoardQuestion, DryRun, example
from web.api.values import Model, Moment, Name, Said, Text


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


class MeetingsAsked(Model):
    """Meetings that are added, and those that do not take place."""

    model_config = example(add=["2025-03-13T16:00:00+01:00"], cancel=[])
    add: Annotated[tuple[Moment, ...], Field(max_length=104)] = ()
    cancel: Annotated[tuple[Moment, ...], Field(max_length=104)] = ()


class MoveAsked(Model):
    """Which meeting is held at which other time."""

    model_config = example(meeting="2025-03-13T16:00:00+01:00", to="2025-03-14T14:00:00+01:00")
    meeting: Moment
    to: Moment


REQUESTS: Final = (DecisionAsked, SignAsked, MeetingsAsked, MoveAsked)
