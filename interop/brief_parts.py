"""What a brief consists of once it is in words, on every kind of page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from interop.brief_imaging import ImagingTable


class Item(NamedTuple):
    """One line: `mark` is a word that may have a colour, `note` the less loud part, `grades` those of the
    statements behind it.
    """

    mark: str
    text: str
    note: str = ""
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A condition that is not met or not known, and what of it is open."""

    head: Item
    clauses: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a heading."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class BriefPage:
    """A page; every text is ready to be read and still to be escaped."""

    title: str
    who: str
    known: str
    when: str
    standing: tuple[Item, ...]
    question: Item
    others: tuple[Item, ...]
    open: tuple[Open, ...]
    met: tuple[str, ...]
    lifted: tuple[Item, ...]
    missing: tuple[Item, ...]
    boards: tuple[Item, ...]
    earlier_boards: int
    history: tuple[Item, ...]
    earlier: str
    imaging: ImagingTable
    profiles: tuple[Item, ...]
    advice: tuple[Group, ...]
    prognosis: tuple[Item, ...]
    statements: tuple[Item, ...]
    other_statements: str
    left_open: tuple[str, ...]
    departures: tuple[Item, ...]
    sources: tuple[Item, ...]
    signed: str
    intended_use: str
