"""The due items of a patient that somebody has to see to, each with what names it among all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from coordination.entries import Item
from engine.snapshot import Snapshot, TimerItem
from engine.timers import LISTED
from pathways.day_zero import is_counted


class Dated(Protocol):
    """A due item, as a snapshot has it or as the kept lists do."""

    @property
    def item(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def due(self) -> date: ...
    @property
    def overdue_from(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def anchor(self) -> tuple[str, ...]: ...


def item_of(pathway: str, timer: Dated) -> Item:
    """What names a due item among all of a patient; `pathway` by its key."""
    return Item(pathway=pathway, item=timer.item, due=timer.due, anchor=timer.anchor)


def timers(pathways: Iterable[Snapshot]) -> Iterator[tuple[Item, TimerItem]]:
    """Every due item, settled ones among them."""
    return ((item_of(one.key, timer), timer) for one in pathways for timer in one.timers)


def chased(pathways: Iterable[Snapshot]) -> Iterator[tuple[Item, TimerItem]]:
    """The due items that can still be done, on days of the calendar; what is scheduled among them."""
    return ((item_of(one.key, timer), timer) for one in pathways for timer in to_chase(one))


def to_chase(one: Snapshot) -> Iterator[TimerItem]:
    """Those of one pathway."""
    for timer in one.timers:
        if timer.status in LISTED and not timer.missed and not is_counted(timer.due):
            yield timer
