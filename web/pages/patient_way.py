"""The way a patient walked through the main pathway, the present state, and the doors that lead on: drawn.

Laid out in rows that are read like lines of a text; the table beside it says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from textwrap import wrap
from typing import Final

from engine.snapshot import Snapshot
from pathways.pathway import Pathway
from pathways.titles import state_title
from pathways.worded import in_language, joined, worded

_LINE: Final = 13
_ABOVE: Final = 20
"""Room above a row, for the days between two states."""
_EDGE: Final = 76
_UNDER: Final = 22
_MOST_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Stay:
    """A state on the way: from a day on, for so many days; `now` is the present one."""

    title: str
    on: date
    days: int
    event: str | None
    off: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A step that leads on from here, and where it leads; `held` is what closes it."""

    title: str
    open: bool
    known: bool
    leads: str
    held: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A state in the drawing."""

    stay: Stay
    x: int
    y: int
    lines: tuple[str, ...]

    @property
    def foot(self) -> int:
        """Where the day stands, under the title."""
        return self.y + _UNDER + _LINE * len(self.lines)


@dataclass(frozen=True, slots=True)
class Exit:
    """A door in the drawing."""

    door: Door
    x: int
    y: int
    title: tuple[str, ...]
    note: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in its place; `lines` are the walked ones, `off` those off the pathway."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    lines: tuple[str, ...]
    off: tuple[str, ...]
    exits: tuple[Exit, ...]
    bus: str
    shut: str
    way_height: int


@dataclass(frozen=True, slots=True)
class WayWalked:
    """The way of a patient, and its doors."""

    stays: tuple[Stay, ...]
    doors: tuple[Door, ...]

    def drawn(self, width: int, across: int, language: str) -> Drawing:
        """The drawing, so wide, with so many states in a row, its words in a language."""
        step = (width - 2 * _EDGE) // max(across - 1, 1)
        spots = list(_spots(self.stays, step, across, language))
        lines: list[str] = []
        off: list[str] = []
        for one, other in pairwise(spots):
            (off if other.stay.off else lines).append(_line(one, other, width))
        base = max((one.foot for one in spots), default=_ABOVE) + _LINE
        exits = list(_exits(self.doors, width, base + 30, across, language))
        bus, shut = _bus(spots[-1], exits, base) if spots and exits else ("", "")
        bottom = max((one.y + _LINE * (len(one.title) + len(one.note)) for one in exits), default=base)
        return Drawing(
            width, bottom + 8, tuple(spots), tuple(lines), tuple(off), tuple(exits), bus, shut, base
        )


def way_walked(pathway: Pathway, main: Snapshot, as_of: date) -> WayWalked:
    """The way by the trail of the main pathway; a state that is come back to stands there again."""
    ends = [*(move.on for move in main.trail[1:]), as_of]
    stays = tuple(
        Stay(
            title=state_title(move.target, main.key),
            on=move.on,
            days=(end - move.on).days,
            event=move.event,
            off=move.off_pathway,
            now=move is main.trail[-1],
        )
        for move, end in zip(main.trail, ends, strict=False)
    )
    return WayWalked(stays, tuple(_doors(pathway, main)))


def _doors(pathway: Pathway, main: Snapshot) -> Iterator[Door]:
    declared = {step.id: step for step in pathway.steps}
    for step in main.steps:
        held = [main.guards[one] for one in step.guards if one in main.guards]
        if not step.allowed and not held:
            continue
        taken_by = declared[step.step].taken_by
        targets = dict.fromkeys(
            state_title(move.target, main.key)
            for move in pathway.transitions
            if move.source == main.state and move.event in taken_by and move.target != main.state
        )
        more = f" + {len(held) - 1}" if len(held) > 1 else ""
        yield Door(
            title=step.title,
            open=step.allowed,
            known=step.allowed or any(one.result == "fail" for one in held),
            leads=joined(" / ", map(worded, list(targets)[:2])),
            held=worded("{title}{more}", title=worded(held[0].title), more=more) if held else "",
        )


def _spots(stays: Sequence[Stay], step: int, across: int, language: str) -> Iterator[Spot]:
    y = _ABOVE + 8
    for start in range(0, len(stays), across):
        row = stays[start : start + across]
        titles = [tuple(_wrapped(in_language(one.title, language), step)) for one in row]
        for place, (stay, lines) in enumerate(zip(row, titles, strict=True)):
            yield Spot(stay, _EDGE + place * step, y, lines)
        y += _UNDER + _LINE * (max(map(len, titles)) + 1) + _ABOVE + 22


def _line(one: Spot, other: Spot, width: int) -> str:
    """From one state to the next; at the end of a row back to the beginning of the next one."""
    if one.y == other.y:
        return f"M{one.x + 6} {one.y}H{other.x - 6}"
    middle = other.y - _ABOVE - 4
    return f"M{one.x + 6} {one.y}H{width - 14}V{middle}H14V{other.y}H{other.x - 6}"


def _exits(doors: Sequence[Door], width: int, y: int, across: int, language: str) -> Iterator[Exit]:
    most = max(across // 2, 2)
    for start in range(0, len(doors), most):
        row = doors[start : start + most]
        step = (width - 2 * 16) // len(row)
        tallest = 0
        for place, door in enumerate(row):
            title = tuple(_wrapped(in_language(door.title, language), (step - 30) * 7 // 8))
            told = in_language(door.leads if door.open else door.held, language)
            note = tuple(_wrapped(told, step - 30))
            tallest = max(tallest, len(title) + len(note))
            yield Exit(door, 30 + place * step, y, title, note)
        y += _LINE * tallest + 34


def _bus(now: Spot, exits: Sequence[Exit], base: int) -> tuple[str, str]:
    """The lines from the present state to the doors: those to open ones, and those to closed ones."""
    bar = base + 10
    bus, shut = [f"M{now.x} {base - 4}V{bar}"], list[str]()
    rows = sorted({one.y for one in exits})
    for one in exits:
        high = bar if one.y == rows[0] else one.y - 22
        path = f"M{now.x if one.y == rows[0] else 8} {high}H{one.x - 8}V{one.y - 8}"
        (bus if one.door.open else shut).append(path)
    if len(rows) > 1:
        bus.append(f"M{now.x} {bar}H8V{rows[-1] - 22}")
    return "".join(bus), "".join(shut)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that fit into so many units, at about six of them a character."""
    lines = wrap(text, max(width // 6, 8))
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} …"]
    return lines
