"""What people do on pages programs do by operations, or it is said why they do not."""

from __future__ import annotations

from typing import Final

from web.api.app import operations
from web.app import pages


class Reason(str):
    """Why there is no operation for a page."""


SIGN_IN: Final = Reason(
    "a program has a token: it does not sign in, and has no password and no second factor"
)
TOKENS: Final = Reason("a token makes and ends no secrets: who has one that leaked could stay for ever")
ACCOUNTS: Final = Reason("who may sign in, and as what, is for people")
PAPER: Final = Reason("a paper for people; what stands in it is answered by other operations")
FORM: Final = Reason("a form to be filled in")
PICTURE: Final = Reason("a picture")
LOOKS: Final = Reason("how pages look in a browser")

BY_PAGE: Final[dict[str, str]] = {
    "GET /sign-in": SIGN_IN,
    "POST /sign-in": SIGN_IN,
    "GET /sign-in/code": SIGN_IN,
    "POST /sign-in/code": SIGN_IN,
    "POST /sign-out": SIGN_IN,
    "GET /first-start": SIGN_IN,
    "POST /first-start": SIGN_IN,
    "GET /password": SIGN_IN,
    "POST /password": SIGN_IN,
    "GET /sign-in/elsewhere": SIGN_IN,
    "GET /sign-in/elsewhere/back": SIGN_IN,
    "POST /account/sign-out-everywhere": SIGN_IN,
    "GET /account/factor": SIGN_IN,
    "POST /account/factor": SIGN_IN,
    "POST /account/factor/confirm": SIGN_IN,
    "POST /account/factor/change": SIGN_IN,
    "GET /account": "me",
    "POST /account/tokens": TOKENS,
    "POST /account/tokens/{id}/end": TOKENS,
    "POST /operations/tokens/{id}/end": TOKENS,
    "POST /other-team/{number}": Reason("no reason that a program gives opens a patient of another team"),
    "GET /": "patients",
    "POST /search": "search",
    "GET /list.xlsx": PAPER,
    "GET /list/print": PAPER,
    "GET /views": "kept_views",
    "POST /views": "save_view",
    "POST /views/change": "change_view",
    "POST /views/delete": "delete_view",
    "POST /bulk": Reason("a program asks for each: assign, comment, acknowledge"),
    "GET /operations": ACCOUNTS,
    "POST /operations/accounts": ACCOUNTS,
    "GET /operations/accounts/{id}": ACCOUNTS,
    "POST /operations/accounts/{id}": ACCOUNTS,
    "POST /operations/accounts/{id}/factor-off": ACCOUNTS,
    "POST /operations/accounts/{id}/elsewhere": ACCOUNTS,
    "GET /operations/people": "site",
    "GET /operations/site": "site",
    "GET /operations/desk/{kind}": "site",
    "POST /operations/desk/{kind}": "say_of_site",
    "GET /operations/channels": "channels",
    "POST /operations/channels": "try_channel",
    "POST /operations/channels/preview": Reason(
        "whether the words of a message are right is for people to read"
    ),
    "GET /operations/messages": "messages workers",
    "POST /operations/messages": "resend",
    "GET /operations/record": "verification",
    "POST /operations/record": "verify_record",  # backups: docs/decisions/0033; `doctor` is about the machine
    "GET /operations/seals.txt": "record_seals",
    "GET /operations/settings": "settings",
    "GET /patients/new": FORM,
    "POST /patients/new": "register_patient",
    "GET /patients/{number}": "patient why story due",
    "GET /patients/{number}/pathway": PICTURE,
    "GET /patients/{number}/access": "looks",
    "POST /patients/{number}/comment": "comment",
    "GET /patients/{number}/assign": FORM,
    "POST /patients/{number}/assign": "assign",
    "GET /patients/{number}/tasks/{key}": FORM,
    "POST /patients/{number}/tasks/{key}/wait": "acknowledge snooze",
    "POST /patients/{number}/tasks/{key}/plan": "plan_step",
    "POST /patients/{number}/tasks/{key}/report": "progress",
    "GET /patients/{number}/pause": FORM,
    "POST /patients/{number}/pause": "pause resume",
    "GET /patients/{number}/record": "vocabulary word",
    "POST /patients/{number}/record": "record_entry",
    "GET /patients/{number}/steps/{step}/openings": "why",
    "GET /patients/{number}/identity": "identity",
    "POST /patients/{number}/identity": "put_right",
    "GET /patients/{number}/merge": FORM,
    "POST /patients/{number}/merge": "merge",
    "GET /patients/{number}/unmerge": FORM,
    "POST /patients/{number}/unmerge": "unmerge",
    "GET /patients/{number}/entries/{event}/move": FORM,
    "POST /patients/{number}/entries/{event}/move": "move",
    "GET /patients/{number}/brief": PAPER,
    "GET /patients/{number}/brief.html": PAPER,
    "GET /patients/{number}/brief.pdf": PAPER,
    "GET /patients/{number}/timeline": PAPER,
    "GET /patients/{number}/timeline.pdf": PAPER,
    "GET /patients/{number}/entries/{event}/amend": FORM,
    "POST /patients/{number}/entries/{event}/amend": "amend",
    "GET /patients/{number}/entries/{event}/retract": FORM,
    "POST /patients/{number}/entries/{event}/retract": "retract",
    "GET /board": "boards agenda",
    "GET /board/candidates": "board_candidates",
    "GET /board/decisions": "waiting_decisions",
    "GET /patients/{number}/board/list": "board_readiness",
    "POST /patients/{number}/board/list": "put_on_list",
    "GET /patients/{number}/board/remove": FORM,
    "POST /patients/{number}/board/remove": "take_off_list",
    "GET /patients/{number}/board/defer": FORM,
    "POST /patients/{number}/board/defer": "put_off_question",
    "GET /patients/{number}/board": "board_readiness",
    "POST /patients/{number}/board": "record_decision",
    "GET /board/minutes": "board_minutes",
    "GET /board/minutes.txt": "board_minutes",
    "GET /board/minutes.pdf": PAPER,
    "POST /board/minutes/sign": "sign_minutes",
    "GET /patients/{number}/board/letter": PAPER,
    "GET /patients/{number}/board/letter.pdf": PAPER,
    "GET /board/plan": "boards",
    "POST /board/plan": "save_board plan_meetings",
    "POST /board/move": "move_meeting",
    "GET /deviations": "deviations",
    "GET /deviations/gone": "gone_deviations",
    "GET /deviations/figures": "deviations_report",
    "GET /patients/{number}/deviations/{mark}": "reviews",
    "POST /patients/{number}/deviations/{mark}/judge": "judge",
    "GET /patients/{number}/deviations/{mark}/evidence.zip": "deviation_evidence",
    "GET /deviations/report": "deviations_report",
    "GET /deviations/report.xlsx": PAPER,
    "GET /deviations/report.csv": PAPER,
    "GET /deviations/report.pdf": PAPER,
    "GET /deviations/then": "deviations_then",
    "POST /deviations/then": "deviations_then",
    "GET /deviations/then.csv": "deviations_then",
    "GET /pathways/differences": "all_versions differences",
    "GET /pathways/changes": "dry_run",
    "POST /pathways/changes": "try_out",  # putting in force is for people: docs/decisions/0036
    "GET /pathways": "pathways",
    "GET /pathways/{key}": "pathway",
    "GET /statements": "statements",
    "GET /statements/{id}": "statement",
    "POST /statements/{id}": "sign_off",
    "GET /conflicts": "conflicts",
    "GET /inbox": "inbox",
    "POST /account/calendar/new": TOKENS,
    "POST /account/calendar/revoke": TOKENS,
    "GET /glossary": Reason("words explained to people"),
    "GET /calendar/{secret}.ics": Reason("read by calendars, under a secret address of its own"),
    "GET /{anything:path}": LOOKS,
    "POST /looks": LOOKS,
}
"""By page the operations that do the same, or why there is none."""
PROGRAMS_ONLY: Final = {"problems", "seen"}
"""What a browser does by showing a page."""


def test_each_page_has_its_operations_or_a_reason_to_have_none() -> None:
    there = {f"{one.method} {one.path}" for one in pages()}
    assert there == set(BY_PAGE)
    known = {one.endpoint.__name__ for one in operations()}
    named: set[str] = set()
    for page, said in BY_PAGE.items():
        if not isinstance(said, Reason):
            assert set(said.split()) <= known, page
            named |= set(said.split())
    assert known - named == PROGRAMS_ONLY
