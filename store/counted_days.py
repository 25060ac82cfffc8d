"""Patients whose days are counted from a day zero, apart from those with calendar days (decision 0013)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engine.fault import Fault
from pathways.day_zero import DAY_ZERO, LAST, is_counted
from store.errors import OtherContent
from store.identities import Head
from store.ledger import Dossier
from store.recording import Recording


def check_day_zero(head: Head | None, recording: Recording) -> None:
    """Raises OtherContent where days are counted from one event and are recorded as counted from another."""
    if head is not None and recording.day_zero not in (None, head.day_zero):
        told = f"counted from {head.day_zero}" if head.day_zero else "calendar days"
        raise OtherContent(f"the days of this patient are recorded as {told}")


def day_faults(dossier: Dossier, checked: int, day_zero: str | None) -> Iterator[Fault]:
    """Calendar days of a patient whose days are counted, and days before all calendars for anybody else; so
    many entries were `checked` before, as the first event from which days are counted stays what it is.
    """
    yield from _faults(None, dossier.facts, day_zero)
    for event in dossier.entries[checked:]:
        yield from _faults(event.id, {"date": event.day, **event.fields}, day_zero)


def last_day(dossier: Dossier) -> date:
    """The day on which a patient stands whose days are counted: that of the last entry."""
    return max((event.day for event in dossier.entries), default=DAY_ZERO)


def _faults(event: str | None, values: Mapping[str, object], day_zero: str | None) -> Iterator[Fault]:
    for name, day in [(name, day) for name, value in values.items() for day in _days(value)]:
        if day_zero is not None and not is_counted(day):
            told = f"the days of this patient are counted from day zero ({day_zero})"
            yield Fault(event, name, f"{told}: a calendar day cannot be recorded")
        elif day_zero is None and is_counted(day):
            told = f"{name!r} lies in the year {day.year}: before {LAST.year + 1} nobody's days are recorded"
            yield Fault(event, name, told)


def _days(value: object) -> Sequence[date]:
    """Every day in a value, however deep."""
    if isinstance(value, str | int | float):  # as nearly all are
        return ()
    if isinstance(value, date):
        return (value,)
    if isinstance(value, Mapping):
        return [day for one in value.values() for day in _days(one)]
    if isinstance(value, tuple):
        return [day for one in value for day in _days(one)]
    return ()
