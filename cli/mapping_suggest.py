"""`carepath mapping suggest`: a mapping proposed from a table, for a person to decide and to correct."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.days import plural
from cli.new_file import write_new
from cli.output import print_json, visible
from cli.status import BadInput, Status
from interop.located import BrokenFile
from interop.suggest.undecided import UNDECIDED

if TYPE_CHECKING:
    from interop.suggest.proposal import ProposedTable
    from interop.suggest.table_look import Looked


_long = ("patient", "id", "type", "date")
"""The columns by which a table is known that needs no mapping."""


Tables = Annotated[
    str,
    typer.Argument(metavar="FILE|FOLDER", help="A table (.csv, .tsv, .txt, .xlsx), or a folder of them."),
]
Out = Annotated[
    str, typer.Option("--out", metavar="FILE.toml", help="Write it here. Default: standard output.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, one for each table.")]


def suggest(file: Tables, out: Out = "", json: Json = False) -> Status:
    """Propose a mapping for your own tables, from heads and values. Imports nothing, decides nothing."""
    from interop.suggest.proposal import propose
    from interop.suggest.writer import mapping_text

    looked = _looked(file)
    tables = propose(looked.tables)
    text = mapping_text(Path(file).name, tables, looked.passed_over)
    if out:
        _write(Path(out), text)
    if json:
        for table in tables:
            print_json(_as_json(table))
    elif out:
        print(_told(tables, text, out, file))
    else:
        print(visible(text), end="")
    return Status.OK


def _looked(file: str) -> Looked:
    """The tables as they stand there. Raises BadInput where there are none, or none that needs a mapping."""
    from interop.suggest.table_look import look

    if not Path(file).exists():
        raise BadInput(f"{file}: there is no such file or folder")
    try:
        looked = look(Path(file))
    except BrokenFile as broken:
        raise BadInput(f"{file}: {broken.problem.message}") from None
    if any({one.name for one in table.columns}.issuperset(_long) for table in looked.tables):
        raise BadInput(f"{file} is a long table already: `carepath import {file}` reads it as it is")
    return looked


def _write(out: Path, text: str) -> None:
    if out.suffix.lower() != ".toml":
        raise BadInput(f"--out: a mapping is a .toml file; name it {out.stem or 'mapping'}.toml")
    write_new(out, text.encode())


def undecided(text: str) -> int:
    """How often a mapping says that a person has to decide, its head apart."""
    return sum(line.count(f"{UNDECIDED}:") for line in text.splitlines())


def _told(tables: Sequence[ProposedTable], text: str, out: str, file: str) -> str:
    lines = [f"{visible(out)}: a proposal for {plural(len(tables), 'table')}, to be read and corrected."]
    for table in tables:
        told = [
            f"{plural(len(table.columns_read), 'column')} read",
            f"{len(table.open)} open",
            f"{len(table.left)} not understood",
        ]
        lines.append(f"  {visible(table.look.name)}: {', '.join(told)}")
    if number := undecided(text):
        lines.append(f"{plural(number, 'point')} to be decided by you, marked in the file.")
    lines.append(f"Then: carepath mapping check {visible(out)}")
    lines.append(f"      carepath import {visible(file)} --mapping {visible(out)} --preview")
    return "\n".join(lines)


def _as_json(table: ProposedTable) -> dict[str, object]:
    return {
        "table": table.look.name,
        "rows": table.look.rows,
        "patient": table.look.patient,
        "register": table.register,
        "facts": {name: read.column for name, read in table.facts.items()},
        "events": [
            {
                "type": event.type,
                "when": {event.kind: event.word} if event.word else None,
                "repeat": list(event.repeat),
                "date": event.date.column if event.date else None,
                "fields": {name: read.column or None for name, read in event.fields.items()},
                "lesion": {name: read.column or None for name, read in event.lesion.items()},
            }
            for event in table.events
        ],
        "open": {
            column: [f"{one.of}.{one.name}" for one, _ in places] for column, places in table.open.items()
        },
        "not_understood": list(table.left),
    }
