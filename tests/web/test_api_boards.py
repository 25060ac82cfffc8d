"""Lists of boards by programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coordination.entries import Board
from coordination.saying import say
from tests.web.conftest import NOON, Desk
from tests.web.programs import client, program
from web.api.asked import DeferAsked, ListedAsked, UnlistedAsked

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
        version = api.list_for_board(1, wanted, key="a").version
        assert api.list_for_board(1, wanted, key="a").version == version
        found = api.agenda(board.name)
        assert found.meeting is not None
        assert (found.meeting.at, found.meeting.left) == (FIRST, 0)
        assert [(one.number, one.question) for one in found.patients] == [(1, "initial")]
        assert found.patients[0].ready + len(found.patients[0].missing) == found.patients[0].needed
        api.defer(1, DeferAsked(board=board.name, to=SECOND, code="imaging-missing"))
        assert [one.number for one in api.agenda(board.name, SECOND).patients] == [1]
        api.take_off_board(1, UnlistedAsked(board=board.name, reason="decided by telephone"))
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
