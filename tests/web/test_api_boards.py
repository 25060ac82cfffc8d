"""Lists of boards by programs."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from coordination.entries import Board
from coordination.saying import say
from tests.web.conftest import NOON, Desk
from tests.web.programs import client, program
from tests.web.test_board import asked_of
from web.api.asked import DeferAsked, ListedAsked, UnlistedAsked
from web.api.asked_boards import BoardAsked, DecisionAsked, MeetingMoved, MeetingsAsked, SignAsked
from web.client import ApiError

FIRST, SECOND = NOON + timedelta(10), NOON + timedelta(17)


@pytest.fixture
def met(desk: Desk) -> Desk:
    """A desk with a board that has room for one."""
    board = Board(name="Breast board", meetings=(FIRST, SECOND), capacity=1)
    with desk.database.writing() as connection:
        say(connection, board, recorder="lena", now=NOON)
    return desk


def test_put_on_a_list_put_off_and_taken_off(met: Desk) -> None:
    with client(met, "lena") as api:
        (board,) = api.boards()
        assert [(one.at, one.left) for one in board.meetings] == [(FIRST, 1), (SECOND, 1)]
        wanted = ListedAsked(board=board.name, question="initial", reason="asked by the clinician")
        version = api.put_on_list(1, wanted, key="a").version
        assert api.put_on_list(1, wanted, key="a").version == version
        found = api.agenda(board.name)
        assert found.meeting is not None
        assert (found.meeting.at, found.meeting.left) == (FIRST, 0)
        assert [(one.number, one.question) for one in found.patients] == [(1, "initial")]
        assert found.patients[0].ready + len(found.patients[0].missing) == found.patients[0].needed
        api.put_off_question(1, DeferAsked(board=board.name, to=SECOND, code="imaging-missing"))
        assert [one.number for one in api.agenda(board.name, SECOND).patients] == [1]
        api.take_off_list(1, UnlistedAsked(board=board.name, reason="decided by telephone"))
        assert api.agenda(board.name, SECOND).patients == ()


def test_what_cannot_be_is_told_at_its_place(met: Desk) -> None:
    asking = program(met, "lena")
    listed = {"board": "Breast board", "question": "initial", "reason": "asked for"}
    assert asking.send("/patients/1/board/list", listed).status_code == 200
    for path, body, status, pointer in (
        ("list", listed, 422, "/question"),
        ("list", {**listed, "board": "none"}, 404, None),
        ("list", {**listed, "meeting": "2025-03-05T12:00:00Z"}, 404, None),
        ("list", {**listed, "question": "nonsense"}, 422, "/question"),
        ("defer", {"board": "Breast board", "to": None, "code": "other"}, 422, "/reason"),
        ("defer", {"board": "Breast board", "to": FIRST.isoformat(), "code": "no-time"}, 422, "/meeting"),
        ("remove", {"board": "Breast board", "question": "mdt", "reason": "x"}, 422, "/question"),
    ):
        answer = asking.send(f"/patients/1/board/{path}", body)
        told = answer.json().get("faults", [{}])[0].get("pointer")
        assert (answer.status_code, told) == (status, pointer), body
    full = {**listed, "meeting": FIRST.isoformat()}
    assert asking.send("/patients/2/board/list", full).json()["faults"][0]["pointer"] == "/over"
    assert asking.get("/boards/none/list").status_code == 404
    assert asking.get("/boards/Breast%20board/list?at=2025-03-05T12:00:00Z").status_code == 404


def test_a_meeting_from_its_candidates_to_its_signed_minutes(met: Desk) -> None:
    number = asked_of(met, "W-1", full=True)
    with client(met, "lena") as api:
        (one,) = [each for each in api.board_candidates("Breast board").candidates if each.number == number]
        assert (one.question, one.step, one.standing, one.missing) == (
            "initial",
            "board_initial",
            "ready",
            (),
        )
        (asked,) = api.board_readiness(number).questions
        assert (asked.asked, asked.listed, asked.ready) == (True, None, one.ready)
        api.put_on_list(number, ListedAsked(board="Breast board", question="initial"))
        assert number not in {each.number for each in api.board_candidates("Breast board").candidates}
        (asked,) = api.board_readiness(number).questions
        assert (asked.board, asked.listed) == ("Breast board", FIRST)
        said = {"decision": "systemic_first", "disciplines": ["medical_oncology"]}
        decision = DecisionAsked(board="Breast board", meeting=FIRST, question="initial", fields=said)
        with pytest.raises(ApiError, match="422"):
            api.record_decision(number, decision)
        met.now = FIRST + timedelta(minutes=5)
        version = api.patient(number).version
        would = api.record_decision(number, decision.model_copy(update={"dry_run": True}), version=version)
        assert would.dry_run
        assert api.board_minutes("Breast board", FIRST).entries[0].became == "not_decided"
        done = api.record_decision(number, decision, version=version, key="k1")
        assert api.record_decision(number, decision, version=version, key="k1") == done
        with pytest.raises(ApiError) as late:
            api.record_decision(number, decision, version=version, key="k2")
        assert late.value.problem.status == 412
        minutes = api.board_minutes("Breast board", FIRST)
        assert [(each.number, each.became, each.fields["decision"]) for each in minutes.entries] == [
            (number, "decided", "systemic_first")
        ]
        assert minutes.text is not None
        assert minutes.digest == hashlib.sha256(minutes.text.encode()).hexdigest()
        signed = api.sign_minutes("Breast board", SignAsked(meeting=FIRST, digest=minutes.digest))
        assert [(each.by, each.stands) for each in signed.signatures] == [("lena", True)]
    with client(met, "anna") as api, pytest.raises(ApiError) as nobody:
        api.sign_minutes("Breast board", SignAsked(meeting=FIRST, digest=minutes.digest))
    assert nobody.value.problem.status == 403


def test_meetings_are_planned_cancelled_and_moved(met: Desk) -> None:
    third = SECOND + timedelta(7)
    with client(met, "anna") as api:
        (seen,) = api.boards()
        changes = MeetingsAsked(add=(third,), cancel=(SECOND,))
        planned = api.plan_meetings("Breast board", changes, version=seen.version, key="plan")
        assert [one.at for one in planned.meetings] == [FIRST, third]
        assert api.plan_meetings("Breast board", changes, version=seen.version, key="plan") == planned
        with pytest.raises(ApiError) as late:
            api.plan_meetings("Breast board", changes, version=seen.version)
        assert late.value.kind == "changed"
        wanted = ListedAsked(board="Breast board", question="initial", reason="asked for", meeting=third)
        api.put_on_list(1, wanted)
        to = MeetingMoved(meeting=third, to=third + timedelta(1))
        with pytest.raises(ApiError, match="412"):  # of who was put on its list nobody has seen anything
            api.move_meeting("Breast board", to, version=planned.version)
        moved = api.move_meeting("Breast board", to, version=api.boards()[0].version)
        assert (moved.moved, moved.meetings[1].taken) == (1, 1)
        minutes = api.board_minutes("Breast board", third)
        assert (minutes.takes_place, minutes.entries[0].became) == (False, "put_off")
        assert minutes.entries[0].to == third + timedelta(1)
        with pytest.raises(ApiError):
            api.move_meeting("Breast board", MeetingMoved(meeting=FIRST, to=NOON - timedelta(1)))
    with client(met, "ben") as api, pytest.raises(ApiError) as clinician:
        api.plan_meetings("Breast board", MeetingsAsked(add=(SECOND,)))
    assert clinician.value.problem.status == 403


def test_a_board_is_said_as_a_whole_and_keeps_its_meetings(met: Desk) -> None:
    with client(met, "anna") as api:
        (seen,) = api.boards()
        said = BoardAsked(name=seen.name, place="Room 2", questions=("initial",))
        api.save_board(said, version=seen.version, key="one")
        (now,) = api.boards()
        assert (now.place, now.capacity, now.meetings[0].at) == ("Room 2", None, FIRST)
        with pytest.raises(ApiError, match="412"):
            api.save_board(said, version=seen.version)
        assert api.save_board(BoardAsked(name="Bone board")).meetings == ()
        with pytest.raises(ApiError, match="422"):
            api.save_board(BoardAsked(name="Another", chair="nobody"))
        assert {one.name for one in api.boards()} == {seen.name, "Bone board"}
    for field, wrong in (("name", "#; x"), ("chair", ", "), ("minutes", True), ("active", "no")):
        answer = program(met, "anna").send("/boards", {"name": "Bone board", field: wrong})
        assert answer.json()["faults"][0]["pointer"] == f"/{field}"


def test_decisions_that_wait_are_told(met: Desk) -> None:
    number = asked_of(met, "W-1", full=True)
    with client(met, "lena") as api:
        api.put_on_list(number, ListedAsked(board="Breast board", question="initial"))
        met.now = FIRST + timedelta(minutes=5)
        said = {"decision": "systemic_first", "disciplines": ["medical_oncology"]}
        decision = DecisionAsked(board="Breast board", meeting=FIRST, question="initial", fields=said)
        (entry,) = api.record_decision(number, decision).recorded
        assert api.waiting_decisions() == ()
        (one,) = (each for each in api.waiting_decisions(every=True) if each.number == number)
        assert (one.entry, one.decision, one.late) == (entry, "systemic_first", False)
        assert one.steps
