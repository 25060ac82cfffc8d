"""What programs send about nobody or many: views, dry runs, reviews, statements, the site."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.api.asked import PatientNumber, example
from web.api.values import (
    HIGHEST,
    Code,
    Model,
    Name,
    Said,
    Text,
    Whole,
    Words,
    Yes,
)


class ViewAsked(Model):
    """A list to be kept by a name: `query` as it stands in the address of the page, without what is nonsense
    in it. `first`: the page begins with it.
    """

    model_config = example(page="list", name="Morning round", query="owner=me&due=overdue", first=True)
    page: Literal["list", "deviations"]
    name: Name
    query: Annotated[Words, Field(max_length=2000)] = ""
    first: Yes = False


class ViewChange(Model):
    """Which view is called something else from now on, and whether its page begins with it."""

    model_config = example(page="list", name="Morning round", new="Mornings", first=True)
    page: Literal["list", "deviations"]
    name: Name
    new: Name
    first: Yes = False


class ViewDelete(Model):
    """Which view is kept no more."""

    model_config = example(page="list", name="Mornings")
    page: Literal["list", "deviations"]
    name: Name


Fingerprint = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
"""Names a version of a pathway; `GET /versions` tells them."""


class DryRunAsked(Model):
    """A version of a pathway, or values of settings, to be tried on patients (null: all); `add`: also put on
    the pathway who is not on it.
    """

    model_config = example(settings={"response_min_months": "6"}, patients=[1, 2])
    pathway: Fingerprint | None = None
    settings: Annotated[dict[Code, Annotated[str, Field(max_length=40)]], Field(max_length=50)] = Field(
        default_factory=dict
    )
    add: Yes = False
    patients: Annotated[tuple[PatientNumber, ...], Field(min_length=1, max_length=5000)] | None = None


class ReviewAsked(Model):
    """A step of a review: judged, or a second person confirms it or sends it back. `upon` is the step that
    was seen. A verdict that justifies needs a reason of the list.
    """

    model_config = example(step="judged", verdict="unjustified", note="no reason is recorded", upon=0)
    step: Literal["judged", "confirmed", "sent_back"]
    verdict: Literal["", "justified", "unjustified", "data_error"] = ""
    reason: Annotated[Words, Field(max_length=60)] = ""
    note: Annotated[Words, Field(max_length=1000)] = ""
    upon: Annotated[Whole, Field(ge=0, le=HIGHEST)]


class SignOffAsked(Model):
    """What somebody found who read a statement against its source, by the fingerprint of its `content`;
    `withdraw` takes that back. The note says what differs, or why it is taken back.
    """

    model_config = example(verdict="agrees", content=f"sha256:{'0' * 64}")
    verdict: Literal["agrees", "differs", "withdraw"]
    note: Annotated[Words, Field(max_length=500)] = ""
    content: Fingerprint


class EntryOfSite(Model):
    """What is said about the site: an entry as a whole, as `GET /site` tells them; what is left out is as it
    is by default.
    """

    model_config = example(entry={"person": "anna", "first": "2025-03-10", "last": "2025-03-14"})
    entry: Annotated[Said, Field(max_length=40)]


class TestAsked(Model):
    """To whom a test is sent: an address of the channel, or somebody who works here."""

    model_config = example(to="anna")
    to: Annotated[Text, Field(max_length=500)]
