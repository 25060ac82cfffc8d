"""`carepath vocabulary`: what can be recorded, in which codes and units, and what it is called elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from interop.vocabulary_json import Entry, as_json, entries, named
from pathways.vocabulary import closest


def vocabulary(
    name: Annotated[
        str,
        typer.Argument(metavar="[NAME]", help="An event type or a fact, or lesion; all if none is named."),
    ] = "",
    json: JsonLines = False,
) -> Status:
    """Events, facts, fields and codes with titles, units (UCUM), standard terms and other words for codes."""
    wanted = _named(name) if name else list(entries())
    if json:
        for one in wanted:
            print_json(as_json(one))
        return Status.OK
    from cli.vocabulary_page import show_all, show_entries

    if name:
        show_entries(wanted)
    else:
        show_all(wanted)
    return Status.OK


def _named(name: str) -> list[Entry]:
    if found := named(name):
        return found
    names = [one.name for one in entries()]
    raise BadInput(f"there is no event type and no fact {name!r}{closest(name, names)}")
