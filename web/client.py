"""A client of the API: typed answers, pages that follow one another, problems as exceptions.

with Client.at("https://desk.example.org", token) as desk:
    for row in desk.patients(due=["overdue"]):
        print(row.number, desk.patient(row.number).state)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from web.api import answers, answers_boards, answers_lists, answers_records, asked, asked_boards
from web.api import answers_operations as of_operations
from web.api.problems import PROBLEM, Problem

_Answer = TypeVar("_Answer", bound=BaseModel)


class ApiError(Exception):
    """The API could not do what was asked; `problem` tells why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}")
        self.problem = problem

    @property
    def kind(self) -> str:
        """The last part of the problem's type, such as `changed`."""
        return self.problem.type.rpartition("#")[2]


class Client:
    """The API at an address. Whatever writes takes `version`, the one that was seen, and `key`, by which the
    same request sent again is done once. Raises ApiError, and what httpx raises where nothing answers.
    """

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @classmethod
    def at(cls, address: str, token: str, timeout: float = 30) -> Self:
        """The API of the desk at an address."""
        headers = {"authorization": f"Bearer {token}"}
        return cls(httpx.Client(base_url=f"{address.rstrip('/')}/api/v1", headers=headers, timeout=timeout))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def me(self) -> answers_lists.Me:
        """The token itself."""
        return self._get("/me", answers_lists.Me)

    def patients(self, **wanted: Any) -> Iterator[answers.Row]:
        """The tracking list, page after page; `wanted` as `asked.ListAsked` has it."""
        for page in self._pages("/patients", asked.ListAsked(**wanted), answers.Rows):
            yield from page.patients

    def search(self, text: str) -> tuple[answers.Row, ...]:
        """Whom a name, a reference or a number finds."""
        body = asked.SearchAsked(text=text)
        return self._post("/patients/search", body, answers.Found).patients

    def patient(
        self, number: int, as_of: date | None = None, known_at: datetime | None = None
    ) -> answers.Patient:
        """Where a patient stands."""
        return self._get(f"/patients/{number}", answers.Patient, as_of=as_of, known_at=known_at)

    def unchanged(self, number: int, version: str) -> bool:
        """Whether a patient still has a version."""
        answer = self._http.get(f"/patients/{number}", headers={"if-none-match": f'"{version}"'})
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return True
        self._checked(answer)
        return False

    def why(self, number: int, step: str) -> answers.Why:
        """Why a step may or may not be taken."""
        return self._get(f"/patients/{number}/why/{step}", answers.Why)

    def story(self, number: int) -> answers.Story:
        """Everything that was recorded."""
        return self._get(f"/patients/{number}/story", answers.Story)

    def due(self, number: int) -> answers.Tasks:
        """What is due, and how far it has come."""
        return self._get(f"/patients/{number}/due", answers.Tasks)

    def looks(self, number: int) -> answers_lists.Looks:
        """Who looked at the record."""
        return self._get(f"/patients/{number}/access", answers_lists.Looks)

    def deviations(self, **wanted: Any) -> Iterator[answers_lists.Filed]:
        """The register, page after page; `wanted` as `asked.DeviationsAsked` has it."""
        for page in self._pages("/deviations", asked.DeviationsAsked(**wanted), answers_lists.Register):
            yield from page.deviations

    def views(self, page: str | None = None) -> tuple[answers_lists.View, ...]:
        """The views that the account keeps."""
        return self._get("/views", answers_lists.Views, page=page).views

    def save_view(self, view: asked.ViewAsked) -> tuple[answers_lists.View, ...]:
        """Keep a view; answers all of its page."""
        return self._post("/views", view, answers_lists.Views).views

    def change_view(self, change: asked.ViewChange) -> tuple[answers_lists.View, ...]:
        """Give a view another name, or let its page begin with it."""
        return self._post("/views/change", change, answers_lists.Views).views

    def delete_view(self, view: asked.ViewDelete) -> tuple[answers_lists.View, ...]:
        """Keep a view no more."""
        return self._post("/views/delete", view, answers_lists.Views).views

    def boards(self) -> tuple[answers_lists.Board, ...]:
        """The boards with their meetings."""
        return self._get("/boards", answers_lists.Boards).boards

    def agenda(self, board: str, at: datetime | None = None) -> answers_lists.Agenda:
        """The list of a meeting of a board; of the next one if none is named."""
        return self._get(f"/boards/{quote(board, safe='')}/list", answers_lists.Agenda, at=at)

    def candidates(self, board: str, most: int = 50) -> answers_boards.Candidates:
        """Who is to come before a board and is on no list of it."""
        return self._get(f"/boards/{quote(board, safe='')}/candidates", answers_boards.Candidates, most=most)

    def board_readiness(self, number: int) -> answers_boards.OfPatient:
        """What boards are asked about a patient, and whether it is there."""
        return self._get(f"/patients/{number}/board", answers_boards.OfPatient)

    def decide(
        self, number: int, decision: asked_boards.DecisionAsked, version: str = "", key: str = ""
    ) -> answers.Recorded:
        """Record what a board decided, or tell what it would change."""
        return self._write(number, "board/decision", decision, answers.Recorded, version, key)

    def minutes(self, board: str, at: datetime) -> answers_boards.Minutes:
        """The minutes of a meeting as they stand."""
        return self._get(f"/boards/{quote(board, safe='')}/minutes", answers_boards.Minutes, at=at)

    def sign(self, board: str, what: asked_boards.SignAsked) -> answers_boards.Minutes:
        """Sign minutes by the digest of the text that was read."""
        return self._post(f"/boards/{quote(board, safe='')}/sign", what, answers_boards.Minutes)

    def plan_meetings(self, board: str, what: asked_boards.MeetingsAsked) -> answers_boards.Planned:
        """Add meetings, and say of others that they do not take place."""
        return self._post(f"/boards/{quote(board, safe='')}/meetings", what, answers_boards.Planned)

    def move_meeting(self, board: str, what: asked_boards.MoveAsked) -> answers_boards.Planned:
        """Hold a meeting at another time, with everybody on its list."""
        return self._post(f"/boards/{quote(board, safe='')}/move", what, answers_boards.Planned)

    def list_for_board(
        self, number: int, listed: asked.ListedAsked, version: str = "", key: str = ""
    ) -> answers.Said:
        """Put a patient on the list of a meeting."""
        return self._write(number, "board/list", listed, answers.Said, version, key)

    def take_off_board(
        self, number: int, why: asked.UnlistedAsked, version: str = "", key: str = ""
    ) -> answers.Said:
        """Take a patient off a list."""
        return self._write(number, "board/remove", why, answers.Said, version, key)

    def defer(self, number: int, to: asked.DeferAsked, version: str = "", key: str = "") -> answers.Said:
        """Put a question to a board off."""
        return self._write(number, "board/defer", to, answers.Said, version, key)

    def versions(self) -> tuple[answers.PathwayRef, ...]:
        """The versions of pathways that ship, or in which patients are or were enrolled."""
        return self._get("/versions", of_operations.Versions).versions

    def differences(self, one: str, other: str) -> tuple[of_operations.Difference, ...]:
        """What became of a version in another, both by fingerprint."""
        return self._get("/differences", of_operations.Differences, one=one, other=other).differences

    def try_out(self, wanted: asked.DryRunAsked, key: str = "") -> of_operations.DryRun:
        """Begin a dry run."""
        return self._post("/dry-runs", wanted, of_operations.DryRun, _keyed(key))

    def dry_run(self, kind: str = "", page: int = 1) -> of_operations.DryRun:
        """How far the latest dry run is, and what it found."""
        return self._get("/dry-runs/latest", of_operations.DryRun, kind=kind, page=page)

    def reviews(self, number: int) -> of_operations.Reviews:
        """The deviations of a patient with their reviews."""
        return self._get(f"/patients/{number}/deviations", of_operations.Reviews)

    def judge(
        self, number: int, mark: str, step: asked.ReviewAsked, version: str = "", key: str = ""
    ) -> answers.Said:
        """Judge a deviation, or agree or not with who judged it."""
        return self._write(number, f"deviations/{mark}/review", step, answers.Said, version, key)

    def pause(self, number: int, why: asked.PauseAsked, version: str = "", key: str = "") -> answers.Recorded:
        """Send no notices about a patient for a while."""
        return self._write(number, "pause", why, answers.Recorded, version, key)

    def resume(
        self, number: int, why: asked.ResumeAsked, version: str = "", key: str = ""
    ) -> answers.Recorded:
        """Send notices about a patient again."""
        return self._write(number, "resume", why, answers.Recorded, version, key)

    def verification(self) -> of_operations.Verification:
        """Whether the record is as it was recorded, as it was found last."""
        return self._get("/record/verification", of_operations.Verification)

    def verify(self, key: str = "") -> of_operations.Verification:
        """Begin to check the record."""
        return self._post("/record/verification", None, of_operations.Verification, _keyed(key))

    def messages(self, status: str | None = None) -> of_operations.Messages:
        """Messages that wait (`waiting`) or were given up (`dead`)."""
        return self._get("/messages", of_operations.Messages, status=status)

    def resend(self, message: str, key: str = "") -> of_operations.Resent:
        """Send a message again that was given up."""
        place = f"/messages/{quote(message, safe='')}/resend"
        return self._post(place, None, of_operations.Resent, _keyed(key))

    def channels(self) -> of_operations.Channels:
        """The ways by which messages leave."""
        return self._get("/channels", of_operations.Channels)

    def try_channel(self, channel: str, to: str, key: str = "") -> of_operations.Trial:
        """Send a test by a channel."""
        place = f"/channels/{quote(channel, safe='')}/test"
        return self._post(place, asked.TestAsked(to=to), of_operations.Trial, _keyed(key))

    def settings(self) -> tuple[of_operations.Setting, ...]:
        """Every setting."""
        return self._get("/settings", of_operations.Settings).settings

    def pathways(self) -> tuple[answers_lists.PathwayRow, ...]:
        """The pathways that ship."""
        return self._get("/pathways", answers_lists.Pathways).pathways

    def pathway(self, id: str) -> answers_lists.Pathway:
        """A pathway in full."""
        return self._get(f"/pathways/{id}", answers_lists.Pathway)

    def vocabulary(self, name: str = "") -> tuple[dict[str, Any], ...]:
        """What can be recorded, or one event type or fact."""
        return self._get(f"/vocabulary/{name}" if name else "/vocabulary", answers_lists.Vocabulary).entries

    def record(
        self, number: int, entry: asked.EntryAsked, version: str = "", key: str = ""
    ) -> answers.Recorded:
        """Record an event, or tell what it would change."""
        return self._write(number, "entries", entry, answers.Recorded, version, key)

    def amend(
        self, number: int, entry: str, changes: asked.AmendAsked, version: str = "", key: str = ""
    ) -> answers.Recorded:
        """Correct an entry."""
        return self._write(number, f"entries/{entry}/amend", changes, answers.Recorded, version, key)

    def retract(
        self, number: int, entry: str, why: asked.RetractAsked, version: str = "", key: str = ""
    ) -> answers.Recorded:
        """Take an entry back."""
        return self._write(number, f"entries/{entry}/retract", why, answers.Recorded, version, key)

    def register(self, new: asked.RegisterAsked, key: str = "") -> answers_records.Registered:
        """Register a patient."""
        headers = {"idempotency-key": key} if key else {}
        return self._post("/patients", new, answers_records.Registered, headers)

    def identity(self, number: int) -> answers_records.Identity:
        """Who a patient is."""
        return self._get(f"/patients/{number}/identity", answers_records.Identity)

    def put_right(
        self, number: int, who: asked.IdentityAsked, version: str = "", key: str = ""
    ) -> answers_records.Identified:
        """Put right who a patient is."""
        return self._write(number, "identity", who, answers_records.Identified, version, key)

    def merge(
        self, number: int, other: asked.MergeAsked, version: str = "", key: str = ""
    ) -> answers_records.Merged:
        """Make another record part of this one."""
        return self._write(number, "merge", other, answers_records.Merged, version, key)

    def unmerge(
        self, number: int, why: asked.UnmergeAsked, version: str = "", key: str = ""
    ) -> answers_records.Unmerged:
        """Undo the latest merge into a record."""
        return self._write(number, "unmerge", why, answers_records.Unmerged, version, key)

    def move(
        self, number: int, entry: str, to: asked.MoveAsked, version: str = "", key: str = ""
    ) -> answers_records.Moved:
        """Take an entry to the patient whom it concerns."""
        return self._write(number, f"entries/{entry}/move", to, answers_records.Moved, version, key)

    def comment(self, number: int, text: str, version: str = "", key: str = "") -> answers.Said:
        """Note something."""
        body = asked.CommentAsked(text=text)
        return self._write(number, "comments", body, answers.Said, version, key)

    def assign(self, number: int, owner: asked.OwnerAsked, version: str = "", key: str = "") -> answers.Said:
        """Give the patient to somebody."""
        return self._write(number, "owner", owner, answers.Said, version, key)

    def acknowledge(
        self, number: int, task: str, until: asked.WaitAsked, version: str = "", key: str = ""
    ) -> answers.Said:
        """Take something on until a day."""
        return self._write(number, f"due/{task}/acknowledge", until, answers.Said, version, key)

    def snooze(
        self, number: int, task: str, until: asked.WaitAsked, version: str = "", key: str = ""
    ) -> answers.Said:
        """Put something off until a day."""
        return self._write(number, f"due/{task}/snooze", until, answers.Said, version, key)

    def plan(
        self, number: int, task: str, on: asked.PlanAsked, version: str = "", key: str = ""
    ) -> answers.Said:
        """Give a step a working date."""
        return self._write(number, f"due/{task}/working-date", on, answers.Said, version, key)

    def progress(
        self, number: int, task: str, report: asked.ProgressAsked, version: str = "", key: str = ""
    ) -> answers.Recorded:
        """Report how far something has come."""
        return self._write(number, f"due/{task}/progress", report, answers.Recorded, version, key)

    def _get(self, path: str, kind: type[_Answer], /, **query: object) -> _Answer:
        said = {name: _plain(value) for name, value in query.items() if value is not None}
        return kind.model_validate_json(self._checked(self._http.get(path, params=said)))

    def _pages(self, path: str, wanted: BaseModel, kind: type[_Answer]) -> Iterator[_Answer]:
        query = wanted.model_dump(mode="json", exclude_defaults=True)
        while True:
            page = kind.model_validate_json(self._checked(self._http.get(path, params=query)))
            yield page
            cursor = getattr(page, "next", None)
            if cursor is None:
                return
            query["cursor"] = cursor

    def _write(
        self, number: int, place: str, body: BaseModel, kind: type[_Answer], version: str, key: str
    ) -> _Answer:
        headers = {"if-match": f'"{version}"'} if version else {}
        if key:
            headers["idempotency-key"] = key
        return self._post(f"/patients/{number}/{place}", body, kind, headers)

    def _post(
        self, path: str, body: BaseModel | None, kind: type[_Answer], headers: Mapping[str, str] | None = None
    ) -> _Answer:
        said = body.model_dump(mode="json") if body else None
        answer = self._http.post(path, json=said, headers=dict(headers or {}))
        return kind.model_validate_json(self._checked(answer))

    def _checked(self, answer: httpx.Response) -> bytes:
        """What was answered. Raises ApiError."""
        if answer.is_success:
            return answer.content
        if answer.headers.get("content-type", "").startswith(PROBLEM):
            with suppress(ValidationError):
                raise ApiError(Problem.model_validate_json(answer.content))
        told = Problem(type="about:blank", title=answer.reason_phrase, status=answer.status_code)
        raise ApiError(told)


def _keyed(key: str) -> dict[str, str]:
    return {"idempotency-key": key} if key else {}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
