"""What another version or setting comes to for patients: those who differ in days and entries alone are told
together, each with the own ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cli.days import plural
from cli.difference_view import change_lines, deviation_line
from engine.difference import Change
from engine.snapshot import Deviation, TimerItem
from store.enforcement import Tried

most_listed = 4
"""Days of the same item, visits of many years for example, that are told of one patient; `--json` has all."""

Kind = tuple[str, str]
"""The style and the words of a line, without what is a patient's own."""


@dataclass(frozen=True, slots=True)
class Together:
    """Patients of whom the same is told, and by line the own days or entries of each, where there are any."""

    patients: tuple[str, ...]
    lines: dict[Kind, tuple[str, ...]]


def together(found: Iterable[Tried]) -> list[Together]:
    """The patients in the order of the first of those alike."""
    alike: dict[tuple[Kind, ...], list[tuple[str, dict[Kind, list[str]]]]] = {}
    for one in found:
        own = _told(one)
        alike.setdefault(tuple(own), []).append((one.reference, own))
    return [_together(kinds, there) for kinds, there in alike.items()]


def _together(kinds: tuple[Kind, ...], there: Sequence[tuple[str, dict[Kind, list[str]]]]) -> Together:
    lines = {kind: tuple(_listed(own[kind]) for _, own in there) for kind in kinds}
    return Together(tuple(reference for reference, _ in there), lines)


def _listed(own: Sequence[str]) -> str:
    """Days or entries in a row; of many the first."""
    more = len(own) - most_listed
    return ", ".join(own[:most_listed]) + (f" and {more} more" if more > 0 else "")


def _told(one: Tried) -> dict[Kind, list[str]]:
    """What would be otherwise for a patient, with the own days and entries of each line."""
    found: dict[Kind, list[str]] = {}
    for style, words, own in _lines(one):
        found.setdefault((style, words), []).extend([own] if own else [])
    return found


def _lines(one: Tried) -> Iterator[tuple[str, str, str]]:
    if one.error:
        yield "red", one.error, ""
    for style, line in change_lines(replace(one.difference, due=(), deviations=())):
        yield style, line, ""
    for due in one.dates:
        yield "", *_due(due)
    for departure in one.difference.deviations:
        yield _of_entries(*deviation_line(departure, "before:", entries=False), departure.latest)
    for departure in one.hindsight:
        yield _of_entries("dim", _in_hindsight(departure), departure.latest)


def _due(change: Change[TimerItem]) -> tuple[str, str]:
    """What becomes of a due item, and the day on which it is due."""
    before, after = change.before, change.after
    days = " -> ".join(dict.fromkeys(str(side.due) for side in (before, after) if side))
    if before and after and before.status == after.status:
        what = "on another day" if before.due != after.due else _moved(before, after)
    else:
        what = f"{_status(before)} -> {_status(after)}"
    return f"{change.latest.title}: {what}, due", days


def _status(item: TimerItem | None) -> str:
    return item.status.replace("_", " ") if item else "not due"


def _moved(before: TimerItem, after: TimerItem) -> str:
    """What else of a due item lies on another day."""
    found: dict[str, list[str]] = {}
    for word, was, now in (
        ("opens", before.opens, after.opens),
        ("overdue", before.overdue_from, after.overdue_from),
        ("escalated", before.escalates_on, after.escalates_on),
    ):
        if was != now:
            found.setdefault(_apart(was, now), []).append(word)
    told = (f"{' and '.join(words)} {apart}" for apart, words in found.items())
    return "; ".join(told) or "by another entry"


def _apart(was: date | None, now: date | None) -> str:
    if was is None or now is None:
        return "no more" if was else "(never before)"
    days = (now - was).days
    return f"{plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def _of_entries(style: str, words: str, departure: Deviation) -> tuple[str, str, str]:
    """With the entries of a departure as the patient's own; else the day it is of."""
    own = " and ".join(departure.events) or str(departure.on or "")
    return style, f"{words}:" if own else words, own


def _in_hindsight(change: Change[Deviation]) -> str:
    """A departure that the new one alone would judge otherwise."""
    about = f"{change.latest.title} ({change.latest.code})"
    if change.before is None:
        return f"Decided earlier, so no deviation, though the new rule was not kept: {about}"
    if change.after is None:
        return f"Decided earlier, so it stays a deviation, though the new rule was kept: {about}"
    return f"Decided earlier, so it stays {change.before.status} (new: {change.after.status}): {about}"
