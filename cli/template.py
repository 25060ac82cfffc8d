"""`carepath template`: a workbook to be filled in, which `carepath import` reads as it is."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from cli.new_file import write_new
from cli.output import print_json, visible
from cli.status import BadInput, Status
from pathways.vocabulary import ValueFault, closest, load_vocabulary

Out = Annotated[
    str, typer.Option("--out", metavar="FILE.xlsx", help="Where to write it. Nothing is overwritten.")
]
Events = Annotated[
    list[str] | None,
    typer.Option("--events", metavar="TYPE", help="Only for this kind of event; may stand several times."),
]
Examples = Annotated[
    bool, typer.Option("--examples", help="With the made-up patients filled in, to try an import with.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object with the sheets.")]


def template(
    out: Out = "carepath-patients.xlsx",
    events: Events = None,
    examples: Examples = False,
    json: Json = False,
) -> Status:
    """Write a workbook to be filled in and imported: lists, notes, explanations and examples."""
    _check(events or [])
    path = _place(out)
    from interop.workbook.examples import example_rows
    from interop.workbook.layout import sheets
    from interop.workbook.writer import workbook

    made = sheets(events or ())
    write_new(path, workbook(made, example_rows(made), shown=not examples))
    if json:
        print_json(
            {"file": str(path), "sheets": {one.name: [column.name for column in one.columns] for one in made}}
        )
    else:
        print(_told(path, len(made), examples))
    return Status.OK


def _check(events: list[str]) -> None:
    known = load_vocabulary().events
    for name in events:
        try:
            load_vocabulary().event_type(name)
        except ValueFault:
            raise BadInput(f"--events: there is no event type {name!r}{closest(name, known)}") from None


def _place(out: str) -> Path:
    path = Path(out)
    if path.suffix.lower() != ".xlsx":
        raise BadInput(
            f"--out: the workbook is an .xlsx file; name it {path.stem or 'carepath-patients'}.xlsx"
        )
    return path


def _told(path: Path, sheets: int, examples: bool) -> str:
    beside = (
        "It holds made-up patients: import it into a database of its own."
        if examples
        else "Begin with its sheet 'read me'. The sheet 'example' shows made-up patients and is not imported."
    )
    then = f"Then: carepath import --dry-run {quote(str(path))}"
    return "\n".join([f"{visible(str(path))}: {sheets} sheets to be filled in.", beside, then])
