"""What went wrong, as problem details (RFC 9457): its kind, and where in the request; not what was in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from coordination.fitting import Unfit
from coordination.registering import LooksLike
from engine.fault import Fault as Wrong
from pathways.vocabulary import load_vocabulary
from store.accounts import NotAllowed
from store.errors import (
    Busy,
    Clash,
    KnownPatient,
    MergedAway,
    NotKnownYet,
    OtherContent,
    Refused,
    UnknownPatient,
)
from web.api.values import Model
from web.door import OtherTeam, stopped_by
from web.visit import Stopped

PROBLEM: Final = "application/problem+json"
KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "no-token": (401, "A token is needed"),
    "scope": (403, "The token is not for this"),
    "role": (403, "The account is not for this"),
    "other-team": (403, "A patient of another team"),
    "not-found": (404, "There is no such thing"),
    "method": (405, "This is not asked for in this way"),
    "merged": (409, "This record was merged into another one"),
    "duplicate": (409, "There is a patient who may be the same person"),
    "under-way": (409, "Something else is being done"),
    "changed": (412, "The patient has changed since you looked"),
    "too-large": (413, "Too much was sent"),
    "media-type": (415, "What was sent is of another kind"),
    "malformed": (400, "The request cannot be read"),
    "invalid": (422, "The request does not fit"),
    "refused": (422, "What was said does not fit"),
    "impossible": (422, "That cannot be done"),
    "key-used": (422, "The key stands for another request"),
    "cursor": (422, "The list was begun otherwise, or on another day"),
    "busy": (503, "The database is busy"),
    "unavailable": (503, "The database cannot be used"),
    "failed": (500, "That did not work"),
}
"""By the last part of its type: the status and the title. docs/api.md explains each."""
TYPES: Final = "/api/v1/problems#"


class Fault(Model):
    """One thing that is wrong: where in the body, as a JSON pointer (RFC 6901), or which parameter."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class Meanwhile(Model):
    """Who recorded which entry since the version that was named."""

    entry: str | None
    by: str
    at: datetime


class Problem(Model):
    """What every operation answers that could not do what was asked."""

    type: str
    title: str
    status: int
    detail: str = ""
    faults: tuple[Fault, ...] = ()
    meanwhile: tuple[Meanwhile, ...] = ()
    patients: tuple[int, ...] = ()


class Failed(Exception):
    """An operation cannot answer; `kind` is one of KINDS."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        faults: Sequence[Fault] = (),
        meanwhile: Sequence[Meanwhile] = (),
        patients: Sequence[int] = (),
    ) -> None:
        super().__init__(kind)
        self.problem = Problem(
            type=f"{TYPES}{kind}",
            title=KINDS[kind][1],
            status=KINDS[kind][0],
            detail=detail,
            faults=tuple(faults),
            meanwhile=tuple(meanwhile),
            patients=tuple(patients),
        )


def told(error: Exception) -> Response:
    """The answer to a request that failed."""
    problem = (error if isinstance(error, Failed) else _failed(error)).problem
    headers = {"www-authenticate": "Bearer"} if problem.status == 401 else {}
    if isinstance(error, HTTPException):
        headers |= {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    if problem.status == 503:
        headers["retry-after"] = "1"
    body = problem.model_dump_json(exclude_defaults=True)
    return Response(body, problem.status, headers, media_type=PROBLEM)


def _failed(error: Exception) -> Failed:
    match error:
        case RequestValidationError():
            return Failed("invalid", "See the faults.", list(_invalid(error)))
        case HTTPException():
            kinds = {404: "not-found", 405: "method", 413: "too-large"}
            return Failed(kinds.get(error.status_code, "malformed"))
        case OtherTeam():
            return Failed("other-team", "The account is limited to teams of which the patient is none.")
        case Refused():
            faults = [Fault(pointer=_pointer(one.field), detail=_told(one)) for one in error.faults]
            return Failed("refused", "Nothing was recorded. See the faults.", faults)
        case Unfit():
            return Failed("impossible", "; ".join(map(silent, error.faults)))
        case NotAllowed():
            return Failed("impossible", str(error))
        case KnownPatient() | OtherContent():
            return Failed("impossible", "It is recorded already, with another content.")
        case LooksLike():
            told = "Open that one, or name it in different_from and say why."
            return Failed("duplicate", told, patients=sorted(error.patients))
        case UnknownPatient():
            return Failed("not-found", "There is no patient with this number.")
        case NotKnownYet():
            return Failed("not-found", "Nothing was known about this patient by then.")
        case MergedAway():
            return Failed("merged", f"It is part of the record of the patient {error.patient_id}.")
        case Busy() | Clash():  # of two who make the same at once, one is too late
            return Failed("busy", "Nothing was changed. Try again in a moment.")
        case _:
            return _stopped(stopped_by(error))


def _stopped(stopped: Stopped) -> Failed:
    kinds = {404: "not-found", 403: "scope", 409: "merged", 422: "impossible", 503: "unavailable"}
    return Failed(kinds.get(stopped.status, "failed"), silent(stopped.told or stopped.title))


def _invalid(error: RequestValidationError) -> Iterator[Fault]:
    for one in error.errors():
        place, *path = one["loc"]
        detail = str(one["msg"]).removeprefix("Value error, ")
        if one["type"] == "extra_forbidden":  # its name may be anything
            path, detail = path[:-1], "there is a field here that is not known"
        if place == "body":
            yield Fault(pointer=_joined(path) if one["type"] != "json_invalid" else None, detail=detail)
        else:
            yield Fault(parameter=str(path[0]) if path else None, detail=detail)


def _joined(path: Iterable[object]) -> str:
    known = (str(one) if isinstance(one, int) or str(one) in _words() else "…" for one in path)
    return "".join(f"/{one}" for one in known)


def _told(fault: Wrong) -> str:
    return "it has another value by now" if fault.field == "old" else silent(fault.message)


def _pointer(field: str | None) -> str | None:
    """The place of a fault in the body: only by words that are ours."""
    if not field:
        return None
    return _joined(field.split("."))


def silent(text: str) -> str:
    """A message without what was typed, or is recorded: words in quotes that are not ours, days, numbers."""
    without = re.sub(r", not [^;]*", "", text)
    without = re.sub(r"(['\"]).{56}\.\.\.", "'…'", without)
    without = re.sub(r"'([^']*)'|\"([^\"]*)\"", _quoted, without)
    return re.sub(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*)?|\d{4,}", "…", without)


def _quoted(found: re.Match[str]) -> str:
    said = found[1] if found[1] is not None else found[2]
    return found[0] if said in _words() else "'…'"


@cache
def _words() -> frozenset[str]:
    """The words of the vocabulary and of the requests: nobody is called so."""
    from web.api.requests import REQUESTS

    known = load_vocabulary()
    sets = [known.common, known.lesion, known.facts, *(one.fields for one in known.events.values())]
    fields = [field for one in sets for field in one.values()]
    own = (name for model in REQUESTS for name in model.model_fields)
    return frozenset((*known.events, *(one.name for one in fields), *own))
