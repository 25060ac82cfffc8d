"""Typing what a board decides while it is held: the case beside the form, what would change before saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from starlette.responses import Response

from coordination.board_graph import BOARD, BoardStep
from coordination.boards import Seen as AtBoard
from coordination.entries import Board
from coordination.held_board import lesions, may_overrule, quorum
from coordination.patient_desk import Listing
from interop.board_words import question_words
from interop.brief_page import brief_page
from interop.event_words import value_words
from interop.statement_words import statements
from pathways.vocabulary import load_vocabulary
from pathways.worded import joined, worded
from store import identities
from store.errors import Refused
from store.naming import check_names_nobody
from store.recording import Recorded
from web.form import Form
from web.pages.board_lists import patient_of
from web.pages.patient_do import present
from web.pages.patient_fields import BEFORE, controls, read, words_of
from web.pages.patient_papers import case_summary
from web.pages.patient_saving import Draft, labels, new_draft, tried_or_saved
from web.pages.patient_words import chips
from web.rules import WORKS, Pages
from web.shown.board_seen import OnBoard, address, board_of, data, key, meeting_of, on_board
from web.shown.patient_seen import Seen
from web.visit import Stopped, Visit

PAGES = Pages()

ACTIONS: Final = 3
"""Rows for actions."""
OWN: Final = frozenset(
    {
        "question", "disciplines", "written_input", "decision", "decision_text", "method", "targets",
        "uncovered_lesions", "overruled_guards", "overrule_reason",
    }
)  # fmt: skip
"""Fields that have a place of their own in the form."""


@dataclass(frozen=True, slots=True)
class About:
    """What is decided upon: a patient's question at a meeting of a board."""

    board: Board
    found: OnBoard
    question: str
    listing: Listing | None
    seen: AtBoard

    @property
    def day(self) -> date:
        """The day of the meeting."""
        assert self.found.meeting is not None, "there is no page without a meeting"
        return self.found.meeting.day

    @property
    def asked(self) -> BoardStep | None:
        """The step that asks the question."""
        return self.seen.step(self.question, *_listed_as(self.listing))

    @property
    def here(self) -> str:
        """The address of the page."""
        assert self.found.meeting is not None, "there is no page without a meeting"
        path = f"/patients/{self.seen.patient_id}/board"
        return address(path, self.board, self.found.meeting.at, question=self.question)

    @property
    def neighbours(self) -> tuple[str | None, str | None]:
        """The addresses of the pages about those before and after on the agenda."""
        places = [one.at_board for one in self.found.lines]
        before = {after: first for first, after in pairwise(places)}
        after = dict(pairwise(places))
        return before.get(self.here), after.get(self.here)


@PAGES.get("/patients/{number}/board", WORKS)
def live(visit: Visit) -> Response:
    """The case and the form."""
    found = present(visit)
    about = _about(visit, visit.asked)
    visit.seen("board patient", found.number, board=about.board.name, question=about.question)
    return _page(visit, found, about, new_draft(found), _usual(visit, about), None)


@PAGES.post("/patients/{number}/board", WORKS)
def typed(visit: Visit) -> Response:
    """Try what was typed, or save it and go on to the next patient."""
    found, form = present(visit), Form(visit)
    about = _about(visit, visit.field)
    type_ = load_vocabulary().events[BOARD]
    said = read(form, type_)
    day = form.day(f"{BEFORE}date", needed="On which day was it?")
    if about.day > visit.today:
        form.fault(
            f"{BEFORE}date", "The meeting lies ahead; what it decides can be recorded from its day on."
        )
    elif day and day > visit.today:
        form.fault(f"{BEFORE}date", "This day lies ahead: nothing can have been decided yet.")
    entry: dict[str, object] = {"type": BOARD, "date": str(day), **said.content, **_own(form, found, about)}
    actions = tuple(_actions(form, visit, about))
    draft = Draft((entry,), words=tuple(words_of(said)), notes=actions)
    saves = visit.field("do") == "save"

    def done(_: Recorded | None) -> Response:
        return visit.go(about.neighbours[1] or address("/board", about.board, _at(about)))

    if saves and form.fits:
        _check_names(visit, form, actions)
    answer = tried_or_saved(visit, found, form, draft, done)
    if answer is not None:
        return answer
    visit.seen("board patient", found.number, board=about.board.name, question=about.question)
    return _page(visit, present(visit) if draft.meanwhile else found, about, draft, form.typed, form)


def _at(about: About) -> datetime:
    assert about.found.meeting is not None, "there is no page without a meeting"
    return about.found.meeting.at


def _about(visit: Visit, said: Callable[[str], str]) -> About:
    board = board_of(visit, said("board"))
    at = meeting_of(visit, board, said("meeting")) if board else None
    if board is None or at is None:
        raise Stopped(422, "At which meeting?", "Open the patient from the list of a board.")
    with visit.database.reading() as connection:
        seen, _ = patient_of(visit, connection)
    question = said("question") or _only(seen, board)
    if question not in load_vocabulary().code_lists["board_question"]:
        raise Stopped(422, "Which question?", "Open the patient from the list of a board.")
    listing = seen.said.listings.get((board.name, question))
    return About(board, on_board(visit, board, at), question, listing, seen)


def _only(seen: AtBoard, board: Board) -> str:
    """The question that is listed for a board, or that it is asked, where it is one."""
    listed = [question for name, question in seen.said.listings if name == board.name]
    asked = listed or list(dict.fromkeys(one.question for one in seen.asked if board.takes(one.question)))
    return asked[0] if len(asked) == 1 else ""


def _usual(visit: Visit, about: About) -> dict[str, str]:
    """What stands in the form before anybody types."""
    return {f"{BEFORE}date": str(min(about.day, visit.today)), f"{BEFORE}question": about.question}


def _own(form: Form, found: Seen, about: About) -> dict[str, object]:
    """What has a place of its own in the form: the targets, why a lesion is none, what is set aside."""
    _, known = lesions(about.seen.events)
    names = [str(one["id"]) for one in known]
    told: dict[str, object] = {}
    targets = [str(one) for one in form.visit.typed.getlist("target")]
    if any(one not in names for one in targets):
        form.fault("target", "Choose one of the list.")
    reasons = {name: form.text(f"why.{name}", 200) for name in names if name not in targets}
    if targets:
        told["targets"] = targets
    if left := {name: reason for name, reason in reasons.items() if reason}:
        told["uncovered_lesions"] = left
    guards = [str(one) for one in form.visit.typed.getlist("overrule")]
    allowed = [one.id for one in may_overrule(found.view.enrolled, found.view.snapshot.pathways, about.asked)]
    if any(one not in allowed for one in guards):
        form.fault("overrule", "The pathways do not let a board set this aside.")
    if guards:
        told["overruled_guards"] = guards
        form.text(
            f"{BEFORE}overrule_reason", needed="Why? What is set aside stays visible, with this reason."
        )
    return told


def _actions(form: Form, visit: Visit, about: About) -> Iterator[str]:
    """What is to be done, by whom and until when, as it is noted at the desk."""
    for row in range(ACTIONS):
        what, owner = form.text(f"action.{row}.what", 300), form.chosen(f"action.{row}.owner", _people(visit))
        on = form.day(f"action.{row}.on")
        if not what and (owner or on):
            form.fault(f"action.{row}.what", "What is to be done?")
        if what:
            more = ", ".join(filter(None, [owner, f"by {on}" if on else ""]))
            board = f"Board {about.board.name} on {about.day}: "
            yield f"{board}{what} ({more})" if more else f"{board}{what}"


def _people(visit: Visit) -> list[str]:
    return [name for name, one in visit.site.people.items() if one.active]


def _check_names(visit: Visit, form: Form, texts: Iterable[str]) -> None:
    """What is noted at the desk names no patient."""
    with visit.database.reading() as connection:
        for row, text in enumerate(texts):
            try:
                reference = f"{identities.NUMBERED}{visit.number}"
                check_names_nobody(connection, text, reference, field="action", stays="after erasure")
            except Refused as refused:
                form.refused(refused.faults, f"action.{row}.what")


def _page(
    visit: Visit, found: Seen, about: About, draft: Draft, typed: Mapping[str, str], form: Form | None
) -> Response:
    fields = {
        one.name.removeprefix(BEFORE): one
        for group in controls(load_vocabulary().events[BOARD])
        for one in group.controls
    }
    imaging, known = lesions(about.seen.events)
    lists = {name: [str(one) for one in visit.typed.getlist(name)] for name in visit.typed} if form else {}
    there = {*lists.get(f"{BEFORE}disciplines", ()), *lists.get(f"{BEFORE}written_input", ())}
    asked = about.asked
    part = bool(visit.request.headers.get("hx-request"))
    saves = visit.field("do") == "save" if form else False
    wrong = 422 if form and form.faults else 409 if saves and draft.meanwhile else 200
    before, after = about.neighbours
    ready = about.seen.readiness(visit.site, about.question, *_listed_as(about.listing))
    held_back = may_overrule(found.view.enrolled, found.view.snapshot.pathways, about.asked)
    summary = case_summary(visit, found, _step_of(found, asked.step.id if asked else ""))
    nth = next((n for n, one in enumerate(about.found.lines, 1) if one.at_board == about.here), None)
    counted = quorum(there)
    return visit.page(
        "board_live.html",
        200 if part else wrong,
        here="/board",
        seen=found,
        about=about,
        at=_at(about),
        nth=nth,
        title=asked.title if asked else question_words(about.question),
        question=question_words(about.question),
        brief=brief_page(replace(summary, day_zero=found.view.day_zero)),
        data=data(visit, ready, about.seen),
        fields=fields,
        rest=[one for name, one in fields.items() if name not in OWN],
        lesions=[(str(one["id"]), _lesion_words(one)) for one in known],
        imaging=imaging,
        overrules=held_back,
        quorum=counted,
        statements=statements((counted.statement,)),
        chips=chips,
        people=_people(visit),
        actions=range(ACTIONS),
        typed=typed,
        lists=lists,
        faults=form.faults if form else {},
        labels=labels(form),
        checked=form is not None,
        draft=draft,
        reason=False,
        before=before,
        after=after,
        address=address,
        key=key,
    )


def _step_of(found: Seen, step: str) -> str:
    """The step, where it is offered or judged today."""
    return (
        step if any(one.step == step for part in found.view.snapshot.pathways for one in part.steps) else ""
    )


def _listed_as(listing: Listing | None) -> tuple[str, str]:
    return (listing.entry.pathway, listing.entry.step) if listing else ("", "")


def _lesion_words(one: Mapping[str, object]) -> str:
    """`liver, segment VI, 18 mm`: what the imaging says of a lesion."""
    told = [value_words(one[name]) for name in ("organ", "location_detail") if one.get(name)]
    if one.get("diameter_mm"):
        told.append(worded("{value} mm", value=value_words(one["diameter_mm"])))
    if one.get("status"):
        told.append(value_words(one["status"]))
    return joined(", ", told)
