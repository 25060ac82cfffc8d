"""Corrections of the date of birth: the entry stands in the ledger as any other, what it says in the vault.

So the ledger names nobody, a view from before the correction has the date that was held true then, and all of
it is gone once the identity is erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.event import FACTS, Event
from engine.fault import Fault
from engine.history import corrects_facts
from store.canonical import canonical
from store.errors import OtherContent, Refused

FIELD: Final = "birth_date"
_VALUES: Final = ("old", "new")

Said = Mapping[str, str | None]
"""What a correction says: the date before, where it is stated, and the new one, as they were written."""


@dataclass(frozen=True, slots=True)
class Births:
    """The date of birth as it was said first, and what corrections of it say, by the id of the entry."""

    first: date | None
    said: Mapping[str, Said]


def is_about_birth(event: Event) -> bool:
    """Whether an entry corrects the date of birth."""
    return corrects_facts(event) and event.fields.get("field") == FIELD


def with_more(known: Births, there: Iterable[Event], events: Sequence[Event]) -> Births:
    """With what these entries say; `there` are those recorded before.

    Raises Refused where one would take a date of birth into the ledger, and OtherContent where one says
    something else than before.
    """
    new = {event.id: _said(event) for event in events if is_about_birth(event)}
    if any(known.said.get(id, values) != values for id, values in new.items()):
        raise OtherContent("a date of birth was corrected to another one under this id; correct it again")
    concerned = {*new, *(event.id for event in there if is_about_birth(event))}
    if wrong := [fault for event in events for fault in _betrayals(event, concerned)]:
        raise Refused(wrong)
    return Births(known.first, {**known.said, **new})


def _said(event: Event) -> Said:
    """What such an entry says."""
    values = {name: event.fields[name] for name in _VALUES if name in event.fields}
    read: Said = json.loads(canonical(values))
    return read


def _betrayals(event: Event, concerned: set[str]) -> Iterator[Fault]:
    """What would stand in the ledger and tell a date of birth."""
    if event.type == "correction" and event.fields["target"] in concerned:
        told = "a correction of the date of birth is not corrected itself"
        yield Fault(event.id, "target", f"{told}: correct {FIELD} of the {FACTS} again")
    if is_about_birth(event):
        text = canonical(unsaid(event).fields)
        if any(value and value in text for value in _said(event).values()):
            yield Fault(
                event.id, "reason", "it tells a date of birth, and stays in the ledger: leave that out"
            )


def unsaid(event: Event) -> Event:
    """The entry as the ledger keeps it; any other as it is."""
    if not is_about_birth(event):
        return event
    return replace(event, fields={n: v for n, v in event.fields.items() if n not in _VALUES})


def told(event: Event, births: Births | None) -> Event:
    """An entry of the ledger with what the vault says of it: that nothing is known, once it was erased."""
    if not is_about_birth(event):
        return event
    values: Said = births.said.get(event.id, {}) if births else {}
    return replace(event, fields={**event.fields, "new": None, **values})
