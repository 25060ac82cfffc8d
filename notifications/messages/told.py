"""What is known of each line of a message before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from coordination.board_duties import Duty
from coordination.entries import Rung
from coordination.progress import Progress
from engine.snapshot import TimerItem
from notifications.decide import Kept
from notifications.plan import OF_PATIENT
from notifications.present import Present


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a message: which patient, what is due since when, how far it has come, by which
    statements. `name` is there only where the site lets messages tell it.
    """

    reference: str = field(repr=False)
    rung: Rung
    item: str
    title: str
    opens: date | None
    due: date
    overdue_from: date | None
    status: str
    statements: tuple[str, ...]
    progress: Progress | None
    name: str | None = field(default=None, repr=False)
    duty: Duty | None = None
    number: int = 0
    """By which the patient is known in the database, and outside not at all."""

    @classmethod
    def of(
        cls,
        called: tuple[str, str | None],
        notice: Kept,
        timer: TimerItem | None,
        now: Present,
        number: int = 0,
    ) -> Told:
        """What a notice tells now of a patient with this reference and name; without a timer: of all."""
        reference, name = called
        if timer is None:
            about = notice.about
            assert about.item in OF_PATIENT, "every other notice is about a due item"
            said = (notice.rung, about.item, "", None, about.due, None, "open", (), None, name)
            return cls(reference, *said, number=number)
        return cls(
            reference,
            notice.rung,
            timer.item,
            timer.title,
            timer.opens,
            timer.due,
            timer.overdue_from,
            timer.status,
            timer.statements,
            now.progress(notice.about),
            name,
            now.for_board.get(notice.about),
            number,
        )


@dataclass(frozen=True, slots=True)
class Open:
    """How many items of how many patients of a person are overdue, whether told before or not."""

    items: int
    patients: int
