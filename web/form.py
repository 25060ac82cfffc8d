"""What was typed into a form, read field by field: what does not fit is told at its field."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date

from engine.fault import Fault
from web.visit import UNSEEN, Visit, can_be_read

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
"""Days that can be meant."""


@dataclass
class Form:
    """A form that somebody sent. `faults` are those found so far, by the name of the field."""

    visit: Visit
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> dict[str, str]:
        """Everything as it was typed, so that nobody types it twice."""
        return {name: str(value) for name, value in self.visit.typed.items() if isinstance(value, str)}

    @property
    def fits(self) -> bool:
        return not self.faults

    def fault(self, name: str, told: str) -> None:
        """Tell what is wrong with a field; what was told of it first stays."""
        self.faults.setdefault(name, told)

    def faulty(self, told: Iterable[tuple[str, str]]) -> None:
        """Tell everything that is wrong, each at its field."""
        for name, words in told:
            self.fault(name, words)

    def refused(self, faults: tuple[Fault, ...], usual: str) -> None:
        """Tell what the store refused, at the field it names, else at the usual one."""
        for one in faults:
            self.fault(one.field if one.field and one.field in self.visit.typed else usual, one.message)

    def text(self, name: str, most: int = 2000, *, needed: str = "") -> str:
        """A text without blanks around it; `needed` says what is to be told where there is none."""
        found = self.visit.field(name, most)
        if needed and not found:
            self.fault(name, needed)
        if not can_be_read(found):
            self.fault(name, UNSEEN)
        return found

    def chosen(self, name: str, known: Container[str], *, needed: str = "") -> str:
        """One of these words; empty where none was chosen."""
        found = self.visit.field(name)
        if found and found not in known:
            self.fault(name, "Choose one of the list.")
            return ""
        if needed and not found:
            self.fault(name, needed)
        return found

    def day(self, name: str, *, needed: str = "") -> date | None:
        """A day, as browsers send one."""
        typed = self.visit.field(name)
        if not typed:
            if needed:
                self.fault(name, needed)
            return None
        try:
            found = date.fromisoformat(typed)
        except ValueError:
            found = date.min
        if FIRST <= found <= LAST:
            return found
        self.fault(name, "This is no day; one is written 2026-11-23.")
        return None

    def ahead(self, name: str, *, needed: str = "") -> date | None:
        """A day that lies ahead."""
        found = self.day(name, needed=needed)
        if found and found <= self.visit.today:
            self.fault(name, "This day does not lie ahead.")
            return None
        return found
