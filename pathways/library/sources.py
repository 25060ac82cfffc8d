"""Age and review status of the sources, shown with every statement of theirs (pathway-outline.md 1.1)."""

from __future__ import annotations

from datetime import date
from typing import Final

from pathways.coverage import uses
from pathways.declare import display
from pathways.language import Text, case, day, nothing, span, today
from pathways.pathway import Display, Pathway

UPTODATE_UPDATED: Final = date(2017, 3, 2)
PAGE_UPDATED: Final = date(2025, 11, 3)


def _age(updated: date) -> Text:
    """The time since it was updated; nothing before that."""
    return span(day(updated), case((today() >= day(updated), today()), otherwise=nothing().day))


SOURCES: Final = {
    "utd-2017-": display(
        "source-uptodate",
        "UpToDate: an extract of 2017 that ends early",
        "source",
        "utd-2017-currency",
        value=_age(UPTODATE_UPDATED),
        unit="since the last change",
    ),
    "ombc-": display(
        "source-page-2025",
        "Page of November 2025: educational, review by a person pending",
        "source",
        "ombc-currency",
        value=_age(PAGE_UPDATED),
        unit="since the last change",
    ),
    "imet-": display(
        "source-imet",
        "IMET: some figures of the registry do not agree with one another",
        "source",
        "imet-data-inconsistencies",
    ),
}
"""By the beginning of the ids of their statements. The other sources say nothing of their age or review."""


def shown_with(pathway: Pathway) -> tuple[Display, ...]:
    """The displays on the sources that a pathway rests on."""
    named = uses([pathway])
    return tuple(one for prefix, one in SOURCES.items() if any(id.startswith(prefix) for id in named))
