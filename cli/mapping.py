"""`carepath mapping`: mappings that ship, to look at or to copy; a proposal, and a check of one's own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.days import plural
from cli.mapping_suggest import suggest
from cli.output import complain, print_json, visible
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from interop.mapping import TableMapping
from interop.mapping_file import BadMapping
from interop.shipped_mappings import find_mapping, mapping_file, shipped_names
from interop.suggest.undecided import UNDECIDED

app = typer.Typer(
    help="How a site's own tables are read: mappings that ship, a proposal, a check of your own.",
    no_args_is_help=True,
)

Named = Annotated[
    str, typer.Argument(metavar="NAME|FILE", help="A mapping that ships, by its name, or a .toml file.")
]


@app.command("list")
def list_mappings(json: JsonLines = False) -> Status:
    """The mappings that ship with carepath."""
    found = {name: find_mapping(name) for name in shipped_names()}
    if json:
        for name, mapping in found.items():
            print_json(as_json(name, mapping))
        return Status.OK
    from cli.console import console, table

    made = table("Mapping", "For", "Days")
    for name, mapping in found.items():
        made.add_row(name, mapping.name, days_words(mapping))
    console().print(made)
    print("carepath mapping show NAME prints one, to be read or copied and edited.")
    return Status.OK


@app.command("show")
def show_mapping(name: Named, json: JsonLines = False) -> Status:
    """The text of a mapping, as it can be copied and edited."""
    mapping = named(name)
    if json:
        print_json(as_json(name, mapping))
    else:
        print(visible(mapping_file(name).read_text(encoding="utf-8-sig")), end="")
    return Status.OK


@app.command("check")
def check_mapping(name: Named, json: JsonLines = False) -> Status:
    """Whether a mapping can be used: every fault of it, with line and what would be right."""
    try:
        mapping = find_mapping(name)
    except BadMapping as bad:
        for fault in bad.faults:
            if json:
                print_json(fault._asdict())
            else:
                complain(f"{name}{fault}")
        if not json:
            complain(plural(len(bad.faults), "fault"))
        return Status.REFUSED
    if json:
        print_json(as_json(name, mapping))
        return Status.OK
    print(f"{visible(name)}: no fault. {visible(mapping.name)}: {days_words(mapping)}.")
    for table in mapping.tables:
        print(f"  {visible(table.name)}: {plural(len(table.columns), 'column')} read, {_makes(table)}")
        if UNDECIDED in table.columns:
            print(f"    An import is refused until you have decided what is marked {UNDECIDED}.")
    return Status.OK


app.command("suggest")(suggest)


def named(said: str) -> TableMapping:
    """The mapping that was named. Raises BadInput with all its faults."""
    try:
        return find_mapping(said)
    except BadMapping as bad:
        raise BadInput(str(bad)) from None


def days_words(mapping: TableMapping) -> str:
    """How days stand in the tables."""
    if mapping.day_zero:
        return f"counted from day zero: {visible(mapping.day_zero)}"
    return f"written as {' or '.join(mapping.formats)}"


def _makes(table: Any) -> str:
    told = ["the patients"] if table.register else []
    told += [plural(len(table.facts), "fact")] if table.facts else []
    told += list(dict.fromkeys(event.type for event in table.events))
    return ", ".join(told) or "nothing"


def as_json(name: str, mapping: TableMapping) -> dict[str, Any]:
    """A mapping in brief."""
    return {
        "mapping": name,
        "name": mapping.name,
        "day_zero": mapping.day_zero,
        "formats": list(mapping.formats),
        "tables": [
            {
                "table": table.name,
                "register": table.register,
                "columns": list(table.columns),
                "facts": [fact for fact, _ in table.facts],
                "events": [event.name for event in table.events],
            }
            for table in mapping.tables
        ],
    }
