"""What a message says, in the language of the person, from the present snapshot; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from coordination.entries import Person, Rung, Site
from coordination.progress import Progress
from engine.snapshot import TimerItem
from notifications.decide import Kept
from notifications.plan import LOST
from notifications.present import Present


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a message: which patient, what is due since when, how far it has come, by which
    statements.
    """

    reference: str
    rung: Rung
    title: str
    due: date
    overdue_from: date | None
    status: str
    statements: tuple[str, ...]
    progress: Progress | None

    @classmethod
    def of(cls, reference: str, notice: Kept, timer: TimerItem | None, now: Present) -> Told:
        """What a notice tells of a patient now."""
        if timer is None:
            assert notice.about.item == LOST
            day = notice.about.due
            return cls(reference, notice.rung, "Lost to follow-up", day, None, "open", (), None)
        return cls(
            reference,
            notice.rung,
            timer.title,
            timer.due,
            timer.overdue_from,
            timer.status,
            timer.statements,
            now.progress(notice.about),
        )


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words; the subject tells nothing about a patient."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


def words(person: Person, site: Site, told: Sequence[Told], kind: str, now: datetime) -> Words:
    """A message to a person that tells these things."""
    lines = [f"{one.reference}: {one.title}, due {one.due} ({one.status})" for one in told]
    heading = f"{kind} for {person.name} at {now:%Y-%m-%d %H:%M} ({site.zone})"
    return Words(f"carepath: {len(told)} due", "\n".join((heading, *lines)), "")
