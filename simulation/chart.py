"""What is written down about one made-up patient, and the truth beside it.

A course is told without regard to the day on which we stand; the chart keeps what had happened and was
recorded by then, of the entries as of the departures planted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.entries import read_event, read_facts, read_story
from engine.event import Story

ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Planted:
    """A departure or a flaw of the record put in on purpose; it exists from the day `on`."""

    code: str
    on: date
    note: str


@dataclass(slots=True, eq=False)
class Draft:
    """An entry before it gets its id. A field that holds another draft stands for the id of that one."""

    type: str
    day: date
    fields: dict[str, object]
    recorded: date | None = None

    @property
    def known(self) -> date:
        return self.recorded or self.day


@dataclass(slots=True, eq=False)
class Chart:
    """Entries and planted departures up to `as_of`; `until` ends the story earlier, at death or withdrawal.

    `kind` names the course; it is the note of what is planted in it. `returned` is the day on which a patient
    who had left came back.
    """

    kind: str
    as_of: date
    until: date
    returned: date | None = None
    facts: dict[str, object] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)

    @classmethod
    def empty(cls, kind: str, as_of: date, until: date | None = None) -> Chart:
        return cls(kind, as_of, min(as_of, until or as_of))

    def add(
        self, type: str, day: date, fields: Mapping[str, object], *, recorded: date | None = None
    ) -> Draft:
        """Writes an entry down, unless it lies beyond the end of the story."""
        draft = Draft(type, day, dict(fields), recorded)
        if day <= self.until and draft.known <= self.as_of:
            self.drafts.append(draft)
        return draft

    def append(self, type: str, day: date, **fields: object) -> None:
        """Writes an entry down that comes after the end of the story, or is that end."""
        if day <= self.as_of:
            self.drafts.append(Draft(type, day, fields))

    def plant(
        self,
        code: str,
        on: date,
        *,
        last: date | None = None,
        known: date | None = None,
        gone: date | None = None,
    ) -> None:
        """A departure, unless it lies beyond the end of the story (or beyond the day `last`).

        It shows from the day `known`, where that is another, and no more from the day `gone`.
        """
        seen = (known or on) <= self.as_of and (gone is None or gone > self.as_of)
        if on <= (last or self.until) and seen:
            self.planted.append(self.told(code, on))

    def told(self, code: str, on: date) -> Planted:
        return Planted(code, on, self.kind.replace("_", " "))

    def duty(
        self,
        code: str,
        due: date,
        done: date | None,
        *,
        grace: int = 0,
        ended: date | None = None,
        gone: date | None = None,
    ) -> None:
        """A dated duty; missed from the day after it was due, also when it is done later.

        It is owed until the day `ended`. What fell due before a patient came back, and was neither done nor
        ended by then, is missed from the day of return.
        """
        missed = due + timedelta(1 + grace)
        settled = [day for day in (done, ended) if day is not None]
        if self.returned is not None and all(day >= self.returned for day in settled):
            missed = max(missed, self.returned)
        if (done is None or done >= missed) and (ended is None or missed <= ended):
            self.plant(code, missed, gone=gone)

    def of_type(self, *types: str) -> list[Draft]:
        return [draft for draft in self.drafts if draft.type in types]

    def story(self) -> Story:
        """The story with ids in the order of recording, read as any input is."""
        ordered = sorted(self.drafts, key=lambda draft: (draft.known, draft.day))
        ids = {id(draft): f"e{number:02}" for number, draft in enumerate(ordered, 1)}
        raw = [_raw(draft, ids) for draft in ordered]
        return read_story(read_facts(self.facts), [read_event(entry) for entry in raw])


def _raw(draft: Draft, ids: dict[int, str]) -> dict[str, object]:
    fields = {
        name: ids[id(value)] if isinstance(value, Draft) else value for name, value in draft.fields.items()
    }
    recorded = {} if draft.recorded is None else {"recorded": draft.recorded.isoformat()}
    return {"id": ids[id(draft)], "type": draft.type, "date": draft.day.isoformat(), **recorded, **fields}
