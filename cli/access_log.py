"""`carepath access`: who looked at a patient and who changed what is recorded, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Annotated

import typer

from cli.arguments import moment
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from engine.event import Moment
from interop.access_rows import Row, of_patient, view
from interop.event_words import when
from store import access, identities
from store.access import Access


def access_(
    patient: Annotated[
        str, typer.Argument(metavar="[PATIENT]", help="The patient's reference.", show_default=False)
    ] = "",
    everybody: Annotated[
        bool, typer.Option("--all", help="The access log of all patients, with lists and searches.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only from this day or moment on.")
    ] = None,
    json: JsonLines = False,
) -> Status:
    """Who looked at a patient and who recorded what, when and why, the newest last.

    With --all: every view, list, search and export at this site, without what was recorded.
    """
    if bool(patient) == everybody:
        raise BadInput("whose? Give a PATIENT, or --all for every view at this site")
    by = moment("--since", since) if since is not None else None
    with workplace() as here:
        first = _instant(here, by)
        rows = _all_views(here, first) if everybody else _of_patient(here, patient, first)
        here.seen(None if everybody else here.head(patient).patient_id, {"since": by})
    if json:
        for row in rows:
            print_json(row.as_json())
    else:
        _show(rows, everybody)
    return Status.OK


def _instant(here: Workplace, since: Moment | None) -> datetime | None:
    """The beginning of a day where one is given, by the clock of this place."""
    if since is None:
        return None
    start = since if isinstance(since, datetime) else datetime.combine(since, time())
    return start if start.tzinfo else start.replace(tzinfo=here.now.tzinfo)


def _of_patient(here: Workplace, reference: str, since: datetime | None) -> list[Row]:
    number = here.head(reference).patient_id
    with here.database.reading() as connection:
        return of_patient(connection, number, reference, since)


def _all_views(here: Workplace, since: datetime | None) -> list[Row]:
    with here.database.reading() as connection:
        found = list(access.entries(connection, since=since))
        names = identities.named(connection, (one.patient_id for one in found if one.patient_id))
    return [view(one, names[one.patient_id] if one.patient_id else None) for one in found]


def _show(rows: list[Row], everybody: bool) -> None:
    from rich.text import Text

    from cli.console import console, table

    made = table("When", "Who", *(["Patient"] if everybody else []), "What", "Details")
    for row in rows:
        seen = row.kind == "view"
        what = Text(row.what if seen else f"recorded {row.what}", "" if seen else "bold")
        of = [row.patient or ""] if everybody else []
        made.add_row(when(row.at), who_words(row), *of, what, "; ".join(_details(row)))
    console().print(made)
    print(_tally(rows))


def who_words(one: Row | Access) -> str:
    """The name, with the account of the operating system where that is another one."""
    return one.who if one.account in (None, one.who) else f"{one.who} (account {one.account})"


def _details(row: Row) -> Iterator[str]:
    if row.reason:
        yield row.reason
    for name, value in row.details.items():
        if name == "entries":
            yield value[0] if len(value) == 1 else f"{value[0]} to {value[-1]}"
        else:
            yield f"{name.replace('_', ' ')} {value}"


def _tally(rows: Sequence[Row]) -> str:
    views = sum(row.kind == "view" for row in rows)
    lines = sum(len(row.details["entries"]) for row in rows if row.kind == "recorded")
    told = plural(views, "view")
    return f"{told}; {plural(lines, 'line')} of the ledger" if lines else told
