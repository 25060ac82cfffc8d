"""`carepath doctor`: is all well, and if not, what is to be done?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from cli import checks
from cli.check import Check
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import Status
from cli.workplace import database_url, workplace


def doctor(
    full: Annotated[
        bool, typer.Option("--full", help="Derive the lists of every patient anew, not of a sample.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """Check the database, what is in it, the clocks and the disk; say what is to be done. Changes nothing."""
    found = list(_looked_at(full, json))
    if json:
        for one in found:
            print_json({"check": one.name, "ok": not one.to_do, "found": one.found, "to_do": one.to_do})
    else:
        _show(found)
    return Status.FOUND if any(one.to_do for one in found) else Status.OK


def _looked_at(full: bool, quiet: bool) -> Iterator[Check]:
    url = database_url()
    for first in (checks.of_the_tables, checks.of_the_keys):
        found = first(url)
        yield found
        if found.to_do:
            return  # there is nothing more that could be looked at
    with workplace(sealing=False) as here:
        yield from checks.of_the_content(here, full=full, quiet=quiet)
    yield from checks.of_the_machine(url)


def _show(found: list[Check]) -> None:
    from rich.text import Text

    from cli.console import console, table

    out = console()
    made = table("", "Check", "What was found, and what to do")
    for one in found:
        state = Text("to do", "bold red") if one.to_do else Text("ok", "green")
        made.add_row(state, one.name, one.found)
        if one.to_do:
            made.add_row("", "", Text(f"-> {one.to_do}", "bold"))
    out.print(made)
    wanting = sum(one.to_do is not None for one in found)
    out.print(f"{wanting} to do." if wanting else "All is well.")
