"""The lists for today from the kept rows, or for another day by deriving every patient for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer

from cli.arguments import day as read_day
from cli.output import complain
from cli.progress import counted
from cli.workplace import Workplace, workplace
from interop.event_words import when
from store.database import Database
from store.identities import days_zero, references

AsOf = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="The day to stand on, by all that is recorded now. Default: today."),
]


@dataclass(frozen=True, slots=True)
class Lists:
    """A database whose lists are right for a day; `told` says so where a person asked for a day, and of whom
    they are not. `here` is where they were asked for.
    """

    database: Database
    day: date
    told: str | None
    here: Workplace

    def seen(self, search: str, conditions: Mapping[str, object], shown: int) -> None:
        """Write into the access log which list is about to be shown; not what was searched for."""
        searched = {"search": "yes"} if search else {}
        self.here.seen(None, {"as_of": self.day, **searched, **conditions, "shown": shown})


@contextlib.contextmanager
def lists_on(as_of: str | None) -> Iterator[Lists]:
    """The lists for a day as it was typed, or for today."""
    wanted = read_day("--as-of", as_of) if as_of is not None else None
    with workplace() as here:
        on_day = f"On {wanted}, by what was recorded by {when(here.now)}" if wanted else None
        told = "\n".join(filter(None, [on_day, _counted(here)])) or None
        if wanted in (None, here.today):
            here.bring_up_to_date()
            yield Lists(here.database, here.today, told, here)
        else:
            assert wanted is not None
            with _derived_for(here, wanted) as database:
                yield Lists(database, wanted, told, here)


def _counted(here: Workplace) -> str | None:
    """What is said where there are patients whose days are counted from a day zero."""
    with here.database.reading() as connection:
        events = days_zero(connection)
    if not events:
        return None
    told = f"Where days are counted from day zero ({', '.join(events)}), patients stand on the day of"
    return f"{told} their last entry, and nothing is due by the calendar."


@contextlib.contextmanager
def _derived_for(here: Workplace, day: date) -> Iterator[Database]:
    from store.on_day import fill, in_memory

    with here.database.reading() as connection:
        total = len(references(connection))
    with in_memory(here.database) as copy:
        answers = fill(copy, here.database, day, now=here.now, derive=here.derive)
        failed = [reference for reference in counted(answers, total, "patients") if reference]
        if failed:
            complain(f"carepath: {', '.join(failed)} could not be derived for {day}: left out")
        yield copy
