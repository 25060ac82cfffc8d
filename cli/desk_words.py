"""Working days, hours and names as they are typed and told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Final

from cli.status import BadInput

CHOICE: Final = (
    "These are this site's own choice, or the project's where it made none; no guideline prints them."
)

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NUMBERS: Final = {name.casefold(): number for number, name in enumerate(DAYS, 1)}


def weekday(option: str, text: str) -> int:
    """A day of the week by its name, or the first letters of it. Raises BadInput."""
    number = _NUMBERS.get(text.strip().casefold()[:3])
    if number is None:
        raise BadInput(f"{option}: {text!r} is no day of the week; they are {', '.join(DAYS)}")
    return number


def weekdays(option: str, text: str) -> tuple[int, ...]:
    """Days of the week such as Mon-Fri, or Mon,Tue,Thu. Raises BadInput."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin = weekday(option, first)
        end = weekday(option, last) if dash else begin
        if end < begin:
            raise BadInput(f"{option}: {part.strip()!r} goes over the weekend; name the days one by one")
        found.update(range(begin, end + 1))
    return tuple(sorted(found))


def weekdays_words(days: Sequence[int]) -> str:
    """Days of the week, those in a row from the first to the last."""
    rows: list[list[int]] = []
    for day in days:
        if rows and rows[-1][-1] == day - 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    return ", ".join(_row(row) for row in rows)


def _row(days: Sequence[int]) -> str:
    first, last = DAYS[days[0] - 1], DAYS[days[-1] - 1]
    if len(days) < 3:
        return ", ".join(DAYS[day - 1] for day in days)
    return f"{first}-{last}"


def clock(option: str, text: str) -> time:
    """A time of day such as 07:30. Raises BadInput."""
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(text.strip()) != 5:
        raise BadInput(f"{option}: {text!r} is no time of day; one is written as 07:30 is")
    return found


def span(option: str, text: str) -> tuple[time, time]:
    """Two times of day such as 18:00-07:00; `none` is a span of no length. Raises BadInput."""
    if text.strip() == "none":
        return time(), time()
    first, dash, last = text.partition("-")
    if not dash:
        raise BadInput(f"{option}: {text!r} is no span of time; one is written as 18:00-07:00 is, or none")
    return clock(option, first), clock(option, last)


def listed(option: str, text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Words with commas between them, as they are or as they are shown, with blanks; `none` for no word.

    Raises BadInput for one that is not known.
    """
    from pathways.vocabulary import closest

    names = list(known)
    words = ["_".join(word.split()) for word in text.split(",")] if text.strip() != "none" else []
    for word in words:
        if word not in names:
            near = closest(word, names) or f"; there are {', '.join(names)}"
            raise BadInput(f"{option}: there is no {word!r}{near}")
    return tuple(dict.fromkeys(words))


def or_nobody(name: str | None) -> str:
    """A name, or a stroke."""
    return name or "-"
