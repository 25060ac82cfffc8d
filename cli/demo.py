"""`carepath demo`: a made-up cohort imported into a fresh database, and what a coordinator then sees."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from cli.arguments import day
from cli.console import console, heading, table, word
from cli.data import DEMO_COHORT
from cli.days import plural
from cli.demo_dates import moved_cohort
from cli.demo_office import BOARD, LEAD, SHARING, furnish, meet, tell
from cli.deviations import SEVERITIES, tally
from cli.due import show_due
from cli.import_outcome import Outcome
from cli.import_source import import_source
from cli.inbox import lines_of, overdue_words, show_inbox
from cli.incoming import open_source
from cli.output import complain
from cli.progress import counted
from cli.settings import CarepathSettings
from cli.status import BadInput, Status, Unavailable
from cli.tracking_table import show_list
from cli.workplace import Workplace, workplace
from store.findings import deviations, due_items
from store.identities import references
from store.sqlite import embedded_url
from store.tracking import Wanted, count, tracking_list

most_rows = 12


def demo(
    folder: Annotated[
        str | None,
        typer.Option(
            "--dir", metavar="PATH", help="Where to keep the demonstration. Default: a temporary place."
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day the demonstration stands on. Default: today.")
    ] = None,
) -> Status:
    """Show carepath at work on 300 made-up patients, in a database of its own."""
    wanted = day("--as-of", as_of) if as_of is not None else None
    place = _place(folder)
    url = CarepathSettings.read().database_url or embedded_url(place)
    with workplace(url, begins=True) as here:
        if wanted:
            here = here.at(datetime.combine(wanted, time(12), here.now.tzinfo))
        fill(here, place)
        here.bring_up_to_date()
        _tracking_list(here)
        _due_soon(here)
        _inbox(here)
        _deviations(here)
        console().print(*_next(here, url), sep="\n")
    return Status.OK


def _place(folder: str | None) -> Path:
    """A folder for the database and the cohort, without a database in it yet."""
    try:
        if folder is None:
            return Path(tempfile.mkdtemp(prefix="carepath-demo-"))
        place = Path(folder)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{folder} cannot be made: {error.strerror}") from None
    if (place / "carepath.db").exists():
        raise BadInput(
            f"{place} holds a database already; name another folder, or remove {place / 'carepath.db'}"
        )
    return place


def fill(here: Workplace, place: Path, *, own: bool = False) -> None:
    """Import the cohort, by the way any file is imported, unless the database holds it already.

    `own`: nothing but the demonstration is ever in it, with whomever somebody registered there since.
    """
    file = place / DEMO_COHORT.name
    ids = moved_cohort(DEMO_COHORT, file, here.today)
    with here.database.reading() as connection:
        there = set(references(connection))
    if there == ids or (own and there):
        complain("carepath: the database holds the demonstration already; it is shown as it stands")
        return
    if there:
        told = f"the database of CAREPATH_DATABASE_URL holds {plural(len(there), 'patient')} already"
        raise BadInput(f"{told}; the demonstration wants an empty one, or unset the variable")
    _heading("Import", f"import {shlex.quote(str(file))}")
    outcome, source = Outcome(), open_source(file)
    for _ in counted(import_source(here, source, outcome), source.total, "patients"):
        pass
    if outcome.away:
        raise BadInput(f"the cohort that ships was turned away: {outcome.away[0].error}")
    counts = outcome.counts
    print(
        f"{plural(counts.new, 'made-up patient')} with {counts.entries:,} entries, dates moved up to today."
    )
    furnish(here)
    meet(here)
    print(f"They are shared by {' and '.join(SHARING)}; {LEAD} leads.")


def _heading(title: str, words: str) -> None:
    console().print()
    console().print(heading(title, f"carepath {words}"))


def _tracking_list(here: Workplace) -> None:
    rows = tracking_list(here.database, limit=most_rows)
    _heading("Tracking list, overdue first", f"list --limit {most_rows}")
    show_list(rows, here.today)
    overdue = count(here.database, Wanted(overdue=True))
    print(f"{count(here.database)} patients, {overdue} of them with something overdue")


def _due_soon(here: Workplace) -> None:
    last = here.today + timedelta(days=6)
    items = due_items(here.database, since=here.today, until=last, overdue=False)
    _heading("Due within a week", f"due --from {here.today} --to {last} --no-overdue")
    show_due(items[:most_rows], here.today)
    print(_of(len(items), "item", "due by then and not overdue"))


def _inbox(here: Workplace) -> None:
    """What a coordinator is told on the first day: what came up before the import is history."""
    tell(here)
    owner = SHARING[0]
    _heading(f"What {owner} is told today", f"inbox {owner}")
    show_inbox(*lines_of(here, owner))
    print(overdue_words(here, owner))


def _deviations(here: Workplace) -> None:
    """How often each departure was found, the gravest first."""
    found = deviations(here.database)
    numbers = Counter((one.severity, one.code) for one in found)
    titles = {one.code: one.title for one in reversed(found)}
    made = table("Severity", "What", "No.", "Code")
    kinds = sorted(numbers, key=lambda key: (SEVERITIES.index(key[0]), -numbers[key], key[1]))
    for severity, code in kinds[:most_rows]:
        made.add_row(word(severity), titles[code], str(numbers[severity, code]), code)
    _heading("Departures from the guideline, the gravest first", "deviations")
    console().print(made)
    if len(kinds) > most_rows:
        print(f"and {len(kinds) - most_rows} more kinds, down to remarks on the data")
    print(tally(found))


def _of(number: int, noun: str, what: str) -> str:
    more = f"; the first {most_rows} are shown" if number > most_rows else ""
    return f"{plural(number, noun)} {what}{more}"


def _example(here: Workplace) -> str:
    """Whom to look at first: held before metastasis-directed therapy by what is to be done, not by a gap."""
    waiting = tracking_list(here.database, Wanted(state="board_mdt_review"), limit=None)
    plain = (one for one in waiting if one.blocked and not one.undetermined and not one.deviations)
    return next(plain, (waiting or tracking_list(here.database, limit=1))[0]).reference


def _next(here: Workplace, url: str) -> Iterator[RenderableType]:
    program = "carepath" if shutil.which("carepath") else "python3 dev.py carepath"
    patient = _example(here)
    yield Text()
    yield heading("What to try next")
    if not CarepathSettings.read().database_url:
        yield Text(f"export CAREPATH_DATABASE_URL={shlex.quote(url)}", no_wrap=True, overflow="ignore")
    for words in (
        f"show {patient}",
        f"why {patient} mdt_start",
        f"record {patient} board_held",
        f"board list {shlex.quote(BOARD)}",
        f"inbox {SHARING[1]}",
        f"reminders {patient}",
        "list --deviation any",
        "pathway show oligometastatic-breast",
    ):
        yield Text(f"{program} {words}", no_wrap=True, overflow="ignore")
