"""Charts as figures for SVG: where each bar, line and word stands. What they show stands in a table, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from audit.cohort import Kind, Month

LONGEST: Final = 182
"""The length of the longest bar."""
ROW: Final = 22
MOST_LETTERS: Final = 22
LEFT, RIGHT, TOP, BOTTOM = 44, 363, 47, 152
"""The corners of the chart by month."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule: its words, how long the bar is, and at which height it stands. `rest`: it is all others."""

    title: str
    short: str
    n: int
    upto: int
    width: int
    y: int
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Deviations by rule; `cut` is the height at which 80 % are reached, where that is within."""

    bars: tuple[Bar, ...]
    height: int
    cut: int | None


def bars(kinds: Sequence[Kind], others: int, other_kinds: int, other_words: str) -> Bars:
    """The first rules, and the others together."""
    longest = max([one.n for one in kinds] + [others, 1])
    made = [
        Bar(
            one.title,
            short(one.title),
            one.n,
            round(100 * one.upto),
            LONGEST * one.n // longest,
            28 + ROW * row,
        )
        for row, one in enumerate(kinds)
    ]
    cut = next((one.y + 17 for one in made[:-1] if one.upto >= 80), None)
    if other_kinds:
        y = 28 + ROW * len(made)
        made.append(Bar(other_words, other_words, others, 100, LONGEST * others // longest, y, True))
    return Bars(tuple(made), 36 + ROW * len(made), cut)


_MDT: Final = "metastasis-directed therapy|metastasengerichtete[nr]? Therapie"


def short(title: str) -> str:
    """So much of a title as has room beside a bar; MDT is metastasis-directed therapy."""
    title = re.sub(_MDT, "MDT", title, flags=re.IGNORECASE)
    return title if len(title) <= MOST_LETTERS else f"{title[: MOST_LETTERS - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Dot:
    """A month: where its dots stand, and its figures; `low` is the share that could not be judged. Both are
    None of nobody.
    """

    x: float
    y: float | None
    low: float | None
    month: Month


@dataclass(frozen=True, slots=True)
class Line:
    """Shares by month; `grid` are percentages with their heights."""

    dots: tuple[Dot, ...]
    path: str
    unjudged: str
    grid: tuple[tuple[int, float], ...]


def line(months: Sequence[Month]) -> Line:
    """The shares of the months, over a scale that holds them."""
    shares = [share for one in months for share in (one.share, one.share_unjudged) if share is not None]
    top = max(10, 10 * ceil(10 * max(shares, default=0)))
    step = 10 if top <= 40 else 20
    wide = (RIGHT - LEFT) / max(len(months) - 1, 1)

    def height(percent: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * percent / top, 1)

    def at(share: float | None) -> float | None:
        return height(100 * share) if share is not None else None

    dots = tuple(
        Dot(round(LEFT + wide * n, 1), at(one.share), at(one.share_unjudged), one)
        for n, one in enumerate(months)
    )
    grid = tuple((one, height(one)) for one in range(0, top + 1, step))
    return Line(dots, _path((dot.x, dot.y) for dot in dots), _path((dot.x, dot.low) for dot in dots), grid)


def _path(places: Iterable[tuple[float, float | None]]) -> str:
    known = [(x, y) for x, y in places if y is not None]
    return "".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(known))
