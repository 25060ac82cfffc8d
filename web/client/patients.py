"""Patients by the client: the tracking list, one patient, what is said of them at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Unpack

import httpx

from web.api import answers, answers_deviations, answers_lists, asked, asked_operations
from web.client.asking import Asking, How, place


class Patients(Asking):
    """What is read about patients, and what is said of them at the desk."""

    def patients(self, **wanted: Any) -> Iterator[answers.Row]:
        """The tracking list, page after page; `wanted` as `asked.ListAsked` has it."""
        for page in self._pages(answers.Rows, "/patients", asked.ListAsked(**wanted)):
            yield from page.patients

    def search(self, text: str) -> tuple[answers.Row, ...]:
        """Whom a name, a reference or a number finds."""
        return self._post(answers.Found, "/patients/search", asked.SearchAsked(text=text)).patients

    def patient(
        self, number: int, as_of: date | None = None, known_at: datetime | None = None
    ) -> answers.Patient:
        """Where a patient stands."""
        return self._get(answers.Patient, place("patients", number), as_of=as_of, known_at=known_at)

    def unchanged(self, number: int, version: str) -> bool:
        """Whether a patient still has a version."""
        answer = self._http.get(place("patients", number), headers={"if-none-match": f'"{version}"'})
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return True
        self._checked(answer)
        return False

    def why(
        self, number: int, step: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> answers.Why:
        """Why a step may or may not be taken."""
        return self._get(answers.Why, place("patients", number, "why", step), as_of=as_of, known_at=known_at)

    def story(self, number: int, known_at: datetime | None = None) -> answers.Story:
        """Everything that was recorded."""
        return self._get(answers.Story, place("patients", number, "story"), known_at=known_at)

    def due(self, number: int) -> answers.Tasks:
        """What is due, and how far it has come."""
        return self._get(answers.Tasks, place("patients", number, "due"))

    def looks(self, number: int) -> answers_lists.Looks:
        """Who looked at the record."""
        return self._get(answers_lists.Looks, place("patients", number, "access"))

    def seen(self, number: int, **how: Unpack[How]) -> answers.Said:
        """Say that somebody looked: what was corrected before is news no more."""
        return self._post(answers.Said, place("patients", number, "seen"), None, **how)

    def comment(self, number: int, text: str, **how: Unpack[How]) -> answers.Said:
        """Note something."""
        body = asked.CommentAsked(text=text)
        return self._post(answers.Said, place("patients", number, "comments"), body, **how)

    def assign(self, number: int, owner: asked.OwnerAsked, **how: Unpack[How]) -> answers.Said:
        """Give the patient to somebody."""
        return self._post(answers.Said, place("patients", number, "owner"), owner, **how)

    def acknowledge(self, number: int, task: str, until: asked.WaitAsked, **how: Unpack[How]) -> answers.Said:
        """Take something on until a day."""
        return self._post(answers.Said, place("patients", number, "due", task, "acknowledge"), until, **how)

    def snooze(self, number: int, task: str, until: asked.WaitAsked, **how: Unpack[How]) -> answers.Said:
        """Put something off until a day."""
        return self._post(answers.Said, place("patients", number, "due", task, "snooze"), until, **how)

    def plan_step(self, number: int, task: str, on: asked.PlanAsked, **how: Unpack[How]) -> answers.Said:
        """Give a step a working date."""
        return self._post(answers.Said, place("patients", number, "due", task, "working-date"), on, **how)

    def progress(
        self, number: int, task: str, report: asked.ProgressAsked, **how: Unpack[How]
    ) -> answers.Recorded:
        """Report how far something has come."""
        return self._post(answers.Recorded, place("patients", number, "due", task, "progress"), report, **how)

    def pause(self, number: int, why: asked.PauseAsked, **how: Unpack[How]) -> answers.Recorded:
        """Send no notices about a patient for a while."""
        return self._post(answers.Recorded, place("patients", number, "pause"), why, **how)

    def resume(self, number: int, why: asked.ResumeAsked, **how: Unpack[How]) -> answers.Recorded:
        """Send notices about a patient again."""
        return self._post(answers.Recorded, place("patients", number, "resume"), why, **how)

    def reviews(self, number: int) -> answers_deviations.Reviews:
        """The deviations of a patient with their reviews."""
        return self._get(answers_deviations.Reviews, place("patients", number, "deviations"))

    def deviation_evidence(self, number: int, mark: str) -> answers_deviations.Evidence:
        """All that is told of a deviation, with its proof."""
        return self._get(
            answers_deviations.Evidence, place("patients", number, "deviations", mark, "evidence")
        )

    def judge(
        self, number: int, mark: str, step: asked_operations.ReviewAsked, **how: Unpack[How]
    ) -> answers.Said:
        """Judge a deviation, or agree or not with who judged it."""
        return self._post(answers.Said, place("patients", number, "deviations", mark, "review"), step, **how)
