"""Boards by the client: meetings, lists, decisions, minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from web.api import answers, answers_boards, answers_lists, asked, asked_boards
from web.client.asking import Asking, How, place


class Boards(Asking):
    """Boards and what they have to do with a patient."""

    def boards(self) -> tuple[answers_lists.Board, ...]:
        """The boards with their meetings."""
        return self._get(answers_lists.Boards, "/boards").boards

    def agenda(self, board: str, at: datetime | None = None) -> answers_lists.Agenda:
        """The list of a meeting of a board; of the next one if none is named."""
        return self._get(answers_lists.Agenda, place("boards", board, "list"), at=at)

    def board_candidates(self, board: str, most: int = 50) -> answers_boards.Candidates:
        """Who is to come before a board and is on no list of it."""
        return self._get(answers_boards.Candidates, place("boards", board, "candidates"), most=most)

    def board_readiness(self, number: int) -> answers_boards.OfPatient:
        """What boards are asked about a patient, and whether it is there."""
        return self._get(answers_boards.OfPatient, place("patients", number, "board"))

    def record_decision(
        self, number: int, decision: asked_boards.DecisionAsked, **how: Unpack[How]
    ) -> answers.Recorded:
        """Record what a board decided, or tell what it would change."""
        return self._post(answers.Recorded, place("patients", number, "board", "decision"), decision, **how)

    def put_on_list(self, number: int, listed: asked.ListedAsked, **how: Unpack[How]) -> answers.Said:
        """Put a patient on the list of a meeting."""
        return self._post(answers.Said, place("patients", number, "board", "list"), listed, **how)

    def take_off_list(self, number: int, why: asked.UnlistedAsked, **how: Unpack[How]) -> answers.Said:
        """Take a patient off a list."""
        return self._post(answers.Said, place("patients", number, "board", "remove"), why, **how)

    def put_off_question(self, number: int, to: asked.DeferAsked, **how: Unpack[How]) -> answers.Said:
        """Put a question to a board off."""
        return self._post(answers.Said, place("patients", number, "board", "defer"), to, **how)

    def waiting_decisions(self, *, every: bool = False) -> tuple[answers_boards.Waiting, ...]:
        """What boards decided that has not been carried out in time, or every one that is not."""
        return self._get(answers_boards.AllWaiting, "/decisions", every=every).decisions

    def board_minutes(self, board: str, at: datetime) -> answers_boards.Minutes:
        """The minutes of a meeting as they stand."""
        return self._get(answers_boards.Minutes, place("boards", board, "minutes"), at=at)

    def sign_minutes(self, board: str, what: asked_boards.SignAsked, key: str = "") -> answers_boards.Minutes:
        """Sign minutes by the digest of the text that was read."""
        return self._post(answers_boards.Minutes, place("boards", board, "sign"), what, key=key)

    def save_board(self, board: asked_boards.BoardAsked, **how: Unpack[How]) -> answers_boards.Planned:
        """Say of a board where it is, who leads it, and what it takes."""
        return self._post(answers_boards.Planned, "/boards", board, **how)

    def plan_meetings(
        self, board: str, what: asked_boards.MeetingsAsked, **how: Unpack[How]
    ) -> answers_boards.Planned:
        """Add meetings, and say of others that they do not take place."""
        return self._post(answers_boards.Planned, place("boards", board, "meetings"), what, **how)

    def move_meeting(
        self, board: str, what: asked_boards.MeetingMoved, **how: Unpack[How]
    ) -> answers_boards.Planned:
        """Hold a meeting at another time, with everybody on its list."""
        return self._post(answers_boards.Planned, place("boards", board, "move"), what, **how)
